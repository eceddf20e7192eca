//! `replay`: takes the steps of a trace again.

use std::fs;
use std::path::{Path, PathBuf};

use failproof_traces::{Code, Kind, Trace};

use super::case::Case;
use super::code;
use super::context::Context;
use super::problem::Problem;
use crate::exit_code::ExitCode;
use crate::replay::{End, Place, Placed, Replay};
use crate::report::columns::{Row, columns};
use crate::report::quantity::counted;
use crate::report::style::{BAD, DIM, GOOD, NAME};

/// How to read the columns.
const LEGEND: &str = "Of a task RUNNING is what the master believes, [Running] what is true on its TaskManager.\n\
                      Of a partition stored and gone are true, tracked is what the master believes.";

/// Take the steps of a trace again, show what each changed, and confirm how it ends.
///
/// A row a step and a column a process, with what changed there; on a narrow terminal the processes stand below each
/// other. Instead of a file also the code of a trace, as `export --format code` writes it.
///
/// Exit code 0: as recorded. Exit code 5: the model does something else than when the trace was recorded.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example: failproof replay failproof-traces/never-behind-rebalance.outcome-is-transparent.json"
)]
pub(super) struct Args {
    /// The trace, as `check` or `export` writes it; or its code.
    #[arg(value_name = "TRACE|CODE")]
    trace: PathBuf,
    /// The scenario of a code: it is not in the code. Only needed where it is not built in.
    #[arg(long, value_name = "NAME|FILE")]
    scenario: Option<PathBuf>,
}

/// Replays.
pub(super) fn run(args: &Args, context: &mut Context<'_>) -> Result<ExitCode, Problem> {
    let (case, trace) = match (code_of(&args.trace), &args.scenario) {
        (Some(code), scenario) => code::read(code, scenario.as_deref())?,
        (None, None) => read(&args.trace)?,
        (None, Some(_)) => {
            return Err(Problem::Refused(format!(
                "{} is no code: its scenario is in it, and `--scenario` is for codes, which begin with `{}`",
                args.trace.display(),
                Code::BEGINS
            )));
        }
    };
    let scenario = &case.file.scenario;
    let replayed = context.engine.replay(scenario, &trace);
    let replayed =
        replayed.map_err(|source| Problem::Run { scenario: case.origin.clone(), source })?;
    let heading = format!("{NAME}{}{NAME:#} {DIM}({}){DIM:#}", scenario.name, case.file.preset);
    writeln!(context.out, "{heading}\n  {}\n", scenario.story)?;
    if let Some(begin) = &replayed.begin {
        let width = context.out_width.unwrap_or(WIDTH_ELSEWHERE);
        let shown = in_columns(&replayed, begin, scenario.cluster.task_managers, width);
        writeln!(context.out, "{shown}\n{DIM}{LEGEND}{DIM:#}\n")?;
    }
    let (style, text, code) = match &replayed.end {
        End::Confirmed => (GOOD, confirmed(&trace), ExitCode::AsExpected),
        End::Refuted(why) => (BAD, format!("diverged at the end: {why}"), ExitCode::Diverged),
        End::Diverged(divergence) => (BAD, format!("diverged: {divergence}"), ExitCode::Diverged),
    };
    writeln!(context.out, "{style}{text}{style:#}")?;
    Ok(code)
}

/// The argument, if it is meant as a code.
fn code_of(argument: &Path) -> Option<&str> {
    argument.to_str().filter(|text| text.starts_with(Code::BEGINS))
}

/// Reads a trace and the scenario in it.
pub(super) fn read(path: &PathBuf) -> Result<(Case, Trace), Problem> {
    let text = fs::read_to_string(path).map_err(Problem::read(path))?;
    let trace =
        Trace::read(&text).map_err(|source| Problem::Trace { path: path.clone(), source })?;
    let case = Case::of_text(&format!("the scenario in {}", path.display()), &trace.scenario)?;
    Ok((case, trace))
}

/// How wide a text is that nobody reads on a terminal.
pub(super) const WIDTH_ELSEWHERE: usize = 120;

/// The run in columns: the master, and every TaskManager.
fn in_columns(replayed: &Replay, begin: &[Placed], task_managers: usize, width: usize) -> String {
    let steps = replayed.steps.iter().map(|step| (step.action.as_str(), step.changes.as_slice()));
    let begin = ("(the run begins)", begin);
    let rows = [begin].into_iter().chain(steps).enumerate().map(|(step, (action, changes))| Row {
        step,
        action: action.to_owned(),
        changes: by_process(changes, task_managers),
    });
    columns(&processes(task_managers), &rows.collect::<Vec<_>>(), width)
}

/// The names of the columns.
pub(super) fn processes(task_managers: usize) -> Vec<String> {
    let names = (0..task_managers).map(|t| format!("TM{t}"));
    ["master".to_owned()].into_iter().chain(names).collect()
}

/// Changes sorted into their columns.
pub(super) fn by_process(changes: &[Placed], task_managers: usize) -> Vec<Vec<String>> {
    let places = [Place::Master].into_iter().chain((0..task_managers).map(Place::TaskManager));
    let of = |place| changes.iter().filter(move |it| it.place == place).map(|it| it.text.clone());
    places.map(|place| of(place).collect()).collect()
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
