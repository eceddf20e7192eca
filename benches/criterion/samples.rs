//! What is measured: built-in scenarios and their reachable states.

use std::hash::Hash;

use failproof_checker::explore::{Control, Explorable, Explorer};
use failproof_checker::scenario_file::{ScenarioFile, Surroundings, builtin, parse};

/// Most states of a sample: few enough to stay in the caches, so that it is the code that is measured.
const STATES_MAX: usize = 1_000;

/// The built-in scenario of that name.
pub(crate) fn scenario(name: &str) -> ScenarioFile {
    let (_, text) = builtin().find(|(builtin, _)| *builtin == name).expect("a built-in scenario");
    parse(name, text, &Surroundings::real()).expect("built-in scenarios are right")
}

/// Reachable states of all depths, evenly picked.
pub(crate) fn reachable<M>(model: &M) -> Vec<M::State>
where
    M: Explorable,
    M::State: Eq + Hash,
{
    let (_, space) = Explorer::new(model, &()).explore(Control::default());
    let distance = space.len().div_ceil(STATES_MAX);
    space.keys().step_by(distance).cloned().collect()
}
