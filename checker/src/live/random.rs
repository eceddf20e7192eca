//! Going on at random.

use failproof_model::failover::Failover;
use serde::Serialize;

use super::path::Run;
use crate::explore::SplitMix64;

/// Where a random walk has led.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Strolled {
    /// The whole run.
    pub(super) path: String,
    /// With the same seed the same walk.
    pub(super) seed: u64,
    /// Fewer than were asked for, if nothing is possible at its end.
    pub(super) taken: usize,
}

/// Takes so many steps more, each as likely as any other that is possible; says how many there were.
pub(super) fn stroll<const V: usize>(
    model: &Failover<V>,
    run: &mut Run<V>,
    seed: u64,
    length: usize,
) -> usize {
    let mut random = SplitMix64::split(seed, 0);
    for taken in 0..length {
        let state = run.states[run.states.len() - 1];
        let enabled = model.enabled(&state);
        if enabled.is_empty() {
            return taken;
        }
        let action = enabled[random.below(enabled.len())];
        run.states.push(model.apply(&state, action));
        run.actions.push(action);
    }
    length
}
