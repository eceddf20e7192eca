//! When the master releases what was consumed, and what that costs later (section 4.4).

use failproof_model::execution_state::ExecutionState as E;
use failproof_model::job_graph::{
    Operator, Partitioner as P, ResultPartitionType as T, SinkCommit,
};
use failproof_model::scenario::{Defect, FaultKind};

use crate::setup::{Setup, edge, job, sink, source, task};

/// A to all subtasks of B, B to C one to one.
fn job_of(a_to_b: T) -> Setup {
    let vertices =
        vec![source("A", 1, 1), task("B", 2, Operator::PerRow), sink("C", 2, SinkCommit::AtJobEnd)];
    job(vertices, vec![edge(0, 1, P::Broadcast, a_to_b), edge(1, 2, P::Forward, T::Blocking)])
        .faults(1, &[FaultKind::PartitionLost])
}

const FIRST_B: [&str; 3] = ["FinishTask A[0]", "ReadPartition B[0] A[0]>B", "FinishTask B[0]"];
const SECOND_B: [&str; 2] = ["ReadPartition B[1] A[0]>B", "FinishTask B[1]"];

#[test]
fn it_is_released_when_the_last_consumer_is_finished() {
    let mut story = job_of(T::Blocking).story();
    story.take(&FIRST_B);
    assert!(story.tracks("A[0]>B") && story.stores("A[0]>B"));
    story.take(&SECOND_B);
    assert!(!story.tracks("A[0]>B") && !story.stores("A[0]>B"));
}

#[test]
fn a_consumer_that_is_not_finished_any_more_withdraws_the_release() {
    let mut story = job_of(T::Blocking).story();
    story.take(&FIRST_B).take(&["LosePartition B[0]>C", "MissPartition C[0] B[0]>C"]);
    story.take(&["RestartTasks B[0]"]);
    assert_eq!((story.book("A[0]"), story.book("B[0]")), (E::Finished, E::Running));
    story.take(&SECOND_B);
    assert!(story.tracks("A[0]>B") && story.stores("A[0]>B"), "B[0] reads it again");
    story.take(&["ReadPartition B[0] A[0]>B", "FinishTask B[0]"]);
    assert!(!story.tracks("A[0]>B") && !story.stores("A[0]>B"));
}

#[test]
fn a_lost_output_of_a_finished_task_drags_in_the_producers_of_what_was_released() {
    let mut story = job_of(T::Blocking).story();
    story.take(&FIRST_B).take(&SECOND_B);
    story.take(&["LosePartition B[0]>C", "MissPartition C[0] B[0]>C"]);
    assert_eq!(story.state.restarts[0].vertices, 0b11111, "all: A is gone, so B[1] restarts too");
}

#[test]
fn what_is_kept_does_not_drag_in_its_producer() {
    let mut story = job_of(T::Blocking).design(|design| design.release_during_job = false).story();
    story.take(&FIRST_B).take(&SECOND_B);
    assert!(story.tracks("A[0]>B") && story.stores("A[0]>B"));
    story.take(&["LosePartition B[0]>C", "MissPartition C[0] B[0]>C"]);
    assert_eq!(story.state.restarts[1].vertices, 0b01010, "B[0] and C[0]");
}

#[test]
fn what_outlives_the_job_is_not_released() {
    let mut story = job_of(T::BlockingPersistent).story();
    story.take(&FIRST_B).take(&SECOND_B);
    assert!(story.tracks("A[0]>B") && story.stores("A[0]>B"));
}

#[test]
fn a_region_that_is_not_finished_as_a_whole_releases_nothing() {
    let vertices =
        vec![source("A", 1, 1), task("B", 1, Operator::PerRow), sink("C", 1, SinkCommit::AtJobEnd)];
    let edges = vec![edge(0, 1, P::Forward, T::Blocking), edge(1, 2, P::Forward, T::Pipelined)];
    let mut story = job(vertices, edges).story();
    story.take(&["FinishTask A[0]", "ReadPartition B[0] A[0]>B", "ProduceOutput B[0]"]);
    story.take(&["FinishTask B[0]"]);
    assert!(story.tracks("A[0]>B"), "C may fail, and B with it");
    story.take(&["ReadPartition C[0] B[0]>C", "FinishTask C[0]"]);
    assert!(!story.tracks("A[0]>B"));
}

#[test]
fn the_seeded_defect_releases_after_the_first_consumer() {
    let mut story = job_of(T::Blocking).defect(Defect::ReleaseAfterFirstConsumer).story();
    story.take(&FIRST_B);
    assert!(!story.tracks("A[0]>B") && !story.stores("A[0]>B"));
}
