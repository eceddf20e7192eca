//! How and how far scenarios are explored, as flags.

use std::path::PathBuf;
use std::thread::available_parallelism;
use std::time::Duration;

use clap::builder::{RangedU64ValueParser, TypedValueParser};

use crate::explore::Limits;
use crate::run::{Options, Reductions};

/// More would not be faster on any machine, and a system may not have them.
const THREADS_MAX: usize = 256;

/// Limits; a run that meets one is inconclusive.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Limits (a run that meets one is inconclusive)")]
pub(super) struct LimitArgs {
    /// Stop after N distinct states.
    #[arg(long, value_name = "N")]
    states: Option<usize>,
    /// Stop at depth N, counted in states.
    #[arg(long, value_name = "N")]
    depth: Option<usize>,
    /// Stop each scenario after so many seconds.
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    time: Option<Duration>,
    /// Use no more than so many MiB: states that do not fit wait on a disk, and where that is not enough, stop.
    #[arg(long, value_name = "MIB", default_value_t = 4096)]
    memory: usize,
}

/// How scenarios are explored: none of it makes a difference to a verdict.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Exploration (makes no difference to a verdict)")]
pub(super) struct ExploreArgs {
    /// Explore with N threads, 1 to 256 [default: one for each processor].
    #[arg(long, value_name = "N", value_parser = threads())]
    threads: Option<usize>,
    /// Compare whole states, and not fingerprints of 64 bits.
    #[arg(long)]
    exact: bool,
    /// Leave every finished level in DIR, and go on from there if the run was interrupted.
    #[arg(long, value_name = "DIR")]
    checkpoint: Option<PathBuf>,
}

impl LimitArgs {
    /// As the explorer takes them.
    pub(super) fn limits(&self) -> Limits {
        Limits {
            states: self.states,
            depth: self.depth,
            time: self.time,
            memory_bytes: Some(self.memory.saturating_mul(1 << 20)),
        }
    }
}

/// How states are spared: counts are other ones with each, verdicts are not.
#[derive(Clone, Copy, Debug, clap::Args)]
#[command(next_help_heading = "Reductions (verdicts are the same with them)")]
pub(super) struct ReductionArgs {
    /// Visit fewer states: leave out what nothing will read, and take those for one that differ in names alone.
    #[arg(long)]
    reduce: bool,
    /// Take steps at once and alone if nothing can tell when they are taken. What runs cost at most is not known then.
    #[arg(long)]
    local_steps: bool,
}

impl ReductionArgs {
    /// As a run takes them.
    pub(super) fn reductions(self) -> Reductions {
        let ReductionArgs { reduce, local_steps } = self;
        Reductions { view: reduce, symmetry: reduce, local_steps }
    }
}

impl ExploreArgs {
    /// With these limits and no reductions, as a run takes them.
    pub(super) fn options(&self, limits: &LimitArgs) -> Options {
        let processors = || available_parallelism().map_or(1, usize::from).min(THREADS_MAX);
        Options {
            limits: limits.limits(),
            threads: self.threads.unwrap_or_else(processors),
            exact: self.exact,
            reductions: Reductions::NONE,
            checkpoints: self.checkpoint.clone(),
        }
    }
}

/// A number of threads that a system has.
pub(super) fn threads() -> impl TypedValueParser<Value = usize> {
    RangedU64ValueParser::<usize>::new().range(1..=THREADS_MAX as u64)
}

/// What `--time` is given.
pub(super) fn seconds(text: &str) -> Result<Duration, String> {
    let valid = "valid is a number of seconds such as 90 or 0.5";
    let seconds: f64 = text.parse().map_err(|_| valid.to_owned())?;
    Duration::try_from_secs_f64(seconds).map_err(|_| valid.to_owned())
}
