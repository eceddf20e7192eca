//! What can happen and what it does, one file a group of rules.
//!
//! One handled message is one atomic step, as in the main thread of the real JobMaster. Applying an enabled action is
//! total and pure. Mechanisms that a scenario leaves coarse take their steps in [`Failover::settle`].

mod archive;
mod coordinators;
mod election;
mod failover;
mod faults;
mod initialization;
mod job_control;
mod job_end;
mod journal;
mod lineage;
mod links;
mod masters;
mod normalise;
mod partition_requests;
mod partitions;
mod recovery;
mod registration;
mod releases;
mod reports;
mod resource_manager;
mod scheduling;
mod slot_messages;
mod slots;
mod splits;
mod task_managers;
mod tasks;
mod zombies;

pub(crate) use failover::ones;
pub(crate) use masters::check_masters;
pub(crate) use releases::check_releases;

use crate::action::Action;
use crate::failover::Failover;
use crate::scenario::{FaultKind, Mechanism};
use crate::state::{Census, State, Truth};

impl<const V: usize> Failover<V> {
    /// The enabled actions: ordered, free of duplicates, a function of the state and the scenario.
    pub fn enabled(&self, state: &State<V>) -> Vec<Action> {
        let mut actions = Vec::new();
        self.enabled_into(state, &mut actions);
        actions
    }

    /// As [`Failover::enabled`], into a list that is used again.
    pub fn enabled_into(&self, state: &State<V>, out: &mut Vec<Action>) {
        if state.job.is_terminal() || state.fine.master_dead {
            return;
        }
        let census = &Census::of(state, self.size());
        if state.fine.masters.is_ending() {
            return self.enabled_ending(state, census, out);
        }
        let turns = &self.turns(state, census);
        self.enabled_scheduling(state, out);
        self.enabled_tasks(state, census, turns, out);
        self.enabled_reports(state, census, out);
        self.enabled_restarts(state, out);
        self.enabled_task_managers(state, out);
        self.enabled_job_end(state, census, out);
        self.enabled_faults(state, census, turns, out);
        self.enabled_back_off(state, out);
        self.enabled_archiving(state, out);
        self.enabled_slots(state, out);
        self.enabled_coordinators(state, out);
        self.enabled_partition_requests(state, census, turns, out);
        self.enabled_partitions(state, out);
        self.enabled_initialization(state, out);
        self.enabled_links(state, out);
        self.enabled_slot_messages(state, out);
        self.enabled_masters(state, out);
        self.enabled_releases(state, out);
        self.enabled_election(state, out);
        self.enabled_slot_time_outs(state, out);
    }

    /// How many enabled actions are no faults: with none, the engine can do nothing of its own.
    pub fn relied_on(&self, state: &State<V>) -> usize {
        self.enabled(state).into_iter().filter(|action| action.fault().is_none()).count()
    }

    /// The state after an enabled action.
    pub fn apply(&self, state: &State<V>, action: Action) -> State<V> {
        let mut next = *state;
        self.take(&mut next, action);
        next
    }

    /// Takes an enabled action, in place: a state is large, and is not moved more often than it has to be.
    pub fn take(&self, s: &mut State<V>, action: Action) {
        self.take_and_keep(s, action);
        self.normalise(s);
    }

    /// As [`Failover::apply`], with what no longer matters left in: so that it can be tested not to matter.
    pub fn apply_and_keep(&self, state: &State<V>, action: Action) -> State<V> {
        let mut next = *state;
        self.take_and_keep(&mut next, action);
        next
    }

    fn take_and_keep(&self, s: &mut State<V>, action: Action) {
        if let Some(kind) = action.fault() {
            spend(s, kind);
        }
        match action {
            Action::DeployRegion { region } => self.deploy(s, region.into()),
            Action::StartTask { vertex } => self.start(s, vertex.into()),
            Action::ReadPartition { vertex, input } => self.read(s, vertex.into(), input.into()),
            Action::ReadSplit { vertex, split } => self.read_split(s, vertex.into(), split.into()),
            Action::MissPartition { vertex, input } => self.miss(s, vertex.into(), input.into()),
            Action::ProduceOutput { vertex, draw } => self.produce(s, vertex.into(), draw.into()),
            Action::FinishTask { vertex, draw } => self.finish(s, vertex.into(), draw.into()),
            Action::DeliverReport { vertex } => self.deliver(s, vertex.into()),
            Action::DeliverStaleReport { vertex } => self.deliver_stale(s, vertex.into()),
            Action::AcknowledgeCancel { vertex } => self.acknowledge_cancel(s, vertex.into()),
            Action::RestartTasks { first } => self.restart_tasks(s, first.into()),
            Action::NoticeLoss { task_manager } => self.notice_loss(s, task_manager.into()),
            Action::ReturnTaskManager { task_manager } => self.come_back(s, task_manager.into()),
            Action::FinishJob => self.finish_job(s),
            Action::ThrowInTask { vertex } | Action::FillDisk { vertex } => {
                self.fail_task(s, vertex.into(), 0);
            }
            Action::LoseTaskManager { task_manager } => self.die(s, task_manager.into()),
            Action::LosePartition { partition } => s.stored &= !(1 << partition),
            Action::FailRead { vertex, input } => self.fail_read(s, vertex.into(), input.into()),
            Action::TimeOutSlotRequest { vertex } => self.time_out_slot(s, vertex.into()),
            Action::CancelJob => self.cancel_job(s),
            Action::FailJob => self.fail_globally(s),
            Action::ThrowInRestart { first } => self.throw_in_restart(s, first.into()),
            Action::ElapseBackOff => s.fine.backing_off = 0,
            Action::ArchiveFailure { vertex } => self.archive_failure(s, vertex.into()),
            Action::OfferSlot { task_manager, vertex } => {
                self.offer_slot(s, task_manager.into(), vertex.into());
            }
            Action::TimeOutSlots { vertex } => self.time_out_slots(s, vertex.into()),
            Action::AssignSplit { vertex, split } => {
                self.assign_split(s, vertex.into(), split.into());
            }
            Action::SignalNoMoreSplits { vertex } => self.signal_no_more_splits(s, vertex.into()),
            Action::DeliverEvent { vertex } => self.deliver_event(s, vertex.into()),
            Action::FailDelivery { vertex } => self.fail_delivery(s, vertex.into()),
            Action::LoseEvent { vertex } => self.lose_event(s, vertex.into()),
            Action::AskForProducer { vertex, input } => {
                self.ask_for_producer(s, vertex.into(), input.into());
            }
            Action::DeliverAnswer { vertex } => self.deliver_answer(s, vertex.into()),
            Action::LoseAnswer { vertex } => self.lose_answer(s, vertex.into()),
            Action::RegisterPartitions { vertex } => self.register_partitions(s, vertex.into()),
            Action::ReleaseLateRegistration { vertex } => {
                self.release_late_registration(s, vertex.into());
            }
            Action::StartScheduling { draw } => self.start_scheduling(s, draw),
            Action::InitializeConsumers { vertex, draw } => {
                self.initialize_consumers(s, vertex.into(), draw);
            }
            Action::DropLink { task_manager } => s.fine.links.down |= 1 << task_manager,
            Action::HealLink { task_manager } => self.heal_link(s, task_manager.into()),
            Action::TimeOutTaskManager { task_manager } => {
                self.notice_loss(s, task_manager.into());
            }
            Action::TimeOutJobMaster { task_manager } => {
                self.time_out_job_master(s, task_manager.into());
            }
            Action::RegisterTaskManager { task_manager } => self.register(s, task_manager.into()),
            Action::LoseReport { vertex } => s.tasks[usize::from(vertex)].truth = Truth::Lost,
            Action::TimeOutCall { vertex } => self.time_out_call(s, vertex.into()),
            Action::ReconcileDeployment { vertex } => self.reconcile_deployment(s, vertex.into()),
            Action::ReadAsZombie { vertex, input } => {
                self.read_as_zombie(s, vertex.into(), input.into());
            }
            Action::FinishAsZombie { vertex, draw } => {
                self.finish_as_zombie(s, vertex.into(), draw.into());
            }
            Action::StopZombie { vertex } => s.fine.links.lay(1 << vertex),
            Action::RegisterAtResourceManager
            | Action::RegisterBelatedly
            | Action::RequestSlot { .. }
            | Action::ReportSlots
            | Action::OfferSlots
            | Action::AnswerOffer
            | Action::AnswerOutdatedOffer
            | Action::ReconcileSlots
            | Action::BuildSlotReport
            | Action::DeliverSlotReport
            | Action::TimeOutRegistration
            | Action::TimeOutSlotAllocation { .. }
            | Action::TimeOutOffer
            | Action::TimeOutSlot { .. } => self.apply_slot_message(s, action),
            Action::LoseMaster => self.lose_master(s),
            Action::PublishSink { vertex } => self.publish(s, vertex.into()),
            Action::RecordResult => self.record_result(s),
            Action::FlushJournal => self.flush_journal(s),
            Action::EndRecovery => self.end_recovery(s),
            Action::FailRemoteStorage => self.fail_remote_storage(s),
            Action::ReleasePartition { partition } => self.release_partition(s, partition.into()),
            Action::ReleaseFormerPartitions { vertex } => self.release_former(s, vertex.into()),
            Action::PauseLeader => self.pause_leader(s),
            Action::PublishAsFormer { vertex } => self.publish_as_former(s, vertex.into()),
            Action::RecordAsFormer => self.record_as_former(s),
        }
        self.settle(s);
    }

    /// Takes the steps of coarse mechanisms until none is left. It ends: every step moves a task or a TaskManager
    /// towards its end, and nothing here begins a new attempt but the deployment of one that is scheduled.
    pub(crate) fn settle(&self, s: &mut State<V>) {
        self.settle_links(s);
        self.settle_recovery(s);
        while self.settle_once(s) {}
        if !self.is_fine(Mechanism::BackOff) {
            s.fine.backing_off = 0;
        }
    }

    /// Takes what steps of coarse mechanisms there are, and says whether there were any.
    fn settle_once(&self, s: &mut State<V>) -> bool {
        let mut moved = false;
        if !self.is_fine(Mechanism::Detection) {
            for t in 0..self.scenario.cluster.task_managers {
                moved |= self.notice_if_dead(s, t);
            }
        }
        // Neither an acknowledgement nor a report makes another one be under way, or not.
        let census = Census::of(s, self.size());
        if !self.is_fine(Mechanism::Cancellation) {
            moved |= census.cancelling() != 0;
            ones(census.cancelling()).for_each(|v| self.acknowledge_cancel(s, v));
        }
        if !self.is_fine(Mechanism::Reports) {
            moved |= census.reporting() != 0;
            ones(census.reporting()).for_each(|v| self.deliver(s, v));
        }
        if !self.is_fine(Mechanism::Deployment) {
            moved |= self.deploy_all(s);
        }
        self.end_if_all_ended(s) || moved
    }
}

fn spend<const V: usize>(s: &mut State<V>, kind: FaultKind) {
    s.faults -= 1;
    *s.left_mut(kind) -= 1;
}
