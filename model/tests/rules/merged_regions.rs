//! Regions on a cycle are merged (FLINK-17330), and then contain blocking exchanges.

use failproof_model::execution_state::ExecutionState as E;
use failproof_model::job_graph::{
    Operator, Partitioner as P, ResultPartitionType as T, SinkCommit,
};
use failproof_model::state::JobStatus;

use crate::setup::{ALL_FINE, Setup, edge, job, sink, source, task};

/// A to B and B to D by blocking exchanges, A to C and C to D by pipelined ones: A and D run together,
/// and so B as well.
fn diamond() -> Setup {
    let vertices = vec![
        source("A", 1, 1),
        task("B", 1, Operator::PerRow),
        task("C", 1, Operator::PerRow),
        sink("D", 1, SinkCommit::AtJobEnd),
    ];
    let edges = vec![
        edge(0, 1, P::Forward, T::Blocking),
        edge(0, 2, P::Forward, T::Pipelined),
        edge(1, 3, P::Forward, T::Blocking),
        edge(2, 3, P::Forward, T::Pipelined),
    ];
    job(vertices, edges)
}

#[test]
fn a_merged_region_is_scheduled_as_a_whole_and_ends() {
    let mut story = diamond().story();
    for name in ["A[0]", "B[0]", "C[0]", "D[0]"] {
        assert_eq!(story.book(name), E::Running, "{name}");
    }
    story.go_on();
    assert_eq!(story.state.job, JobStatus::Finished);
    assert_eq!(story.shown("D"), "[r0@B r0@C]");
}

#[test]
fn inside_a_region_a_blocking_input_is_waited_for_and_not_missed() {
    let mut story = diamond().fine(ALL_FINE).story();
    story.take(&["DeployRegion A[0] B[0] C[0] D[0]"]).take_all(&["StartTask"]);
    story.take(&["ProduceOutput A[0]", "ReadPartition C[0] A[0]>C"]);
    assert!(!story.enabled().iter().any(|step| step.contains("B[0]")), "{:?}", story.enabled());
    story.take(&["FinishTask A[0]"]);
    assert!(!story.can("ReadPartition B[0] A[0]>B"), "the master does not know of it yet");
    story.take(&["DeliverReport A[0]", "ReadPartition B[0] A[0]>B"]);
}

#[test]
fn unmerged_regions_wait_for_each_other_forever() {
    let story = diamond().knobs(|knobs| knobs.merge_cycles = false).story();
    assert_eq!(story.enabled(), [""; 0]);
    assert_eq!(story.state.job, JobStatus::Running);
}
