//! What a consumer does that does not find its partition (sections 1.2 and 4.6).

use failproof_model::execution_state::ExecutionState as E;
use failproof_model::job_graph::{
    Operator, Partitioner as P, ResultPartitionType as T, SinkCommit,
};
use failproof_model::scenario::{Defect, FaultKind, Mechanism as M};
use failproof_model::state::{JobStatus, Truth};

use crate::setup::{ALL_FINE, Setup, edge, job, sink, source, task};

/// A to B to C, one subtask each, on one TaskManager each.
fn chain(first: T, second: T) -> Setup {
    let vertices =
        vec![source("A", 1, 1), task("B", 1, Operator::PerRow), sink("C", 1, SinkCommit::AtJobEnd)];
    let edges = vec![edge(0, 1, P::Forward, first), edge(1, 2, P::Forward, second)];
    job(vertices, edges)
        .placement(3, &[0, 1, 2])
        .fine(&[M::Reports, M::Detection, M::Cancellation])
        .faults(1, &[FaultKind::TaskThrows, FaultKind::TaskManagerDies, FaultKind::PartitionLost])
}

#[test]
fn a_failed_producer_makes_its_readers_cancel_themselves() {
    for result_type in [T::Pipelined, T::PipelinedApproximate, T::HybridFull, T::HybridSelective] {
        let mut story = chain(result_type, T::Blocking).story();
        story.take(&["ThrowInTask A[0]", "MissPartition B[0] A[0]>B"]);
        assert_eq!(story.state.tasks[1].truth, Truth::Canceled, "{result_type:?}");
    }
}

#[test]
fn a_producer_that_cancelled_itself_does_so_too_even_after_its_report() {
    let mut story = chain(T::Pipelined, T::Pipelined)
        .design(|design| design.restart_attempts = Some(1))
        .story();
    story.take(&["ThrowInTask A[0]", "MissPartition B[0] A[0]>B", "DeliverReport B[0]"]);
    story.take(&["MissPartition C[0] B[0]>C", "DeliverReport C[0]"]);
    assert_eq!(story.book("C[0]"), E::Canceled);
    story.go_on();
    assert_eq!((story.state.job, story.shown("C").as_str()), (JobStatus::Finished, "[r0]"));
}

#[test]
fn a_stream_that_breaks_with_its_task_manager_is_a_failure_that_names_nothing() {
    let mut story = chain(T::Pipelined, T::Blocking).story();
    story.take(&["LoseTaskManager TM0", "MissPartition B[0] A[0]>B"]);
    assert_eq!((story.state.tasks[1].truth, story.state.tasks[1].cause), (Truth::Failed, 0));
    story.take(&["DeliverReport B[0]"]);
    assert!(story.state.is_restarting());
}

#[test]
fn a_stream_of_a_failed_task_whose_task_manager_is_gone_says_nothing_either() {
    let mut story = chain(T::HybridFull, T::Blocking).preset("flink-1.3").story();
    story.take(&["LoseTaskManager TM0", "NoticeLoss TM0"]);
    assert_eq!((story.book("A[0]"), story.book("B[0]")), (E::Failed, E::Running));
    story.take(&["MissPartition B[0] A[0]>B"]);
    assert_eq!((story.state.tasks[1].truth, story.state.tasks[1].cause), (Truth::Failed, 1));
}

#[test]
fn stored_data_that_is_gone_is_a_failure_that_names_the_partition() {
    for result_type in [T::Blocking, T::HybridFull] {
        let mut story = chain(result_type, T::Blocking).story();
        story.take_all(&["ProduceOutput A[0]", "FinishTask A[0]", "DeliverReport A[0]"]);
        story.take(&["LosePartition A[0]>B", "MissPartition B[0] A[0]>B"]);
        assert_eq!((story.state.tasks[1].truth, story.state.tasks[1].cause), (Truth::Failed, 1));
        story.take(&["DeliverReport B[0]"]);
        assert_eq!(story.state.restarts[0].vertices, 0b11, "the producer restarts as well");
    }
}

#[test]
fn a_descriptor_of_an_older_attempt_makes_its_reader_cancel_itself_for_nobody_to_restart() {
    let mut story = chain(T::HybridFull, T::Blocking).preset("flink-1.3").story();
    story.take(&["ThrowInTask A[0]", "DeliverReport A[0]", "RestartTasks A[0]"]);
    assert_eq!(story.book("B[0]"), E::Running, "consumers are left alone");
    story.take(&["MissPartition B[0] A[0]>B", "DeliverReport B[0]"]);
    assert_eq!(story.book("B[0]"), E::Canceled);
    story.go_on();
    assert_eq!((story.state.job, story.enabled().len()), (JobStatus::Running, 0), "stuck");
}

#[test]
fn what_a_producer_has_yet_to_produce_is_waited_for() {
    let mut story = chain(T::HybridFull, T::Blocking).fine(ALL_FINE).story();
    story.take(&["DeployRegion B[0]", "StartTask B[0]"]);
    assert!(!story.enabled().iter().any(|step| step.contains("A[0]>B")), "A is scheduled");
    story.take(&["DeployRegion A[0]", "StartTask A[0]"]);
    assert!(!story.enabled().iter().any(|step| step.contains("A[0]>B")), "A is running");
    story.take(&["ProduceOutput A[0]", "ReadPartition B[0] A[0]>B"]);
}

#[test]
fn the_seeded_defect_hides_which_partition_it_was() {
    let mut story = chain(T::Blocking, T::Blocking).defect(Defect::HideMissingPartition).story();
    story.take_all(&["ProduceOutput A[0]", "FinishTask A[0]", "DeliverReport A[0]"]);
    story.take(&["LosePartition A[0]>B", "MissPartition B[0] A[0]>B"]);
    assert_eq!((story.state.tasks[1].truth, story.state.tasks[1].cause), (Truth::Failed, 0));
    story.take(&["DeliverReport B[0]"]);
    assert_eq!(story.state.restarts[1].vertices, 0b10, "the consumer restarts alone");
}
