//! Hand-made state spaces, and a judge of their states and steps.

use std::collections::BTreeSet;
use std::sync::Arc;

use failproof_explorer::{
    Control, Exploration, Judge, Kind, Limits, Marks, StateSpace, explore, second_engine,
};
use stateright::Model;

/// States are numbers; the steps out of each are listed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Graph {
    pub(crate) initial: Vec<u32>,
    pub(crate) steps: Vec<Vec<Step>>,
    pub(crate) outside: BTreeSet<u32>,
}

/// One step, by its position among the steps out of its state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// None: the action is ignored.
    pub(crate) target: Option<u32>,
    pub(crate) cost: u32,
}

impl Graph {
    /// A graph of free steps from state 0.
    pub(crate) fn new(steps: &[&[u32]]) -> Self {
        let free = |&target: &u32| Step { target: Some(target), cost: 0 };
        let steps = steps.iter().map(|row| row.iter().map(free).collect()).collect();
        Graph { initial: vec![0], steps, outside: BTreeSet::new() }
    }

    pub(crate) fn with_cost(mut self, state: usize, position: usize, cost: u32) -> Self {
        self.steps[state][position].cost = cost;
        self
    }

    pub(crate) fn row(&self, state: u32) -> &[Step] {
        self.steps.get(state as usize).map_or(&[], Vec::as_slice)
    }
}

impl Model for Graph {
    type State = u32;
    type Action = (usize, Step);

    fn init_states(&self) -> Vec<u32> {
        self.initial.clone()
    }

    fn actions(&self, state: &u32, actions: &mut Vec<Self::Action>) {
        actions.extend(self.row(*state).iter().copied().enumerate());
    }

    fn next_state(&self, _: &u32, (_, step): Self::Action) -> Option<u32> {
        step.target
    }

    fn within_boundary(&self, state: &u32) -> bool {
        !self.outside.contains(state)
    }
}

/// Judges a [`Graph`] by lists.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lists {
    /// Trigger all properties.
    pub(crate) triggers: BTreeSet<u32>,
    /// Violate [`BAD_STATE`].
    pub(crate) bad_states: BTreeSet<u32>,
    /// Violate [`BAD_STEP`].
    pub(crate) bad_steps: BTreeSet<(u32, u32)>,
    /// Satisfy [`GOAL`]; only they may be [`STUCK`].
    pub(crate) goals: BTreeSet<u32>,
    /// Steps of each state from the one of this number on only befall it.
    pub(crate) mishaps_from: Option<usize>,
}

pub(crate) const BAD_STATE: usize = 0;
pub(crate) const BAD_STEP: usize = 1;
pub(crate) const STUCK: usize = 2;
/// Violated by either a state or a step or a stuck state.
pub(crate) const ANY: usize = 3;
pub(crate) const GOAL: usize = 4;

impl Judge<Graph> for Lists {
    fn properties(&self) -> usize {
        5
    }

    fn kind(&self, property: usize) -> Kind {
        if property == GOAL { Kind::Reachability } else { Kind::Safety }
    }

    fn on_state(&self, _: &Graph, state: &u32) -> Marks {
        let triggered = if self.triggers.contains(state) { !0 } else { 0 };
        let bad = self.bad_states.contains(state);
        Marks { triggered, violated: 0 }.with(BAD_STATE, false, bad).with(ANY, false, bad)
    }

    fn on_step(&self, _: &Graph, state: &u32, _: &(usize, Step), next: &u32) -> Marks {
        let bad = self.bad_steps.contains(&(*state, *next));
        Marks::NONE.with(BAD_STEP, false, bad).with(ANY, false, bad)
    }

    fn on_expanded(&self, _: &Graph, state: &u32, successors: usize) -> Marks {
        let stuck = successors == 0 && !self.goals.contains(state);
        Marks::NONE.with(STUCK, false, stuck).with(ANY, false, stuck)
    }

    fn is_goal(&self, property: usize, _: &Graph, state: &u32) -> bool {
        property == GOAL && self.goals.contains(state)
    }

    fn rules(&self) -> usize {
        2
    }

    fn rule(&self, (position, _): &(usize, Step)) -> usize {
        *position
    }

    fn is_mishap(&self, rule: usize) -> bool {
        self.mishaps_from.is_some_and(|first| rule >= first)
    }

    fn costs(&self) -> usize {
        1
    }

    fn cost(&self, _: usize, _: &u32, (_, step): &(usize, Step), _: &u32) -> u32 {
        step.cost
    }

    fn gauges(&self) -> usize {
        1
    }

    fn gauge(&self, _: usize, state: &u32) -> u32 {
        *state
    }
}

pub(crate) type Explored = (Exploration<(usize, Step)>, StateSpace<u32>);

/// Explores without limits.
pub(crate) fn explore_all(graph: &Graph, lists: &Lists) -> Explored {
    explore(graph, lists, Limits::default(), Control::default())
}

/// Both engines count the same states and find the same safety properties violated.
pub(crate) fn assert_engines_agree(
    graph: &Graph,
    lists: &Lists,
    result: &Exploration<(usize, Step)>,
) {
    let model = Arc::new(graph.clone());
    let counts = second_engine::count(Arc::clone(&model));
    assert_eq!(
        (result.distinct, result.generated, result.depth),
        (counts.distinct, counts.generated, counts.depth)
    );
    let is_violated = |kind, violated| kind == Kind::Safety && violated;
    let violated: Vec<bool> = result
        .findings
        .iter()
        .map(|finding| is_violated(finding.kind, finding.violation.is_some()))
        .collect();
    assert_eq!(second_engine::violated(model, Arc::new(lists.clone())), violated);
}
