//! The README says what the scenarios say: its headline table is made of their expectations, which the gate checks, and
//! findings tell the steps of counterexamples that are there.

use std::collections::BTreeSet;
use std::fmt::Write;

use failproof_checker::explore::Control;
use failproof_checker::run::{Options, run};
use failproof_checker::scenario_file::{
    ExpectedVerdict, ScenarioFile, Surroundings, builtin, parse,
};

const README: &str = include_str!("../../../README.md");

const FINDINGS: &str = include_str!("../../docs/findings.md");

const PARTITIONERS: [&str; 5] =
    ["rebalance", "shuffle", "custom-random", "custom-misdeclared", "range"];

const VARIANTS: [&str; 4] = ["", "-one-more-subtask", "-one-more-row", "-one-more-fault"];

fn scenario(name: &str) -> ScenarioFile {
    let (name, text) =
        builtin().find(|(builtin, _)| *builtin == name).unwrap_or_else(|| panic!("no {name}"));
    parse(name, text, &Surroundings::real()).unwrap()
}

fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|g| std::str::from_utf8(g).unwrap()).collect();
    groups.join(",")
}

/// `holds, 1,997`: what all named properties come out as, and in how many states.
fn cell(name: &str) -> String {
    let expectation = scenario(name).expectation;
    let holds = expectation.verdicts.iter().all(|(_, v)| *v == ExpectedVerdict::Holds);
    let verdict = if holds { "holds" } else { "**violated**" };
    format!("{verdict}, {}", grouped(expectation.states.unwrap()))
}

fn headline_table() -> String {
    let mut table = String::from(
        "| behind | partitions on | verdict, states | one more subtask | one more row | one more fault |\n\
         |---|---|---|---|---|---|\n",
    );
    for partitioner in PARTITIONERS {
        for (storage, place) in
            [("disk", "the TaskManager"), ("remote", "a remote shuffle service")]
        {
            let cells =
                VARIANTS.map(|variant| cell(&format!("headline-{partitioner}-{storage}{variant}")));
            let name = partitioner.to_uppercase().replace('-', "_");
            writeln!(table, "| {name} | {place} | {} |", cells.join(" | ")).unwrap();
        }
    }
    table
}

#[test]
fn the_headline_table_is_what_the_scenarios_expect() {
    let table = headline_table();
    assert!(README.contains(&table), "the README should contain\n\n{table}");
}

/// What pages say of findings, a part a finding: the rows of the README's second table, the sections of the other page.
fn findings() -> Vec<&'static str> {
    let rows = README.split_once("It does **not** hold for all jobs").unwrap().1;
    let rows = rows.split_once("The stories, and a rule").unwrap().0;
    let rows = rows.lines().filter(|line| line.starts_with("| ")).skip(1);
    rows.chain(FINDINGS.split("\n## ").skip(1)).collect()
}

/// The words in backquotes that have hyphens and nothing that scenarios have not in their names.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c);
    let words = text.split('`').skip(1).step_by(2);
    words.filter(move |word| word.contains('-') && word.chars().all(plain))
}

#[test]
fn every_scenario_that_a_page_names_exists() {
    let known: BTreeSet<&str> = builtin()
        .map(|(name, _)| name)
        .chain(failproof_properties::catalogue().iter().map(|about| about.id))
        .chain(failproof_model::design::PRESETS.iter().map(|preset| preset.name))
        .collect();
    let mut named = 0;
    for word in findings().into_iter().flat_map(quoted) {
        assert!(known.contains(word), "`{word}` is no scenario, property or preset");
        named += usize::from(builtin().any(|(name, _)| name == word));
    }
    assert!(named > 40, "{named} scenarios are named");
    for line in README.lines().filter(|line| line.starts_with("failproof check ")) {
        for word in line.split('#').next().unwrap().split_whitespace().skip(2) {
            let known = known.contains(word) || word.starts_with('-') || word.contains('.');
            assert!(known || word == "NAME", "`{line}`: what is {word}?");
        }
    }
}

/// The numbers before "step" or "steps", also the first of "17 and 20 steps".
fn steps_told(text: &str) -> Vec<usize> {
    let words: Vec<&str> = text.split([' ', '\n', '(']).filter(|word| !word.is_empty()).collect();
    let mut told = Vec::new();
    for (index, _) in words.iter().enumerate().filter(|(_, word)| word.starts_with("step")) {
        let mut before = words[..index].iter().rev();
        while let Some(number) = before.next().and_then(|word| word.parse().ok()) {
            told.push(number);
            if before.next() != Some(&"and") {
                break;
            }
        }
    }
    told
}

#[test]
fn steps_are_found_where_they_are_told() {
    assert_eq!(
        steps_told("(one fault, 16 steps), stuck after 17 and 20 steps: 3 states"),
        [16, 20, 17]
    );
    assert_eq!(steps_told("some steps\nand 2 steps; a step"), [2]);
}

#[test]
fn a_finding_tells_the_steps_of_its_counterexamples() {
    let mut told = 0;
    for finding in findings() {
        let mut found = BTreeSet::new();
        for name in quoted(finding).filter(|word| builtin().any(|(name, _)| name == *word)) {
            let result = run(&scenario(name).scenario, &Options::default(), Control::default());
            found.extend(result.unwrap().properties.iter().filter_map(|property| property.steps));
        }
        for steps in steps_told(finding) {
            assert!(
                found.contains(&steps),
                "{steps} steps; the scenarios have {found:?}: {finding}"
            );
            told += 1;
        }
    }
    assert!(told > 20, "{told} numbers of steps are told");
}
