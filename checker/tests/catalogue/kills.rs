//! The kill matrix: each defect is killed in its own scenario, the page says so, and a defect that is said to change
//! no step of a scenario makes no difference to what is found there.

use std::sync::atomic::AtomicBool;

use failproof_checker::defects::{Effect, HistoricDefect, Seeded};
use failproof_checker::explore::{Control, Limits};
use failproof_checker::mutate::{
    Asked, COMMAND, DEARER, Difference, Subject, Trial, Tried, differences, run, seeded,
};
use failproof_checker::run::result::{ScenarioResult, Verdict};
use failproof_checker::run::{Options, run as explore};
use failproof_checker::scenario_file::{Surroundings, builtin, parse};
use failproof_model::scenario::Scenario;

const PAGE: &str = include_str!("../../docs/kills.md");

/// Scenarios with no more states than that take a few seconds together, with all their defects.
const STATES_MAX: usize = 150;

fn tried(defects: Vec<(&'static HistoricDefect, Seeded)>, scenario: &str) -> Tried {
    let asked = Asked { defects, scenarios: vec![scenario], states: 200_000 };
    run(&asked, 1, &AtomicBool::new(false), |_| {}).unwrap()
}

fn killers(trials: &[Trial]) -> Vec<&str> {
    trials.iter().flat_map(Trial::killers).map(String::as_str).collect()
}

/// The lines of the page about what kills a defect: property, in how many scenarios, and the smallest.
fn on_the_page(defect: &str) -> Vec<Vec<&str>> {
    let table = PAGE.split_once("| defect | killed by |").map(|(_, rest)| rest);
    let lines = table.unwrap_or_default().lines().skip(2).take_while(|line| !line.is_empty());
    let cells =
        lines.map(|line| line.split('|').map(|cell| cell.trim().trim_matches('`')).collect());
    let of = cells.skip_while(|cells: &Vec<&str>| cells[1] != defect);
    of.enumerate()
        .take_while(|(index, cells)| *index == 0 || cells[1].is_empty())
        .map(|(_, cells)| cells)
        .collect()
}

#[test]
fn each_defect_is_killed_in_its_own_scenario_and_the_page_says_by_what() {
    for (defect, how) in seeded() {
        let tried = tried(vec![(defect, how)], how.scenario);
        let killers = killers(&tried.trials);
        let expected = match how.effect {
            Effect::Violates(property) => property,
            Effect::TaskReruns { .. } => DEARER,
        };
        assert!(killers.contains(&expected), "{}: {killers:?}", defect.id);
        let lines = on_the_page(defect.id);
        let states = tried.trials[0].states;
        for killer in killers {
            let line = lines.iter().find(|cells| cells[2] == killer);
            let line = line.unwrap_or_else(|| {
                panic!("`{COMMAND} checker/docs/kills.md`: {killer} kills {}", defect.id)
            });
            let smallest: usize = line[6].replace(',', "").parse().unwrap();
            assert!(smallest <= states, "{line:?}: {} has {states} states", how.scenario);
            if line[5] == how.scenario {
                assert_eq!(smallest, states, "{line:?}");
            }
        }
    }
}

#[test]
fn the_page_is_of_all_that_is_seeded_and_nothing_survives() {
    let told = format!(
        "{} defects in {} scenarios: {0} killed, 0 survive, 0 unknown, 0 change nothing here.",
        seeded().len(),
        builtin().count()
    );
    assert!(PAGE.contains(&told), "`{COMMAND} checker/docs/kills.md` writes the page anew: {told}");
    assert!(!PAGE.contains("Mistake: "), "a reason is missing, or not needed");
}

#[test]
fn what_changes_no_step_makes_no_difference() {
    let (mut same, mut other) = (0, 0);
    for (name, text) in builtin() {
        let file = parse(name, text, &Surroundings::real()).unwrap();
        if file.expectation.states.is_none_or(|states| states > STATES_MAX) {
            continue;
        }
        let subject = Subject::of(name, text, &seeded()).unwrap();
        let mutants: Vec<&Scenario> = subject.mutants.iter().map(|it| &it.scenario).collect();
        let found = differences(&subject.base, &mutants, Limits::default(), Control::default());
        let without = explored(&subject.base);
        for (mutant, difference) in subject.mutants.iter().zip(found.unwrap().differences) {
            if difference != Difference::None {
                other += 1;
                continue;
            }
            same += 1;
            let with = explored(&mutant.scenario);
            assert_eq!(found_of(&with), found_of(&without), "{} in {name}", mutant.defect.id);
        }
    }
    assert!(same > 500 && other > 100, "{same} and {other} in small scenarios");
}

fn explored(scenario: &Scenario) -> ScenarioResult {
    explore(scenario, &Options::default(), Control::default()).unwrap()
}

/// Everything that could be another one.
fn found_of(result: &ScenarioResult) -> (usize, usize, usize, Option<u64>, Vec<Verdict>) {
    let &ScenarioResult { states, generated, depth, task_reruns_max, .. } = result;
    let verdicts = result.properties.iter().map(|property| property.verdict).collect();
    (states, generated, depth, task_reruns_max, verdicts)
}

#[test]
fn what_is_violated_anyway_kills_nothing() {
    let defects = seeded().into_iter().filter(|(defect, _)| defect.id == "commit-twice").collect();
    let trials = tried(defects, "never-behind-rebalance").trials;
    let killers = killers(&trials);
    assert!(killers.contains(&"committed-output-never-changes"), "{killers:?}");
    assert!(
        !killers.contains(&"outcome-is-transparent"),
        "violated without the defect: {killers:?}"
    );
}

#[test]
fn what_is_cut_off_is_unfinished_with_the_defect_and_without() {
    // There are 16 states without the defect and 35 with it.
    for (states, end) in [(10, "Unfinished"), (20, "Unfinished"), (40, "Killed")] {
        let mut defects = seeded();
        defects.retain(|(defect, _)| defect.id == "slots-in-any-order");
        let asked = Asked { defects, scenarios: vec!["defect-slots-in-any-order"], states };
        let tried = run(&asked, 1, &AtomicBool::new(false), |_| {}).unwrap();
        let ends: Vec<_> = tried.trials.iter().map(|trial| format!("{:?}", trial.end)).collect();
        assert!(ends.len() == 1 && ends[0].starts_with(end), "{ends:?} within {states} states");
    }
}
