//! Restarts that overlap, what a reset clears, and the end of the budget (sections 3.4 to 3.6).

use failproof_model::execution_state::ExecutionState as E;
use failproof_model::job_graph::{Partitioner as P, ResultPartitionType as T, SinkCommit};
use failproof_model::scenario::{FaultKind, Mechanism as M};
use failproof_model::state::JobStatus;

use crate::setup::{Setup, edge, job, sink, source};
use crate::story::Story;

/// A and B both produce for C while it runs; each is a region by itself.
fn two_producers() -> Setup {
    let vertices = vec![source("A", 1, 1), source("B", 1, 1), sink("C", 1, SinkCommit::AtJobEnd)];
    let edges = vec![edge(0, 2, P::Forward, T::HybridFull), edge(1, 2, P::Forward, T::HybridFull)];
    job(vertices, edges).fine(&[M::Reports, M::Cancellation]).faults(2, &[FaultKind::TaskThrows])
}

/// As [`two_producers`], with two consumers. A is finished when the first consumer cannot reach its output.
fn finished_and_out_of_reach() -> Story {
    let vertices = vec![source("A", 1, 1), source("B", 1, 1), sink("C", 2, SinkCommit::AtJobEnd)];
    let of = |from| edge(from, 2, P::Broadcast, T::HybridFull);
    let mut story = job(vertices, vec![of(0), of(1)])
        .fine(&[M::Reports, M::Cancellation])
        .faults(2, &[FaultKind::TaskThrows, FaultKind::ReadFails])
        .story();
    story.take(&["ProduceOutput A[0]", "FinishTask A[0]", "DeliverReport A[0]"]);
    story.take(&["FailRead C[0] A[0]>C", "DeliverReport C[0]"]);
    story
}

#[test]
fn a_later_failover_takes_vertices_from_an_earlier_one() {
    let mut story = finished_and_out_of_reach();
    assert_eq!(story.state.restarts[0].vertices, 0b1101, "A and its consumers");
    story.take(&["ThrowInTask B[0]", "DeliverReport B[0]"]);
    let vertices = story.state.restarts.map(|restart| restart.vertices);
    assert_eq!(vertices[..3], [0b0001, 0b1110, 0], "the versions of the consumers are newer now");
    assert!(!story.can("RestartTasks A[0]"), "which still waits for all that it cancelled");
    let books = |story: &Story| ["A[0]", "B[0]", "C[0]", "C[1]"].map(|v| story.book(v));
    story.take(&["AcknowledgeCancel C[1]", "RestartTasks A[0]"]);
    assert_eq!(books(&story), [E::Running, E::Failed, E::Failed, E::Canceled]);
    story.take(&["RestartTasks B[0]"]);
    assert_eq!(books(&story), [E::Running; 4]);
    story.go_on();
    assert_eq!(story.state.job, JobStatus::Finished);
    assert_eq!(story.shown("C"), "[r0@A r0@A r1@B r1@B]");
}

#[test]
fn a_failed_producer_is_untracked_so_the_next_failover_takes_it_along() {
    let mut story = two_producers().story();
    story.take(&["ThrowInTask A[0]", "DeliverReport A[0]"]);
    assert_eq!(story.state.restarts[0].vertices, 0b101);
    story.take(&["ThrowInTask B[0]", "DeliverReport B[0]"]);
    assert_eq!(story.state.restarts[0].vertices, 0b111);
}

#[test]
fn an_earlier_restart_of_which_nothing_is_left_does_nothing() {
    let mut story = two_producers().story();
    story.take(&["ThrowInTask C[0]", "DeliverReport C[0]"]);
    assert_eq!(story.state.restarts[2].vertices, 0b100);
    story.take(&["ThrowInTask A[0]", "DeliverReport A[0]"]);
    assert_eq!(story.state.restarts.map(|restart| restart.vertices)[..3], [0b101, 0, 0]);
}

#[test]
fn a_reset_forgets_what_was_read_and_drawn() {
    let mut story = two_producers().story();
    story.take(&["ProduceOutput A[0]", "ReadPartition C[0] A[0]>C"]);
    assert_eq!(story.state.tasks[2].read, 0b01);
    story.take(&["ThrowInTask C[0]", "DeliverReport C[0]", "RestartTasks C[0]"]);
    assert_eq!((story.state.tasks[2].read, story.state.rows[2].len()), (0, 0));
    assert!(story.can("ReadPartition C[0] A[0]>C"), "which can be read again");
}

#[test]
fn one_failure_more_than_the_budget_fails_the_job() {
    let mut story = two_producers().design(|design| design.restart_attempts = Some(1)).story();
    story.take(&["ThrowInTask A[0]", "DeliverReport A[0]", "AcknowledgeCancel C[0]"]);
    story.take(&["RestartTasks A[0]", "ThrowInTask B[0]", "DeliverReport B[0]"]);
    assert_eq!(story.state.job, JobStatus::Failing);
    assert!(!story.state.is_restarting());
    assert!(story.enabled().iter().all(|step| !step.starts_with("RestartTasks")));
    story.take(&["AcknowledgeCancel A[0]"]);
    assert_eq!(story.state.job, JobStatus::Failing, "C is still being cancelled");
    story.take(&["AcknowledgeCancel C[0]"]);
    assert_eq!((story.state.job, story.enabled().len()), (JobStatus::Failed, 0));
    assert_eq!(story.shown("C"), "[]");
}

#[test]
fn a_failed_report_while_the_job_is_failing_starts_no_failover() {
    let mut story = two_producers().design(|design| design.restart_attempts = Some(0)).story();
    story.take(&["ThrowInTask A[0]", "ThrowInTask B[0]", "DeliverReport A[0]"]);
    story.take(&["DeliverReport B[0]", "AcknowledgeCancel C[0]"]);
    assert_eq!(story.state.job, JobStatus::Failed);
}

#[test]
fn a_finished_job_needs_that_no_restart_is_in_preparation() {
    let vertices = vec![source("A", 1, 1), sink("C", 2, SinkCommit::AtJobEnd)];
    let mut story = job(vertices, vec![edge(0, 1, P::Broadcast, T::Blocking)])
        .faults(1, &[FaultKind::ReadFails])
        .story();
    story.take(&["FinishTask A[0]", "ReadPartition C[0] A[0]>C", "FinishTask C[0]"]);
    story.take(&["FailRead C[1] A[0]>C"]);
    assert_eq!((story.book("A[0]"), story.book("C[0]")), (E::Finished, E::Finished));
    assert_eq!(story.enabled(), ["RestartTasks A[0]"]);
    story.take(&["RestartTasks A[0]"]);
    assert_eq!(
        story.book("C[0]"),
        E::Created,
        "a finished consumer restarts as well (1.2, fact 4)"
    );
}

#[test]
fn a_slot_that_does_not_come_in_time_fails_its_vertex() {
    let mut story =
        two_producers().fine(&[M::Deployment]).faults(1, &[FaultKind::SlotTimesOut]).story();
    story.take(&["DeployRegion A[0]", "TimeOutSlotRequest B[0]"]);
    assert_eq!((story.book("B[0]"), story.book("C[0]")), (E::Failed, E::Canceled));
    assert!(!story.can("DeployRegion B[0]") && !story.can("DeployRegion C[0]"));
    story.go_on();
    assert_eq!(story.state.job, JobStatus::Finished);
}
