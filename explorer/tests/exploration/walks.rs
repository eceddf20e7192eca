//! Random walks: what they see is true, they say nothing of the rest, and only their seed decides about them.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use failproof_explorer::reference_models::region_failover::{
    A_WITH_THE_BUG, Consistency, RegionFailover, TINY,
};
use failproof_explorer::{
    Control, Judge, Kind, Limits, Marks, Path, Simulation, Stopped, Verdict, WalkControl,
    WalkProgress, Walks, explore, simulate,
};
use proptest::prelude::*;

use crate::graph::{ANY, BAD_STATE, BAD_STEP, GOAL, Graph, Lists, STUCK, Step, explore_all};
use crate::random_graphs::{Naive, graphs, lists};

type Walked = Simulation<(usize, Step)>;

fn walk(graph: &Graph, lists: &Lists, walks: &Walks) -> Walked {
    simulate(graph, lists, walks, 1, WalkControl::default())
}

/// Everything but times.
fn settled<A: PartialEq + std::fmt::Debug>(mut simulation: Simulation<A>) -> String {
    simulation.elapsed = Duration::ZERO;
    format!("{simulation:?}")
}

const FEW: Walks = Walks { walks: 40, steps: 12, seed: 1, states: 1 << 10, time: None };

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn what_walks_have_seen_is_true(graph in graphs(), lists in lists(), seed in any::<u64>()) {
        let result = walk(&graph, &lists, &Walks { seed, ..FEW });
        let (explored, _) = explore_all(&graph, &lists);
        let naive = Naive::new(&graph);
        prop_assert!(result.distinct <= explored.distinct && !result.more_distinct);
        prop_assert_eq!(result.walks, if explored.distinct == 0 { 0 } else { FEW.walks });
        for property in [BAD_STATE, BAD_STEP, STUCK, ANY, GOAL] {
            let finding = &result.findings[property];
            let violated = finding.violation.is_some();
            prop_assert_eq!(finding.verdict == Verdict::Violated, violated);
            prop_assert!(violated || finding.verdict == Verdict::Inconclusive);
            prop_assert!(property != GOAL || !violated, "walks cannot tell what stays possible");
            let nearest = naive.nearest_violation(&lists, property);
            if let Some(path) = &finding.violation {
                prop_assert!(Some(path.actions.len()) >= nearest && nearest.is_some());
                prop_assert!(ends_in_violation(&graph, &lists, property, path));
            }
            if let Some(path) = &finding.witness {
                let last = *path.states(&graph).unwrap().last().unwrap();
                prop_assert!(lists.triggers.contains(&last));
            }
        }
        let known = result.rules.iter().zip(&explored.rules);
        prop_assert!(known.clone().all(|(seen, all)| seen.fired == 0 || all.fired > 0));
        prop_assert!(known.clone().all(|(seen, _)| seen.fired <= seen.enabled));
    }

    /// As long as nothing is so far away that a walk gets there less often than once in a thousand times.
    #[test]
    fn enough_walks_see_everything(graph in graphs(), lists in lists(), seed in any::<u64>()) {
        let (explored, _) = explore_all(&graph, &lists);
        prop_assume!(explored.depth <= 5);
        let result = walk(&graph, &lists, &Walks { walks: 10_000, seed, ..FEW });
        prop_assert_eq!(result.distinct, explored.distinct);
        for (seen, all) in result.findings.iter().zip(&explored.findings) {
            let length = |path: &Option<Path<_>>| Some(path.as_ref()?.actions.len());
            prop_assert_eq!(length(&seen.witness), length(&all.witness));
            if seen.kind == Kind::Safety {
                prop_assert_eq!(length(&seen.violation), length(&all.violation));
            }
        }
        let gauges = if explored.distinct == 0 { vec![0] } else { explored.gauges };
        prop_assert_eq!(result.gauges, gauges);
        for (seen, all) in result.rules.iter().zip(&explored.rules) {
            prop_assert_eq!((seen.enabled > 0, seen.fired > 0), (all.enabled > 0, all.fired > 0));
        }
    }

    #[test]
    fn walks_do_not_depend_on_threads(graph in graphs(), lists in lists(), seed in any::<u64>()) {
        let walks = Walks { seed, states: 5, ..FEW };
        let with = |threads| {
            settled(simulate(&graph, &lists, &walks, threads, WalkControl::default()))
        };
        let alone = with(1);
        for threads in [0, 2, 3, 8] {
            prop_assert_eq!(&with(threads), &alone);
        }
    }
}

/// Whether a path violates a property at its end, by the judge's own words.
fn ends_in_violation(
    graph: &Graph,
    lists: &Lists,
    property: usize,
    path: &Path<(usize, Step)>,
) -> bool {
    let states = path.states(graph).expect("a violation is a path of the graph");
    let last = states.last().expect("a path has a first state");
    let row = graph.row(*last).iter().filter_map(|step| step.target);
    let successors = row.filter(|next| !graph.outside.contains(next)).count();
    let mut marks = lists.on_state(graph, last) | lists.on_expanded(graph, last, successors);
    if let ([.., before, after], Some(action)) = (states.as_slice(), path.actions.last()) {
        marks = marks | lists.on_step(graph, before, action, after);
    }
    marks.violated >> property & 1 == 1
}

#[test]
fn the_bug_is_found_and_its_path_replays() {
    let model = RegionFailover::new(A_WITH_THE_BUG);
    let walks = Walks { walks: 20_000, seed: 7, ..Walks::default() };
    let result = simulate(&model, &Consistency, &walks, 2, WalkControl::default());
    assert_eq!(result.findings[0].verdict, Verdict::Violated);
    let violation = result.findings[0].violation.as_ref().unwrap();
    assert!(violation.actions.len() >= 17, "the shortest of all takes 17 steps");
    let states = violation.states(&model).unwrap();
    let is_bad = |state| Consistency.on_state(&model, state).violated == 1;
    assert_eq!(states.iter().position(is_bad), Some(violation.actions.len()));
}

/// Pinned, so that a seed means the same walks on every machine and in every release.
#[test]
fn a_seed_means_the_same_walks_everywhere() {
    let model = RegionFailover::new(TINY);
    let walks = Walks { walks: 1_000, seed: 7, ..Walks::default() };
    let result = simulate(&model, &Consistency, &walks, 1, WalkControl::default());
    assert_eq!((result.walks, result.ended, result.stopped), (1_000, 1_000, None));
    assert_eq!((result.steps, result.longest, result.distinct), (17_010, 26, 6_256));
    let other =
        simulate(&model, &Consistency, &Walks { seed: 8, ..walks }, 1, WalkControl::default());
    assert_ne!(result.steps, other.steps);
}

#[test]
fn every_rule_that_exploration_fires_is_fired_by_walks_and_nothing_is_said_to_hold() {
    let model = RegionFailover::new(TINY);
    let (explored, _) = explore(&model, &Consistency, Limits::default(), Control::default());
    assert_eq!(explored.findings[0].verdict, Verdict::Holds);
    let result = simulate(&model, &Consistency, &Walks::default(), 2, WalkControl::default());
    assert_eq!(result.findings[0].verdict, Verdict::Inconclusive);
    let fired = |fired: Vec<u64>| fired.into_iter().map(|n| n > 0).collect::<Vec<_>>();
    assert_eq!(
        fired(result.rules.iter().map(|rule| rule.fired).collect()),
        fired(explored.rules.iter().map(|rule| rule.fired).collect())
    );
    assert!(result.distinct > explored.distinct / 10 && result.distinct <= explored.distinct);
}

#[test]
fn more_walks_begin_with_the_same_ones() {
    let model = RegionFailover::new(TINY);
    let steps = |walks| {
        let walks = Walks { walks, ..Walks::default() };
        simulate(&model, &Consistency, &walks, 2, WalkControl::default()).steps
    };
    let totals: Vec<u64> = (0..20).map(steps).collect();
    assert_eq!(totals[0], 0);
    let lengths: Vec<u64> = totals.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(lengths.iter().all(|&length| length > 0));
    assert!(lengths.iter().collect::<BTreeSet<_>>().len() > 5, "{lengths:?}");
}

#[test]
fn every_step_is_as_likely_as_the_others() {
    // A step that is ignored and one out of the boundary are none.
    let mut graph = Graph::new(&[&[1, 2, 3, 4, 5]]);
    graph.steps[0][1].target = None;
    graph.outside = BTreeSet::from([3]);
    let visits = |state| {
        let lists = Lists { bad_states: BTreeSet::from([state]), ..Lists::default() };
        let one = |seed| walk(&graph, &lists, &Walks { walks: 1, seed, ..FEW });
        (0..3_000).filter(|&seed| one(seed).findings[BAD_STATE].violation.is_some()).count()
    };
    let visited: Vec<usize> = (1..=5).map(visits).collect();
    assert_eq!((visited[1], visited[2]), (0, 0), "{visited:?}");
    assert!([0, 3, 4].iter().all(|&i| (900..1_100).contains(&visited[i])), "{visited:?}");
}

#[test]
fn walks_begin_in_every_initial_state() {
    let graph = Graph { initial: vec![2, 0, 1], ..Graph::new(&[&[], &[], &[]]) };
    let outside = BTreeSet::from([0]);
    let graph = Graph { outside, ..graph };
    let lists = Lists { bad_states: BTreeSet::from([1]), ..Lists::default() };
    let result = walk(&graph, &lists, &FEW);
    assert_eq!((result.distinct, result.ended, result.steps), (2, FEW.walks, 0));
    let path = result.findings[BAD_STATE].violation.as_ref().unwrap();
    assert_eq!((path.initial, path.actions.len()), (2, 0));
}

#[test]
fn a_walk_in_circles_meets_its_limit() {
    let graph = Graph::new(&[&[1], &[2], &[0]]);
    let result = walk(&graph, &Lists::default(), &FEW);
    assert_eq!((result.walks, result.ended), (FEW.walks, 0));
    assert_eq!((result.steps, result.longest), (FEW.walks * FEW.steps as u64, FEW.steps));
    assert_eq!((result.distinct, result.more_distinct), (3, false));
    let few = Walks { states: 2, ..FEW };
    let result = walk(&graph, &Lists::default(), &few);
    assert_eq!((result.distinct, result.more_distinct), (2, true));
    let none = Walks { steps: 0, ..FEW };
    assert_eq!(walk(&graph, &Lists::default(), &none).longest, 0);
}

/// More properties than there is room for, of both kinds; all are triggered and violated.
struct TooMany;

impl Judge<Graph> for TooMany {
    fn properties(&self) -> usize {
        66
    }

    fn kind(&self, property: usize) -> Kind {
        if property & 1 == 0 { Kind::Safety } else { Kind::Reachability }
    }

    fn on_state(&self, _: &Graph, _: &u32) -> Marks {
        Marks { triggered: !0, violated: !0 }
    }
}

#[test]
fn what_walks_cannot_tell_is_inconclusive() {
    let result = simulate(&Graph::new(&[&[]]), &TooMany, &FEW, 1, WalkControl::default());
    assert_eq!(result.findings.len(), 66);
    for (property, finding) in result.findings.iter().enumerate() {
        let violated = property & 1 == 0 && property < 64;
        let verdict = if violated { Verdict::Violated } else { Verdict::Inconclusive };
        assert_eq!((finding.verdict, finding.violation.is_some()), (verdict, violated));
        assert_eq!(finding.witness.is_some(), property < 64);
    }
}

#[test]
fn time_and_interruption_end_it() {
    let graph = Graph::new(&[&[1], &[0]]);
    let endless = Walks { walks: u64::MAX, steps: usize::MAX, ..FEW };
    let time = Duration::from_millis(30);
    for threads in [1, 2] {
        let walks = Walks { time: Some(time), ..endless };
        let control = WalkControl::default();
        let result = simulate(&graph, &Lists::default(), &walks, threads, control);
        assert_eq!(result.stopped, Some(Stopped::Time(time)));
        assert_eq!(result.walks, 0, "what was stopped half way is no walk");
        assert!(result.steps > 0 && result.distinct == 2);
        let flag = AtomicBool::new(true);
        let control = WalkControl { interrupted: Some(&flag), progress: None };
        let result = simulate(&graph, &Lists::default(), &endless, threads, control);
        assert_eq!((result.stopped, result.steps), (Some(Stopped::Interrupted), 0));
    }
}

#[test]
fn progress_is_told_and_may_end_it() {
    let graph = Graph::new(&[&[1], &[2], &[]]);
    let flag = AtomicBool::new(false);
    let mut reports: Vec<WalkProgress> = Vec::new();
    let mut progress = |report: &WalkProgress| {
        reports.push(*report);
        flag.store(reports.len() == 3, Ordering::Relaxed);
    };
    let control = WalkControl { interrupted: Some(&flag), progress: Some(&mut progress) };
    let walks = Walks { walks: u64::MAX, ..FEW };
    let result = simulate(&graph, &Lists::default(), &walks, 2, control);
    assert_eq!(result.stopped, Some(Stopped::Interrupted));
    assert_eq!(reports.len(), 3);
    let grows = |a: &WalkProgress, b: &WalkProgress| a.walks < b.walks && a.steps < b.steps;
    assert!(reports.windows(2).all(|pair| grows(&pair[0], &pair[1])), "{reports:?}");
    assert!(reports.iter().all(|report| (report.distinct, report.walks_max) == (3, u64::MAX)));
}
