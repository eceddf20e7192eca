//! `sweep`: all small jobs, none picked.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use failproof_model::design::preset;

use super::case::Case;
use super::context::Context;
use super::explore_args::{LimitArgs, seconds, threads};
use super::format::{Format, json};
use super::problem::Problem;
use super::progress::ProgressDisplay;
use super::session;
use super::sweep_args::{BoundArgs, Shard};
use crate::exit_code::ExitCode;
use crate::page;
use crate::report::quantity::{count, time};
use crate::run::{Options, Reductions};
use crate::scenario_file::{Expectation, Tier, to_toml};
use crate::sweep::jobs::Job;
use crate::sweep::outcome::{Outcome, scenario};
use crate::sweep::policy::Policy;
use crate::sweep::render::render;
use crate::sweep::report::{Example, Report};
use crate::sweep::run::{Asked, SweepError};
use crate::sweep::{results, run as sweep_run};

/// Jobs that are explored to tell how long all of them take.
const SAMPLE: usize = 16;

/// Explore all jobs within bounds, none picked, and show where each restart policy is safe.
///
/// Each job, up to the numbering of its vertices, runs with one fault at any moment under each policy. A sweep that is
/// not finished says so and never passes; with `--results` it goes on where it was interrupted.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: failproof sweep --vertices 1,2")]
pub(super) struct Args {
    #[command(flatten)]
    bounds: BoundArgs,
    /// How the engine recovers [default: each].
    #[arg(long, value_name = "P", value_delimiter = ',', value_enum)]
    policies: Vec<Policy>,
    /// Only one of N equal parts of the jobs, such as 2/8.
    #[arg(long, value_name = "K/N")]
    shard: Option<Shard>,
    /// Keep what is found in FILE, and do not do again what is there already; the files of shards can be put together.
    #[arg(long, value_name = "FILE")]
    results: Option<PathBuf>,
    /// Begin no job after so many seconds.
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    budget: Option<Duration>,
    /// Jobs explored at the same time, 1 to 256.
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = threads())]
    threads: usize,
    /// Say how many jobs there are and how long they take, and stop there.
    #[arg(long)]
    estimate: bool,
    /// The format of the report.
    #[arg(long, value_enum, default_value_t = Format::Human, value_name = "FORMAT")]
    format: Format,
    /// Explore the smallest jobs that are unsafe once more, and write their shortest runs as traces to DIR.
    #[arg(long, value_name = "DIR")]
    traces: Option<PathBuf>,
    /// Write the report into a page that has a place for that of these bounds.
    #[arg(long, value_name = "FILE")]
    page: Option<PathBuf>,
    #[command(flatten)]
    limits: LimitArgs,
}

impl Args {
    /// The command that sweeps so; a page finds the place of a report by it.
    fn command(&self) -> String {
        let policies = self.policies.iter().map(Policy::to_string).collect::<Vec<_>>().join(",");
        let policies =
            if policies.is_empty() { policies } else { format!(" --policies {policies}") };
        format!("failproof sweep{}{policies}", self.bounds.flags())
    }
}

/// Sweeps.
pub(super) fn run(args: &Args, context: &mut Context<'_>) -> Result<ExitCode, Problem> {
    let all: Vec<Job> = args.bounds.bounds().jobs().collect();
    let in_all = all.len();
    let is_asked = |index: usize| args.shard.is_none_or(|shard| shard.has(index));
    let jobs = all.into_iter().enumerate().filter(|(index, _)| is_asked(*index));
    let jobs: Vec<Job> = jobs.map(|(_, job)| job).collect();
    let policies = match args.policies.as_slice() {
        [] => Policy::ALL.to_vec(),
        some => some.to_vec(),
    };
    let mut outcomes = earlier(args)?;
    let mut sweep = Sweep { args, context };
    let left = left(&jobs, &policies, &outcomes);
    let (sample, rest) = sample(left);
    let begun = Instant::now();
    let number = |jobs: usize| count(jobs as u64);
    sweep.tell(&format!(
        "{} jobs, {} of them left",
        number(jobs.len()),
        number(sample.len() + rest.len())
    ))?;
    outcomes.extend(sweep.explore(&sample, begun)?);
    let per_job = begun.elapsed().div_f64(sample.len().max(1) as f64);
    sweep.tell(&format!(
        "about {} for all that is left",
        time(per_job.mul_f64(rest.len() as f64))
    ))?;
    if !args.estimate {
        outcomes.extend(sweep.explore(&rest, begun)?);
    }
    let mut report = Report::of(&jobs, in_all, &policies, &outcomes);
    sweep.show_smallest(&jobs, &mut report)?;
    sweep.write(&report)?;
    Ok(match (context.is_interrupted(), report.complete) {
        (true, _) => ExitCode::Interrupted,
        (false, true) => ExitCode::AsExpected,
        (false, false) => ExitCode::Inconclusive,
    })
}

fn earlier(args: &Args) -> Result<Vec<Outcome>, Problem> {
    let Some(path) = args.results.as_ref().filter(|path| path.exists()) else {
        return Ok(Vec::new());
    };
    let text = fs::read_to_string(path).map_err(Problem::read(path))?;
    let refused = |error| Problem::Refused(format!("{}: {error}", path.display()));
    let outcomes = results::read(&text).map_err(refused)?;
    // What is added would else go on in the middle of the last line.
    let whole = results::whole(&text).len();
    if whole < text.len() {
        let file = OpenOptions::new().write(true).open(path);
        file.and_then(|file| file.set_len(whole as u64)).map_err(Problem::write(path))?;
    }
    Ok(outcomes)
}

/// The jobs of which some answer is not known, with the policies that are missing.
fn left(jobs: &[Job], policies: &[Policy], known: &[Outcome]) -> Vec<Asked> {
    let done: BTreeSet<(&str, Policy)> =
        known.iter().map(|it| (it.job.as_str(), it.policy)).collect();
    let left = jobs.iter().map(|job| {
        let is_left = |policy: &&Policy| !done.contains(&(job.id.as_str(), **policy));
        (job.clone(), policies.iter().filter(is_left).copied().collect::<Vec<_>>())
    });
    left.filter(|(_, policies)| !policies.is_empty()).collect()
}

/// A few of them, from everywhere, and the others.
fn sample(left: Vec<Asked>) -> (Vec<Asked>, Vec<Asked>) {
    let every = left.len().div_ceil(SAMPLE).max(1);
    let (sample, rest): (Vec<_>, Vec<_>) =
        left.into_iter().enumerate().partition(|(index, _)| index % every == every / 2);
    let without = |jobs: Vec<(usize, _)>| jobs.into_iter().map(|(_, job)| job).collect();
    (without(sample), without(rest))
}

struct Sweep<'a, 'c> {
    args: &'a Args,
    context: &'a mut Context<'c>,
}

impl Sweep<'_, '_> {
    fn tell(&mut self, text: &str) -> Result<(), Problem> {
        Ok(writeln!(self.context.err, "{text}")?)
    }

    fn explore(&mut self, jobs: &[Asked], begun: Instant) -> Result<Vec<Outcome>, Problem> {
        let args = self.args;
        let limits = args.limits.limits();
        let options = Options { limits, reductions: Reductions::ALL, ..Options::default() };
        let open = |path: &PathBuf| {
            let file = OpenOptions::new().create(true).append(true).open(path);
            file.map_err(Problem::write(path))
        };
        let mut file = args.results.as_ref().map(open).transpose()?;
        let is_over = || args.budget.is_some_and(|budget| begun.elapsed() >= budget);
        let mut found = Vec::new();
        if is_over() {
            return Ok(found);
        }
        let interrupted = self.context.interrupted;
        let mut display = ProgressDisplay::new(self.context.err, self.context.err_is_terminal);
        let mut done = 0;
        let swept = sweep_run::run(jobs, args.threads, &options, interrupted, |outcomes| {
            if let Some(file) = &mut file {
                file.write_all(results::lines(&outcomes)?.as_bytes())?;
            }
            found.extend(outcomes);
            done += 1;
            display.show_jobs(done, jobs.len(), begun.elapsed());
            Ok(!is_over())
        });
        swept.map_err(|error| match error {
            SweepError::Write(error) => Problem::from(error),
            other => Problem::Internal(other.to_string()),
        })?;
        Ok(found)
    }

    /// Explores the smallest unsafe jobs once more, without reductions, and notes their shortest runs.
    fn show_smallest(&mut self, jobs: &[Job], report: &mut Report) -> Result<(), Problem> {
        let Some(directory) = self.args.traces.clone() else { return Ok(()) };
        let wrong = ["outcome-is-transparent"].as_slice();
        let hangs = ["job-can-always-end", "no-state-is-stuck"].as_slice();
        for it in &mut report.policies {
            for (example, ids) in [(&mut it.smallest_wrong, wrong), (&mut it.smallest_hang, hangs)]
            {
                let Some(example) = example else { continue };
                let Some(job) = jobs.iter().find(|job| job.id == example.job) else { continue };
                *example = self.shortest_run(job, it.policy, ids, &directory)?;
            }
        }
        Ok(())
    }

    /// Explores a job again, and writes the shortest runs that violate one of the properties.
    fn shortest_run(
        &mut self,
        job: &Job,
        policy: Policy,
        ids: &[&str],
        directory: &Path,
    ) -> Result<Example, Problem> {
        let case = case(job, policy, ids[0])?;
        let limits = self.args.limits.limits();
        let mut found = session::explore(self.context, &case, &Options::from(limits))?;
        found.properties.retain(|property| ids.contains(&property.id.as_str()));
        let mut problems = session::write_traces(&case, &mut found, directory).into_iter();
        if let Some(problem) = problems.next() {
            return Err(problem);
        }
        let violated = found.properties.into_iter().filter(|property| property.steps.is_some());
        let shortest = violated.min_by_key(|property| property.steps);
        let (steps, trace) = shortest.map_or((None, None), |it| (it.steps, it.trace));
        Ok(Example { job: job.id.clone(), steps, trace })
    }

    fn write(&mut self, report: &Report) -> Result<(), Problem> {
        let args = self.args;
        let text = match args.format {
            Format::Json => json(report)?,
            Format::Human => render(report),
        };
        write!(self.context.out, "{text}")?;
        if let Some(path) = args.page.as_ref().filter(|_| report.complete) {
            let page = fs::read_to_string(path).map_err(Problem::read(path))?;
            let fresh = page::refresh(&page, &args.command(), render(report).trim_end());
            let fresh = fresh.map_err(|error| Problem::Refused(error.to_string()))?;
            fs::write(path, fresh).map_err(Problem::write(path))?;
        }
        Ok(())
    }
}

/// The scenario of a job under a policy, as a file of its own.
fn case(job: &Job, policy: Policy, kind: &str) -> Result<Case, Problem> {
    let mut scenario = scenario(job, policy);
    scenario.name = format!("{}-{kind}", scenario.name);
    let preset = preset("flink-2").ok_or_else(|| Problem::Internal("no flink-2".to_owned()))?;
    let text = to_toml(&scenario, preset, Tier::Quick, &Expectation::default());
    Case::of_text(&scenario.name, &text)
}
