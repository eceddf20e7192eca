//! Two failovers that overlap are not one: what a restart set was to keep together, the version check takes apart
//! (section 3.4). A FINISHED producer that waits for its restart still counts as produced, and is read meanwhile.

use failproof_model::execution_state::ExecutionState as E;
use failproof_model::job_graph::{Partitioner as P, ResultPartitionType as T, SinkCommit};
use failproof_model::scenario::FaultKind;
use failproof_model::state::JobStatus;

use crate::setup::{Setup, edge, job, sink, source};
use crate::story::Story;

/// Both subtasks of C read A, dealt out at random, and each the subtask of B beside it.
fn two_inputs() -> Setup {
    let vertices = vec![source("A", 1, 2), source("B", 2, 1), sink("C", 2, SinkCommit::AtJobEnd)];
    let edges = vec![edge(0, 2, P::Rebalance, T::Blocking), edge(1, 2, P::Forward, T::HybridFull)];
    job(vertices, edges).faults(2, &[FaultKind::TaskThrows, FaultKind::ReadFails])
}

/// A and both C are to restart, because C[1] could not read A; then B[0] fails and takes C[0] from them.
fn overlapping() -> Story {
    let mut story = two_inputs().story();
    story.take(&["FinishTask A[0]", "FailRead C[1] A[0]>C", "ThrowInTask B[0]"]);
    let vertices = story.state.restarts.map(|restart| restart.vertices);
    assert_eq!(vertices[..2], [0b10001, 0b01010], "A and C[1]; B[0] and C[0]");
    story
}

const C0_READS_BOTH: [&str; 4] = [
    "RestartTasks B[0]",
    "ProduceOutput B[0]",
    "ReadPartition C[0] A[0]>C",
    "ReadPartition C[0] B[0]>C",
];

#[test]
fn restarted_first_a_consumer_keeps_what_the_other_consumer_will_get_of_another_attempt() {
    let mut story = overlapping();
    assert_eq!(story.book("A[0]"), E::Finished, "and so consumable");
    story.take(&C0_READS_BOTH).take(&["RestartTasks A[0]"]);
    assert_eq!((story.book("A[0]"), story.book("C[0]")), (E::Running, E::Running));
    story.take(&["FinishTask A[0] draw 1"]).go_on();
    assert_eq!(story.state.job, JobStatus::Finished);
    assert_eq!(story.shown("C"), "[r1@A r1@A r2@B r3@B]", "r0 is lost, r1 is there twice");
}

#[test]
fn restarted_first_and_slower_it_cancels_itself_and_the_job_hangs() {
    let mut story = overlapping();
    story.take(&["RestartTasks B[0]", "RestartTasks A[0]", "MissPartition C[0] A[0]>C"]);
    assert_eq!(story.book("C[0]"), E::Canceled);
    story.go_on();
    assert_eq!((story.state.job, story.enabled().len()), (JobStatus::Running, 0));
}

#[test]
fn in_the_order_of_the_failures_all_is_well() {
    let mut story = overlapping();
    story.take(&["RestartTasks A[0]", "RestartTasks B[0]"]).go_on();
    assert_eq!(story.state.job, JobStatus::Finished);
    assert_eq!(story.shown("C"), "[r0@A r1@A r2@B r3@B]");
}

#[test]
fn a_job_whose_tasks_are_all_finished_does_not_end_while_a_restart_is_in_preparation() {
    let vertices = vec![source("A", 1, 1), source("B", 1, 1), sink("C", 1, SinkCommit::AtJobEnd)];
    let of = |from| edge(from, 2, P::Forward, T::HybridFull);
    let mut story = job(vertices, vec![of(0), of(1)])
        .faults(2, &[FaultKind::TaskThrows, FaultKind::ReadFails])
        .story();
    story.take(&["ProduceOutput A[0]", "FinishTask A[0]", "FailRead C[0] A[0]>C"]);
    story.take(&["ThrowInTask B[0]", "RestartTasks B[0]", "ProduceOutput B[0]"]);
    story.take(&["ReadPartition C[0] A[0]>C", "ReadPartition C[0] B[0]>C"]);
    story.take(&["FinishTask B[0]", "FinishTask C[0]"]);
    assert_eq!(["A[0]", "B[0]", "C[0]"].map(|v| story.book(v)), [E::Finished; 3]);
    assert_eq!(story.enabled(), ["RestartTasks A[0]"], "the job is RESTARTING");
}
