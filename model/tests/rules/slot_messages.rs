//! Slots that are asked for, offered and reported by messages (sections 5.1 and 12).

use failproof_model::execution_state::ExecutionState as E;
use failproof_model::failover::ModelError;
use failproof_model::job_graph::{Partitioner as P, ResultPartitionType as T, SinkCommit};
use failproof_model::scenario::{Defect, FaultKind, Mechanism as M};
use failproof_model::state::SlotMessages;

use crate::setup::{Setup, edge, job, sink, source};
use crate::story::Story;

/// Two producers and two consumers, on one TaskManager, one of whose calls may have no answer.
fn stages(slots: u8) -> Setup {
    let vertices = vec![source("A", 2, 1), sink("B", 2, SinkCommit::AtJobEnd)];
    job(vertices, vec![edge(0, 1, P::Hash, T::Blocking)])
        .placement(1, &[0; 4])
        .slots(&[slots])
        .fine(&[M::SlotMessages])
        .faults(1, &[FaultKind::AskTimesOut])
}

fn messages(story: &Story) -> SlotMessages {
    story.state.fine.slot_messages
}

fn slots(story: &Story) -> (u8, u8, u8) {
    let SlotMessages { allocated, active, pooled, .. } = messages(story);
    (allocated, active, pooled)
}

const SLOT_0: &[&str] = &["RegisterAtResourceManager", "RequestSlot 0"];

#[test]
fn a_slot_is_asked_for_offered_and_accepted() {
    let mut story = stages(2).story();
    assert_eq!(story.enabled(), ["RegisterAtResourceManager", "TimeOutRegistration"]);
    story.take(SLOT_0).take(&["OfferSlots"]);
    assert_eq!((slots(&story), story.book("A[0]")), ((1, 0, 1), E::Running));
    story.take(&["AnswerOffer"]);
    assert_eq!(slots(&story), (1, 1, 1));
    story.take(&["RequestSlot 1", "OfferSlots", "AnswerOffer"]);
    assert_eq!((slots(&story), story.book("A[1]")), ((3, 3, 3), E::Running));
    assert!(!story.can("RequestSlot 2"), "as many as are needed");
}

/// A[0] is through before the second slot is offered, and A[1] runs on the first.
fn no_longer_needed(setup: &Setup) -> Story {
    let mut story = setup.story();
    story.take(SLOT_0).take(&["OfferSlots", "AnswerOffer", "RequestSlot 1", "FinishTask A[0]"]);
    story.take(&["OfferSlots"]);
    assert_eq!((slots(&story), story.book("A[1]")), ((3, 1, 1), E::Running));
    story
}

#[test]
fn what_is_no_longer_needed_is_freed() {
    let mut story = no_longer_needed(&stages(2));
    story.take(&["AnswerOffer"]);
    assert_eq!((slots(&story), messages(&story).believed_free), ((1, 1, 1), 2));
}

/// FLINK-21859.
#[test]
fn only_the_answer_to_the_latest_offer_counts() {
    let late = |setup: Setup| {
        let mut story = no_longer_needed(&setup);
        story.take(&["TimeOutOffer", "FinishTask A[1]", "OfferSlots", "AnswerOffer"]);
        assert_eq!((slots(&story), story.book("B[1]")), ((3, 3, 3), E::Running));
        story.take(&["AnswerOutdatedOffer"]);
        story
    };
    assert_eq!(slots(&late(stages(2))), (3, 3, 3));
    let mut story = late(stages(2).defect(Defect::AcceptLateSlotAnswer));
    assert_eq!((slots(&story), story.book("B[1]")), ((1, 1, 3), E::Failed));
    story.take(&["ReconcileSlots"]);
    assert_eq!((slots(&story), story.state.fine.slots.acquired), ((1, 1, 1), 1));
}

/// FLINK-12863.
/// The time that a slot has to become active in is that in which calls are answered.
#[test]
fn a_slot_whose_offer_was_not_answered_is_freed_and_the_master_hears_of_it() {
    let mut story = stages(2).story();
    story.take(SLOT_0).take(&["OfferSlots"]);
    assert!(!story.can("TimeOutSlot 0"), "the answer is in time yet");
    story.take(&["TimeOutOffer", "TimeOutSlot 0"]);
    assert_eq!((slots(&story), messages(&story).timed_out), ((0, 0, 1), 1));
    story.take(&["ReconcileSlots"]);
    assert_eq!((slots(&story), messages(&story).timed_out), ((0, 0, 0), 0));
    assert_eq!(story.book("A[0]"), E::Failed);
}

/// `failSlot`: the answer accepts what is not there any more.
#[test]
fn what_is_accepted_too_late_leaves_the_pool() {
    let mut story = stages(2).story();
    story.take(SLOT_0).take(&["OfferSlots", "TimeOutOffer", "OfferSlots", "TimeOutSlot 0"]);
    assert_eq!(slots(&story), (0, 0, 1));
    story.take(&["AnswerOffer"]);
    assert_eq!((slots(&story), story.book("A[0]")), ((0, 0, 0), E::Failed));
}

#[test]
fn another_slot_is_offered_while_an_answer_is_under_way() {
    let mut story = stages(2).story();
    story.take(SLOT_0).take(&["OfferSlots"]);
    assert!(!story.can("OfferSlots"), "there is nothing new to offer");
    story.take(&["RequestSlot 1", "OfferSlots"]);
    assert_eq!(messages(&story).answer.offered, 3);
    story.take(&["AnswerOutdatedOffer"]);
    assert_eq!(slots(&story), (3, 0, 3), "only the answer to the latest offer counts");
}

/// The resource manager takes the request for failed and makes another one, for a new allocation.
#[test]
fn a_request_that_was_not_answered_can_cost_a_slot_more() {
    let mut story = stages(2).story();
    story.take(&["RegisterAtResourceManager", "TimeOutSlotAllocation 0"]);
    assert!(!story.can("RequestSlot 0"), "the TaskManager refuses it");
    story.take(&["RequestSlot 1"]);
    assert_eq!(messages(&story).allocated, 3);
}

#[test]
fn a_report_is_about_what_the_master_has_when_it_is_sent() {
    assert!(!stages(2).story().can("BuildSlotReport"));
    let mut story = stages(2).defect(Defect::StaleSlotReport).story();
    story.take(SLOT_0).take(&["BuildSlotReport", "OfferSlots", "DeliverSlotReport"]);
    assert_eq!(slots(&story), (1, 0, 1), "what is not active yet is not freed");
    story.take(&["AnswerOffer"]);
    let mut story = stages(2).defect(Defect::StaleSlotReport).story();
    story.take(SLOT_0).take(&["BuildSlotReport", "OfferSlots", "AnswerOffer"]);
    story.take(&["DeliverSlotReport"]);
    assert_eq!((slots(&story), story.book("A[0]")), ((0, 0, 1), E::Failed));
}

/// FLINK-14589.
#[test]
fn an_allocation_is_on_one_slot() {
    let asked_again = ["RegisterAtResourceManager", "TimeOutSlotAllocation 0"];
    let mut story = stages(2).story();
    story.take(&asked_again).take(&["ReportSlots"]);
    assert_eq!((messages(&story).believed_free, messages(&story).unanswered), (2, 0));
    let mut story = stages(2).defect(Defect::TwoSlotsOneAllocation).story();
    story.take(&asked_again).take(&["RequestSlot 1", "ReportSlots", "OfferSlots"]);
    assert_eq!((slots(&story), messages(&story).orphaned), ((3, 0, 2), 1));
    story.take(&["AnswerOffer"]);
    assert!(!story.can("OfferSlots"), "nobody offers it any more");
}

/// FLINK-12260.
#[test]
fn an_older_registration_is_nothing_to_a_newer_one() {
    let twice = ["TimeOutRegistration", "RegisterAtResourceManager", "RegisterBelatedly"];
    let mut story = stages(2).story();
    story.take(&twice).take(&["RequestSlot 0"]);
    let mut story = stages(2).defect(Defect::AcceptOlderRegistration).story();
    story.take(&twice);
    assert!(!story.can("RequestSlot 0") && story.can("TimeOutSlots A[0]"));
    let mut story = stages(2).defect(Defect::AcceptOlderRegistration).story();
    story.take(&["TimeOutRegistration", "RegisterBelatedly", "RegisterAtResourceManager"]);
    story.take(&["RequestSlot 0"]);
}

/// Section 12: a task is refused for which there is no slot. The slot is free in the pool until a heartbeat tells.
#[test]
fn a_task_without_a_slot_is_refused() {
    let mut story = stages(1).defect(Defect::StaleSlotReport).story();
    story.take(SLOT_0).take(&["BuildSlotReport", "OfferSlots", "AnswerOffer"]);
    story.take(&["FinishTask A[0]", "DeliverSlotReport"]);
    assert_eq!(story.book("A[1]"), E::Failed);
    story.take(&["RestartTasks A[1]"]);
    assert_eq!(story.book("A[1]"), E::Failed);
    story.take(&["ReconcileSlots", "RestartTasks A[1]"]);
    assert_eq!((story.book("A[1]"), slots(&story)), (E::Scheduled, (0, 0, 0)));
    story.take(&["RequestSlot 0", "OfferSlots"]);
    assert_eq!(story.book("A[1]"), E::Running);
}

#[test]
fn messages_are_about_slots_of_one_task_manager() {
    let wrong = |setup: Setup| setup.try_model::<8>().err() == Some(ModelError::SlotMessages);
    assert!(wrong(stages(2).placement(2, &[0; 4]).slots(&[1, 1])));
    assert!(wrong(stages(5)));
    assert!(wrong(stages(2).faults(1, &[FaultKind::LinkDrops])));
    assert!(!wrong(stages(4)));
    let mut uncounted = stages(2);
    uncounted.0.grain.set(M::Slots, false);
    uncounted.0.cluster.slots.clear();
    assert!(wrong(uncounted));
}
