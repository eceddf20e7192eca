//! Failover strategies: which tasks restart after a failure (section 1).
//!
//! A strategy is a pure function of what its constructor was given (topology and knobs) and of what
//! the master believes at the moment of the failure. It is asked once a failure.

mod closure;
mod restart_affected;
mod restart_all;
mod restart_individual;
mod restart_pipelined_region;

use std::fmt::Debug;

use fixedbitset::FixedBitSet;
use thiserror::Error;

use crate::design::Strategy;
use crate::execution_state::ExecutionState;
use crate::regions::{CoLocationError, Regions};
use crate::topology::{PartitionId, Topology, VertexId};

pub use restart_affected::RestartAffected;
pub use restart_all::RestartAll;
pub use restart_individual::RestartIndividual;
pub use restart_pipelined_region::RestartPipelinedRegion;

/// A set of execution vertices.
pub type VertexSet = FixedBitSet;

/// What the master believes when a task fails. Its books, not the truth.
pub trait View {
    /// The state of the current attempt of `vertex`.
    fn state(&self, vertex: VertexId) -> ExecutionState;

    /// Whether the tracker has the partition of the current attempt of its producer (section 4.1).
    fn is_tracked(&self, partition: PartitionId) -> bool;

    /// Whether an earlier restart that is still under way is going to reset `vertex`
    /// (`DefaultScheduler.verticesWaitingForRestart`). Flink's own strategies do not ask.
    fn waits_for_restart(&self, vertex: VertexId) -> bool;
}

/// Why a task failed, as far as a strategy tells causes apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// The task itself.
    Task,
    /// A partition could not be found or reached: the one that Flink's `PartitionException` names.
    Partition(PartitionId),
}

/// One failure of one task.
#[derive(Clone, Copy)]
pub struct Failure<'a> {
    /// The vertex whose current attempt failed.
    pub vertex: VertexId,
    /// Why.
    pub cause: Cause,
    /// What the master believes.
    pub view: &'a dyn View,
}

/// Decides which tasks restart.
pub trait FailoverStrategy: Debug + Send + Sync {
    /// The vertices to cancel, reset and schedule again; the set has one bit for every vertex of
    /// the topology.
    ///
    /// The vertex and the partition that `failure` names must be of the topology that the strategy
    /// was made for.
    fn tasks_to_restart(&self, failure: &Failure<'_>) -> VertexSet;
}

/// Why a strategy refuses a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum StrategyError {
    /// Restarting a vertex by itself is meaningless where vertices exchange data.
    #[error(
        "restart-individual takes only jobs without data exchange, but execution vertex \
         {consumer} reads data set {data_set} of execution vertex {producer}; remove the edge or \
         use restart-pipelined-region"
    )]
    Connected {
        /// The vertex that writes.
        producer: VertexId,
        /// The vertex that reads.
        consumer: VertexId,
        /// The data set between them.
        data_set: usize,
    },
    /// Co-located vertices are in two regions.
    #[error(transparent)]
    CoLocation(#[from] CoLocationError),
}

/// Makes the strategy that a design names, for one topology.
///
/// # Errors
/// The strategy does not take the job.
pub fn failover_strategy(
    strategy: Strategy,
    topology: &Topology,
) -> Result<Box<dyn FailoverStrategy>, StrategyError> {
    Ok(match strategy {
        Strategy::RestartAll => Box::new(RestartAll::new(topology)),
        Strategy::RestartIndividual => Box::new(RestartIndividual::new(topology)?),
        Strategy::RestartPipelinedRegion(knobs) => {
            Box::new(RestartPipelinedRegion::new(topology, knobs)?)
        }
        Strategy::RestartAffected => Box::new(RestartAffected::new(topology)?),
    })
}

/// The regions that a strategy restarts.
///
/// Co-location follows the release that the knobs describe: where cycles are merged (1.12) co-
/// located vertices must be in one region; before, a job with co-location is one region as a whole.
///
/// # Errors
/// A co-location group spans two regions and must not.
pub fn failover_regions(
    strategy: Strategy,
    topology: &Topology,
) -> Result<Regions, CoLocationError> {
    match strategy {
        Strategy::RestartAll => Ok(Regions::whole(topology)),
        Strategy::RestartIndividual => Ok(Regions::single(topology)),
        Strategy::RestartPipelinedRegion(knobs) if !knobs.merge_cycles => {
            let co_located = topology.co_located.iter().any(|group| group.len() > 1);
            let whole = co_located.then(|| Regions::whole(topology));
            Ok(whole.unwrap_or_else(|| Regions::of(topology, false)))
        }
        Strategy::RestartPipelinedRegion(_) | Strategy::RestartAffected => {
            let regions = Regions::of(topology, true);
            regions.check_co_location(topology)?;
            Ok(regions)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::preset;
    use crate::job_graph::{Determinism, ResultPartitionType};
    use crate::topology::{DataSet, PartitionGroup, ResultPartition};

    /// 0 writes for 1 by a blocking exchange; 2 is by itself.
    fn topology(co_located: Vec<Vec<VertexId>>) -> Topology {
        let result_type = ResultPartitionType::Blocking;
        Topology::new(
            3,
            vec![DataSet { result_type, partitioner: Determinism::Determinate }],
            vec![ResultPartition { data_set: 0, producer: 0 }],
            vec![PartitionGroup { data_set: 0, partitions: vec![0], consumers: vec![1] }],
            co_located,
        )
    }

    fn strategy(preset_name: &str) -> Strategy {
        preset(preset_name).unwrap().design.strategy
    }

    #[test]
    fn restart_individual_says_which_exchange_it_cannot_take() {
        let refusal = failover_strategy(Strategy::RestartIndividual, &topology(Vec::new()));
        let error = refusal.unwrap_err();
        assert_eq!(error, StrategyError::Connected { producer: 0, consumer: 1, data_set: 0 });
        assert_eq!(
            error.to_string(),
            "restart-individual takes only jobs without data exchange, but execution vertex 1 \
             reads data set 0 of execution vertex 0; remove the edge or use \
             restart-pipelined-region"
        );
    }

    #[test]
    fn co_location_across_regions_is_refused_from_1_12_on() {
        for name in ["flink-1.12", "flink-2", "affected"] {
            let refusal = failover_strategy(strategy(name), &topology(vec![vec![1, 2]]));
            assert_eq!(
                refusal.unwrap_err().to_string(),
                "execution vertices 1 and 2 share a slot by co-location, but they are in regions \
                 1 and 2; co-located vertices must be in one region, so connect them by pipelined \
                 edges",
                "{name}"
            );
        }
    }

    #[test]
    fn co_location_makes_the_job_one_region_before_1_12() {
        for name in ["flink-1.3", "flink-1.9"] {
            let regions = |co_located| failover_regions(strategy(name), &topology(co_located));
            assert_eq!(regions(vec![vec![1, 2]]).unwrap().members, [[0, 1, 2]], "{name}");
            assert_eq!(regions(vec![vec![1]]).unwrap().members, [[0], [1], [2]], "{name}");
        }
    }
}
