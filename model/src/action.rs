//! Every step that the model can take. Names are imperatives.

use serde::Serialize;

use crate::scenario::FaultKind;

/// Declares each action in one place: its name, what it is about, the sections of the facts that it implements, what it
/// does and when it is enabled. Enabled actions are listed in this order, and which counterexample is found first
/// depends on it: a new action is the last one.
macro_rules! actions {
    ($($name:ident $({ $($field:ident: $type:ty),+ })?, [$($section:literal),+]: $statement:literal;)+) => {
        /// One step. Vertices, inputs, splits, partitions, regions and TaskManagers are indices; `draw` numbers what an
        /// output can be, and a restart is named by its first vertex.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
        #[allow(missing_docs, reason = "a field is the index of what it is named after")]
        pub enum Action {
            $(#[doc = $statement] $name $({ $($field: $type),+ })?),+
        }

        /// All rules, in the order of [`Action`].
        pub const RULES: &[Rule] = &[
            $(Rule { id: stringify!($name), sections: &[$($section),+], statement: $statement }),+
        ];

        impl Action {
            /// Index of its rule in [`RULES`].
            pub fn rule(self) -> usize {
                enum Index { $($name),+ }
                match self {
                    $(Action::$name { .. } => Index::$name as usize),+
                }
            }

            /// The kind of fault that the actions of that rule in [`RULES`] are, if there is one and they are.
            pub fn fault_of_rule(rule: usize) -> Option<FaultKind> {
                const ONE_OF_EACH: &[Action] = &[$(Action::$name $({ $($field: 0),+ })?),+];
                ONE_OF_EACH.get(rule)?.fault()
            }
        }
    };
}

actions! {
    DeployRegion { region: u8 }, ["3.7"]:
        "With fine deployment: the master deploys a region, once all its vertices are SCHEDULED and it counts \
         a TaskManager in.";
    StartTask { vertex: u8 }, ["3.1"]:
        "With fine deployment: a TaskManager starts a task that was submitted to it.";
    ReadPartition { vertex: u8, input: u8 }, ["4.2"]:
        "A running task reads one of the partitions that it has not read yet, and whose data is there.";
    ReadSplit { vertex: u8, split: u8 }, ["3.5", "8.3"]:
        "A running task of a source with dynamic splits pulls one that no attempt of the source holds.";
    MissPartition { vertex: u8, input: u8 }, ["1.2", "4.6"]:
        "A RUNNING task turns to a partition whose data is gone for good, and fails; or cancels itself, if it \
         hears that the attempt that wrote it has ended.";
    ProduceOutput { vertex: u8, draw: u16 }, ["4.7"]:
        "A running task that has read everything completes an output that is read while the task goes on.";
    FinishTask { vertex: u8, draw: u16 }, ["3.1", "4.2"]:
        "A running task finishes and its partitions are stored, once it has read everything and completed \
         what it streams.";
    DeliverReport { vertex: u8 }, ["3.2", "3.4", "4.3", "4.4"]:
        "With fine reports: the master handles the report of a current attempt that has finished, failed or \
         cancelled itself.";
    DeliverStaleReport { vertex: u8 }, ["3.3"]:
        "With fine reports: the report of an attempt that was given up with its TaskManager arrives, and is \
         dropped.";
    AcknowledgeCancel { vertex: u8 }, ["3.2"]:
        "With fine cancellation: a TaskManager has ended a task that the master is cancelling, and the master \
         hears of it.";
    RestartTasks { first: u8 }, ["3.4", "3.5"]:
        "The master resets the vertices of a restart and schedules them anew, once it has cancelled all of \
         them.";
    NoticeLoss { task_manager: u8 }, ["4.5"]:
        "With fine detection: the master notices that a TaskManager is dead, fails its tasks and forgets its \
         partitions.";
    ReturnTaskManager { task_manager: u8 }, ["5.1"]:
        "A TaskManager that is dead comes back, empty, where the cluster lets it; before its loss was noticed only \
         with fine registration.";
    FinishJob, ["3.8"]:
        "The job ends and its sinks commit, once every vertex is FINISHED and no restart is under way.";
    ThrowInTask { vertex: u8 }, ["3.4"]:
        "Fault: a task that is RUNNING, and not being cancelled, throws.";
    LoseTaskManager { task_manager: u8 }, ["4.5"]:
        "Fault: a TaskManager dies with its tasks and with what it stores.";
    LosePartition { partition: u8 }, ["4.6"]:
        "Fault: a stored partition vanishes and nobody is told; neither a reliable one nor a stream.";
    FillDisk { vertex: u8 }, ["3.4"]:
        "Fault: a running task that has read everything cannot write to the disk of its TaskManager, and \
         fails.";
    FailRead { vertex: u8, input: u8 }, ["1.2"]:
        "Fault: a running task cannot read data that is there, and fails; it names the partition unless that \
         is a stream.";
    TimeOutSlotRequest { vertex: u8 }, ["3.2"]:
        "Fault, with fine deployment: a vertex that is SCHEDULED gets no slot in time, and fails.";
    CancelJob, ["3.4"]:
        "Fault: the user cancels a job that has not ended; no restart is carried out any more, and it is CANCELED \
         when every task has ended.";
    FailJob, ["1.7", "3.4"]:
        "Fault: a job that is running or restarting fails as a whole, and every vertex restarts, whatever the \
         strategy.";
    ThrowInRestart { first: u8 }, ["1.7", "3.4"]:
        "Fault: the master throws after it has reset the vertices of a restart, schedules none of them, and takes that \
         for a failure of the whole job.";
    ElapseBackOff, ["3.6"]:
        "With fine back-off and exponential delay: the delay has passed for which restarts in preparation wait.";
    ArchiveFailure { vertex: u8 }, ["3.4"]:
        "With the defect archive-current-attempt: the master archives a failure whose restart newer ones have taken \
         over, and dies if the current attempt of the vertex has not failed.";
    OfferSlot { task_manager: u8, vertex: u8 }, ["3.7", "12"]:
        "With fine slots: a TaskManager offers a slot, which the master accepts as long as it has fewer than it \
         needs, and the oldest request for one is met.";
    TimeOutSlots { vertex: u8 }, ["3.2", "3.7"]:
        "With fine slots: a request that cannot be met times out, and its vertex fails.";
    AssignSplit { vertex: u8, split: u8 }, ["3.5", "6", "8.3"]:
        "With fine splits: the coordinator of a source assigns a split that is with it to a RUNNING subtask that asks \
         for one, and sends it.";
    SignalNoMoreSplits { vertex: u8 }, ["6"]:
        "With fine splits: the coordinator of a source, which has none, tells a RUNNING subtask that asks for a split \
         that there is none left for it.";
    DeliverEvent { vertex: u8 }, ["6", "12"]:
        "With fine splits: an event of the coordinator arrives at a running task, which reads the split, or knows that \
         there is none left.";
    FailDelivery { vertex: u8 }, ["6", "12"]:
        "With fine splits: the master hears that an event did not arrive at a task that it believes to be RUNNING, and \
         fails the task.";
    LoseEvent { vertex: u8 }, ["6"]:
        "Fault, with fine splits: an event of the coordinator to a running task gets lost.";
    AskForProducer { vertex: u8, input: u8 }, ["4.6", "12"]:
        "With fine partition requests: a RUNNING task is told that one of its partitions is not there, and asks the \
         master for the state of the producer, which answers.";
    DeliverAnswer { vertex: u8 }, ["4.6"]:
        "With fine partition requests: the answer arrives at a RUNNING task, which tries again, cancels itself, or \
         fails.";
    LoseAnswer { vertex: u8 }, ["4.6"]:
        "Fault, with fine partition requests: the question of a task times out, which counts as an answer that the \
         producer is RUNNING.";
    RegisterPartitions { vertex: u8 }, ["4.2"]:
        "With fine partitions: the partitions of a SCHEDULED vertex are registered with the shuffle service, so that \
         it can be deployed.";
    ReleaseLateRegistration { vertex: u8 }, ["4.2"]:
        "With fine partitions: partitions are registered for an execution that is SCHEDULED no more, and released at \
         once.";
    StartScheduling { draw: u16 }, ["3.7"]:
        "In an adaptive job: the enumerators of its sources have said how many subtasks there shall be, and the job \
         starts.";
    InitializeConsumers { vertex: u8, draw: u16 }, ["1.5", "3.7"]:
        "In an adaptive job: a vertex has finished, and job vertices all of whose inputs are there now get one of the \
         numbers of subtasks that they can have, for good; what is new, or has waited for the vertex, is scheduled.";
    DropLink { task_manager: u8 }, ["5.1"]:
        "Fault: the link between the master and a TaskManager breaks, both of which go on.";
    HealLink { task_manager: u8 }, ["5.1"]:
        "With fine links: the link between the master and a TaskManager is there again, and what was not lost \
         arrives.";
    TimeOutTaskManager { task_manager: u8 }, ["4.5", "5.1"]:
        "With fine links: the master hears nothing of a TaskManager that lives, gives it up with all its executions, \
         and forgets its partitions.";
    TimeOutJobMaster { task_manager: u8 }, ["5.1", "5.2"]:
        "With fine links: a TaskManager hears nothing of its master any more, fails its tasks and drops its \
         partitions.";
    RegisterTaskManager { task_manager: u8 }, ["5.2", "5.3", "12"]:
        "With fine links or registration: a TaskManager that follows no master registers at it; if that counts in \
         another process of the same name, it gives up that one first.";
    LoseReport { vertex: u8 }, ["12"]:
        "With fine links: what a task has reported is lost with the link that is down.";
    TimeOutCall { vertex: u8 }, ["3.2", "12"]:
        "With fine links: the master has no answer to the deployment or cancellation of a task and takes it for \
         failed, although the task may run.";
    ReconcileDeployment { vertex: u8 }, ["5.1"]:
        "A TaskManager says which executions it has; one that the master expects there and that is missing fails.";
    ReadAsZombie { vertex: u8, input: u8 }, ["5.2"]:
        "With fine links: a sink that the master has given up, and that still runs, reads one of its partitions.";
    FinishAsZombie { vertex: u8, draw: u16 }, ["3.3", "5.2"]:
        "With fine links: a task that the master has given up finishes; a sink that commits by itself does so.";
    StopZombie { vertex: u8 }, ["5.1"]:
        "With fine links: a TaskManager says which executions it has; one that the master does not know is cancelled.";
    RegisterAtResourceManager, ["12"]:
        "With fine slot messages: the TaskManager registers at the resource manager and reports its slots.";
    RegisterBelatedly, ["12"]:
        "With fine slot messages: the resource manager handles a registration that the TaskManager has given up since, \
         and ignores it if it has handled a newer one.";
    RequestSlot { slot: u8 }, ["12"]:
        "With fine slot messages: the resource manager has a slot that it believes free allocated to the job.";
    ReportSlots, ["5.1"]:
        "With fine slot messages: a heartbeat tells the resource manager which slots are free.";
    OfferSlots, ["12"]:
        "With fine slot messages: the TaskManager offers what is allocated to the job, and the master accepts as much \
         as it needs.";
    AnswerOffer, ["12"]:
        "With fine slot messages: the answer to the latest offer arrives, and the TaskManager frees what was not \
         accepted.";
    AnswerOutdatedOffer, ["12"]:
        "With fine slot messages: the answer to an offer arrives that was made again since, and is ignored.";
    ReconcileSlots, ["5.1"]:
        "With fine slot messages: a heartbeat tells the TaskManager which slots the master has; it frees all others, \
         and the master gives up those that are not allocated to it.";
    BuildSlotReport, ["5.1"]:
        "With the defect stale-slot-report: the master writes down which slots it has, for a heartbeat to come.";
    DeliverSlotReport, ["5.1"]:
        "With the defect stale-slot-report: a heartbeat tells the TaskManager which slots the master had.";
    TimeOutRegistration, ["12"]:
        "Fault: a registration at the resource manager has no answer in time and is made again, while the first is \
         under way.";
    TimeOutSlotAllocation { slot: u8 }, ["12"]:
        "Fault: the TaskManager allocates a slot to the job, and the resource manager has no answer in time.";
    TimeOutOffer, ["12"]:
        "Fault: the master has handled an offer of slots, and the TaskManager has no answer in time.";
    LoseMaster, ["5.2", "5.5", "5.6"]:
        "Fault: the process of the JobMaster dies, and the next one takes over, with what the recovery design has kept \
         of the job.";
    PublishSink { vertex: u8 }, ["3.8"]:
        "With a fine job end: the master publishes what a sink subtask has staged, once every vertex is FINISHED and \
         no restart is under way.";
    RecordResult, ["5.5"]:
        "With a fine job end: it is written down that the job has ended, so that no master runs it again.";
    FlushJournal, ["5.6"]:
        "With a fine journal: what was written to the journal gets where the next master will find it.";
    EndRecovery, ["5.6"]:
        "With fine registration: a master that recovers a job waits no longer for TaskManagers that have results of \
         it.";
    FailRemoteStorage, ["1.8", "4.6"]:
        "Fault: a remote shuffle service loses every partition that it holds; it says so, or the consumers find out.";
    ReleasePartition { partition: u8 }, ["4.2", "4.4", "12"]:
        "With fine releases: a TaskManager hears that a partition of the current attempt is released, which the master \
         has ceased to track.";
    ReleaseFormerPartitions { vertex: u8 }, ["3.5", "4.3", "12"]:
        "With fine releases: a TaskManager hears that the partitions of an attempt are released that was replaced.";
    PauseLeader, ["5.4", "5.5"]:
        "Fault: the leading JobMaster pauses when it is about to end the job, and the next one takes over as if it \
         were lost.";
    PublishAsFormer { vertex: u8 }, ["3.8", "5.4"]:
        "A master that has paused wakes, and publishes what a sink subtask had staged for it, unless that is fenced.";
    RecordAsFormer, ["5.4", "5.5"]:
        "A master that has paused wakes, and writes down that the job has ended, unless that is fenced.";
    TimeOutSlot { slot: u8 }, ["12"]:
        "With fine slot messages: a TaskManager frees a slot that no answer to its offer has made active in time.";
}

/// One group of rules that is counted and listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The name of its actions.
    pub id: &'static str,
    /// The sections of `checker/docs/flink-failover.md` that it implements.
    pub sections: &'static [&'static str],
    /// What it does and when it is enabled, in one sentence.
    pub statement: &'static str,
}

impl Rule {
    /// The facts that it implements, as in "sections 3.4, 3.5".
    pub fn source(&self) -> String {
        let noun = if let [_] = self.sections { "section" } else { "sections" };
        format!("{noun} {}", self.sections.join(", "))
    }
}

impl Action {
    /// The kind of fault that it is, if it is one.
    pub fn fault(self) -> Option<FaultKind> {
        match self {
            Action::ThrowInTask { .. } => Some(FaultKind::TaskThrows),
            Action::LoseTaskManager { .. } => Some(FaultKind::TaskManagerDies),
            Action::LosePartition { .. } => Some(FaultKind::PartitionLost),
            Action::FillDisk { .. } => Some(FaultKind::DiskFull),
            Action::FailRead { .. } => Some(FaultKind::ReadFails),
            Action::TimeOutSlotRequest { .. } => Some(FaultKind::SlotTimesOut),
            Action::CancelJob => Some(FaultKind::JobCanceled),
            Action::FailJob => Some(FaultKind::JobFails),
            Action::ThrowInRestart { .. } => Some(FaultKind::MasterThrows),
            Action::LoseEvent { .. } | Action::LoseAnswer { .. } => Some(FaultKind::CallLost),
            Action::DropLink { .. } => Some(FaultKind::LinkDrops),
            Action::TimeOutRegistration
            | Action::TimeOutSlotAllocation { .. }
            | Action::TimeOutOffer => Some(FaultKind::AskTimesOut),
            Action::LoseMaster => Some(FaultKind::MasterDies),
            Action::FailRemoteStorage => Some(FaultKind::RemoteStorageFails),
            Action::PauseLeader => Some(FaultKind::LeaderPauses),
            _ => None,
        }
    }
}
