//! The jobs of a sweep: all that there are within its bounds, each once.

use std::fmt::Write;

use failproof_model::job_graph::{
    JobEdge, JobGraph, JobVertex, Operator, Partitioner, ResultPartitionType, SinkCommit,
    SplitAssignment, Storage,
};

use super::shape::{Letters, Shape, Shapes};
use crate::spelling::spelt;

/// Within which bounds there are all jobs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// How many job vertices.
    pub vertices: Vec<usize>,
    /// How many subtasks each of them.
    pub parallelism: Vec<usize>,
    /// What each of them that has inputs does to its rows.
    pub operators: Vec<Operator>,
    /// What each source does to its rows. It reads them in one order only, so what minds the order has nothing to mind
    /// there.
    pub source_operators: Vec<Operator>,
    /// How the rows of each edge choose their consumer.
    pub partitioners: Vec<Partitioner>,
    /// When the data of each edge can be read.
    pub types: Vec<ResultPartitionType>,
}

/// A job, and what it is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Unique and stable: `A2 B2:limit A>B:HASH`. What is per row, and what is blocking, is not said.
    pub id: String,
    /// The job, with rows.
    pub graph: JobGraph,
}

impl Bounds {
    /// All jobs: those of few vertices first. Where FORWARD would join unequal parallelism there is none, as the
    /// engine refuses it (section 9.1).
    pub fn jobs(&self) -> impl Iterator<Item = Job> + '_ {
        let shapes =
            self.vertices.iter().flat_map(|&vertices| Shapes::of(vertices, self.letters()));
        shapes.map(|shape| self.job(&shape)).filter(|job| self.has(&job.graph))
    }

    fn has(&self, graph: &JobGraph) -> bool {
        graph.validate().is_ok()
            && (0..graph.vertices.len()).all(|v| {
                let source = graph.inputs(v).next().is_none();
                let operators = if source { &self.source_operators } else { &self.operators };
                operators.contains(&graph.vertices[v].operator)
            })
    }

    /// What any vertex may do to its rows.
    fn all_operators(&self) -> Vec<Operator> {
        let mut all = self.operators.clone();
        all.extend(self.source_operators.iter().filter(|it| !self.operators.contains(it)));
        all
    }

    /// How many graphs there are, also those that are no jobs.
    pub fn shapes(&self) -> usize {
        self.vertices.iter().map(|&vertices| Shapes::of(vertices, self.letters()).count()).sum()
    }

    fn letters(&self) -> Letters {
        let vertex = self.parallelism.len() * self.all_operators().len();
        let edge = self.partitioners.len() * self.types.len();
        Letters { vertex: vertex as u8, edge: edge as u8 }
    }

    fn job(&self, shape: &Shape) -> Job {
        let operators = self.all_operators();
        let edge = |(from, to, letter): (usize, usize, u8)| {
            let (partitioner, of_type) = split(letter, &self.partitioners);
            JobEdge {
                from,
                to,
                partitioner,
                result_type: self.types[of_type],
                storage: Storage::TaskManager,
            }
        };
        let edges: Vec<JobEdge> = shape.edges().map(edge).collect();
        let vertex = |(index, &letter): (usize, &u8)| {
            let (operator, of_parallelism) = split(letter, &operators);
            JobVertex {
                name: name(index),
                parallelism: self.parallelism[of_parallelism],
                operator,
                declared: None,
                rows_per_subtask: 0,
                splits: SplitAssignment::Fixed,
                adaptive: false,
                sink: edges.iter().all(|edge| edge.from != index).then_some(SinkCommit::AtJobEnd),
            }
        };
        let vertices = shape.vertices().iter().enumerate().map(vertex).collect();
        let mut graph = JobGraph { vertices, edges, co_location: Vec::new() };
        deal_rows(&mut graph);
        Job { id: id(&graph), graph }
    }
}

/// The letter of one of `first`, and the number of what comes besides.
fn split<T: Copy>(letter: u8, first: &[T]) -> (T, usize) {
    let letter = usize::from(letter);
    (first[letter % first.len()], letter / first.len())
}

/// `A`, `B` and so on.
fn name(index: usize) -> String {
    char::from(b'A' + index as u8).to_string()
}

/// Two rows for each source subtask, one of each key; three where an operator minds the order of the rows that others
/// send it, so that one order does not look like the other.
fn deal_rows(graph: &mut JobGraph) {
    use failproof_model::job_graph::Determinism;
    let reads = |v: usize| graph.inputs(v).next().is_some();
    let minds = |v: usize| graph.vertices[v].operator.determinism() != Determinism::Determinate;
    let rows = if (0..graph.vertices.len()).any(|v| reads(v) && minds(v)) { 3 } else { 2 };
    let sources: Vec<usize> = (0..graph.vertices.len()).filter(|&v| !reads(v)).collect();
    sources.into_iter().for_each(|v| graph.vertices[v].rows_per_subtask = rows);
}

fn id(graph: &JobGraph) -> String {
    let mut id = String::new();
    for vertex in &graph.vertices {
        let _ = write!(id, "{}{}", vertex.name, vertex.parallelism);
        if vertex.operator != Operator::PerRow {
            let _ = write!(id, ":{}", spelt(&vertex.operator));
        }
        id.push(' ');
    }
    for edge in &graph.edges {
        let (from, to) = (&graph.vertices[edge.from].name, &graph.vertices[edge.to].name);
        let _ = write!(id, "{from}>{to}:{}", spelt(&edge.partitioner));
        if edge.result_type != ResultPartitionType::Blocking {
            let _ = write!(id, "/{}", spelt(&edge.result_type));
        }
        id.push(' ');
    }
    id.truncate(id.trim_end().len());
    id
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use ResultPartitionType as T;

    fn three() -> Bounds {
        Bounds {
            vertices: vec![1, 2, 3],
            parallelism: vec![1, 2],
            operators: vec![Operator::PerRow, Operator::Limit],
            source_operators: vec![Operator::PerRow, Operator::Limit],
            partitioners: vec![Partitioner::Forward, Partitioner::Hash, Partitioner::Rebalance],
            types: vec![T::Blocking, T::Pipelined],
        }
    }

    #[test]
    fn the_bounds_of_the_sweeps_hold_so_many_jobs() {
        let four = Bounds {
            vertices: vec![4],
            parallelism: vec![2],
            partitioners: vec![Partitioner::Hash, Partitioner::Rebalance],
            types: vec![T::Blocking],
            ..three()
        };
        assert_eq!((three().shapes(), three().jobs().count()), (18_628, 11_428));
        assert_eq!((four.shapes(), four.jobs().count()), (6_196, 6_196));
        let of_plain_sources =
            |bounds: Bounds| Bounds { source_operators: vec![Operator::PerRow], ..bounds };
        assert_eq!(of_plain_sources(three()).jobs().count(), 5_514);
        assert_eq!(of_plain_sources(four).jobs().count(), 2_796);
    }

    #[test]
    fn no_two_jobs_have_the_same_name() {
        let names: Vec<String> = three().jobs().map(|job| job.id).collect();
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
    }

    #[test]
    fn a_name_says_all_that_is_not_plain() {
        let last = three().jobs().last().unwrap();
        assert_eq!(
            last.id,
            "A2:limit B2:limit C2:limit \
             A>B:REBALANCE/pipelined A>C:REBALANCE/pipelined B>C:REBALANCE/pipelined"
        );
        assert!(three().jobs().any(|job| job.id == "A1 B2 A>B:HASH"));
    }
}
