//! What the second engine gets wrong when it is asked directly, and ours does not.

use std::hash::{Hash, Hasher};
use std::time::Duration;

use failproof_explorer::{
    Control, Explorer, Judge, Kind, Limits, Marks, Reduction, Stopped, Verdict, explore,
    second_engine,
};
use stateright::util::HashableHashSet;
use stateright::{Checker, Model, Property, UniformChooser};

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

/// A graph with a place that every run should come to.
struct Places {
    steps: &'static [&'static [usize]],
    goal: usize,
}

impl Model for Places {
    type State = usize;
    type Action = usize;

    fn init_states(&self) -> Vec<usize> {
        vec![0]
    }

    fn actions(&self, state: &usize, actions: &mut Vec<usize>) {
        actions.extend(self.steps[*state]);
    }

    fn next_state(&self, _: &usize, target: usize) -> Option<usize> {
        Some(target)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![Property::eventually("arrives", |places, state| *state == places.goal)]
    }
}

/// Every run of [`Places`] comes to the goal, if it goes on as long as it can.
struct Arrives;

impl Judge<Places> for Arrives {
    fn properties(&self) -> usize {
        1
    }

    fn kind(&self, _: usize) -> Kind {
        Kind::Eventually
    }

    fn is_goal(&self, _: usize, places: &Places, state: &usize) -> bool {
        *state == places.goal
    }

    fn fairness(&self, _: &usize, _: &usize) -> Option<u8> {
        Some(0)
    }
}

/// Stateright finds nothing; the states of our violation.
fn missed_violation(places: &'static [&'static [usize]], goal: usize) -> Vec<usize> {
    let theirs = Places { steps: places, goal }.checker().spawn_bfs().join();
    theirs.assert_properties();
    let model = Places { steps: places, goal };
    let (ours, _) = explore(&model, &Arrives, Limits::default(), Control::default());
    assert_eq!(ours.findings[0].verdict, Verdict::Violated);
    ours.findings[0].violation.as_ref().unwrap().states(&model).unwrap()
}

#[test]
fn a_cycle_that_never_arrives_is_missed() {
    assert_eq!(missed_violation(&[&[1], &[2], &[1]], 3), [0, 1, 2, 1]);
}

#[test]
fn a_way_that_joins_one_that_arrived_is_missed() {
    assert_eq!(missed_violation(&[&[1, 2], &[3], &[3], &[]], 1), [0, 2, 3]);
    let theirs = Places { steps: &[&[1, 2], &[], &[3], &[]], goal: 1 }.checker().spawn_bfs().join();
    let found = theirs.discovery("arrives").unwrap();
    assert_eq!(found.into_states(), [0, 2, 3], "without the join it is found");
}

/// Three machines, each of which is switched on once; which is which makes no difference.
#[derive(Clone, Copy)]
struct Switches;

impl Model for Switches {
    type State = [bool; 3];
    type Action = usize;

    fn init_states(&self) -> Vec<[bool; 3]> {
        vec![[false; 3]]
    }

    fn actions(&self, state: &[bool; 3], actions: &mut Vec<usize>) {
        actions.extend((0..3).filter(|&machine| !state[machine]));
    }

    fn next_state(&self, state: &[bool; 3], machine: usize) -> Option<[bool; 3]> {
        let mut next = *state;
        next[machine] = true;
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![Property::always("stays open", |_, _| true)]
    }
}

fn sorted(state: &[bool; 3]) -> [bool; 3] {
    let mut sorted = *state;
    sorted.sort_unstable();
    sorted
}

/// Machines in order.
struct Sorted;

impl Reduction<Switches> for Sorted {
    fn make_canonical(&self, _: &Switches, state: &mut [bool; 3]) {
        *state = sorted(state);
    }
}

#[test]
fn a_symmetry_is_ignored_breadth_first() {
    let by_breadth = Switches.checker().symmetry_fn(sorted).spawn_bfs().join();
    let by_depth = Switches.checker().symmetry_fn(sorted).spawn_dfs().join();
    assert_eq!((by_breadth.unique_state_count(), by_depth.unique_state_count()), (8, 4));
    let (ours, _) = Explorer::new(&Switches, &()).reduction(&Sorted).explore(Control::default());
    assert_eq!((ours.distinct, ours.stopped), (4, None));
}

/// Adds digits up to a limit. Actions that would exceed it are listed, and ignored.
#[derive(Clone, Copy)]
struct Sum;

impl Model for Sum {
    type State = u32;
    type Action = u32;

    fn init_states(&self) -> Vec<u32> {
        vec![0]
    }

    fn actions(&self, _: &u32, actions: &mut Vec<u32>) {
        actions.extend([9, 1, 7, 2]);
    }

    fn next_state(&self, state: &u32, digit: u32) -> Option<u32> {
        Some(state + digit).filter(|next| *next <= 13)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![Property::always("is not 13", |_, state| *state != 13)]
    }
}

/// The property of [`Sum`].
struct IsNot13;

impl Judge<Sum> for IsNot13 {
    fn properties(&self) -> usize {
        1
    }

    fn on_state(&self, _: &Sum, state: &u32) -> Marks {
        Marks::NONE.with(0, true, *state == 13)
    }
}

#[test]
fn a_simulation_shows_runs_that_did_not_take_place() {
    let ends: Vec<u32> = (0..100)
        .filter_map(|seed| {
            let checker = Sum.checker().target_state_count(200);
            let theirs = checker.spawn_simulation(seed, UniformChooser).join();
            Some(*theirs.discovery("is not 13")?.last_state())
        })
        .collect();
    assert!(ends.iter().any(|end| *end != 13), "every one of {ends:?} should be 13");
    let (ours, _) = explore(&Sum, &IsNot13, Limits::default(), Control::default());
    let violation = ours.findings[0].violation.as_ref().unwrap();
    assert_eq!(violation.states(&Sum).unwrap().last(), Some(&13));
    assert_eq!(violation.actions.len(), 3);
}
