//! What becomes of an execution that is cancelled, and of reports that meet a cancellation (section 3.2).

use failproof_model::execution_state::ExecutionState as E;
use failproof_model::job_graph::{
    Operator, Partitioner as P, ResultPartitionType as T, SinkCommit,
};
use failproof_model::scenario::{FaultKind, Mechanism as M};
use failproof_model::state::JobStatus;

use crate::setup::{ALL_FINE, Setup, edge, job, sink, source, task};
use crate::story::Story;

/// A streams to two subtasks of B, which are one region with it and store what they make for C.
fn region_with_output() -> Setup {
    let vertices =
        vec![source("A", 1, 1), task("B", 2, Operator::PerRow), sink("C", 1, SinkCommit::AtJobEnd)];
    let edges = vec![edge(0, 1, P::Hash, T::Pipelined), edge(1, 2, P::Hash, T::Blocking)];
    job(vertices, edges).fine(&[M::Reports, M::Cancellation]).faults(2, &[FaultKind::TaskThrows])
}

/// A has streamed its output and B[0] has read it.
fn streamed() -> Story {
    let mut story = region_with_output().design(|d| d.restart_attempts = Some(1)).story();
    story.take(&["ProduceOutput A[0]", "ReadPartition B[0] A[0]>B"]);
    story
}

#[test]
fn finished_while_canceling_counts_as_cancelled_and_drops_the_output() {
    let mut story = streamed();
    story.take(&["FinishTask B[0]", "ThrowInTask B[1]", "DeliverReport B[1]"]);
    assert_eq!(story.book("B[0]"), E::Canceling);
    assert!(story.stores("B[0]>C") && story.tracks("B[0]>C"));
    story.take(&["DeliverReport B[0]"]);
    assert_eq!(story.book("B[0]"), E::Canceled);
    assert!(!story.stores("B[0]>C") && !story.tracks("B[0]>C"));
}

#[test]
fn failed_while_canceling_completes_the_cancellation_and_starts_no_failover() {
    let mut story = streamed();
    story.take(&["ThrowInTask B[0]", "ThrowInTask B[1]", "DeliverReport B[0]"]);
    assert_eq!((story.book("B[0]"), story.book("B[1]")), (E::Failed, E::Canceling));
    story.take(&["DeliverReport B[1]"]);
    assert_eq!(story.book("B[1]"), E::Canceled);
    assert_eq!((story.state.failures, story.state.job), (1, JobStatus::Running));
}

#[test]
fn canceled_while_running_is_accepted_and_starts_no_failover() {
    let mut story = region_with_output().story();
    story.take(&["ThrowInTask A[0]", "MissPartition B[0] A[0]>B", "DeliverReport B[0]"]);
    assert_eq!(story.book("B[0]"), E::Canceled);
    assert!(!story.tracks("B[0]>C"), "untracked (section 4.3)");
    assert!(!story.state.is_restarting());
    story.take(&["DeliverReport A[0]"]);
    assert!(story.state.is_restarting());
    story.go_on();
    assert_eq!((story.state.job, story.shown("C").as_str()), (JobStatus::Finished, "[r0]"));
}

#[test]
fn created_and_scheduled_are_cancelled_at_once_and_what_is_deployed_is_waited_for() {
    let vertices = vec![source("A", 3, 1), sink("C", 1, SinkCommit::AtJobEnd)];
    let mut story = job(vertices, vec![edge(0, 1, P::Hash, T::Blocking)])
        .preset("restart-all")
        .fine(ALL_FINE)
        .faults(1, &[FaultKind::TaskThrows])
        .story();
    story.take(&["DeployRegion A[0]", "StartTask A[0]", "DeployRegion A[1]"]);
    let books = |story: &Story| ["A[1]", "A[2]", "C[0]"].map(|name| story.book(name));
    assert_eq!(books(&story), [E::Deploying, E::Scheduled, E::Created]);
    story.take(&["ThrowInTask A[0]", "DeliverReport A[0]"]);
    assert_eq!(books(&story), [E::Canceling, E::Canceled, E::Canceled]);
    assert!(!story.can("RestartTasks A[0]"));
    story.take(&["AcknowledgeCancel A[1]", "RestartTasks A[0]"]);
    assert_eq!(books(&story), [E::Scheduled, E::Scheduled, E::Created]);
}

#[test]
fn running_is_cancelled_with_a_call_and_finished_stays_finished() {
    let vertices = vec![source("A", 2, 1), sink("C", 1, SinkCommit::AtJobEnd)];
    let mut story = job(vertices, vec![edge(0, 1, P::Hash, T::Blocking)])
        .preset("restart-all")
        .fine(&[M::Cancellation])
        .faults(1, &[FaultKind::TaskThrows])
        .story();
    story.take(&["FinishTask A[0]"]);
    let mut other = Story { model: story.model, state: story.state };
    other.take(&["ThrowInTask A[1]"]);
    assert_eq!(other.book("A[0]"), E::Finished);
    assert!(other.stores("A[0]>C") && other.tracks("A[0]>C"), "until the restart resets it");
    other.take(&["RestartTasks A[0]"]);
    assert!(!other.stores("A[0]>C"), "reset (section 3.5)");
    assert_eq!(other.book("A[0]"), E::Running);
}
