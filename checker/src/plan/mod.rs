//! Job plans as Flink prints them, read into job graphs.
//!
//! A plan tells the vertices, the exchanges between them and little else (section 9). What it does
//! not tell is decided here, and every such decision is an [`Assumption`]: a sentence to be shown
//! beside any verdict on the job.
//!
//! Pure functions of the text; who calls them reads the file.

mod assume;
mod build;
mod chain;
mod error;
mod kind;
mod name;
mod operator;
mod order;
mod pieces;
mod read;
mod scale;
mod scenario;
mod ship;
mod source;
#[cfg(test)]
pub(crate) mod testing;
mod wire;
mod words;

use std::num::NonZeroUsize;

use failproof_model::design::Preset;
use failproof_model::job_graph::JobGraph;
use serde::Serialize;

pub use assume::{Assumption, Topic};
pub use error::{PlanError, PlanProblem};
pub use kind::PlanKind;
pub use pieces::{Piece, pieces};
pub use scale::scale;
pub use scenario::{TASK_MANAGERS, job_scenario, placement, to_scenario};
pub use source::Place;

/// A job as its plan tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedPlan {
    /// What Flink calls the job; `job` where the plan has no name.
    pub name: String,
    /// Which of Flink's formats the plan is in.
    pub kind: PlanKind,
    /// Whether the job ends.
    pub job_type: JobType,
    /// The job, valid, with the parallelism that the options ask for.
    pub job: JobGraph,
    /// Everything that the plan does not say and that was decided, in a fixed order of topics.
    pub assumptions: Vec<Assumption>,
}

/// Whether a job ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum JobType {
    /// It reads bounded data, and ends.
    Batch,
    /// It runs until it is stopped, and recovers from checkpoints.
    Streaming,
    /// The plan does not say. The exchanges that it leaves open are those of a batch job.
    Unknown,
}

/// What the user adds to a plan.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The recovery design of the scenario.
    pub preset: &'static Preset,
    /// Most subtasks of a vertex, and the parallelism of vertices that Flink has not decided.
    /// `None`: as in the plan.
    pub parallelism: Option<NonZeroUsize>,
    /// Rows that each subtask of a source reads.
    pub rows: NonZeroUsize,
    /// The type of the job where the plan does not say it.
    pub job_type: JobType,
}

impl Options {
    /// One row a source subtask, and everything else as in the plan.
    pub fn new(preset: &'static Preset) -> Self {
        Options { preset, parallelism: None, rows: NonZeroUsize::MIN, job_type: JobType::Unknown }
    }
}

/// Reads the plan `text`; `file` is what errors call it.
///
/// Nodes may stand in any order: the job is the same.
///
/// # Errors
/// Whatever keeps the text from being a plan of Flink, with its place and with what would be valid.
pub fn import(file: &str, text: &str, options: &Options) -> Result<ImportedPlan, PlanError> {
    let source = source::Source { file, text };
    let plan = read::read(&source, kind::detect(&source)?)?;
    build::build(&source, plan, options)
}
