//! A job that its user cancels (section 3.4), and what a scenario in which that may happen is spared.

use failproof_model::execution_state::ExecutionState as E;
use failproof_model::job_graph::{Partitioner as P, ResultPartitionType as T, SinkCommit};
use failproof_model::scenario::{FaultKind, Mechanism as M};
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
    let cancel = failproof_model::action::Action::CancelJob;
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
