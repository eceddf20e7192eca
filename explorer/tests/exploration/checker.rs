//! Our engine behind Stateright's interface, on models as Stateright writes them.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use failproof_explorer::{Check, Checked, Codec, Encoded, Fingerprints, Limits, Stopped, check};
use proptest::prelude::*;
use stateright::report::WriteReporter;
use stateright::{Checker, Model, Property};

use crate::graph::Graph;
use crate::random_graphs::{Naive, graphs};

/// Two-phase commit with the data structures and properties that Stateright's own example has.
#[derive(Clone)]
struct TwoPhaseCommit {
    participants: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct State {
    participants: Vec<Progress>,
    manager: Progress,
    prepared: Vec<bool>,
    messages: BTreeSet<Message>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Progress {
    Working,
    Prepared,
    Committed,
    Aborted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Message {
    Prepared(usize),
    Commit,
    Abort,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    ReceivePrepared(usize),
    Commit,
    Abort,
    Prepare(usize),
    GiveUp(usize),
    ReceiveCommit(usize),
    ReceiveAbort(usize),
}

impl Model for TwoPhaseCommit {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        vec![State {
            participants: vec![Progress::Working; self.participants],
            manager: Progress::Working,
            prepared: vec![false; self.participants],
            messages: BTreeSet::new(),
        }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        let undecided = state.manager == Progress::Working;
        if undecided && state.prepared.iter().all(|prepared| *prepared) {
            actions.push(Action::Commit);
        }
        if undecided {
            actions.push(Action::Abort);
        }
        for i in 0..self.participants {
            if undecided && state.messages.contains(&Message::Prepared(i)) {
                actions.push(Action::ReceivePrepared(i));
            }
            if state.participants[i] == Progress::Working {
                actions.extend([Action::Prepare(i), Action::GiveUp(i)]);
            }
            if state.messages.contains(&Message::Commit) {
                actions.push(Action::ReceiveCommit(i));
            }
            if state.messages.contains(&Message::Abort) {
                actions.push(Action::ReceiveAbort(i));
            }
        }
    }

    fn next_state(&self, last: &State, action: Action) -> Option<State> {
        let mut state = last.clone();
        match action {
            Action::ReceivePrepared(i) => state.prepared[i] = true,
            Action::Commit => {
                state.manager = Progress::Committed;
                state.messages.insert(Message::Commit);
            }
            Action::Abort => {
                state.manager = Progress::Aborted;
                state.messages.insert(Message::Abort);
            }
            Action::Prepare(i) => {
                state.participants[i] = Progress::Prepared;
                state.messages.insert(Message::Prepared(i));
            }
            Action::GiveUp(i) | Action::ReceiveAbort(i) => {
                state.participants[i] = Progress::Aborted;
            }
            Action::ReceiveCommit(i) => state.participants[i] = Progress::Committed,
        }
        Some(state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::sometimes("abort agreement", |_, state: &State| {
                state.participants.iter().all(|it| *it == Progress::Aborted)
            }),
            Property::sometimes("commit agreement", |_, state: &State| {
                state.participants.iter().all(|it| *it == Progress::Committed)
            }),
            Property::always("consistent", |_, state: &State| {
                let any = |progress| state.participants.contains(&progress);
                !(any(Progress::Committed) && any(Progress::Aborted))
            }),
        ]
    }
}

/// Counts, and the length of each discovery.
fn found<M, C>(checker: &C) -> ((usize, usize, usize), BTreeMap<&'static str, usize>)
where
    M: Model,
    M::State: Clone + PartialEq,
    M::Action: Clone + PartialEq,
    C: Checker<M>,
{
    let counts = (checker.unique_state_count(), checker.state_count(), checker.max_depth());
    let length = |(name, path): (_, stateright::Path<_, _>)| (name, path.into_actions().len());
    (counts, checker.discoveries().into_iter().map(length).collect())
}

#[test]
fn it_counts_and_discovers_what_stateright_does() {
    for (participants, expected) in [(3, (288, 1_146, 11)), (5, (8_832, 58_146, 17))] {
        let model = TwoPhaseCommit { participants };
        let ours = check(model.clone()).threads(2).run();
        ours.assert_properties();
        let (breadth_first, depth_first) =
            (model.clone().checker().spawn_bfs().join(), model.checker().spawn_dfs().join());
        let (counts, discoveries) = found(&ours);
        assert_eq!(counts, expected);
        for (their_counts, their_discoveries) in [found(&breadth_first), found(&depth_first)] {
            assert_eq!((counts.0, counts.1), (their_counts.0, their_counts.1));
            assert!(discoveries.keys().eq(their_discoveries.keys()));
            for (ours, theirs) in discoveries.values().zip(their_discoveries.values()) {
                assert!(ours <= theirs, "ours are shortest");
            }
        }
        assert_eq!(found(&breadth_first).0.2, counts.2);
    }
}

#[test]
fn discoveries_are_asserted_by_actions() {
    let model = TwoPhaseCommit { participants: 2 };
    let checker = check(model).run().join();
    checker.assert_discovery("abort agreement", vec![Action::GiveUp(1), Action::GiveUp(0)]);
    let commit = [Action::Prepare(0), Action::Prepare(1)]
        .into_iter()
        .chain([Action::ReceivePrepared(0), Action::ReceivePrepared(1), Action::Commit])
        .chain([Action::ReceiveCommit(0), Action::ReceiveCommit(1)]);
    checker.assert_discovery("commit agreement", commit.collect());
    checker.assert_no_discovery("consistent");
    let wrong = || checker.assert_discovery("commit agreement", vec![Action::GiveUp(0)]);
    assert!(catch_unwind(AssertUnwindSafe(wrong)).is_err());
    let path = checker.discovery("abort agreement").unwrap();
    assert_eq!(path.into_states().len(), 3);
}

#[test]
fn it_reports_as_stateright_does() {
    let model = TwoPhaseCommit { participants: 3 };
    let report = |limits, together| {
        let mut text = Vec::new();
        let checker = check(model.clone()).limits(limits).run();
        let reporter = &mut WriteReporter::new(&mut text);
        if together {
            checker.join_and_report(reporter)
        } else {
            checker.report(reporter)
        };
        String::from_utf8(text).unwrap()
    };
    for together in [false, true] {
        let text = report(Limits::default(), together);
        let first = text.lines().next().unwrap();
        assert_eq!(first, "Done. states=1146, unique=288, depth=11, sec=0");
        assert!(text.contains("Discovered \"abort agreement\" example Path[3]:"), "{text}");
        let limits = Limits { states: Some(100), ..Limits::default() };
        let text = report(limits, together);
        assert!(text.starts_with("Checking. states="), "it is not done: {text}");
    }
}

#[test]
fn a_run_that_was_stopped_is_not_done_and_asserts_nothing() {
    let model = TwoPhaseCommit { participants: 3 };
    let limits = Limits { depth: Some(5), ..Limits::default() };
    let checker = check(model.clone()).limits(limits).run();
    assert_eq!(checker.stopped(), Some(Stopped::Depth(5)));
    assert!(!checker.is_done());
    checker.assert_any_discovery("abort agreement");
    for claim in [
        &(|| checker.assert_properties()) as &dyn Fn(),
        &|| checker.assert_no_discovery("consistent"),
        &|| drop(checker.assert_any_discovery("commit agreement")),
    ] {
        let panic = catch_unwind(AssertUnwindSafe(claim)).unwrap_err();
        let message = panic.downcast_ref::<String>().unwrap();
        assert!(message.contains("model checking is incomplete"), "{message}");
    }
    assert!(check(model).limits(Limits { depth: Some(11), ..limits }).run().is_done());
}

/// A graph whose property is that every run comes to a multiple of three.
struct Comes(Graph);

impl Model for Comes {
    type State = u32;
    type Action = <Graph as Model>::Action;

    fn init_states(&self) -> Vec<u32> {
        self.0.init_states()
    }

    fn actions(&self, state: &u32, actions: &mut Vec<Self::Action>) {
        self.0.actions(state, actions);
    }

    fn next_state(&self, last: &u32, action: Self::Action) -> Option<u32> {
        self.0.next_state(last, action)
    }

    fn within_boundary(&self, state: &u32) -> bool {
        self.0.within_boundary(state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![Property::eventually("comes", |_, state| is_goal(*state))]
    }
}

/// Writes the states of [`Comes`].
#[derive(Clone, Copy)]
struct Numbers;

impl Codec<Comes> for Numbers {
    fn encode(&self, _: &Comes, state: &u32, out: &mut Vec<u8>) {
        out.extend(state.to_le_bytes());
    }

    fn decode(&self, _: &Comes, bytes: &[u8]) -> Option<u32> {
        Some(u32::from_le_bytes(bytes.try_into().ok()?))
    }
}

fn is_goal(state: u32) -> bool {
    state.is_multiple_of(3)
}

/// The states of the discovery.
fn avoids(checked: &Checked<Comes>) -> Option<Vec<u32>> {
    checked.discovery("comes").map(stateright::Path::into_states)
}

fn comes(first: u32, steps: &[&[u32]]) -> Check<Comes> {
    check(Comes(Graph { initial: vec![first], ..Graph::new(steps) }))
}

#[test]
fn eventually_is_right_on_a_cycle_which_stateright_misses() {
    let steps: &[&[u32]] = &[&[], &[2, 3], &[1], &[]];
    let ours = comes(1, steps).run();
    assert!(ours.is_done());
    assert_eq!(avoids(&ours), Some(vec![1, 2, 1]));
    let theirs = Comes(Graph { initial: vec![1], ..Graph::new(steps) });
    theirs.checker().spawn_bfs().join().assert_properties();
}

#[test]
fn eventually_is_right_where_paths_join_which_stateright_misses() {
    // 1 -> 3 -> 4 comes to a goal, 1 -> 2 -> 5 -> 4 does not, and joins it at the end.
    let steps: &[&[u32]] = &[&[], &[3, 2], &[5], &[4], &[], &[4]];
    let ours = comes(1, steps).run();
    assert_eq!(avoids(&ours), Some(vec![1, 2, 5, 4]));
    let theirs = Comes(Graph { initial: vec![1], ..Graph::new(steps) });
    theirs.checker().spawn_bfs().join().assert_properties();
}

#[test]
fn eventually_is_not_said_of_what_was_not_seen() {
    let steps: &[&[u32]] = &[&[], &[2], &[4], &[], &[5], &[7], &[], &[3]];
    let within = |depth| {
        let limits = Limits { depth, ..Limits::default() };
        let checked = comes(1, steps).limits(limits).run();
        (checked.is_done(), avoids(&checked).is_some())
    };
    assert_eq!(within(None), (true, false));
    assert_eq!(within(Some(5)), (false, false));
}

/// The way round the goal is longer than the way through it.
#[test]
fn eventually_is_not_said_where_only_the_way_round_the_goals_was_cut_off() {
    let steps: &[&[u32]] = &[&[], &[3, 2], &[4], &[5], &[5], &[7], &[], &[]];
    let within = |depth| comes(1, steps).limits(Limits { depth, ..Limits::default() }).run();
    let cut_off = within(Some(4));
    assert_eq!(cut_off.exploration().stopped, None);
    assert_eq!((cut_off.is_done(), cut_off.stopped()), (false, Some(Stopped::Depth(4))));
    assert_eq!(
        (within(Some(5)).is_done(), avoids(&within(Some(5)))),
        (true, avoids(&within(None)))
    );
    assert_eq!(avoids(&within(None)), Some(vec![1, 2, 4, 5, 7]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    /// A run that avoids the goals ever after is one that takes more steps than there are states, or ends before.
    #[test]
    fn eventually_is_what_it_says(graph in graphs()) {
        let naive = Naive::new(&graph);
        let ends = naive.ends();
        let initial = graph.initial.iter().filter(|state| !graph.outside.contains(state));
        let mut now: BTreeSet<u32> = initial.copied().filter(|state| !is_goal(*state)).collect();
        let mut avoidable = false;
        for _ in 0..10 {
            avoidable |= now.iter().any(|state| ends.contains(state));
            let steps = naive.steps().into_iter();
            let next = steps.filter(|(from, to, _)| now.contains(from) && !is_goal(*to));
            now = next.map(|(_, to, _)| to).collect();
        }
        avoidable |= !now.is_empty();
        let whole = check(Comes(graph.clone())).run();
        prop_assert_eq!(avoids(&whole).is_some(), avoidable);
        if let Some(states) = avoids(&whole) {
            let (last, before) = states.split_last().unwrap();
            prop_assert!(states.iter().all(|state| !is_goal(*state)));
            prop_assert!(ends.contains(last) || before.contains(last), "{:?}", states);
        }
        let graph = || Comes(graph.clone());
        let others = [
            check(graph()).store(Fingerprints).threads(3).run(),
            check(graph()).store(Encoded(Numbers)).run(),
        ];
        for other in others {
            prop_assert_eq!(avoids(&other), avoids(&whole));
        }
    }
}
