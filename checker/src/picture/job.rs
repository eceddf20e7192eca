//! What does not change from frame to frame: the job and its cluster.

use failproof_model::failover::Failover;
use serde::Serialize;

use crate::spelling::spelt;

/// The job graph, expanded.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Job {
    stages: Vec<Stage>,
    edges: Vec<Edge>,
    pub(super) vertices: Vec<Vertex>,
    pub(super) partitions: Vec<Partition>,
    pub(super) task_managers: usize,
    regions: usize,
}

/// A job vertex.
#[derive(Clone, Debug, Serialize)]
struct Stage {
    name: String,
    operator: String,
    /// When it commits, if it is a sink.
    commit: Option<String>,
    /// Edges between it and a source, on the longest way.
    depth: usize,
}

#[derive(Clone, Debug, Serialize)]
struct Edge {
    from: usize,
    to: usize,
    partitioner: String,
    result_type: String,
    storage: String,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Vertex {
    pub(super) name: String,
    stage: usize,
    region: usize,
    /// The partitions that it reads.
    inputs: Vec<usize>,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Partition {
    pub(super) name: String,
    producer: usize,
    edge: usize,
}

impl Job {
    pub(super) fn of<const V: usize>(model: &Failover<V>) -> Job {
        let job = &model.scenario.job;
        let mut depths = vec![0; job.vertices.len()];
        for vertex in 0..job.vertices.len() {
            let before = job.inputs(vertex).map(|edge| depths[job.edges[edge].from] + 1).max();
            depths[vertex] = before.unwrap_or(0);
        }
        let stage = |(vertex, depth): (usize, usize)| {
            let facts = &job.vertices[vertex];
            Stage {
                name: facts.name.clone(),
                operator: spelt(&facts.operator),
                commit: facts.sink.map(|commit| spelt(&commit)),
                depth,
            }
        };
        let edges = job.edges.iter().map(|edge| Edge {
            from: edge.from,
            to: edge.to,
            partitioner: spelt(&edge.partitioner),
            result_type: spelt(&edge.result_type),
            storage: spelt(&edge.storage),
        });
        let vertex = |v: usize| Vertex {
            name: model.vertex_name(v),
            stage: model.job_vertex(v),
            region: model.regions.of[v],
            inputs: model.topology.consumed(v).collect(),
        };
        let partition = |(p, it): (usize, &failproof_model::topology::ResultPartition)| Partition {
            name: model.partition_name(p),
            producer: it.producer,
            edge: it.data_set,
        };
        Job {
            stages: depths.iter().copied().enumerate().map(stage).collect(),
            edges: edges.collect(),
            vertices: (0..model.size()).map(vertex).collect(),
            partitions: model.topology.partitions.iter().enumerate().map(partition).collect(),
            task_managers: model.scenario.cluster.task_managers,
            regions: model.regions.len(),
        }
    }
}
