//! A scenario with its properties, as somebody would write it for Stateright.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use failproof_checker::explore::Judge;
use failproof_checker::run::Properties;
use failproof_model::action::Action;
use failproof_model::failover::Failover;
use failproof_model::state::State;
use stateright::{Model, Property};

/// Properties of steps become properties of states by a ghost: what the last step violated. What is claimed of all
/// runs, Stateright cannot say where they join or go round; it is spared that.
pub(crate) struct Judged<const V: usize> {
    pub(crate) model: Arc<Failover<V>>,
    pub(crate) judge: Arc<Properties<V>>,
    /// What was seen to be violated, as bits.
    pub(crate) violated: Arc<AtomicU64>,
}

impl<const V: usize> Judged<V> {
    /// Whether something is stuck takes the number of its successors, so what is enabled is listed once more.
    fn look_at(&self, state: &State<V>, by_step: u64) {
        let mut enabled = Vec::new();
        self.model.actions(state, &mut enabled);
        let marks = self.judge.on_state(&self.model, state)
            | self.judge.on_expanded(&self.model, state, enabled.len());
        let violated = marks.violated | by_step;
        if violated != 0 {
            self.violated.fetch_or(violated, Ordering::Relaxed);
        }
    }
}

impl<const V: usize> Model for Judged<V> {
    type State = (State<V>, u64);
    type Action = Action;

    fn init_states(&self) -> Vec<Self::State> {
        self.model.init_states().into_iter().map(|state| (state, 0)).collect()
    }

    fn actions(&self, (state, _): &Self::State, actions: &mut Vec<Action>) {
        self.model.actions(state, actions);
    }

    fn next_state(&self, (state, _): &Self::State, action: Action) -> Option<Self::State> {
        let next = self.model.next_state(state, action)?;
        let marks = self.judge.on_step(&self.model, state, &action, &next);
        Some((next, marks.violated))
    }

    /// The condition never fails, so that nothing ends the search early.
    fn properties(&self) -> Vec<Property<Self>> {
        vec![Property::always("is looked at", |judged: &Self, (state, by_step)| {
            judged.look_at(state, *by_step);
            true
        })]
    }
}
