//! `weakest`: which tasks have to restart after a failure, and which need not.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use failproof_model::scenario::Scenario;

use super::case::Case;
use super::context::Context;
use super::explore_args::{ExploreArgs, LimitArgs};
use super::format::{Format, json};
use super::problem::Problem;
use super::progress::ProgressDisplay;
use super::sweep_args::BoundArgs;
use crate::exit_code::ExitCode;
use crate::page;
use crate::run::{Options, RunError};
use crate::weakest::data::{Counterexample, counterexamples, data};
use crate::weakest::many::{self, Summary, jobs_within, summarize};
use crate::weakest::render::render;
use crate::weakest::{Weakest, WeakestError, weakest};

/// Find the smallest sets of tasks whose restart is enough, in every state in which a strategy is asked.
///
/// For jobs of at most 6 execution vertices and one fault. Every set is tried, and all that can happen after it is
/// explored. The same is done for what a master can know, and each strategy is compared with both. Of several jobs only
/// a summary is shown.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: failproof weakest storage-task-manager")]
pub(super) struct Args {
    /// Names of built-in scenarios, or scenario files.
    #[arg(value_name = "NAME|FILE", required_unless_present = "sweep", conflicts_with = "sweep")]
    scenarios: Vec<PathBuf>,
    /// All jobs of a sweep within the bounds that are small enough.
    #[arg(long)]
    sweep: bool,
    #[command(flatten)]
    bounds: BoundArgs,
    /// The format of the report.
    #[arg(long, value_enum, default_value_t = Format::Human, value_name = "FORMAT")]
    format: Format,
    /// Of one job: write the runs that show which smaller sets are not enough to DIR.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["sweep", "page"])]
    traces: Option<PathBuf>,
    /// Write the summary into a page that has a place for that of these jobs.
    #[arg(long, value_name = "FILE")]
    page: Option<PathBuf>,
    #[command(flatten)]
    limits: LimitArgs,
    #[command(flatten)]
    explore: ExploreArgs,
}

/// Finds them.
pub(super) fn run(args: &Args, context: &mut Context<'_>) -> Result<ExitCode, Problem> {
    let options = args.explore.options(&args.limits);
    if args.sweep {
        return run_many(args, &jobs_within(&args.bounds.bounds()), &options, context);
    }
    let Some(cases) = Case::all_named(&args.scenarios, context) else {
        return Ok(ExitCode::Mistake);
    };
    match cases.as_slice() {
        [case] if args.page.is_none() => run_one(args, case, &options, context),
        _ if args.traces.is_some() => Err(Problem::Refused(
            "`--traces` writes the runs of one job; valid is one scenario".to_owned(),
        )),
        _ => {
            let named = |case: &Case| (case.name().to_owned(), case.file.scenario.clone());
            run_many(args, &cases.iter().map(named).collect::<Vec<_>>(), &options, context)
        }
    }
}

fn run_one(
    args: &Args,
    case: &Case,
    options: &Options,
    context: &mut Context<'_>,
) -> Result<ExitCode, Problem> {
    let found = match weakest(&case.file.scenario, options, Some(context.interrupted)) {
        Ok(found) => found,
        Err(error @ WeakestError::Stopped { .. }) => {
            writeln!(context.err, "{error}")?;
            return Ok(incomplete(context));
        }
        Err(error) => return Err(problem(error)),
    };
    let text = match args.format {
        Format::Json => json(&data(&found))?,
        Format::Human => render(&found),
    };
    write!(context.out, "{text}")?;
    if let Some(directory) = &args.traces {
        write_traces(&found, directory, context)?;
    }
    Ok(ExitCode::AsExpected)
}

fn run_many(
    args: &Args,
    jobs: &[(String, Scenario)],
    options: &Options,
    context: &mut Context<'_>,
) -> Result<ExitCode, Problem> {
    let (begun, interrupted) = (Instant::now(), context.interrupted);
    let mut display = ProgressDisplay::new(context.err, context.err_is_terminal);
    let progress = |done| display.show_jobs(done, jobs.len(), begun.elapsed());
    let each = Options { threads: 1, ..options.clone() };
    let summary = summarize(jobs, &each, options.threads, interrupted, progress);
    drop(display);
    let summary = summary.map_err(problem)?;
    let text = match args.format {
        Format::Json => json(&summary)?,
        Format::Human => many::render(&summary),
    };
    write!(context.out, "{text}")?;
    if !summary.is_complete() {
        return Ok(incomplete(context));
    }
    if let Some(path) = &args.page {
        write_page(path, &args.command(), &summary)?;
    }
    Ok(ExitCode::AsExpected)
}

impl Args {
    /// The command that makes such a summary; a page finds the place of one by it.
    fn command(&self) -> String {
        let names: Vec<String> = self.scenarios.iter().map(|it| it.display().to_string()).collect();
        match self.sweep {
            true => format!("failproof weakest --sweep{}", self.bounds.flags()),
            false => format!("failproof weakest {}", names.join(" ")),
        }
    }
}

fn write_page(path: &Path, command: &str, summary: &Summary) -> Result<(), Problem> {
    let before = fs::read_to_string(path).map_err(Problem::read(path))?;
    let fresh = page::refresh(&before, command, many::render(summary).trim_end());
    let fresh = fresh.map_err(|error| Problem::Refused(format!("{}: {error}", path.display())))?;
    fs::write(path, fresh).map_err(Problem::write(path))
}

fn write_traces(
    found: &Weakest,
    directory: &Path,
    context: &mut Context<'_>,
) -> Result<(), Problem> {
    fs::create_dir_all(directory).map_err(Problem::write(directory))?;
    let runs = counterexamples(found);
    for Counterexample { file, run } in &runs {
        let path = directory.join(file);
        fs::write(&path, json(run)?).map_err(Problem::write(&path))?;
    }
    writeln!(context.err, "{} runs in {}", runs.len(), directory.display())?;
    Ok(())
}

/// Not everything was seen.
fn incomplete(context: &Context<'_>) -> ExitCode {
    match context.is_interrupted() {
        true => ExitCode::Interrupted,
        false => ExitCode::Inconclusive,
    }
}

fn problem(error: WeakestError) -> Problem {
    match error {
        WeakestError::Model { scenario, source } => {
            Problem::Run { scenario, source: RunError::Model(source) }
        }
        WeakestError::NoProperty => Problem::Internal(error.to_string()),
        other => Problem::Refused(other.to_string()),
    }
}
