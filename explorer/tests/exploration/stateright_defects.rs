//! What the second engine gets wrong when it is asked directly, and ours does not.

use std::hash::{Hash, Hasher};
use std::time::Duration;

use failproof_explorer::{Control, Judge, Limits, Marks, Stopped, Verdict, explore, second_engine};
use stateright::util::HashableHashSet;
use stateright::{Checker, Model, Property};

/// Counts to `end`; from 3 on, numbers are bad.
#[derive(Clone, Copy)]
struct Chain {
    end: u32,
    with_properties: bool,
    pause: Duration,
}

const CHAIN: Chain = Chain { end: 200, with_properties: true, pause: Duration::ZERO };

impl Model for Chain {
    type State = u32;
    type Action = ();

    fn init_states(&self) -> Vec<u32> {
        vec![0]
    }

    fn actions(&self, state: &u32, actions: &mut Vec<()>) {
        actions.extend((*state < self.end).then_some(()));
    }

    fn next_state(&self, state: &u32, (): ()) -> Option<u32> {
        std::thread::sleep(self.pause);
        Some(state + 1)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        if !self.with_properties {
            return Vec::new();
        }
        vec![
            Property::always("small", |_, state| *state < 3),
            Property::always("stays open", |_, _| true),
        ]
    }
}

/// The properties of [`Chain`].
struct Small;

impl Judge<Chain> for Small {
    fn properties(&self) -> usize {
        2
    }

    fn on_state(&self, _: &Chain, state: &u32) -> Marks {
        Marks::NONE.with(0, true, *state >= 3).with(1, true, false)
    }
}

#[test]
fn a_discovery_is_overwritten_by_later_ones() {
    let theirs = CHAIN.checker().spawn_bfs().join();
    assert_eq!(theirs.discovery("small").unwrap().into_actions().len(), 200);
    let (ours, _) = explore(&CHAIN, &Small, Limits::default(), Control::default());
    assert_eq!(ours.findings[0].violation.as_ref().unwrap().actions.len(), 3);
    let violated = second_engine::violated(CHAIN.into(), Small.into());
    assert_eq!(violated, [true, false], "asked with care it is right");
}

#[test]
fn a_truncated_run_passes_for_complete() {
    let chain = Chain { end: 10_000, ..CHAIN };
    let theirs = chain.checker().target_max_depth(3).spawn_bfs().join();
    assert!(theirs.is_done());
    theirs.assert_properties();
    let limits = Limits { depth: Some(3), ..Limits::default() };
    let (ours, _) = explore(&chain, &Small, limits, Control::default());
    assert_eq!(ours.stopped, Some(Stopped::Depth(3)));
    assert!(ours.findings.iter().all(|finding| finding.verdict == Verdict::Inconclusive));
}

#[test]
fn a_timeout_is_ignored_by_one_thread() {
    let chain = Chain { pause: Duration::from_millis(1), ..CHAIN };
    let time = Duration::from_millis(10);
    let theirs = chain.checker().timeout(time).spawn_bfs().join();
    assert_eq!(theirs.unique_state_count(), 201);
    let limits = Limits { time: Some(time), ..Limits::default() };
    let (ours, _) = explore(&chain, &Small, limits, Control::default());
    assert_eq!(ours.stopped, Some(Stopped::Time(time)));
    assert!(ours.distinct < 201);
}

#[test]
fn without_properties_nothing_is_explored() {
    let chain = Chain { with_properties: false, ..CHAIN };
    let theirs = chain.checker().spawn_bfs().join();
    assert_eq!(theirs.unique_state_count(), 1);
    assert!(theirs.is_done());
    let (ours, _) = explore(&chain, &(), Limits::default(), Control::default());
    assert_eq!((ours.distinct, ours.generated, ours.stopped), (201, 201, None));
    let counts = second_engine::count(chain.into());
    assert_eq!((counts.distinct, counts.generated, counts.depth), (201, 201, 201));
}

/// One element is put into either of two sets.
struct TwoSets;

impl Model for TwoSets {
    type State = [HashableHashSet<u8>; 2];
    type Action = usize;

    fn init_states(&self) -> Vec<Self::State> {
        vec![[HashableHashSet::new(), HashableHashSet::new()]]
    }

    fn actions(&self, state: &Self::State, actions: &mut Vec<usize>) {
        if state.iter().all(|set| set.is_empty()) {
            actions.extend([0, 1]);
        }
    }

    fn next_state(&self, state: &Self::State, set: usize) -> Option<Self::State> {
        let mut next = state.clone();
        next[set].insert(1);
        Some(next)
    }
}

#[test]
fn states_with_one_hash_are_taken_for_one() {
    assert_eq!(second_engine::count(TwoSets.into()).distinct, 2);
    let (ours, _) = explore(&TwoSets, &(), Limits::default(), Control::default());
    assert_eq!(ours.distinct, 3);
}

/// A number; all have the same hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Alike(u16);

impl Hash for Alike {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

/// Counts in circles, by twos and threes.
struct ManyAlike;

impl Model for ManyAlike {
    type State = Alike;
    type Action = u16;

    fn init_states(&self) -> Vec<Alike> {
        vec![Alike(0)]
    }

    fn actions(&self, _: &Alike, actions: &mut Vec<u16>) {
        actions.extend([2, 3]);
    }

    fn next_state(&self, state: &Alike, step: u16) -> Option<Alike> {
        Some(Alike((state.0 + step) % 1_009))
    }
}

#[test]
fn the_worst_hash_only_costs_time() {
    let (ours, _) = explore(&ManyAlike, &(), Limits::default(), Control::default());
    assert_eq!((ours.distinct, ours.generated), (1_009, 1 + 2 * 1_009));
}
