//! Scenario files: TOML in, a scenario with what is expected of it out, and back again.
//!
//! A file that cannot be used is answered as rustc answers a program: with the place, what would be
//! valid there, and what was most likely meant.

mod about;
mod bless;
mod builtin;
mod cluster;
mod design;
mod error;
mod expectation;
mod faults;
mod job;
mod mistake;
mod model;
mod names;
mod prefix;
mod section;
mod smaller;
#[cfg(test)]
mod tests;
mod twin;
mod value;
mod write;

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use failproof_model::data::SOURCE_ROWS_MAX;
use failproof_model::job_graph::JobGraph;
use failproof_model::scenario::Scenario;
use failproof_model::state::{PARTITIONS_MAX, TASK_MANAGERS_MAX};
use serde::Deserialize;
use toml_edit::Document;

pub use bless::{Change, bless, bless_without};
pub use builtin::builtin;
pub use error::{MistakenFile, ScenarioFileError};
pub use expectation::{Expectation, ExpectedVerdict};
pub use mistake::{Mistake, MistakeKind, Span};
pub(crate) use names::name_of;
pub use smaller::Smaller;
pub use write::to_toml;

use crate::run::EXECUTION_VERTICES_MAX;

use about::OutcomeDetail;
use mistake::Mistakes;
use section::Section;

const KEYS: &[&str] = &[
    "name",
    "story",
    "tier",
    "preset",
    "keys",
    "outcome",
    "lineage",
    "co-location",
    "defect",
    "prefix",
    "design",
    "without",
    "vertex",
    "edge",
    "cluster",
    "faults",
    "grain",
    "expect",
];

/// A scenario as a file describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioFile {
    /// What is explored.
    pub scenario: Scenario,
    /// The preset that its design began with.
    pub preset: String,
    /// When it is checked.
    pub tier: Tier,
    /// What it is expected to turn out as.
    pub expectation: Expectation,
    /// The same scenario with nothing broken in it on purpose; `None`: nothing is.
    pub twin: Option<Box<ScenarioFile>>,
    /// The file itself.
    pub text: String,
}

/// When a built-in scenario is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tier {
    /// Always.
    Quick,
    /// When all are asked for.
    Full,
}

/// What a file is checked against besides itself.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings<'a> {
    /// The id of every property there is.
    pub property_ids: &'a [&'a str],
    /// What the model can hold.
    pub capacity: Capacity,
}

/// The largest scenario that the model can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capacity {
    /// Subtasks of all vertices together.
    pub execution_vertices: usize,
    /// Result partitions of all edges together.
    pub partitions: usize,
    /// Rows of all sources together.
    pub rows: usize,
    /// TaskManagers.
    pub task_managers: usize,
}

impl Surroundings<'static> {
    /// The catalogue of properties and the capacity of the model, as they are.
    pub fn real() -> Self {
        static IDS: LazyLock<Vec<&str>> = LazyLock::new(|| {
            failproof_properties::catalogue().iter().map(|about| about.id).collect()
        });
        let capacity = Capacity {
            execution_vertices: EXECUTION_VERTICES_MAX,
            partitions: PARTITIONS_MAX,
            rows: SOURCE_ROWS_MAX,
            task_managers: TASK_MANAGERS_MAX,
        };
        Surroundings { property_ids: &IDS, capacity }
    }
}

/// Reads the scenario file at `path`.
///
/// # Errors
/// The file cannot be read, or it is no scenario.
pub fn load(path: &Path, known: &Surroundings<'_>) -> Result<ScenarioFile, ScenarioFileError> {
    let text = fs::read_to_string(path).map_err(|source| {
        let path = path.to_owned();
        ScenarioFileError::Unreadable { path, source }
    })?;
    Ok(parse(&path.display().to_string(), &text, known)?)
}

/// Reads a scenario; `file` is what messages call the text.
///
/// # Errors
/// The text is no scenario: everything that can be said about it at once.
pub fn parse(
    file: &str,
    text: &str,
    known: &Surroundings<'_>,
) -> Result<ScenarioFile, MistakenFile> {
    read(text, known).map_err(|mistakes| MistakenFile {
        file: file.to_owned(),
        text: text.to_owned(),
        mistakes: mistakes.sorted(),
    })
}

fn read(text: &str, known: &Surroundings<'_>) -> Result<ScenarioFile, Mistakes> {
    let document = Document::parse(text).map_err(|error| Mistake::not_toml(&error))?;
    let root = Section::new(document.as_table(), "the scenario", 0..0, KEYS)?;
    // The parts are read independently, so that one run shows the mistakes of all of them.
    let mut mistakes = Mistakes::default();
    let about = mistakes.note(about::read(&root));
    let design = mistakes.note(design::read(&root));
    let job = mistakes.note(job::read(&root, &known.capacity));
    let cluster =
        job.as_ref().and_then(|job| mistakes.note(cluster::read(&root, job, &known.capacity)));
    // Of mistakes in `[design]` enough is said already.
    let without = design.as_ref().and_then(|_| mistakes.note(design::read_without(&root)));
    let without = without.flatten();
    if let Some(job) = &job {
        for design in design.iter().chain(&without) {
            mistakes.note(design.accepts(&job.graph, job.first_edge()));
        }
    }
    let faults = mistakes.note(faults::read_budget(&root));
    let grain = mistakes.note(faults::read_grain(&root));
    if let (Some(faults), Some(grain)) = (faults, grain) {
        mistakes.note(faults::check_slots(&root, faults, grain));
    }
    if let (Some(faults), Some(job)) = (faults, &job) {
        mistakes.note(faults::check_storage(&root, faults, &job.graph));
    }
    let expectation = mistakes.note(expectation::read(&root, known.property_ids));
    let expected_without = mistakes.note(expectation::read_without(&root, known.property_ids));
    mistakes.note(twin::check(&root, design.as_ref(), without.as_ref()));
    let (Some(about), Some(design), Some(job)) = (about, design, job) else { return Err(mistakes) };
    let (Some(cluster), Some(faults), Some(grain)) = (cluster, faults, grain) else {
        return Err(mistakes);
    };
    mistakes.note(cluster::check_slots(&root, &cluster, grain, &faults));
    let (preset, tier) = (design.preset.name.to_owned(), about.tier);
    let scenario = Scenario {
        name: about.name,
        story: about.story,
        keys: about.keys.unwrap_or_else(|| default_keys(&job.graph)),
        job: job.graph,
        cluster,
        design: design.design,
        faults,
        grain,
        lineage: about.lineage,
        outcome_by_subtask: about.outcome == OutcomeDetail::BySubtask,
        defect: about.defect,
        prefix: about.prefix,
    };
    let expectation = expectation.unwrap_or_default();
    let said = expected_without.flatten().unwrap_or_default();
    let twin = twin::of(&scenario, &without.unwrap_or(design), tier, expectation.without(&said));
    let text = text.to_owned();
    mistakes.none(ScenarioFile { scenario, preset, tier, expectation, twin, text })
}

/// A key of its own for every row.
fn default_keys(job: &JobGraph) -> u8 {
    u8::try_from(job::rows(&job.vertices)).unwrap_or(u8::MAX)
}
