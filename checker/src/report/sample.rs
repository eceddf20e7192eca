//! Results made up for tests.

use std::collections::BTreeMap;

use crate::run::result::{
    Bounds, ExpectedCounts, PropertyResult, RuleResult, ScenarioResult, Verdict, WalksResult,
};

pub(crate) fn property(
    id: &str,
    named: bool,
    verdict: Verdict,
    expected: Option<Verdict>,
) -> PropertyResult {
    PropertyResult {
        id: id.to_owned(),
        kind: "safety".to_owned(),
        named,
        verdict,
        expected,
        steps: (verdict == Verdict::Violated).then_some(12),
        shortest: (verdict == Verdict::Violated).then_some(true),
        lasso: None,
        trace: None,
        counterexample: None,
        witness: None,
    }
}

pub(crate) fn result(name: &str, properties: Vec<PropertyResult>) -> ScenarioResult {
    ScenarioResult {
        name: name.to_owned(),
        preset: "flink-2".to_owned(),
        defect: None,
        without_defect: false,
        piece_of: None,
        complete: true,
        stopped_by: None,
        bounds: bounds(),
        states: 12_345,
        generated: 45_678,
        depth: 31,
        expected: ExpectedCounts::default(),
        elapsed_ms: 420,
        memory_bytes: 13_000_000,
        steps_bytes: 3_000_000,
        spilled_bytes: 0,
        collision_chance: 4.1e-12,
        reductions: vec!["view", "symmetry"],
        levels: vec![1, 12_344],
        branching: vec![345, 2_000, 10_000],
        costs_known: true,
        restarts_max: Some(2),
        task_reruns_max: Some(5),
        stored_partitions_max: 4,
        properties,
        rules: vec![rule("DeployRegion", 17), rule("FailRead", 0), rule("FinishJob", 3)],
        fair_states: None,
        irreducible: false,
        walks: None,
    }
}

/// A scenario that is about two properties, of which one is violated, and one more of which nobody knew.
pub(crate) fn violated() -> ScenarioResult {
    let mut known =
        property("outcome-is-transparent", true, Verdict::Violated, Some(Verdict::Violated));
    known.trace = Some("failproof-traces/consumers-never.outcome-is-transparent.json".to_owned());
    let mut surprise = property("no-state-is-stuck", false, Verdict::Violated, None);
    surprise.trace = Some("failproof-traces/consumers-never.no-state-is-stuck.json".to_owned());
    surprise.steps = Some(1);
    let properties = vec![
        known,
        property("every-row-exactly-once", true, Verdict::Holds, Some(Verdict::Holds)),
        surprise,
        property("one-live-attempt-per-vertex", false, Verdict::Holds, None),
        property("stale-report-changes-nothing", false, Verdict::Vacuous, None),
    ];
    result("consumers-never", properties)
}

/// A scenario that was walked through at random.
pub(crate) fn walked() -> ScenarioResult {
    let mut found = violated();
    found.properties.truncate(1);
    found.properties.push(property("no-state-is-stuck", true, Verdict::Inconclusive, None));
    found.properties.push(property("every-row-exactly-once", false, Verdict::Inconclusive, None));
    let walks = WalksResult {
        seed: 7,
        walks_max: 10_000,
        steps_max: 1_000,
        walks: 10_000,
        ended: 9_999,
        steps: 234_567,
        longest: 1_000,
        more_states: true,
        repeat: Some("failproof simulate walked --seed 7".to_owned()),
    };
    ScenarioResult {
        complete: false,
        stopped_by: Some("random walks see a part only".to_owned()),
        walks: Some(walks),
        ..result("walked", found.properties)
    }
}

/// A scenario that met a limit.
pub(crate) fn stopped() -> ScenarioResult {
    let open = |id, named| property(id, named, Verdict::Inconclusive, None);
    let properties =
        vec![open("outcome-is-transparent", true), open("every-row-exactly-once", false)];
    ScenarioResult {
        complete: false,
        stopped_by: Some("limit of 1000 states reached".to_owned()),
        costs_known: false,
        restarts_max: None,
        task_reruns_max: None,
        bounds: Bounds {
            fault_limits: BTreeMap::new(),
            faults: 0,
            fine: vec!["reports".to_owned()],
            restart_attempts: Some(1),
            prefix_steps: 3,
            ..bounds()
        },
        ..result("large", properties)
    }
}

fn bounds() -> Bounds {
    Bounds {
        execution_vertices: 4,
        task_managers: 2,
        rows: 2,
        faults: 1,
        fault_limits: [("task-throws", 1), ("task-manager-dies", 1)]
            .map(|(kind, limit)| (kind.to_owned(), limit))
            .into(),
        fine: Vec::new(),
        restart_attempts: None,
        prefix_steps: 0,
        slots: Vec::new(),
    }
}

fn rule(id: &str, fired: u64) -> RuleResult {
    RuleResult { id: id.to_owned(), enabled: 2 * fired, fired, discovered: fired / 2 }
}
