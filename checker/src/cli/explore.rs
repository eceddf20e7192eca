//! `explore`: steps through a scenario by hand, in a browser.

use std::path::{Path, PathBuf};

use failproof_traces::Code;

use super::case::Case;
use super::code;
use super::context::Context;
use super::problem::Problem;
use super::replay;
use crate::exit_code::ExitCode;
use crate::live::{Entry, Library, bind, serve};
use crate::scenario_file::builtin;

/// Step through a scenario in a browser: see each state, choose what happens next, take it back, or jump to what goes
/// wrong.
///
/// The page is served on 127.0.0.1 and nowhere else, until Ctrl-C. Its address, which is printed, names the run: kept
/// or sent on, it leads to the same state. The page also gives the run as a trace and as a code, which `replay` takes.
///
/// Without a scenario, it begins with the list of those that are built in.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: failproof explore never-behind-rebalance")]
pub(super) struct Args {
    /// The name of a built-in scenario, a scenario file, a trace (a file that ends in .json), or the code of one.
    #[arg(value_name = "NAME|FILE|TRACE|CODE")]
    source: Option<PathBuf>,
    /// The scenario of a code: it is not in the code. Only needed where it is not built in.
    #[arg(long, value_name = "NAME|FILE")]
    scenario: Option<PathBuf>,
    /// Listen on port N of 127.0.0.1; 0 is any that is free.
    #[arg(long, value_name = "N", default_value_t = 0)]
    port: u16,
    /// Look at no more than N states for a jump, and for the runs without faults.
    #[arg(long, value_name = "N", default_value_t = 200_000)]
    limit: usize,
}

/// Serves.
pub(super) fn run(args: &Args, context: &mut Context<'_>) -> Result<ExitCode, Problem> {
    let (case, path) = given(args)?;
    let address = match (&case, path) {
        (None, _) => "/scenarios".to_owned(),
        (Some(_), Some(path)) => format!("/?path={path}"),
        // With its name in the address that leads to it wherever `explore` is started, and with whatever.
        (Some(case), None) if is_builtin(case) => format!("/?scenario={}", case.name()),
        (Some(_), None) => "/".to_owned(),
    };
    let entry = case.map(|Case { origin, file, .. }| Entry { origin, file });
    let bound = bind(args.port).map_err(|error| {
        Problem::Refused(format!(
            "cannot listen on port {} of 127.0.0.1: {error}; valid is a port that nobody uses, or 0 for any of those",
            args.port
        ))
    })?;
    writeln!(context.out, "http://127.0.0.1:{}{address}", bound.port)?;
    context.out.flush()?;
    writeln!(context.err, "open this address in a browser; Ctrl-C ends it")?;
    let library = Library::new(entry, args.limit, context.interrupted);
    serve(&bound, &library).map_err(|error| Problem::Internal(error.to_string()))?;
    Ok(ExitCode::AsExpected)
}

fn is_builtin(case: &Case) -> bool {
    builtin().any(|(name, text)| name == case.name() && text == case.file.text)
}

/// The scenario to begin with, and the run, as addresses have it.
fn given(args: &Args) -> Result<(Option<Case>, Option<String>), Problem> {
    let Some(source) = &args.source else { return Ok((None, None)) };
    let is_code = source.to_str().filter(|text| text.starts_with(Code::BEGINS));
    if is_code.is_none() && args.scenario.is_some() {
        return Err(Problem::Refused(format!(
            "{} is no code: `--scenario` is for codes, which begin with `{}`",
            source.display(),
            Code::BEGINS
        )));
    }
    let is_trace = source.extension().is_some_and(|extension| extension == "json");
    let (case, trace) = match is_code {
        Some(text) => code::read(text, args.scenario.as_deref())?,
        None if is_trace => replay::read(source)?,
        None => return Ok((Some(Case::named(Path::new(source))?), None)),
    };
    let code = code::write(&case, &trace)?.map_err(Problem::Refused)?;
    Ok((Some(case), Some(code.trim().to_owned())))
}
