//! When a region is scheduled (section 3.7).

use failproof_model::execution_state::ExecutionState as E;
use failproof_model::job_graph::{
    Operator, Partitioner as P, ResultPartitionType as T, SinkCommit,
};
use failproof_model::scenario::{Defect, FaultKind, Mechanism as M};
use failproof_model::state::JobStatus;

use crate::setup::{ALL_FINE, Setup, edge, job, sink, source, task};

/// Two subtasks of A and of B, exchanging rows all to all, and a sink behind a blocking exchange.
fn three_stages(first: T) -> Setup {
    let vertices =
        vec![source("A", 2, 1), task("B", 2, Operator::PerRow), sink("C", 2, SinkCommit::AtJobEnd)];
    job(vertices, vec![edge(0, 1, P::Hash, first), edge(1, 2, P::Forward, T::Blocking)])
}

#[test]
fn a_pipelined_region_is_deployed_as_a_whole() {
    let story = three_stages(T::Pipelined).fine(ALL_FINE).story();
    assert_eq!(story.enabled(), ["DeployRegion A[0] A[1] B[0] B[1]"]);
}

#[test]
fn a_hybrid_consumer_is_scheduled_with_its_producers() {
    for result_type in [T::HybridFull, T::HybridSelective, T::PipelinedApproximate] {
        let story = three_stages(result_type).fine(ALL_FINE).story();
        let regions = ["A[0]", "A[1]", "B[0]", "B[1]"].map(|name| format!("DeployRegion {name}"));
        assert_eq!(story.enabled(), regions);
    }
}

#[test]
fn a_blocking_consumer_waits_for_all_its_producers() {
    let mut story = three_stages(T::Blocking).story();
    story.take(&["FinishTask A[0]"]);
    assert_eq!((story.book("B[0]"), story.book("B[1]")), (E::Created, E::Created));
    story.take(&["FinishTask A[1]"]);
    assert_eq!((story.book("B[0]"), story.book("B[1]")), (E::Running, E::Running));
    assert_eq!(story.book("C[0]"), E::Created);
    story.take(&["ReadPartition B[0] A[0]>B", "ReadPartition B[0] A[1]>B", "FinishTask B[0]"]);
    assert_eq!((story.book("C[0]"), story.book("C[1]")), (E::Running, E::Created), "point-wise");
}

#[test]
fn only_what_is_created_is_scheduled_when_producers_finish_again() {
    // FLINK-21707: A finishes again while C is finished and was not reset, because its restart is another one.
    let vertices = vec![source("A", 1, 1), sink("C", 2, SinkCommit::AtJobEnd)];
    let mut story = job(vertices, vec![edge(0, 1, P::Broadcast, T::Blocking)])
        .knobs(|knobs| knobs.consumers = failproof_model::design::ConsumerPolicy::Never)
        .faults(1, &[FaultKind::PartitionLost])
        .story();
    story.take(&["FinishTask A[0]", "ReadPartition C[0] A[0]>C", "FinishTask C[0]"]);
    story.take(&["LosePartition A[0]>C", "MissPartition C[1] A[0]>C", "RestartTasks A[0]"]);
    assert_eq!(
        ["A[0]", "C[0]", "C[1]"].map(|v| story.book(v)),
        [E::Running, E::Finished, E::Created]
    );
    story.take(&["FinishTask A[0]"]);
    assert_eq!(["C[0]", "C[1]"].map(|v| story.book(v)), [E::Finished, E::Running]);
    story.go_on();
    assert_eq!((story.state.job, story.shown("C").as_str()), (JobStatus::Finished, "[r0 r0]"));
}

#[test]
fn a_region_is_placed_on_the_next_task_manager_that_the_master_counts_in() {
    let mut story = three_stages(T::Blocking)
        .without_returns()
        .fine(&[M::Detection])
        .faults(1, &[FaultKind::TaskManagerDies])
        .story();
    story.take(&["LoseTaskManager TM0", "NoticeLoss TM0", "RestartTasks A[0]"]);
    assert_eq!((story.state.tasks[0].at, story.book("A[0]")), (1, E::Running));
    assert!(!story.can("ReturnTaskManager TM0"));
}

#[test]
fn a_task_sent_to_a_task_manager_that_is_dead_is_lost_until_that_is_noticed() {
    let mut story = three_stages(T::Blocking)
        .fine(&[M::Detection])
        .faults(1, &[FaultKind::TaskManagerDies])
        .story();
    story.take(&["FinishTask A[0]", "LoseTaskManager TM1"]);
    assert_eq!(story.book("A[1]"), E::Running, "by the books");
    assert_eq!(story.enabled(), ["NoticeLoss TM1"]);
    story.go_on();
    assert_eq!((story.state.job, story.shown("C").as_str()), (JobStatus::Finished, "[r0 r1]"));
}

#[test]
fn seeded_defects_of_scheduling_are_what_they_say() {
    let unready = three_stages(T::Blocking).defect(Defect::ScheduleUnready).story();
    assert_eq!(unready.book("C[1]"), E::Running);
    let mut forgetful = three_stages(T::Blocking)
        .defect(Defect::ForgetReset)
        .faults(1, &[FaultKind::TaskThrows])
        .story();
    forgetful.take(&["ThrowInTask A[0]", "RestartTasks A[0]"]);
    assert_eq!(forgetful.book("A[0]"), E::Failed);
}
