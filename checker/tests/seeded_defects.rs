//! A defect that was seeded is what violates the property that guards its rule: without it, the same scenario holds.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use failproof_checker::explore::Control;
use failproof_checker::run::result::{ScenarioResult, Verdict};
use failproof_checker::run::{Options, run};
use failproof_checker::scenario_file::{Surroundings, builtin, parse};
use failproof_model::scenario::Scenario;

/// A scenario, what its defect violates before all else, and its states with and without the defect.
type Seed = (&'static str, &'static str, usize, usize);

const SEEDS: &[Seed] = &[
    ("defect-global-restart-does-not-wait", "one-live-attempt-per-vertex", 92, 87),
    ("defect-swallow-restart-exception", "no-state-is-stuck", 13, 17),
    ("defect-ignore-newer-versions", "restarts-only-what-has-ended", 93, 64),
    ("defect-end-expects-failing", "canceled-job-ends", 35, 31),
    ("defect-archive-current-attempt", "no-state-is-stuck", 48, 33),
    ("defect-forbid-second-attempts", "job-can-still-succeed", 52, 53),
    ("defect-schedule-on-any-input", "deploys-only-on-consumable-inputs", 15, 12),
    ("defect-schedule-siblings", "no-state-is-stuck", 51, 57),
    ("defect-hybrid-reread-skips", "every-row-exactly-once", 30, 20),
    ("defect-keep-forward-partitioner", "outcome-is-transparent", 68, 592),
    ("defect-stale-broadcast-flag", "every-row-exactly-once", 11, 11),
];

fn scenario(name: &str) -> Scenario {
    let (name, text) = builtin().find(|(it, _)| *it == name).unwrap();
    parse(name, text, &Surroundings::real()).unwrap().scenario
}

fn explore(scenario: &Scenario) -> ScenarioResult {
    let result = run(scenario, &Options::default(), Control::default()).unwrap();
    assert!(result.complete);
    result
}

fn of(result: &ScenarioResult, verdict: Verdict) -> Vec<&str> {
    let found = result.properties.iter().filter(|it| it.verdict == verdict);
    found.map(|it| it.id.as_str()).collect()
}

#[test]
fn each_violates_what_holds_without_it() {
    for &(name, property, with, without) in SEEDS {
        let seeded = scenario(name);
        assert!(seeded.defect.is_some(), "{name}");
        let sound = explore(&Scenario { defect: None, ..seeded.clone() });
        let broken = explore(&seeded);
        assert_eq!((broken.states, sound.states), (with, without), "{name}");
        assert!(of(&broken, Verdict::Violated).contains(&property), "{name}");
        // Not vacuously: what the defect breaks is put to the test.
        assert!(of(&sound, Verdict::Holds).contains(&property), "{name}");
        assert_eq!(of(&sound, Verdict::Violated), [""; 0], "{name}");
    }
}

/// FLINK-30392: nothing is wrong, and two more tasks run again. `A` has ended in the prefix, so that its first run is
/// not among those that are taken off.
#[test]
fn a_broadcast_switched_late_is_only_dearer() {
    let late = scenario("defect-broadcast-switched-late");
    let compiled = scenario("broadcast-hybrid-selective");
    let of_both = [&late, &compiled].map(explore);
    assert!(of_both.iter().all(|result| of(result, Verdict::Violated).is_empty()));
    assert_eq!(of_both.each_ref().map(|result| result.task_reruns_max), [Some(2), Some(0)]);
    assert_eq!(of_both.each_ref().map(|result| result.restarts_max), [Some(1), Some(1)]);
    assert_eq!(compiled.job, late.job);
}

/// The seed is a design: what the strategy knows of partitions that the failure does not name.
#[test]
fn a_design_that_knows_less_of_partitions_fails_earlier() {
    for (name, verdict) in [
        ("one-failover-per-lost-partition", Verdict::Violated),
        ("one-failover-for-all-lost-partitions", Verdict::Holds),
    ] {
        let result = explore(&scenario(name));
        assert!(of(&result, verdict).contains(&"budget-outlasts-its-faults"), "{name}");
    }
}
