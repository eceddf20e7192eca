//! Violations with less in them.

use serde_json::Value;

use crate::sandbox::{MINE, Sandbox};

/// More faults and rows than the violation needs.
fn large() -> String {
    let more = MINE.replace("rows = 1", "rows = 2");
    more.replace("total = 1", "total = 2") + "task-throws = 1\n"
}

#[test]
fn a_violation_keeps_what_it_needs_and_replays() {
    let sandbox = Sandbox::new("shrink");
    sandbox.write("mine.toml", &large());
    sandbox.run(&["check", "mine.toml"]);
    let trace = "failproof-traces/mine.outcome-is-transparent.json";
    let ran = sandbox.run(&["shrink", trace, "-o", "small.json"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{ran:?}");
    let last = ran.err.lines().last().unwrap();
    assert!(last.starts_with("from 2 faults, 4 rows, "), "{last}");
    assert!(last.contains(" to 1 fault, 2 rows, "), "{last}");
    let small: Value = serde_json::from_str(&sandbox.read("small.json")).unwrap();
    let steps = |trace: &Value| trace["steps"].as_array().unwrap().len();
    let large: Value = serde_json::from_str(&sandbox.read(trace)).unwrap();
    assert!(steps(&small) <= steps(&large), "{last}");
    let replayed = sandbox.run(&["replay", "small.json"]);
    assert_eq!(replayed.code, 0, "{replayed:?}");
    assert!(replayed.out.trim_end().ends_with("`outcome-is-transparent` is violated"));
    // There is nothing to take from it any more.
    let again = sandbox.run(&["shrink", "small.json"]);
    assert_eq!((again.code, &again.out), (0, &sandbox.read("small.json")));
}

#[test]
fn a_run_longer_than_it_has_to_be_is_cut() {
    let sandbox = Sandbox::new("shrink-steps");
    sandbox.write("mine.toml", &large());
    sandbox.run(&["simulate", "mine.toml", "--walks", "1000", "--seed", "7"]);
    let trace = "failproof-traces/mine.outcome-is-transparent.json";
    let steps = |text: &str| text.matches("\"digest\"").count();
    let walked = steps(&sandbox.read(trace));
    let ran = sandbox.run(&["shrink", trace]);
    assert_eq!(ran.code, 0, "{ran:?}");
    sandbox.run(&["check", "mine.toml"]);
    let shortest = steps(&sandbox.read(trace));
    assert!(steps(&ran.out) <= shortest && shortest < walked, "{walked} {shortest}: {ran:?}");
}

#[test]
fn what_cannot_be_shrunk_is_told() {
    let sandbox = Sandbox::new("shrink-refused");
    sandbox.run(&["export", "lineage-after-release", "--prefix", "-o", "run.json"]);
    let ran = sandbox.run(&["shrink", "run.json"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("is about no property"), "{}", ran.err);
    sandbox.write("mine.toml", MINE);
    sandbox.run(&["check", "mine.toml"]);
    let trace = sandbox.read("failproof-traces/mine.outcome-is-transparent.json");
    let other = trace.replace("\"outcome-is-transparent\"", "\"one-live-attempt-per-vertex\"");
    sandbox.write("other.json", &other);
    let ran = sandbox.run(&["shrink", "other.json"]);
    assert_eq!((ran.code, ran.out.as_str()), (5, ""), "{ran:?}");
    assert!(ran.err.contains("does not violate `one-live-attempt-per-vertex`"), "{}", ran.err);
}
