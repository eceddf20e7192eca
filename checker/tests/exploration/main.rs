//! What is found does not depend on how it is explored: engines, reductions, walks, and what a state costs.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, and so do its helpers")]

mod engines;
mod local_steps;
mod measures;
mod nothing_shown;
mod reductions;
mod second_engine;
mod sequential;
#[path = "../../../model/tests/rules/setup.rs"]
#[allow(dead_code, reason = "shared with the tests of the model, which use all of it")]
mod setup;
mod state_sizes;
mod symmetry;
mod view;
mod walks;
