//! The page of a run, in a real browser, and what it says in words.
//!
//! Where no browser is found the tests of the page say so and check nothing; with `FAILPROOF_BROWSER=required` they
//! fail.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, and so do its helpers")]

mod browser;
mod in_browser;
mod live;
mod sentences;
mod served;

use std::fs;
use std::path::{Path, PathBuf};

use failproof_checker::picture::{Picture, page, picture};
use failproof_checker::scenario_file::{Surroundings, parse};
use failproof_traces::Trace;

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../traces/corpus")
}

/// The picture of a committed trace.
fn picture_of(path: &Path) -> Picture {
    let trace = Trace::read(&fs::read_to_string(path).unwrap()).unwrap();
    let file = parse("the trace", &trace.scenario, &Surroundings::real()).unwrap();
    picture(&file.scenario, &file.preset, &trace).unwrap()
}

/// The page of a committed trace.
fn page_of(name: &str) -> String {
    page(&picture_of(&corpus().join(name))).unwrap()
}
