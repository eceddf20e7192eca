//! What happens to a job as a whole: it fails and restarts (section 1.7), its user cancels it (section 3.4), it runs
//! out of restarts (section 3.6); and what a scenario in which that may happen is spared.

use failproof_model::action::Action;
use failproof_model::design::RestartBackoff;
use failproof_model::execution_state::ExecutionState as E;
use failproof_model::job_graph::{Partitioner as P, ResultPartitionType as T, SinkCommit};
use failproof_model::scenario::{Defect, FaultKind, Mechanism as M};
use failproof_model::state::JobStatus;

use crate::setup::{Setup, edge, job, sink, source};

/// A producer and its consumer, which runs beside it; the user may cancel the job.
fn pair() -> Setup {
    let vertices = vec![source("A", 1, 1), sink("C", 1, SinkCommit::PerTask)];
    job(vertices, vec![edge(0, 1, P::Forward, T::HybridFull)])
        .fine(&[M::Reports, M::Cancellation])
        .faults(2, &[FaultKind::TaskThrows, FaultKind::JobCanceled])
}

fn failing_at_once() -> Setup {
    pair().design(|design| design.restart_attempts = Some(0))
}

#[test]
fn a_cancelled_job_waits_for_its_tasks() {
    let mut story = pair().story();
    story.take(&["CancelJob"]);
    assert_eq!((story.state.job, story.book("A[0]")), (JobStatus::Cancelling, E::Canceling));
    story.take(&["AcknowledgeCancel A[0]"]);
    assert_eq!((story.state.job, story.book("A[0]")), (JobStatus::Cancelling, E::Canceled));
    story.take(&["AcknowledgeCancel C[0]"]);
    assert_eq!((story.state.job, story.enabled().len()), (JobStatus::Canceled, 0));
}

#[test]
fn with_coarse_cancellation_it_has_ended_at_once() {
    let mut setup = pair();
    setup.0.grain.set(M::Cancellation, false);
    let mut story = setup.story();
    story.take(&["CancelJob"]);
    assert_eq!(story.state.job, JobStatus::Canceled);
}

#[test]
fn no_restart_in_preparation_comes_to_anything() {
    let mut story = pair().story();
    story.take(&["ThrowInTask A[0]", "DeliverReport A[0]"]);
    assert!(story.state.is_restarting());
    story.take(&["CancelJob"]);
    assert!(!story.state.is_restarting());
    assert_eq!(story.enabled(), ["AcknowledgeCancel C[0]"]);
    story.take(&["AcknowledgeCancel C[0]"]);
    assert_eq!(story.state.job, JobStatus::Canceled);
}

#[test]
fn a_failure_while_cancelling_starts_no_failover() {
    let mut story = pair().story();
    story.take(&["ThrowInTask A[0]", "CancelJob", "DeliverReport A[0]"]);
    assert_eq!((story.state.job, story.book("A[0]")), (JobStatus::Cancelling, E::Canceled));
    assert!(!story.state.is_restarting());
}

#[test]
fn a_job_without_restarts_that_fails_while_it_is_being_cancelled_is_failed_and_not_canceled() {
    let both = [FaultKind::JobCanceled, FaultKind::JobFails];
    let mut story = failing_at_once().faults(2, &both).story();
    story.take(&["CancelJob", "AcknowledgeCancel A[0]", "FailJob"]);
    assert_eq!((story.state.job, story.book("C[0]")), (JobStatus::Failing, E::Canceling));
    story.take(&["AcknowledgeCancel C[0]"]);
    assert_eq!(story.state.job, JobStatus::Failed);
    let mut story = pair().faults(2, &both).story();
    story.take(&["CancelJob"]);
    assert!(!story.can("FailJob"), "the restart that is granted comes to nothing");
}

#[test]
fn a_failing_job_can_be_cancelled_and_then_is_canceled_and_not_failed() {
    let mut story = failing_at_once().story();
    story.take(&["ThrowInTask A[0]", "DeliverReport A[0]"]);
    assert_eq!(story.state.job, JobStatus::Failing);
    assert!(!story.can("ThrowInTask C[0]"), "which would make no difference");
    story.take(&["CancelJob", "AcknowledgeCancel C[0]"]);
    assert_eq!(story.state.job, JobStatus::Canceled);
}

#[test]
fn what_a_task_has_committed_before_it_is_cancelled_stays() {
    let mut story = pair().story();
    story.take(&["ProduceOutput A[0]", "ReadPartition C[0] A[0]>C", "CancelJob"]);
    story.take(&["FinishTask C[0]", "DeliverReport C[0]", "AcknowledgeCancel A[0]"]);
    assert_eq!((story.state.job, story.shown("C").as_str()), (JobStatus::Canceled, "[r0]"));
}

#[test]
fn it_is_cancelled_once_and_never_has_to_be() {
    let mut story = pair().faults(3, &[FaultKind::JobCanceled]).story();
    let cancel = Action::CancelJob;
    assert_eq!(story.model.fairness(&story.state, cancel), None);
    story.take(&["CancelJob"]);
    assert!(!story.can("CancelJob"));
}

/// The reductions know nothing of it.
#[test]
fn nothing_is_left_out_where_a_job_may_be_cancelled() {
    let alike = || {
        let vertices = vec![source("A", 2, 1), sink("C", 2, SinkCommit::AtJobEnd)];
        job(vertices, vec![edge(0, 1, P::Forward, T::Pipelined)]).fine(&[M::Reads])
    };
    let reduced = |setup: &Setup| {
        let space = setup.space();
        let model = &space.model;
        let views = space.states.iter().filter(|state| model.view(state) != **state).count();
        let local = |state| model.local_step(state, &model.enabled(state)).is_some();
        let local = space.states.iter().filter(|state| local(state)).count();
        (views > 0, local > 0, model.symmetry().order() > 1)
    };
    assert_eq!(reduced(&alike()), (true, true, true));
    assert_eq!(reduced(&alike().faults(1, &[FaultKind::JobCanceled])), (false, false, false));
}

/// Both vertices in one region, and both can fail; the job may fail as a whole as well.
fn pipelined() -> Setup {
    let vertices = vec![source("A", 1, 1), sink("C", 1, SinkCommit::AtJobEnd)];
    job(vertices, vec![edge(0, 1, P::Forward, T::Pipelined)])
        .fine(&[M::Cancellation])
        .faults(2, &[FaultKind::TaskThrows, FaultKind::JobFails, FaultKind::MasterThrows])
}

/// A producer that has to finish before its consumer begins.
fn stored() -> Setup {
    let vertices = vec![source("A", 1, 1), sink("C", 2, SinkCommit::AtJobEnd)];
    let kinds = [FaultKind::TaskThrows, FaultKind::JobFails, FaultKind::MasterThrows];
    job(vertices, vec![edge(0, 1, P::Rebalance, T::Blocking)]).faults(2, &kinds)
}

#[test]
fn a_global_failure_restarts_everything_whatever_the_strategy_says() {
    let mut story = stored().story();
    assert_eq!(story.book("C[0]"), E::Created);
    story.take(&["FailJob"]);
    assert_eq!(story.state.restarts[0].vertices, 0b111, "also what is CREATED");
    story.take(&["RestartTasks A[0]"]);
    assert_eq!((story.book("A[0]"), story.book("C[0]")), (E::Running, E::Created));
    story.take(&["FinishTask A[0]", "FailJob", "RestartTasks A[0]"]);
    assert!(!story.stores("A[0]>C"), "also what is FINISHED");
    assert_eq!(story.go_on().shown("C"), "[r0]");
}

#[test]
fn a_global_failure_waits_for_what_an_earlier_restart_cancels() {
    let mut story = pipelined().story();
    story.take(&["ThrowInTask A[0]", "FailJob"]);
    assert_eq!(story.book("C[0]"), E::Canceling);
    assert!(!story.can("RestartTasks A[0]"));
    story.take(&["AcknowledgeCancel C[0]", "RestartTasks A[0]"]);
    assert_eq!(story.book("C[0]"), E::Running);
    // FLINK-9788: it waits for nothing that it has not cancelled itself.
    let mut story = pipelined().defect(Defect::GlobalRestartDoesNotWait).story();
    story.take(&["ThrowInTask A[0]", "FailJob"]);
    assert_eq!(story.book("C[0]"), E::Canceling);
    assert!(story.can("RestartTasks A[0]"));
}

#[test]
fn a_global_failure_counts() {
    let mut story = pipelined().design(|design| design.restart_attempts = Some(1)).story();
    story.take(&["FailJob"]);
    assert!(story.state.is_restarting());
    story.take(&["FailJob"]);
    assert_eq!(story.state.job, JobStatus::Failing);
    assert!(!story.can("FailJob"));
}

#[test]
fn what_is_thrown_in_a_restart_fails_the_job_as_a_whole() {
    let mut story = stored().story();
    story.take(&["ThrowInTask A[0]"]);
    assert_eq!(story.state.restarts[0].vertices, 0b1);
    story.take(&["ThrowInRestart A[0]"]);
    assert_eq!((story.state.restarts[0].vertices, story.book("A[0]")), (0b111, E::Canceled));
    story.take(&["RestartTasks A[0]"]);
    assert_eq!(story.go_on().shown("C"), "[r0]");
}

/// FLINK-13452.
#[test]
fn what_is_swallowed_leaves_the_tasks_as_they_are() {
    let mut story = stored().defect(Defect::SwallowRestartException).story();
    story.take(&["ThrowInTask A[0]", "ThrowInRestart A[0]"]);
    assert_eq!((story.book("A[0]"), story.enabled().len()), (E::Failed, 0));
}

/// FLINK-20626.
#[test]
fn a_job_cancelled_while_failing_ends_unless_its_end_expects_failing() {
    for (defect, end) in
        [(None, JobStatus::Canceled), (Some(Defect::EndExpectsFailing), JobStatus::Cancelling)]
    {
        let mut setup = failing_at_once();
        setup.0.defect = defect;
        let mut story = setup.story();
        story.take(&["ThrowInTask A[0]", "DeliverReport A[0]", "CancelJob"]);
        story.take(&["AcknowledgeCancel C[0]"]);
        assert_eq!((story.state.job, story.enabled().len()), (end, 0), "{defect:?}");
    }
    // One that was running has an end that it hears.
    let mut story = pair().defect(Defect::EndExpectsFailing).story();
    story.take(&["CancelJob", "AcknowledgeCancel A[0]", "AcknowledgeCancel C[0]"]);
    assert_eq!(story.state.job, JobStatus::Canceled);
}

#[test]
fn an_older_restart_leaves_what_a_newer_one_has_taken_unless_it_ignores_versions() {
    let setup = stored().faults(2, &[FaultKind::TaskThrows, FaultKind::ReadFails]);
    let steps =
        ["FinishTask A[0]", "ThrowInTask C[0]", "FailRead C[1] A[0]>C", "RestartTasks A[0]"];
    let mut story = setup.story();
    story.take(&steps);
    assert!(!story.state.is_restarting());
    let mut story = setup.defect(Defect::IgnoreNewerVersions).story();
    story.take(&steps).take(&["FinishTask A[0]"]);
    assert_eq!(story.book("C[0]"), E::Running);
    story.take(&["RestartTasks C[0]"]);
    assert_eq!(story.book("C[0]"), E::Running, "reset, and begun once more");
}

/// FLINK-22276: the failure of `C` is archived once `A` has taken `C` over.
#[test]
fn a_failure_is_archived_from_a_snapshot_unless_by_what_its_vertex_is_by_then() {
    let vertices = vec![source("A", 1, 1), sink("C", 1, SinkCommit::AtJobEnd)];
    let hybrid = job(vertices, vec![edge(0, 1, P::Forward, T::HybridFull)])
        .faults(2, &[FaultKind::TaskThrows]);
    let steps = ["ThrowInTask C[0]", "ThrowInTask A[0]"];
    let mut story = hybrid.story();
    story.take(&steps);
    assert_eq!(story.enabled(), ["RestartTasks A[0]"]);
    let archiving = hybrid.defect(Defect::ArchiveCurrentAttempt);
    let mut early = archiving.story();
    early.take(&steps).take(&["ArchiveFailure C[0]"]);
    assert_eq!(early.enabled(), ["RestartTasks A[0]"], "it still is FAILED");
    let mut late = archiving.story();
    late.take(&steps).take(&["RestartTasks A[0]"]);
    assert!(late.can("ProduceOutput A[0]"));
    late.take(&["ArchiveFailure C[0]"]);
    assert_eq!(late.enabled(), [""; 0], "the master is dead");
}

/// Comet 5449.
#[test]
fn second_attempts_are_forbidden_only_where_they_may_differ() {
    let ends = |partitioner| {
        let vertices = vec![source("A", 1, 1), sink("C", 2, SinkCommit::AtJobEnd)];
        let edges = vec![edge(0, 1, partitioner, T::Blocking)];
        let setup = job(vertices, edges).faults(1, &[FaultKind::TaskThrows]);
        let mut story = setup.defect(Defect::ForbidSecondAttempts).story();
        story.take(&["ThrowInTask A[0]"]).go_on();
        story.state.job
    };
    assert_eq!((ends(P::Hash), ends(P::Rebalance)), (JobStatus::Finished, JobStatus::Failed));
}

/// Two pipelines that have nothing to do with each other; each can fail, and the job may restart once.
fn pipelines(backoff: RestartBackoff) -> Setup {
    let vertices = vec![source("A", 2, 1), sink("C", 2, SinkCommit::AtJobEnd)];
    job(vertices, vec![edge(0, 1, P::Forward, T::Pipelined)])
        .design(|design| design.restart_attempts = Some(1))
        .design(|design| design.restart_backoff = backoff)
        .fine(&[M::BackOff])
        .faults(3, &[FaultKind::TaskThrows])
}

#[test]
fn with_fixed_delay_each_failure_counts() {
    let mut story = pipelines(RestartBackoff::FixedDelay).story();
    story.take(&["ThrowInTask A[0]"]);
    assert!(story.can("RestartTasks A[0]") && !story.can("ElapseBackOff"));
    story.take(&["ThrowInTask A[1]"]);
    assert_eq!(story.state.job, JobStatus::Failed);
}

#[test]
fn exponential_delay_counts_once_what_fails_before_the_delay_has_passed() {
    let mut story = pipelines(RestartBackoff::ExponentialDelay).story();
    story.take(&["ThrowInTask A[0]", "ThrowInTask A[1]"]);
    assert_eq!((story.state.job, story.state.failures), (JobStatus::Running, 1));
    assert_eq!(story.enabled(), ["ElapseBackOff"], "both restarts wait for it");
    assert!(story.model.fairness(&story.state, Action::ElapseBackOff).is_some());
    story.take(&["ElapseBackOff", "RestartTasks A[0]"]);
    assert_eq!(story.take(&["RestartTasks A[1]"]).go_on().shown("C"), "[r0 r1]");
    // Afterwards another failure is one more.
    let mut story = pipelines(RestartBackoff::ExponentialDelay).story();
    story.take(&["ThrowInTask A[0]", "ElapseBackOff", "ThrowInTask A[1]"]);
    assert_eq!(story.state.job, JobStatus::Failed);
}

/// A delay that has passed does not begin again because something else fails.
#[test]
fn a_restart_whose_delay_has_passed_does_not_wait_for_that_of_another() {
    let setup = pipelines(RestartBackoff::ExponentialDelay);
    let mut story = setup.design(|design| design.restart_attempts = Some(2)).story();
    story.take(&["ThrowInTask A[0]", "ElapseBackOff", "ThrowInTask A[1]"]);
    assert!(story.can("RestartTasks A[0]") && !story.can("RestartTasks A[1]"));
}

/// With coarse back-off no time passes: only what fails in one turn of the master counts as one.
#[test]
fn with_coarse_back_off_the_tasks_of_a_lost_task_manager_count_as_one_failure() {
    let failures = |backoff| {
        let mut setup = pipelines(backoff).placement(2, &[0, 0, 1, 1]);
        setup.0.grain.set(M::BackOff, false);
        let setup = setup.faults(3, &[FaultKind::TaskThrows, FaultKind::TaskManagerDies]);
        let mut story = setup.design(|design| design.restart_attempts = Some(2)).story();
        story.take(&["LoseTaskManager TM0"]);
        assert!(story.can("RestartTasks A[0]"));
        story.state.failures
    };
    assert_eq!(failures(RestartBackoff::FixedDelay), 2);
    assert_eq!(failures(RestartBackoff::ExponentialDelay), 1);
}
