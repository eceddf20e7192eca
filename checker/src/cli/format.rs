//! For whom a report is written, where it is for people or for programs.

use serde::Serialize;

use super::problem::Problem;

/// How a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    /// For people.
    Human,
    /// For programs.
    Json,
}

/// Data as a program reads it.
pub(super) fn json(data: &impl Serialize) -> Result<String, Problem> {
    let text = serde_json::to_string_pretty(data);
    Ok(text.map_err(|error| Problem::Internal(error.to_string()))? + "\n")
}
