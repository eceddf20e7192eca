//! A release takes time, and a remote storage fails (sections 1.8, 4.2, 4.4 and 12).

use failproof_model::action::Action;
use failproof_model::design::{ConsumerPolicy, RemoteLosses};
use failproof_model::execution_state::ExecutionState as E;
use failproof_model::failover::ModelError;
use failproof_model::job_graph::{Partitioner as P, ResultPartitionType as T, SinkCommit, Storage};
use failproof_model::scenario::{Defect, FaultKind, Mechanism as M};
use failproof_model::state::JobStatus;

use crate::setup::{Setup, edge, job, sink, source};

/// A to two subtasks of B, of which the second is spared when the first makes A restart.
fn spared() -> Setup {
    let vertices = vec![source("A", 1, 2), sink("B", 2, SinkCommit::AtJobEnd)];
    job(vertices, vec![edge(0, 1, P::Rebalance, T::Blocking)])
        .knobs(|knobs| knobs.consumers = ConsumerPolicy::Never)
        .fine(&[M::Release])
        .faults(1, &[FaultKind::ReadFails])
}

const REPLACED: [&str; 3] = ["FinishTask A[0]", "FailRead B[0] A[0]>B", "RestartTasks A[0]"];

#[test]
fn what_was_replaced_is_read_until_its_release_arrives() {
    let mut story = spared().story();
    story.take(&REPLACED);
    assert!(story.can("ReadPartition B[1] A[0]>B"), "A[0] runs again, and B[1] reads what it had");
    let mut late = story.clone();
    story.take(&["ReadPartition B[1] A[0]>B"]);
    assert!(!story.can("ReleaseFormerPartitions A[0]"), "nobody is left to read it");
    story.go_on();
    assert_eq!(story.state.job, JobStatus::Finished);
    late.take(&["ReleaseFormerPartitions A[0]"]);
    assert!(!late.can("ReadPartition B[1] A[0]>B"));
    late.take(&["MissPartition B[1] A[0]>B"]);
    assert_eq!(late.book("B[1]"), E::Canceled, "the master says that the attempt was replaced");
}

#[test]
fn who_reads_what_was_replaced_has_what_that_attempt_wrote() {
    let mut story = spared().story();
    story.take(&REPLACED);
    let rows_of_b1 = |draw: &str| {
        let mut story = story.clone();
        story.take(&[&format!("FinishTask A[0]{draw}"), "ReadPartition B[1] A[0]>B"]);
        story.state.rows[2]
    };
    assert_eq!(rows_of_b1(""), rows_of_b1(" draw 1"), "whatever the next attempt draws");
}

#[test]
fn a_coarse_release_is_there_at_once() {
    let mut setup = spared();
    setup.0.grain = Default::default();
    let mut story = setup.story();
    story.take(&REPLACED);
    assert!(!story.can("ReadPartition B[1] A[0]>B"));
    assert!(story.can("MissPartition B[1] A[0]>B"));
}

#[test]
fn what_all_have_consumed_is_not_tracked_and_still_there() {
    let mut setup = spared();
    setup.0.faults = failproof_model::scenario::FaultBudget::NONE;
    let mut story = setup.story();
    story.take(&["FinishTask A[0]"]);
    for b in ["B[0]", "B[1]"] {
        story.take(&[&format!("ReadPartition {b} A[0]>B"), &format!("FinishTask {b}")]);
    }
    assert_eq!((story.state.tracked, story.state.stored), (0, 1));
    story.take(&["ReleasePartition A[0]>B"]);
    assert_eq!(story.state.stored, 0);
    assert_eq!(story.enabled(), ["FinishJob"]);
}

#[test]
fn a_release_that_comes_late_takes_nothing_from_a_newer_attempt() {
    for (defect, left) in [(None, 1), (Some(Defect::ReleaseWithoutAttempt), 0)] {
        let mut setup = spared();
        setup.0.defect = defect;
        let mut story = setup.story();
        story.take(&REPLACED);
        story.take(&["FinishTask A[0]", "ReleaseFormerPartitions A[0]"]);
        assert_eq!((story.state.tracked, story.state.stored), (1, left), "{defect:?}");
    }
}

#[test]
fn what_was_replaced_is_lost_with_its_task_manager() {
    let setup = spared().faults(2, &[FaultKind::ReadFails, FaultKind::TaskManagerDies]);
    let mut story = setup.placement(2, &[0, 1, 1]).story();
    story.take(&REPLACED);
    assert!(story.can("ReadPartition B[1] A[0]>B"));
    story.take(&["LoseTaskManager TM0"]);
    assert!(!story.can("ReadPartition B[1] A[0]>B"));
    assert!(!story.can("ReleaseFormerPartitions A[0]"));
}

/// Restarts until a job ends whose remote storage has lost `lost` partitions of one consumer.
fn restarts(lost: usize, losses: RemoteLosses) -> usize {
    let vertices = vec![source("A", lost, 1), sink("B", 1, SinkCommit::AtJobEnd)];
    let mut edges = vec![edge(0, 1, P::Rebalance, T::Blocking)];
    edges[0].storage = Storage::Reliable;
    let setup = job(vertices, edges).faults(1, &[FaultKind::RemoteStorageFails]);
    let mut story = setup.design(|design| design.remote_losses = losses).story();
    story.take_all(&["FinishTask A"]);
    story.take(&["FailRemoteStorage"]);
    assert_eq!(story.state.stored, 0);
    assert_eq!(story.state.tracked == 0, losses == RemoteLosses::Told);
    let mut restarts = 0;
    while let Some(&action) = story.model.enabled(&story.state).first() {
        restarts += usize::from(matches!(action, Action::RestartTasks { .. }));
        story.state = story.model.apply(&story.state, action);
    }
    assert_eq!(story.state.job, JobStatus::Finished);
    restarts
}

#[test]
fn losses_that_are_told_cost_one_restart_and_others_one_each() {
    for lost in 1..=4 {
        assert_eq!(restarts(lost, RemoteLosses::Discovered), lost);
        assert_eq!(restarts(lost, RemoteLosses::Told), 1);
    }
}

#[test]
fn what_does_not_go_together_is_refused() {
    let refused = |setup: Setup| setup.try_model::<8>().err();
    let links = |setup: Setup| setup.faults(1, &[FaultKind::LinkDrops]);
    let what = "links that break";
    assert_eq!(refused(links(spared())), Some(ModelError::ReleaseWith { what }));
    let mut coarse = spared();
    coarse.0.grain = Default::default();
    let splits = links(coarse.clone()).fine(&[M::Splits]);
    assert_eq!(refused(splits), Some(ModelError::LinksWith { what: "fine splits" }));
    let slots = links(coarse.clone()).slots(&[4; 2]);
    assert_eq!(refused(slots), Some(ModelError::LinksWith { what: "fine slots" }));
    let requests = coarse.clone().fine(&[M::PartitionRequests, M::Links]);
    let what = "fine partition requests";
    assert_eq!(refused(requests), Some(ModelError::LinksWith { what }));
    assert_eq!(refused(links(coarse)), None);
    let vertices = vec![source("A", 3, 1), sink("B", 1, SinkCommit::AtJobEnd)];
    let three = job(vertices, vec![edge(0, 1, P::Rebalance, T::Blocking)]).fine(&[M::Release]);
    assert!(matches!(refused(three), Some(ModelError::TooLarge { found: 3, max: 2, .. })));
}
