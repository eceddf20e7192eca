//! Everything that is said of symmetry, of every state of every small job.

use std::collections::HashSet;

use failproof_model::failover::Failover;
use failproof_model::scenario::FaultBudget;
use failproof_model::state::State;

use crate::check::{images_take_the_same_steps, orbit_has_one_representative};
use crate::jobs;
use crate::space::Space;

#[test]
fn every_image_of_every_state_takes_the_same_steps() {
    for (_, setup) in jobs::all() {
        let Space { model, states, .. } = setup.space();
        states.iter().for_each(|state| images_take_the_same_steps(&model, state));
    }
}

/// Runs without faults begin in a state that is its own image. So what they can reach, and with it what they can
/// commit, is closed under images.
#[test]
fn what_is_reached_without_faults_is_reached_with_all_its_images() {
    for (name, mut setup) in jobs::all() {
        setup.0.faults = FaultBudget::NONE;
        let Space { model, states, .. } = setup.space();
        let symmetry = model.symmetry();
        let known: HashSet<State<8>> = states.iter().copied().collect();
        assert!(symmetry.images(&states[0]).all(|image| image == states[0]), "{name}");
        for state in &states {
            assert!(symmetry.images(state).all(|image| known.contains(&image)), "{name}");
        }
    }
}

/// Number of representatives that are found from representatives.
fn found_from_representatives(model: &Failover<8>) -> usize {
    let first = model.symmetry().canonical(&model.init());
    let mut known = HashSet::from([first]);
    let mut unseen = vec![first];
    while let Some(state) = unseen.pop() {
        for action in model.enabled(&state) {
            let next = model.symmetry().canonical(&model.apply(&state, action));
            if known.insert(next) {
                unseen.push(next);
            }
        }
    }
    known.len()
}

/// Number of orbits, each found by making all images of one of its states.
fn orbits(space: &Space) -> usize {
    let (mut seen, mut orbits) = (HashSet::new(), 0);
    for state in &space.states {
        if !seen.contains(state) {
            orbits += 1;
            seen.extend(space.model.symmetry().images(state));
        }
    }
    orbits
}

/// Of every job: the order of its largest group, its states and its orbits.
#[test]
fn orbits_are_told_apart_and_have_one_representative_each() {
    let mut found = Vec::new();
    for (name, setup) in jobs::all() {
        let space = setup.space();
        let symmetry = space.model.symmetry();
        space.states.iter().for_each(|state| orbit_has_one_representative(&space.model, state));
        let canonical: HashSet<State<8>> =
            space.states.iter().map(|state| symmetry.canonical(state)).collect();
        assert_eq!(canonical.len(), orbits(&space), "{name}");
        assert_eq!(canonical.len(), found_from_representatives(&space.model), "{name}");
        found.push((name, symmetry.order(), space.states.len(), canonical.len()));
    }
    let expected = [
        ("FORWARD", 2, 225, 117),
        ("HASH", 2, 407, 210),
        ("BROADCAST", 2, 407, 210),
        ("GLOBAL", 1, 407, 407),
        ("RESCALE", 1, 341, 341),
        ("REBALANCE", 2, 1436, 730),
        ("SHUFFLE", 2, 1436, 730),
        ("CUSTOM", 2, 407, 210),
        ("CUSTOM_RANDOM", 2, 1436, 730),
        ("CUSTOM_MISDECLARED", 2, 1436, 730),
        ("RANGE", 2, 798, 798),
        ("HASH, a key twice", 2, 122, 67),
        ("HASH, one key", 1, 122, 122),
        ("one machine", 4, 260, 85),
        ("one machine, lost", 4, 304, 179),
        ("three machines", 6, 1281, 381),
        ("two of three machines lost", 2, 1816, 1675),
        ("both machines lost", 1, 463, 463),
        ("both machines lost, all restart", 1, 213, 213),
        ("two machines for nobody", 2, 187, 172),
        ("a machine for nobody", 1, 151, 151),
        ("machines do not return", 2, 595, 304),
        ("round robin of three", 3, 85, 29),
        ("round robin of one row", 6, 85, 20),
        ("coarse reads", 1, 180, 180),
        ("coarse reads, two readers", 6, 249, 55),
        ("per row", 2, 2569, 1303),
        ("per key", 2, 129, 75),
        ("per key, dealt out", 2, 139, 79),
        ("per key, one key", 4, 129, 73),
        ("limit", 4, 645, 180),
        ("row number", 4, 645, 180),
        ("first seen, one key", 4, 355, 124),
        ("first seen, two keys", 4, 153, 61),
        ("sample", 4, 645, 180),
        ("nondeterministic", 2, 330, 181),
        ("sinks that commit at once", 2, 17025, 8539),
        ("sinks that commit each", 2, 1643, 830),
        ("restart-all", 2, 707, 364),
        ("flink-1.3", 2, 921, 471),
        ("article-1.9", 2, 3251, 1636),
        ("flink-1.9", 2, 839, 430),
        ("affected", 2, 957, 489),
        ("two failures", 2, 697, 367),
        ("pipelined", 2, 1103, 563),
        ("pipelined, point-wise", 2, 519, 267),
        ("approximate", 2, 1115, 569),
        ("hybrid", 2, 28981, 14534),
        ("bounded", 2, 1001, 524),
        ("reliable", 2, 382, 272),
        ("slots and disks", 2, 257, 145),
        ("fine", 2, 2939, 1482),
        ("a defect", 2, 101, 56),
        ("stale reports", 1, 4198, 4198),
        ("lineage", 1, 71, 71),
    ];
    assert_eq!(found, expected);
}
