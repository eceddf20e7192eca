//! All that can happen from some states on, kept with its steps.

use std::sync::atomic::AtomicBool;

use failproof_model::action::Action;
use failproof_model::failover::Failover;
use failproof_model::state::State;

use crate::explore::{Codec, Control, EncodedWhole, Explorer, StateSpace, Stopped};
use crate::run::{Ahead, Options, StateCodec};

/// The states that can be reached, and the steps between them. Whole states are compared.
pub(super) struct Graph<'m, const V: usize> {
    model: &'m Failover<V>,
    space: StateSpace<Box<[u8]>>,
}

impl<'m, const V: usize> Graph<'m, V> {
    /// Explores all runs that begin in one of `begins`, no two of which are equal.
    pub(super) fn explore(
        model: &'m Failover<V>,
        begins: Vec<State<V>>,
        options: &Options,
        interrupted: Option<&AtomicBool>,
    ) -> Result<Self, Stopped> {
        let ahead = Ahead { model, from: begins };
        let explorer = Explorer::new(&ahead, &())
            .limits(options.limits)
            .threads(options.threads)
            .store(&EncodedWhole(StateCodec))
            .keep_steps();
        let (explored, space) = explorer.explore(Control { interrupted, progress: None });
        match explored.stopped {
            Some(stopped) => Err(stopped),
            None => Ok(Graph { model, space }),
        }
    }

    /// Number of states; they are numbered from 0, those in which runs begin first and in their order.
    pub(super) fn len(&self) -> usize {
        self.space.len()
    }

    pub(super) fn state(&self, number: u32) -> State<V> {
        let key = self.space.get(number);
        match key.and_then(|bytes| StateCodec.decode(self.model, bytes)) {
            Some(state) => state,
            None => unreachable!("a codec decodes what it has encoded"),
        }
    }

    /// The steps out of a state, and where they lead.
    pub(super) fn steps(&self, number: u32) -> Vec<(Action, u32)> {
        let actions = self.model.enabled(&self.state(number));
        actions.into_iter().zip(self.space.edges(number).map(|edge| edge.target)).collect()
    }

    /// Numbers of the states that a step leads to, without the steps.
    pub(super) fn targets(&self, number: u32) -> impl Iterator<Item = u32> + '_ {
        self.space.edges(number).map(|edge| edge.target)
    }

    /// A shortest run to a state, from where a run begins.
    pub(super) fn way_to(&self, number: u32) -> Vec<Action> {
        let (mut way, mut at) = (Vec::new(), number);
        while let Some(parent) = self.space.parent(at) {
            let step = self.steps(parent).into_iter().find(|&(_, target)| target == at);
            way.extend(step.map(|(action, _)| action));
            at = parent;
        }
        way.reverse();
        way
    }
}
