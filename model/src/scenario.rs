//! A scenario: what is explored, with every bound explicit.

use serde::{Deserialize, Serialize};

use crate::design::{ConsumableInputs, MasterFailover, RecoveryDesign, RestartBackoff};
use crate::job_graph::JobGraph;

pub use crate::defect::Defect;
pub use crate::grain::{Grain, Mechanism};

/// Everything that decides which states there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// Short, lower case, unique among the built-in ones.
    pub name: String,
    /// What it is about, in one line.
    pub story: String,
    /// The job.
    pub job: JobGraph,
    /// Where it runs.
    pub cluster: Cluster,
    /// How it recovers.
    pub design: RecoveryDesign,
    /// What may go wrong.
    pub faults: FaultBudget,
    /// Which mechanisms take steps of their own.
    pub grain: Grain,
    /// Whether an outcome says which sink subtask showed a row.
    pub outcome_by_subtask: bool,
    /// Whether states remember which outputs of each producer its readers hold: `one-content-per-producer` needs it,
    /// and it costs states.
    pub lineage: bool,
    /// Number of distinct keys; row r has key r modulo this.
    pub keys: u8,
    /// A rule that is broken on purpose.
    pub defect: Option<Defect>,
    /// Actions, in the notation of traces, that are taken before exploration begins.
    pub prefix: Vec<String>,
}

/// The machines of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// Number of TaskManagers, 1 to 4.
    pub task_managers: usize,
    /// Whether a TaskManager whose loss was noticed may come back, empty.
    pub returns: bool,
    /// The TaskManager of every execution vertex. While it is gone, the next one that is alive is taken.
    pub placement: Vec<usize>,
    /// The slots of every TaskManager, with fine [`Mechanism::Slots`]; else none are counted.
    pub slots: Vec<u8>,
}

/// Faults that may happen in one run: all kinds share `total`, each has a limit of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FaultBudget {
    /// Faults in all.
    pub total: u8,
    /// At most so many of each kind, in the order of [`FaultKind::ALL`].
    pub limits: [u8; FaultKind::ALL.len()],
}

/// What can go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// User code or the task's framework throws.
    TaskThrows,
    /// A TaskManager process dies with everything on it.
    TaskManagerDies,
    /// A stored partition vanishes: its file is lost, or it is evicted from memory. Nobody is told.
    PartitionLost,
    /// A producer cannot write its partition.
    DiskFull,
    /// A consumer cannot reach data that is there (`PartitionConnectionException`).
    ReadFails,
    /// A scheduled vertex gets no slot in time (`slot.request.timeout`).
    SlotTimesOut,
    /// The user cancels the job.
    JobCanceled,
    /// Something fails that belongs to no task: every vertex restarts (section 1.7).
    JobFails,
    /// The master's own code throws while it restarts tasks.
    MasterThrows,
    /// A call between the master and a TaskManager gets lost or times out: an event that a coordinator sends to a
    /// subtask, or the answer to a consumer that has asked for its producer.
    CallLost,
    /// The link between the master and a TaskManager breaks, and is mended later.
    LinkDrops,
    /// A call about slots or a registration is executed, and its answer comes too late.
    AskTimesOut,
    /// The process of the JobMaster dies, and the next one takes over (section 5.5).
    MasterDies,
    /// A remote shuffle service loses every partition that it holds, and goes on without them (section 1.8).
    RemoteStorageFails,
    /// The leading JobMaster pauses when it is about to end the job, the next one is elected, and it wakes (section
    /// 5.4).
    LeaderPauses,
}

impl FaultKind {
    /// All kinds, in the order of [`FaultBudget::limits`].
    pub const ALL: [FaultKind; 15] = [
        FaultKind::TaskThrows,
        FaultKind::TaskManagerDies,
        FaultKind::PartitionLost,
        FaultKind::DiskFull,
        FaultKind::ReadFails,
        FaultKind::SlotTimesOut,
        FaultKind::JobCanceled,
        FaultKind::JobFails,
        FaultKind::MasterThrows,
        FaultKind::CallLost,
        FaultKind::LinkDrops,
        FaultKind::AskTimesOut,
        FaultKind::MasterDies,
        FaultKind::RemoteStorageFails,
        FaultKind::LeaderPauses,
    ];
}

impl FaultBudget {
    /// No faults.
    pub const NONE: FaultBudget = FaultBudget { total: 0, limits: [0; FaultKind::ALL.len()] };
}

impl Scenario {
    /// Whether the view, symmetry and local steps know all that can happen. They were worked out for certain mechanisms
    /// and kinds of faults; with any other they leave nothing out.
    pub fn can_be_reduced(&self) -> bool {
        let knows = |mechanism| match mechanism {
            Mechanism::Deployment
            | Mechanism::Reports
            | Mechanism::Cancellation
            | Mechanism::Detection
            | Mechanism::Reads => true,
            Mechanism::BackOff
            | Mechanism::Slots
            | Mechanism::Splits
            | Mechanism::PartitionRequests
            | Mechanism::Partitions
            | Mechanism::Links
            | Mechanism::Registration
            | Mechanism::SlotMessages
            | Mechanism::JobEnd
            | Mechanism::Journal
            | Mechanism::Release => false,
        };
        let knows_fault = |kind| match kind {
            FaultKind::TaskThrows
            | FaultKind::TaskManagerDies
            | FaultKind::PartitionLost
            | FaultKind::DiskFull
            | FaultKind::ReadFails
            | FaultKind::SlotTimesOut => true,
            FaultKind::JobCanceled
            | FaultKind::JobFails
            | FaultKind::MasterThrows
            | FaultKind::CallLost
            | FaultKind::LinkDrops
            | FaultKind::AskTimesOut
            | FaultKind::MasterDies
            | FaultKind::RemoteStorageFails
            | FaultKind::LeaderPauses => false,
        };
        let knows_defect = |defect| match defect {
            Defect::AcceptStaleReport
            | Defect::ScheduleUnready
            | Defect::ReleaseAfterFirstConsumer
            | Defect::RestartBeforeCancelled
            | Defect::ForgetReset
            | Defect::CommitTwice
            | Defect::HideMissingPartition => true,
            Defect::GlobalRestartDoesNotWait
            | Defect::SwallowRestartException
            | Defect::IgnoreNewerVersions
            | Defect::EndExpectsFailing
            | Defect::ArchiveCurrentAttempt
            | Defect::ForbidSecondAttempts
            | Defect::ScheduleOnAnyInput
            | Defect::ScheduleSiblings
            | Defect::HybridRereadSkips
            | Defect::BroadcastSwitchedLate
            | Defect::KeepForwardPartitioner
            | Defect::StaleBroadcastFlag
            | Defect::SlotsInAnyOrder
            | Defect::CountRematchedSlotTwice
            | Defect::LeakSlotOfOutdatedDeployment
            | Defect::ReturnSplitsTwice
            | Defect::CancellationUntold
            | Defect::IgnoreLostEvent
            | Defect::CoordinatorNotReset
            | Defect::AnswerBlocksTaskManager
            | Defect::KeepLateRegistration
            | Defect::KeepPartitionsOfCancelled
            | Defect::PromoteInAnyCase
            | Defect::CountFromInitialization
            | Defect::InitializeAfterReset
            | Defect::AcceptLateSlotAnswer
            | Defect::StaleSlotReport
            | Defect::TwoSlotsOneAllocation
            | Defect::AcceptOlderRegistration
            | Defect::ReleaseWithoutAttempt
            | Defect::KeepBooksWhileSuspended => false,
        };
        let possible = |kind: &FaultKind| self.faults.limits[*kind as usize] > 0;
        self.grain.fine().all(knows)
            && FaultKind::ALL.into_iter().filter(possible).all(knows_fault)
            && self.defect.is_none_or(knows_defect)
            && self.design.restart_backoff == RestartBackoff::FixedDelay
            && self.design.consumable_inputs == ConsumableInputs::Booked
            && self.design.master_failover == MasterFailover::RestartJob
            && !self.job.is_adaptive()
    }
}
