//! What lies ahead of a state.

use failproof_model::action::Action;
use failproof_model::failover::Failover;
use failproof_model::state::State;
use stateright::Model;

use super::StateCodec;
use crate::explore::Codec;

/// The model, beginning in other states.
pub(crate) struct Ahead<'m, const V: usize> {
    pub(crate) model: &'m Failover<V>,
    /// No two of them are equal.
    pub(crate) from: Vec<State<V>>,
}

impl<const V: usize> Model for Ahead<'_, V> {
    type State = State<V>;
    type Action = Action;

    fn init_states(&self) -> Vec<State<V>> {
        self.from.clone()
    }

    fn actions(&self, state: &State<V>, actions: &mut Vec<Action>) {
        self.model.enabled_into(state, actions);
    }

    fn next_state(&self, state: &State<V>, action: Action) -> Option<State<V>> {
        self.model.next_state(state, action)
    }
}

impl<const V: usize> Codec<Ahead<'_, V>> for StateCodec {
    fn encode(&self, ahead: &Ahead<'_, V>, state: &State<V>, out: &mut Vec<u8>) {
        self.encode(ahead.model, state, out);
    }

    fn decode(&self, ahead: &Ahead<'_, V>, bytes: &[u8]) -> Option<State<V>> {
        self.decode(ahead.model, bytes)
    }
}
