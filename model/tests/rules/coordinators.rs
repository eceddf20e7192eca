//! Coordinators of sources: who gets which split, what gets lost, and when splits come back (sections 3.5, 6 and 12).

use std::collections::BTreeSet;

use failproof_model::execution_state::ExecutionState as E;
use failproof_model::job_graph::{Partitioner as P, ResultPartitionType as T, SinkCommit};
use failproof_model::scenario::{Defect, FaultKind, Mechanism as M};
use failproof_model::state::{JobStatus, SplitEvent, State, Truth};

use crate::setup::{Setup, edge, job, pulling, sink, source};
use crate::story::Story;

/// Two subtasks that share two splits, and as many consumers.
fn pair(partitioner: P, result_type: T) -> Setup {
    let vertices = vec![pulling("A", 2, 1), sink("C", 2, SinkCommit::AtJobEnd)];
    job(vertices, vec![edge(0, 1, partitioner, result_type)]).fine(&[M::Splits])
}

fn throwing(partitioner: P, result_type: T) -> Setup {
    pair(partitioner, result_type).fine(&[M::Cancellation]).faults(1, &[FaultKind::TaskThrows])
}

fn pool(story: &Story) -> u16 {
    story.state.fine.splits.pool
}

const BOTH: [&str; 4] =
    ["AssignSplit A[0] r0", "DeliverEvent A[0]", "AssignSplit A[1] r1", "DeliverEvent A[1]"];

#[test]
fn a_subtask_asks_again_when_it_has_read_what_it_was_sent() {
    let mut story = pair(P::Hash, T::Blocking).story();
    let all = [
        "AssignSplit A[0] r0",
        "AssignSplit A[0] r1",
        "AssignSplit A[1] r0",
        "AssignSplit A[1] r1",
    ];
    assert_eq!(story.enabled(), all);
    story.take(&["AssignSplit A[0] r0"]);
    assert_eq!((pool(&story), story.state.rows[0].len()), (0b10, 0), "it is under way");
    assert_eq!(story.enabled(), ["AssignSplit A[1] r1", "DeliverEvent A[0]"]);
    story.take(&["DeliverEvent A[0]"]);
    assert_eq!(story.state.rows[0].len(), 1);
    story.take(&["AssignSplit A[0] r1", "DeliverEvent A[0]"]);
    assert_eq!(story.enabled(), ["SignalNoMoreSplits A[0]", "SignalNoMoreSplits A[1]"]);
}

#[test]
fn a_task_ends_when_it_was_told_that_no_split_is_left() {
    let mut story = pair(P::Hash, T::Blocking).faults(1, &[FaultKind::DiskFull]).story();
    story.take(&BOTH).take(&["SignalNoMoreSplits A[0]"]);
    assert!(!story.can("FinishTask A[0]") && !story.can("FillDisk A[0]"));
    story.take(&["DeliverEvent A[0]"]);
    assert!(story.can("FinishTask A[0]") && story.can("FillDisk A[0]"));
    story.take(&["FinishTask A[0]", "SignalNoMoreSplits A[1]", "DeliverEvent A[1]"]);
    story.take(&["FinishTask A[1]"]).go_on();
    assert_eq!((story.state.job, story.shown("C").as_str()), (JobStatus::Finished, "[r0 r1]"));
}

#[test]
fn splits_come_back_with_the_reset_also_those_that_were_under_way() {
    let mut story = throwing(P::Hash, T::Blocking).story();
    story.take(&[
        "AssignSplit A[0] r0",
        "DeliverEvent A[0]",
        "AssignSplit A[0] r1",
        "ThrowInTask A[0]",
    ]);
    assert_eq!((story.book("A[0]"), pool(&story)), (E::Failed, 0));
    assert_eq!(story.enabled(), ["RestartTasks A[0]", "SignalNoMoreSplits A[1]"]);
    story.take(&["RestartTasks A[0]"]);
    assert_eq!((pool(&story), story.state.tasks[0].read), (0b11, 0));
    assert!(story.can("AssignSplit A[1] r0"), "a sibling may get what came back");
}

#[test]
fn who_was_told_that_no_split_is_left_gets_none_that_comes_back() {
    let mut story = throwing(P::Hash, T::Blocking).story();
    story.take(&BOTH).take(&["SignalNoMoreSplits A[1]", "ThrowInTask A[0]", "RestartTasks A[0]"]);
    story.take(&["DeliverEvent A[1]"]);
    assert_eq!(story.enabled(), ["FinishTask A[1]", "AssignSplit A[0] r0"]);
}

/// FLINK-17702.
#[test]
fn an_attempt_that_is_being_cancelled_is_not_answered_any_more() {
    let mut story = throwing(P::Forward, T::Pipelined).story();
    story.take(&["AssignSplit A[0] r0", "ThrowInTask C[0]"]);
    assert_eq!(story.book("A[0]"), E::Canceling);
    assert!(story.can("DeliverEvent A[0]"), "what is under way arrives");
    story.take(&["DeliverEvent A[0]"]);
    assert!(!story.enabled().iter().any(|step| step.ends_with("A[0] r1")));
    story.take(&["AcknowledgeCancel A[0]", "RestartTasks A[0]"]);
    assert_eq!(pool(&story), 0b11);
    let mut story = throwing(P::Forward, T::Pipelined).defect(Defect::CancellationUntold).story();
    story.take(&["AssignSplit A[0] r0", "ThrowInTask C[0]", "DeliverEvent A[0]"]);
    story.take(&["AssignSplit A[0] r1", "AcknowledgeCancel A[0]", "RestartTasks A[0]"]);
    assert_eq!(
        (pool(&story), story.state.tasks[0].read),
        (0, 0b11),
        "nobody is going to read them"
    );
    let mut story = throwing(P::Forward, T::Pipelined).defect(Defect::CancellationUntold).story();
    story.take(&["AssignSplit A[0] r0", "ThrowInTask A[0]", "AcknowledgeCancel C[0]"]);
    story.take(&["RestartTasks A[0]"]);
    assert_eq!(pool(&story), 0b11, "of one that has failed they are told");
}

/// FLINK-20413.
#[test]
fn splits_that_come_back_twice_are_read_twice() {
    let setup = throwing(P::Hash, T::Blocking).defect(Defect::ReturnSplitsTwice);
    let mut story = setup.story();
    story.take(&["AssignSplit A[0] r0", "DeliverEvent A[0]", "ThrowInTask A[0]"]);
    assert_eq!(pool(&story), 0b11);
    story.take(&["AssignSplit A[1] r0", "RestartTasks A[0]"]);
    assert_eq!((pool(&story), story.state.tasks[1].read), (0b11, 0b01));
}

/// FLINK-21996.
#[test]
fn a_task_that_an_event_did_not_reach_is_failed_by_the_master() {
    let lost = |setup: Setup| {
        let mut story = setup.faults(1, &[FaultKind::CallLost]).story();
        story.take(&["AssignSplit A[0] r0", "LoseEvent A[0]"]);
        assert!(!story.can("DeliverEvent A[0]") && !story.can("AssignSplit A[0] r1"));
        story.take(&["FailDelivery A[0]"]);
        story
    };
    let mut story = lost(pair(P::Hash, T::Blocking));
    assert_eq!((story.book("A[0]"), story.state.tasks[0].truth), (E::Failed, Truth::None));
    story.go_on();
    assert_eq!((story.state.job, story.shown("C").as_str()), (JobStatus::Finished, "[r0 r1]"));
    let story = lost(pair(P::Hash, T::Blocking).defect(Defect::IgnoreLostEvent));
    assert_eq!(
        (story.book("A[0]"), story.state.fine.splits.event(0)),
        (E::Running, Some(SplitEvent::Missed))
    );
    assert_eq!(story.enabled(), ["AssignSplit A[1] r1"], "it waits, and nobody knows");
}

/// It is a failure like another, and may come before the report of the task itself.
#[test]
fn an_event_to_a_task_that_has_ended_does_not_reach_it() {
    let kinds = [FaultKind::TaskThrows, FaultKind::TaskManagerDies];
    let setup = pair(P::Hash, T::Blocking).fine(&[M::Reports, M::Detection]).faults(1, &kinds);
    let mut story = setup.story();
    story.take(&["AssignSplit A[0] r0", "ThrowInTask A[0]"]);
    assert!(story.can("DeliverReport A[0]") && !story.can("DeliverEvent A[0]"));
    story.take(&["FailDelivery A[0]"]);
    assert_eq!((story.book("A[0]"), story.can("DeliverReport A[0]")), (E::Failed, false));
    let mut story = setup.story();
    story.take(&["AssignSplit A[0] r0", "LoseTaskManager TM0"]);
    assert!(!story.can("AssignSplit A[0] r1"));
    story.take(&["FailDelivery A[0]", "RestartTasks A[0]"]);
    assert_eq!((story.state.tasks[0].truth, pool(&story)), (Truth::Lost, 0b11), "sent there again");
    story.take(&["NoticeLoss TM0"]).go_on();
    assert_eq!((story.state.job, story.shown("C").as_str()), (JobStatus::Finished, "[r0 r1]"));
}

/// FLINK-20222: `resetToCheckpoint`, where no checkpoint is.
#[test]
fn after_a_failure_of_the_whole_job_a_coordinator_has_all_its_splits_again() {
    let setup = pair(P::Hash, T::Blocking).faults(1, &[FaultKind::JobFails]);
    let failed = |setup: &Setup| {
        let mut story = setup.story();
        story.take(&BOTH).take(&["FailJob"]);
        assert!(story.state.fine.splits.global);
        story.take(&["RestartTasks A[0]"]);
        assert!(!story.state.fine.splits.global);
        story
    };
    let mut story = failed(&setup);
    assert_eq!(pool(&story), 0b11);
    story.go_on();
    assert_eq!(story.shown("C"), "[r0 r1]");
    assert_eq!(pool(&failed(&setup.defect(Defect::CoordinatorNotReset))), 0);
}

#[test]
fn each_source_has_a_coordinator_of_its_own() {
    let vertices = vec![
        source("E", 1, 1),
        pulling("A", 1, 2),
        pulling("B", 1, 1),
        sink("C", 1, SinkCommit::AtJobEnd),
    ];
    let exchange = |from| edge(from, 3, P::Hash, T::Blocking);
    let setup = job(vertices, vec![exchange(0), exchange(1), exchange(2)]);
    let mut story = setup.fine(&[M::Splits]).story();
    assert_eq!(pool(&story), 0b1110);
    story.take(&["AssignSplit B[0] r3", "DeliverEvent B[0]", "SignalNoMoreSplits B[0]"]);
    assert_eq!(pool(&story), 0b0110);
    story.go_on();
    assert_eq!(story.state.job, JobStatus::Finished);
}

/// What the rules rely on: a restart after a failure of the whole job is of all vertices until it comes.
#[test]
fn nothing_is_taken_over_from_a_restart_of_the_whole_job() {
    let faults = [FaultKind::TaskThrows, FaultKind::JobFails, FaultKind::CallLost];
    let setup = pair(P::Forward, T::Pipelined).fine(&[M::Cancellation]).faults(2, &faults);
    let space = setup.space();
    let global: Vec<&State<8>> =
        space.states.iter().filter(|state| state.fine.splits.global).collect();
    assert!(global.len() > 100);
    assert!(global.iter().all(|state| state.restarts[0].vertices == 0b1111));
}

/// The coarse form does a part of what the fine one does, and at this size all of it.
#[test]
fn splits_as_events_end_in_what_splits_taken_at_once_end_in() {
    for (partitioner, result_type) in [(P::Hash, T::Blocking), (P::Forward, T::Pipelined)] {
        let vertices = vec![pulling("A", 2, 1), sink("C", 2, SinkCommit::PerTask)];
        let coarse = job(vertices, vec![edge(0, 1, partitioner, result_type)])
            .design(|design| design.restart_attempts = Some(1))
            .faults(2, &[FaultKind::TaskThrows, FaultKind::PartitionLost]);
        let fine = coarse.clone().fine(&[M::Splits]).space().ends();
        let coarse = coarse.space().ends();
        let only_fine: BTreeSet<_> = fine.difference(&coarse).collect();
        assert!(coarse.is_subset(&fine) && only_fine.is_empty(), "{only_fine:?}");
    }
}
