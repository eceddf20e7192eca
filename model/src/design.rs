//! The recovery design: every decision a real engine takes, as a named knob, and the presets that shipped.

use serde::{Deserialize, Serialize};

/// Every knob of recovery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecoveryDesign {
    /// Which tasks restart after a failure.
    pub strategy: Strategy,
    /// Failures that the job survives; one more and it is FAILED (section 3.6). `None`: any number.
    pub restart_attempts: Option<u8>,
    /// What the master does first when a TaskManager is gone (section 4.5).
    pub task_manager_loss: TaskManagerLossOrder,
    /// Whether partitions are released while the job runs (`jobmanager.partition.release-during-job-execution`).
    pub release_during_job: bool,
    /// How failures are counted, and for how long a restart waits (section 3.6).
    pub restart_backoff: RestartBackoff,
    /// How slots are requested, where a scenario counts them.
    pub slot_allocation: SlotAllocation,
    /// Which subtasks share a slot, where a scenario counts them.
    pub slot_sharing: SlotSharing,
    /// What makes an input consumable (section 3.7).
    pub consumable_inputs: ConsumableInputs,
    /// Whom the master takes for a TaskManager that it counts in.
    pub registration: Registration,
    /// What the next master makes of the job when one is lost.
    pub master_failover: MasterFailover,
    /// Which events of the journal carry a snapshot, where there is a journal.
    pub snapshots: Snapshots,
    /// Whether a master that recovers a job writes down which vertices it resets, where there is a journal.
    pub resets_in_recovery: ResetsInRecovery,
    /// Which tasks that have finished a master recovers, where there is a journal.
    pub recovered_tasks: RecoveredTasks,
    /// What it does to publish a sink at the end of the job that was published before.
    pub publication: Publication,
    /// Whether a master leaves a marker before it publishes anything.
    pub commit_marker: CommitMarker,
    /// Whether clients are told of the end of a job before or after it is written down.
    pub job_result: JobResult,
    /// Whether the master is told when a remote storage has lost what it held.
    pub remote_losses: RemoteLosses,
    /// Whether a sink takes nothing that a master publishes once another one leads (section 5.4). Flink: no.
    pub fence_publication: bool,
    /// Whether nobody writes down that a job has ended once another master leads (section 5.4). Flink: no.
    pub fence_result: bool,
}

/// A failover strategy and its own knobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// Every task, also one in CREATED (section 1.6).
    RestartAll,
    /// The failed task alone; refuses a job with edges (section 1.3).
    RestartIndividual,
    /// Regions: the failed one, and what the knobs add (section 1.2).
    RestartPipelinedRegion(RegionKnobs),
    /// Regions, and of their consumers only those that could see a difference; our own.
    RestartAffected,
}

/// What distinguishes the region strategies that shipped or were described.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegionKnobs {
    /// Which consumers restart with a region.
    pub consumers: ConsumerPolicy,
    /// Whether producers of unavailable inputs restart as well ("rule 2").
    pub backtrack: bool,
    /// Whether vertices in CREATED are left out of the answer (FLINK-19712, from 1.12).
    pub skip_created: bool,
    /// Whether regions on a cycle are merged into one (FLINK-17330, from 1.12).
    pub merge_cycles: bool,
    /// What makes an input available.
    pub availability: AvailabilityRule,
}

/// Which consumers restart with a region ("rule 3").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConsumerPolicy {
    /// All of them: Flink from 1.9 on.
    Always,
    /// Only those behind a partitioner that is declared nondeterministic: the Flink 1.9 article, read literally.
    OnlyIfNondeterministic,
    /// None: Flink 1.3 to 1.8.
    Never,
}

/// What makes an input partition available to a strategy. In all, a partition that the cause names is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AvailabilityRule {
    /// The tracker has it, and its type can be read again (FLINK-28701, from 1.16).
    TrackedAndReconsumable,
    /// The tracker has it (FLINK-14439, from 1.10).
    Tracked,
    /// Whatever the cause does not name (before FLINK-13055).
    Unnamed,
}

/// The order of the two halves of `JobMaster.disconnectTaskManager`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TaskManagerLossOrder {
    /// Fail its executions, then forget its partitions: Flink since 2019.
    FailThenUntrack,
    /// Forget its partitions first: the order one would expect.
    UntrackThenFail,
}

/// How failures are counted that come while a restart waits for its delay (section 3.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RestartBackoff {
    /// Each counts: `fixed-delay`.
    FixedDelay,
    /// They count as one (FLINK-33737): `exponential-delay`.
    ExponentialDelay,
}

/// How the slots of a region are requested, and when its vertices are deployed (section 3.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SlotAllocation {
    /// All in one bulk; the region is deployed when every vertex has its slot (FLINK-16430, from 1.12).
    RegionBulk,
    /// Vertex by vertex in topological order; each is deployed when it has its slot (before 1.12).
    PerVertex,
}

/// Which subtasks share a slot (section 3.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SlotSharing {
    /// One of each job vertex that pipelined exchanges connect: batch jobs, unless they say otherwise.
    Regions,
    /// None: each vertex is a slot sharing group of its own.
    None,
}

/// Which producers make their readers wait, besides those that have not finished, or of a hybrid exchange are not
/// scheduled (section 3.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConsumableInputs {
    /// No others: Flink.
    Booked,
    /// Also those that wait for a restart, which is going to take away what they have written; our own.
    ToStay,
}

/// By what the master tells a TaskManager that registers from the one of the same name that it counts in (section 5.3).
/// Of the one that it counts in it forgets nothing; of another one, it gives up the one from before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Registration {
    /// By its name: whoever bears it is the same (before FLINK-25849).
    ByName,
    /// By its session, which is that of a process (FLINK-25849, from 1.15).
    BySession,
    /// By its connection: a process that has given up its master, and all that it had for it, is another one. Our own.
    ByConnection,
}

/// What the next master makes of a job whose master is lost (sections 5.5 and 5.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MasterFailover {
    /// It runs the job from scratch: Flink's default.
    RestartJob,
    /// It reads in a journal which tasks have finished, and keeps those whose results are still there (FLIP-383, from
    /// 1.20).
    Journal,
}

/// Which FINISHED events carry a snapshot: those that follow the last one are forgotten (section 5.6). The first event
/// of a master and the one that completes a job vertex carry one in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Snapshots {
    /// No others: `snapshot.min-pause` is longer than the job, as its default of 3 minutes is for most tasks.
    Rarely,
    /// All: it is zero.
    Always,
}

/// What a master writes of the vertices that it resets while it recovers a job (section 5.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ResetsInRecovery {
    /// Nothing: Flink.
    Unwritten,
    /// As for any other reset, and for whatever else was finished by the journal and is not any more; our own.
    Written,
}

/// Which tasks a master takes for FINISHED that have finished by the journal (section 5.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecoveredTasks {
    /// All of them: Flink.
    Finished,
    /// Those whose producers it takes for FINISHED as well; our own.
    FinishedWithInputs,
}

/// What becomes of the target of a sink that is published at the end of the job, if an earlier master has published it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Publication {
    /// It gets the rows once more.
    Append,
    /// It has the new rows in the place of the old ones.
    Overwrite,
    /// It keeps the old rows, and the new ones are dropped.
    CreateIfAbsent,
}

/// What keeps a master from publishing what another one has begun to publish.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CommitMarker {
    /// Nothing: Flink.
    None,
    /// Who is about to publish says so first, and when all is published. Who finds only the first of these fails the
    /// job (MAPREDUCE-4819).
    Started,
}

/// What comes first at the end of a job (section 5.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum JobResult {
    /// Clients who ask are told: Flink.
    ToldFirst,
    /// It is written down; our own.
    RecordedFirst,
}

/// How the master learns that a remote shuffle service has lost partitions (section 1.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RemoteLosses {
    /// From consumers that do not find them, one by one: services that do not say so.
    Discovered,
    /// The service says so, and the master tracks them no longer (FLIP-184).
    Told,
}

impl Strategy {
    /// Whether the engine that the strategy belongs to merges regions on a cycle, also where it schedules them.
    pub fn merges_cycles(self) -> bool {
        match self {
            Strategy::RestartPipelinedRegion(knobs) => knobs.merge_cycles,
            Strategy::RestartAll | Strategy::RestartIndividual | Strategy::RestartAffected => true,
        }
    }
}

/// A named combination of knobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preset {
    /// As written in a scenario.
    pub name: &'static str,
    /// Where it comes from, in one line.
    pub source: &'static str,
    /// Its knobs.
    pub design: RecoveryDesign,
}

const FLINK_2_REGION: RegionKnobs = RegionKnobs {
    consumers: ConsumerPolicy::Always,
    backtrack: true,
    skip_created: true,
    merge_cycles: true,
    availability: AvailabilityRule::TrackedAndReconsumable,
};

const fn design(strategy: Strategy) -> RecoveryDesign {
    RecoveryDesign {
        strategy,
        restart_attempts: None,
        task_manager_loss: TaskManagerLossOrder::FailThenUntrack,
        release_during_job: true,
        restart_backoff: RestartBackoff::FixedDelay,
        slot_allocation: SlotAllocation::RegionBulk,
        slot_sharing: SlotSharing::Regions,
        consumable_inputs: ConsumableInputs::Booked,
        registration: Registration::BySession,
        master_failover: MasterFailover::RestartJob,
        snapshots: Snapshots::Rarely,
        resets_in_recovery: ResetsInRecovery::Unwritten,
        recovered_tasks: RecoveredTasks::Finished,
        publication: Publication::Append,
        commit_marker: CommitMarker::None,
        job_result: JobResult::ToldFirst,
        remote_losses: RemoteLosses::Discovered,
        fence_publication: false,
        fence_result: false,
    }
}

impl RecoveryDesign {
    /// That of the preset `flink-2`.
    pub const FLINK_2: RecoveryDesign = design(Strategy::RestartPipelinedRegion(FLINK_2_REGION));
}

const fn before_sessions(design: RecoveryDesign) -> RecoveryDesign {
    RecoveryDesign { registration: Registration::ByName, ..design }
}

const fn before_bulks(design: RecoveryDesign) -> RecoveryDesign {
    let slot_allocation = SlotAllocation::PerVertex;
    before_sessions(RecoveryDesign { slot_allocation, ..design })
}

/// The presets, oldest first.
pub const PRESETS: &[Preset] = &[
    Preset {
        name: "restart-all",
        source: "Flink up to 1.2, and `jobmanager.execution.failover-strategy: full` since",
        design: design(Strategy::RestartAll),
    },
    Preset {
        name: "restart-individual",
        source: "Flink 1.3 to 1.10 (FLINK-5869)",
        design: before_bulks(design(Strategy::RestartIndividual)),
    },
    Preset {
        name: "flink-1.3",
        source: "Flink 1.3 to 1.8 (FLINK-5867): the failed region alone",
        design: RecoveryDesign {
            release_during_job: false,
            ..before_bulks(design(Strategy::RestartPipelinedRegion(RegionKnobs {
                consumers: ConsumerPolicy::Never,
                backtrack: false,
                skip_created: false,
                merge_cycles: false,
                availability: AvailabilityRule::Unnamed,
            })))
        },
    },
    Preset {
        name: "article-1.9",
        source: "the Flink 1.9 batch failover article, read literally",
        design: before_bulks(design(Strategy::RestartPipelinedRegion(RegionKnobs {
            consumers: ConsumerPolicy::OnlyIfNondeterministic,
            skip_created: false,
            merge_cycles: false,
            availability: AvailabilityRule::Tracked,
            ..FLINK_2_REGION
        }))),
    },
    Preset {
        name: "flink-1.9",
        source: "Flink 1.9 to 1.11 (FLINK-12369, FLINK-14439)",
        design: before_bulks(design(Strategy::RestartPipelinedRegion(RegionKnobs {
            skip_created: false,
            merge_cycles: false,
            availability: AvailabilityRule::Tracked,
            ..FLINK_2_REGION
        }))),
    },
    Preset {
        name: "flink-1.12",
        source: "Flink 1.12 to 1.15 (FLINK-19712, FLINK-17330)",
        design: before_sessions(design(Strategy::RestartPipelinedRegion(RegionKnobs {
            availability: AvailabilityRule::Tracked,
            ..FLINK_2_REGION
        }))),
    },
    Preset {
        name: "flink-2",
        source: "Flink 1.16 to 2.x (FLINK-28701)",
        design: RecoveryDesign::FLINK_2,
    },
    Preset {
        name: "affected",
        source: "our own: consumers restart only where they could see a difference",
        design: design(Strategy::RestartAffected),
    },
];

/// The preset of that name.
pub fn preset(name: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.name == name)
}
