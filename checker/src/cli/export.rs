//! `export`: writes a run as a trace or as a page.

use std::fs;
use std::path::PathBuf;

use failproof_traces::Trace;

use super::case::Case;
use super::code;
use super::context::Context;
use super::explore_args::LimitArgs;
use super::problem::Problem;
use super::replay;
use super::session::explore;
use crate::exit_code::ExitCode;
use crate::picture::{PictureError, itf, mermaid, page, picture, svg};
use crate::replay::End;
use crate::run::record_prefix;

/// Write a run as a trace that replays, or as a page to look at.
///
/// The run is that of a trace, or one of a scenario: its prefix, or a shortest run to what a property is about. As a
/// trace, those of a scenario are of the kind `witness`: they show a run, not a violation. `check` writes those of
/// violations.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example: failproof export finish-crosses-cancel --prefix --format html -o run.html"
)]
pub(super) struct Args {
    /// A trace, the name of a built-in scenario, or a scenario file.
    #[arg(value_name = "TRACE|NAME|FILE")]
    source: PathBuf,
    #[command(flatten)]
    run: RunArgs,
    /// What to write.
    #[arg(long, value_enum, default_value_t = Format::Trace)]
    format: Format,
    /// Write to FILE instead of stdout.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    limits: LimitArgs,
}

/// Which run of a scenario.
#[derive(Debug, clap::Args)]
#[group(multiple = false)]
struct RunArgs {
    /// The scripted prefix of the scenario; in the trace these are steps, and its scenario has no prefix.
    #[arg(long)]
    prefix: bool,
    /// A shortest run in which the trigger of PROPERTY happens, from the end of the prefix on.
    #[arg(long, value_name = "PROPERTY")]
    witness: Option<String>,
}

/// As what a run is written.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Format {
    /// A trace, which replays.
    Trace,
    /// The trace in one line, for a ticket: `replay` takes it. The scenario is named in it and not part of it.
    Code,
    /// A page for a browser, in one file that needs no network: every state, step by step.
    Html,
    /// A Mermaid sequence diagram, which GitHub and many editors draw.
    Mermaid,
    /// A drawing of the sequence of steps, for documents.
    Svg,
    /// The Informal Trace Format of Apalache and Quint, with `mbt::actionTaken`.
    Itf,
}

/// Writes the run.
pub(super) fn run(args: &Args, context: &mut Context<'_>) -> Result<ExitCode, Problem> {
    let (case, trace) = match chosen(args, context)? {
        Ok(chosen) => chosen,
        Err((why, code)) => {
            writeln!(context.err, "{why}")?;
            return Ok(code);
        }
    };
    let text = match args.format {
        Format::Trace => trace.to_string(),
        Format::Code => match code::write(&case, &trace)? {
            Ok(code) => code,
            Err(diverged) => return diverge(context, &diverged),
        },
        format => match drawn(&case, &trace, format)? {
            Ok(text) => text,
            Err(diverged) => return diverge(context, &diverged),
        },
    };
    match &args.output {
        None => context.out.write_all(text.as_bytes())?,
        Some(path) => fs::write(path, text).map_err(Problem::write(path))?,
    }
    Ok(ExitCode::AsExpected)
}

/// Says that the run is not one of the model any more.
fn diverge(context: &mut Context<'_>, diverged: &str) -> Result<ExitCode, Problem> {
    writeln!(context.err, "{diverged}")?;
    Ok(ExitCode::Diverged)
}

/// A run; or why there is none, and how the command ends for that.
type Chosen = Result<(Case, Trace), (String, ExitCode)>;

fn chosen(args: &Args, context: &mut Context<'_>) -> Result<Chosen, Problem> {
    let is_trace = args.source.extension().is_some_and(|extension| extension == "json");
    let RunArgs { prefix, witness } = &args.run;
    if is_trace && (*prefix || witness.is_some()) {
        return Err(Problem::Refused(format!(
            "{} is a trace, which is one run: `--prefix` and `--witness` are for scenarios",
            args.source.display()
        )));
    }
    if is_trace {
        return Ok(Ok(replay::read(&args.source)?));
    }
    let case = Case::named(&args.source)?;
    let found = match witness {
        Some(property) => self::witness(&case, property, args, context)?,
        None if *prefix => Ok(self::prefix(&case)?),
        None => {
            return Err(Problem::Refused(format!(
                "which run of `{}`? Valid are `--prefix` and `--witness PROPERTY`; instead of a scenario also a \
                 trace, a file that ends in .json",
                case.name()
            )));
        }
    };
    Ok(found.map(|trace| (case, trace)))
}

/// A run as something that shows its states; or that the run is not one of the model any more.
fn drawn(case: &Case, trace: &Trace, format: Format) -> Result<Result<String, String>, Problem> {
    // The scenario of a trace need not be the one that it was made of: a prefix becomes steps.
    let file = Case::of_text(&case.origin, &trace.scenario)?.file;
    let picture = match picture(&file.scenario, &file.preset, trace) {
        Ok(picture) => picture,
        Err(PictureError::Run(source)) => {
            return Err(Problem::Run { scenario: case.origin.clone(), source });
        }
        Err(error @ (PictureError::Diverged(_) | PictureError::Free(_))) => {
            return Ok(Err(error.to_string()));
        }
    };
    let text = match format {
        Format::Mermaid => Ok(mermaid(&picture)),
        Format::Svg => Ok(svg(&picture)),
        Format::Itf => itf(&picture),
        Format::Html | Format::Trace | Format::Code => page(&picture),
    };
    text.map(Ok).map_err(|error| Problem::Internal(error.to_string()))
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
