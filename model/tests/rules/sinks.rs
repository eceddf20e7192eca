//! When a sink makes rows visible for good (section 3.8), and what a restart does to what is visible.

use failproof_model::job_graph::{Partitioner as P, ResultPartitionType as T, SinkCommit};
use failproof_model::scenario::{Defect, FaultKind};
use failproof_model::state::JobStatus;

use crate::setup::{Setup, edge, job, sink, source};
use crate::story::Story;

fn with(commit: SinkCommit) -> Setup {
    let vertices = vec![source("A", 1, 1), sink("C", 2, commit)];
    job(vertices, vec![edge(0, 1, P::Broadcast, T::Blocking)])
        .faults(1, &[FaultKind::PartitionLost])
}

/// C[0] is finished when A has to run again because C[1] does not find its output; then the job ends.
fn repeated(commit: SinkCommit) -> Story {
    let mut story = with(commit).story();
    story.take(&["FinishTask A[0]", "ReadPartition C[0] A[0]>C", "FinishTask C[0]"]);
    story.take(&["LosePartition A[0]>C", "MissPartition C[1] A[0]>C"]).go_on();
    assert_eq!(story.state.job, JobStatus::Finished);
    story
}

#[test]
fn a_sink_that_waits_for_the_job_shows_everything_at_once_and_once() {
    let mut story = with(SinkCommit::AtJobEnd).story();
    story.take_all(&["FinishTask", "ReadPartition"]);
    assert_eq!((story.shown("C").as_str(), story.enabled()), ("[]", vec!["FinishJob".to_owned()]));
    story.take(&["FinishJob"]);
    assert_eq!(story.shown("C"), "[r0 r0]");
    assert_eq!(repeated(SinkCommit::AtJobEnd).shown("C"), "[r0 r0]");
}

#[test]
fn a_sink_that_commits_by_task_shows_again_what_it_does_again() {
    let mut story = with(SinkCommit::PerTask).story();
    story.take(&["FinishTask A[0]", "ReadPartition C[0] A[0]>C"]);
    assert_eq!(story.shown("C"), "[]");
    story.take(&["FinishTask C[0]"]);
    assert_eq!((story.shown("C").as_str(), story.state.committed), ("[r0]", 0b010));
    assert_eq!(repeated(SinkCommit::PerTask).shown("C"), "[r0 r0 r0]");
}

#[test]
fn a_sink_that_shows_at_once_shows_what_it_reads() {
    let mut story = with(SinkCommit::AtOnce).story();
    story.take(&["FinishTask A[0]", "ReadPartition C[0] A[0]>C"]);
    assert_eq!((story.shown("C").as_str(), story.state.committed), ("[r0]", 0));
    assert_eq!(repeated(SinkCommit::AtOnce).shown("C"), "[r0 r0 r0]");
}

#[test]
fn the_seeded_defect_commits_at_both_ends() {
    let mut story = with(SinkCommit::AtJobEnd).defect(Defect::CommitTwice).story();
    story.take_all(&["FinishTask", "ReadPartition", "FinishJob"]);
    assert_eq!(story.shown("C"), "[r0 r0 r0 r0]");
}
