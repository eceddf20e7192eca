//! Release decisions that Flink 2.3.0 took, event by event.

use failproof_model::regions::Regions;
use failproof_model::release::{PartitionRelease, RegionReleaseStrategy};
use failproof_model::topology::{PartitionId, Topology, VertexId};
use serde::Deserialize;

use crate::recorded::{PartitionOfDataSet, RecordedTopology, lines};

#[derive(Deserialize)]
struct Line {
    #[serde(flatten)]
    job: RecordedTopology,
    events: Vec<Event>,
    released: Vec<Vec<PartitionOfDataSet>>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Event {
    Finished(VertexId),
    Unfinished(VertexId),
}

/// Both forms of the rule and what they need to speak of partitions.
struct Both {
    topology: Topology,
    regions: Regions,
    by_event: RegionReleaseStrategy,
    now: PartitionRelease,
    finished: Vec<bool>,
}

impl Both {
    fn new(topology: Topology, regions: Regions) -> Self {
        Both {
            by_event: RegionReleaseStrategy::new(&topology, &regions),
            now: PartitionRelease::new(&topology, &regions),
            finished: vec![false; topology.vertices],
            topology,
            regions,
        }
    }

    /// What either form answers to an event, in this order.
    fn take(&mut self, event: Event) -> [Vec<PartitionId>; 2] {
        match event {
            Event::Finished(vertex) => {
                self.finished[vertex] = true;
                let counted = self.by_event.vertex_finished(vertex);
                let seen = self.groups_consumed_with(vertex);
                let seen = seen.filter(|&g| self.now.is_group_releasable(g, |v| self.finished[v]));
                [self.partitions(counted.into_iter()), self.partitions(seen)]
            }
            Event::Unfinished(vertex) => {
                self.finished[vertex] = false;
                self.by_event.vertex_unfinished(vertex);
                [Vec::new(), Vec::new()]
            }
        }
    }

    /// The groups that the region of `vertex` consumes.
    fn groups_consumed_with(&self, vertex: VertexId) -> impl Iterator<Item = usize> {
        let region = &self.regions.members[self.regions.of[vertex]];
        (0..self.topology.groups.len())
            .filter(|&g| self.topology.groups[g].consumers.iter().any(|c| region.contains(c)))
    }

    /// The partitions of groups, one entry a group that contains it.
    fn partitions(&self, groups: impl Iterator<Item = usize>) -> Vec<PartitionId> {
        let mut partitions: Vec<_> =
            groups.flat_map(|g| self.topology.groups[g].partitions.iter().copied()).collect();
        partitions.sort_unstable();
        partitions
    }
}

#[test]
fn releases_equal_those_of_flink_2_3_0() {
    let lines: Vec<Line> = lines("partition-release.flink-2.3.0.jsonl");
    let (mut events, mut releases) = (0, 0);
    for (index, line) in lines.iter().enumerate() {
        let topology = line.job.topology();
        let regions = Regions::of(&topology, true);
        assert_eq!(regions.members, line.job.regions, "regions of line {}", index + 1);
        assert_eq!(line.events.len(), line.released.len(), "answers of line {}", index + 1);
        let mut both = Both::new(topology, regions);
        for (step, (event, recorded)) in line.events.iter().zip(&line.released).enumerate() {
            let mut recorded: Vec<_> = recorded.iter().map(|&p| line.job.partition(p)).collect();
            recorded.sort_unstable();
            let at = format!("event {step} of line {}", index + 1);
            let [counted, seen] = both.take(*event);
            assert_eq!(counted, recorded, "counted at {at}");
            assert_eq!(seen, recorded, "seen at {at}");
            events += 1;
            releases += recorded.len();
        }
    }
    assert_eq!((lines.len(), events), (700, 10_673));
    assert!(releases > 1_000, "{releases} releases are too few to say anything");
}
