//! Exploration against naive algorithms, and against Stateright, on small random graphs.

use std::collections::BTreeSet;

use failproof_explorer::{Cost, Most};
use proptest::prelude::*;

use crate::graph::{
    ANY, BAD_STATE, BAD_STEP, GOAL, Graph, Lists, STUCK, Step, assert_engines_agree, explore_all,
};

pub(crate) const STATES: u32 = 8;

pub(crate) fn graphs() -> impl Strategy<Value = Graph> {
    let target = prop_oneof![9 => (0..STATES).prop_map(Some), 1 => Just(None)];
    let cost = prop_oneof![3 => Just(0), 1 => 1..4u32];
    let step = (target, cost).prop_map(|(target, cost)| Step { target, cost });
    let steps = prop::collection::vec(prop::collection::vec(step, 0..4), STATES as usize);
    let outside = prop::collection::btree_set(0..STATES, 0..3);
    let initial = prop::collection::vec(0..STATES, 0..3);
    (initial, steps, outside).prop_map(|(initial, steps, outside)| Graph {
        initial,
        steps,
        outside,
    })
}

pub(crate) fn lists() -> impl Strategy<Value = Lists> {
    let some = || prop::collection::btree_set(0..STATES, 0..3);
    let steps = prop::collection::btree_set((0..STATES, 0..STATES), 0..4);
    (some(), some(), steps, some()).prop_map(|(triggers, bad_states, bad_steps, goals)| Lists {
        triggers,
        bad_states,
        bad_steps,
        goals,
        mishaps_from: None,
    })
}

/// What is so by definition, computed by repetition until nothing changes.
pub(crate) struct Naive<'g> {
    graph: &'g Graph,
    /// Steps from an initial state, of reachable states.
    distance: Vec<Option<usize>>,
}

impl<'g> Naive<'g> {
    pub(crate) fn new(graph: &'g Graph) -> Self {
        let mut naive = Naive { graph, distance: vec![None; STATES as usize] };
        for &state in graph.initial.iter().filter(|&state| !graph.outside.contains(state)) {
            naive.distance[state as usize] = Some(0);
        }
        for _ in 0..STATES {
            for (from, to, _) in naive.all_steps() {
                if let Some(distance) = naive.distance[from as usize] {
                    let known = &mut naive.distance[to as usize];
                    *known = Some(known.map_or(distance + 1, |known| known.min(distance + 1)));
                }
            }
        }
        naive
    }

    /// Steps within the boundary out of any state within it.
    fn all_steps(&self) -> Vec<(u32, u32, u64)> {
        let inside = |state: &u32| !self.graph.outside.contains(state);
        let rows = (0..STATES).filter(inside);
        rows.flat_map(|from| {
            let row = self.graph.row(from).iter();
            row.filter_map(move |step| Some((from, step.target?, u64::from(step.cost))))
        })
        .filter(|(_, to, _)| inside(to))
        .collect()
    }

    pub(crate) fn steps(&self) -> Vec<(u32, u32, u64)> {
        let reachable = |&(from, ..): &(u32, u32, u64)| self.distance[from as usize].is_some();
        self.all_steps().into_iter().filter(reachable).collect()
    }

    pub(crate) fn reachable(&self) -> Vec<u32> {
        (0..STATES).filter(|&state| self.distance[state as usize].is_some()).collect()
    }

    pub(crate) fn ends(&self) -> BTreeSet<u32> {
        let steps = self.steps();
        let has_step = |state: &u32| steps.iter().any(|(from, ..)| from == state);
        self.reachable().into_iter().filter(|state| !has_step(state)).collect()
    }

    /// States from which one of `goals` can be reached.
    fn can_reach(&self, goals: &BTreeSet<u32>) -> BTreeSet<u32> {
        let mut can = goals.clone();
        for _ in 0..STATES {
            for (from, to, _) in self.steps() {
                if can.contains(&to) {
                    can.insert(from);
                }
            }
        }
        can
    }

    /// Least number of steps to one of `states`.
    pub(crate) fn nearest(&self, states: impl IntoIterator<Item = u32>) -> Option<usize> {
        states.into_iter().filter_map(|state| self.distance[state as usize]).min()
    }

    pub(crate) fn nearest_violation(&self, lists: &Lists, property: usize) -> Option<usize> {
        let bad_state = || self.nearest(lists.bad_states.clone());
        let bad_step = || {
            let steps = self.steps().into_iter().map(|(from, to, _)| (from, to));
            let bad = steps.filter(|step| lists.bad_steps.contains(step));
            self.nearest(bad.map(|(from, _)| from)).map(|distance| distance + 1)
        };
        let stuck = || self.nearest(self.ends().difference(&lists.goals).copied());
        match property {
            BAD_STATE => bad_state(),
            BAD_STEP => bad_step(),
            STUCK => stuck(),
            ANY => [bad_state(), bad_step(), stuck()].into_iter().flatten().min(),
            _ => {
                let can = self.can_reach(&lists.goals);
                self.nearest(self.reachable().into_iter().filter(|state| !can.contains(state)))
            }
        }
    }

    /// By as many rounds of Bellman and Ford as there are states; what still grows afterwards grows for ever.
    fn cost(&self) -> Cost {
        let can_end = self.can_reach(&self.ends());
        let mut totals: Vec<Option<(u64, u64)>> = self
            .distance
            .iter()
            .map(|distance| distance.filter(|&distance| distance == 0).map(|_| (0, 0)))
            .collect();
        let mut before = totals.clone();
        for _ in 0..2 * STATES {
            before.clone_from(&totals);
            for (from, to, cost) in self.steps() {
                if !can_end.contains(&to) {
                    continue;
                }
                if let Some((least, most)) = totals[from as usize] {
                    let (least, most) = (least + cost, most + cost);
                    let known = totals[to as usize].unwrap_or((least, most));
                    totals[to as usize] = Some((known.0.min(least), known.1.max(most)));
                }
            }
        }
        let ends = self.ends();
        let at_ends = || ends.iter().filter_map(|&end| totals[end as usize]);
        let least = at_ends().map(|(least, _)| least).min();
        let (Some(least), Some(most)) = (least, at_ends().map(|(_, most)| most).max()) else {
            return Cost::Endless;
        };
        let most = if before == totals { Most::Finite(most) } else { Most::Unbounded };
        Cost::Total { least, most }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn states_steps_and_depth_are_those_of_the_graph(graph in graphs()) {
        let (result, space) = explore_all(&graph, &Lists::default());
        let naive = Naive::new(&graph);
        let found: BTreeSet<u32> = space.keys().copied().collect();
        prop_assert_eq!(&found, &naive.reachable().into_iter().collect());
        prop_assert_eq!(result.distinct, found.len());
        let initial = graph.initial.iter().filter(|state| !graph.outside.contains(state)).count();
        prop_assert_eq!(result.generated, initial + naive.steps().len());
        let deepest = naive.distance.iter().flatten().max();
        prop_assert_eq!(result.depth, deepest.map_or(0, |deepest| deepest + 1));
        for (depth, level) in space.levels().enumerate() {
            for state in level {
                prop_assert_eq!(naive.distance[*space.get(state as u32).unwrap() as usize], Some(depth));
            }
        }
    }

    #[test]
    fn violations_and_witnesses_are_shortest(graph in graphs(), lists in lists()) {
        let (result, _) = explore_all(&graph, &lists);
        let naive = Naive::new(&graph);
        for property in [BAD_STATE, BAD_STEP, STUCK, ANY, GOAL] {
            let finding = &result.findings[property];
            let steps = finding.violation.as_ref().map(|path| path.actions.len());
            prop_assert_eq!(steps, naive.nearest_violation(&lists, property), "{}", property);
            let steps = finding.witness.as_ref().map(|path| path.actions.len());
            prop_assert_eq!(steps, naive.nearest(lists.triggers.clone()));
            for path in finding.violation.iter().chain(&finding.witness) {
                prop_assert_eq!(path.states(&graph).unwrap().len(), path.actions.len() + 1);
            }
        }
    }

    #[test]
    fn costs_are_those_of_the_cheapest_and_the_dearest_run(graph in graphs()) {
        let (result, _) = explore_all(&graph, &Lists::default());
        prop_assert_eq!(&result.costs, &[Naive::new(&graph).cost()]);
    }

    #[test]
    fn both_engines_agree(graph in graphs(), lists in lists()) {
        let (result, _) = explore_all(&graph, &lists);
        assert_engines_agree(&graph, &lists, &result);
    }
}
