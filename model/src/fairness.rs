//! What happens at last, because somebody in the engine goes on trying: the classes of weak fairness.
//!
//! Something of a class happens at last as long as something of it can. What may be assumed so decides what "the job
//! ends" means:
//!
//! - *A task* that can do something does something: it has a thread of its own (section 3.1). Which partition it reads
//!   first and what it draws is its own business, so all that a task can do is one class.
//! - *A message* arrives: messages on a connection are not lost as long as it stands (section 12). Reports of a task,
//!   late reports of it and the answer to its cancellation are a class each.
//! - *A restart* comes to its end: its back-off is a timer (section 3.6), also where that has a step of its own. So
//!   does what is left of one that others have taken over.
//! - *A region* that has slots is deployed, *the loss of a TaskManager* is noticed when its heartbeat times out
//!   (section 5.1), and a job that is through ends (section 3.8).
//! - *A slot* that is needed is offered, and *a request* that cannot be met times out: a timer (section 3.2).
//! - *A TaskManager that is gone* comes back only where no other is left. There no slot request can be met, and the
//!   resource manager goes on asking for a worker (section 5.1). As long as one is left, nobody needs the others, and
//!   nobody guarantees them: the job has to end without. Where slots are counted, "left" are those that the largest
//!   region needs: with fewer its requests are never met either (deduced).
//! - *A question* to the master is answered: that of a subtask for a split, and then the answer arrives or the master
//!   hears that it did not (section 6); or that of a consumer for its producer (section 4.6). These take turns, so they
//!   are one class of the subtask.
//! - *The shuffle service* answers whoever registers partitions (section 4.2), also for nobody any more.
//! - *A turn of the master* that is waited for comes: enumerators say how many subtasks there shall be, and what
//!   follows from the end of a task follows.
//! - *A link* that is down is mended: a fault ends. As long as it is down either side gives the other up at last, and
//!   *a call* of the master that has no answer times out (sections 5.1 and 12).
//! - *A TaskManager* that follows no master registers as soon as it can, and says which executions it has (section
//!   5.1). *A zombie* goes on as any task.
//! - *A message* about slots, and what a heartbeat reports of them, arrives.
//! - *A master* whose job is through publishes its sinks and writes down that it has ended. What is written to the
//!   journal gets there, and who waits for TaskManagers from before does so for a limited time (section 5.6).
//! - *A TaskManager* hears what is to be released (section 12).
//! - *A former master* never has to wake.
//! - *A fault* never has to happen.

use crate::action::Action;
use crate::design::SlotAllocation;
use crate::failover::Failover;
use crate::scenario::Mechanism;
use crate::state::{State, TASK_MANAGERS_MAX, VERTICES_MAX};

/// Where the classes of each sort begin.
const TASK: usize = 0;
const REPORT: usize = TASK + VERTICES_MAX;
const STALE_REPORT: usize = REPORT + VERTICES_MAX;
const CANCELLATION: usize = STALE_REPORT + VERTICES_MAX;
const RESTART: usize = CANCELLATION + VERTICES_MAX;
const DEPLOYMENT: usize = RESTART + VERTICES_MAX;
const DETECTION: usize = DEPLOYMENT + VERTICES_MAX;
const WORKER: usize = DETECTION + TASK_MANAGERS_MAX;
const JOB_END: usize = WORKER + 1;
const BACK_OFF: usize = JOB_END + 1;
const ARCHIVE: usize = BACK_OFF + 1;
const SLOT_OFFER: usize = ARCHIVE + 1;
const SLOT_TIME_OUT: usize = SLOT_OFFER + TASK_MANAGERS_MAX;
const ANSWER: usize = SLOT_TIME_OUT + VERTICES_MAX;
const REGISTRATION: usize = ANSWER + VERTICES_MAX;
const INITIALIZATION: usize = REGISTRATION + VERTICES_MAX;
const START: usize = INITIALIZATION + VERTICES_MAX;
const HEALING: usize = START + 1;
const HEARTBEAT: usize = HEALING + TASK_MANAGERS_MAX;
const FOLLOWING: usize = HEARTBEAT + TASK_MANAGERS_MAX;
const CALL: usize = FOLLOWING + TASK_MANAGERS_MAX;
const ZOMBIE: usize = CALL + VERTICES_MAX;
/// One a kind of message.
const SLOT_MESSAGE: usize = ZOMBIE + VERTICES_MAX;
const JOURNAL: usize = SLOT_MESSAGE + 9;
const RECOVERY: usize = JOURNAL + 1;
const RELEASE: usize = RECOVERY + 1;
const CLASSES: usize = RELEASE + VERTICES_MAX;

const _: () = assert!(CLASSES <= u8::MAX as usize + 1, "a class has eight bits");

impl<const V: usize> Failover<V> {
    /// The class of an action that is enabled in `state`; none, if nobody guarantees that it happens.
    pub fn fairness(&self, state: &State<V>, action: Action) -> Option<u8> {
        let class = match action {
            Action::StartTask { vertex }
            | Action::ReadPartition { vertex, .. }
            | Action::AskForProducer { vertex, .. }
            | Action::ReadSplit { vertex, .. }
            | Action::MissPartition { vertex, .. }
            | Action::ProduceOutput { vertex, .. }
            | Action::FinishTask { vertex, .. } => TASK + usize::from(vertex),
            Action::DeliverReport { vertex } => REPORT + usize::from(vertex),
            Action::DeliverStaleReport { vertex } => STALE_REPORT + usize::from(vertex),
            Action::AcknowledgeCancel { vertex } => CANCELLATION + usize::from(vertex),
            Action::RestartTasks { first } => RESTART + usize::from(first),
            Action::DeployRegion { region } => DEPLOYMENT + usize::from(region),
            Action::NoticeLoss { task_manager } | Action::TimeOutTaskManager { task_manager } => {
                DETECTION + usize::from(task_manager)
            }
            Action::ReturnTaskManager { .. } if self.is_without_workers(state) => WORKER,
            Action::ReturnTaskManager { .. } => return None,
            Action::FinishJob | Action::PublishSink { .. } | Action::RecordResult => JOB_END,
            Action::FlushJournal => JOURNAL,
            Action::EndRecovery => RECOVERY,
            Action::ReleasePartition { partition } => {
                RELEASE + self.partitions[usize::from(partition)].producer
            }
            Action::ReleaseFormerPartitions { vertex } => RELEASE + usize::from(vertex),
            Action::ElapseBackOff => BACK_OFF,
            Action::ArchiveFailure { .. } => ARCHIVE,
            Action::OfferSlot { task_manager, .. } => SLOT_OFFER + usize::from(task_manager),
            Action::TimeOutSlots { vertex } => SLOT_TIME_OUT + usize::from(vertex),
            Action::AssignSplit { vertex, .. }
            | Action::SignalNoMoreSplits { vertex }
            | Action::DeliverEvent { vertex }
            | Action::FailDelivery { vertex }
            | Action::DeliverAnswer { vertex } => ANSWER + usize::from(vertex),
            Action::RegisterPartitions { vertex } | Action::ReleaseLateRegistration { vertex } => {
                REGISTRATION + usize::from(vertex)
            }
            Action::InitializeConsumers { vertex, .. } => INITIALIZATION + usize::from(vertex),
            Action::StartScheduling { .. } => START,
            Action::HealLink { task_manager } => HEALING + usize::from(task_manager),
            Action::TimeOutJobMaster { task_manager } => HEARTBEAT + usize::from(task_manager),
            Action::RegisterTaskManager { task_manager } => FOLLOWING + usize::from(task_manager),
            Action::TimeOutCall { vertex } | Action::ReconcileDeployment { vertex } => {
                CALL + usize::from(vertex)
            }
            Action::ReadAsZombie { vertex, .. }
            | Action::FinishAsZombie { vertex, .. }
            | Action::StopZombie { vertex } => ZOMBIE + usize::from(vertex),
            Action::RegisterAtResourceManager => SLOT_MESSAGE,
            Action::RegisterBelatedly => SLOT_MESSAGE + 1,
            Action::RequestSlot { .. } => SLOT_MESSAGE + 2,
            Action::ReportSlots => SLOT_MESSAGE + 3,
            Action::OfferSlots => SLOT_MESSAGE + 4,
            Action::AnswerOffer => SLOT_MESSAGE + 5,
            Action::AnswerOutdatedOffer => SLOT_MESSAGE + 6,
            Action::ReconcileSlots => SLOT_MESSAGE + 7,
            Action::DeliverSlotReport => SLOT_MESSAGE + 8,
            Action::ThrowInTask { .. }
            | Action::LoseTaskManager { .. }
            | Action::LosePartition { .. }
            | Action::FillDisk { .. }
            | Action::FailRead { .. }
            | Action::TimeOutSlotRequest { .. }
            | Action::CancelJob
            | Action::FailJob
            | Action::ThrowInRestart { .. }
            | Action::LoseEvent { .. }
            | Action::LoseAnswer { .. }
            | Action::DropLink { .. }
            | Action::LoseReport { .. }
            | Action::BuildSlotReport
            | Action::TimeOutRegistration
            | Action::TimeOutSlotAllocation { .. }
            | Action::TimeOutOffer
            | Action::TimeOutSlot { .. }
            | Action::FailRemoteStorage
            | Action::LoseMaster
            | Action::PauseLeader
            | Action::PublishAsFormer { .. }
            | Action::RecordAsFormer => return None,
        };
        u8::try_from(class).ok()
    }

    /// Whether the master counts no TaskManager in, or where slots are counted, too few of them.
    fn is_without_workers(&self, state: &State<V>) -> bool {
        let all = &state.task_managers[..self.scenario.cluster.task_managers];
        let counted_in = all.iter().map(|task_manager| task_manager.is_counted_in());
        if !self.is_fine(Mechanism::Slots) {
            return !counted_in.into_iter().any(|counts| counts);
        }
        let slots = counted_in.zip(&self.scenario.cluster.slots);
        let slots: usize =
            slots.map(|(counts, &slots)| usize::from(counts) * usize::from(slots)).sum();
        let bulk =
            self.regions.members.iter().map(|members| match self.scenario.design.slot_allocation {
                SlotAllocation::RegionBulk => {
                    self.slots_for(members.iter().fold(0, |mask, v| mask | 1 << v))
                }
                SlotAllocation::PerVertex => 1,
            });
        bulk.max().is_some_and(|largest| slots < largest)
    }
}
