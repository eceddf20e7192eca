//! Partitions before their producer is deployed, and after the end of their job (sections 4.2, 4.3 and 4.8).

use failproof_model::action::Action;
use failproof_model::execution_state::ExecutionState as E;
use failproof_model::job_graph::{
    Operator, Partitioner as P, ResultPartitionType as T, SinkCommit,
};
use failproof_model::scenario::{Defect, FaultKind, Mechanism as M};
use failproof_model::state::JobStatus;

use crate::setup::{Setup, edge, job, sink, source, task};
use crate::story::Story;

/// A to B to C, one subtask each.
fn chain(first: T) -> Setup {
    let vertices =
        vec![source("A", 1, 1), task("B", 1, Operator::PerRow), sink("C", 1, SinkCommit::AtJobEnd)];
    let edges = vec![edge(0, 1, P::Forward, first), edge(1, 2, P::Forward, T::Blocking)];
    let faults = [FaultKind::TaskThrows, FaultKind::JobCanceled];
    job(vertices, edges).fine(&[M::Partitions]).faults(2, &faults)
}

fn left(story: &Story) -> (u32, u32) {
    (story.state.fine.partitions.leaked, story.state.fine.partitions.promoted)
}

#[test]
fn a_vertex_is_deployed_when_its_partitions_are_registered() {
    let mut story = chain(T::Blocking).story();
    assert_eq!((story.book("A[0]"), story.tracks("A[0]>B")), (E::Scheduled, false));
    assert_eq!(story.enabled(), ["CancelJob", "RegisterPartitions A[0]"]);
    story.take(&["RegisterPartitions A[0]"]);
    assert_eq!((story.book("A[0]"), story.tracks("A[0]>B")), (E::Running, true));
    story.take(&["FinishTask A[0]", "RegisterPartitions B[0]", "ReadPartition B[0] A[0]>B"]);
    story.take(&["FinishTask B[0]"]);
    assert_eq!(story.book("C[0]"), E::Running, "a sink has no partitions");
}

#[test]
fn a_region_waits_for_the_partitions_of_all_its_vertices() {
    let mut story = chain(T::Pipelined).story();
    story.take(&["RegisterPartitions A[0]"]);
    assert_eq!((story.book("A[0]"), story.book("B[0]")), (E::Scheduled, E::Scheduled));
    story.take(&["RegisterPartitions B[0]"]);
    assert_eq!((story.book("A[0]"), story.book("B[0]")), (E::Running, E::Running));
}

#[test]
fn what_is_registered_for_an_execution_that_was_cancelled_is_released() {
    let late = |setup: Setup| {
        let mut story = setup.story();
        story.take(&["RegisterPartitions A[0]", "ThrowInTask A[0]"]);
        assert_eq!((story.book("B[0]"), story.state.fine.partitions.late), (E::Canceled, 0b10));
        story.take(&["RestartTasks A[0]"]);
        assert!(
            story.can("RegisterPartitions B[0]"),
            "and that of the next attempt is under way too"
        );
        story.take(&["RegisterPartitions B[0]"]);
        assert_eq!(story.state.fine.partitions.late, 0b10);
        story.take(&["ReleaseLateRegistration B[0]"]);
        story
    };
    let mut story = late(chain(T::HybridFull));
    assert_eq!(left(&story), (0, 0));
    story.go_on();
    assert_eq!((story.state.job, left(&story)), (JobStatus::Finished, (0, 0)));
    assert_eq!(left(&late(chain(T::HybridFull).defect(Defect::KeepLateRegistration))), (0b10, 0));
}

#[test]
fn a_job_that_is_cancelled_ends_without_its_registrations() {
    let mut story = chain(T::HybridFull).story();
    story.take(&["RegisterPartitions A[0]", "CancelJob"]);
    assert_eq!((story.state.job, story.enabled().len()), (JobStatus::Canceled, 0));
}

/// FLINK-13371.
#[test]
fn what_a_task_has_stored_that_finished_while_it_was_cancelled_is_released() {
    let crossed = |setup: Setup| {
        let mut story = setup.fine(&[M::Cancellation]).story();
        story.take(&["RegisterPartitions A[0]", "RegisterPartitions B[0]", "ProduceOutput A[0]"]);
        story.take(&["ReadPartition B[0] A[0]>B", "ThrowInTask A[0]", "FinishTask B[0]"]);
        assert_eq!((story.book("B[0]"), story.stores("B[0]>C")), (E::Canceled, false));
        left(&story)
    };
    assert_eq!(crossed(chain(T::HybridFull)), (0, 0));
    assert_eq!(crossed(chain(T::HybridFull).defect(Defect::KeepPartitionsOfCancelled)), (0b10, 0));
}

#[test]
fn what_is_persistent_outlives_a_job_that_succeeds_and_no_other() {
    let end = |setup: Setup, steps: &[&str]| {
        let mut story = setup.story();
        story.take(&["RegisterPartitions A[0]", "FinishTask A[0]"]).take(steps).go_on();
        (story.state.job, left(&story))
    };
    let persistent = || chain(T::BlockingPersistent);
    assert_eq!(end(persistent(), &[]), (JobStatus::Finished, (0, 0b01)));
    assert_eq!(end(persistent(), &["CancelJob"]), (JobStatus::Canceled, (0, 0)));
    assert_eq!(end(chain(T::Blocking), &[]), (JobStatus::Finished, (0, 0)));
    let broken = persistent().defect(Defect::PromoteInAnyCase);
    assert_eq!(end(broken, &["CancelJob"]), (JobStatus::Canceled, (0, 0b01)));
    let lost = persistent().faults(1, &[FaultKind::PartitionLost]);
    let steps = ["RegisterPartitions B[0]", "ReadPartition B[0] A[0]>B", "LosePartition A[0]>B"];
    assert_eq!(end(lost, &steps), (JobStatus::Finished, (0, 0)), "what is lost nobody can keep");
}

/// Whoever waits for a registration is SCHEDULED.
#[test]
fn only_who_is_scheduled_registers_partitions() {
    let faults = [FaultKind::TaskThrows, FaultKind::TaskManagerDies, FaultKind::JobFails];
    let space =
        chain(T::HybridFull).fine(&[M::Cancellation, M::Deployment]).faults(2, &faults).space();
    let mut late = 0;
    for state in &space.states {
        let partitions = state.fine.partitions;
        let registering = (0..8).filter(|v| partitions.registering & 1 << v != 0);
        assert!(registering.into_iter().all(|v| state.tasks[v].book == E::Scheduled));
        late += usize::from(partitions.late & partitions.registering != 0);
        let released = |action: &Action| matches!(action, Action::ReleaseLateRegistration { .. });
        let enabled = space.model.enabled(state);
        assert_eq!(enabled.iter().any(released), partitions.late != 0 && !state.job.is_terminal());
    }
    assert!(late > 10);
}

/// The coarse form does a part of what the fine one does, and at this size all of it.
#[test]
fn registering_partitions_changes_no_outcome() {
    for first in [T::Blocking, T::HybridFull, T::Pipelined] {
        let faults = [FaultKind::TaskThrows, FaultKind::PartitionLost];
        let vertices = vec![source("A", 1, 2), sink("C", 2, SinkCommit::PerTask)];
        let coarse = job(vertices, vec![edge(0, 1, P::Rebalance, first)])
            .design(|design| design.restart_attempts = Some(1))
            .faults(2, &faults);
        let fine = coarse.clone().fine(&[M::Partitions]).space();
        assert_eq!(coarse.space().ends(), fine.ends(), "{first:?}");
    }
}
