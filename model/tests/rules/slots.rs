//! Slots: who gets one, who waits, who gives up (sections 3.2, 3.7, 4.5 and 12).

use std::collections::HashSet;

use failproof_model::action::Action;
use failproof_model::design::{SlotAllocation, SlotSharing};
use failproof_model::execution_state::ExecutionState as E;
use failproof_model::failover::ModelError;
use failproof_model::job_graph::{Partitioner as P, ResultPartitionType as T, SinkCommit};
use failproof_model::scenario::{Defect, FaultKind, Mechanism as M};

use crate::setup::{Setup, edge, job, sink, source};
use crate::story::Story;

/// Two pipelines of two tasks, on one TaskManager.
fn sharing_pipelines(slots: u8) -> Setup {
    let vertices = vec![source("A", 2, 1), sink("B", 2, SinkCommit::AtJobEnd)];
    job(vertices, vec![edge(0, 1, P::Forward, T::Pipelined)]).placement(1, &[0; 4]).slots(&[slots])
}

/// The same if each task needs a slot.
fn pipelines(slots: u8) -> Setup {
    unshared(sharing_pipelines(slots))
}

fn unshared(setup: Setup) -> Setup {
    setup.design(|design| design.slot_sharing = SlotSharing::None)
}

/// A producer and its consumer, each of which needs a slot.
fn stages(result_type: T, slots: &[u8]) -> Setup {
    let vertices = vec![source("A", 1, 1), sink("B", 1, SinkCommit::AtJobEnd)];
    let setup = unshared(job(vertices, vec![edge(0, 1, P::Forward, result_type)]));
    setup.placement(slots.len(), &[0; 2]).slots(slots)
}

fn waiting(story: &Story) -> Vec<String> {
    story.state.fine.slots.waiting().map(|v| story.model.vertex_name(v)).collect()
}

fn slot(story: &Story, name: &str) -> Option<usize> {
    story.state.fine.slots.of(story.vertex(name))
}

#[test]
fn a_region_is_deployed_when_all_its_vertices_have_a_slot() {
    let mut story = pipelines(2).story();
    assert_eq!(waiting(&story), ["A[0]", "B[0]", "A[1]", "B[1]"]);
    assert_eq!(story.enabled(), ["OfferSlot TM0 A[0]"], "the oldest request is met first");
    story.take(&["OfferSlot TM0 A[0]"]);
    assert_eq!((story.book("A[0]"), slot(&story, "A[0]")), (E::Scheduled, Some(0)));
    story.take(&["OfferSlot TM0 B[0]"]);
    assert_eq!((story.book("A[0]"), story.book("B[0]")), (E::Running, E::Running));
    assert_eq!(story.enabled(), ["ProduceOutput A[0]"], "no slot is left, and nobody gives up");
}

#[test]
fn a_slot_goes_from_one_task_to_the_next_that_waits() {
    let mut story = pipelines(2).story();
    story.take(&["OfferSlot TM0 A[0]", "OfferSlot TM0 B[0]"]);
    story.take(&["ProduceOutput A[0]", "FinishTask A[0]"]);
    assert_eq!((slot(&story, "A[0]"), slot(&story, "A[1]")), (None, Some(0)));
    assert_eq!(waiting(&story), ["B[1]"]);
    assert_eq!(story.state.fine.slots.acquired, 2);
}

#[test]
fn before_bulks_each_vertex_was_deployed_when_it_had_its_own() {
    let mut story =
        pipelines(2).design(|design| design.slot_allocation = SlotAllocation::PerVertex).story();
    assert_eq!(waiting(&story), ["A[0]", "A[1]", "B[0]", "B[1]"]);
    story.take(&["OfferSlot TM0 A[0]", "OfferSlot TM0 A[1]"]);
    assert_eq!((story.book("A[0]"), story.book("A[1]")), (E::Running, E::Running));
    assert_eq!(
        story.enabled(),
        ["TimeOutSlots B[0]", "TimeOutSlots B[1]"],
        "a producer whose consumer is not there does not come to its end"
    );
}

#[test]
fn who_streams_to_each_other_shares_a_slot_until_the_last_has_ended() {
    let mut story = sharing_pipelines(1).faults(1, &[FaultKind::TaskThrows]).story();
    story.take(&["OfferSlot TM0 A[0]"]);
    assert_eq!((slot(&story, "A[0]"), slot(&story, "B[0]")), (Some(0), Some(0)));
    assert_eq!((story.book("A[0]"), story.book("B[0]")), (E::Running, E::Running));
    story.take(&["ProduceOutput A[0]", "FinishTask A[0]"]);
    assert_eq!((slot(&story, "A[0]"), slot(&story, "B[0]")), (None, Some(0)));
    assert_eq!(waiting(&story), ["A[1]", "B[1]"], "B[0] has it still");
    story.take(&["ReadPartition B[0] A[0]>B", "FinishTask B[0]"]);
    assert_eq!((slot(&story, "A[1]"), slot(&story, "B[1]")), (Some(0), Some(0)));
}

#[test]
fn a_bulk_that_is_larger_than_the_pool_times_out_and_no_other() {
    let mut story = pipelines(1).story();
    assert!(!story.can("TimeOutSlots A[0]"), "offers come earlier than the time-out");
    story.take(&["OfferSlot TM0 A[0]"]);
    // The bulk of A[0] counts on the slots of others alone; that of A[1] needs two.
    assert_eq!(story.enabled(), ["TimeOutSlots A[1]", "TimeOutSlots B[0]"]);
    story.take(&["TimeOutSlots B[0]"]);
    assert_eq!((story.book("B[0]"), story.book("A[0]")), (E::Failed, E::Canceled));
    assert_eq!(slot(&story, "A[1]"), Some(0), "what the one returns, the next one gets");
    story.take(&["RestartTasks A[0]"]);
    assert_eq!(waiting(&story), ["B[1]", "A[0]", "B[0]"]);
}

#[test]
fn a_task_that_is_restarted_withdraws_its_request_first() {
    let restart_all = unshared(pipelines(2).preset("restart-all"));
    let restart_all = restart_all.faults(1, &[FaultKind::TaskThrows]);
    let mut story = restart_all.clone().story();
    story.take(&["OfferSlot TM0 A[0]", "OfferSlot TM0 B[0]", "ThrowInTask A[0]"]);
    assert_eq!((waiting(&story).len(), story.state.fine.slots.free[0]), (0, 2));
    story.take(&["RestartTasks A[0]"]);
    assert_eq!((slot(&story, "A[0]"), slot(&story, "B[0]")), (Some(0), Some(0)));
    assert_eq!(story.enabled()[0], "ProduceOutput A[0]", "no offer is needed a second time");
    // A[1] gets what A[0] returns before the failure is handled; nothing goes from one to another after that.
    let mut story = restart_all.defect(Defect::CountRematchedSlotTwice).story();
    story.take(&["OfferSlot TM0 A[0]", "OfferSlot TM0 B[0]", "ThrowInTask A[0]"]);
    assert_eq!(story.state.fine.slots.acquired, 3);
}

#[test]
fn a_free_slot_of_the_preferred_task_manager_is_taken() {
    let vertices = vec![source("A", 2, 1), sink("B", 1, SinkCommit::AtJobEnd)];
    let setup = job(vertices, vec![edge(0, 1, P::Hash, T::Blocking)]);
    let mut story = setup.placement(2, &[0, 1, 1]).slots(&[1, 1]).story();
    story.take(&["OfferSlot TM0 A[0]", "OfferSlot TM1 A[1]"]);
    story.take(&["FinishTask A[1]", "FinishTask A[0]"]);
    assert_eq!((slot(&story, "B[0]"), story.state.fine.slots.free), (Some(1), [1, 0, 0, 0]));
}

#[test]
fn a_task_manager_that_is_lost_takes_its_slots_with_it() {
    let setup = stages(T::Pipelined, &[1, 1]).faults(1, &[FaultKind::TaskManagerDies]);
    let mut story = setup.fine(&[M::Detection]).story();
    story.take(&["OfferSlot TM0 A[0]", "LoseTaskManager TM0"]);
    assert_eq!(slot(&story, "A[0]"), Some(0), "which is only noticed later");
    story.take(&["OfferSlot TM1 B[0]", "NoticeLoss TM0"]);
    assert_eq!((story.book("A[0]"), story.book("B[0]")), (E::Failed, E::Canceled));
    assert_eq!((story.state.fine.slots.free, story.state.fine.slots.acquired), ([0, 1, 0, 0], 1));
    story.take(&["ReturnTaskManager TM0", "RestartTasks A[0]", "OfferSlot TM0 B[0]"]);
    assert_eq!((slot(&story, "A[0]"), slot(&story, "B[0]")), (Some(1), Some(0)));
}

/// Section 4.5: "each execution in them fails", also one that is not deployed yet.
#[test]
fn a_scheduled_vertex_fails_with_its_slot() {
    let setup = stages(T::Pipelined, &[1, 1]).faults(1, &[FaultKind::TaskManagerDies]);
    let mut story = setup.story();
    story.take(&["OfferSlot TM0 A[0]", "LoseTaskManager TM0"]);
    assert_eq!((story.book("A[0]"), story.book("B[0]")), (E::Failed, E::Canceled));
    assert!(waiting(&story).is_empty());
    story.take(&["RestartTasks A[0]"]);
    assert_eq!(waiting(&story), ["A[0]", "B[0]"]);
}

#[test]
fn a_deployment_that_is_outdated_returns_its_slot() {
    let setup = stages(T::HybridFull, &[2]).faults(1, &[FaultKind::TaskThrows]);
    let outdated = |setup: &Setup| {
        let mut story = setup.clone().fine(&[M::Deployment]).story();
        story.take(&["OfferSlot TM0 A[0]", "DeployRegion A[0]", "StartTask A[0]"]);
        story.take(&["OfferSlot TM0 B[0]", "ThrowInTask A[0]"]);
        assert_eq!((slot(&story, "A[0]"), slot(&story, "B[0]")), (None, None));
        story.state.fine.slots.free[0]
    };
    assert_eq!(outdated(&setup), 2);
    assert_eq!(outdated(&setup.defect(Defect::LeakSlotOfOutdatedDeployment)), 1);
}

#[test]
fn any_request_may_be_met_where_order_is_forgotten() {
    let story = pipelines(2).defect(Defect::SlotsInAnyOrder).story();
    let offers = ["OfferSlot TM0 A[0]", "OfferSlot TM0 B[0]", "OfferSlot TM0 A[1]"];
    assert_eq!(story.enabled()[..3], offers);
}

#[test]
fn a_slot_that_is_given_on_is_counted_once_more_by_mistake() {
    let counted = |setup: Setup| {
        let mut story = setup.story();
        story.take(&["OfferSlot TM0 A[0]", "OfferSlot TM0 B[0]"]);
        story.take(&["ProduceOutput A[0]", "FinishTask A[0]"]);
        story.state.fine.slots.acquired
    };
    assert_eq!(counted(pipelines(2)), 2);
    assert_eq!(counted(pipelines(2).defect(Defect::CountRematchedSlotTwice)), 3);
}

/// Section 5.1: with fewer slots than the largest region needs, a TaskManager that is gone comes back at last.
#[test]
fn workers_are_asked_for_while_there_are_too_few_slots() {
    let guaranteed = |slots: &[u8]| {
        let setup = stages(T::Pipelined, slots).faults(1, &[FaultKind::TaskManagerDies]);
        let mut story = setup.story();
        story.take(&["LoseTaskManager TM0"]);
        let comes_back = Action::ReturnTaskManager { task_manager: 0 };
        assert!(story.can("ReturnTaskManager TM0"));
        story.model.fairness(&story.state, comes_back).is_some()
    };
    assert!(guaranteed(&[1, 1]));
    assert!(!guaranteed(&[1, 2]));
}

#[test]
fn an_offer_and_a_time_out_happen_at_last() {
    let story = pipelines(2).story();
    let class = |action| story.model.fairness(&story.state, action);
    let (task_manager, vertex) = (0, 0);
    let classes = [
        class(Action::OfferSlot { task_manager, vertex }),
        class(Action::TimeOutSlots { vertex }),
        class(Action::TimeOutSlots { vertex: 1 }),
        class(Action::FinishJob),
    ];
    let different: HashSet<_> = classes.iter().flatten().collect();
    assert_eq!(different.len(), 4);
    let offer = |vertex| class(Action::OfferSlot { task_manager, vertex });
    assert_eq!(offer(0), offer(3), "whoever gets it");
}

/// With slots for all, what is decided when tasks are deployed makes no difference to what a job can show.
#[test]
fn with_slots_enough_a_job_ends_as_it_does_where_none_are_counted() {
    for result_type in [T::Blocking, T::Pipelined, T::HybridFull] {
        let vertices = vec![source("A", 1, 2), sink("C", 2, SinkCommit::PerTask)];
        let setup = job(vertices, vec![edge(0, 1, P::Rebalance, result_type)])
            .design(|design| design.restart_attempts = Some(1))
            .faults(1, &[FaultKind::TaskThrows]);
        let (coarse, fine) = (setup.space(), setup.clone().slots(&[3, 3]).space());
        assert_eq!(coarse.ends(), fine.ends(), "{result_type:?}");
        assert!(fine.counts().0 > coarse.counts().0);
    }
}

#[test]
fn slots_are_given_where_they_are_counted_and_time_out_in_one_way() {
    let error = |setup: Setup| setup.try_model::<8>().err();
    let mut uncounted = pipelines(2);
    uncounted.0.grain.set(M::Slots, false);
    assert_eq!(error(uncounted), Some(ModelError::SlotsOfTaskManagers { found: 1, valid: 0 }));
    let ungiven = pipelines(2).slots(&[]);
    assert_eq!(error(ungiven), Some(ModelError::SlotsOfTaskManagers { found: 0, valid: 1 }));
    let twice = pipelines(2).faults(1, &[FaultKind::SlotTimesOut]);
    assert_eq!(error(twice), Some(ModelError::SlotTimesOutByItself));
}
