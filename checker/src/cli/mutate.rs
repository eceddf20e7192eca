//! `mutate`: whether some property sees each seeded defect.

use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use super::context::Context;
use super::explore_args::threads;
use super::format::{Format, json};
use super::problem::Problem;
use super::progress::ProgressDisplay;
use super::sweep_args::Shard;
use crate::exit_code::ExitCode;
use crate::mutate::{Asked, COMMAND, Fate, Report, Tried, render_markdown, run as try_all, seeded};
use crate::page;
use crate::report::quantity::{count, time};
use crate::scenario_file::builtin;

/// Put every seeded defect into every built-in scenario that takes it, and show which properties see it.
///
/// A property kills a defect that violates it where it holds without. A defect that no property kills survives, which
/// is a difference, as is a property that kills none alone and does not say why it stays.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: failproof mutate --defect unmerged-region-cycle")]
pub(super) struct Args {
    /// Only this defect; several are separated by commas [default: all that are seeded].
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    defect: Vec<String>,
    /// Only this built-in scenario, without what is broken in it on purpose; several are separated by commas [default:
    /// all].
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    scenario: Vec<String>,
    /// Only one of N equal parts of the defects, such as 2/8.
    #[arg(long, value_name = "K/N")]
    shard: Option<Shard>,
    /// Stop each exploration at N distinct states: what is not finished then counts for nothing.
    #[arg(long, value_name = "N", default_value_t = 200_000)]
    states: usize,
    /// Scenarios explored at the same time, 1 to 256.
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = threads())]
    threads: usize,
    /// The format of the report.
    #[arg(long, value_enum, default_value_t = Format::Human, value_name = "FORMAT")]
    format: Format,
    /// Write the report into its place on this page; only that of all defects in all scenarios has one.
    #[arg(long, value_name = "FILE")]
    page: Option<PathBuf>,
}

/// Tries.
pub(super) fn run(args: &Args, context: &mut Context<'_>) -> Result<ExitCode, Problem> {
    let asked = asked(args)?;
    if args.page.is_some() && !asked.is_whole() {
        let only = "only the report of all defects in all scenarios has a page; leave out `--defect`, `--scenario` and \
                    `--shard`, or `--page`";
        return Err(Problem::Refused(only.to_owned()));
    }
    let begun = Instant::now();
    let tried = explore(args, &asked, begun, context)?;
    let report = Report::of(&asked, &tried);
    write(args, &report, context)?;
    let Report { runs, states, .. } = report;
    let cost = [count(runs as u64), count(states as u64), time(begun.elapsed())];
    let [runs, states, time] = cost;
    writeln!(context.err, "{runs} explorations, {states} states, {time}")?;
    Ok(match report {
        _ if context.is_interrupted() => ExitCode::Interrupted,
        _ if report.has(Fate::Survives) || !report.mistakes.is_empty() => ExitCode::Unexpected,
        _ if report.has(Fate::Unknown) => ExitCode::Inconclusive,
        _ => ExitCode::AsExpected,
    })
}

/// The defects and scenarios of those names.
fn asked(args: &Args) -> Result<Asked<'static>, Problem> {
    let mut defects = seeded();
    let mut scenarios: Vec<&str> = builtin().map(|(name, _)| name).collect();
    let ids: Vec<&str> = defects.iter().map(|(defect, _)| defect.id).collect();
    let valid = "valid is what `failproof list defects` lists with a scenario";
    known(&args.defect, "seeded defect", &ids, valid)?;
    let valid = "valid is what `failproof list scenarios` lists";
    known(&args.scenario, "built-in scenario", &scenarios, valid)?;
    let is_in =
        |asked: &[String], name: &str| asked.is_empty() || asked.iter().any(|it| it == name);
    let is_in_shard = |id: &str| {
        let index = ids.iter().position(|it| *it == id);
        args.shard.is_none_or(|shard| index.is_some_and(|index| shard.has(index)))
    };
    defects.retain(|(defect, _)| is_in(&args.defect, defect.id) && is_in_shard(defect.id));
    scenarios.retain(|name| is_in(&args.scenario, name));
    Ok(Asked { defects, scenarios, states: args.states })
}

/// Refused, if one of `names` is not among `all`.
fn known(
    names: &[String],
    what: &'static str,
    all: &[&str],
    valid: &'static str,
) -> Result<(), Problem> {
    match names.iter().find(|name| !all.contains(&name.as_str())) {
        Some(name) => Err(Problem::unknown(what, name, all.iter().copied(), valid)),
        None => Ok(()),
    }
}

fn explore(
    args: &Args,
    asked: &Asked<'_>,
    begun: Instant,
    context: &mut Context<'_>,
) -> Result<Tried, Problem> {
    let interrupted = context.interrupted;
    let mut display = ProgressDisplay::new(context.err, context.err_is_terminal);
    let of = asked.scenarios.len();
    let tried = try_all(asked, args.threads, interrupted, |done| {
        display.show_scenarios(done, of, begun.elapsed());
    });
    tried.map_err(|error| Problem::Internal(error.to_string()))
}

fn write(args: &Args, report: &Report, context: &mut Context<'_>) -> Result<(), Problem> {
    let text = match args.format {
        Format::Json => json(report)?,
        Format::Human => render_markdown(report),
    };
    write!(context.out, "{text}")?;
    if let Some(path) = args.page.as_ref().filter(|_| report.complete) {
        let page = fs::read_to_string(path).map_err(Problem::read(path))?;
        let refused = |error| Problem::Refused(format!("{}: {error}", path.display()));
        let fresh = page::refresh(&page, COMMAND, &render_markdown(report)).map_err(refused)?;
        fs::write(path, fresh).map_err(Problem::write(path))?;
    }
    Ok(())
}
