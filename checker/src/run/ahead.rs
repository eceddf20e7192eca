//! What lies ahead of a state.

use std::sync::Arc;

use failproof_model::action::Action;
use failproof_model::failover::Failover;
use failproof_model::state::State;
use stateright::Model;

/// The model, beginning in another state.
pub(crate) struct Ahead<const V: usize> {
    pub(crate) model: Arc<Failover<V>>,
    pub(crate) from: State<V>,
    /// Whether faults can happen.
    pub(crate) faults: bool,
}

impl<const V: usize> Model for Ahead<V> {
    type State = State<V>;
    type Action = Action;

    fn init_states(&self) -> Vec<State<V>> {
        vec![self.from]
    }

    fn actions(&self, state: &State<V>, actions: &mut Vec<Action>) {
        self.model.actions(state, actions);
        actions.retain(|action| self.faults || action.fault().is_none());
    }

    fn next_state(&self, state: &State<V>, action: Action) -> Option<State<V>> {
        self.model.next_state(state, action)
    }
}
