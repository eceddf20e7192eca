//! Exploration as a whole: by known counts, by hand-made graphs, and against naive algorithms and Stateright.

#![allow(clippy::unwrap_used, reason = "helpers of tests may fail as tests do")]

mod checker;
mod codecs;
mod counts;
mod fair_runs;
mod fairness;
mod graph;
mod hand_made;
mod limits;
mod local_steps;
mod memory;
mod random_fair_runs;
mod random_graphs;
mod resume;
mod stateright_defects;
mod threads;
mod walks;
