//! `import`: makes a scenario of a job plan.

use std::fs;
use std::path::PathBuf;

use super::context::Context;
use super::plan_args::{PlanOptions, read, scenario_file};
use super::problem::Problem;
use crate::exit_code::ExitCode;
use crate::plan::{ImportedPlan, JobType, to_scenario};
use crate::report::style::OPEN;
use crate::scenario_file::{ScenarioFile, Surroundings, parse};

/// Make a scenario of a job plan that Flink printed, to go on from.
///
/// What the plan does not say and was assumed stands in the comments at the top.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: failproof import plan.json --parallelism 2 -o scenario.toml")]
pub(super) struct Args {
    /// The plan: what `/jars/:jarid/plan`, `/jobs/:jobid/plan` or `getExecutionPlan()` returned.
    #[arg(value_name = "FILE")]
    plan: PathBuf,
    #[command(flatten)]
    options: PlanOptions,
    /// Write the scenario to FILE instead of stdout.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Imports.
pub(super) fn run(args: &Args, context: &mut Context<'_>) -> Result<ExitCode, Problem> {
    let options = args.options.options();
    let plan = read(&args.plan, &options)?;
    if plan.job_type == JobType::Streaming {
        return Err(Problem::Refused(streaming(&plan)));
    }
    let file = scenario_file(to_scenario(&plan, &options), options.preset);
    if let Some(mistake) = refusal(&file) {
        writeln!(
            context.err,
            "{OPEN}warning{OPEN:#}: `failproof check` will not take it as it is: {mistake}"
        )?;
    }
    let text = format!("{}{}", comments(&plan), file.text);
    match &args.output {
        None => context.out.write_all(text.as_bytes())?,
        Some(path) => fs::write(path, text).map_err(Problem::write(path))?,
    }
    Ok(ExitCode::AsExpected)
}

/// Why the scenario cannot be run as it is: the job may be larger than what the model holds.
fn refusal(file: &ScenarioFile) -> Option<String> {
    let parsed = parse("", &file.text, &Surroundings::real());
    parsed.and_then(|file| file.check_model("")).err().map(|mistaken| mistaken.message())
}

/// Why a streaming job is not checked.
pub(super) fn streaming(plan: &ImportedPlan) -> String {
    format!(
        "`{}` is a streaming job: it recovers from checkpoints, which are not modelled yet; valid is the plan of a \
         batch job",
        plan.name
    )
}

fn comments(plan: &ImportedPlan) -> String {
    let lines = plan.assumptions.iter().map(|assumption| format!("# {}\n", assumption.sentence));
    format!("# What the plan does not say and was assumed:\n{}\n", lines.collect::<String>())
}
