//! How far random walks get on built-in scenarios, compared with exploring them.

use failproof_checker::explore::{Control, Limits, Verdict, WalkControl, Walks};
use failproof_checker::run::result::ScenarioResult;
use failproof_checker::run::{Options, run, simulate};
use failproof_checker::scenario_file::{Surroundings, builtin, parse};

const WALKS: Walks = Walks { walks: 100_000, steps: 1_000, seed: 0, states: 1 << 20, time: None };

fn explored_and_walked(name: &str) -> [ScenarioResult; 2] {
    let (_, text) = builtin().find(|(builtin, _)| *builtin == name).unwrap();
    let scenario = parse(name, text, &Surroundings::real()).unwrap().scenario;
    let explored = run(&scenario, &Options::default(), Control::default()).unwrap();
    assert!(explored.complete);
    let control = WalkControl::default();
    let walked = simulate(&scenario, &WALKS, Limits::default(), 2, control).unwrap();
    [explored, walked]
}

/// The rules that exploration fires and 100,000 walks do not, and the violations that only exploration finds.
fn missed(name: &str) -> (Vec<String>, Vec<String>) {
    let [explored, walked] = explored_and_walked(name);
    assert!(walked.states <= explored.states, "{name}");
    let rules = explored.rules.iter().zip(&walked.rules);
    assert!(rules.clone().all(|(all, seen)| all.fired > 0 || seen.fired == 0), "{name}");
    let rules = rules.filter(|(all, seen)| all.fired > 0 && seen.fired == 0);
    let properties = explored.properties.iter().zip(&walked.properties);
    for (all, seen) in properties.clone() {
        assert!([Verdict::Violated, Verdict::Inconclusive].contains(&seen.verdict), "{name}");
        assert!(seen.steps.is_none_or(|steps| Some(steps) >= all.steps), "{name}: {}", all.id);
        assert!(seen.steps.is_none() || all.verdict == Verdict::Violated, "{name}: {}", all.id);
    }
    let properties = properties.filter(|(all, seen)| {
        all.verdict == Verdict::Violated && seen.verdict != Verdict::Violated
    });
    (
        rules.map(|(rule, _)| rule.id.clone()).collect(),
        properties.map(|(property, _)| property.id.clone()).collect(),
    )
}

/// Whether a goal stays reachable, and what happens in fair runs, is nothing that a walk could tell.
const NO_WALK_TELLS: [&str; 6] = [
    "job-can-always-end",
    "job-ends-if-faults-stop",
    "lost-partition-is-recomputed",
    "canceled-job-ends",
    "job-can-still-succeed",
    "ended-tasks-run-again",
];

#[test]
fn walks_fire_every_rule_that_exploration_fires_and_find_every_violation_of_safety() {
    for name in [
        "two-stages",
        "never-behind-rebalance",
        "stale-report",
        "upstream-lost-by-exit",
        "hybrid-full",
        "slot-time-out",
    ] {
        let (rules, properties) = missed(name);
        assert_eq!(rules, [""; 0], "{name}");
        assert!(
            properties.iter().all(|id| NO_WALK_TELLS.contains(&id.as_str())),
            "{name}: {properties:?}"
        );
    }
}

/// Here one rule is possible so rarely that 100,000 walks do not take it.
#[test]
fn what_walks_miss_is_named() {
    let (rules, properties) = missed("fully-connected");
    assert_eq!((rules, properties.len()), (vec!["MissPartition".to_owned()], 0));
}
