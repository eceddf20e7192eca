//! Masters that die, and the end of a job (sections 3.8, 5.2 and 5.5).

use failproof_model::action::Action;
use failproof_model::design::{CommitMarker, JobResult, Publication, RecoveryDesign};
use failproof_model::execution_state::ExecutionState as E;
use failproof_model::failover::ModelError;
use failproof_model::job_graph::{Partitioner as P, ResultPartitionType as T, SinkCommit};
use failproof_model::scenario::{FaultKind, Mechanism as M};
use failproof_model::state::{JobStatus, TaskManager};

use crate::setup::{Setup, edge, job, sink, source};
use crate::story::Story;

/// A producer on TM0 and a consumer on each TaskManager, whose master can die twice.
fn stages(commit: SinkCommit) -> Setup {
    let vertices = vec![source("A", 1, 2), sink("B", 2, commit)];
    job(vertices, vec![edge(0, 1, P::Rebalance, T::Blocking)])
        .placement(2, &[0, 0, 1])
        .faults(2, &[FaultKind::MasterDies])
}

/// All has finished, and is about to be published.
fn through(change: impl FnOnce(&mut RecoveryDesign)) -> Story {
    let setup = stages(SinkCommit::AtJobEnd).fine(&[M::JobEnd]).design(change);
    let mut story = setup.story();
    finish(&mut story, "FinishTask A[0]");
    story
}

fn finish(story: &mut Story, producer: &str) {
    story.take(&[producer]);
    for reader in ["B[0]", "B[1]"] {
        story.take(&[&format!("ReadPartition {reader} A[0]>B"), &format!("FinishTask {reader}")]);
    }
}

#[test]
fn the_next_master_begins_from_scratch() {
    let setup = stages(SinkCommit::AtJobEnd).design(|design| design.restart_attempts = Some(1));
    let mut story = setup.faults(2, &[FaultKind::TaskThrows]).story();
    story.take(&["ThrowInTask A[0]", "RestartTasks A[0]"]);
    assert_eq!(story.state.failures, 1);
    story.take(&["LoseMaster"]);
    assert_eq!(story.state.failures, 0, "the budget is that of one master");
    assert_eq!((story.book("A[0]"), story.book("B[0]")), (E::Running, E::Created));
    assert_eq!(story.state.task_managers[..2], [TaskManager::Registered; 2]);
}

#[test]
fn what_an_older_attempt_has_stored_is_of_no_use_to_the_next_master() {
    let mut story = stages(SinkCommit::AtJobEnd).story();
    story.take(&["FinishTask A[0]", "LoseMaster"]);
    assert_eq!((story.book("A[0]"), story.state.stored), (E::Running, 0));
}

/// Section 5.2: they notice it one after the other, and until then their tasks go on.
#[test]
fn task_managers_follow_the_next_master_when_they_have_missed_the_one_before() {
    let fine = [M::Links, M::Registration];
    let mut story = stages(SinkCommit::PerTask).fine(&fine).story();
    story.take(&["FinishTask A[0]", "ReadPartition B[1] A[0]>B", "LoseMaster"]);
    assert_eq!(story.state.task_managers[..2], [TaskManager::Forgotten; 2]);
    let still = ["TimeOutJobMaster TM0", "TimeOutJobMaster TM1", "FinishAsZombie B[1]"];
    assert_eq!(story.enabled(), [&still[..], &["LoseMaster"]].concat());
    story.take(&["TimeOutJobMaster TM0", "RegisterTaskManager TM0"]);
    assert_eq!((story.book("A[0]"), story.state.tasks[0].at), (E::Running, 0));
    story.take(&["FinishAsZombie B[1]"]);
    assert_ne!(story.shown("B"), "[]", "a sink that commits by itself does so");
}

#[test]
fn a_cancelled_job_of_a_lost_master_runs_on() {
    let cancelled = stages(SinkCommit::AtJobEnd).fine(&[M::Cancellation]);
    let mut story = cancelled.faults(2, &[FaultKind::JobCanceled]).story();
    story.take(&["CancelJob", "LoseMaster"]);
    assert_eq!((story.state.job, story.book("A[0]")), (JobStatus::Running, E::Running));
}

#[test]
fn sinks_are_published_in_order_and_nothing_comes_in_between() {
    let mut story = through(|_| {});
    story.take(&["PublishSink B[0]"]);
    assert_eq!(story.enabled(), ["LoseMaster", "PublishSink B[1]"]);
    story.take(&["PublishSink B[1]"]);
    assert_eq!(story.enabled(), ["FinishJob", "LoseMaster"]);
    story.take(&["FinishJob"]);
    assert_eq!(story.state.job, JobStatus::Running, "it is not written down");
    assert_eq!(story.enabled(), ["LoseMaster", "RecordResult"]);
    story.take(&["RecordResult"]);
    assert_eq!((story.state.job, story.enabled()), (JobStatus::Finished, vec![]));
}

#[test]
fn what_is_there_already_is_repeated_replaced_or_kept() {
    let shown = |publication| {
        let mut story = through(|design| design.publication = publication);
        story.take(&["PublishSink B[0]", "LoseMaster"]);
        let first = story.shown("B");
        finish(&mut story, "FinishTask A[0] draw 1");
        story.take(&["PublishSink B[0]"]);
        (first, story.shown("B"))
    };
    let told = |first: &str, then: &str| (first.to_owned(), then.to_owned());
    assert_eq!(shown(Publication::Append), told("[r1]", "[r0 r1]"));
    assert_eq!(shown(Publication::Overwrite), told("[r1]", "[r0]"));
    assert_eq!(shown(Publication::CreateIfAbsent), told("[r1]", "[r1]"));
}

#[test]
fn a_marker_keeps_the_next_master_from_publishing() {
    let marked = |steps: &[&str]| {
        let mut story = through(|design| design.commit_marker = CommitMarker::Started);
        story.take(steps);
        story.take(&["LoseMaster"]);
        story.state.job
    };
    assert_eq!(marked(&[]), JobStatus::Running, "nobody has begun to publish");
    assert_eq!(marked(&["PublishSink B[0]"]), JobStatus::Failed);
    let all = ["PublishSink B[0]", "PublishSink B[1]", "FinishJob"];
    assert_eq!(marked(&all[..2]), JobStatus::Failed);
    assert_eq!(marked(&all), JobStatus::Finished);
}

#[test]
fn masters_die_no_more_often_than_they_may() {
    let mut story = stages(SinkCommit::AtJobEnd).story();
    story.take(&["LoseMaster", "LoseMaster"]);
    let dies = |action: &Action| *action == Action::LoseMaster;
    assert!(!story.model.enabled(&story.state).iter().any(dies));
}

#[test]
fn a_dead_task_manager_brings_the_next_master_no_slots() {
    let setup = stages(SinkCommit::AtJobEnd).slots(&[2, 1]);
    let mut story = setup.faults(2, &[FaultKind::TaskManagerDies]).story();
    story.take(&["LoseTaskManager TM1", "LoseMaster"]);
    assert_eq!(story.state.task_managers[1], TaskManager::Gone);
    assert_eq!(story.state.fine.slots.unoffered[1], 0);
    assert!(story.can("OfferSlot TM0 A[0]") || story.book("A[0]") == E::Running);
}

#[test]
fn clients_are_told_before_the_end_is_written_down_or_after_that() {
    let told = |result| {
        let mut story = through(|design| design.job_result = result);
        story.take(&["PublishSink B[0]", "PublishSink B[1]", "FinishJob"]);
        let before = story.model.clients_are_told(&story.state);
        story.take(&["RecordResult"]);
        (before, story.model.clients_are_told(&story.state))
    };
    assert_eq!(told(JobResult::ToldFirst), (true, true));
    assert_eq!(told(JobResult::RecordedFirst), (false, true));
}

#[test]
fn with_fine_slot_messages_no_master_dies() {
    let setup = stages(SinkCommit::AtJobEnd).placement(1, &[0; 3]).slots(&[2]);
    let refused = setup.fine(&[M::SlotMessages]).try_model::<4>().err();
    assert_eq!(refused, Some(ModelError::MastersWith { what: "fine slot messages" }));
}

/// All has finished, and the leader can pause; its zombie is on its way.
fn paused(change: impl FnOnce(&mut RecoveryDesign)) -> Story {
    let setup = stages(SinkCommit::AtJobEnd).fine(&[M::JobEnd]).design(change);
    let mut story = setup.faults(1, &[FaultKind::LeaderPauses]).story();
    finish(&mut story, "FinishTask A[0]");
    story.take(&["PublishSink B[0]", "PauseLeader"]);
    story
}

#[test]
fn a_former_master_goes_on_where_it_was_for_two_steps() {
    let mut story = paused(|_| {});
    assert_eq!(story.state.committed.count_ones(), 1);
    let old = story.shown("B");
    story.take(&["FinishTask A[0] draw 1", "PublishAsFormer B[1]"]);
    assert_ne!(story.shown("B"), old, "what the attempt had staged that the former master knew");
    assert_eq!(story.state.committed.count_ones(), 2);
    story.take(&["RecordAsFormer"]);
    assert!(story.state.fine.election.recorded);
    assert_eq!(story.state.job, JobStatus::Running, "the present master does not look");
    assert!(!story.enabled().iter().any(|action| action.contains("AsFormer")));
}

#[test]
fn a_fence_stops_a_former_master() {
    let mut story = paused(|design| design.fence_publication = true);
    let old = story.shown("B");
    story.take(&["PublishAsFormer B[1]"]);
    assert_eq!(story.shown("B"), old);
    assert!(!story.enabled().iter().any(|action| action.contains("AsFormer")));
    let mut story = paused(|design| design.fence_result = true);
    story.take(&["PublishAsFormer B[1]", "RecordAsFormer"]);
    assert!(!story.state.fine.election.recorded);
}
