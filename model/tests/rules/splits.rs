//! Splits that subtasks of a source pull while they run (sections 3.5 and 8.3).

use std::collections::BTreeSet;

use failproof_model::execution_state::ExecutionState as E;
use failproof_model::job_graph::{
    JobVertex, Operator, Partitioner as P, ResultPartitionType as T, SinkCommit, SplitAssignment,
};
use failproof_model::scenario::{FaultKind, Mechanism as M};
use failproof_model::state::{JobStatus, Truth};

use crate::setup::{Setup, edge, job, pulling, sink, source};
use crate::small_jobs;
use crate::story::Story;

/// Two subtasks that share two splits, and as many consumers.
fn pair(partitioner: P, result_type: T) -> Setup {
    let vertices = vec![pulling("A", 2, 1), sink("C", 2, SinkCommit::AtJobEnd)];
    job(vertices, vec![edge(0, 1, partitioner, result_type)])
}

fn splits_to_take(story: &Story) -> Vec<String> {
    story.enabled().into_iter().filter(|step| step.starts_with("ReadSplit")).collect()
}

#[test]
fn any_subtask_takes_any_split_and_nobody_takes_it_again() {
    let mut story = pair(P::Hash, T::Blocking).story();
    let all = ["ReadSplit A[0] r0", "ReadSplit A[0] r1", "ReadSplit A[1] r0", "ReadSplit A[1] r1"];
    assert_eq!(splits_to_take(&story), all);
    story.take(&["ReadSplit A[0] r1"]);
    assert_eq!(splits_to_take(&story), ["ReadSplit A[0] r0", "ReadSplit A[1] r0"]);
    story.take(&["ReadSplit A[0] r0"]);
    assert_eq!(story.enabled(), ["FinishTask A[0]", "FinishTask A[1]"], "one of them without any");
    story.take(&["FinishTask A[0]", "FinishTask A[1]"]).go_on();
    assert_eq!(story.shown("C"), "[r0 r1]");
}

#[test]
fn nobody_finishes_or_fills_its_disk_while_there_is_a_split() {
    let faults = [FaultKind::TaskThrows, FaultKind::DiskFull];
    let mut story = pair(P::Hash, T::Blocking).faults(1, &faults).story();
    story.take(&["ReadSplit A[0] r0"]);
    let reads = ["ReadSplit A[0] r1", "ReadSplit A[1] r1"];
    assert_eq!(story.enabled(), [reads[0], reads[1], "ThrowInTask A[0]", "ThrowInTask A[1]"]);
    story.take(&["ReadSplit A[1] r1"]);
    assert!(story.can("FinishTask A[0]") && story.can("FillDisk A[1]"));
}

#[test]
fn a_stream_is_complete_when_there_is_no_split_left() {
    let mut story = pair(P::Forward, T::Pipelined).story();
    story.take(&["ReadSplit A[0] r0"]);
    assert!(!story.can("ProduceOutput A[0]"));
    story.take(&["ReadSplit A[0] r1", "ProduceOutput A[0]", "ProduceOutput A[1]"]);
    assert_eq!(splits_to_take(&story), [""; 0]);
}

#[test]
fn a_failed_attempt_keeps_its_splits_until_its_reset() {
    let mut story = pair(P::Hash, T::Blocking).faults(1, &[FaultKind::TaskThrows]).story();
    story.take(&["ReadSplit A[0] r0", "ThrowInTask A[0]"]);
    assert_eq!(story.book("A[0]"), E::Failed);
    assert_eq!(splits_to_take(&story), ["ReadSplit A[1] r1"]);
    story.take(&["ReadSplit A[1] r1"]);
    assert!(story.can("FinishTask A[1]"), "what a failed attempt holds is not left");
    story.take(&["RestartTasks A[0]"]);
    assert_eq!(splits_to_take(&story), ["ReadSplit A[0] r0", "ReadSplit A[1] r0"]);
    assert!(!story.can("FinishTask A[1]"));
}

#[test]
fn a_sibling_may_take_what_a_reset_gave_back() {
    let mut story = pair(P::Hash, T::Blocking).faults(1, &[FaultKind::TaskThrows]).story();
    story.take(&["ReadSplit A[0] r0", "ThrowInTask A[0]", "RestartTasks A[0]"]);
    story.take(&["ReadSplit A[1] r0", "ReadSplit A[1] r1", "FinishTask A[0]", "FinishTask A[1]"]);
    let rows: Vec<usize> = story.state.rows[..2].iter().map(|rows| rows.len()).collect();
    assert_eq!(rows, [0, 2]);
    story.go_on();
    assert_eq!((story.state.job, story.shown("C").as_str()), (JobStatus::Finished, "[r0 r1]"));
}

#[test]
fn a_finished_attempt_keeps_its_splits_until_its_reset() {
    let mut story = pair(P::Hash, T::Blocking).faults(1, &[FaultKind::PartitionLost]).story();
    story.take(&["ReadSplit A[0] r1", "ReadSplit A[1] r0", "FinishTask A[0]", "FinishTask A[1]"]);
    story.take(&["LosePartition A[0]>C", "MissPartition C[0] A[0]>C"]);
    assert_eq!(splits_to_take(&story), [""; 0]);
    story.take(&["RestartTasks A[0]"]);
    assert_eq!(splits_to_take(&story), ["ReadSplit A[0] r1"], "its sibling keeps the other one");
    story.go_on();
    assert_eq!(story.shown("C"), "[r0 r1]");
}

#[test]
fn an_attempt_that_is_cancelled_may_take_one_more_and_keeps_all_until_its_reset() {
    let mut story = pair(P::Forward, T::Pipelined)
        .fine(&[M::Cancellation])
        .faults(1, &[FaultKind::TaskThrows])
        .story();
    story.take(&["ReadSplit A[0] r0", "ThrowInTask C[0]"]);
    assert_eq!(story.book("A[0]"), E::Canceling);
    story.take(&["ReadSplit A[0] r1", "AcknowledgeCancel A[0]"]);
    assert_eq!((story.book("A[0]"), splits_to_take(&story)), (E::Canceled, Vec::new()));
    story.take(&["RestartTasks A[0]"]);
    assert_eq!(splits_to_take(&story).len(), 4);
}

#[test]
fn a_lost_attempt_keeps_its_splits_until_its_reset() {
    let mut story = pair(P::Hash, T::Blocking)
        .fine(&[M::Detection])
        .faults(1, &[FaultKind::TaskManagerDies])
        .story();
    story.take(&["ReadSplit A[0] r0", "LoseTaskManager TM0"]);
    assert_eq!(story.state.tasks[0].truth, Truth::Lost);
    assert_eq!(splits_to_take(&story), ["ReadSplit A[1] r1"]);
    story.take(&["NoticeLoss TM0"]);
    assert_eq!(splits_to_take(&story), ["ReadSplit A[1] r1"]);
    story.take(&["RestartTasks A[0]"]);
    assert_eq!(splits_to_take(&story).len(), 4);
}

#[test]
fn each_source_has_a_pool_of_its_own() {
    let vertices = vec![source("E", 1, 1), pulling("A", 1, 1), sink("C", 1, SinkCommit::AtJobEnd)];
    let edges = vec![edge(0, 2, P::Forward, T::Pipelined), edge(1, 2, P::Forward, T::Pipelined)];
    let mut story = job(vertices, edges).story();
    assert_eq!(story.enabled(), ["ReadSplit A[0] r1", "ProduceOutput E[0]"]);
    story.take(&["ReadSplit A[0] r1"]).go_on();
    assert_eq!(story.shown("C"), "[r0@E r1@A]");
}

#[test]
fn the_order_in_which_splits_are_taken_is_kept_where_somebody_minds_it() {
    let held = |operator| {
        let consumer = JobVertex { operator, ..sink("C", 2, SinkCommit::AtJobEnd) };
        let edges = vec![edge(0, 1, P::Hash, T::Blocking)];
        let mut story = job(vec![pulling("A", 1, 2), consumer], edges).story();
        story.take(&["ReadSplit A[0] r1", "ReadSplit A[0] r0"]);
        story.state.rows[0].iter().collect::<Vec<u8>>()
    };
    assert_eq!(held(Operator::PerRow), [0, 1]);
    assert_eq!(held(Operator::Limit), [1, 0]);
}

#[test]
fn one_subtask_can_get_all_rows_of_the_pool() {
    let model = |splits, partitioner| {
        let mut setup = pair(partitioner, T::Blocking);
        setup.0.job.vertices[0] = JobVertex { splits, ..source("A", 2, 5) };
        setup.try_model::<4>().map(|_| ()).map_err(|error| error.to_string())
    };
    assert_eq!(model(SplitAssignment::Fixed, P::Shuffle), Ok(()));
    assert_eq!(
        model(SplitAssignment::Dynamic, P::Shuffle).unwrap_err(),
        "one subtask of vertex `A` can get 10 rows; with its partitioners the model holds 8: use fewer rows, or fewer \
         edges that multiply them or draw a channel for each"
    );
    assert_eq!(model(SplitAssignment::Dynamic, P::Hash), Ok(()));
}

/// In every state of every small job: one holder a split, and who still reads holds the rows of its splits.
#[test]
fn a_split_is_with_one_subtask_at_most() {
    let mut seen = BTreeSet::new();
    for (name, setup) in small_jobs::all() {
        let job = &setup.0.job;
        let pulls = |vertex: &JobVertex| vertex.splits == SplitAssignment::Dynamic;
        if !job.vertices.iter().any(pulls) {
            continue;
        }
        let space = setup.space();
        for state in &space.states {
            let mut taken = 0;
            let vertices = 0..space.model.size();
            for v in vertices.filter(|&v| pulls(&job.vertices[space.model.job_vertex(v)])) {
                let (task, rows) = (state.tasks[v], state.rows[v]);
                assert_eq!(taken & task.read, 0, "{name}");
                taken |= task.read;
                if task.truth == Truth::Running {
                    let held = rows.iter().fold(0, |mask, row| mask | 1 << row);
                    assert_eq!(held & !task.read, 0, "{name}");
                    // One that a coordinator has sent may be under way.
                    let sent = u32::from(setup.0.grain.is_fine(M::Splits));
                    assert!((task.read & !held).count_ones() <= sent, "{name}");
                }
                seen.insert((task.book as u8, task.read));
            }
        }
    }
    let holds_while = |book: E| seen.iter().any(|&(b, read)| b == book as u8 && read != 0);
    assert!([E::Running, E::Finished, E::Failed, E::Canceled].into_iter().all(holds_while));
}
