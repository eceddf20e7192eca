//! `replay`: takes the steps of a trace again.

use std::fs;
use std::path::PathBuf;

use failproof_traces::{Kind, Trace};

use super::case::Case;
use super::context::Context;
use super::problem::Problem;
use crate::exit_code::ExitCode;
use crate::replay::{End, ReplayedStep};
use crate::report::quantity::counted;
use crate::report::style::{BAD, DIM, GOOD, NAME};
use crate::report::table::{Cell, Table};

/// How to read the column of changes.
const LEGEND: &str = "Of a task RUNNING is what the master believes, [Running] what is true on its TaskManager.\n\
                      Of a partition stored and gone are true, tracked is what the master believes.";

/// Take the steps of a trace again, show what each changed, and confirm how it ends.
///
/// Exit code 0: as recorded. Exit code 5: the model does something else than when the trace was recorded.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example: failproof replay failproof-traces/never-behind-rebalance.outcome-is-transparent.json"
)]
pub(super) struct Args {
    /// The trace, as `check` or `export` writes it.
    trace: PathBuf,
}

/// Replays.
pub(super) fn run(args: &Args, context: &mut Context<'_>) -> Result<ExitCode, Problem> {
    let (case, trace) = read(&args.trace)?;
    let scenario = &case.file.scenario;
    let replayed = context.engine.replay(scenario, &trace);
    let replayed =
        replayed.map_err(|source| Problem::Run { scenario: case.origin.clone(), source })?;
    let heading = format!("{NAME}{}{NAME:#} {DIM}({}){DIM:#}", scenario.name, case.file.preset);
    writeln!(context.out, "{heading}\n  {}\n", scenario.story)?;
    if let Some(begin) = &replayed.begin {
        writeln!(context.out, "{}\n{DIM}{LEGEND}{DIM:#}\n", table(begin, &replayed.steps))?;
    }
    let (style, text, code) = match &replayed.end {
        End::Confirmed => (GOOD, confirmed(&trace), ExitCode::AsExpected),
        End::Refuted(why) => (BAD, format!("diverged at the end: {why}"), ExitCode::Diverged),
        End::Diverged(divergence) => (BAD, format!("diverged: {divergence}"), ExitCode::Diverged),
    };
    writeln!(context.out, "{style}{text}{style:#}")?;
    Ok(code)
}

/// Reads a trace and the scenario in it.
pub(super) fn read(path: &PathBuf) -> Result<(Case, Trace), Problem> {
    let text = fs::read_to_string(path).map_err(Problem::read(path))?;
    let trace =
        Trace::read(&text).map_err(|source| Problem::Trace { path: path.clone(), source })?;
    let case = Case::of_text(&format!("the scenario in {}", path.display()), &trace.scenario)?;
    Ok((case, trace))
}

/// A row for the beginning and one a step; what else it changed in rows below.
fn table(begin: &[String], steps: &[ReplayedStep]) -> Table {
    let mut table = Table::headed(["step", "action", "changes"]);
    row(&mut table, (0, "(the run begins)"), begin, "nothing is scheduled");
    for (index, step) in steps.iter().enumerate() {
        row(&mut table, (index + 1, &step.action), &step.changes, "nothing");
    }
    table
}

fn row(table: &mut Table, (step, action): (usize, &str), changes: &[String], none: &str) {
    let mut changes = changes.iter().map(|change| Cell::from(change.as_str()));
    let first = changes.next().unwrap_or_else(|| none.into());
    table.push([Cell::number(step.to_string()), action.into(), first]);
    changes.for_each(|change| table.push(["".into(), "".into(), change]));
}

fn confirmed(trace: &Trace) -> String {
    let steps = counted(trace.steps.len(), "step");
    match (&trace.property, trace.kind) {
        (Some(id), Kind::Violation) => match repeats(trace) {
            Some(repeats) => {
                format!("reproduced: {steps}, then {repeats}, and `{id}` is violated")
            }
            None => format!("reproduced: {steps}, and `{id}` is violated"),
        },
        (Some(id), Kind::Witness) => {
            format!("reproduced: {steps} to what `{id}` is about; a run, not a violation")
        }
        (None, _) => format!("reproduced: {steps}; a run, not a violation"),
    }
}

/// What a run goes on with for ever, if it does.
pub(super) fn repeats(trace: &Trace) -> Option<String> {
    let (first, last) = (trace.lasso? + 1, trace.steps.len());
    Some(match first == last {
        true => format!("step {last} again and again"),
        false => format!("steps {first} to {last} again and again"),
    })
}
