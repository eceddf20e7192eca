//! `diff`: where two runs part, and in what two states differ.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use failproof_traces::{Divergence, Trace};

use super::case::Case;
use super::context::Context;
use super::problem::Problem;
use super::replay::{self, WIDTH_ELSEWHERE, by_process, processes};
use crate::exit_code::ExitCode;
use crate::replay::{Line, Placed, align, compare_states};
use crate::report::columns::{Row, columns};
use crate::report::style::{BAD, DIM, GOOD, NAME};

/// Compare two runs, or two states of runs.
///
/// Of runs: which steps both take (` `), only the first (`-`) and only the second (`+`), and in what the second ends
/// differently. `TRACE@STEP` names the state after that step instead; `@0` is where a run begins.
///
/// Exit code 0: no difference. Exit code 1: there is one.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example: failproof diff failproof-traces/never-behind-rebalance.outcome-is-transparent.json \
                  failproof-traces/never-behind-rebalance.every-row-exactly-once.json"
)]
pub(super) struct Args {
    /// The first trace, or a state of it.
    #[arg(value_name = "TRACE[@STEP]")]
    left: String,
    /// The second.
    #[arg(value_name = "TRACE[@STEP]")]
    right: String,
}

/// A trace, and the step after which to look, if one was named.
struct Side {
    name: String,
    case: Case,
    trace: Trace,
    step: Option<usize>,
}

/// Compares.
pub(super) fn run(args: &Args, context: &mut Context<'_>) -> Result<ExitCode, Problem> {
    let (left, right) = (Side::read(&args.left)?, Side::read(&args.right)?);
    let states_only = left.step.is_some() || right.step.is_some();
    let mut equal = true;
    if !states_only {
        let lines = align(&left.trace, &right.trace);
        equal = lines.iter().all(|line| matches!(line, Line::Both(..)));
        context.out.write_all(steps(&lines, &left.trace, &right.trace).as_bytes())?;
    }
    if left.case.file.scenario != right.case.file.scenario {
        if states_only {
            return Err(Problem::Refused(format!(
                "{} and {} are not of the same scenario: their states cannot be compared",
                left.name, right.name
            )));
        }
        writeln!(context.out, "{BAD}the scenarios differ{BAD:#}")?;
        return Ok(ExitCode::Unexpected);
    }
    let found = match compared(&left, &right)? {
        Ok(found) => found,
        Err(divergence) => {
            writeln!(context.err, "diverged: {divergence}")?;
            return Ok(ExitCode::Diverged);
        }
    };
    if found.is_empty() {
        writeln!(context.out, "{GOOD}the states are equal{GOOD:#}")?;
    } else {
        let managers = left.case.file.scenario.cluster.task_managers;
        writeln!(context.out, "{NAME}what is different in the second{NAME:#}")?;
        let width = context.out_width.unwrap_or(WIDTH_ELSEWHERE);
        context.out.write_all(state(&found, right.at(), managers, width).as_bytes())?;
    }
    let equal = equal && found.is_empty();
    Ok(if equal { ExitCode::AsExpected } else { ExitCode::Unexpected })
}

fn compared(left: &Side, right: &Side) -> Result<Result<Vec<Placed>, Divergence>, Problem> {
    let states = compare_states(
        &left.case.file.scenario,
        (&left.trace, left.at()),
        (&right.trace, right.at()),
    );
    states.map_err(|source| Problem::Run { scenario: left.case.origin.clone(), source })
}

/// The steps of both, one a line.
fn steps(lines: &[Line], left: &Trace, right: &Trace) -> String {
    let mut text = String::new();
    for line in lines {
        let _ = match *line {
            Line::Both(i, j) => {
                writeln!(text, "  {DIM}{i:>3} {j:>3}{DIM:#}  {}", left.steps[i - 1].action)
            }
            Line::Left(i) => {
                writeln!(text, "{BAD}-{BAD:#} {DIM}{i:>3}    {DIM:#}  {}", left.steps[i - 1].action)
            }
            Line::Right(j) => {
                writeln!(
                    text,
                    "{GOOD}+{GOOD:#} {DIM}    {j:>3}{DIM:#}  {}",
                    right.steps[j - 1].action
                )
            }
        };
    }
    text
}

/// In what a state is different, in columns.
fn state(found: &[Placed], step: usize, task_managers: usize, width: usize) -> String {
    let changes = by_process(found, task_managers);
    let row = Row { step, action: "(after this step)".to_owned(), changes };
    columns(&processes(task_managers), &[row], width)
}

impl Side {
    fn read(argument: &str) -> Result<Side, Problem> {
        let (path, step) = match argument.rsplit_once('@') {
            Some((path, step)) if !Path::new(argument).exists() => {
                let number = step.parse::<usize>().map_err(|_| {
                    Problem::Refused(format!("`{step}` in `{argument}` is no number of a step"))
                })?;
                (path, Some(number))
            }
            _ => (argument, None),
        };
        let (case, trace) = replay::read(&PathBuf::from(path))?;
        let steps = trace.steps.len();
        match step.filter(|&step| step > steps) {
            Some(step) => Err(Problem::Refused(format!(
                "{path} has no step {step}: it has {steps}, and valid is 0 to {steps}"
            ))),
            None => Ok(Side { name: argument.to_owned(), case, trace, step }),
        }
    }

    /// The step after which to look.
    fn at(&self) -> usize {
        self.step.unwrap_or(self.trace.steps.len())
    }
}
