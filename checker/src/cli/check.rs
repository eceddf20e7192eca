//! `check`: explores scenarios and says what was found.

use std::path::PathBuf;

use super::case::Case;
use super::context::Context;
use super::explore_args::{ExploreArgs, LimitArgs, ReductionArgs};
use super::plan_args::PlanOptions;
use super::plan_check;
use super::problem::Problem;
use super::session::{OutputArgs, Session};
use crate::exit_code::ExitCode;

/// Explore scenarios and judge them: built-in ones, files, or the job of a plan.
///
/// Without a name: the built-in scenarios of the quick tier. Every violation is written as a trace.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: failproof check two-stages")]
pub(super) struct Args {
    /// Names of built-in scenarios, or scenario files.
    #[arg(value_name = "NAME|FILE", conflicts_with_all = ["all", "plan"])]
    scenarios: Vec<PathBuf>,
    /// All built-in scenarios, also those that take longer.
    #[arg(long, conflicts_with = "plan")]
    all: bool,
    /// Explore the scenarios without what is broken in them on purpose.
    #[arg(long, requires = "scenarios", conflicts_with = "plan")]
    without_defect: bool,
    /// What explores.
    #[arg(long, value_enum, default_value_t = ExplorerArg::Own, value_name = "ENGINE", conflicts_with = "plan")]
    engine: ExplorerArg,
    /// Check the job of a plan that Flink printed.
    #[arg(long, value_name = "FILE", help_heading = "Job plans")]
    plan: Option<PathBuf>,
    #[command(flatten)]
    options: PlanOptions,
    #[command(flatten)]
    limits: LimitArgs,
    #[command(flatten)]
    explore: ExploreArgs,
    #[command(flatten)]
    reductions: ReductionArgs,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum ExplorerArg {
    /// Our own explorer.
    Own,
    /// Our own, and Stateright's after it: whatever they see differently is an internal error.
    Stateright,
}

/// Checks.
pub(super) fn run(args: &Args, context: &mut Context<'_>) -> Result<ExitCode, Problem> {
    let mut explore = args.explore.options(&args.limits);
    // The other engine counts plain states.
    if args.engine == ExplorerArg::Own {
        explore.reductions = args.reductions.reductions();
    }
    if let Some(plan) = &args.plan {
        let mut session = Session::begin(context, &args.output, &explore)?;
        if let Err(problem) = plan_check::run(plan, &args.options.options(), &mut session) {
            session.report(&problem);
        }
        return session.finish();
    }
    args.options.refuse()?;
    let Some(cases) = cases(args, context)? else { return Ok(ExitCode::Mistake) };
    let mut session = Session::begin(context, &args.output, &explore)?;
    for case in &cases {
        session.run(case)?;
        if args.engine == ExplorerArg::Stateright {
            session.second_opinion(case)?;
        }
    }
    session.finish()
}

/// What is to be checked; nothing, once all mistakes in it are reported.
fn cases(args: &Args, context: &mut Context<'_>) -> Result<Option<Vec<Case>>, Problem> {
    if args.scenarios.is_empty() {
        return Case::builtin(args.all).map(Some);
    }
    let cases = Case::all_named(&args.scenarios, context);
    match cases {
        Some(cases) if args.without_defect => {
            cases.iter().map(without_defect).collect::<Result<_, _>>().map(Some)
        }
        cases => Ok(cases),
    }
}

fn without_defect(case: &Case) -> Result<Case, Problem> {
    case.twin()?.ok_or_else(|| {
        let nothing = "nothing is broken in it on purpose: it has neither `defect` nor `[without]`";
        Problem::Refused(format!("{}: {nothing}", case.origin))
    })
}
