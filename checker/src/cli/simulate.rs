//! `simulate`: random walks through scenarios that are too large to be explored.

use std::path::PathBuf;
use std::time::Duration;

use super::case::Case;
use super::context::Context;
use super::explore_args::seconds;
use super::problem::Problem;
use super::session::{OutputArgs, Session};
use crate::exit_code::ExitCode;
use crate::explore::{Limits, Walks};
use crate::run::Options;

/// Walk through scenarios at random, and judge what is seen: for those that are too large to be explored.
///
/// A violation that is seen is one, and its trace replays. Nothing is ever said to hold, so the exit code is never 0:
/// it is 1 if some violation was not expected, and 3 otherwise, however many walks were taken.
///
/// The same seed means the same walks, on every machine; walk i of a seed does not depend on how many there are.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: failproof simulate never-behind-rebalance --walks 1000 --seed 7")]
pub(super) struct Args {
    /// Names of built-in scenarios, or scenario files.
    #[arg(value_name = "NAME|FILE", required = true)]
    scenarios: Vec<PathBuf>,
    /// Walks through each scenario.
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    walks: u64,
    /// The most steps of a walk; one that gets stuck or comes to the end of the job ends there.
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    steps: usize,
    /// Which walks: any number.
    #[arg(long, value_name = "S", default_value_t = 0)]
    seed: u64,
    /// Stop the walks through each scenario after so many seconds. The runs without faults, which are explored
    /// before, may take as long again.
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    time: Option<Duration>,
    /// Memory for exploring the runs without faults. Where it is too little, nothing is said of the properties that
    /// compare with them.
    #[arg(long, value_name = "MIB", default_value_t = 4096)]
    memory: usize,
    #[command(flatten)]
    output: OutputArgs,
}

/// Simulates.
pub(super) fn run(args: &Args, context: &mut Context<'_>) -> Result<ExitCode, Problem> {
    let Some(cases) = Case::all_named(&args.scenarios, context) else {
        return Ok(ExitCode::Mistake);
    };
    let Args { walks, steps, seed, time, memory, .. } = *args;
    let walks = Walks { walks, steps, seed, time, ..Walks::default() };
    let memory_bytes = Some(memory.saturating_mul(1 << 20));
    let free = Options::from(Limits { time, memory_bytes, ..Limits::default() });
    let mut session = Session::begin(context, &args.output, &free)?;
    for case in &cases {
        session.simulate(case, &walks)?;
    }
    session.finish()
}
