//! The graph of a scenario: states, steps by their actions, and what properties say of each step.

use std::collections::HashMap;

use failproof_checker::explore::{Judge, Marks};
use failproof_checker::run::Properties;
use failproof_model::action::Action;
use failproof_model::failover::Failover;
use failproof_model::state::State;

/// States are numbered in the order in which a breadth-first search finds them; 0 is the first one.
pub(crate) struct Graph<const V: usize> {
    pub(crate) states: Vec<State<V>>,
    /// The steps out of each state, in the order of the enabled actions.
    pub(crate) rows: Vec<Vec<Step>>,
    /// Of each state, the action that may be taken alone.
    pub(crate) local: Vec<Option<Action>>,
}

/// One step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) action: Action,
    pub(crate) target: usize,
    pub(crate) marks: Marks,
}

/// Which steps are followed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Follow {
    All,
    /// The local step alone, where there is one.
    LocalFirst,
}

impl<const V: usize> Graph<V> {
    /// All states that can be reached; none if they are more than `states_max`.
    pub(crate) fn of(
        model: &Failover<V>,
        judge: &Properties<V>,
        follow: Follow,
        states_max: usize,
    ) -> Option<Self> {
        let first = model.init();
        let mut known = HashMap::from([(first, 0)]);
        let mut graph = Graph { states: vec![first], rows: Vec::new(), local: Vec::new() };
        while let Some(&state) = graph.states.get(graph.rows.len()) {
            let mut enabled = model.enabled(&state);
            let local = model.local_step(&state, &enabled).map(|position| enabled[position]);
            if let (Some(action), Follow::LocalFirst) = (local, follow) {
                enabled = vec![action];
            }
            let steps = enabled.into_iter().map(|action| {
                let next = model.apply(&state, action);
                let marks = judge.on_step(model, &state, &action, &next);
                let target = *known.entry(next).or_insert_with(|| {
                    graph.states.push(next);
                    graph.states.len() - 1
                });
                Step { action, target, marks }
            });
            let steps = steps.collect();
            graph.rows.push(steps);
            graph.local.push(local);
            if graph.states.len() > states_max {
                return None;
            }
        }
        Some(graph)
    }

    pub(crate) fn step(&self, state: usize, action: Action) -> Option<Step> {
        self.rows[state].iter().copied().find(|step| step.action == action)
    }

    /// Of each state, the states from which one step leads there, with its action.
    pub(crate) fn predecessors(&self) -> Vec<Vec<(usize, Action)>> {
        let mut predecessors = vec![Vec::new(); self.states.len()];
        for (state, row) in self.rows.iter().enumerate() {
            row.iter().for_each(|step| predecessors[step.target].push((state, step.action)));
        }
        predecessors
    }

    /// How many states an explorer has to keep that goes on through local steps without keeping where it is.
    pub(crate) fn kept(&self) -> usize {
        self.local.iter().filter(|local| local.is_none()).count()
    }
}
