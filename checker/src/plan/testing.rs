//! Job graphs for tests.

use failproof_model::job_graph::{
    JobEdge, JobGraph, JobVertex, Operator, Partitioner, ResultPartitionType, SinkCommit,
    SplitAssignment, Storage,
};

/// A valid job of blocking exchanges: vertices by name and parallelism, edges by the names of their
/// ends.
pub(crate) fn job(vertices: &[(&str, usize)], edges: &[(&str, Partitioner, &str)]) -> JobGraph {
    let index = |name: &str| vertices.iter().position(|&(it, _)| it == name).unwrap();
    let edge = |&(from, partitioner, to): &(&str, Partitioner, &str)| JobEdge {
        from: index(from),
        to: index(to),
        partitioner,
        result_type: ResultPartitionType::Blocking,
        storage: Storage::TaskManager,
    };
    let vertex = |&(name, parallelism): &(&str, usize)| JobVertex {
        name: name.to_owned(),
        parallelism,
        operator: Operator::PerRow,
        declared: None,
        rows_per_subtask: usize::from(edges.iter().all(|&(_, _, to)| to != name)),
        splits: SplitAssignment::Fixed,
        adaptive: false,
        sink: edges.iter().all(|&(from, _, _)| from != name).then_some(SinkCommit::AtJobEnd),
    };
    let job = JobGraph {
        vertices: vertices.iter().map(vertex).collect(),
        edges: edges.iter().map(edge).collect(),
        co_location: Vec::new(),
    };
    job.validate().unwrap();
    job
}

/// The edges of a job by the names of their ends, as in `a-b`.
pub(super) fn edges_of(job: &JobGraph) -> Vec<String> {
    let name = |vertex: usize| &job.vertices[vertex].name;
    job.edges.iter().map(|edge| format!("{}-{}", name(edge.from), name(edge.to))).collect()
}
