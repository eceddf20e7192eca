//! `RestartIndividualStrategy` of Flink 1.3 to 1.10: the failed task alone (FLINK-5869).

use super::{FailoverStrategy, Failure, StrategyError, VertexSet};
use crate::topology::Topology;

/// Restarts the failed vertex and nothing else.
#[derive(Clone, Debug)]
pub struct RestartIndividual {
    vertices: usize,
}

impl RestartIndividual {
    /// The strategy for `topology`.
    ///
    /// # Errors
    /// Some vertex reads what another one wrote.
    pub fn new(topology: &Topology) -> Result<Self, StrategyError> {
        let exchange = topology.groups.iter().find_map(|group| {
            Some((group.data_set, *group.partitions.first()?, *group.consumers.first()?))
        });
        match exchange {
            Some((data_set, partition, consumer)) => {
                let producer = topology.partitions[partition].producer;
                Err(StrategyError::Connected { producer, consumer, data_set })
            }
            None => Ok(RestartIndividual { vertices: topology.vertices }),
        }
    }
}

impl FailoverStrategy for RestartIndividual {
    fn tasks_to_restart(&self, failure: &Failure<'_>) -> VertexSet {
        let mut alone = VertexSet::with_capacity(self.vertices);
        alone.insert(failure.vertex);
        alone
    }
}
