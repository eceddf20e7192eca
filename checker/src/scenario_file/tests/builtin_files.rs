//! What is true of the scenarios that come with the binary.

use std::collections::BTreeSet;
use std::fs;

use super::read;
use crate::scenario_file::{ScenarioFileError, Surroundings, builtin, parse};

#[test]
fn every_file_is_a_scenario_of_its_name() {
    for (name, text) in builtin() {
        let file = parse(name, text, &Surroundings::real());
        let file =
            file.unwrap_or_else(|error| panic!("{}", ScenarioFileError::from(error).render(false)));
        assert_eq!(file.scenario.name, name);
        assert!(!file.expectation.verdicts.is_empty(), "{name} is about no property");
    }
}

#[test]
fn names_are_sorted_and_unique() {
    let names: Vec<_> = builtin().map(|(name, _)| name).collect();
    assert!(names.is_sorted_by(|one, next| one < next), "{names:?}");
}

#[test]
fn every_file_of_the_directory_is_embedded() {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/src/scenarios");
    let files: BTreeSet<_> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let embedded: BTreeSet<_> = builtin().map(|(name, _)| format!("{name}.toml")).collect();
    assert_eq!(files, embedded);
}

#[test]
fn no_two_are_the_same_but_for_their_names() {
    let mut seen = Vec::new();
    for (name, text) in builtin() {
        let mut scenario = read(text).scenario;
        scenario.name.clear();
        scenario.story.clear();
        assert!(!seen.contains(&scenario), "{name} is another one under a new name");
        seen.push(scenario);
    }
}
