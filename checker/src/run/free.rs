//! `Free(S)`: the outcomes that a scenario can commit without faults, with all its nondeterminism left in.

use std::collections::BTreeSet;

use failproof_model::failover::{Failover, ModelError};
use failproof_model::state::JobStatus;
use failproof_properties::{Committed, committed};

use crate::explore::{Control, Limits, Stopped, explore};

/// Explores the scenario without its faults, its prefix and its defect.
///
/// The inner result says which limit kept that exploration from completing: then nothing can be said of transparency.
///
/// # Errors
/// Those of [`Failover::new`].
pub fn free_outcomes<const V: usize>(
    model: &Failover<V>,
    limits: Limits,
    control: Control<'_>,
) -> Result<Result<BTreeSet<Committed>, Stopped>, ModelError> {
    let free = model.without_faults()?;
    let (exploration, space) = explore(&free, &(), limits, control);
    if let Some(stopped) = exploration.stopped {
        return Ok(Err(stopped));
    }
    let mut outcomes = BTreeSet::new();
    for state in space.keys().filter(|state| state.job == JobStatus::Finished) {
        outcomes.insert(committed(&free, state));
    }
    Ok(Ok(outcomes))
}
