//! Visiting fewer states of a scenario.

use failproof_model::action::Action;
use failproof_model::failover::Failover;
use failproof_model::state::State;

use crate::explore::{FairRuns, Reduction};

/// Which reductions are at work. Verdicts are the same with each and without.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reductions {
    /// What nothing will read any more is left out.
    pub view: bool,
    /// One state for all that differ in names alone.
    pub symmetry: bool,
    /// Steps that nothing can tell when they are taken are taken at once and alone.
    pub local_steps: bool,
}

impl Reductions {
    /// None.
    pub const NONE: Reductions = Reductions { view: false, symmetry: false, local_steps: false };
    /// All.
    pub const ALL: Reductions = Reductions { view: true, symmetry: true, local_steps: true };

    /// Their names; none if there are none.
    pub fn names(self) -> Vec<&'static str> {
        let named =
            [(self.view, "view"), (self.symmetry, "symmetry"), (self.local_steps, "local steps")];
        named.into_iter().filter(|(on, _)| *on).map(|(_, name)| name).collect()
    }
}

impl<const V: usize> Reduction<Failover<V>> for Reductions {
    fn has_local_steps(&self) -> bool {
        self.local_steps
    }

    /// Equal views have the same actions in the same classes. Symmetry takes two actors for one, and local steps leave
    /// out what one of them could have done instead; but whoever may stop, stops there as well.
    fn fair_runs(&self) -> FairRuns {
        if self.symmetry || self.local_steps { FairRuns::Ends } else { FairRuns::Kept }
    }

    fn make_canonical(&self, model: &Failover<V>, state: &mut State<V>) {
        if self.view {
            model.leave_out(state);
        }
        if self.symmetry {
            model.symmetry().make_canonical(state);
        }
    }

    fn local_step(
        &self,
        model: &Failover<V>,
        state: &State<V>,
        enabled: &[Action],
    ) -> Option<usize> {
        if self.local_steps { model.local_step(state, enabled) } else { None }
    }
}
