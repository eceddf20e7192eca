//! `weakest`: which tasks have to restart after a failure, and which need not.

use std::path::PathBuf;

use super::case::Case;
use super::context::Context;
use super::explore_args::{ExploreArgs, LimitArgs};
use super::problem::Problem;
use crate::exit_code::ExitCode;
use crate::run::RunError;
use crate::weakest::data::data;
use crate::weakest::render::render;
use crate::weakest::{WeakestError, weakest};

/// Find the smallest sets of tasks whose restart is enough, in every state in which a strategy is asked.
///
/// For jobs of at most 6 execution vertices and one fault. Every set is tried, and all that can happen after it is
/// explored. The same is done for what a master can know, and each strategy is compared with both.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: failproof weakest storage-task-manager")]
pub(super) struct Args {
    /// The name of a built-in scenario, or a scenario file.
    #[arg(value_name = "NAME|FILE")]
    scenario: PathBuf,
    /// Write everything as JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    limits: LimitArgs,
    #[command(flatten)]
    explore: ExploreArgs,
}

/// Finds them.
pub(super) fn run(args: &Args, context: &mut Context<'_>) -> Result<ExitCode, Problem> {
    let case = Case::named(&args.scenario)?;
    let options = args.explore.options(&args.limits);
    let found = match weakest(&case.file.scenario, &options, Some(context.interrupted)) {
        Ok(found) => found,
        Err(error @ WeakestError::Stopped { .. }) => {
            writeln!(context.err, "{error}")?;
            return Ok(match context.is_interrupted() {
                true => ExitCode::Interrupted,
                false => ExitCode::Inconclusive,
            });
        }
        Err(error) => return Err(problem(&case, error)),
    };
    let text = match args.json {
        true => {
            let text = serde_json::to_string_pretty(&data(&found));
            text.map_err(|error| Problem::Internal(error.to_string()))? + "\n"
        }
        false => render(&found),
    };
    write!(context.out, "{text}")?;
    Ok(ExitCode::AsExpected)
}

fn problem(case: &Case, error: WeakestError) -> Problem {
    match error {
        WeakestError::Model(source) => {
            Problem::Run { scenario: case.origin.clone(), source: RunError::Model(source) }
        }
        WeakestError::NoProperty => Problem::Internal(error.to_string()),
        other => Problem::Refused(format!("{}: {other}", case.origin)),
    }
}
