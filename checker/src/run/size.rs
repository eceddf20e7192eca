//! Size classes: a small job does not pay for a large one.

use failproof_model::failover::{Failover, ModelError};
use failproof_model::scenario::Scenario;

/// Most execution vertices that any class holds.
pub const EXECUTION_VERTICES_MAX: usize = 16;

/// Something to be done with the model of a scenario, whatever its class.
pub trait WithModel {
    /// What comes of it.
    type Output;

    /// Does it.
    fn with<const V: usize>(self, model: Failover<V>) -> Self::Output;
}

/// Makes the model of a scenario in the smallest class that holds it.
///
/// # Errors
/// Those of [`Failover::new`].
pub fn with_model<W: WithModel>(scenario: &Scenario, what: W) -> Result<W::Output, ModelError> {
    let scenario = scenario.clone();
    Ok(match scenario.job.execution_vertices() {
        0..=4 => what.with(Failover::<4>::new(scenario)?),
        5..=8 => what.with(Failover::<8>::new(scenario)?),
        9..=12 => what.with(Failover::<12>::new(scenario)?),
        _ => what.with(Failover::<EXECUTION_VERTICES_MAX>::new(scenario)?),
    })
}
