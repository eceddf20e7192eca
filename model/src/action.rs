//! Every step that the model can take. Names are imperatives.

use serde::Serialize;

use crate::scenario::FaultKind;

/// One step. Vertices, inputs, splits, partitions, regions and TaskManagers are indices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[allow(missing_docs, reason = "a field is the index of what it is named after")]
pub enum Action {
    /// The master has slots for a region and deploys it (section 3.7).
    DeployRegion { region: u8 },
    /// A TaskManager starts a submitted task (section 3.1).
    StartTask { vertex: u8 },
    /// A task reads one of its partitions.
    ReadPartition { vertex: u8, input: u8 },
    /// A task of a source pulls a split that nobody has (sections 3.5, 8.3).
    ReadSplit { vertex: u8, split: u8 },
    /// A task does not find one of its partitions (section 4.6).
    MissPartition { vertex: u8, input: u8 },
    /// A task completes its output while it goes on running; `draw` numbers what it can be.
    ProduceOutput { vertex: u8, draw: u16 },
    /// A task finishes; `draw` numbers what its output can be.
    FinishTask { vertex: u8, draw: u16 },
    /// The master handles the report of an attempt that has ended (section 3.2).
    DeliverReport { vertex: u8 },
    /// The master handles the report of an attempt that is no longer the current one (section 3.3).
    DeliverStaleReport { vertex: u8 },
    /// A TaskManager has cancelled a task and the master hears of it (section 3.2).
    AcknowledgeCancel { vertex: u8 },
    /// A restart comes to its end: version check, reset, scheduling (section 3.4). Named by its first vertex.
    RestartTasks { first: u8 },
    /// The master notices that a TaskManager is gone (section 4.5).
    NoticeLoss { task_manager: u8 },
    /// A TaskManager comes back, empty.
    ReturnTaskManager { task_manager: u8 },
    /// The job ends and its sinks commit (section 3.8).
    FinishJob,
    /// Fault: user code or the framework throws.
    ThrowInTask { vertex: u8 },
    /// Fault: a TaskManager process dies.
    LoseTaskManager { task_manager: u8 },
    /// Fault: a stored partition vanishes.
    LosePartition { partition: u8 },
    /// Fault: a producer cannot write its partition.
    FillDisk { vertex: u8 },
    /// Fault: data that is there cannot be read.
    FailRead { vertex: u8, input: u8 },
    /// Fault: a scheduled vertex gets no slot in time.
    TimeOutSlotRequest { vertex: u8 },
}

/// One group of rules that is counted and listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The name of its actions.
    pub id: &'static str,
    /// The facts that it implements.
    pub source: &'static str,
    /// What it does and when it is enabled, in one sentence.
    pub statement: &'static str,
}

/// All rules, in the order of [`Action`].
pub const RULES: &[Rule] = &[
    Rule {
        id: "DeployRegion",
        source: "section 3.7",
        statement: "With fine deployment: the master deploys a region, once all its vertices are \
                    SCHEDULED and it counts a TaskManager in.",
    },
    Rule {
        id: "StartTask",
        source: "section 3.1",
        statement: "With fine deployment: a TaskManager starts a task that was submitted to it.",
    },
    Rule {
        id: "ReadPartition",
        source: "section 4.2",
        statement: "A running task reads one of the partitions that it has not read yet, and whose \
                    data is there.",
    },
    Rule {
        id: "ReadSplit",
        source: "sections 3.5, 8.3",
        statement: "A running task of a source with dynamic splits pulls one that no attempt of \
                    the source holds.",
    },
    Rule {
        id: "MissPartition",
        source: "sections 1.2, 4.6",
        statement: "A RUNNING task turns to a partition whose data is gone for good, and fails; or \
                    cancels itself, if it hears that the attempt that wrote it has ended.",
    },
    Rule {
        id: "ProduceOutput",
        source: "section 4.7",
        statement: "A running task that has read everything completes an output that is read while \
                    the task goes on.",
    },
    Rule {
        id: "FinishTask",
        source: "sections 3.1, 4.2",
        statement: "A running task finishes and its partitions are stored, once it has read \
                    everything and completed what it streams.",
    },
    Rule {
        id: "DeliverReport",
        source: "sections 3.2, 3.4, 4.3, 4.4",
        statement: "With fine reports: the master handles the report of a current attempt that has \
                    finished, failed or cancelled itself.",
    },
    Rule {
        id: "DeliverStaleReport",
        source: "section 3.3",
        statement: "With fine reports: the report of an attempt that was given up with its \
                    TaskManager arrives, and is dropped.",
    },
    Rule {
        id: "AcknowledgeCancel",
        source: "section 3.2",
        statement: "With fine cancellation: a TaskManager has ended a task that the master is \
                    cancelling, and the master hears of it.",
    },
    Rule {
        id: "RestartTasks",
        source: "sections 3.4, 3.5",
        statement: "The master resets the vertices of a restart and schedules them anew, once it \
                    has cancelled all of them.",
    },
    Rule {
        id: "NoticeLoss",
        source: "section 4.5",
        statement: "With fine detection: the master notices that a TaskManager is dead, fails its \
                    tasks and forgets its partitions.",
    },
    Rule {
        id: "ReturnTaskManager",
        source: "section 5.1",
        statement: "A TaskManager whose loss was noticed comes back, empty, where the cluster lets \
                    it.",
    },
    Rule {
        id: "FinishJob",
        source: "section 3.8",
        statement: "The job ends and its sinks commit, once every vertex is FINISHED and no \
                    restart is under way.",
    },
    Rule {
        id: "ThrowInTask",
        source: "section 3.4",
        statement: "Fault: a task that is RUNNING, and not being cancelled, throws.",
    },
    Rule {
        id: "LoseTaskManager",
        source: "section 4.5",
        statement: "Fault: a TaskManager dies with its tasks and with what it stores.",
    },
    Rule {
        id: "LosePartition",
        source: "section 4.6",
        statement: "Fault: a stored partition vanishes and nobody is told; neither a reliable one \
                    nor a stream.",
    },
    Rule {
        id: "FillDisk",
        source: "section 3.4",
        statement: "Fault: a running task that has read everything cannot write to the disk of its \
                    TaskManager, and fails.",
    },
    Rule {
        id: "FailRead",
        source: "section 1.2",
        statement: "Fault: a running task cannot read data that is there, and fails; it names the \
                    partition unless that is a stream.",
    },
    Rule {
        id: "TimeOutSlotRequest",
        source: "section 3.2",
        statement: "Fault, with fine deployment: a vertex that is SCHEDULED gets no slot in time, \
                    and fails.",
    },
];

impl Action {
    /// Index of its rule in [`RULES`].
    pub fn rule(self) -> usize {
        match self {
            Action::DeployRegion { .. } => 0,
            Action::StartTask { .. } => 1,
            Action::ReadPartition { .. } => 2,
            Action::ReadSplit { .. } => 3,
            Action::MissPartition { .. } => 4,
            Action::ProduceOutput { .. } => 5,
            Action::FinishTask { .. } => 6,
            Action::DeliverReport { .. } => 7,
            Action::DeliverStaleReport { .. } => 8,
            Action::AcknowledgeCancel { .. } => 9,
            Action::RestartTasks { .. } => 10,
            Action::NoticeLoss { .. } => 11,
            Action::ReturnTaskManager { .. } => 12,
            Action::FinishJob => 13,
            Action::ThrowInTask { .. } => 14,
            Action::LoseTaskManager { .. } => 15,
            Action::LosePartition { .. } => 16,
            Action::FillDisk { .. } => 17,
            Action::FailRead { .. } => 18,
            Action::TimeOutSlotRequest { .. } => 19,
        }
    }

    /// The kind of fault that it is, if it is one.
    pub fn fault(self) -> Option<FaultKind> {
        match self {
            Action::ThrowInTask { .. } => Some(FaultKind::TaskThrows),
            Action::LoseTaskManager { .. } => Some(FaultKind::TaskManagerDies),
            Action::LosePartition { .. } => Some(FaultKind::PartitionLost),
            Action::FillDisk { .. } => Some(FaultKind::DiskFull),
            Action::FailRead { .. } => Some(FaultKind::ReadFails),
            Action::TimeOutSlotRequest { .. } => Some(FaultKind::SlotTimesOut),
            _ => None,
        }
    }
}
