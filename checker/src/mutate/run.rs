//! Exploring scenarios with a defect and without, several scenarios at a time.

use std::cmp::Reverse;
use std::sync::atomic::{AtomicBool, Ordering};

use failproof_model::scenario::Scenario;
use thiserror::Error;

use super::differs::{Difference, differences};
use super::subject::{Mutant, Subject, SubjectError};
use crate::defects::{Effect, HistoricDefect, Reach, Seeded, defects};
use crate::explore::{Control, Limits};
use crate::parallel::each;
use crate::run::result::{ScenarioResult, Verdict};
use crate::run::{Options, Reductions, RunError, run as explore};
use crate::scenario_file::{Surroundings, builtin, parse};

/// What notices a defect of which it is known that nothing goes wrong with it: more task runs beyond the first of each
/// task, in the worst run.
pub const DEARER: &str = "task reruns";

/// What is to be tried.
pub struct Asked<'a> {
    /// Entries of the catalogue.
    pub defects: Vec<(&'static HistoricDefect, Seeded)>,
    /// Names of built-in scenarios.
    pub scenarios: Vec<&'a str>,
    /// No exploration goes beyond so many distinct states.
    pub states: usize,
}

/// A defect in a scenario, explored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trial {
    /// The name of the defect in the catalogue.
    pub defect: &'static str,
    /// The built-in scenario, without whatever is broken in it on purpose.
    pub scenario: String,
    /// What the defect changes there.
    pub difference: Difference,
    /// Distinct states with the defect.
    pub states: usize,
    /// What came of it.
    pub end: End,
}

/// What comes of a defect in a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// These properties are violated with it and not without; or [`DEARER`].
    Killed(Vec<String>),
    /// No property sees a difference.
    Survived,
    /// Not all was seen, with it or without: nothing is said.
    Unfinished,
}

/// What came of some defects in some scenarios.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tried {
    /// Scenarios that are through.
    pub scenarios: usize,
    /// Defects that make a difference there, in the order of scenarios.
    pub trials: Vec<Trial>,
    /// Scenarios with a defect that are state by state what they are without.
    pub same: usize,
    /// Explorations.
    pub runs: usize,
    /// Their distinct states.
    pub states: usize,
}

/// Why it is not known what notices the defects.
#[derive(Debug, Error)]
pub enum MutateError {
    /// A built-in scenario or a seed cannot be read.
    #[error(transparent)]
    Subject(#[from] SubjectError),
    /// A scenario cannot be run.
    #[error("{scenario}: {source}")]
    Run {
        /// Its name.
        scenario: String,
        /// Why.
        source: RunError,
    },
}

/// The entries of the catalogue that are seeded, in its order.
pub fn seeded() -> Vec<(&'static HistoricDefect, Seeded)> {
    let seeded = |defect: &'static HistoricDefect| match defect.reach {
        Reach::Seeded(seeded) => Some((defect, seeded)),
        Reach::Open { .. } | Reach::OutOfReach { .. } => None,
    };
    defects().filter_map(seeded).collect()
}

impl Asked<'_> {
    /// Whether these are all defects that are seeded, in all built-in scenarios.
    pub fn is_whole(&self) -> bool {
        self.defects.len() == seeded().len() && self.is_everywhere()
    }

    /// Whether these are all built-in scenarios.
    pub fn is_everywhere(&self) -> bool {
        self.scenarios.len() == builtin().count()
    }
}

/// Tries defects in scenarios on `threads` threads, each scenario on one of them. `done` hears how many scenarios are
/// through. Once `interrupted`, those that were not seen to the end are left out.
///
/// # Errors
/// A built-in scenario cannot be read or run, which would be a mistake in it.
pub fn run(
    asked: &Asked<'_>,
    threads: usize,
    interrupted: &AtomicBool,
    mut done: impl FnMut(usize),
) -> Result<Tried, MutateError> {
    let texts = large_first(&asked.scenarios)?;
    let stopped = || interrupted.load(Ordering::Relaxed);
    let work = |(_, name, text): &(usize, &str, &str)| match stopped() {
        true => Ok(Tried::default()),
        false => try_all(&Subject::of(name, text, &asked.defects)?, asked.states, interrupted),
    };
    let mut found: Vec<(&str, Tried)> = Vec::new();
    let mut failed = None;
    each(&texts, threads, work, |index, tried| {
        match tried {
            _ if stopped() => return false,
            Ok(tried) => found.push((texts[index].1, tried)),
            Err(error) => failed = Some(error),
        }
        done(found.len());
        failed.is_none()
    });
    // Scenarios are sorted by name.
    found.sort_by_key(|(name, _)| *name);
    let sum = || found.into_iter().fold(Tried::default(), |all, (_, tried)| all.with(tried));
    failed.map_or_else(|| Ok(sum()), Err)
}

/// The built-in scenarios of those names, each with the states that it is expected to have: the largest first, so that
/// no thread is left alone with one at the end.
fn large_first<'a>(names: &[&str]) -> Result<Vec<(usize, &'a str, &'a str)>, SubjectError> {
    let mut texts = Vec::new();
    for (name, text) in builtin().filter(|(name, _)| names.contains(name)) {
        let file = parse(name, text, &Surroundings::real())?;
        texts.push((file.expectation.states.unwrap_or(usize::MAX), name, text));
    }
    texts.sort_by_key(|(states, ..)| Reverse(*states));
    Ok(texts)
}

impl Tried {
    fn with(mut self, other: Tried) -> Tried {
        self.scenarios += other.scenarios;
        self.trials.extend(other.trials);
        self.same += other.same;
        self.runs += other.runs;
        self.states += other.states;
        self
    }

    /// Counts an exploration.
    fn count(&mut self, states: usize) {
        self.runs += 1;
        self.states += states;
    }
}

impl Trial {
    /// What kills the defect, if anything does.
    pub fn killers(&self) -> &[String] {
        match &self.end {
            End::Killed(by) => by,
            End::Survived | End::Unfinished => &[],
        }
    }
}

/// Tries in one scenario all the defects that it takes.
fn try_all(
    subject: &Subject,
    states: usize,
    interrupted: &AtomicBool,
) -> Result<Tried, MutateError> {
    let mut tried = Tried { scenarios: 1, ..Tried::default() };
    if subject.mutants.is_empty() {
        return Ok(tried);
    }
    let failed = |source| MutateError::Run { scenario: subject.name.clone(), source };
    let limits = Limits { states: Some(states), ..Limits::default() };
    let control = || Control { interrupted: Some(interrupted), progress: None };
    let scenarios: Vec<&Scenario> = subject.mutants.iter().map(|it| &it.scenario).collect();
    let found = differences(&subject.base, &scenarios, limits, control()).map_err(failed)?;
    tried.count(found.states);
    let differing = subject.mutants.iter().zip(found.differences);
    let differing: Vec<_> = differing.filter(|(_, it)| *it != Difference::None).collect();
    tried.same = subject.mutants.len() - differing.len();
    if differing.is_empty() {
        return Ok(tried);
    }
    // The only reduction with which all is decided, and known what runs cost, in one go.
    let reductions = Reductions { view: true, ..Reductions::NONE };
    let options = Options { limits, reductions, ..Options::default() };
    let without = explore(&subject.base, &options, control()).map_err(failed)?;
    tried.count(without.states);
    for (mutant, difference) in differing {
        let (defect, scenario) = (mutant.defect.id, subject.name.clone());
        let mut trial = Trial { defect, scenario, difference, states: 0, end: End::Unfinished };
        if without.complete {
            let with = explore(&mutant.scenario, &options, control()).map_err(failed)?;
            tried.count(with.states);
            (trial.states, trial.end) = (with.states, end(mutant, &without, &with));
        }
        tried.trials.push(trial);
    }
    Ok(tried)
}

/// What came of a defect in a scenario, all of which was seen without it.
fn end(mutant: &Mutant, without: &ScenarioResult, with: &ScenarioResult) -> End {
    if !with.complete {
        return End::Unfinished;
    }
    let is_violated = |verdict| verdict == Verdict::Violated;
    let pairs = without.properties.iter().zip(&with.properties);
    let kills =
        pairs.filter(|(before, after)| !is_violated(before.verdict) && is_violated(after.verdict));
    let mut killers: Vec<String> = kills.map(|(_, after)| after.id.clone()).collect();
    let measured = matches!(mutant.seeded.effect, Effect::TaskReruns { .. });
    if measured && with.task_reruns_max > without.task_reruns_max {
        killers.push(DEARER.to_owned());
    }
    if killers.is_empty() { End::Survived } else { End::Killed(killers) }
}
