//! How a scenario is explored.

use std::path::PathBuf;

use crate::explore::Limits;

/// How a scenario is explored. None of it but the limits makes a difference to a verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// How far.
    pub limits: Limits,
    /// By so many threads.
    pub threads: usize,
    /// Whether whole states are compared, and not fingerprints of them.
    pub exact: bool,
    /// Where a run leaves what it has explored, and goes on from there if it was interrupted.
    pub checkpoints: Option<PathBuf>,
}

impl Default for Options {
    /// Without limits, with one thread.
    fn default() -> Self {
        Options { limits: Limits::default(), threads: 1, exact: false, checkpoints: None }
    }
}

impl From<Limits> for Options {
    fn from(limits: Limits) -> Self {
        Options { limits, ..Options::default() }
    }
}
