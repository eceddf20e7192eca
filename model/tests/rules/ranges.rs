//! The boundaries of a RANGE partitioner bind all subtasks of its producer.

use failproof_model::job_graph::{
    Operator, Partitioner as P, ResultPartitionType as T, SinkCommit,
};
use failproof_model::scenario::FaultKind;
use failproof_model::state::JobStatus;

use crate::setup::{Setup, edge, job, source, task};

/// Two producers of rows of keys 0 to 3 each; with four keys the two boundaries differ in where key 1 goes.
fn ranged(result_type: T) -> Setup {
    let mut aggregate = task("C", 2, Operator::PerKey);
    aggregate.sink = Some(SinkCommit::AtJobEnd);
    let vertices = vec![source("A", 2, 4), aggregate];
    job(vertices, vec![edge(0, 1, P::Range, result_type)]).keys(4)
}

#[test]
fn all_producers_deal_out_by_the_boundaries_of_the_first() {
    for result_type in [T::Blocking, T::Pipelined, T::HybridFull, T::HybridSelective] {
        let space = ranged(result_type).space();
        let ended = space.states.iter().filter(|state| state.job == JobStatus::Finished);
        let mut rows: Vec<_> = ended.map(|s| s.shown[2].len() + s.shown[3].len()).collect();
        rows.dedup();
        assert_eq!(rows, [4], "one sum a key, whoever reads when: {result_type:?}");
    }
}

#[test]
fn they_are_drawn_again_only_when_nothing_is_left_that_was_dealt_out_by_them() {
    let mut story = ranged(T::Blocking).faults(2, &[FaultKind::PartitionLost]).story();
    story.take(&["FinishTask A[0] draw 1"]);
    assert!(story.can("FinishTask A[1]") && !story.can("FinishTask A[1] draw 1"), "its only draw");
    story.take(&["FinishTask A[1]", "LosePartition A[0]>C", "MissPartition C[0] A[0]>C"]);
    story.take(&["RestartTasks A[0]"]);
    assert!(!story.can("FinishTask A[0] draw 1"), "A[1] still has its output");
    let mut other = ranged(T::Blocking).faults(2, &[FaultKind::PartitionLost]).story();
    other.take(&["FinishTask A[0] draw 1", "FinishTask A[1]"]);
    other.take(&["LosePartition A[0]>C", "LosePartition A[1]>C", "MissPartition C[0] A[0]>C"]);
    other.take(&["RestartTasks A[0]"]);
    assert!(other.can("FinishTask A[0] draw 1"));
}
