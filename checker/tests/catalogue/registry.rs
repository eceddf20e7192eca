//! Every property earns its place: it says what it claims and where that comes from, some scenario reaches its
//! witness, some scenario violates it, and a committed trace shows how. So does every defect of the catalogue: it is
//! shown both ways, or says why not.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use failproof_checker::defects::{Effect, Group, Reach, Seed, Seeded, States, defects};
use failproof_checker::explore::Control;
use failproof_checker::replay::{End, replay};
use failproof_checker::run::result::Verdict;
use failproof_checker::run::{Options, run};
use failproof_checker::scenario_file::{
    ExpectedVerdict, ScenarioFile, Surroundings, builtin, parse,
};
use failproof_model::action::{RULES, Rule};
use failproof_model::scenario::{Defect, Scenario};
use failproof_properties::catalogue;
use failproof_traces::{Kind, Trace};
use toml_edit::DocumentMut;

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

/// The tickets of Flink that are looked at, group by group; a defect that was split into several is named by all.
const TICKETS: &[(Group, &[u32])] = &[
    (Group::Scheduling, &[17330, 16430, 17019, 10945, 21707, 14331, 20694, 14362, 30188]),
    (
        Group::Partitions,
        &[21788, 29056, 14439, 13055, 28701, 29034, 29975, 29238, 30392, 13249, 13371],
    ),
    (Group::Attempts, &[14859, 9788, 7216, 20626, 22276, 13452, 34206, 22574, 34518, 19142]),
    (Group::TaskManagers, &[12863, 12865, 12260, 19237, 25849, 21859, 21874, 14589, 34526]),
    (
        Group::Leadership,
        &[
            10255, 10011, 9706, 11400, 11537, 21928, 23946, 30596, 7783, 14316, 16836, 20047,
            18677, 19557, 20008, 25847, 29234, 32311, 36451, 27848, 34007,
        ],
    ),
    (
        Group::Coordinators,
        &[
            20396, 20413, 20222, 20290, 17702, 16986, 21996, 28606, 13256, 26783, 35522, 28585,
            28134, 30213, 37576, 36850, 37082,
        ],
    ),
];
/// Those of other engines; one may be the defect of Flink under another name.
const OF_OTHER_ENGINES: [&str; 3] = ["Comet #5449", "Ballista #2027", "MAPREDUCE-4819"];

/// So that both ways are explored whenever the gate runs.
const STATES_MAX: usize = 100_000;

#[test]
fn every_ticket_is_in_the_catalogue_of_defects_once() {
    let flink = |group: Group| {
        let entries = group.entries().iter().flat_map(|defect| defect.tickets).copied();
        entries.filter(|ticket| !OF_OTHER_ENGINES.contains(ticket)).collect::<Vec<_>>()
    };
    for &(group, numbers) in TICKETS {
        let mut expected: Vec<String> = numbers.iter().map(|n| format!("FLINK-{n}")).collect();
        let mut found = flink(group);
        expected.sort();
        found.sort_unstable();
        assert_eq!(found, expected, "{}", group.title());
    }
    for group in [Group::OtherEngines, Group::OwnSeeds] {
        assert_eq!(flink(group), [""; 0], "{}", group.title());
    }
    for ticket in OF_OTHER_ENGINES {
        let named = defects().flat_map(|defect| defect.tickets).filter(|it| **it == ticket);
        assert_eq!(named.count(), 1, "{ticket}");
    }
}

#[test]
fn every_knob_that_breaks_a_rule_is_in_the_catalogue_once() {
    for defect in Defect::ALL {
        let seeds = seeded().filter(|(_, how)| how.seed == Seed::Defect(defect));
        assert_eq!(seeds.count(), 1, "the catalogue says once what shows {defect:?}");
    }
}

#[test]
fn every_entry_of_the_catalogue_says_what_it_is_about() {
    let mut ids = BTreeSet::new();
    for defect in defects() {
        let kebab = |c: char| c.is_ascii_lowercase() || c == '-';
        assert!(defect.id.chars().all(kebab), "{} is not in kebab case", defect.id);
        assert!(ids.insert(defect.id), "two entries are called {}", defect.id);
        // Each is a part of a sentence, and stands in a table.
        let says = |text: &str, more_than: usize| {
            let whole = !text.ends_with('.') && !text.contains("  ") && !text.contains('|');
            assert!(whole && text.len() > more_than, "{}: {text}", defect.id);
        };
        says(defect.happened, 20);
        match defect.reach {
            // Its id is the name of its knob: one that is made and not said to be is found here.
            Reach::Seeded(Seeded { seed: Seed::Defect(_), .. }) => {
                assert!(is_name_of_a_knob(defect.id), "{} is no `defect`", defect.id);
            }
            Reach::Seeded(Seeded { seed: Seed::Design(_), .. }) => {}
            Reach::Open { needs } => {
                says(needs, 10);
                assert!(!is_name_of_a_knob(defect.id), "{} can be seeded", defect.id);
            }
            Reach::OutOfReach { reason } => {
                says(reason, 20);
                assert!(!is_name_of_a_knob(defect.id), "{} is in reach", defect.id);
            }
        }
    }
}

#[test]
fn every_seeded_defect_is_shown_both_ways() {
    let (scenarios, corpus) = (scenarios(), corpus());
    for (id, how) in seeded() {
        let file = scenarios.iter().find(|file| file.scenario.name == how.scenario);
        let file = file.unwrap_or_else(|| panic!("{id}: there is no scenario {}", how.scenario));
        let twin = file.twin.as_ref().unwrap_or_else(|| panic!("{id}: nothing is broken"));
        assert_is_seeded(id, how.seed, file);
        let States { with, without } = how.states().unwrap();
        for states in [with, without] {
            let pinned = states.unwrap_or_else(|| panic!("{id}: counts are not pinned both ways"));
            assert!(pinned <= STATES_MAX, "{id}: {pinned} states");
        }
        let property = match how.effect {
            Effect::Violates(property) => property,
            Effect::TaskReruns { with, without } => {
                assert_is_only_dearer(id, [(file, with), (twin, without)]);
                continue;
            }
        };
        let verdicts = [file, &**twin].map(|file| file.expectation.verdict(property));
        let expected = [ExpectedVerdict::Violated, ExpectedVerdict::Holds].map(Some);
        assert_eq!(verdicts, expected, "{id}: {property}");
        let shown = corpus.iter().any(|(_, trace)| {
            let recorded = parse("trace", &trace.scenario, &Surroundings::real()).unwrap();
            trace.kind == Kind::Violation
                && trace.property.as_deref() == Some(property)
                && recorded.scenario.name == how.scenario
        });
        assert!(shown, "{id}: traces/corpus shows no {property} of {}", how.scenario);
    }
}

/// Whether nothing is violated either way, no restart more is counted, and only task runs beyond the first differ.
fn assert_is_only_dearer(id: &str, ways: [(&ScenarioFile, u64); 2]) {
    assert!(ways[0].1 > ways[1].1, "{id} costs no more than what is sound");
    let restarts = ways.map(|(file, task_reruns)| {
        let found = run(&file.scenario, &Options::default(), Control::default()).unwrap();
        let name = &file.scenario.name;
        assert!(found.complete, "{id}: {name}");
        assert_eq!(found.task_reruns_max, Some(task_reruns), "{id}: {name}");
        let violated = found.properties.iter().find(|it| it.verdict == Verdict::Violated);
        assert_eq!(violated.map(|it| &it.id), None, "{id}: {name}");
        found.restarts_max
    });
    assert_eq!(restarts[0], restarts[1], "{id}");
}

fn seeded() -> impl Iterator<Item = (&'static str, Seeded)> {
    defects().filter_map(|defect| match defect.reach {
        Reach::Seeded(how) => Some((defect.id, how)),
        Reach::Open { .. } | Reach::OutOfReach { .. } => None,
    })
}

fn is_name_of_a_knob(id: &str) -> bool {
    serde_json::from_value::<Defect>(id.into()).is_ok()
}

/// Whether the seed is what tells a scenario from its twin, and all that does.
fn assert_is_seeded(id: &str, seed: Seed, file: &ScenarioFile) {
    let twin = file.twin.as_ref().unwrap();
    match seed {
        Seed::Defect(defect) => {
            assert_eq!(file.scenario.defect, Some(defect), "{id}");
            assert_eq!(file.scenario.design, twin.scenario.design, "{id}");
        }
        Seed::Design(setting) => {
            assert_eq!(file.scenario.defect, None, "{id}");
            let seed: DocumentMut = setting.parse().unwrap();
            let mut text: DocumentMut = twin.text.parse().unwrap();
            for (knob, broken) in seed.iter() {
                text["design"][knob] = broken.clone();
            }
            let broken = parse(id, &text.to_string(), &Surroundings::real()).unwrap();
            assert_eq!(broken.scenario.design, file.scenario.design, "{id}: {setting}");
        }
    }
}
