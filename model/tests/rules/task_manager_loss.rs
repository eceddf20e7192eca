//! A TaskManager dies, and the master notices in two steps (section 4.5).

use failproof_model::design::TaskManagerLossOrder;
use failproof_model::execution_state::ExecutionState as E;
use failproof_model::job_graph::{Partitioner as P, ResultPartitionType as T, SinkCommit, Storage};
use failproof_model::scenario::{FaultKind, Mechanism as M};
use failproof_model::state::{JobStatus, TaskManager};

use crate::setup::{Setup, edge, job, sink, source, stored_in};
use crate::story::Story;

/// Producer and consumer on one TaskManager; another one is idle.
fn together(storage: Storage) -> Setup {
    let vertices = vec![source("A", 1, 1), sink("C", 1, SinkCommit::AtJobEnd)];
    job(vertices, vec![stored_in(storage, &edge(0, 1, P::Forward, T::Blocking))])
        .placement(2, &[0, 0])
        .fine(&[M::Detection])
        .faults(1, &[FaultKind::TaskManagerDies, FaultKind::PartitionLost, FaultKind::DiskFull])
        .design(|design| design.restart_attempts = Some(9))
}

fn lost_while_consuming(setup: &Setup) -> Story {
    let mut story = setup.story();
    story.take(&["FinishTask A[0]", "LoseTaskManager TM0", "NoticeLoss TM0"]);
    story
}

#[test]
fn executions_are_failed_while_lost_partitions_are_still_tracked() {
    let mut story = lost_while_consuming(&together(Storage::TaskManager));
    assert_eq!(story.state.restarts[1].vertices, 0b10, "the consumer alone");
    assert_eq!(story.book("A[0]"), E::Finished, "what is FINISHED is not failed");
    assert!(!story.tracks("A[0]>C"), "only now");
    story.take(&["RestartTasks C[0]", "MissPartition C[0] A[0]>C"]);
    assert_eq!(story.state.restarts[0].vertices, 0b11, "the second failover finds out");
    story.go_on();
    assert_eq!((story.state.job, story.shown("C").as_str()), (JobStatus::Finished, "[r0]"));
}

#[test]
fn one_loss_costs_two_restarts_where_one_would_do() {
    let failures = |order| {
        let setup = together(Storage::TaskManager).design(|d| d.task_manager_loss = order);
        let mut story = lost_while_consuming(&setup);
        story.take_all(&["RestartTasks", "MissPartition"]);
        story.state.failures
    };
    assert_eq!(failures(TaskManagerLossOrder::FailThenUntrack), 2);
    assert_eq!(failures(TaskManagerLossOrder::UntrackThenFail), 1);
}

#[test]
fn untracked_first_the_producer_restarts_at_once() {
    let setup = together(Storage::TaskManager)
        .design(|design| design.task_manager_loss = TaskManagerLossOrder::UntrackThenFail);
    let story = lost_while_consuming(&setup);
    assert_eq!(story.state.restarts[0].vertices, 0b11);
}

#[test]
fn what_a_reliable_storage_holds_survives() {
    let mut story = lost_while_consuming(&together(Storage::Reliable));
    assert!(story.tracks("A[0]>C") && story.stores("A[0]>C"));
    story.take(&["RestartTasks C[0]", "ReadPartition C[0] A[0]>C"]);
    assert_eq!(story.book("A[0]"), E::Finished);
    let mut kept = together(Storage::Reliable).story();
    assert!(!kept.can("FillDisk A[0]"));
    kept.take(&["FinishTask A[0]"]);
    assert!(kept.can("LoseTaskManager TM0") && !kept.can("LosePartition A[0]>C"));
}

#[test]
fn what_is_in_memory_is_lost_with_the_process_and_evicted_at_any_time() {
    let story = lost_while_consuming(&together(Storage::Memory));
    assert!(!story.tracks("A[0]>C") && !story.stores("A[0]>C"));
    let mut evicted = together(Storage::Memory).story();
    assert!(!evicted.can("FillDisk A[0]"), "it has no disk to fill");
    evicted.take(&["FinishTask A[0]", "LosePartition A[0]>C"]);
    assert!(evicted.tracks("A[0]>C"), "nobody is told");
    evicted.take(&["MissPartition C[0] A[0]>C"]);
    assert_eq!(evicted.state.restarts[0].vertices, 0b11);
}

#[test]
fn a_loss_that_concerns_nobody_is_noticed_without_a_failover() {
    let mut story = together(Storage::TaskManager).story();
    story.take(&["LoseTaskManager TM1", "NoticeLoss TM1"]);
    assert!(!story.state.is_restarting());
    assert_eq!(story.state.failures, 0);
}

#[test]
fn a_task_manager_comes_back_empty_once_it_was_missed() {
    let mut story = together(Storage::TaskManager).story();
    story.take(&["FinishTask A[0]", "LoseTaskManager TM0"]);
    assert!(!story.can("ReturnTaskManager TM0"), "the master still counts it in");
    story.take(&["NoticeLoss TM0", "ReturnTaskManager TM0"]);
    assert_eq!(story.state.task_managers[0], TaskManager::Registered);
    assert!(!story.stores("A[0]>C"));
}

#[test]
fn unnoticed_a_consumer_finds_out_before_the_master_does() {
    let vertices = vec![source("A", 1, 1), sink("C", 1, SinkCommit::AtJobEnd)];
    let mut story = job(vertices, vec![edge(0, 1, P::Forward, T::Blocking)])
        .placement(2, &[0, 1])
        .fine(&[M::Detection])
        .faults(1, &[FaultKind::TaskManagerDies])
        .story();
    story.take(&["FinishTask A[0]", "LoseTaskManager TM0", "MissPartition C[0] A[0]>C"]);
    assert!(story.tracks("A[0]>C"), "and yet the cause names it");
    assert_eq!(story.state.restarts[0].vertices, 0b11);
    story.take(&["RestartTasks A[0]"]);
    assert_eq!(story.enabled(), ["NoticeLoss TM0"], "A was sent to the dead one");
}
