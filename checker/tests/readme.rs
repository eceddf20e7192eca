//! The README says what the scenarios say: its headline table is made of their expectations, which the gate checks.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fmt::Write;

use failproof_checker::scenario_file::{
    ExpectedVerdict, ScenarioFile, Surroundings, builtin, parse,
};

const README: &str = include_str!("../../README.md");

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

#[test]
fn every_scenario_that_a_page_names_exists() {
    let pages = [README, include_str!("../docs/findings.md")];
    let names: Vec<&str> = builtin().map(|(name, _)| name).collect();
    let ids: Vec<&str> = failproof_properties::catalogue().iter().map(|a| a.id).collect();
    let presets: Vec<&str> =
        failproof_model::design::PRESETS.iter().map(|preset| preset.name).collect();
    for page in pages {
        for quoted in page.split("](scenario:").skip(1) {
            let name = quoted.split(')').next().unwrap();
            assert!(names.contains(&name), "{name} is no built-in scenario");
        }
        for line in page.lines().filter(|line| line.starts_with("failproof check ")) {
            for word in line.split('#').next().unwrap().split_whitespace().skip(2) {
                let known = word.starts_with('-') || word.contains('.') || word == "NAME";
                let known = known || names.contains(&word) || ids.contains(&word);
                assert!(known || presets.contains(&word), "`{line}`: what is {word}?");
            }
        }
    }
}
