//! Links that break, and TaskManagers that register (sections 5.1 to 5.3 and 12).

use failproof_model::action::Action;
use failproof_model::design::Registration;
use failproof_model::execution_state::ExecutionState as E;
use failproof_model::failover::ModelError;
use failproof_model::job_graph::{Partitioner as P, ResultPartitionType as T, SinkCommit};
use failproof_model::scenario::{FaultKind, Mechanism as M};
use failproof_model::state::{Links, TaskManager, Truth};

use crate::setup::{Setup, edge, job, pulling, sink, source};
use crate::story::Story;

/// A producer on TM0 and its consumer on TM1, whose link can break once.
fn stages(commit: SinkCommit) -> Setup {
    let vertices = vec![source("A", 1, 1), sink("B", 1, commit)];
    job(vertices, vec![edge(0, 1, P::Forward, T::Blocking)])
        .placement(2, &[0, 1])
        .fine(&[M::Links])
        .faults(1, &[FaultKind::LinkDrops])
}

fn truth(story: &Story, name: &str) -> Truth {
    story.state.tasks[story.vertex(name)].truth
}

fn zombie_at(story: &Story, name: &str) -> Option<usize> {
    story.state.fine.links.zombie_at(story.vertex(name))
}

#[test]
fn what_was_reported_arrives_when_the_link_is_mended() {
    let mut story = stages(SinkCommit::AtJobEnd).story();
    story.take(&["DropLink TM0", "FinishTask A[0]"]);
    assert_eq!((story.book("A[0]"), truth(&story, "A[0]")), (E::Running, Truth::Finished));
    story.take(&["HealLink TM0"]);
    assert_eq!((story.book("A[0]"), story.book("B[0]")), (E::Finished, E::Running));
    assert_eq!(story.state.fine.links, Links::default());
}

#[test]
fn a_task_that_is_cut_off_is_given_no_split_and_not_told_that_there_is_none() {
    let vertices = vec![pulling("A", 1, 2), sink("B", 1, SinkCommit::AtJobEnd)];
    let mut story = job(vertices, vec![edge(0, 1, P::Forward, T::Blocking)])
        .placement(2, &[0, 1])
        .fine(&[M::Links])
        .faults(1, &[FaultKind::LinkDrops])
        .story();
    story.take(&["ReadSplit A[0] r0", "DropLink TM0"]);
    assert!(!story.can("ReadSplit A[0] r1"));
    story.take(&["HealLink TM0", "ReadSplit A[0] r1"]);
    assert!(story.can("FinishTask A[0]"));
}

#[test]
fn a_report_that_is_lost_makes_its_execution_be_missing() {
    let mut story = stages(SinkCommit::AtJobEnd).story();
    story.take(&["DropLink TM0", "FinishTask A[0]", "LoseReport A[0]"]);
    assert!(!story.can("ReconcileDeployment A[0]"), "nobody says what is there");
    story.take(&["HealLink TM0", "ReconcileDeployment A[0]"]);
    assert_eq!((story.book("A[0]"), story.state.stored), (E::Failed, 0));
    story.take(&["RestartTasks A[0]", "FinishTask A[0]"]);
    assert_eq!((story.book("A[0]"), story.book("B[0]")), (E::Finished, E::Running));
}

/// Section 4.5 for a TaskManager that lives: its task goes on, and is stopped by nobody before it gives up the master.
#[test]
fn a_task_manager_that_is_given_up_runs_on() {
    let mut story = stages(SinkCommit::PerTask).story();
    story.take(&["FinishTask A[0]", "ReadPartition B[0] A[0]>B", "DropLink TM1"]);
    story.take(&["TimeOutTaskManager TM1"]);
    assert_eq!(story.state.task_managers[1], TaskManager::Forgotten);
    assert_eq!((story.book("B[0]"), zombie_at(&story, "B[0]")), (E::Failed, Some(1)));
    story.take(&["RestartTasks B[0]"]);
    assert_eq!(story.state.tasks[1].at, 0, "another one is taken");
    story.take(&["FinishAsZombie B[0]"]);
    assert_eq!((story.shown("B").as_str(), zombie_at(&story, "B[0]")), ("[r0]", None));
    story.take(&["ReadPartition B[0] A[0]>B", "FinishTask B[0]"]);
    assert_eq!(story.shown("B"), "[r0 r0]");
}

#[test]
fn a_zombie_that_shows_at_once_reads_on() {
    let vertices = vec![source("A", 2, 1), sink("B", 1, SinkCommit::AtOnce)];
    let setup = job(vertices, vec![edge(0, 1, P::Hash, T::Blocking)]).placement(2, &[0, 0, 1]);
    let setup = setup.fine(&[M::Links]).faults(1, &[FaultKind::LinkDrops]);
    let mut story = setup.story();
    story.take(&["FinishTask A[0]", "FinishTask A[1]", "ReadPartition B[0] A[0]>B"]);
    story.take(&["DropLink TM1", "TimeOutTaskManager TM1", "ReadAsZombie B[0] A[1]>B"]);
    assert_eq!((story.shown("B").as_str(), zombie_at(&story, "B[0]")), ("[r0 r1]", None));
}

/// Section 5.2, then 5.3: its session is the same, so the master answers and does nothing.
#[test]
fn a_task_manager_that_has_given_up_its_master_is_no_other_one() {
    let mut story = stages(SinkCommit::AtJobEnd).story();
    story.take(&["FinishTask A[0]", "DropLink TM0", "TimeOutJobMaster TM0"]);
    assert_eq!((story.book("A[0]"), story.state.stored), (E::Finished, 0));
    assert_eq!(story.state.fine.links.unregistered, 1);
    story.take(&["HealLink TM0"]);
    assert_eq!(story.state.fine.links, Links::default());
    assert_ne!(story.state.tracked, 0, "the master has not heard that anything is gone");
    story.take(&["MissPartition B[0] A[0]>B"]);
    assert_eq!(story.state.restarts[0].vertices, 0b11);
    let by_connection = stages(SinkCommit::AtJobEnd)
        .design(|design| design.registration = Registration::ByConnection);
    let mut story = by_connection.story();
    story.take(&["FinishTask A[0]", "DropLink TM0", "TimeOutJobMaster TM0", "HealLink TM0"]);
    assert_eq!(story.state.tracked, 0);
}

#[test]
fn its_tasks_fail_and_say_so_if_they_can() {
    let mut story = stages(SinkCommit::AtJobEnd).story();
    story.take(&["DropLink TM0", "TimeOutJobMaster TM0"]);
    assert_eq!((story.book("A[0]"), truth(&story, "A[0]")), (E::Running, Truth::Failed));
    story.take(&["HealLink TM0"]);
    assert_eq!(story.book("A[0]"), E::Failed);
}

#[test]
fn who_was_forgotten_gives_up_the_master_and_registers_anew() {
    let setup = stages(SinkCommit::AtJobEnd).fine(&[M::Registration]);
    let mut story = setup.story();
    story.take(&["DropLink TM0", "TimeOutTaskManager TM0", "HealLink TM0"]);
    assert_eq!(story.enabled(), ["RestartTasks A[0]", "TimeOutJobMaster TM0"]);
    story.take(&["TimeOutJobMaster TM0", "RegisterTaskManager TM0"]);
    assert_eq!(story.state.task_managers[0], TaskManager::Registered);
    story.take(&["RestartTasks A[0]"]);
    assert_eq!(story.state.tasks[0].at, 0);
}

/// Section 3.2. The task was submitted, and starts; its zombie is cancelled when it is reported (section 5.1).
#[test]
fn a_call_that_is_not_answered_may_have_been_executed() {
    let setup = stages(SinkCommit::AtJobEnd).fine(&[M::Deployment, M::Reports]);
    let mut story = setup.story();
    story.take(&["DeployRegion A[0]", "DropLink TM0", "StartTask A[0]"]);
    assert_eq!((story.book("A[0]"), truth(&story, "A[0]")), (E::Deploying, Truth::Running));
    story.take(&["TimeOutCall A[0]"]);
    assert_eq!((story.book("A[0]"), zombie_at(&story, "A[0]")), (E::Failed, Some(0)));
    assert!(!story.can("StopZombie A[0]"));
    story.take(&["RestartTasks A[0]", "DeployRegion A[0]"]);
    assert_eq!(truth(&story, "A[0]"), Truth::Lost, "a call that did not arrive");
    story.take(&["HealLink TM0", "StopZombie A[0]", "TimeOutCall A[0]", "RestartTasks A[0]"]);
    story.take(&["DeployRegion A[0]", "StartTask A[0]"]);
    assert_eq!((story.book("A[0]"), zombie_at(&story, "A[0]")), (E::Running, None));
}

#[test]
fn an_answer_that_comes_in_time_is_one() {
    let mut story = stages(SinkCommit::AtJobEnd).fine(&[M::Deployment]).story();
    story.take(&["DeployRegion A[0]", "DropLink TM0", "StartTask A[0]", "HealLink TM0"]);
    assert_eq!(story.book("A[0]"), E::Running);
}

/// Section 3.2: after three cancellations without an answer the execution counts as cancelled.
#[test]
fn a_cancellation_that_is_not_answered_leaves_a_zombie() {
    let vertices = vec![source("A", 1, 1), sink("B", 1, SinkCommit::AtJobEnd)];
    let setup = job(vertices, vec![edge(0, 1, P::Forward, T::Pipelined)]).placement(2, &[0, 1]);
    let kinds = [FaultKind::LinkDrops, FaultKind::TaskThrows];
    let mut story = setup.fine(&[M::Links, M::Reports]).faults(2, &kinds).story();
    story.take(&["DropLink TM1", "ThrowInTask A[0]", "DeliverReport A[0]"]);
    assert_eq!(story.book("B[0]"), E::Canceling, "the call does not arrive");
    assert!(!story.can("RestartTasks A[0]"));
    story.take(&["TimeOutCall B[0]"]);
    assert_eq!((story.book("B[0]"), zombie_at(&story, "B[0]")), (E::Canceled, Some(1)));
    story.take(&["RestartTasks A[0]", "FinishAsZombie B[0]"]);
    assert!(story.can("DeliverStaleReport B[0]"));
}

/// FLINK-25849.
#[test]
fn a_task_manager_that_was_restarted_is_told_from_the_one_before() {
    let vertices = vec![source("A", 1, 1), sink("B", 1, SinkCommit::AtJobEnd)];
    let setup = job(vertices, vec![edge(0, 1, P::Forward, T::Blocking)])
        .placement(1, &[0, 0])
        .fine(&[M::Registration, M::Detection])
        .faults(1, &[FaultKind::TaskManagerDies]);
    let registered = |setup: &Setup| {
        let mut story = setup.story();
        story.take(&["FinishTask A[0]", "LoseTaskManager TM0", "ReturnTaskManager TM0"]);
        assert_eq!((story.book("B[0]"), truth(&story, "B[0]")), (E::Running, Truth::Lost));
        assert!(!story.can("ReconcileDeployment B[0]"), "it does not follow the master yet");
        story.take(&["RegisterTaskManager TM0"]);
        story
    };
    let mut story = registered(&setup);
    assert_eq!((story.book("B[0]"), story.state.tracked), (E::Failed, 0));
    story.take(&["RestartTasks B[0]", "MissPartition B[0] A[0]>B", "RestartTasks A[0]"]);
    let by_name = setup.design(|design| design.registration = Registration::ByName);
    let mut story = registered(&by_name);
    assert_eq!((story.book("B[0]"), story.state.tracked), (E::Running, 1));
    story.take(&["ReconcileDeployment B[0]"]);
    assert_eq!((story.book("B[0]"), story.state.tracked), (E::Failed, 1));
}

#[test]
fn it_may_be_missed_before_it_registers() {
    let setup = stages(SinkCommit::AtJobEnd).fine(&[M::Registration, M::Detection]);
    let mut story = setup.faults(1, &[FaultKind::TaskManagerDies]).story();
    story.take(&["LoseTaskManager TM0", "ReturnTaskManager TM0", "TimeOutTaskManager TM0"]);
    assert_eq!(story.book("A[0]"), E::Failed);
    story.take(&["RestartTasks A[0]"]);
    assert_eq!(story.state.tasks[0].at, 1);
    story.take(&["RegisterTaskManager TM0"]);
    assert_eq!(story.state.fine.links, Links::default());
}

#[test]
fn a_coarse_link_makes_both_sides_begin_anew() {
    let mut setup = stages(SinkCommit::AtJobEnd);
    setup.0.grain.set(M::Links, false);
    let mut story = setup.story();
    story.take(&["FinishTask A[0]", "DropLink TM0"]);
    assert_eq!((story.book("A[0]"), story.state.stored), (E::Finished, 0));
    assert_eq!(story.state.task_managers[0], TaskManager::Registered);
    assert_eq!((story.state.tracked, story.state.fine.links), (0, Links::default()));
    story.take(&["MissPartition B[0] A[0]>B", "RestartTasks A[0]"]);
}

#[test]
fn all_that_can_go_wrong_comes_to_an_end() {
    let mut story = stages(SinkCommit::PerTask).story();
    let action = Action::LoseReport { vertex: 0 };
    assert_eq!(story.model.fairness(&story.state, action), None, "nothing has to be lost");
    story.take(&["DropLink TM0"]);
    for action in story.model.enabled(&story.state) {
        assert!(story.model.fairness(&story.state, action).is_some(), "{action:?}");
    }
}

#[test]
fn no_more_sinks_show_rows_than_there_can_be_zombies_of() {
    let vertices = vec![source("A", 3, 1), sink("B", 3, SinkCommit::PerTask)];
    let setup = job(vertices, vec![edge(0, 1, P::Forward, T::Blocking)]);
    let breaks = setup.clone().faults(1, &[FaultKind::LinkDrops]);
    let error = breaks.try_model::<8>().err();
    assert_eq!(error, Some(ModelError::TooManyToShow { found: 3 }));
    assert!(setup.faults(1, &[FaultKind::TaskThrows]).try_model::<8>().is_ok());
}
