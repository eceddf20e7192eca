//! When stored partitions are released while the job runs (section 4.4).
//!
//! One rule in two forms, which tests hold equal: [`RegionReleaseStrategy`] counts, event by event,
//! as Flink's `RegionPartitionGroupReleaseStrategy` does; [`PartitionRelease`] looks at which
//! vertices are finished now, which is all that a state has to say about it.
//!
//! Flink remembers that a group was releasable until the producer is reset
//! (`IntermediateResultPartition.markPartitionGroupReleasable`), even if a consumer is not finished
//! any more. That is a difference only for a partition in several groups, and an expanded job graph
//! has none: each edge is a data set of its own. Here the groups have to be releasable together.

use crate::regions::{RegionId, Regions};
use crate::topology::{PartitionGroup, PartitionId, Topology, VertexId};

/// The rule without memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartitionRelease {
    region_of: Vec<RegionId>,
    /// Of every region, the partitions that it consumes and that may be released, ascending.
    candidates: Vec<Vec<PartitionId>>,
    /// Of every partition, the groups that contain it.
    groups_of_partition: Vec<Vec<usize>>,
    /// Of every group, all vertices of all regions that consume it, ascending; empty if it is never
    /// released.
    must_finish: Vec<Vec<VertexId>>,
}

impl PartitionRelease {
    /// The rule for one topology and its regions.
    pub fn new(topology: &Topology, regions: &Regions) -> Self {
        let consumers = consumer_regions(topology, regions);
        let mut candidates = vec![Vec::new(); regions.len()];
        for (group, consumers) in consumers.iter().enumerate() {
            for &region in consumers {
                candidates[region].extend(&topology.groups[group].partitions);
            }
        }
        candidates.iter_mut().for_each(sort_and_dedup);
        let members = |&region: &RegionId| regions.members[region].iter().copied();
        PartitionRelease {
            region_of: regions.of.clone(),
            candidates,
            groups_of_partition: topology.groups_of_partition.clone(),
            must_finish: consumers
                .iter()
                .map(|consumers| {
                    let mut vertices = consumers.iter().flat_map(members).collect();
                    sort_and_dedup(&mut vertices);
                    vertices
                })
                .collect(),
        }
    }

    /// Whether all regions that consume `group` are finished, and its type leaves its release to
    /// the scheduler. A group that outlives the job is never releasable.
    pub fn is_group_releasable(&self, group: usize, finished: impl Fn(VertexId) -> bool) -> bool {
        let vertices = &self.must_finish[group];
        !vertices.is_empty() && vertices.iter().all(|&v| finished(v))
    }

    /// Whether all groups that contain `partition` are releasable.
    pub fn is_releasable(
        &self,
        partition: PartitionId,
        finished: impl Fn(VertexId) -> bool,
    ) -> bool {
        let groups = &self.groups_of_partition[partition];
        !groups.is_empty() && groups.iter().all(|&g| self.is_group_releasable(g, &finished))
    }

    /// The partitions that are released when `vertex` has finished, ascending. `finished` must
    /// already say so of `vertex` (`DefaultExecutionGraph.maybeReleasePartitionGroupsFor`).
    pub fn released_by(
        &self,
        vertex: VertexId,
        finished: impl Fn(VertexId) -> bool,
    ) -> impl Iterator<Item = PartitionId> {
        let candidates = self.candidates[self.region_of[vertex]].iter().copied();
        candidates.filter(move |&partition| self.is_releasable(partition, &finished))
    }
}

/// The rule as Flink keeps it: what is finished, and how much of each region and group is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegionReleaseStrategy {
    region_of: Vec<RegionId>,
    /// Of every region, the groups that it consumes and that may be released, ascending.
    consumed: Vec<Vec<usize>>,
    finished: Vec<bool>,
    /// Of every region, how many of its vertices are not finished.
    unfinished_vertices: Vec<usize>,
    /// Of every group, how many of the regions that consume it are not finished.
    unfinished_regions: Vec<usize>,
}

impl RegionReleaseStrategy {
    /// The strategy for one topology and its regions, with nothing finished.
    pub fn new(topology: &Topology, regions: &Regions) -> Self {
        let consumers = consumer_regions(topology, regions);
        let mut consumed = vec![Vec::new(); regions.len()];
        for (group, consumers) in consumers.iter().enumerate() {
            consumers.iter().for_each(|&region| consumed[region].push(group));
        }
        RegionReleaseStrategy {
            region_of: regions.of.clone(),
            consumed,
            finished: vec![false; topology.vertices],
            unfinished_vertices: regions.members.iter().map(Vec::len).collect(),
            unfinished_regions: consumers.iter().map(Vec::len).collect(),
        }
    }

    /// Notes that `vertex` has finished, and returns the groups that its region consumes and that
    /// nobody has to read any more, ascending; none while the region itself is not finished. A
    /// vertex may finish twice: the answer comes again.
    pub fn vertex_finished(&mut self, vertex: VertexId) -> Vec<usize> {
        let region = self.region_of[vertex];
        if !std::mem::replace(&mut self.finished[vertex], true) {
            self.unfinished_vertices[region] -= 1;
            if self.unfinished_vertices[region] == 0 {
                self.consumed[region].iter().for_each(|&g| self.unfinished_regions[g] -= 1);
            }
        }
        let consumed = self.consumed[region].iter().copied();
        consumed.filter(|&group| self.unfinished_regions[group] == 0).collect()
    }

    /// Notes that `vertex`, because it was reset, is not finished any more.
    pub fn vertex_unfinished(&mut self, vertex: VertexId) {
        let region = self.region_of[vertex];
        if std::mem::replace(&mut self.finished[vertex], false) {
            if self.unfinished_vertices[region] == 0 {
                self.consumed[region].iter().for_each(|&g| self.unfinished_regions[g] += 1);
            }
            self.unfinished_vertices[region] += 1;
        }
    }
}

/// Of every group that may be released during the job, the regions that consume it, ascending; of
/// all others, none.
fn consumer_regions(topology: &Topology, regions: &Regions) -> Vec<Vec<RegionId>> {
    let of_group = |group: &PartitionGroup| {
        let result_type = topology.data_sets[group.data_set].result_type;
        if !result_type.is_released_by_scheduler() || result_type.is_persistent() {
            return Vec::new();
        }
        let mut consumers = group.consumers.iter().map(|&v| regions.of[v]).collect();
        sort_and_dedup(&mut consumers);
        consumers
    };
    topology.groups.iter().map(of_group).collect()
}

fn sort_and_dedup(indices: &mut Vec<usize>) {
    indices.sort_unstable();
    indices.dedup();
}
