//! What the next master makes of a journal (section 5.6).

use failproof_model::design::{MasterFailover, RecoveredTasks, ResetsInRecovery, Snapshots};
use failproof_model::execution_state::ExecutionState as E;
use failproof_model::failover::ModelError;
use failproof_model::job_graph::{Partitioner as P, ResultPartitionType as T, SinkCommit};
use failproof_model::scenario::{FaultKind, Mechanism as M};

use crate::setup::{Setup, edge, job, pulling, sink, source};
use crate::story::Story;

/// A producer on TM0 and a consumer on each TaskManager, whose masters can die as often as they like.
fn stages(result_type: T) -> Setup {
    let vertices = vec![source("A", 1, 2), sink("B", 2, SinkCommit::AtJobEnd)];
    let setup = job(vertices, vec![edge(0, 1, P::Rebalance, result_type)]);
    let faults = [FaultKind::MasterDies, FaultKind::PartitionLost, FaultKind::TaskManagerDies];
    setup
        .placement(2, &[0, 0, 1])
        .design(|design| design.master_failover = MasterFailover::Journal)
        .faults(9, &faults)
}

fn always() -> Setup {
    stages(T::Blocking).design(|design| design.snapshots = Snapshots::Always)
}

fn books(story: &Story) -> [E; 3] {
    ["A[0]", "B[0]", "B[1]"].map(|name| story.book(name))
}

const READ_0: [&str; 2] = ["ReadPartition B[0] A[0]>B", "FinishTask B[0]"];
const READ_1: [&str; 2] = ["ReadPartition B[1] A[0]>B", "FinishTask B[1]"];

#[test]
fn what_has_finished_is_kept_and_what_runs_is_not() {
    let mut story = always().story();
    story.take(&["FinishTask A[0]"]);
    story.take(&READ_0);
    story.take(&["ReadPartition B[1] A[0]>B", "LoseMaster"]);
    assert_eq!(books(&story), [E::Finished, E::Finished, E::Running]);
    assert_eq!((story.state.stored, story.state.tracked), (1, 1));
    assert_eq!(story.state.tasks[2].read, 0, "it is another attempt");
}

/// The first event of a master carries a snapshot, and so does that which completes a job vertex.
#[test]
fn what_no_snapshot_follows_is_passed_over() {
    let mut story = stages(T::Blocking).story();
    story.take(&["FinishTask A[0]"]);
    story.take(&READ_0);
    let mut whole = story.clone();
    story.take(&["LoseMaster"]);
    assert_eq!(books(&story), [E::Finished, E::Running, E::Running]);
    whole.take(&READ_1);
    whole.take(&["LoseMaster"]);
    assert_eq!(books(&whole), [E::Finished; 3]);
    // Passed over once, and then brought back by the first event of the next master.
    story.take(&READ_1);
    story.take(&["LoseMaster"]);
    assert_eq!(books(&story), [E::Finished; 3]);
}

#[test]
fn an_event_that_is_not_flushed_is_lost() {
    let mut story = always().fine(&[M::Journal]).story();
    story.take(&["FinishTask A[0]", "FlushJournal"]);
    story.take(&READ_0);
    assert!(story.can("FlushJournal"));
    let mut flushed = story.clone();
    story.take(&["LoseMaster"]);
    assert_eq!(books(&story), [E::Finished, E::Running, E::Running]);
    assert!(!story.can("FlushJournal"), "what was written is what there is");
    flushed.take(&["FlushJournal", "LoseMaster"]);
    assert_eq!(books(&flushed), [E::Finished, E::Finished, E::Running]);
}

#[test]
fn what_was_reset_has_not_finished() {
    let mut story = always().story();
    story.take(&["FinishTask A[0]"]);
    story.take(&READ_0);
    story.take(&["LosePartition A[0]>B", "MissPartition B[1] A[0]>B"]);
    story.take(&["RestartTasks A[0]", "LoseMaster"]);
    assert_eq!(books(&story), [E::Running, E::Created, E::Created]);
}

#[test]
fn the_producer_of_what_is_missing_runs_again_with_whoever_has_read_it() {
    let mut story = always().story();
    story.take(&["FinishTask A[0]"]);
    story.take(&READ_0);
    story.take(&["LosePartition A[0]>B", "LoseMaster"]);
    assert_eq!(books(&story), [E::Running, E::Created, E::Created]);
    assert_eq!(story.state.fine.masters.astray, 0);
}

#[test]
fn what_nobody_is_going_to_read_is_not_missed() {
    let mut story = always().story();
    story.take(&["FinishTask A[0]"]);
    story.take(&READ_0).take(&READ_1);
    assert_eq!(story.state.stored, 0, "it is released");
    story.take(&["LoseMaster"]);
    assert_eq!(books(&story), [E::Finished; 3]);
    story.take(&["FinishJob"]);
    assert_eq!(story.shown("B"), "[r0 r1]");
}

#[test]
fn a_task_manager_that_is_late_is_not_waited_for_for_ever() {
    let mut story = always().fine(&[M::Registration]).story();
    story.take(&["FinishTask A[0]"]);
    story.take(&READ_0);
    story.take(&["LoseMaster"]);
    assert!(story.state.fine.masters.recovers);
    let mut late = story.clone();
    story.take(&["RegisterTaskManager TM0"]);
    assert!(!story.state.fine.masters.recovers, "all that is needed is there");
    assert_eq!(books(&story), [E::Finished, E::Finished, E::Running]);
    late.take(&["EndRecovery", "RegisterTaskManager TM1"]);
    assert_eq!((books(&late), late.state.stored), ([E::Running, E::Created, E::Created], 0));
}

#[test]
fn a_master_that_recovers_can_be_lost_and_a_task_manager_with_it() {
    let mut story = always().fine(&[M::Registration]).story();
    story.take(&["FinishTask A[0]"]);
    story.take(&READ_0);
    story.take(&["LoseMaster", "LoseMaster"]);
    assert!(story.state.fine.masters.recovers);
    story.take(&["LoseTaskManager TM0", "RegisterTaskManager TM1"]);
    story.take(&["EndRecovery"]);
    assert_eq!(books(&story), [E::Running, E::Created, E::Created]);
}

/// Flink writes down no reset of a recovery: what an older attempt has staged comes back with its event.
#[test]
fn what_a_recovery_resets_comes_back_unless_it_is_written_down() {
    let again = |resets| {
        let setup = always().design(|design| design.resets_in_recovery = resets);
        let mut story = setup.story();
        story.take(&["FinishTask A[0]"]);
        story.take(&READ_0);
        story.take(&["LosePartition A[0]>B", "LoseMaster", "FinishTask A[0] draw 1"]);
        story.take(&["LoseMaster"]);
        story
    };
    let written = again(ResetsInRecovery::Written);
    assert_eq!(books(&written), [E::Finished, E::Running, E::Running]);
    let mut unwritten = again(ResetsInRecovery::Unwritten);
    assert_eq!(books(&unwritten), [E::Finished, E::Finished, E::Running]);
    assert_eq!(unwritten.state.fine.masters.astray, 0b10);
    unwritten.take(&READ_1);
    unwritten.take(&["FinishJob"]);
    assert_eq!(unwritten.shown("B"), "[r1 r1]");
}

#[test]
fn a_consumer_is_kept_without_its_producer_unless_that_is_looked_at() {
    let recovered = |tasks| {
        let setup = stages(T::HybridFull).design(|design| design.recovered_tasks = tasks);
        let mut story = setup.story();
        story.take(&["ProduceOutput A[0]"]);
        story.take(&READ_0);
        story.take(&["LoseMaster"]);
        books(&story)[1]
    };
    assert_eq!(recovered(RecoveredTasks::Finished), E::Finished);
    assert_eq!(recovered(RecoveredTasks::FinishedWithInputs), E::Running);
}

#[test]
fn what_was_not_thought_through_is_refused() {
    let refused = |setup: Setup| setup.try_model::<16>().err();
    let pipelined = refused(stages(T::Pipelined));
    assert!(matches!(pipelined, Some(ModelError::JournalWith { .. })), "{pipelined:?}");
    let vertices = vec![pulling("A", 2, 1), sink("B", 2, SinkCommit::AtJobEnd)];
    let pulled = job(vertices, vec![edge(0, 1, P::Hash, T::Blocking)]);
    let pulled = refused(pulled.design(|d| d.master_failover = MasterFailover::Journal));
    assert!(matches!(pulled, Some(ModelError::JournalWith { .. })), "{pulled:?}");
    let vertices = vec![source("A", 1, 2), sink("B", 5, SinkCommit::AtJobEnd)];
    let many = job(vertices, vec![edge(0, 1, P::Hash, T::Blocking)]);
    let many = refused(many.design(|d| d.master_failover = MasterFailover::Journal));
    assert_eq!(many, Some(ModelError::TooManyToStage { found: 5 }));
    let mut held = always();
    held.0.lineage = true;
    let held = refused(held);
    assert!(matches!(held, Some(ModelError::JournalWith { .. })), "{held:?}");
}
