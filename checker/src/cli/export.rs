//! `export`: writes a run of a scenario as a trace.

use std::fs;
use std::path::PathBuf;

use failproof_traces::Trace;

use super::case::Case;
use super::context::Context;
use super::explore_args::LimitArgs;
use super::problem::Problem;
use super::session::explore;
use crate::exit_code::ExitCode;
use crate::replay::End;
use crate::run::record_prefix;

/// Write a run of a scenario as a trace that replays: its prefix, or a shortest run to what a property is about.
///
/// Such a trace is of the kind `witness`: it shows a run, not a violation. `check` writes those of violations.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: failproof export finish-crosses-cancel --prefix -o trace.json")]
pub(super) struct Args {
    /// Name of a built-in scenario, or a scenario file.
    #[arg(value_name = "NAME|FILE")]
    scenario: PathBuf,
    #[command(flatten)]
    run: RunArgs,
    /// Write the trace to FILE instead of stdout.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    limits: LimitArgs,
}

/// Which run.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
struct RunArgs {
    /// The scripted prefix of the scenario; in the trace these are steps, and its scenario has no prefix.
    #[arg(long)]
    prefix: bool,
    /// A shortest run in which the trigger of PROPERTY happens, from the end of the prefix on.
    #[arg(long, value_name = "PROPERTY")]
    witness: Option<String>,
}

/// Writes the trace.
pub(super) fn run(args: &Args, context: &mut Context<'_>) -> Result<ExitCode, Problem> {
    let case = Case::named(&args.scenario)?;
    let found = match &args.run.witness {
        Some(property) => witness(&case, property, args, context)?,
        None => Ok(prefix(&case)?),
    };
    let trace = match found {
        Ok(trace) => trace,
        Err((why, code)) => {
            writeln!(context.err, "{why}")?;
            return Ok(code);
        }
    };
    match &args.output {
        None => context.out.write_all(trace.to_string().as_bytes())?,
        Some(path) => fs::write(path, trace.to_string()).map_err(Problem::write(path))?,
    }
    Ok(ExitCode::AsExpected)
}

/// The prefix as a run from where the job begins.
fn prefix(case: &Case) -> Result<Trace, Problem> {
    if case.file.scenario.prefix.is_empty() {
        return Err(Problem::Refused(format!(
            "`{}` has no prefix to write; valid is a scenario with `prefix = [\"ACTION\", ...]` at the top of \
             its file",
            case.name()
        )));
    }
    let recorded = record_prefix(&case.file.scenario);
    let mut trace =
        recorded.map_err(|source| Problem::Run { scenario: case.origin.clone(), source })?;
    trace.scenario = case.file.without_prefix(&case.origin)?;
    Ok(trace)
}

/// A shortest run to the trigger of a property; or why there is none, and how the command ends for that.
fn witness(
    case: &Case,
    property: &str,
    args: &Args,
    context: &mut Context<'_>,
) -> Result<Result<Trace, (String, ExitCode)>, Problem> {
    let ids = || failproof_properties::catalogue().into_iter().map(|about| about.id);
    if !ids().any(|id| id == property) {
        let valid = "valid is what `failproof list properties` lists";
        return Err(Problem::unknown("property", property, ids(), valid));
    }
    let result = explore(context, case, &args.limits.limits().into())?;
    let found = result.properties.into_iter().find(|it| it.id == property);
    let none = |why: &str, code| {
        Ok(Err((format!("`{}` has no witness of `{property}`: {why}", case.name()), code)))
    };
    match (found.and_then(|it| it.witness), result.stopped_by) {
        (Some(trace), _) => {
            let replayed = context.engine.replay(&case.file.scenario, &trace);
            let replayed = replayed
                .map_err(|source| Problem::Run { scenario: case.origin.clone(), source })?;
            match replayed.end {
                End::Confirmed => Ok(Ok(trace)),
                End::Refuted(why) => none(&why, ExitCode::Unexpected),
                End::Diverged(divergence) => Err(Problem::Internal(divergence.to_string())),
            }
        }
        (None, Some(_)) if context.is_interrupted() => none("interrupted", ExitCode::Interrupted),
        (None, Some(stopped)) => none(&stopped, ExitCode::Inconclusive),
        (None, None) => none("no run reaches what it is about", ExitCode::Vacuous),
    }
}
