//! Release during the job (section 4.4): both forms agree, and nothing goes that may be read again.

use failproof_model::regions::Regions;
use failproof_model::release::{PartitionRelease, RegionReleaseStrategy};
use failproof_model::topology::{PartitionId, Topology, VertexId};
use proptest::prelude::*;

use crate::random::Choices;

/// What section 4.4 says of a partition, in its own words.
fn may_go(topology: &Topology, regions: &Regions, finished: &[bool], p: PartitionId) -> bool {
    let result_type = topology.type_of(p);
    let read = topology.consumers(p).next().is_some();
    let over = |v: VertexId| regions.members[regions.of[v]].iter().all(|&mate| finished[mate]);
    result_type.is_released_by_scheduler()
        && !result_type.is_persistent()
        && read
        && topology.consumers(p).all(over)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn both_forms_release_what_nobody_has_to_read(
        bytes in prop::collection::vec(any::<u8>(), 0..80),
        events in prop::collection::vec((any::<prop::sample::Index>(), 0..3), 0..60),
    ) {
        let topology = Choices::new(&bytes).topology();
        let regions = Regions::of(&topology, true);
        let now = PartitionRelease::new(&topology, &regions);
        let mut by_event = RegionReleaseStrategy::new(&topology, &regions);
        let mut finished = vec![false; topology.vertices];
        for (vertex, kind) in events {
            let vertex = vertex.index(topology.vertices);
            finished[vertex] = kind > 0;
            if kind == 0 {
                by_event.vertex_unfinished(vertex);
                continue;
            }
            let groups = by_event.vertex_finished(vertex);
            let mut counted: Vec<_> =
                groups.iter().flat_map(|&g| topology.groups[g].partitions.clone()).collect();
            counted.sort_unstable();
            counted.dedup();
            counted.retain(|&p| now.is_releasable(p, |v| finished[v]));
            let seen: Vec<_> = now.released_by(vertex, |v| finished[v]).collect();
            prop_assert_eq!(&counted, &seen);
            let region = &regions.members[regions.of[vertex]];
            let expected: Vec<_> = (0..topology.partitions.len())
                .filter(|&p| topology.consumers(p).any(|c| region.contains(&c)))
                .filter(|&p| may_go(&topology, &regions, &finished, p))
                .collect();
            prop_assert_eq!(seen, expected);
        }
        for p in 0..topology.partitions.len() {
            let releasable = now.is_releasable(p, |v| finished[v]);
            prop_assert_eq!(releasable, may_go(&topology, &regions, &finished, p));
        }
    }
}
