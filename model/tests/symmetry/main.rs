//! Symmetry: what is called an image behaves like what it is an image of, and each orbit has one representative.

#![allow(clippy::unwrap_used, reason = "helpers of tests may fail as tests do")]

#[path = "../rules/setup.rs"]
#[allow(dead_code, reason = "shared with the tests of the rules, which use all of it")]
mod setup;
#[path = "../rules/space.rs"]
#[allow(dead_code, reason = "shared with the tests of the rules, which use all of it")]
mod space;

mod check;
mod jobs;
mod limits;
mod random;
mod small_jobs;
