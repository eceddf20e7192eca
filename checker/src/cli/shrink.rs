//! `shrink`: the same violation with fewer faults, rows and steps.

use std::fs;
use std::path::PathBuf;

use failproof_traces::{Kind, Trace};

use super::case::Case;
use super::context::Context;
use super::explore_args::LimitArgs;
use super::problem::Problem;
use super::replay;
use super::session::explore;
use crate::exit_code::ExitCode;
use crate::replay::End;
use crate::report::quantity::counted;

/// Find a run with fewer faults, rows and steps that shows the same.
///
/// The scenario is explored again and again with one fault or one row of a source less, as long as the property is
/// violated (or, of a witness, reached) still; what is kept is a shortest run of the smallest such scenario. It is a
/// trace like any other, and was replayed before it is written. Steps that became unnecessary are left out, and so is
/// what was expected of the larger scenario.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example: failproof shrink failproof-traces/never-behind-rebalance.outcome-is-transparent.json \
                  -o small.json"
)]
pub(super) struct Args {
    /// The trace.
    trace: PathBuf,
    /// Write to FILE instead of stdout.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    limits: LimitArgs,
}

/// Shrinks.
pub(super) fn run(args: &Args, context: &mut Context<'_>) -> Result<ExitCode, Problem> {
    let (case, trace) = replay::read(&args.trace)?;
    let Some(property) = trace.property.clone() else {
        return Err(Problem::Refused(format!(
            "{} is about no property: nothing says what of it has to stay",
            args.trace.display()
        )));
    };
    if let Some(why) = refuted(&case, &trace, context)? {
        writeln!(context.err, "{} diverged: {why}", args.trace.display())?;
        return Ok(ExitCode::Diverged);
    }
    let before = size(&case, &trace);
    let search = Search { property: &property, kind: trace.kind, args };
    let smallest = search.smallest((case, trace), context)?;
    let (case, trace) = smallest;
    writeln!(context.err, "from {before} to {}", size(&case, &trace))?;
    match &args.output {
        None => context.out.write_all(trace.to_string().as_bytes())?,
        Some(path) => fs::write(path, trace.to_string()).map_err(Problem::write(path))?,
    }
    Ok(match context.is_interrupted() {
        true => ExitCode::Interrupted,
        false => ExitCode::AsExpected,
    })
}

/// What has to stay.
struct Search<'a> {
    property: &'a str,
    kind: Kind,
    args: &'a Args,
}

impl Search<'_> {
    /// Goes from one scenario to a smaller one as long as there is one that shows the same.
    fn smallest(
        &self,
        (mut case, mut trace): (Case, Trace),
        context: &mut Context<'_>,
    ) -> Result<(Case, Trace), Problem> {
        if let Some(shorter) = self.shortest(&case, context)?
            && shorter.steps.len() < trace.steps.len()
        {
            trace = shorter;
        }
        'smaller: loop {
            for smaller in case.file.smaller() {
                if context.is_interrupted() {
                    return Ok((case, trace));
                }
                // Not everything can be left out of a scenario.
                let Ok(candidate) = Case::of_text(&case.origin, &smaller.text) else { continue };
                if let Some(found) = self.shortest(&candidate, context)? {
                    let shown = counted(found.steps.len(), "step");
                    writeln!(context.err, "{}: still so, in {shown}", smaller.what)?;
                    (case, trace) = (candidate, found);
                    continue 'smaller;
                }
            }
            return Ok((case, trace));
        }
    }

    /// A shortest run of a scenario that shows the same, and was replayed.
    fn shortest(&self, case: &Case, context: &mut Context<'_>) -> Result<Option<Trace>, Problem> {
        let result = explore(context, case, &self.args.limits.limits().into())?;
        let found = result.properties.into_iter().find(|it| it.id == self.property);
        let found = found.and_then(|it| match self.kind {
            Kind::Violation => it.counterexample,
            Kind::Witness => it.witness,
        });
        match found {
            Some(trace) if refuted(case, &trace, context)?.is_none() => Ok(Some(trace)),
            _ => Ok(None),
        }
    }
}

/// Why a trace does not show what it says; nothing, if it does.
fn refuted(case: &Case, trace: &Trace, context: &Context<'_>) -> Result<Option<String>, Problem> {
    let replayed = context.engine.replay(&case.file.scenario, trace);
    let replayed =
        replayed.map_err(|source| Problem::Run { scenario: case.origin.clone(), source })?;
    Ok(match replayed.end {
        End::Confirmed => None,
        End::Refuted(why) => Some(why),
        End::Diverged(divergence) => Some(divergence.to_string()),
    })
}

/// How large a run is.
fn size(case: &Case, trace: &Trace) -> String {
    let scenario = &case.file.scenario;
    let rows = scenario.job.vertices.iter().map(|it| it.parallelism * it.rows_per_subtask);
    format!(
        "{}, {}, {}",
        counted(scenario.faults.total.into(), "fault"),
        counted(rows.sum(), "row"),
        counted(trace.steps.len(), "step")
    )
}
