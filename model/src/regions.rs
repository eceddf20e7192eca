//! Pipelined regions: the vertices that can only run, and therefore only restart, together (section
//! 1.5).

use petgraph::algo::kosaraju_scc;
use petgraph::graph::DiGraph;
use petgraph::unionfind::UnionFind;
use thiserror::Error;

use crate::topology::{PartitionGroup, Topology, VertexId};

/// Index of a region.
pub type RegionId = usize;

/// A partition of the vertices of a topology into regions.
///
/// Regions are numbered in the order of their lowest vertices, members ascend.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Regions {
    /// Of every vertex, its region.
    pub of: Vec<RegionId>,
    /// Of every region, its vertices.
    pub members: Vec<Vec<VertexId>>,
}

/// Two vertices of one co-location group are in two regions (FLINK-19994, from Flink 1.12).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "execution vertices {first} and {other} share a slot by co-location, but they are in regions \
     {first_region} and {other_region}; co-located vertices must be in one region, so connect them \
     by pipelined edges"
)]
pub struct CoLocationError {
    /// The first vertex of the group.
    pub first: VertexId,
    /// Its region.
    pub first_region: RegionId,
    /// The first vertex of the group that is elsewhere.
    pub other: VertexId,
    /// Its region.
    pub other_region: RegionId,
}

impl Regions {
    /// Joins what must-be-pipelined edges connect and, if `merge_cycles`, all regions on a cycle of
    /// regions (FLINK-17330, from 1.12). Without the merge two regions may wait for each other.
    pub fn of(topology: &Topology, merge_cycles: bool) -> Self {
        let mut joined = UnionFind::new(topology.vertices);
        for group in topology.groups.iter().filter(|group| is_pipelined(topology, group)) {
            let Some(&first) = group.consumers.first() else { continue };
            let producers = group.partitions.iter().map(|&p| topology.partitions[p].producer);
            for vertex in producers.chain(group.consumers.iter().copied()) {
                joined.union(first, vertex);
            }
        }
        if merge_cycles {
            join_cycles(topology, &mut joined);
        }
        Regions::from_labels(&joined.into_labeling())
    }

    /// The whole job as one region, as Flink 1.3 to 1.11 takes a job with co-location.
    pub fn whole(topology: &Topology) -> Self {
        Regions::from_labels(&vec![0; topology.vertices])
    }

    /// Every vertex by itself.
    pub fn single(topology: &Topology) -> Self {
        Regions::from_labels(&Vec::from_iter(0..topology.vertices))
    }

    /// Number of regions.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there is no region, and so no vertex.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Checks that no co-location group spans two regions.
    ///
    /// # Errors
    /// The first two vertices for which it does.
    pub fn check_co_location(&self, topology: &Topology) -> Result<(), CoLocationError> {
        for group in &topology.co_located {
            let Some(&first) = group.first() else { continue };
            let first_region = self.of[first];
            if let Some(&other) = group.iter().find(|&&v| self.of[v] != first_region) {
                let other_region = self.of[other];
                return Err(CoLocationError { first, first_region, other, other_region });
            }
        }
        Ok(())
    }

    /// Vertices with equal labels, which are vertices themselves, form a region.
    fn from_labels(labels: &[VertexId]) -> Self {
        let mut region_of_label = vec![None; labels.len()];
        let mut regions = Regions::default();
        for (vertex, &label) in labels.iter().enumerate() {
            let region = *region_of_label[label].get_or_insert_with(|| {
                regions.members.push(Vec::new());
                regions.members.len() - 1
            });
            regions.of.push(region);
            regions.members[region].push(vertex);
        }
        regions
    }
}

fn is_pipelined(topology: &Topology, group: &PartitionGroup) -> bool {
    topology.data_sets[group.data_set].result_type.must_be_pipelined_consumed()
}

/// Joins the strongly connected components of the graph of regions.
///
/// A group stands as a node of its own between its producers and its consumers, so that an
/// all-to-all exchange costs the sum and not the product of its ends. The search is Kosaraju's,
/// which does not recurse.
fn join_cycles(topology: &Topology, joined: &mut UnionFind<VertexId>) {
    let labels = joined.clone().into_labeling();
    let mut graph = DiGraph::<(), (), usize>::default();
    for _ in 0..topology.vertices + topology.groups.len() {
        graph.add_node(());
    }
    for (index, group) in topology.groups.iter().enumerate() {
        if is_pipelined(topology, group) {
            continue;
        }
        let node = topology.vertices + index;
        let producers = group.partitions.iter().map(|&p| topology.partitions[p].producer);
        graph.extend_with_edges(producers.map(|v| (labels[v], node)));
        graph.extend_with_edges(group.consumers.iter().map(|&v| (node, labels[v])));
    }
    for component in kosaraju_scc(&graph) {
        let mut labels = component.iter().map(|n| n.index()).filter(|&n| n < topology.vertices);
        if let Some(first) = labels.next() {
            for other in labels {
                joined.union(first, other);
            }
        }
    }
}
