//! `RestartPipelinedRegionFailoverStrategy`, with a knob for everything in which releases and
//! articles differ (sections 1.2 and 1.3).

use super::closure::{Closure, Numbers, is_available};
use super::{FailoverStrategy, Failure, StrategyError, VertexSet, failover_regions};
use crate::design::{ConsumerPolicy, RegionKnobs, Strategy};
use crate::execution_state::ExecutionState;
use crate::job_graph::Determinism;
use crate::regions::{RegionId, Regions};
use crate::topology::Topology;

/// Restarts the failed region, the producers of what it can no longer read, and the consumers of
/// what it wrote; and so on for each region that joins.
#[derive(Clone, Debug)]
pub struct RestartPipelinedRegion {
    topology: Topology,
    regions: Regions,
    knobs: RegionKnobs,
}

impl RestartPipelinedRegion {
    /// The strategy for `topology`.
    ///
    /// # Errors
    /// A co-location group spans two regions and the knobs are those of Flink 1.12 or later.
    pub fn new(topology: &Topology, knobs: RegionKnobs) -> Result<Self, StrategyError> {
        let regions = failover_regions(Strategy::RestartPipelinedRegion(knobs), topology)?;
        Ok(RestartPipelinedRegion { topology: topology.clone(), regions, knobs })
    }

    /// Rule 2: the producers of inputs that are needed and gone.
    fn add_producers(
        &self,
        region: RegionId,
        failure: &Failure<'_>,
        seen: &mut Numbers,
        closure: &mut Closure,
    ) {
        for &vertex in &self.regions.members[region] {
            for &group in &self.topology.consumed_groups[vertex] {
                if seen.put(group) {
                    continue;
                }
                for &partition in &self.topology.groups[group].partitions {
                    if !is_available(partition, self.knobs.availability, &self.topology, failure) {
                        let producer = self.topology.partitions[partition].producer;
                        closure.add(self.regions.of[producer]);
                    }
                }
            }
        }
    }

    /// Rule 3: the consumers of whatever the region produces.
    fn add_consumers(&self, region: RegionId, seen: &mut Numbers, closure: &mut Closure) {
        let topology = &self.topology;
        for &vertex in &self.regions.members[region] {
            for &partition in &topology.produced[vertex] {
                for &group in &topology.groups_of_partition[partition] {
                    if !seen.put(group) && self.restarts_consumers_of(group) {
                        let consumers = &topology.groups[group].consumers;
                        consumers.iter().for_each(|&c| closure.add(self.regions.of[c]));
                    }
                }
            }
        }
    }

    fn restarts_consumers_of(&self, group: usize) -> bool {
        match self.knobs.consumers {
            ConsumerPolicy::Always => true,
            ConsumerPolicy::OnlyIfNondeterministic => {
                let data_set = self.topology.groups[group].data_set;
                self.topology.data_sets[data_set].partitioner == Determinism::Indeterminate
            }
            ConsumerPolicy::Never => false,
        }
    }
}

impl FailoverStrategy for RestartPipelinedRegion {
    fn tasks_to_restart(&self, failure: &Failure<'_>) -> VertexSet {
        let groups = self.topology.groups.len();
        let (mut consumed, mut produced) = (Numbers::below(groups), Numbers::below(groups));
        let mut closure = Closure::from(self.regions.of[failure.vertex], &self.regions);
        while let Some(region) = closure.next_unseen() {
            if self.knobs.backtrack {
                self.add_producers(region, failure, &mut consumed, &mut closure);
            }
            if self.knobs.consumers != ConsumerPolicy::Never {
                self.add_consumers(region, &mut produced, &mut closure);
            }
        }
        let mut restart = closure.into_vertices(&self.regions);
        if self.knobs.skip_created {
            for vertex in 0..self.topology.vertices {
                // Only now: a region that has not begun still passes the restart on.
                if failure.view.state(vertex) == ExecutionState::Created {
                    restart.remove(vertex);
                }
            }
        }
        restart
    }
}
