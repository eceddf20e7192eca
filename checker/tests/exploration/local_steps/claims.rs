//! Whether each local step may really be taken alone: by definition, on the whole graph.

use std::collections::BTreeSet;

use failproof_checker::explore::Marks;
use failproof_model::action::Action;
use failproof_model::failover::Failover;

use super::graph::{Graph, Step};

/// How two actions that are enabled in one state go together, `a` being the one that is to be taken first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pair {
    /// Either order leads to the same state.
    Commute,
    /// `b` then `a` leads where `a` leads.
    FirstTakesBack,
    /// `a` then `b` leads where `b` leads: `a` is not needed any more.
    SecondTakesBack,
    /// `a` leads where `b` leads.
    Same,
    /// None of these, or a property would miss something.
    Clash,
}

/// Where an action cannot be taken first.
#[derive(Clone, Copy)]
struct Clash {
    state: usize,
    /// With which action it clashes; none if it is not enabled at all.
    with: Option<Action>,
}

/// What is wrong with the local steps of a graph, in words.
pub(crate) fn mistakes<const V: usize>(model: &Failover<V>, graph: &Graph<V>) -> Vec<String> {
    let predecessors = graph.predecessors();
    let mut mistakes = endless(graph);
    for action in graph.local.iter().flatten().collect::<BTreeSet<_>>() {
        let clashes = clashes(graph, &predecessors, *action);
        for (state, clash) in clashes.into_iter().enumerate() {
            let Some(clash) = clash.filter(|_| graph.local[state] == Some(*action)) else {
                continue;
            };
            let enabled = graph.rows[state].iter().map(|step| model.notation(step.action));
            mistakes.push(format!(
                "state {state}: `{}` of [{}] clashes with {} in state {}",
                model.notation(*action),
                enabled.collect::<Vec<_>>().join(", "),
                clash.with.map_or("nothing".to_owned(), |with| model.notation(with)),
                clash.state,
            ));
        }
    }
    mistakes
}

/// Of each state, a clash of `action` in the state itself or where it leads to without `action`.
fn clashes<const V: usize>(
    graph: &Graph<V>,
    predecessors: &[Vec<(usize, Action)>],
    action: Action,
) -> Vec<Option<Clash>> {
    let clash = |state: usize| match graph.step(state, action) {
        Some(a) => others(graph, state, action)
            .find(|&b| pair(graph, a, b) == Pair::Clash)
            .map(|b| Clash { state, with: Some(b.action) }),
        None => Some(Clash { state, with: None }),
    };
    let mut clashes: Vec<Option<Clash>> = (0..graph.states.len()).map(clash).collect();
    let mut open: Vec<usize> =
        (0..clashes.len()).filter(|&state| clashes[state].is_some()).collect();
    while let Some(target) = open.pop() {
        for &(state, b) in &predecessors[target] {
            if b != action && clashes[state].is_none() && leads_on(graph, state, action, b) {
                clashes[state] = clashes[target];
                open.push(state);
            }
        }
    }
    clashes
}

/// Whether what follows `b` has to be looked at: not where taking `action` first leads there as well.
fn leads_on<const V: usize>(graph: &Graph<V>, state: usize, action: Action, b: Action) -> bool {
    match (graph.step(state, action), graph.step(state, b)) {
        (Some(a), Some(b)) => !matches!(pair(graph, a, b), Pair::SecondTakesBack | Pair::Same),
        _ => true,
    }
}

fn others<const V: usize>(
    graph: &Graph<V>,
    state: usize,
    action: Action,
) -> impl Iterator<Item = Step> {
    graph.rows[state].iter().copied().filter(move |step| step.action != action)
}

/// A property may not see on the way that begins with `b` what it does not see on the way that begins with `a`.
fn pair<const V: usize>(graph: &Graph<V>, a: Step, b: Step) -> Pair {
    let (then_a, then_b) = (graph.step(b.target, a.action), graph.step(a.target, b.action));
    if a.target == b.target && covers(a.marks, b.marks) {
        return Pair::Same;
    }
    if let Some(then_b) = then_b
        && then_b.target == b.target
        && covers(a.marks | then_b.marks, b.marks)
    {
        return Pair::SecondTakesBack;
    }
    match (then_a, then_b) {
        (Some(then_a), _)
            if then_a.target == a.target && covers(a.marks, b.marks | then_a.marks) =>
        {
            Pair::FirstTakesBack
        }
        (Some(then_a), Some(then_b))
            if then_a.target == then_b.target
                && covers(a.marks | then_b.marks, b.marks | then_a.marks) =>
        {
            Pair::Commute
        }
        _ => Pair::Clash,
    }
}

fn covers(seen: Marks, wanted: Marks) -> bool {
    seen | wanted == seen
}

/// States from which local steps lead on without end.
fn endless<const V: usize>(graph: &Graph<V>) -> Vec<String> {
    let mut ends = vec![false; graph.states.len()];
    let mut endless = Vec::new();
    for first in 0..graph.states.len() {
        let (mut path, mut at) = (vec![first], first);
        while let Some(step) = graph.local[at].and_then(|action| graph.step(at, action)) {
            at = step.target;
            if ends[at] || path.len() > graph.states.len() {
                break;
            }
            path.push(at);
        }
        if path.len() > graph.states.len() {
            endless.push(format!("state {first}: local steps without end"));
        } else {
            path.into_iter().for_each(|state| ends[state] = true);
        }
    }
    endless
}
