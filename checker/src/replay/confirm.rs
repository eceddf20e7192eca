//! Whether the end of a run is what its trace says of it.

use std::sync::Arc;

use failproof_model::action::Action;
use failproof_model::failover::Failover;
use failproof_model::state::State;
use failproof_properties::Facts;
use failproof_traces::{Kind, Replayed, Trace};

use super::End;
use super::fair_run::refute;
use crate::explore::{self, Control, Judge, Limits, Marks, explore};
use crate::run::{Ahead, Properties, RunError, free_outcomes};

/// Memory for looking further from the end of a run.
const LIMITS: Limits =
    Limits { states: None, depth: None, time: None, memory_bytes: Some(4 << 30) };

/// Judges the end of a run by the property that its trace is about.
pub(super) fn confirm<const V: usize>(
    model: &Arc<Failover<V>>,
    trace: &Trace,
    replayed: &Replayed<State<V>, Action>,
) -> Result<End, RunError> {
    if trace.property.is_none() {
        let no_loop = no_loop(trace, replayed);
        return Ok(no_loop.map_or(End::Confirmed, End::Refuted));
    }
    let free = match free_outcomes(model, &LIMITS.into(), Control::default())? {
        Ok(free) => free,
        Err(stopped) => return Ok(End::Refuted(format!("the runs without faults: {stopped}"))),
    };
    let judge = Properties::new(Facts { model: Arc::clone(model), free });
    Ok(judged_end(&judge, trace, replayed, LIMITS))
}

/// As [`confirm`], by a judge of all properties that is there already, and looking no further ahead than `limits`.
pub(crate) fn judged_end<const V: usize>(
    judge: &Properties<V>,
    trace: &Trace,
    replayed: &Replayed<State<V>, Action>,
    limits: Limits,
) -> End {
    if let Some(why) = no_loop(trace, replayed) {
        return End::Refuted(why);
    }
    let Some(id) = &trace.property else { return End::Confirmed };
    let catalogue = failproof_properties::catalogue();
    let Some(property) = catalogue.iter().position(|about| about.id == id) else {
        return End::Refuted(format!("there is no property `{id}`"));
    };
    let model = &judge.facts().model;
    let marks = marks_of_end(model, judge, replayed);
    let bit = 1 << property;
    let fair = matches!(judge.kind(property), explore::Kind::Eventually | explore::Kind::LeadsTo);
    if trace.lasso.is_some() && !(fair && trace.kind == Kind::Violation) {
        let why = "only a violation of a property about fair runs goes on for ever";
        return End::Refuted(format!("`lasso`: {why}"));
    }
    match (trace.kind, judge.kind(property)) {
        (Kind::Witness, _) if marks.violated & bit != 0 => {
            End::Refuted(format!("the run violates `{id}`: it is a violation, not a witness"))
        }
        (Kind::Witness, _) if marks.triggered & bit != 0 => End::Confirmed,
        (Kind::Witness, _) => End::Refuted(format!("the run does not end in what `{id}` is about")),
        (Kind::Violation, explore::Kind::Safety) if marks.violated & bit != 0 => End::Confirmed,
        (Kind::Violation, explore::Kind::Reachability) => {
            no_goal_ahead(judge, property, replayed, limits)
        }
        (Kind::Violation, explore::Kind::Eventually | explore::Kind::LeadsTo) => {
            match refute(model, judge, property, (replayed, trace.lasso)) {
                Some(why) => End::Refuted(why),
                None => End::Confirmed,
            }
        }
        (Kind::Violation, explore::Kind::Safety) => {
            End::Refuted(format!("the run does not violate `{id}`"))
        }
    }
}

/// Why the run does not go on for ever as its trace says; none if it does, or need not.
fn no_loop<const V: usize>(trace: &Trace, replayed: &Replayed<State<V>, Action>) -> Option<String> {
    let (lasso, last) = (trace.lasso?, replayed.actions.len());
    if lasso >= last {
        return Some(format!("`lasso` is {lasso}, and the run has {last} steps: no loop"));
    }
    let states = &replayed.states;
    (states[lasso] != states[last])
        .then(|| format!("its end is not where it was after {lasso} steps"))
}

/// What the judge says of the last step and the last state.
fn marks_of_end<const V: usize>(
    model: &Failover<V>,
    judge: &Properties<V>,
    replayed: &Replayed<State<V>, Action>,
) -> Marks {
    let by_step = match (replayed.states.as_slice(), replayed.actions.last()) {
        ([.., before, after], Some(action)) => judge.on_step(model, before, action, after),
        _ => Marks::NONE,
    };
    let by_state = replayed.states.last().map_or(Marks::NONE, |last| {
        let successors = model.relied_on(last);
        judge.on_state(model, last) | judge.on_expanded(model, last, successors)
    });
    by_step | by_state
}

/// Confirmed, if no goal of the property can be reached from the end of the run without a fault.
fn no_goal_ahead<const V: usize>(
    judge: &Properties<V>,
    property: usize,
    replayed: &Replayed<State<V>, Action>,
    limits: Limits,
) -> End {
    let model = &judge.facts().model;
    let Some(&last) = replayed.states.last() else {
        return End::Refuted("the run has no states".to_owned());
    };
    let ahead = Ahead { model, from: vec![State { faults: 0, ..last }] };
    let (exploration, space) = explore(&ahead, &(), limits, Control::default());
    if space.keys().any(|state| judge.is_goal(property, model, state)) {
        return End::Refuted("from the end of the run a goal can still be reached".to_owned());
    }
    match exploration.stopped {
        None => End::Confirmed,
        Some(stopped) => End::Refuted(format!("what lies ahead of its end: {stopped}")),
    }
}
