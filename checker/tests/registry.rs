//! Every property earns its place: it says what it claims and where that comes from, some scenario reaches its
//! witness, some scenario violates it, and a committed trace shows how.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use failproof_checker::replay::{End, replay};
use failproof_checker::scenario_file::{
    ExpectedVerdict, ScenarioFile, Surroundings, builtin, parse,
};
use failproof_model::action::{RULES, Rule};
use failproof_model::scenario::Scenario;
use failproof_properties::catalogue;
use failproof_traces::{Kind, Trace};

fn scenarios() -> Vec<ScenarioFile> {
    builtin().map(|(name, text)| parse(name, text, &Surroundings::real()).unwrap()).collect()
}

fn corpus() -> Vec<(String, Trace)> {
    let directory = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../traces/corpus");
    let mut traces: Vec<(String, Trace)> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            let trace = Trace::read(&fs::read_to_string(&path).unwrap());
            (path.display().to_string(), trace.unwrap_or_else(|error| panic!("{path:?}: {error}")))
        })
        .collect();
    traces.sort_by(|(one, _), (other, _)| one.cmp(other));
    traces
}

#[test]
fn every_property_is_explained() {
    for about in catalogue() {
        let words = [about.statement, about.source, about.trigger, about.breaks];
        assert!(words.iter().all(|text| text.len() > 10), "{}: {words:?}", about.id);
        let kebab = |c: char| c.is_ascii_lowercase() || c == '-';
        assert!(about.id.chars().all(kebab), "{} is not in kebab case", about.id);
    }
}

#[test]
fn every_rule_is_explained_in_a_sentence_of_its_own() {
    let statements: BTreeSet<&str> = RULES.iter().map(|rule| rule.statement).collect();
    assert_eq!(statements.len(), RULES.len(), "two rules have one statement");
    for Rule { id, statement, .. } in RULES {
        let sentence = statement.starts_with(char::is_uppercase) && statement.ends_with('.');
        assert!(sentence && statement.len() > 30, "{id}: {statement}");
        assert!(!statement.contains("  "), "{id}: {statement}");
    }
}

#[test]
fn every_property_holds_somewhere_and_is_violated_somewhere() {
    let scenarios = scenarios();
    for about in catalogue() {
        for verdict in [ExpectedVerdict::Holds, ExpectedVerdict::Violated] {
            let named = scenarios.iter().any(|s| s.expectation.verdict(about.id) == Some(verdict));
            assert!(named, "no built-in scenario expects {} to be `{verdict}`", about.id);
        }
    }
}

#[test]
fn every_property_has_a_committed_counterexample() {
    let corpus = corpus();
    for about in catalogue() {
        let shown = corpus.iter().any(|(_, trace)| {
            trace.kind == Kind::Violation && trace.property.as_deref() == Some(about.id)
        });
        assert!(shown, "traces/corpus has no counterexample to {}", about.id);
    }
}

#[test]
fn every_committed_trace_replays_and_is_of_a_built_in_scenario() {
    let scenarios = scenarios();
    for (path, trace) in corpus() {
        let file = parse(&path, &trace.scenario, &Surroundings::real()).unwrap();
        let current = scenarios.iter().find(|s| s.scenario.name == file.scenario.name);
        // A prefix that was written as a trace is its steps.
        let prefix = match (trace.kind, &trace.property) {
            (Kind::Witness, None) => trace.steps.iter().map(|step| step.action.clone()).collect(),
            _ => file.scenario.prefix.clone(),
        };
        let recorded = Scenario { prefix, ..file.scenario.clone() };
        assert_eq!(current.map(|s| &s.scenario), Some(&recorded), "{path} is of an older scenario");
        let replayed = replay(&file.scenario, &trace).unwrap();
        assert!(matches!(replayed.end, End::Confirmed), "{path}: {:?}", replayed.end);
    }
}
