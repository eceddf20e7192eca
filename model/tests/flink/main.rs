//! The pure parts against real Flink: answers recorded from it, and the tables of its own tests.

#![allow(clippy::unwrap_used, reason = "helpers of tests may fail as tests do")]

mod job;
mod recorded;
mod release;
mod restart_sets;
mod tables;
mod view;
