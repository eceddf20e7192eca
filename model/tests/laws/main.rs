//! Laws of the pure parts, on random jobs: each part against a plain restatement of its definition.

#![allow(clippy::unwrap_used, reason = "helpers of tests may fail as tests do")]

mod distribution;
mod random;
mod regions;
mod release;
mod restart_affected;
mod restart_affected_examples;
mod restart_pipelined_region;
