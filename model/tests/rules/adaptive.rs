//! Jobs whose graph is built up while they run (sections 1.5, 3.7 and 4.4).

use std::collections::BTreeSet;

use failproof_model::design::ConsumableInputs;
use failproof_model::execution_state::ExecutionState as E;
use failproof_model::failover::ModelError;
use failproof_model::job_graph::{
    JobGraphError, JobVertex, Partitioner as P, ResultPartitionType as T, SinkCommit,
};
use failproof_model::scenario::{Defect, FaultKind, Mechanism as M};
use failproof_model::state::JobStatus;

use crate::setup::{Setup, edge, job, pulling, sink, source, task};
use crate::story::Story;

/// The same, with a number of subtasks that is decided later.
fn adaptive(vertex: JobVertex) -> JobVertex {
    JobVertex { adaptive: true, ..vertex }
}

/// Up to `most` consumers of two producers.
fn pair(partitioner: P, most: usize) -> Setup {
    let consumer = adaptive(sink("C", most, SinkCommit::AtJobEnd));
    job(vec![source("A", 2, 1), consumer], vec![edge(0, 1, partitioner, T::Blocking)])
}

/// A source that two stages read, one subtask by subtask, and up to two consumers of that stage.
fn fork() -> Setup {
    let vertices = vec![
        source("A", 2, 1),
        task("B", 2, failproof_model::job_graph::Operator::PerRow),
        sink("C", 1, SinkCommit::AtJobEnd),
        adaptive(sink("D", 2, SinkCommit::AtJobEnd)),
    ];
    let edges = vec![
        edge(0, 1, P::Forward, T::Blocking),
        edge(0, 2, P::Hash, T::Blocking),
        edge(1, 3, P::Rebalance, T::Blocking),
    ];
    job(vertices, edges).faults(1, &[FaultKind::ReadFails])
}

fn exists(story: &Story, name: &str) -> bool {
    story.model.exists(&story.state, story.vertex(name))
}

fn error(setup: &Setup) -> JobGraphError {
    match setup.try_model::<8>() {
        Err(ModelError::Job(error)) => error,
        other => panic!("{:?}", other.err()),
    }
}

#[test]
fn consumers_come_to_be_when_all_producers_have_finished_in_any_number() {
    let mut story = pair(P::Hash, 3).story();
    story.take(&["FinishTask A[0]", "InitializeConsumers A[0]", "FinishTask A[1]"]);
    assert!(!exists(&story, "C[0]"), "the turn that follows is still to come");
    let steps = ["", " draw 1", " draw 2"].map(|draw| format!("InitializeConsumers A[1]{draw}"));
    assert_eq!(story.enabled(), steps);
    story.take(&["InitializeConsumers A[1] draw 1"]);
    assert_eq!(["C[0]", "C[1]", "C[2]"].map(|c| exists(&story, c)), [true, true, false]);
    assert!(story.model.is_left_out(&story.state, story.vertex("C[2]")));
    assert_eq!(
        ["C[0]", "C[1]", "C[2]"].map(|c| story.book(c)),
        [E::Running, E::Running, E::Created]
    );
    story.go_on();
    assert_eq!(story.state.job, JobStatus::Finished);
    assert_eq!(story.shown("C"), "[r0 r1]");
}

#[test]
fn a_consumer_reads_a_run_of_subpartitions_and_all_together_each_of_them_once() {
    for partitioner in [P::Rebalance, P::Hash, P::Shuffle] {
        let space = pair(partitioner, 3).keys(3).space();
        let rows = |end: &Vec<failproof_model::data::Rows>| {
            let mut all: Vec<u8> = end.iter().flat_map(|rows| rows.iter()).collect();
            all.sort_unstable();
            all
        };
        let ends: BTreeSet<_> = space.ends().iter().map(|(job, end)| (*job, rows(end))).collect();
        assert_eq!(ends, BTreeSet::from([(JobStatus::Finished, vec![0, 1])]), "{partitioner:?}");
        assert_eq!(space.stuck(), 0);
    }
}

#[test]
fn a_broadcast_is_read_once_by_each_consumer_that_there_is() {
    let space = pair(P::Broadcast, 3).space();
    let readers = |end: &Vec<failproof_model::data::Rows>| {
        let reading = end.iter().filter(|rows| !rows.is_empty());
        assert!(reading.clone().all(|rows| rows.len() == 2));
        reading.count()
    };
    let found: BTreeSet<_> = space.ends().iter().map(|(_, end)| readers(end)).collect();
    assert_eq!(found, BTreeSet::from([1, 2, 3]));
}

#[test]
fn a_number_of_subtasks_stays_what_it_was_decided_to_be() {
    let faults = [FaultKind::TaskThrows, FaultKind::TaskManagerDies, FaultKind::JobFails];
    let space = pair(P::Rebalance, 3).faults(1, &faults).space();
    for state in &space.states {
        for action in space.model.enabled(state) {
            let next = space.model.apply(state, action);
            let decided = |v: usize| space.model.is_left_out(state, v);
            for v in (0..space.model.size()).filter(|_| !next.job.is_terminal()) {
                assert!(space.model.exists(&next, v) || !space.model.exists(state, v));
                assert!(!decided(v) || space.model.is_left_out(&next, v), "{action:?}");
            }
        }
    }
}

#[test]
fn subtasks_that_do_not_exist_take_part_in_no_restart() {
    let faults = [FaultKind::TaskThrows, FaultKind::JobFails];
    let mut setup = pair(P::Hash, 2).faults(2, &faults);
    setup.0.cluster.returns = false;
    let mut story = setup.fine(&[M::Cancellation]).story();
    story.take(&["FailJob"]);
    let waiting = |story: &Story| story.state.restarts.map(|restart| restart.vertices)[0];
    assert_eq!(waiting(&story), 0b11, "only the producers");
    story.take(&["AcknowledgeCancel A[0]", "AcknowledgeCancel A[1]", "RestartTasks A[0]"]);
    story.take(&["FinishTask A[0]", "InitializeConsumers A[0]"]);
    story.take(&["FinishTask A[1]", "InitializeConsumers A[1]", "FailJob"]);
    assert_eq!(waiting(&story), 0b111, "and the consumer that there is");
}

#[test]
fn a_consumer_that_is_not_there_passes_no_restart_on() {
    // D would read A and E. A TaskManager that is lost with what E has written makes nobody run again before D exists.
    let vertices =
        vec![source("A", 1, 1), source("E", 1, 1), adaptive(sink("D", 1, SinkCommit::AtJobEnd))];
    let edges = vec![edge(0, 2, P::Hash, T::Blocking), edge(1, 2, P::Hash, T::Blocking)];
    let faults = [FaultKind::TaskManagerDies, FaultKind::TaskThrows];
    let setup = job(vertices, edges).placement(2, &[0, 1, 0]).faults(2, &faults);
    let mut story = setup.story();
    story.take(&["FinishTask E[0]", "InitializeConsumers E[0]", "LoseTaskManager TM1"]);
    assert!(!story.tracks("E[0]>D"));
    story.take(&["ThrowInTask A[0]"]);
    assert_eq!(story.state.restarts[0].vertices, 0b1, "A alone");
    story.take(&["RestartTasks A[0]", "FinishTask A[0]", "InitializeConsumers A[0]"]);
    story.take(&["ReadPartition D[0] A[0]>D", "MissPartition D[0] E[0]>D"]);
    assert_eq!(story.state.restarts[1].vertices, 0b110);
    story.go_on();
    assert_eq!(story.shown("D"), "[r0@A r1@E]");
}

#[test]
fn a_failover_that_takes_a_task_makes_void_what_follows_from_its_end() {
    let setup = pair(P::Hash, 2).faults(1, &[FaultKind::JobFails]);
    let steps = ["FinishTask A[0]", "FinishTask A[1]", "FailJob"];
    let mut story = setup.story();
    story.take(&steps);
    assert_eq!(story.enabled(), ["RestartTasks A[0]"]);
    assert_eq!(setup.space().stuck(), 0);

    let broken = setup.defect(Defect::InitializeAfterReset);
    let mut story = broken.story();
    story.take(&steps).take(&["InitializeConsumers A[0]", "RestartTasks A[0]"]);
    assert!(exists(&story, "C[0]"), "though its inputs are gone");
    assert!(broken.space().stuck() > 0);
}

#[test]
fn what_had_finished_before_is_counted() {
    let setup = pair(P::Hash, 2);
    assert_eq!(setup.space().stuck(), 0);
    let space = setup.defect(Defect::CountFromInitialization).space();
    assert!(space.stuck() > 0 && space.ends().is_empty());
}

#[test]
fn a_source_is_asked_before_the_job_starts() {
    let vertices = vec![adaptive(pulling("A", 2, 1)), sink("C", 1, SinkCommit::AtJobEnd)];
    let faults = [FaultKind::JobFails, FaultKind::JobCanceled];
    let setup = job(vertices, vec![edge(0, 1, P::Hash, T::Blocking)]).faults(1, &faults);
    let mut story = setup.story();
    let starts = ["StartScheduling", "StartScheduling draw 1"];
    assert_eq!(story.enabled(), [&["CancelJob", "FailJob"][..], &starts].concat());
    story.take(&["FailJob"]);
    assert_eq!(story.enabled(), starts, "there is nothing to restart");
    story.take(&["StartScheduling"]);
    assert_eq!(["A[0]", "A[1]", "C[0]"].map(|v| exists(&story, v)), [true, false, true]);
    story.go_on();
    assert_eq!(story.shown("C"), "[r0 r1]", "one subtask takes all splits");
    let mut story = setup.story();
    story.take(&["CancelJob"]);
    assert_eq!(story.state.job, JobStatus::Canceled);
}

#[test]
fn who_reads_a_hybrid_exchange_and_has_its_number_is_there_with_its_producer() {
    let vertices = vec![
        source("A", 2, 1),
        sink("B", 2, SinkCommit::AtJobEnd),
        adaptive(sink("C", 2, SinkCommit::AtJobEnd)),
    ];
    let edges = vec![edge(0, 1, P::Hash, T::HybridFull), edge(0, 2, P::Hash, T::HybridFull)];
    let mut story = job(vertices, edges).story();
    assert_eq!(story.book("B[1]"), E::Running, "while A runs");
    assert!(!exists(&story, "C[0]"), "it waits until A has finished, to be given a number");
    story.take_all(&["ProduceOutput", "FinishTask A", "InitializeConsumers"]);
    assert_eq!(story.book("C[0]"), E::Running);
    story.go_on();
    assert_eq!(story.state.job, JobStatus::Finished);
}

/// What the finding is about: D is decided on while B[0] waits for its restart, and is in no restart set.
#[test]
fn whoever_is_decided_on_during_a_restart_reads_what_the_restart_takes_away() {
    let setup = fork();
    assert!(setup.space().stuck() > 0);
    let stays =
        |setup: Setup| setup.design(|design| design.consumable_inputs = ConsumableInputs::ToStay);
    assert_eq!(stays(setup).space().stuck(), 0, "unless a producer has to be there to stay");
}

#[test]
fn what_an_adaptive_job_cannot_be_is_refused() {
    let pipelined = pair(P::Hash, 2).0.job.edges[0].clone();
    let with_edge = |change: fn(&mut failproof_model::job_graph::JobEdge)| {
        let mut setup = pair(P::Hash, 2);
        change(&mut setup.0.job.edges[0]);
        setup
    };
    assert_eq!(pipelined.result_type, T::Blocking);
    let error_of = |change| error(&with_edge(change));
    let refused = error_of(|edge| edge.result_type = T::PipelinedBounded);
    assert!(matches!(refused, JobGraphError::PipelinedInAdaptive { edge: 0, .. }), "{refused}");
    let refused = error_of(|edge| edge.result_type = T::PipelinedApproximate);
    assert!(matches!(refused, JobGraphError::PipelinedInAdaptive { edge: 0, .. }), "{refused}");
    let refused = error_of(|edge| edge.partitioner = P::Rescale);
    assert!(matches!(refused, JobGraphError::AdaptivePointwise { edge: 0, .. }), "{refused}");
    let fixed = job(vec![adaptive(sink("A", 1, SinkCommit::AtJobEnd))], Vec::new());
    let mut fixed = fixed;
    fixed.0.job.vertices[0].rows_per_subtask = 1;
    assert!(matches!(error(&fixed), JobGraphError::AdaptiveFixedSplits { vertex: 0, .. }));
}
