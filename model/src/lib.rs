//! The failover of a data-parallel engine as a pure transition system: no I/O, no clock, no threads.
//!
//! Read [`scenario`], [`state`] and [`action`] first; what an action does is in `rules`, one file a group. Numbered
//! sections in the comments ("section 3.4") are those of `checker/docs/flink-failover.md`.

pub mod action;
mod checks;
pub mod data;
mod defect;
pub mod design;
pub mod distribution;
pub mod execution_state;
pub mod failover;
mod fairness;
mod grain;
pub mod job_graph;
mod job_graph_error;
mod known;
mod local_steps;
mod model_error;
mod notation;
pub mod regions;
pub mod release;
mod rules;
pub mod scenario;
mod slot_sharing;
pub mod state;
mod stateright_model;
pub mod strategy;
pub mod symmetry;
pub mod topology;
mod view;
