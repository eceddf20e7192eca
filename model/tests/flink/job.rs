//! Topologies written as one writes them on paper: vertices from 1, edges with their types.

use failproof_model::job_graph::{Determinism, ResultPartitionType as T};
use failproof_model::topology::{DataSet, PartitionGroup, PartitionId, ResultPartition, Topology};

/// A result of some vertices that are read by others: `(producers, consumers, type)`. Each producer
/// writes one partition, every consumer reads all of them.
pub(crate) type Edge<'a> = (&'a [usize], &'a [usize], T);

/// One data set an edge; partition `k` of the topology is the `k`-th producer that is listed.
pub(crate) fn topology(vertices: usize, edges: &[Edge<'_>]) -> Topology {
    let (mut data_sets, mut partitions, mut groups) = (Vec::new(), Vec::new(), Vec::new());
    for (data_set, &(producers, consumers, result_type)) in edges.iter().enumerate() {
        data_sets.push(DataSet { result_type, partitioner: Determinism::Determinate });
        let first = partitions.len();
        partitions.extend(producers.iter().map(|v| ResultPartition { data_set, producer: v - 1 }));
        groups.push(PartitionGroup {
            data_set,
            partitions: (first..partitions.len()).collect(),
            consumers: consumers.iter().map(|v| v - 1).collect(),
        });
    }
    Topology::new(vertices, data_sets, partitions, groups, Vec::new())
}

/// The first partition that a vertex, counted from 1, produces.
pub(crate) fn result_of(topology: &Topology, vertex: usize) -> PartitionId {
    topology.produced[vertex - 1][0]
}
