//! A scenario: what is explored, with every bound explicit.

use serde::{Deserialize, Serialize};

use crate::design::RecoveryDesign;
use crate::job_graph::JobGraph;

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
}

/// For every mechanism, whether it happens at once (coarse, `false`) or in steps of its own (fine, `true`).
///
/// A coarse mechanism takes its steps as soon as they are possible, within the step that made them possible: what it
/// can do is a part of what the fine one can do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Grain {
    /// Fine: a region is scheduled, then deployed; a slot request can time out in between.
    pub deployment: bool,
    /// Fine: what a task reports is under way until the master handles it.
    pub reports: bool,
    /// Fine: the master waits for each task that it cancels.
    pub cancellation: bool,
    /// Fine: a dead TaskManager is noticed later.
    pub detection: bool,
    /// Fine: a task reads its partitions in any order, even if the order makes no difference to its operator.
    pub reads: bool,
}

/// A rule broken on purpose, to see the property that guards it fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Defect {
    /// The master takes a late report of an older attempt for one of the current attempt.
    AcceptStaleReport,
    /// A region is scheduled without looking at its inputs.
    ScheduleUnready,
    /// A partition is released when the first of its consumers is finished.
    ReleaseAfterFirstConsumer,
    /// A restarted vertex is deployed without waiting for its cancelled attempt.
    RestartBeforeCancelled,
    /// Restarted vertices are never reset (FLINK-14331).
    ForgetReset,
    /// Sinks that commit at the end of the job do so twice.
    CommitTwice,
    /// A consumer that does not find a partition fails without naming it (FLINK-21788).
    HideMissingPartition,
}

impl FaultKind {
    /// All kinds, in the order of [`FaultBudget::limits`].
    pub const ALL: [FaultKind; 6] = [
        FaultKind::TaskThrows,
        FaultKind::TaskManagerDies,
        FaultKind::PartitionLost,
        FaultKind::DiskFull,
        FaultKind::ReadFails,
        FaultKind::SlotTimesOut,
    ];
}

impl FaultBudget {
    /// No faults.
    pub const NONE: FaultBudget = FaultBudget { total: 0, limits: [0; FaultKind::ALL.len()] };
}
