//! Whether a run is fair, and never reaches what it should.

use failproof_model::action::Action;
use failproof_model::failover::Failover;
use failproof_model::state::State;
use failproof_traces::Replayed;

use crate::explore::{Judge, Kind};
use crate::run::Properties;

/// Why a run that repeats itself from state `lasso` on, or stops, is no violation of a property about fair runs; none
/// if it is one.
pub(super) fn refute<const V: usize>(
    model: &Failover<V>,
    judge: &Properties<V>,
    property: usize,
    (run, lasso): (&Replayed<State<V>, Action>, Option<usize>),
) -> Option<String> {
    let states = &run.states;
    let last = states.len() - 1;
    if let Some(lasso) = lasso {
        if lasso >= last {
            return Some(format!("`lasso` is {lasso}, and the run has {last} steps: no loop"));
        }
        if states[lasso] != states[last] {
            return Some(format!("its end is not where it was after {lasso} steps"));
        }
    }
    let begin = lasso.unwrap_or(last);
    let is_goal = |state: &State<V>| judge.is_goal(property, model, state);
    let is_premise = |state: &State<V>| judge.is_premise(property, model, state);
    let pending = states.iter().rposition(is_goal).map_or(0, |goal| goal + 1);
    if pending > begin || judge.kind(property) == Kind::Eventually && pending > 0 {
        return Some(format!("it reaches a goal after {} steps", pending - 1));
    }
    let owes = || states[pending..=begin].iter().any(is_premise);
    if judge.kind(property) == Kind::LeadsTo && !owes() {
        return Some("nothing happens that a goal should follow".to_owned());
    }
    let neglected = neglected(model, run, begin)?;
    Some(format!("it is not fair: {neglected} could happen all the time, and never does"))
}

/// An action, in the notation of traces, of a class that is possible in every state of the run from `begin` on, while
/// no step takes one of that class.
fn neglected<const V: usize>(
    model: &Failover<V>,
    run: &Replayed<State<V>, Action>,
    begin: usize,
) -> Option<String> {
    let states = &run.states[begin..];
    let possible = |state: &State<V>| {
        let enabled = model.enabled(state).into_iter();
        enabled.filter_map(|action| Some((model.fairness(state, action)?, action))).collect()
    };
    let mut waiting: Vec<(u8, Action)> = states.first().map(possible).unwrap_or_default();
    for state in states {
        let possible: Vec<(u8, Action)> = possible(state);
        waiting.retain(|(class, _)| possible.iter().any(|(other, _)| other == class));
    }
    for (state, &action) in states.iter().zip(&run.actions[begin..]) {
        let taken = model.fairness(state, action);
        waiting.retain(|(class, _)| Some(*class) != taken);
    }
    waiting.first().map(|(_, action)| format!("`{}`", model.notation(*action)))
}
