//! What every fair run reaches, on graphs on which the answer is plain to see.

use failproof_explorer::{
    Control, Explorer, Judge, Kind, Limits, Marks, Reduction, Stopped, Verdict, explore,
};

use crate::fairness::{EVENTUALLY, Fair, LEADS_TO, explore_fair, states};
use crate::graph::Graph;

/// The states of the violation of a property, and where it begins to repeat itself.
fn violation(graph: &Graph, fair: &Fair, property: usize) -> Option<(Vec<u32>, Option<usize>)> {
    let finding = &explore_fair(graph, fair).findings[property];
    finding.violation.as_ref()?;
    Some((states(graph, finding), finding.lasso))
}

fn verdict(graph: &Graph, fair: &Fair, property: usize) -> Verdict {
    explore_fair(graph, fair).findings[property].verdict
}

#[test]
fn a_cycle_that_never_comes_to_the_goal_is_a_lasso() {
    let graph = Graph::new(&[&[1, 3], &[2], &[1], &[]]);
    let fair = Fair::each_state(&graph).with_goals([3]);
    assert_eq!(violation(&graph, &fair, EVENTUALLY), Some((vec![0, 1, 2, 1], Some(1))));
}

#[test]
fn an_end_without_the_goal_is_no_lasso() {
    // The ways join in 3; only the upper one passes the goal 1.
    let graph = Graph::new(&[&[1, 2], &[3], &[3], &[]]);
    let fair = Fair::each_state(&graph).with_goals([1]);
    assert_eq!(violation(&graph, &fair, EVENTUALLY), Some((vec![0, 2, 3], None)));
}

#[test]
fn a_goal_passed_on_the_way_is_reached_whatever_comes_later() {
    let graph = Graph::new(&[&[1], &[2], &[2]]);
    let fair = Fair::each_state(&graph).with_goals([1]);
    assert_eq!(verdict(&graph, &fair, EVENTUALLY), Verdict::Holds);
}

#[test]
fn a_way_out_of_a_cycle_is_taken_only_if_somebody_guarantees_it() {
    let graph = Graph::new(&[&[0, 1], &[]]);
    let fair = Fair::default().with_class(0, 0, 0).with_goals([1]);
    assert_eq!(violation(&graph, &fair, EVENTUALLY), Some((vec![0, 0], Some(0))));
    let of_the_same_class = fair.clone().with_class(0, 1, 0);
    assert_eq!(violation(&graph, &of_the_same_class, EVENTUALLY), Some((vec![0, 0], Some(0))));
    assert_eq!(verdict(&graph, &fair.with_class(0, 1, 1), EVENTUALLY), Verdict::Holds);
}

#[test]
fn what_is_possible_only_now_and_then_need_not_be_taken() {
    let graph = Graph::new(&[&[1], &[0, 2], &[]]);
    let fair = Fair::each_state(&graph).with_class(1, 1, 7).with_goals([2]);
    assert_eq!(violation(&graph, &fair, EVENTUALLY), Some((vec![0, 1, 0], Some(0))));
    let always = Graph::new(&[&[1, 2], &[0, 2], &[]]);
    let fair = fair.with_class(0, 1, 7);
    assert_eq!(verdict(&always, &fair, EVENTUALLY), Verdict::Holds);
}

#[test]
fn who_need_not_go_on_may_stop() {
    // Nobody guarantees the step from 1, as with a fault.
    let graph = Graph::new(&[&[1], &[2], &[]]);
    let fair = Fair::default().with_class(0, 0, 0).with_goals([2]);
    assert_eq!(violation(&graph, &fair, EVENTUALLY), Some((vec![0, 1], None)));
    assert_eq!(verdict(&graph, &fair.with_class(1, 0, 0), EVENTUALLY), Verdict::Holds);
}

#[test]
fn a_loop_gives_every_class_its_due() {
    // 1, 2 and 3 are one component. Class 1 is taken only by the step from 2 to 3, though 1 -> 2 -> 1 is shorter.
    let graph = Graph::new(&[&[1], &[2, 4], &[1, 3, 4], &[1, 4], &[]]);
    let fair = Fair::default()
        .with_class(0, 0, 0)
        .with_class(1, 0, 0)
        .with_class(1, 1, 1)
        .with_class(2, 1, 1)
        .with_class(2, 2, 1)
        .with_class(3, 1, 1)
        .with_goals([4]);
    assert_eq!(violation(&graph, &fair, EVENTUALLY), Some((vec![0, 1, 2, 3, 1], Some(1))));
}

#[test]
fn of_two_steps_between_the_same_states_the_loop_takes_the_one_that_is_due() {
    let graph = Graph::new(&[&[0, 0, 0, 1], &[]]);
    let fair =
        Fair::default().with_class(0, 1, 1).with_class(0, 2, 2).with_class(0, 3, 2).with_goals([1]);
    assert_eq!(violation(&graph, &fair, EVENTUALLY), Some((vec![0, 0, 0], Some(0))));
}

#[test]
fn a_way_with_goals_leads_to_a_premise_without_one() {
    // The goal 1 is passed before the premise 2; from there on 3 goes round, and the goal 4 is left out.
    let graph = Graph::new(&[&[1], &[2], &[3, 4], &[3], &[]]);
    let fair = Fair::each_state(&graph).with_goals([1, 4]).with_premises([2]);
    assert_eq!(violation(&graph, &fair, LEADS_TO), Some((vec![0, 1, 2, 3, 3], Some(3))));
    assert_eq!(verdict(&graph, &fair, EVENTUALLY), Verdict::Holds);
}

#[test]
fn a_premise_that_is_a_goal_asks_for_nothing() {
    let graph = Graph::new(&[&[1], &[1]]);
    let fair = Fair::each_state(&graph).with_goals([1]).with_premises([1]);
    assert_eq!(verdict(&graph, &fair, LEADS_TO), Verdict::Holds);
    assert_eq!(verdict(&graph, &fair.with_premises([]), LEADS_TO), Verdict::Vacuous);
}

#[test]
fn a_premise_reached_late_counts_by_the_steps_to_its_loop() {
    // From the premise 1 it is three steps to the loop at 4; the premise 3, two steps away, is a loop itself.
    let graph = Graph::new(&[&[1, 2], &[5], &[3], &[3], &[4], &[6], &[4]]);
    let fair = Fair::each_state(&graph).with_premises([1, 3]);
    assert_eq!(violation(&graph, &fair, LEADS_TO), Some((vec![0, 2, 3, 3], Some(2))));
}

#[test]
fn a_run_that_is_cut_off_says_nothing() {
    let graph = Graph::new(&[&[0, 1], &[2], &[]]);
    let fair = Fair::default().with_class(0, 0, 0).with_premises([0]);
    let limits = Limits { states: Some(2), ..Limits::default() };
    let (result, _) = explore(&graph, &fair, limits, Control::default());
    assert_eq!(result.stopped, Some(Stopped::States(2)));
    assert!(result.findings.iter().all(|finding| finding.verdict == Verdict::Inconclusive));
    assert!(result.findings.iter().all(|finding| finding.violation.is_none()));
    assert_eq!(verdict(&graph, &fair, EVENTUALLY), Verdict::Violated);
}

/// Leaves everything as it is, and does not say what that does to fairness.
struct Silent;

impl Reduction<Graph> for Silent {}

#[test]
fn a_reduction_that_does_not_vouch_for_fairness_leaves_it_open() {
    let graph = Graph::new(&[&[0]]);
    let fair = Fair::each_state(&graph).with_premises([0]);
    let (result, _) = Explorer::new(&graph, &fair).reduction(&Silent).explore(Control::default());
    assert_eq!(result.stopped, None);
    assert!(result.findings.iter().all(|finding| finding.verdict == Verdict::Inconclusive));
}

/// Sixty-three properties whose premise takes a place of its own: there is room for one.
struct Crowded;

impl Judge<Graph> for Crowded {
    fn properties(&self) -> usize {
        63
    }

    fn kind(&self, _: usize) -> Kind {
        Kind::LeadsTo
    }

    fn on_state(&self, _: &Graph, _: &u32) -> Marks {
        Marks { triggered: !0, violated: !0 }
    }

    fn is_premise(&self, _: usize, _: &Graph, _: &u32) -> bool {
        true
    }
}

#[test]
fn a_premise_that_there_is_no_room_for_leaves_its_property_open() {
    let graph = Graph::new(&[&[]]);
    let (result, _) = explore(&graph, &Crowded, Limits::default(), Control::default());
    assert_eq!(result.findings[0].verdict, Verdict::Violated);
    let others = &result.findings[1..];
    assert!(others.iter().all(|finding| finding.verdict == Verdict::Inconclusive));
}
