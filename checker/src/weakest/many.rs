//! Many jobs at once: what each costs at least, and what each strategy restarts beyond that.

use std::fmt::Write;
use std::sync::atomic::AtomicBool;

use failproof_model::scenario::Scenario;
use serde::Serialize;

use super::compare::{Distance, OfStrategy, Price, compare, price};
use super::{WeakestError, weakest};
use crate::parallel::each;
use crate::report::quantity::count;
use crate::run::Options;
use crate::sweep::jobs::Bounds;
use crate::sweep::outcome;
use crate::sweep::policy::Policy;

/// Jobs that are named where many restart too many tasks.
const NAMED: usize = 20;

/// What was found of a job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OfJob {
    /// What it is called.
    pub job: String,
    /// What it costs at least.
    pub price: Price,
    /// What each strategy restarts.
    pub strategies: Vec<OfStrategy>,
}

/// What was found of many jobs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// In the order in which they were asked for.
    pub jobs: Vec<OfJob>,
    /// Those of which nothing is said, and why.
    pub unknown: Vec<(String, String)>,
}

/// The jobs of a sweep that are small enough, with their names.
pub fn jobs_within(bounds: &Bounds) -> Vec<(String, Scenario)> {
    let small = bounds.jobs().filter(|job| job.graph.execution_vertices() <= super::TASKS_MAX);
    small.map(|job| (job.id.clone(), outcome::scenario(&job, Policy::Affected))).collect()
}

/// Finds the weakest sets of many jobs, on `threads` threads. A job of which not everything could be seen is unknown;
/// so are those that were not begun when `interrupted` was set. `progress` is told how many are done.
///
/// # Errors
/// That of the first job that is refused.
pub fn summarize(
    jobs: &[(String, Scenario)],
    options: &Options,
    threads: usize,
    interrupted: &AtomicBool,
    mut progress: impl FnMut(usize),
) -> Result<Summary, WeakestError> {
    let work = |(_, scenario): &(String, Scenario)| {
        let found = weakest(scenario, options, Some(interrupted))?;
        Ok((price(&found), compare(&found)))
    };
    type OfOne = Result<(Price, Vec<OfStrategy>), WeakestError>;
    let mut found: Vec<Option<OfOne>> = Vec::new();
    found.resize_with(jobs.len(), || None);
    let mut done = 0;
    each(jobs, threads, work, |place, of_job| {
        found[place] = Some(of_job);
        done += 1;
        progress(done);
        true
    });
    let mut summary = Summary::default();
    for ((job, _), found) in jobs.iter().zip(found) {
        match found {
            Some(Ok((price, strategies))) => {
                summary.jobs.push(OfJob { job: job.clone(), price, strategies });
            }
            Some(Err(WeakestError::Stopped { stopped, .. })) => {
                summary.unknown.push((job.clone(), stopped.to_string()));
            }
            Some(Err(error)) => return Err(error),
            None => summary.unknown.push((job.clone(), "not begun".to_owned())),
        }
    }
    Ok(summary)
}

impl Summary {
    /// Whether something is said of every job.
    pub fn is_complete(&self) -> bool {
        self.unknown.is_empty()
    }

    fn price(&self) -> Price {
        self.jobs.iter().fold(Price::default(), |all, job| all.plus(job.price))
    }

    /// All strategies over all jobs, each with the number of jobs in which it restarts too many by the books.
    fn strategies(&self) -> Vec<(OfStrategy, usize)> {
        let mut all: Vec<(OfStrategy, usize)> = Vec::new();
        for job in &self.jobs {
            all.resize_with(job.strategies.len(), Default::default);
            for ((sum, jobs), it) in all.iter_mut().zip(&job.strategies) {
                *jobs += usize::from(it.by_books.too_many > 0);
                sum.add(it);
            }
        }
        all
    }
}

/// The summary, in Markdown.
pub fn render(summary: &Summary) -> String {
    let Price { questions, tasks, tasks_by_books, .. } = summary.price();
    let number = |n: usize| count(n as u64);
    let mut text = format!(
        "{} jobs, {} questions. At least {} tasks restart where the state is known, {} where the books are: not \
         knowing costs {}.\n",
        number(summary.jobs.len()),
        number(questions),
        number(tasks),
        number(tasks_by_books),
        number(tasks_by_books - tasks),
    );
    unanswered(&mut text, summary);
    table(&mut text, summary);
    named(&mut text, summary);
    text
}

fn unanswered(text: &mut String, summary: &Summary) {
    let Price { without_answer, without_answer_by_books, .. } = summary.price();
    if without_answer + without_answer_by_books > 0 {
        let _ = writeln!(
            text,
            "Not counted: {} questions to which no set is enough, and {} to which none is in all states with the same \
             books.",
            count(without_answer as u64),
            count(without_answer_by_books as u64)
        );
    }
    for (job, why) in &summary.unknown {
        let _ = writeln!(text, "Nothing is said of `{job}`: {why}.");
    }
}

fn table(text: &mut String, summary: &Summary) {
    text.push_str(
        "\n| strategy | tasks | weakest by state | too many | tasks too many | too few | weakest by the books | too \
         many | tasks too many | jobs with too many | too few |\n|---|",
    );
    text.push_str(&"---:|".repeat(10));
    for (it, jobs) in summary.strategies() {
        let (state, books) = (it.by_state, it.by_books);
        let numbers = [
            it.tasks,
            state.weakest,
            state.too_many,
            state.tasks_too_many,
            state.not_enough,
            books.weakest,
            books.too_many,
            books.tasks_too_many,
            jobs,
            books.not_enough,
        ];
        let numbers = numbers.map(|n| count(n as u64));
        let _ = write!(text, "\n| {} | {} |", it.strategy, numbers.join(" | "));
    }
    text.push('\n');
}

/// The jobs in which Flink restarts more than the books ask for: those with most first.
fn named(text: &mut String, summary: &Summary) {
    let flink = Policy::Always.to_string();
    let of_flink = |job: &OfJob| {
        let it = job.strategies.iter().find(|it| it.strategy == flink);
        it.map_or(Distance::default(), |it| it.by_books)
    };
    let mut jobs: Vec<(&OfJob, Distance)> =
        summary.jobs.iter().map(|it| (it, of_flink(it))).collect();
    jobs.retain(|(_, flink)| flink.too_many > 0);
    jobs.sort_by_key(|(job, flink)| (std::cmp::Reverse(flink.tasks_too_many), job.job.clone()));
    if jobs.is_empty() {
        let _ = writeln!(text, "\n`{flink}` never restarts more than the books ask for.");
        return;
    }
    let _ = write!(
        text,
        "\n`{flink}` restarts more than the books ask for in {} jobs:\n\n| job | questions | of these with too many | \
         tasks too many |\n|---|---:|---:|---:|",
        count(jobs.len() as u64)
    );
    for (job, flink) in jobs.iter().take(NAMED) {
        let numbers = [job.price.questions, flink.too_many, flink.tasks_too_many];
        let numbers = numbers.map(|n| count(n as u64));
        let _ = write!(text, "\n| {} | {} |", job.job, numbers.join(" | "));
    }
    text.push('\n');
    if jobs.len() > NAMED {
        let _ = writeln!(text, "\nand {} more.", count((jobs.len() - NAMED) as u64));
    }
}
