//! What is known of a property: put together of first places, and of what the analysis has decided.

use super::analysis::{Analysis, Decided};
use super::explorable::Explorable;
use super::judge::{Judge, Marks, PROPERTIES_MAX};
use super::ledger::Place;
use super::limits::Stopped;
use super::liveness::Lasso;
use super::outcome::Finding;
use super::path::{Origin, Path};
use super::reduction::Reduction;
use super::search::Search;
use super::space::StateSpace;
use super::store::Store;
use super::verdict::Verdict;

/// Puts together what is known of one property.
pub(super) fn finding<M, J, S, R>(
    search: &Search<'_, '_, M, J, S, R>,
    origin: &Origin<'_, M, S, R>,
    property: usize,
    analysis: &Result<Analysis, Stopped>,
) -> Finding<M::Action>
where
    M: Explorable,
    J: Judge<M>,
    S: Store<M>,
    R: Reduction<M>,
{
    let judge = search.sources.judge;
    let kind = judge.kind(property);
    let cut_off = analysis.as_ref().ok().and_then(|analysis| {
        let first = (*analysis.backward.cut_off.get(property)?)?;
        Some(Place { state: first, step: None, steps: 0 })
    });
    let fair_runs = analysis.as_ref().ok().and_then(|analysis| analysis.fair_runs.get(property));
    let lasso = match fair_runs {
        Some(Decided::Violate(lasso)) => Some(lasso),
        _ => None,
    };
    let triggered = search.visited.ledger.triggered(property);
    let violated = search.visited.ledger.violated(property).or(cut_off);
    // What no mark can stand for was not looked at.
    let decided = !kind.is_about_fair_runs() || !matches!(fair_runs, Some(Decided::Unknown));
    let complete = analysis.is_ok() && property < PROPERTIES_MAX && decided;
    let bit = |bits: u64| bits >> property & 1 == 1;
    let path = |place, made: &dyn Fn(Marks) -> bool| {
        path_to(&search.visited.space, origin, judge, place, made)
    };
    let (violation, repeats) = match lasso {
        Some(lasso) => run_of(&search.visited.space, origin, judge, lasso).unzip(),
        None => (violated.and_then(|place| path(place, &|marks| bit(marks.violated))), None),
    };
    Finding {
        kind,
        verdict: Verdict::of(
            kind,
            complete,
            triggered.is_some(),
            violated.is_some() || lasso.is_some(),
        ),
        witness: triggered.and_then(|place| path(place, &|marks| bit(marks.triggered))),
        violation,
        lasso: repeats.flatten(),
    }
}

/// A lasso as a run, and at which of its states it begins to repeat itself, if it goes on.
fn run_of<M, J, S, R>(
    space: &StateSpace<S::Key>,
    origin: &Origin<'_, M, S, R>,
    judge: &J,
    lasso: &Lasso,
) -> Option<(Path<M::Action>, Option<usize>)>
where
    M: Explorable,
    J: Judge<M>,
    S: Store<M>,
    R: Reduction<M>,
{
    let class_of = |state: &M::State, action: &M::Action| judge.fairness(state, action);
    let premise = origin.run(space, lasso.premise)?;
    let stem = origin.go_on(space, premise, &lasso.stem, class_of)?;
    let repeats = (!lasso.circle.is_empty()).then_some(stem.0.actions.len());
    let (path, _) = origin.go_on(space, stem, &lasso.circle, class_of)?;
    Some((path, repeats))
}

/// A run to a place; if a step made the mark, one that `made` it is the last. A mark of a state that was passed through
/// stands at the step by which the way there begins.
fn path_to<M, J, S, R>(
    space: &StateSpace<S::Key>,
    origin: &Origin<'_, M, S, R>,
    judge: &J,
    place: Place,
    made: &dyn Fn(Marks) -> bool,
) -> Option<Path<M::Action>>
where
    M: Explorable,
    J: Judge<M>,
    S: Store<M>,
    R: Reduction<M>,
{
    let (mut path, last) = origin.run(space, place.state)?;
    if let Some(position) = place.step {
        let model = origin.model;
        let steps = origin.last_steps(
            &last,
            position,
            |state, action, next| made(judge.on_step(model, state, action, next)),
            |passed| made(judge.on_state(model, passed) | judge.on_expanded(model, passed, 1)),
        );
        path.actions.extend(steps?);
    }
    Some(path)
}
