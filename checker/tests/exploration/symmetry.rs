//! How much of the built-in scenarios is the same under other names.

use std::collections::HashSet;

use failproof_checker::run::{WithModel, with_model};
use failproof_checker::scenario_file::{Surroundings, builtin, parse};
use failproof_model::failover::Failover;
use failproof_model::scenario::{Mechanism, Scenario};

const DOCUMENT: &str = include_str!("../../docs/state.md");

/// The order of the largest group, states and orbits.
type Counts = (usize, usize, usize);

/// Counts orbits in two ways: by representatives, and by making all images of one state of each.
struct Count;

impl WithModel for Count {
    type Output = Option<Counts>;

    fn with<const V: usize>(self, model: Failover<V>) -> Self::Output {
        let symmetry = model.symmetry();
        if symmetry.order() == 1 {
            return None;
        }
        let mut states = vec![model.init()];
        let mut known = HashSet::from([model.init()]);
        let mut next = 0;
        while next < states.len() {
            for action in model.enabled(&states[next]) {
                let successor = model.apply(&states[next], action);
                if known.insert(successor) {
                    states.push(successor);
                }
            }
            next += 1;
        }
        let (mut seen, mut orbits) = (HashSet::new(), 0);
        for state in &states {
            if !seen.contains(state) {
                orbits += 1;
                seen.extend(symmetry.images(state));
            }
        }
        let canonical: HashSet<_> = states.iter().map(|state| symmetry.canonical(state)).collect();
        assert_eq!(canonical.len(), orbits, "{}", model.scenario.name);
        Some((symmetry.order(), states.len(), orbits))
    }
}

fn scenarios() -> Vec<Scenario> {
    let parsed = |(name, text)| parse(name, text, &Surroundings::real()).unwrap().scenario;
    builtin().map(parsed).collect()
}

/// Most have coarse reads: a task turns to its inputs in their order, so that whom it reads cannot change places.
#[test]
fn few_built_in_scenarios_have_symmetry() {
    let count = |scenario: Scenario| {
        with_model(&scenario, Count).unwrap().map(|counts| (scenario.name, counts))
    };
    let found: Vec<(String, Counts)> = scenarios().into_iter().filter_map(count).collect();
    let found: Vec<_> = found.iter().map(|(name, counts)| (name.as_str(), *counts)).collect();
    let expected = [
        // Two rows that always go the same way: what they become is what they were.
        ("headline-range-disk-one-more-row", (2, 1143, 1143)),
        ("headline-range-remote-one-more-row", (2, 467, 467)),
        ("pointwise-siblings", (2, 233, 121)),
        ("restart-individual", (2, 79, 56)),
        ("task-manager-loss-counts-each", (2, 58, 42)),
        ("two-independent-pipelines", (2, 519, 267)),
        ("two-stages", (2, 1298, 661)),
    ];
    assert_eq!(found, expected);
}

/// All but the largest, which have three to six hundred thousand states then.
#[test]
fn with_fine_reads_many_do() {
    let larger = |s: &Scenario| s.name.ends_with("one-more-subtask");
    let mut found = Vec::new();
    for mut scenario in
        scenarios().into_iter().filter(|s| !s.grain.is_fine(Mechanism::Reads) && !larger(s))
    {
        scenario.grain.set(Mechanism::Reads, true);
        // A prefix was written for coarse reads.
        scenario.prefix.clear();
        found.extend(with_model(&scenario, Count).unwrap().map(|counts| (scenario.name, counts)));
    }
    assert_eq!(found.len(), 74);
    for name in [
        "headline-rebalance-disk",
        "headline-rebalance-disk-one-more-fault",
        "headline-shuffle-disk-one-more-row",
        "pipelines-that-exchange",
    ] {
        let (_, (_, states, orbits)) = found.iter().find(|(found, _)| found == name).unwrap();
        let begin = format!("| `{name}` |");
        let end = format!("| {states} | {orbits} |");
        let documented = DOCUMENT.lines().any(|l| l.starts_with(&begin) && l.ends_with(&end));
        assert!(documented, "checker/docs/state.md lacks {begin} ... {end}");
    }
}
