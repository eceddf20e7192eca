//! What is found depends neither on threads nor on what is kept of states, also when a limit cuts a run off.

use std::hash::{DefaultHasher, Hash, Hasher};

use failproof_explorer::reference_models::paxos::{OneValue, Paxos};
use failproof_explorer::reference_models::region_failover::{
    A_WITH_THE_BUG, Consistency, RegionFailover, TINY,
};
use failproof_explorer::reference_models::two_phase_commit::{Agreement, TwoPhaseCommit};
use failproof_explorer::{
    Codec, Control, Encoded, Explorer, Fingerprints, Judge, Kind, Limits, Marks, Pack, Packed,
    Reduction, Store, Whole,
};
use proptest::prelude::*;
use stateright::Model;

/// A random graph in which levels are wide enough for many threads to share a round.
#[derive(Clone, Copy, Debug)]
struct Wide {
    seed: u64,
    states: u32,
}

impl Wide {
    /// A random number that belongs to these numbers.
    fn random(&self, about: impl Hash) -> u64 {
        let mut hasher = DefaultHasher::new();
        (self.seed, about).hash(&mut hasher);
        hasher.finish()
    }
}

impl Model for Wide {
    type State = u32;
    type Action = u8;

    fn init_states(&self) -> Vec<u32> {
        vec![0, 1, 1, 2]
    }

    fn actions(&self, state: &u32, actions: &mut Vec<u8>) {
        actions.extend(0..(self.random(state) % 6) as u8);
    }

    fn next_state(&self, state: &u32, action: u8) -> Option<u32> {
        let random = self.random((state, action));
        (!random.is_multiple_of(11)).then_some((random >> 8) as u32 % self.states)
    }

    fn within_boundary(&self, state: &u32) -> bool {
        !self.random((state, "outside")).is_multiple_of(50)
    }
}

impl Pack for Wide {
    type Word = u64;

    fn pack(&self, state: &u32) -> u64 {
        (*state).into()
    }

    fn unpack(&self, word: u64) -> u32 {
        word as u32
    }
}

/// Writes the states of [`Wide`].
#[derive(Clone, Copy)]
struct Numbers;

impl Codec<Wide> for Numbers {
    /// As few bytes as there are, so that rows are of different lengths.
    fn encode(&self, _: &Wide, state: &u32, out: &mut Vec<u8>) {
        let bytes = state.to_be_bytes();
        out.extend_from_slice(&bytes[state.leading_zeros() as usize / 8..]);
    }

    fn decode(&self, _: &Wide, bytes: &[u8]) -> Option<u32> {
        Some(bytes.iter().fold(0, |state, byte| state << 8 | u32::from(*byte)))
    }
}

/// Marks few states, steps and ends, so that the first of them are far apart.
struct Rare;

impl Judge<Wide> for Rare {
    fn properties(&self) -> usize {
        4
    }

    fn kind(&self, property: usize) -> Kind {
        if property == 3 { Kind::Reachability } else { Kind::Safety }
    }

    fn on_state(&self, wide: &Wide, state: &u32) -> Marks {
        let is = |what: &str, one_in: u64| wide.random((state, what)).is_multiple_of(one_in);
        Marks::NONE.with(0, is("triggers", 30), is("is bad", 300)).with(3, is("asks", 100), false)
    }

    fn on_step(&self, wide: &Wide, state: &u32, action: &u8, next: &u32) -> Marks {
        let is = |what: &str, one_in: u64| {
            wide.random((state, action, next, what)).is_multiple_of(one_in)
        };
        Marks::NONE.with(1, is("triggers", 100), is("is bad", 1_000))
    }

    fn on_expanded(&self, wide: &Wide, state: &u32, successors: usize) -> Marks {
        let bad = successors == 0 && wide.random((state, "stuck")).is_multiple_of(40);
        Marks::NONE.with(2, successors == 5, bad)
    }

    fn is_goal(&self, _: usize, wide: &Wide, state: &u32) -> bool {
        wide.random((state, "goal")).is_multiple_of(3)
    }

    fn rules(&self) -> usize {
        4
    }

    fn rule(&self, action: &u8) -> usize {
        (*action).into()
    }

    fn costs(&self) -> usize {
        1
    }

    fn cost(&self, _: usize, state: &u32, _: &u8, next: &u32) -> u32 {
        u32::from(next % 7 == state % 7)
    }

    fn gauges(&self) -> usize {
        1
    }

    fn gauge(&self, _: usize, state: &u32) -> u32 {
        *state
    }
}

/// Takes some steps at once and alone.
struct Hasty;

impl Reduction<Wide> for Hasty {
    fn has_local_steps(&self) -> bool {
        true
    }

    fn local_step(&self, wide: &Wide, state: &u32, enabled: &[u8]) -> Option<usize> {
        let position = wide.random((state, "is local")) as usize % 20;
        (position < enabled.len()).then_some(position)
    }
}

/// All that a run has found, save for times and memory.
fn found<M, J, S, R>(
    (model, judge, store, reduction): (&M, &J, &S, &R),
    limits: Limits,
    threads: usize,
) -> String
where
    M: Model + Sync,
    M::State: Clone + Send + Sync,
    M::Action: Clone + Send + Sync + std::fmt::Debug,
    J: Judge<M>,
    S: Store<M>,
    R: Reduction<M>,
{
    let explorer = Explorer::new(model, judge).store(store).reduction(reduction);
    let explorer = explorer.limits(limits).threads(threads);
    let (it, space) = explorer.explore(Control::default());
    let parents: Vec<_> = (0..space.len() as u32).map(|state| space.parent(state)).collect();
    let steps: Vec<Vec<_>> =
        (0..space.len() as u32).map(|state| space.edges(state).collect()).collect();
    assert_eq!(it.levels.iter().sum::<usize>(), it.distinct);
    let counts = (it.distinct, it.generated, it.depth, it.stopped, space.expanded());
    format!(
        "{counts:?} {:?} {:?} {:?} {:?} {:?} {parents:?} {steps:?}",
        it.findings, it.rules, it.levels, it.costs, it.gauges
    )
}

/// A run with any number of threads finds what `expected` says, or else what a run with one finds; returns that.
fn same<M, J, S, R>(what: (&M, &J, &S, &R), limits: Limits, expected: Option<String>) -> String
where
    M: Model + Sync,
    M::State: Clone + Send + Sync,
    M::Action: Clone + Send + Sync + std::fmt::Debug,
    J: Judge<M>,
    S: Store<M>,
    R: Reduction<M>,
{
    let expected = expected.unwrap_or_else(|| found(what, limits, 1));
    for threads in [1, 2, 3, 8] {
        let found = found(what, limits, threads);
        assert!(found == expected, "{threads} threads, {limits:?}:\n{found}\n{expected}");
    }
    expected
}

/// No limit, and limits that cut off in the middle of a round and of a level.
fn limits(states: usize, depth: usize) -> [Limits; 4] {
    let none = Limits::default();
    [
        none,
        Limits { states: Some(states), ..none },
        Limits { depth: Some(depth), ..none },
        Limits { states: Some(states + 1), depth: Some(depth + 1), ..none },
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn random_graphs(seed in any::<u64>(), states in 2_000..6_000_u32, part in 1..100_usize) {
        let wide = Wide { seed, states };
        for limits in limits(states as usize * part / 100, 1 + part % 9) {
            let whole = same((&wide, &Rare, &Whole, &()), limits, None);
            let whole = same((&wide, &Rare, &Fingerprints, &()), limits, Some(whole));
            let whole = same((&wide, &Rare, &Packed, &()), limits, Some(whole));
            same((&wide, &Rare, &Encoded(Numbers), &()), limits, Some(whole));
            let hasty = same((&wide, &Rare, &Whole, &Hasty), limits, None);
            same((&wide, &Rare, &Packed, &Hasty), limits, Some(hasty));
        }
    }
}

#[test]
fn region_failover() {
    let model = RegionFailover::new(TINY);
    for limits in limits(20_011, 14) {
        let whole = same((&model, &Consistency, &Whole, &()), limits, None);
        let whole = same((&model, &Consistency, &Fingerprints, &()), limits, Some(whole));
        same((&model, &Consistency, &Packed, &()), limits, Some(whole));
    }
}

#[test]
fn region_failover_with_the_bug() {
    let model = RegionFailover::new(A_WITH_THE_BUG);
    for limits in &limits(200_003, 18)[1..3] {
        same((&model, &Consistency, &Packed, &()), *limits, None);
    }
}

#[test]
fn two_phase_commit() {
    let model = TwoPhaseCommit { participants: 5 };
    for limits in limits(5_003, 9) {
        let whole = same((&model, &Agreement, &Whole, &()), limits, None);
        same((&model, &Agreement, &Fingerprints, &()), limits, Some(whole));
    }
}

#[test]
fn paxos() {
    for forgetful in [false, true] {
        let model = Paxos { clients: 2, forgetful };
        for limits in limits(1_003, 9) {
            let whole = same((&model, &OneValue, &Whole, &()), limits, None);
            same((&model, &OneValue, &Fingerprints, &()), limits, Some(whole));
        }
    }
}
