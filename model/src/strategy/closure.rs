//! What the region strategies share: a growing set of regions, and the test whether an input can
//! still be read.

use fixedbitset::FixedBitSet;

use super::{Cause, Failure, VertexSet};
use crate::design::AvailabilityRule;
use crate::job_graph::ResultPartitionType;
use crate::regions::{RegionId, Regions};
use crate::topology::{PartitionId, Topology};

/// A set of small numbers: that of a model is a word, that of a large plan is not.
pub(super) enum Numbers {
    Few(u64),
    Many(FixedBitSet),
}

impl Numbers {
    /// Room for the numbers below `most`.
    pub(super) fn below(most: usize) -> Self {
        match most {
            0..=64 => Numbers::Few(0),
            _ => Numbers::Many(FixedBitSet::with_capacity(most)),
        }
    }

    /// Adds a number; says whether it was there.
    pub(super) fn put(&mut self, number: usize) -> bool {
        match self {
            Numbers::Few(bits) => {
                let was = *bits >> number & 1 == 1;
                *bits |= 1 << number;
                was
            }
            Numbers::Many(bits) => bits.put(number),
        }
    }

    fn contains(&self, number: usize) -> bool {
        match self {
            Numbers::Few(bits) => *bits >> number & 1 == 1,
            Numbers::Many(bits) => bits.contains(number),
        }
    }
}

/// The regions that restart; each is handed out once, to be looked around in.
pub(super) struct Closure {
    regions: Numbers,
    unseen: Vec<RegionId>,
}

impl Closure {
    /// Begins with one region out of `regions`.
    pub(super) fn from(region: RegionId, regions: &Regions) -> Self {
        let mut closure = Closure { regions: Numbers::below(regions.len()), unseen: Vec::new() };
        closure.add(region);
        closure
    }

    pub(super) fn add(&mut self, region: RegionId) {
        if !self.regions.put(region) {
            self.unseen.push(region);
        }
    }

    pub(super) fn contains(&self, region: RegionId) -> bool {
        self.regions.contains(region)
    }

    /// A region that was added and not handed out yet.
    pub(super) fn next_unseen(&mut self) -> Option<RegionId> {
        self.unseen.pop()
    }

    /// The vertices of all regions.
    pub(super) fn into_vertices(self, regions: &Regions) -> VertexSet {
        let mut vertices = FixedBitSet::with_capacity(regions.of.len());
        for (region, members) in regions.members.iter().enumerate() {
            if self.regions.contains(region) {
                vertices.extend(members.iter().copied());
            }
        }
        vertices
    }
}

/// Whether a restarted consumer can read `partition` without its producer running again (section
/// 1.2).
///
/// The exception for approximate partitions is formal: a tracker never has one (FLINK-27902).
pub(super) fn is_available(
    partition: PartitionId,
    rule: AvailabilityRule,
    topology: &Topology,
    failure: &Failure<'_>,
) -> bool {
    let tracked = || failure.view.is_tracked(partition);
    failure.cause != Cause::Partition(partition)
        && match rule {
            AvailabilityRule::Unnamed => true,
            AvailabilityRule::Tracked => tracked(),
            AvailabilityRule::TrackedAndReconsumable => {
                let result_type = topology.type_of(partition);
                tracked()
                    && (result_type.is_reconsumable()
                        || result_type == ResultPartitionType::PipelinedApproximate)
            }
        }
}
