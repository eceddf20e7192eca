//! The failover of a data-parallel engine as a pure transition system: no I/O, no clock, no threads.
//!
//! Numbered sections in the comments ("section 3.4") refer to `checker/docs/flink-failover.md`.

pub mod design;
pub mod distribution;
pub mod execution_state;
pub mod job_graph;
pub mod regions;
pub mod scenario;
pub mod strategy;
pub mod topology;
