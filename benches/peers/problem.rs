//! Why there is no comparison.

use std::io;
use std::process::{ExitStatus, Output};

use thiserror::Error;

use crate::comparison::CountsDiffer;

#[derive(Debug, Error)]
pub(crate) enum Problem {
    #[error(transparent)]
    CountsDiffer(#[from] CountsDiffer),
    #[error("cannot run `{program}`: {source}")]
    Start { program: String, source: io::Error },
    #[error("`{program}` failed ({status}): {said}")]
    Failed { program: String, status: ExitStatus, said: String },
    #[error("cannot read what `{program}` reports: {why}")]
    Report { program: String, why: String },
    #[error("{tool} has not searched everything: {why}")]
    Incomplete { tool: String, why: String },
    #[error("{tool} says that the model violates its property, which it does not")]
    Violated { tool: String },
    #[error("cannot work in a temporary folder: {0}")]
    Folder(#[source] io::Error),
    #[error("cannot write to standard output: {0}")]
    Output(#[source] io::Error),
}

impl Problem {
    /// A program that ended badly, with what it said last.
    pub(crate) fn failed(program: &str, output: &Output) -> Problem {
        let said = if output.stderr.is_empty() { &output.stdout } else { &output.stderr };
        let said = String::from_utf8_lossy(said).trim().to_owned();
        Problem::Failed { program: program.to_owned(), status: output.status, said }
    }
}
