//! A judge of fair runs of a [`Graph`], and what it takes for a run to violate its claims.

use std::collections::{BTreeMap, BTreeSet};

use failproof_explorer::{
    Control, Exploration, Finding, Judge, Kind, Limits, Marks, Verdict, explore,
};

use crate::graph::{Graph, Step};

/// Judges a [`Graph`] by lists.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fair {
    /// The classes of steps, by state and position.
    pub(crate) classes: BTreeMap<(u32, usize), u8>,
    pub(crate) goals: BTreeSet<u32>,
    pub(crate) premises: BTreeSet<u32>,
}

pub(crate) const EVENTUALLY: usize = 0;
pub(crate) const LEADS_TO: usize = 1;

impl Judge<Graph> for Fair {
    fn properties(&self) -> usize {
        2
    }

    fn kind(&self, property: usize) -> Kind {
        if property == EVENTUALLY { Kind::Eventually } else { Kind::LeadsTo }
    }

    fn on_state(&self, _: &Graph, state: &u32) -> Marks {
        Marks::NONE.with(EVENTUALLY, true, false).with(
            LEADS_TO,
            self.premises.contains(state),
            false,
        )
    }

    fn is_goal(&self, _: usize, _: &Graph, state: &u32) -> bool {
        self.goals.contains(state)
    }

    fn is_premise(&self, _: usize, _: &Graph, state: &u32) -> bool {
        self.premises.contains(state)
    }

    fn fairness(&self, state: &u32, (position, _): &(usize, Step)) -> Option<u8> {
        self.classes.get(&(*state, *position)).copied()
    }
}

impl Fair {
    /// Every step is of a class, that of its state.
    pub(crate) fn each_state(graph: &Graph) -> Fair {
        let rows = (0..).zip(&graph.steps);
        let all = rows.flat_map(|(state, row)| (0..row.len()).map(move |at| (state, at)));
        Fair {
            classes: all.map(|(state, at)| ((state, at), state as u8)).collect(),
            ..Fair::default()
        }
    }

    pub(crate) fn with_goals<const N: usize>(self, goals: [u32; N]) -> Fair {
        Fair { goals: goals.into(), ..self }
    }

    pub(crate) fn with_premises<const N: usize>(self, premises: [u32; N]) -> Fair {
        Fair { premises: premises.into(), ..self }
    }

    pub(crate) fn with_class(mut self, state: u32, position: usize, class: u8) -> Fair {
        self.classes.insert((state, position), class);
        self
    }

    /// The classes of the steps out of a state, and where these lead.
    pub(crate) fn steps<'a>(
        &'a self,
        graph: &'a Graph,
        state: u32,
    ) -> impl Iterator<Item = (Option<u8>, u32)> + 'a {
        let steps = graph.row(state).iter().enumerate();
        steps.filter_map(move |(position, step)| {
            let target = step.target.filter(|target| !graph.outside.contains(target))?;
            Some((self.classes.get(&(state, position)).copied(), target))
        })
    }

    /// Whether a step of the class is possible in a state.
    pub(crate) fn is_possible(&self, graph: &Graph, state: u32, class: u8) -> bool {
        self.steps(graph, state).any(|(of, _)| of == Some(class))
    }

    pub(crate) fn all_classes(&self) -> BTreeSet<u8> {
        self.classes.values().copied().collect()
    }
}

type Found = Finding<(usize, Step)>;

/// Explores without limits, and checks each violation against the graph.
pub(crate) fn explore_fair(graph: &Graph, fair: &Fair) -> Exploration<(usize, Step)> {
    let (result, _) = explore(graph, fair, Limits::default(), Control::default());
    for (property, finding) in result.findings.iter().enumerate() {
        assert_eq!(finding.verdict == Verdict::Violated, finding.violation.is_some());
        assert!(finding.lasso.is_none() || finding.violation.is_some());
        if finding.violation.is_some() {
            assert_violates(graph, fair, finding, property);
        }
    }
    result
}

/// The states that a violation goes through.
pub(crate) fn states(graph: &Graph, finding: &Found) -> Vec<u32> {
    let path = finding.violation.as_ref().unwrap();
    path.states(graph).expect("a violation is a path of the graph")
}

/// The run is one of the graph, reaches no goal after the premise, and is fair however it goes on.
fn assert_violates(graph: &Graph, fair: &Fair, finding: &Found, property: usize) {
    let states = states(graph, finding);
    assert!(states.iter().all(|state| !graph.outside.contains(state)));
    let stem = finding.lasso.unwrap_or(states.len() - 1);
    let is_goal = |state: &u32| fair.goals.contains(state);
    let last_goal = states.iter().rposition(is_goal);
    let pending = last_goal.map_or(0, |goal| goal + 1);
    assert!(pending <= stem, "{states:?} comes to a goal again and again");
    match property {
        EVENTUALLY => assert_eq!(pending, 0),
        _ => assert!(states[pending..=stem].iter().any(|state| fair.premises.contains(state))),
    }
    let actions = &finding.violation.as_ref().unwrap().actions[stem..];
    assert_eq!(finding.lasso.is_some(), !actions.is_empty());
    assert_eq!(states.last(), Some(&states[stem]), "it returns to where the loop begins");
    for class in fair.all_classes() {
        let mut turns = states[stem..].iter().zip(actions);
        let taken = turns.any(|(state, action)| fair.fairness(state, action) == Some(class));
        let barred = states[stem..].iter().any(|&state| !fair.is_possible(graph, state, class));
        assert!(taken || barred, "class {class} is always possible in {states:?}, never taken");
    }
}
