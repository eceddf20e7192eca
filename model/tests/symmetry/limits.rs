//! How much symmetry is used.

use std::collections::BTreeSet;

use failproof_model::failover::Failover;
use failproof_model::job_graph::{
    Operator, Partitioner as P, ResultPartitionType as T, SinkCommit,
};
use failproof_model::scenario::{FaultKind, Mechanism as M};
use failproof_model::state::State;
use failproof_model::symmetry::ORDER_MAX;

use crate::check::images_take_the_same_steps;
use crate::jobs;
use crate::setup::{Setup, edge, job, sink, source, task};
use crate::space::Space;

/// One source of so many rows and so many sinks on one machine, where every sink does the same.
fn fan(rows: usize, sinks: usize) -> Setup {
    let vertices = vec![source("A", 1, rows), sink("C", sinks, SinkCommit::AtJobEnd)];
    let setup = job(vertices, vec![edge(0, 1, P::Broadcast, T::Blocking)]);
    setup.placement(1, &vec![0; 1 + sinks]).keys(1).faults(1, &[FaultKind::TaskThrows])
}

fn order(setup: &Setup) -> usize {
    setup.model::<8>().symmetry().order()
}

#[test]
fn a_group_that_is_too_large_gives_way_to_a_subgroup() {
    assert_eq!(order(&fan(1, 5)), 120);
    assert_eq!(order(&fan(2, 5)), 240);
    assert_eq!(order(&fan(3, 5)), 120, "720 is too many: the rows stay");
    assert_eq!(order(&fan(1, 6)), 1, "720 is too many: the sinks stay");
    assert_eq!(order(&fan(3, 6)), 1);
}

#[test]
fn what_takes_too_long_to_find_is_not_looked_for() {
    assert_eq!(order(&fan(16, 1)), 1, "16! orders of the rows");
}

/// A range boundary binds the siblings of whoever drew it, unless its rows are more than fit.
#[test]
fn siblings_that_draw_boundaries_stay_where_their_rows_may_not_fit() {
    let boundaries = |rows| {
        let vertices = vec![
            source("A", 2, rows),
            task("B", 2, Operator::PerRow),
            task("C", 2, Operator::PerRow),
            sink("D", 1, SinkCommit::AtJobEnd),
            sink("E", 7, SinkCommit::AtJobEnd),
        ];
        let edges = vec![
            edge(0, 1, P::Hash, T::Blocking),
            edge(1, 2, P::Rebalance, T::Blocking),
            edge(2, 3, P::Range, T::Blocking),
            edge(2, 4, P::Rebalance, T::Blocking),
        ];
        let setup = job(vertices, edges).placement(1, &[0; 14]).fine(&[M::Reads]);
        setup.keys(1).model::<16>().symmetry().order()
    };
    assert_eq!(boundaries(5), 4, "two places in A and in C");
    assert_eq!(boundaries(6), 2, "C stays: 63 bits hold 21 rows of 3 bits, and 24 can arrive");
}

/// What the vertices become in the group of a state.
fn group(model: &Failover<8>, state: &State<8>) -> BTreeSet<Vec<usize>> {
    let permutations = model.symmetry().permutations(state).iter();
    let all = permutations.map(|permutation| permutation.vertices().to_vec());
    all.chain([(0..model.size()).collect()]).collect()
}

/// A run without faults has all symmetry that there is.
#[test]
fn groups_are_closed_and_never_shrink() {
    for (name, setup) in jobs::all() {
        let Space { model, states, .. } = setup.space();
        let undisturbed = model.without_faults().unwrap();
        let undisturbed = group(&undisturbed, &undisturbed.init());
        for state in &states {
            let own = group(&model, state);
            for (one, other) in own.iter().flat_map(|one| own.iter().map(move |o| (one, o))) {
                let both: Vec<usize> = one.iter().map(|&v| other[v]).collect();
                assert!(own.contains(&both), "{name}: {one:?}, then {other:?}");
            }
            assert!(own.is_subset(&undisturbed), "{name}");
            for action in model.enabled(state) {
                assert!(own.is_subset(&group(&model, &model.apply(state, action))), "{name}");
            }
        }
    }
}

#[test]
fn a_large_group_is_one_too() {
    let model = fan(2, 5).model::<8>();
    assert!(model.symmetry().order() <= ORDER_MAX);
    let mut state = model.init();
    while let Some(&action) = model.enabled(&state).last() {
        images_take_the_same_steps(&model, &state);
        state = model.apply(&state, action);
    }
}
