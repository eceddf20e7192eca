//! The whole of an exploration: search, look back, and say what was found.

use std::hash::Hash;
use std::time::Duration;

use stateright::Model;

use super::backward::{Backward, Most, look_back};
use super::cheapest::least_cost;
use super::judge::{COSTS_MAX, Judge, Kind, PROPERTIES_MAX};
use super::ledger::Place;
use super::limits::{Limits, Stopped};
use super::progress::Control;
use super::search::{RuleCount, Search, counts};
use super::space::{Path, StateSpace};
use super::verdict::Verdict;

/// What an exploration has found out.
#[derive(Clone, Debug)]
pub struct Exploration<A> {
    /// Distinct states within the boundary.
    pub distinct: usize,
    /// Initial states and steps, with duplicates.
    pub generated: usize,
    /// States on a path to the deepest state, 1 for an initial state.
    pub depth: usize,
    /// Why not everything was seen; none if everything was.
    pub stopped: Option<Stopped>,
    /// Time taken, analysis included.
    pub elapsed: Duration,
    /// The most that its buffers occupied at any time.
    pub memory_bytes: usize,
    /// What is known of each property of the judge.
    pub findings: Vec<Finding<A>>,
    /// How often each rule of the judge was at work.
    pub rules: Vec<RuleCount>,
    /// Number of states of each level, initial states first.
    pub levels: Vec<usize>,
    /// What runs cost, for each cost of the judge.
    pub costs: Vec<Cost>,
    /// The maximum that each gauge of the judge showed.
    pub gauges: Vec<u32>,
}

/// What is known of a property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding<A> {
    /// What it claims.
    pub kind: Kind,
    /// Whether it does so rightly.
    pub verdict: Verdict,
    /// A shortest run that triggers it. If a step does, that is the last one.
    pub witness: Option<Path<A>>,
    /// A shortest run that violates it. If a step does, that is the last one; of a [`Kind::Reachability`] property, it
    /// ends in a state from which no goal can be reached.
    pub violation: Option<Path<A>>,
}

/// The least and the greatest total of a cost over all runs that end in a state without successors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cost {
    /// The exploration was not complete.
    Unknown,
    /// No run ends.
    Endless,
    /// What runs that end cost.
    Total {
        /// The cheapest of them.
        least: u64,
        /// The dearest.
        most: Most,
    },
}

/// What going through a complete state space again has shown.
struct Analysis {
    backward: Backward,
    costs: Vec<Cost>,
}

/// Explores `model` within `limits` and has `judge` judge it. Also returns the states and steps seen.
pub fn explore<M, J>(
    model: &M,
    judge: &J,
    limits: Limits,
    control: Control<'_>,
) -> (Exploration<M::Action>, StateSpace<M::State>)
where
    M: Model,
    M::State: Eq + Hash,
    M::Action: Clone,
    J: Judge<M>,
{
    let mut search = Search::new(model, judge, limits, control);
    let searched = search.run();
    search.forget_index();
    let analysis = searched.and_then(|()| analyse(&mut search, model, judge));
    let findings =
        (0..judge.properties()).map(|i| finding(&search, model, judge.kind(i), i, &analysis));
    let exploration = Exploration {
        distinct: search.space.len(),
        generated: search.generated,
        depth: search.space.depth(),
        stopped: analysis.as_ref().err().copied(),
        findings: findings.collect(),
        levels: search.space.levels().map(|level| level.len()).collect(),
        costs: match analysis {
            Ok(analysis) => analysis.costs,
            Err(_) => vec![Cost::Unknown; judge.costs()],
        },
        memory_bytes: search.memory.peak(),
        elapsed: search.watch.elapsed(),
        rules: search.rules,
        gauges: search.gauges,
    };
    (exploration, search.space)
}

/// Decides what only a complete state space can decide.
fn analyse<M, J>(
    search: &mut Search<'_, '_, M, J>,
    model: &M,
    judge: &J,
) -> Result<Analysis, Stopped>
where
    M: Model,
    J: Judge<M>,
{
    let reachability: Vec<usize> = (0..judge.properties().min(PROPERTIES_MAX))
        .filter(|&i| judge.kind(i) == Kind::Reachability)
        .collect();
    let goals = |state: &M::State| {
        let is_goal = |i: usize| u64::from(judge.is_goal(i, model, state)) << i;
        reachability.iter().fold(0, |bits, &i| bits | is_goal(i))
    };
    let wanted = reachability.iter().fold(0, |bits, &i| bits | 1 << i);
    let (space, generated) = (&search.space, search.generated);
    let snapshot = counts(space, generated, &search.memory);
    let watch = &mut search.watch;
    let mut pulse = move || watch.pulse(|| snapshot);
    let backward = look_back(space, (wanted, goals), &mut search.memory, &mut pulse)?;
    let mut costs = vec![Cost::Unknown; judge.costs()];
    for (k, cost) in costs.iter_mut().enumerate().take(COSTS_MAX) {
        let least = least_cost(space, k, &mut search.memory, &mut pulse)?;
        *cost = match (least, backward.most[k]) {
            (Some(least), Some(most)) => Cost::Total { least, most },
            _ => Cost::Endless,
        };
    }
    Ok(Analysis { backward, costs })
}

/// Puts together what is known of one property.
fn finding<M, J>(
    search: &Search<'_, '_, M, J>,
    model: &M,
    kind: Kind,
    property: usize,
    analysis: &Result<Analysis, Stopped>,
) -> Finding<M::Action>
where
    M: Model,
    M::State: PartialEq,
    M::Action: Clone,
{
    let space = &search.space;
    let cut_off = analysis.as_ref().ok().and_then(|analysis| {
        let first = (*analysis.backward.cut_off.get(property)?)?;
        Some(Place { state: first, action: None, steps: 0 })
    });
    let triggered = search.ledger.triggered(property);
    let violated = search.ledger.violated(property).or(cut_off.as_ref());
    // What no mark can stand for was not looked at.
    let complete = analysis.is_ok() && property < PROPERTIES_MAX;
    Finding {
        kind,
        verdict: Verdict::of(kind, complete, triggered.is_some(), violated.is_some()),
        witness: triggered.and_then(|place| path_to(space, model, place)),
        violation: violated.and_then(|place| path_to(space, model, place)),
    }
}

fn path_to<M>(
    space: &StateSpace<M::State>,
    model: &M,
    place: &Place<M::Action>,
) -> Option<Path<M::Action>>
where
    M: Model,
    M::State: PartialEq,
    M::Action: Clone,
{
    let mut path = space.path(model, place.state)?;
    path.actions.extend(place.action.clone());
    Some(path)
}
