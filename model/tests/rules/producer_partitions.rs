//! Who untracks and releases a partition when its producer changes (section 4.3, row by row).

use failproof_model::execution_state::ExecutionState as E;
use failproof_model::job_graph::{Partitioner as P, ResultPartitionType as T, SinkCommit};
use failproof_model::scenario::{FaultKind, Mechanism as M};

use crate::setup::{Setup, edge, job, sink, source};
use crate::story::Story;

/// Two producers of stored partitions, on a TaskManager each, and one consumer.
fn producers() -> Setup {
    let vertices = vec![source("A", 2, 1), sink("C", 1, SinkCommit::AtJobEnd)];
    job(vertices, vec![edge(0, 1, P::Hash, T::Blocking)])
        .preset("restart-all")
        .fine(&[M::Reports, M::Detection, M::Cancellation])
        .faults(1, &[FaultKind::TaskThrows, FaultKind::TaskManagerDies, FaultKind::DiskFull])
}

fn partition(story: &Story, producer: &str) -> (E, bool, bool) {
    let name = format!("{producer}>C");
    (story.book(producer), story.tracks(&name), story.stores(&name))
}

#[test]
fn it_is_tracked_from_deployment_on_before_any_byte_exists() {
    let story = producers().story();
    assert_eq!(partition(&story, "A[0]"), (E::Running, true, false));
}

#[test]
fn finished_keeps_it() {
    let mut story = producers().story();
    story.take(&["FinishTask A[0]"]);
    assert_eq!(partition(&story, "A[0]"), (E::Running, true, true), "the report is under way");
    story.take(&["DeliverReport A[0]"]);
    assert_eq!(partition(&story, "A[0]"), (E::Finished, true, true));
}

#[test]
fn failed_on_its_task_manager_untracks_it() {
    for fault in ["ThrowInTask A[0]", "FillDisk A[0]"] {
        let mut story = producers().story();
        story.take(&[fault]);
        assert_eq!(partition(&story, "A[0]"), (E::Running, true, false));
        story.take(&["DeliverReport A[0]"]);
        assert_eq!(partition(&story, "A[0]"), (E::Failed, false, false));
    }
}

#[test]
fn failed_by_the_master_untracks_it() {
    let mut story = producers().story();
    story.take(&["LoseTaskManager TM0"]);
    assert_eq!(partition(&story, "A[0]"), (E::Running, true, false));
    story.take(&["NoticeLoss TM0"]);
    assert_eq!(partition(&story, "A[0]"), (E::Failed, false, false));
}

#[test]
fn cancelled_by_the_master_untracks_it_when_that_is_complete() {
    let mut story = producers().story();
    story.take(&["ThrowInTask A[1]", "DeliverReport A[1]"]);
    assert_eq!(partition(&story, "A[0]"), (E::Canceling, true, false));
    story.take(&["AcknowledgeCancel A[0]"]);
    assert_eq!(partition(&story, "A[0]"), (E::Canceled, false, false));
}

#[test]
fn the_reset_of_a_finished_producer_untracks_and_releases_it() {
    let mut story = producers().story();
    story.take(&["FinishTask A[0]", "DeliverReport A[0]"]);
    story.take(&["ThrowInTask A[1]", "DeliverReport A[1]"]);
    assert_eq!(partition(&story, "A[0]"), (E::Finished, true, true));
    story.take(&["RestartTasks A[0]"]);
    assert_eq!(partition(&story, "A[0]"), (E::Running, true, false), "of the next attempt");
}

#[test]
fn a_report_of_a_lost_task_manager_arrives_late_and_changes_nothing() {
    let mut story = producers().story();
    story.take(&["FinishTask A[0]", "LoseTaskManager TM0", "NoticeLoss TM0"]);
    assert_eq!(partition(&story, "A[0]"), (E::Failed, false, false));
    story.take(&["AcknowledgeCancel A[1]", "RestartTasks A[0]"]);
    let before = story.state;
    story.take(&["DeliverStaleReport A[0]"]);
    let stale_reports = 0;
    assert_eq!(before.stale_reports, 1);
    assert_eq!(story.state, failproof_model::state::State { stale_reports, ..before });
}
