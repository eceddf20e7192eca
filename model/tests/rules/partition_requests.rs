//! A consumer asks the master for the producer of a partition that it does not find (section 4.6).

use failproof_model::design::ConsumerPolicy;
use failproof_model::execution_state::ExecutionState as E;
use failproof_model::job_graph::{
    Operator, Partitioner as P, ResultPartitionType as T, SinkCommit,
};
use failproof_model::scenario::{Defect, FaultKind, Mechanism as M};
use failproof_model::state::{Answer, JobStatus, Question, TaskManager, Truth};

use crate::setup::{Setup, edge, job, sink, source, task};
use crate::small_jobs::{chained, rebalanced};
use crate::story::Story;

/// A to B to C, one subtask each, on one TaskManager each.
fn chain(first: T) -> Setup {
    let vertices =
        vec![source("A", 1, 1), task("B", 1, Operator::PerRow), sink("C", 1, SinkCommit::AtJobEnd)];
    let edges = vec![edge(0, 1, P::Forward, first), edge(1, 2, P::Forward, T::Blocking)];
    job(vertices, edges).placement(3, &[0, 1, 2]).fine(&[M::PartitionRequests]).faults(
        2,
        &[
            FaultKind::TaskThrows,
            FaultKind::TaskManagerDies,
            FaultKind::PartitionLost,
            FaultKind::CallLost,
        ],
    )
}

const ASK: &str = "AskForProducer B[0] A[0]>B";

fn question(story: &Story) -> Option<Question> {
    story.state.fine.requests.question(1)
}

fn of_b(story: &Story) -> Vec<String> {
    let steps = story.enabled().into_iter();
    steps.filter(|step| step.contains(" B[0]") && !step.starts_with("Throw")).collect()
}

fn lost(setup: &Setup) -> Story {
    let mut story = setup.story();
    story.take(&["FinishTask A[0]", "LosePartition A[0]>B"]);
    assert_eq!(of_b(&story), [ASK]);
    story
}

#[test]
fn what_a_finished_producer_has_lost_is_asked_for_twice_and_then_missed() {
    let mut story = lost(&chain(T::Blocking));
    story.take(&[ASK]);
    let answer = Some(Answer::TryAgain);
    assert_eq!(question(&story), Some(Question { input: 0, asked: 1, answer }));
    assert_eq!(of_b(&story), ["DeliverAnswer B[0]"]);
    story.take(&["DeliverAnswer B[0]", ASK, "DeliverAnswer B[0]"]);
    assert_eq!(of_b(&story), ["MissPartition B[0] A[0]>B"]);
    story.take(&["MissPartition B[0] A[0]>B"]);
    assert_eq!((story.book("B[0]"), question(&story)), (E::Failed, None));
    assert_eq!(story.state.restarts[0].vertices, 0b11, "it says which partition it was");
    story.go_on();
    assert_eq!((story.state.job, story.shown("C").as_str()), (JobStatus::Finished, "[r0]"));
}

#[test]
fn of_a_producer_that_was_replaced_it_hears_that_it_is_gone() {
    let mut story = chain(T::HybridFull).preset("flink-1.3").story();
    story.take(&["ThrowInTask A[0]", "RestartTasks A[0]", ASK]);
    assert_eq!(question(&story).and_then(|it| it.answer), Some(Answer::Cancel));
    story.take(&["DeliverAnswer B[0]"]);
    assert_eq!(story.book("B[0]"), E::Canceled);
    assert!(!story.state.is_restarting(), "nobody starts a failover");
}

#[test]
fn what_the_master_says_is_what_it_knows() {
    let mut story = chain(T::HybridFull).preset("flink-1.3").fine(&[M::Reports]).story();
    story.take(&["ThrowInTask A[0]"]);
    assert!(story.can("MissPartition B[0] A[0]>B"), "who is connected is told by the TaskManager");
    story.take(&[ASK]);
    assert_eq!(
        question(&story).and_then(|it| it.answer),
        Some(Answer::TryAgain),
        "it runs, it seems"
    );
    assert!(!story.can("MissPartition B[0] A[0]>B"), "an answer is under way");
    story.take(&["DeliverReport A[0]", "DeliverAnswer B[0]"]);
    story.take(&[ASK]);
    assert_eq!(question(&story).and_then(|it| it.answer), Some(Answer::Cancel));
}

/// Whoever hears in vain that the producer is FINISHED makes it restart meanwhile.
#[test]
fn an_answer_may_be_outdated_when_it_arrives() {
    let setup = rebalanced(1, T::Blocking, SinkCommit::AtJobEnd)
        .knobs(|knobs| knobs.consumers = ConsumerPolicy::Never)
        .fine(&[M::PartitionRequests])
        .faults(1, &[FaultKind::PartitionLost]);
    let mut story = setup.story();
    story.take(&["FinishTask A[0]", "LosePartition A[0]>C", "AskForProducer C[0] A[0]>C"]);
    for _ in 0..2 {
        story.take(&["AskForProducer C[1] A[0]>C", "DeliverAnswer C[1]"]);
    }
    story.take(&["MissPartition C[1] A[0]>C", "RestartTasks A[0]", "DeliverAnswer C[0]"]);
    assert_eq!(story.book("C[0]"), E::Running, "it tries an attempt that is gone");
    story.take(&["AskForProducer C[0] A[0]>C", "DeliverAnswer C[0]"]);
    assert_eq!(story.book("C[0]"), E::Canceled);
}

#[test]
fn who_does_not_reach_the_task_manager_does_not_ask() {
    let mut story = chain(T::Blocking).fine(&[M::Detection]).story();
    story.take(&["FinishTask A[0]", "LoseTaskManager TM0"]);
    assert_eq!(of_b(&story), ["MissPartition B[0] A[0]>B"]);
    story.take(&["MissPartition B[0] A[0]>B"]);
    assert_eq!(story.book("B[0]"), E::Failed);
}

#[test]
fn a_question_that_times_out_counts_as_a_producer_that_runs() {
    let mut story = chain(T::HybridFull).preset("flink-1.3").story();
    story.take(&["ThrowInTask A[0]", "RestartTasks A[0]", ASK, "LoseAnswer B[0]"]);
    assert_eq!(question(&story).and_then(|it| it.answer), Some(Answer::TryAgain));
    assert!(!story.can("LoseAnswer B[0]"), "that would be no loss");
    story.take(&["DeliverAnswer B[0]", ASK, "DeliverAnswer B[0]"]);
    assert_eq!(story.book("B[0]"), E::Canceled);
}

#[test]
fn a_question_is_forgotten_with_its_attempt() {
    let mut story = lost(&chain(T::Blocking));
    story.take(&[ASK, "ThrowInTask B[0]"]);
    assert_eq!(question(&story), None);
    story.take(&["RestartTasks B[0]", ASK]);
    assert_eq!(question(&story).map(|it| it.asked), Some(1));
}

/// FLINK-13249.
#[test]
fn with_the_defect_an_answer_blocks_the_task_manager() {
    let mut story = lost(&chain(T::Blocking).defect(Defect::AnswerBlocksTaskManager));
    story.take(&[ASK, "DeliverAnswer B[0]"]);
    assert_eq!(story.state.task_managers[1], TaskManager::Gone);
    assert_eq!(story.book("B[0]"), E::Failed);
}

/// That nobody asks for a producer in CREATED is no rule, but follows from the others; and whoever waits for an
/// answer is at work.
#[test]
fn no_consumer_is_told_that_its_producer_never_began() {
    let faults = [FaultKind::TaskThrows, FaultKind::PartitionLost, FaultKind::TaskManagerDies];
    let fine = [M::PartitionRequests, M::Reports, M::Cancellation];
    for setup in [
        rebalanced(2, T::HybridFull, SinkCommit::AtJobEnd),
        rebalanced(1, T::Blocking, SinkCommit::AtJobEnd),
        chained(T::Blocking, T::Pipelined),
    ] {
        let mut answers = 0;
        for state in &setup.fine(&fine).faults(1, &faults).space().states {
            let asked = (0..8).filter_map(|v| Some((v, state.fine.requests.question(v)?)));
            for (v, question) in asked {
                assert_ne!(question.answer, Some(Answer::Fail));
                assert_eq!(state.tasks[v].truth, Truth::Running);
                answers += 1;
            }
        }
        assert!(answers > 10, "{answers}");
    }
}

/// The coarse form does a part of what the fine one does, and at this size all of it.
#[test]
fn asking_leads_to_what_knowing_at_once_leads_to() {
    let faults = [FaultKind::TaskThrows, FaultKind::PartitionLost, FaultKind::TaskManagerDies];
    for result_type in [T::Blocking, T::Pipelined, T::HybridFull] {
        let coarse = rebalanced(1, result_type, SinkCommit::PerTask)
            .design(|design| design.restart_attempts = Some(1))
            .faults(2, &faults);
        let fine = coarse.clone().fine(&[M::PartitionRequests]).space();
        assert_eq!(coarse.space().ends(), fine.ends(), "{result_type:?}");
    }
}
