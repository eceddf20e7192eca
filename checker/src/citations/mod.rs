//! Coverage a citation: of each section of the facts, the rules that implement it, and of each rule a built-in
//! scenario in which it is at work.

mod elsewhere;
mod page;

use failproof_model::action::{RULES, Rule};
use thiserror::Error;

use crate::explore::Control;
use crate::run::{Options, RunError, run};
use crate::scenario_file::{MistakenFile, ScenarioFile, Surroundings, Tier, builtin, parse};

pub use page::{COMMAND, render_markdown};

/// The page of facts.
const FACTS: &str = include_str!("../../docs/flink-failover.md");

/// A section of the facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Section {
    /// As it is cited: `3.4`.
    pub number: &'static str,
    /// Its heading.
    pub title: &'static str,
}

/// A rule, and where it is seen at work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// The rule.
    pub rule: &'static Rule,
    /// The smallest built-in scenario of the quick tier in which it fires, one in which nothing is broken on purpose if
    /// there is one; `None`: there is none.
    pub scenario: Option<String>,
}

/// Why coverage is not known.
#[derive(Debug, Error)]
pub enum CoverageError {
    /// A built-in scenario cannot be read.
    #[error(transparent)]
    Scenario(#[from] MistakenFile),
    /// A built-in scenario cannot be run.
    #[error("{scenario}: {source}")]
    Run {
        /// Its name.
        scenario: String,
        /// Why.
        source: RunError,
    },
}

/// The sections of the facts, in order: those that are divided are told by their parts.
pub fn sections() -> Vec<Section> {
    let heading = |line: &'static str| {
        let (number, title) =
            line.strip_prefix('#')?.trim_start_matches('#').trim().split_once(' ')?;
        let number = number.trim_end_matches('.');
        number.starts_with(|c: char| c.is_ascii_digit()).then_some(Section { number, title })
    };
    let all: Vec<Section> = FACTS.lines().filter_map(heading).collect();
    let divided =
        |it: &Section| all.iter().any(|part| part.number.starts_with(&format!("{}.", it.number)));
    all.iter().filter(|it| !divided(it)).copied().collect()
}

impl Section {
    /// The rules that say that they implement it.
    pub fn rules(&self) -> impl Iterator<Item = &'static Rule> {
        RULES.iter().filter(|rule| rule.sections.contains(&self.number))
    }

    /// What else of the project stands for it.
    pub fn elsewhere(&self) -> Option<&'static str> {
        let found = elsewhere::ELSEWHERE.iter().find(|(number, _)| *number == self.number);
        found.map(|(_, what)| *what)
    }
}

/// Explores built-in scenarios of the quick tier, the smallest first and those with a defect last, until each rule has
/// fired in one.
///
/// # Errors
/// A built-in scenario cannot be read, or cannot be run.
pub fn witnesses() -> Result<Vec<Witness>, CoverageError> {
    let mut found: Vec<Witness> =
        RULES.iter().map(|rule| Witness { rule, scenario: None }).collect();
    for ScenarioFile { scenario, .. } in sound_and_small_first()? {
        if found.iter().all(|witness| witness.scenario.is_some()) {
            break;
        }
        let result = run(&scenario, &Options::default(), Control::default())
            .map_err(|source| CoverageError::Run { scenario: scenario.name.clone(), source })?;
        for (witness, counted) in found.iter_mut().zip(&result.rules) {
            if counted.fired > 0 {
                witness.scenario.get_or_insert_with(|| scenario.name.clone());
            }
        }
    }
    Ok(found)
}

fn sound_and_small_first() -> Result<Vec<ScenarioFile>, MistakenFile> {
    let files = builtin().map(|(name, text)| parse(name, text, &Surroundings::real()));
    let mut files = files.collect::<Result<Vec<_>, _>>()?;
    files.retain(|file| file.tier == Tier::Quick);
    let size = |file: &ScenarioFile| file.expectation.states.unwrap_or(usize::MAX);
    files.sort_by_key(|file| (file.scenario.defect.is_some(), size(file)));
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_its_number_and_its_heading() {
        let found = sections();
        let restart = found.iter().find(|section| section.number == "3.4").unwrap();
        assert_eq!(restart.title, "From failure to restart");
        assert!(found.iter().any(|section| section.number == "12"), "it has no parts");
        assert!(found.iter().all(|section| section.number != "3"), "it has parts");
    }

    #[test]
    fn each_section_is_cited_by_a_rule_or_stands_for_something_else() {
        for section in sections() {
            let told = section.rules().next().is_some() || section.elsewhere().is_some();
            assert!(told, "no rule cites section {}, and nothing says why", section.number);
        }
    }

    #[test]
    fn what_stands_elsewhere_is_of_a_section_and_said_once() {
        let sections = sections();
        for (index, (number, what)) in elsewhere::ELSEWHERE.iter().enumerate() {
            assert!(sections.iter().any(|section| section.number == *number), "{number}");
            let before = &elsewhere::ELSEWHERE[..index];
            assert!(before.iter().all(|(other, _)| other != number), "{number} twice");
            assert!(what.len() > 15 && !what.contains('|') && !what.ends_with('.'), "{what}");
        }
    }
}
