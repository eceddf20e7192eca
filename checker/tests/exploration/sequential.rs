//! On jobs of per-row operators the computed failure-free outcomes are what a short sequential evaluation gives.
//!
//! The evaluation shares nothing with the model but the job graph: it knows neither subtasks, nor time, nor placement.

use std::collections::BTreeSet;

use failproof_checker::explore::{Control, Limits};
use failproof_checker::run::{WithModel, free_outcomes, with_model};
use failproof_checker::table::{Policy, cells};
use failproof_model::failover::{Failover, ModelError};
use failproof_model::job_graph::{
    JobEdge, JobGraph, JobVertex, Operator, Partitioner, ResultPartitionType, SinkCommit,
    SplitAssignment,
};
use failproof_model::scenario::Scenario;
use proptest::prelude::*;
use proptest::sample::select;

/// Of each sink vertex, the numbers of the source rows that it shows, sorted.
type Outcome = Vec<Vec<usize>>;

/// Vertex by vertex in topological order: a source has its rows, whoever of it reads them; any other vertex what its
/// inputs have; through a BROADCAST once for each consumer.
fn evaluate(job: &JobGraph) -> Outcome {
    let mut rows_of: Vec<Vec<usize>> = Vec::new();
    let mut next_row = 0;
    for (index, vertex) in job.vertices.iter().enumerate() {
        let own = vertex.parallelism * vertex.rows_per_subtask;
        let mut rows: Vec<usize> = (next_row..next_row + own).collect();
        next_row += own;
        for edge in job.edges.iter().filter(|edge| edge.to == index) {
            let broadcast = edge.partitioner == Partitioner::Broadcast;
            let copies = if broadcast { vertex.parallelism } else { 1 };
            (0..copies).for_each(|_| rows.extend(&rows_of[edge.from]));
        }
        rows.sort_unstable();
        rows_of.push(rows);
    }
    let sinks = (0..job.vertices.len()).filter(|&v| job.edges.iter().all(|edge| edge.from != v));
    sinks.map(|sink| rows_of[sink].clone()).collect()
}

/// The failure-free outcomes of the model by row numbers; `None` if there are more than so many states.
struct Explored(usize);

impl WithModel for Explored {
    type Output = Option<BTreeSet<Outcome>>;

    fn with<const V: usize>(self, model: Failover<V>) -> Self::Output {
        let limits = Limits { states: Some(self.0), ..Limits::default() };
        let free =
            free_outcomes(&model, &limits.into(), Control::default()).expect("no faults, no error");
        let free = free.ok()?;
        let vertices = &model.scenario.job.vertices;
        let sinks: Vec<usize> =
            (0..vertices.len()).filter(|&v| vertices[v].sink.is_some()).collect();
        let numbers = |(&sink, rows): (&usize, &failproof_model::data::Rows)| {
            let value = |row| model.data.output_value(sink, row).expect("a value of the sink");
            let number = |row| value(row).row.expect("one source row").into();
            let mut numbers: Vec<usize> = rows.iter().map(number).collect();
            numbers.sort_unstable();
            numbers
        };
        Some(free.iter().map(|outcome| sinks.iter().zip(outcome).map(numbers).collect()).collect())
    }
}

fn assert_as_evaluated(scenario: &Scenario, free: &BTreeSet<Outcome>) {
    let expected = BTreeSet::from([evaluate(&scenario.job)]);
    assert_eq!(free, &expected, "{}: {:#?}", scenario.name, scenario.job);
}

#[test]
fn per_row_cells_of_the_table() {
    let mut cells = cells();
    // Without faults no policy is asked, so one of them is enough.
    cells.retain(|it| it.operator == Operator::PerRow && it.policy == Policy::Always);
    assert_eq!(cells.len(), 11 + 11 + 3 + 10);
    for mut cell in cells {
        for splits in [SplitAssignment::Fixed, SplitAssignment::Dynamic] {
            cell.scenario.job.vertices[0].splits = splits;
            let free = with_model(&cell.scenario, Explored(usize::MAX)).unwrap().unwrap();
            assert_as_evaluated(&cell.scenario, &free);
        }
    }
}

#[test]
fn the_evaluation_counts_paths() {
    let vertex =
        |name: &str, rows, sink| vertex(name.to_owned(), 2, rows, SplitAssignment::Fixed, sink);
    let edge = |from, to, partitioner| edge(from, to, partitioner, ResultPartitionType::Blocking);
    let job = JobGraph {
        vertices: vec![vertex("a", 1, false), vertex("b", 0, false), vertex("c", 0, true)],
        edges: vec![
            edge(0, 1, Partitioner::Hash),
            edge(0, 2, Partitioner::Broadcast),
            edge(1, 2, Partitioner::Shuffle),
        ],
        co_location: Vec::new(),
    };
    assert_eq!(evaluate(&job), [[0, 0, 0, 1, 1, 1]]);
    let scenario = scenario(job);
    let free = with_model(&scenario, Explored(usize::MAX)).unwrap().unwrap();
    assert_as_evaluated(&scenario, &free);
}

fn vertex(
    name: String,
    parallelism: usize,
    rows_per_subtask: usize,
    splits: SplitAssignment,
    sink: bool,
) -> JobVertex {
    JobVertex {
        name,
        parallelism,
        operator: Operator::PerRow,
        declared: None,
        rows_per_subtask,
        splits,
        adaptive: false,
        sink: sink.then_some(SinkCommit::AtJobEnd),
    }
}

fn edge(
    from: usize,
    to: usize,
    partitioner: Partitioner,
    result_type: ResultPartitionType,
) -> JobEdge {
    JobEdge { from, to, partitioner, result_type, storage: result_type.storages()[0] }
}

/// The surroundings of a cell of the table, with another job.
fn scenario(job: JobGraph) -> Scenario {
    let mut scenario = cells().swap_remove(0).scenario;
    let subtasks = job.vertices.iter().flat_map(|vertex| 0..vertex.parallelism);
    scenario.cluster.placement = subtasks.map(|subtask| subtask % 2).collect();
    Scenario { name: "random".to_owned(), job, ..scenario }
}

/// What a random job is made of: subtasks, rows and splits of each vertex, of each pair of vertices perhaps an edge,
/// and the type of all exchanges, of which there is one in each of Flink's shuffle modes (section 9.6).
type Parts = (Vec<(usize, usize, SplitAssignment)>, Vec<Option<Partitioner>>, ResultPartitionType);

fn parts() -> impl Strategy<Value = Parts> {
    let partitioners = failproof_checker::table::PARTITIONERS.to_vec();
    (2..=4_usize).prop_flat_map(move |count| {
        let splits = select(vec![SplitAssignment::Fixed, SplitAssignment::Dynamic]);
        let vertices = proptest::collection::vec((1..=2_usize, 1..=2_usize, splits), count);
        let edges = proptest::option::weighted(0.6, select(partitioners.clone()));
        let edges = proptest::collection::vec(edges, count * (count - 1) / 2);
        (vertices, edges, select(ResultPartitionType::ALL.to_vec()))
    })
}

/// Diamonds, forks, joins, several sources and sinks: an edge leads from any vertex to any later one.
fn job((sizes, edges, result_type): Parts) -> JobGraph {
    let pairs = (0..sizes.len()).flat_map(|to| (0..to).map(move |from| (from, to)));
    let edges: Vec<JobEdge> = pairs
        .zip(edges)
        .filter_map(|((from, to), partitioner)| {
            let unequal = sizes[from].0 != sizes[to].0;
            let partitioner = match partitioner? {
                Partitioner::Forward if unequal => Partitioner::Rescale,
                other => other,
            };
            Some(edge(from, to, partitioner, result_type))
        })
        .collect();
    let vertices = sizes.iter().enumerate().map(|(index, &(parallelism, rows, splits))| {
        let source = edges.iter().all(|edge| edge.to != index);
        let sink = edges.iter().all(|edge| edge.from != index);
        let (rows, splits) = if source { (rows, splits) } else { (0, SplitAssignment::Fixed) };
        vertex(format!("v{index}"), parallelism, rows, splits, sink)
    });
    JobGraph { vertices: vertices.collect(), edges, co_location: Vec::new() }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn random_jobs(parts in parts()) {
        let scenario = scenario(job(parts));
        match with_model(&scenario, Explored(20_000)) {
            Ok(Some(free)) => assert_as_evaluated(&scenario, &free),
            // What the model does not hold, or holds in too many states, says nothing here.
            Ok(None) | Err(ModelError::Data(_) | ModelError::TooLarge { .. }) => {
                return Err(TestCaseError::reject("too large"));
            }
            Err(error) => panic!("{error}: {:#?}", scenario.job),
        }
    }
}
