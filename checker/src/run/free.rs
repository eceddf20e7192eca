//! `Free(S)`: the outcomes that a scenario can commit without faults, with all its nondeterminism left in.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use failproof_model::failover::{Failover, ModelError};
use failproof_model::state::{JobStatus, State};
use failproof_properties::{Committed, committed};

use super::exploration_of;
use super::options::Options;
use crate::explore::{Control, Judge, Marks, Stopped};

/// Explores the scenario without its faults, its prefix and its defect.
///
/// The inner result says which limit kept that exploration from completing: then nothing can be said of transparency.
///
/// # Errors
/// Those of [`Failover::new`].
pub fn free_outcomes<const V: usize>(
    model: &Failover<V>,
    options: &Options,
    control: Control<'_>,
) -> Result<Result<BTreeSet<Committed>, Stopped>, ModelError> {
    let free = model.without_faults()?;
    let outcomes = Outcomes::default();
    let exploration = exploration_of(&free, &outcomes, options, None, control);
    if let Some(stopped) = exploration.stopped {
        return Ok(Err(stopped));
    }
    Ok(Ok(outcomes.0.into_inner().unwrap_or_else(PoisonError::into_inner)))
}

/// Collects what finished jobs have committed, with all that differ from it in names alone: where those are taken for
/// one, one of them is seen.
#[derive(Default)]
struct Outcomes(Mutex<BTreeSet<Committed>>);

impl<const V: usize> Judge<Failover<V>> for Outcomes {
    fn on_state(&self, model: &Failover<V>, state: &State<V>) -> Marks {
        if state.job == JobStatus::Finished {
            let mut outcomes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let images = model.symmetry().images(state);
            outcomes.extend(images.map(|image| committed(model, &image)));
        }
        Marks::NONE
    }
}
