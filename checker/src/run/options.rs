//! How a scenario is explored.

use std::path::PathBuf;

use failproof_model::failover::Failover;

use super::reduced::Reductions;
use crate::explore::Limits;

/// How a scenario is explored. Threads and what is kept of states make no difference to what is found.
///
/// Reductions make one to counts; with local steps it is not known what runs cost at most. A limit can leave anything
/// open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// How far.
    pub limits: Limits,
    /// By so many threads.
    pub threads: usize,
    /// Whether whole states are compared, and not fingerprints of them.
    pub exact: bool,
    /// How states are spared.
    pub reductions: Reductions,
    /// Where a run leaves what it has explored, and goes on from there if it was interrupted.
    pub checkpoints: Option<PathBuf>,
}

impl Options {
    /// The same, without reductions where they would leave nothing out: a plain run says more.
    pub(crate) fn reduced_for<const V: usize>(&self, model: &Failover<V>) -> Options {
        let reductions = match model.scenario.can_be_reduced() {
            true => self.reductions,
            false => Reductions::NONE,
        };
        Options { reductions, ..self.clone() }
    }
}

impl Default for Options {
    /// Without limits and reductions, with one thread.
    fn default() -> Self {
        let (limits, reductions) = (Limits::default(), Reductions::NONE);
        Options { limits, threads: 1, exact: false, reductions, checkpoints: None }
    }
}

impl From<Limits> for Options {
    fn from(limits: Limits) -> Self {
        Options { limits, ..Options::default() }
    }
}
