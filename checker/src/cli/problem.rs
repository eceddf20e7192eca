//! What can go wrong with a command, other than a verdict.

use std::io;
use std::path::{Path, PathBuf};

use failproof_traces::TraceError;
use thiserror::Error;

use crate::citations::CoverageError;
use crate::exit_code::ExitCode;
use crate::plan::PlanError;
use crate::report::style::BAD;
use crate::run::RunError;
use crate::scenario_file::{MistakenFile, ScenarioFileError};

/// Why a command cannot do what it was asked to.
#[derive(Debug, Error)]
pub enum Problem {
    /// A scenario that cannot be read.
    #[error(transparent)]
    ScenarioFile(#[from] ScenarioFileError),
    /// A scenario that can be read and not be run.
    #[error("{scenario}: {source}")]
    Run {
        /// Its file, or its name if it is built in.
        scenario: String,
        /// What is wrong.
        source: RunError,
    },
    /// A text that is no trace.
    #[error("{}: {source}", path.display())]
    Trace {
        /// Its file.
        path: PathBuf,
        /// What is wrong.
        source: TraceError,
    },
    /// A text that is no job plan.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// A file that cannot be read.
    #[error("cannot read `{}`: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file that cannot be written.
    #[error("cannot write `{}`: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Standard output cannot be written to.
    #[error("cannot write to standard output: {0}")]
    Output(#[from] io::Error),
    /// Something that was asked for does not exist.
    #[error("there is no {what} called `{name}`{suggestion}; {valid}")]
    Unknown {
        /// What was looked for.
        what: &'static str,
        /// What it was called.
        name: String,
        /// Empty, or what was most likely meant.
        suggestion: String,
        /// Where to find what there is.
        valid: &'static str,
    },
    /// What was asked for cannot be done with what was given; the text says what can.
    #[error("{0}")]
    Refused(String),
    /// Something that cannot be, is.
    #[error("internal error: {0}")]
    Internal(String),
}

impl Problem {
    /// A file that cannot be read.
    pub fn read(path: &Path) -> impl FnOnce(io::Error) -> Problem {
        move |source| Problem::Read { path: path.to_owned(), source }
    }

    /// A file that cannot be written.
    pub fn write(path: &Path) -> impl FnOnce(io::Error) -> Problem {
        move |source| Problem::Write { path: path.to_owned(), source }
    }

    /// A name that nothing has; `names` are those that something has.
    pub fn unknown<'a>(
        what: &'static str,
        name: &str,
        names: impl IntoIterator<Item = &'a str>,
        valid: &'static str,
    ) -> Problem {
        let alike = |other: &&str| strsim::jaro_winkler(name, other);
        let best = names.into_iter().max_by(|a, b| alike(a).total_cmp(&alike(b)));
        let best = best.filter(|best| alike(best) > 0.8);
        let suggestion = best.map(|best| format!("; did you mean `{best}`?")).unwrap_or_default();
        Problem::Unknown { what, name: name.to_owned(), suggestion, valid }
    }

    /// How the command ends.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Problem::Internal(_) | Problem::Run { source: RunError::Trace(_), .. } => {
                ExitCode::Internal
            }
            _ => ExitCode::Mistake,
        }
    }

    /// Whether the problem is that nobody reads standard output any more, as behind `| head`.
    pub fn is_nobody_listening(&self) -> bool {
        matches!(self, Problem::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }

    /// What is printed: scenario files as rustc would, everything else in a line.
    pub fn render(&self) -> String {
        match self {
            Problem::ScenarioFile(error) => error.render(true),
            other => format!("{BAD}error{BAD:#}: {other}"),
        }
    }
}

impl From<CoverageError> for Problem {
    fn from(error: CoverageError) -> Self {
        match error {
            CoverageError::Scenario(mistaken) => mistaken.into(),
            CoverageError::Run { .. } => Problem::Internal(error.to_string()),
        }
    }
}

impl From<MistakenFile> for Problem {
    fn from(error: MistakenFile) -> Self {
        Problem::ScenarioFile(error.into())
    }
}
