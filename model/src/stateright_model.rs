//! The transition system behind the interface that explorers know.

use stateright::{Model, Property};

use crate::action::Action;
use crate::failover::Failover;
use crate::state::State;

impl<const V: usize> Model for Failover<V> {
    type State = State<V>;
    type Action = Action;

    fn init_states(&self) -> Vec<State<V>> {
        vec![self.init()]
    }

    fn actions(&self, state: &State<V>, actions: &mut Vec<Action>) {
        self.enabled_into(state, actions);
    }

    fn next_state(&self, state: &State<V>, action: Action) -> Option<State<V>> {
        let mut next = Some(*state);
        if let Some(next) = &mut next {
            self.take(next, action);
        }
        next
    }

    /// Properties are judged from outside.
    fn properties(&self) -> Vec<Property<Self>> {
        Vec::new()
    }

    fn format_action(&self, action: &Action) -> String {
        self.notation(*action)
    }
}
