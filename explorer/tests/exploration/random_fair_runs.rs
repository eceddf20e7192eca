//! What every fair run reaches, against brute force on small random graphs.

use std::collections::{BTreeMap, BTreeSet};

use failproof_explorer::Verdict;
use proptest::prelude::*;

use crate::fairness::{EVENTUALLY, Fair, LEADS_TO, explore_fair};
use crate::graph::{Graph, Step};

const STATES: u32 = 6;

/// A target, and the class of the step.
type Drawn = (Option<u32>, Option<u8>);

fn cases() -> impl Strategy<Value = (Graph, Fair)> {
    let target = prop_oneof![9 => (0..STATES).prop_map(Some), 1 => Just(None)];
    let class = prop_oneof![1 => Just(None), 4 => (0..3u8).prop_map(Some)];
    let row = prop::collection::vec((target, class), 0..4);
    let rows = prop::collection::vec(row, STATES as usize);
    let initial = prop::collection::vec(0..STATES, 1..3);
    let outside = prop_oneof![
        3 => Just(BTreeSet::new()),
        1 => prop::collection::btree_set(0..STATES, 0..3)
    ];
    let some = || prop::collection::btree_set(0..STATES, 0..3);
    (rows, initial, outside, some(), some()).prop_map(
        |(rows, initial, outside, goals, premises)| {
            let step = |(target, _): &Drawn| Step { target: *target, cost: 0 };
            let steps = rows.iter().map(|row| row.iter().map(step).collect()).collect();
            let mut classes = BTreeMap::new();
            for (state, row) in (0..).zip(&rows) {
                for (position, (_, class)) in row.iter().enumerate() {
                    classes.extend(class.map(|class| ((state, position), class)));
                }
            }
            (Graph { initial, steps, outside }, Fair { classes, goals, premises })
        },
    )
}

/// The least number of steps of a run to where it can stay for ever, by trying every set of states: a fair run that
/// never comes to a goal ends up in some set, in which it comes from each state to each other again and again.
fn shortest_stem(graph: &Graph, fair: &Fair, property: usize) -> Option<usize> {
    let distances = pending(graph, fair, property);
    let sets = (1..1u32 << STATES).map(|set| (0..STATES).filter(move |s| set >> s & 1 == 1));
    let sets = sets.map(Iterator::collect::<Vec<u32>>).filter(|set| can_stay(graph, fair, set));
    sets.flatten().filter_map(|state| distances[state as usize]).min()
}

/// How many steps it takes to be in a state after a premise and without a goal since.
fn pending(graph: &Graph, fair: &Fair, property: usize) -> Vec<Option<usize>> {
    let mut anyhow: Vec<Option<usize>> = vec![None; STATES as usize];
    let mut owing = anyhow.clone();
    let begins = |state: u32| fair.premises.contains(&state) && !fair.goals.contains(&state);
    for &state in graph.initial.iter().filter(|&state| !graph.outside.contains(state)) {
        anyhow[state as usize] = Some(0);
        if property == EVENTUALLY && !fair.goals.contains(&state) {
            owing[state as usize] = Some(0);
        }
    }
    let least = |known: &mut Option<usize>, new: Option<usize>| {
        *known = [*known, new].into_iter().flatten().min();
    };
    for _ in 0..=2 * STATES {
        for state in 0..STATES {
            if property == LEADS_TO && begins(state) {
                least(&mut owing[state as usize], anyhow[state as usize]);
            }
            for (_, target) in fair.steps(graph, state) {
                let further = |all: &[Option<usize>]| Some(all[state as usize]? + 1);
                let distance = further(&anyhow);
                least(&mut anyhow[target as usize], distance);
                if !fair.goals.contains(&target) {
                    let distance = further(&owing);
                    least(&mut owing[target as usize], distance);
                }
            }
        }
    }
    owing
}

/// Whether a run can go round exactly these states for ever, or stop in the only one, and be fair.
fn can_stay(graph: &Graph, fair: &Fair, set: &[u32]) -> bool {
    if set.iter().any(|state| fair.goals.contains(state)) {
        return false;
    }
    let inner = |state: u32| fair.steps(graph, state).filter(|(_, target)| set.contains(target));
    let reached = |from: u32| {
        let mut reached = BTreeSet::from([from]);
        for _ in set {
            let next: Vec<u32> =
                reached.iter().flat_map(|&state| inner(state)).map(|(_, target)| target).collect();
            reached.extend(next);
        }
        reached
    };
    let has_its_due = |class: u8| {
        set.iter().any(|&state| {
            !fair.is_possible(graph, state, class)
                || inner(state).any(|(taken, _)| taken == Some(class))
        })
    };
    set.iter().all(|&from| reached(from).len() == set.len())
        && fair.all_classes().into_iter().all(has_its_due)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn a_violation_is_found_where_there_is_one_and_its_stem_is_shortest((graph, fair) in cases()) {
        let result = explore_fair(&graph, &fair);
        for property in [EVENTUALLY, LEADS_TO] {
            let finding = &result.findings[property];
            let whole = finding.violation.as_ref().map(|path| path.actions.len());
            let stem = finding.lasso.or(whole);
            prop_assert_eq!(stem, shortest_stem(&graph, &fair, property), "{}", property);
            if finding.verdict == Verdict::Vacuous {
                prop_assert!(finding.witness.is_none());
            }
        }
    }
}
