//! What the model does not hold it refuses in words, and never by a panic.

use failproof_model::job_graph::{
    JobEdge, Operator, Partitioner as P, ResultPartitionType as T, SinkCommit,
};
use failproof_model::scenario::FaultKind;

use crate::setup::{Setup, edge, job, sink, source, task};

fn pair() -> Setup {
    let vertices = vec![source("A", 1, 1), sink("C", 2, SinkCommit::AtJobEnd)];
    job(vertices, vec![edge(0, 1, P::Rebalance, T::Blocking)])
}

fn refusal(setup: &Setup) -> String {
    match setup.try_model::<4>() {
        Ok(_) => panic!("it is accepted"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_cluster_has_task_managers_and_a_place_for_every_subtask() {
    assert_eq!(
        refusal(&pair().placement(0, &[])),
        "the cluster has no TaskManager; nothing could run"
    );
    assert_eq!(
        refusal(&pair().placement(2, &[0, 1])),
        "the placement is of 2 execution vertices; the job has 3"
    );
    assert_eq!(
        refusal(&pair().placement(2, &[0, 1, 2])),
        "C[1] is placed on TaskManager 2; there are 2, counted from 0"
    );
    assert_eq!(
        refusal(&pair().placement(5, &[0, 1, 2])),
        "the scenario has 5 TaskManagers; the model holds 4"
    );
    assert!(
        refusal(&pair().without_returns().faults(2, &[FaultKind::TaskManagerDies]))
            .starts_with("as many TaskManagers may die as there are (2), and none returns")
    );
}

#[test]
fn a_size_class_holds_so_many_subtasks_and_a_number_that_is_absurd_is_only_a_number() {
    let with = |parallelism: usize, rows: usize| {
        let mut setup = pair();
        setup.0.job.vertices[0].parallelism = parallelism;
        setup.0.job.vertices[0].rows_per_subtask = rows;
        refusal(&setup)
    };
    assert_eq!(with(3, 1), "the scenario has 5 execution vertices; the model holds 4");
    let expected = format!("the scenario has {} execution vertices; the model holds 4", usize::MAX);
    assert_eq!(with(usize::MAX, 1), expected);
    assert_eq!(
        with(1, usize::MAX),
        format!(
            "one subtask of vertex `A` can get {} rows; with its partitioners the model holds 24: use fewer rows, or \
             fewer edges that multiply them or draw a channel for each",
            usize::MAX
        )
    );
}

#[test]
fn the_ways_to_deal_out_rows_have_a_bound() {
    let edges =
        |count: usize| -> Vec<JobEdge> { vec![edge(0, 1, P::Rebalance, T::Blocking); count] };
    let with = |count| {
        let mut setup = pair();
        setup.0.job.edges = edges(count);
        setup
    };
    assert_eq!(with(7).model::<4>().enabled(&with(7).model::<4>().init()).len(), 128);
    assert_eq!(
        refusal(&with(8)),
        "vertex `A` can deal out its rows in 256 ways, whatever they are; the model holds 255: use \
         fewer REBALANCE or RANGE edges, or less parallel consumers"
    );
    assert!(refusal(&with(200)).contains(&format!("in {} ways", usize::MAX)));
    let mut shuffled = pair();
    shuffled.0.job.edges = vec![edge(0, 1, P::Shuffle, T::Blocking); 200];
    assert!(refusal(&shuffled).contains("the model holds 0"), "{}", refusal(&shuffled));
}

#[test]
fn a_sink_that_shows_at_once_shows_its_input_unchanged() {
    let vertices = vec![source("A", 1, 1), sink("C", 2, SinkCommit::AtOnce)];
    let mut setup = job(vertices, vec![edge(0, 1, P::Hash, T::Blocking)]);
    assert!(setup.try_model::<4>().is_ok());
    setup.0.job.vertices[1].operator = Operator::RowNumber;
    assert_eq!(
        refusal(&setup),
        "sink `C` shows rows as it reads them: only a vertex with inputs that treats every row by itself knows its \
         output that early"
    );
    let mut alone = job(vec![source("A", 1, 1)], Vec::new());
    alone.0.job.vertices[0].sink = Some(SinkCommit::AtOnce);
    assert!(refusal(&alone).starts_with("sink `A` shows rows as it reads them"));
}

#[test]
fn a_prefix_says_what_would_be_possible() {
    let mut setup = pair();
    setup.0.prefix = vec!["FinishTask A[0] draw 1".to_owned(), "FinishJob".to_owned()];
    assert_eq!(
        refusal(&setup),
        "step 2 of the prefix, `FinishJob`, is not enabled; enabled are: \
         ReadPartition C[0] A[0]>C, ReadPartition C[1] A[0]>C"
    );
}

#[test]
fn parallel_edges_have_names_of_their_own() {
    let vertices =
        vec![source("A", 1, 1), task("B", 1, Operator::PerRow), sink("C", 1, SinkCommit::AtJobEnd)];
    let to = |to, result_type| edge(0, to, P::Forward, result_type);
    let edges = vec![
        to(2, T::Blocking),
        to(1, T::Blocking),
        to(2, T::Blocking),
        edge(1, 2, P::Hash, T::Blocking),
    ];
    let model = job(vertices, edges).model::<4>();
    let names = [0, 1, 2, 3].map(|p| model.partition_name(p));
    assert_eq!(names, ["A[0]>C", "A[0]>B", "A[0]>C#2", "B[0]>C"]);
}
