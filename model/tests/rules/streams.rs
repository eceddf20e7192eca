//! What is streamed can be read once; an approximate stream can be joined again and has lost what was sent before
//! (sections 1.4 and 4.7).

use failproof_model::design::AvailabilityRule;
use failproof_model::execution_state::ExecutionState as E;
use failproof_model::job_graph::{Partitioner as P, ResultPartitionType as T, SinkCommit};
use failproof_model::scenario::FaultKind;
use failproof_model::state::JobStatus;

use crate::setup::{Setup, edge, job, sink, source};

/// A row for each of two consumers. It is no broadcast: that would never be hybrid selective (FLINK-30392).
fn stream(result_type: T) -> Setup {
    let vertices = vec![source("A", 1, 2), sink("C", 2, SinkCommit::AtJobEnd)];
    job(vertices, vec![edge(0, 1, P::Hash, result_type)]).faults(1, &[FaultKind::TaskThrows])
}

#[test]
fn a_stream_is_gone_once_every_consumer_has_read_it() {
    for result_type in [T::Pipelined, T::PipelinedBounded, T::HybridSelective] {
        let mut story = stream(result_type).story();
        story.take(&["ProduceOutput A[0]", "ReadPartition C[0] A[0]>C"]);
        assert!(story.stores("A[0]>C"), "{result_type:?}");
        story.take(&["ReadPartition C[1] A[0]>C"]);
        assert!(!story.stores("A[0]>C"), "{result_type:?}");
        story.take(&["FinishTask A[0]"]);
        assert!(!story.stores("A[0]>C"), "{result_type:?}");
    }
}

#[test]
fn a_finished_producer_that_is_cancelled_drops_what_it_streamed_and_keeps_what_it_stored() {
    for (result_type, kept) in [(T::Pipelined, false), (T::HybridFull, true)] {
        let mut story = stream(result_type).preset("restart-all").story();
        story.take(&["ProduceOutput A[0]", "FinishTask A[0]", "ThrowInTask C[0]"]);
        assert_eq!(story.book("A[0]"), E::Finished);
        assert_eq!(story.stores("A[0]>C"), kept, "until the restart resets it: {result_type:?}");
    }
}

#[test]
fn a_hybrid_full_partition_stays_until_it_is_released() {
    let mut story = stream(T::HybridFull).story();
    story.take(&["ProduceOutput A[0]", "ReadPartition C[0] A[0]>C", "ReadPartition C[1] A[0]>C"]);
    assert!(story.stores("A[0]>C"));
    story.take(&["FinishTask A[0]", "FinishTask C[0]", "FinishTask C[1]"]);
    assert!(!story.stores("A[0]>C"));
}

#[test]
fn the_failure_of_a_consumer_restarts_its_producer_unless_the_data_can_be_read_again() {
    let restarted = |result_type| {
        let mut story = stream(result_type).story();
        story.take(&["ProduceOutput A[0]", "ReadPartition C[0] A[0]>C", "ThrowInTask C[0]"]);
        story.state.restarts.iter().fold(0, |all, restart| all | restart.vertices)
    };
    assert_eq!(restarted(T::Pipelined), 0b111, "the region");
    assert_eq!(restarted(T::HybridSelective), 0b111, "rule 2, then rule 3");
    assert_eq!(restarted(T::PipelinedApproximate), 0b111, "it is not tracked (FLINK-27902)");
    assert_eq!(restarted(T::HybridFull), 0b010, "the consumer alone");
}

#[test]
fn believed_available_a_selective_partition_is_missed_by_who_read_it_before() {
    // FLINK-28701: the tracker has it, and it cannot be read again.
    let mut story = stream(T::HybridSelective).preset("flink-1.12").story();
    story.take(&["ProduceOutput A[0]", "ReadPartition C[0] A[0]>C", "ThrowInTask C[0]"]);
    assert_eq!(story.state.restarts[1].vertices, 0b010);
    story.take(&["RestartTasks C[0]", "MissPartition C[0] A[0]>C"]);
    assert_eq!(story.state.restarts[0].vertices, 0b111);
    story.go_on();
    assert_eq!((story.state.job, story.shown("C").as_str()), (JobStatus::Finished, "[r0 r1]"));
}

#[test]
fn a_consumer_that_joins_an_approximate_stream_again_has_lost_what_was_sent_before() {
    let mut story = stream(T::PipelinedApproximate)
        .knobs(|knobs| knobs.availability = AvailabilityRule::Unnamed)
        .story();
    story.take(&["ProduceOutput A[0]", "ReadPartition C[0] A[0]>C", "ThrowInTask C[0]"]);
    assert_eq!(story.state.restarts[1].vertices, 0b010, "the consumer alone");
    story.take(&["RestartTasks C[0]", "ReadPartition C[0] A[0]>C", "ReadPartition C[1] A[0]>C"]);
    assert_eq!(story.book("A[0]"), E::Running);
    story.take_all(&["FinishTask", "FinishJob"]);
    assert_eq!((story.state.job, story.shown("C").as_str()), (JobStatus::Finished, "[r1]"));
}

#[test]
fn a_producer_that_fails_after_it_was_read_restarts_its_consumers() {
    for result_type in [T::Pipelined, T::HybridFull, T::HybridSelective] {
        let mut story = stream(result_type).story();
        story.take(&["ProduceOutput A[0]", "ReadPartition C[0] A[0]>C", "FinishTask C[0]"]);
        story.take(&["ThrowInTask A[0]"]);
        assert_eq!(story.state.restarts[0].vertices, 0b111, "C[0] is FINISHED: {result_type:?}");
    }
}
