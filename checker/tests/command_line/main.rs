//! The command line as people and scripts meet it, through the binary.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, and so do its helpers")]

mod codes;
mod diffs;
mod documented;
mod engine;
mod exit_codes;
mod explores;
mod export;
mod gate;
mod help;
mod input;
#[cfg(unix)]
mod killed;
mod mutates;
mod plans;
mod replays;
mod sandbox;
mod shrinks;
mod simulate;
mod streams;
mod sweeps;
mod travelling;
mod weakest;
