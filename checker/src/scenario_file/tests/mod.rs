//! One test a mistake, and what is true of all files.

mod blessing;
mod builtin_files;
mod mistakes_in_cluster;
mod mistakes_in_design;
mod mistakes_in_expectation;
mod mistakes_in_file;
mod mistakes_in_job;
mod mistakes_in_top;
mod mistakes_of_model;
mod never_panics;
mod reading;
mod round_trip;
mod twins;

use super::{Capacity, ScenarioFile, ScenarioFileError, Surroundings, parse};

/// Properties and sizes as small as the tests need them.
const KNOWN: Surroundings<'static> = Surroundings {
    property_ids: &["outcome-is-transparent", "no-state-is-stuck"],
    capacity: Capacity { execution_vertices: 12, partitions: 12, rows: 16, task_managers: 4 },
};

/// A scenario in which every part of a file occurs.
const BASE: &str = r#"name = "base"
story = "What the tests break."
preset = "flink-2"
co-location = [["A", "B"]]

[design]
restart-attempts = 3

[[vertex]]
name = "A"
parallelism = 2
rows = 1

[[vertex]]
name = "B"
parallelism = 2
operator = "per-key"

[[vertex]]
name = "C"
parallelism = 3
commit = "per-task"

[[edge]]
from = "A"
to = "B"
partitioner = "FORWARD"
type = "hybrid_full"
storage = "reliable"

[[edge]]
from = "B"
to = "C"
partitioner = "REBALANCE"

[cluster]
task-managers = 2
[cluster.placement]
C = [0, 1, 1]

[faults]
total = 1
task-manager-dies = 1

[grain]
fine = ["deployment"]

[expect]
states = 1234

[expect.verdicts]
outcome-is-transparent = "violated"
"#;

/// The base, with one part replaced.
fn with(part: &str, replacement: &str) -> String {
    assert_eq!(BASE.matches(part).count(), 1, "{part:?} has to occur once in the base");
    BASE.replace(part, replacement)
}

fn read(text: &str) -> ScenarioFile {
    match parse("base.toml", text, &Surroundings::real()) {
        Ok(file) => file,
        Err(mistaken) => panic!("{}", ScenarioFileError::from(mistaken).render(false)),
    }
}

/// What is said about a text that is no scenario.
fn said_about(text: &str) -> String {
    match parse("base.toml", text, &KNOWN) {
        Ok(_) => panic!("this is valid:\n{text}"),
        Err(mistaken) => ScenarioFileError::from(mistaken).render(false),
    }
}

/// What is said about the base, with one part replaced.
fn said_with(part: &str, replacement: &str) -> String {
    said_about(&with(part, replacement))
}
