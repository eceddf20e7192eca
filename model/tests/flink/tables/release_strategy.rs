//! `RegionPartitionGroupReleaseStrategyTest` (section 10.3). The update of a topology is left out:
//! it belongs to dynamic graphs, which the model does not have.

use failproof_model::job_graph::ResultPartitionType::{Blocking, Pipelined};
use failproof_model::regions::Regions;
use failproof_model::release::{PartitionRelease, RegionReleaseStrategy};
use failproof_model::topology::PartitionId;

use crate::job::{Edge, topology};

/// Both forms of the rule, fed with the same events; vertices counted from 1.
struct Both {
    by_event: RegionReleaseStrategy,
    now: PartitionRelease,
    finished: Vec<bool>,
}

impl Both {
    fn new(vertices: usize, edges: &[Edge<'_>]) -> Self {
        let topology = topology(vertices, edges);
        let regions = Regions::of(&topology, true);
        Both {
            by_event: RegionReleaseStrategy::new(&topology, &regions),
            now: PartitionRelease::new(&topology, &regions),
            finished: vec![false; vertices],
        }
    }

    /// The partitions released. In these jobs a group has the index of its only partition.
    fn finish(&mut self, vertex: usize) -> Vec<PartitionId> {
        self.finished[vertex - 1] = true;
        let groups = self.by_event.vertex_finished(vertex - 1);
        let partitions: Vec<_> = self.now.released_by(vertex - 1, |v| self.finished[v]).collect();
        assert_eq!(groups, partitions);
        partitions
    }

    fn unfinish(&mut self, vertex: usize) {
        self.finished[vertex - 1] = false;
        self.by_event.vertex_unfinished(vertex - 1);
    }
}

#[test]
fn release_partitions_if_downstream_region_is_finished() {
    let mut job = Both::new(2, &[(&[1], &[2], Blocking)]);
    assert_eq!(job.finish(2), [0]);
}

#[test]
fn release_partitions_if_downstream_region_with_multiple_operators_is_finished() {
    let edges: &[Edge<'_>] =
        &[(&[2], &[3], Blocking), (&[1], &[2], Pipelined), (&[3], &[4], Pipelined)];
    let mut job = Both::new(4, edges);
    assert!(job.finish(3).is_empty());
    assert_eq!(job.finish(4), [0]);
}

#[test]
fn not_release_partitions_if_downstream_region_is_not_finished() {
    let mut job = Both::new(3, &[(&[1], &[2, 3], Blocking)]);
    assert!(job.finish(2).is_empty());
}

#[test]
fn toggle_vertex_finished_unfinished() {
    let mut job = Both::new(3, &[(&[1], &[2, 3], Blocking)]);
    assert!(job.finish(2).is_empty());
    assert_eq!(job.finish(3), [0]);
    job.unfinish(3);
    assert!(job.finish(2).is_empty());
    assert_eq!(job.finish(3), [0]);
}
