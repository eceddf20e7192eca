//! Small graphs on which the answer is plain to see.

use std::collections::BTreeSet;

use failproof_explorer::{
    Control, Cost, Explorer, Judge, Kind, Limits, Marks, Most, Path, Verdict, explore,
};

use crate::graph::{
    ANY, BAD_STATE, BAD_STEP, Explored, GOAL, Graph, Lists, STUCK, Step, assert_engines_agree,
    explore_all,
};

/// All properties are triggered by state 0.
fn lists() -> Lists {
    Lists { triggers: BTreeSet::from([0]), ..Lists::default() }
}

fn with_goals<const N: usize>(goals: [u32; N]) -> Lists {
    Lists { goals: BTreeSet::from(goals), ..lists() }
}

/// Explores by both engines.
fn both(graph: &Graph, lists: &Lists) -> Explored {
    let explored = explore_all(graph, lists);
    assert_engines_agree(graph, lists, &explored.0);
    explored
}

/// The states that the violation of a property goes through, if it is violated.
fn violation(graph: &Graph, (result, _): &Explored, property: usize) -> Option<Vec<u32>> {
    let finding = &result.findings[property];
    assert_eq!(finding.verdict == Verdict::Violated, finding.violation.is_some());
    let path = finding.violation.as_ref()?;
    Some(path.states(graph).expect("a violation is a path of the graph"))
}

#[test]
fn a_cycle_without_the_goal_is_found() {
    // 0 -> goal 1, and 0 -> 2 <-> 3 from which there is no way back.
    let graph = Graph::new(&[&[1, 2], &[], &[3], &[2]]);
    let explored = both(&graph, &with_goals([1]));
    assert_eq!(violation(&graph, &explored, GOAL), Some(vec![0, 2]));
    assert_eq!(explored.0.findings[GOAL].kind, Kind::Reachability);
}

#[test]
fn a_cycle_with_a_way_out_keeps_the_goal_reachable() {
    let graph = Graph::new(&[&[1, 2], &[], &[3], &[2, 1]]);
    let explored = both(&graph, &with_goals([1]));
    assert_eq!(violation(&graph, &explored, GOAL), None);
    assert_eq!(explored.0.findings[GOAL].verdict, Verdict::Holds);
}

#[test]
fn a_goal_that_takes_a_mishap_is_not_reachable() {
    // 0 -> 1 -> goal 2, and the second step of 1, a mishap, leads to goal 3; from 4 only a mishap does.
    let graph = Graph::new(&[&[1, 4], &[2, 3], &[], &[], &[4, 3]]);
    let lists = Lists { mishaps_from: Some(1), ..with_goals([2, 3]) };
    let explored = both(&graph, &lists);
    assert_eq!(violation(&graph, &explored, GOAL), Some(vec![0, 4]));
    let lists = Lists { mishaps_from: None, ..with_goals([2, 3]) };
    assert_eq!(both(&graph, &lists).0.findings[GOAL].verdict, Verdict::Holds);
}

#[test]
fn who_only_waits_for_a_mishap_is_stuck() {
    let graph = Graph::new(&[&[1], &[2], &[]]);
    let lists = Lists { mishaps_from: Some(0), ..with_goals([2]) };
    let explored = both(&graph, &lists);
    assert_eq!(violation(&graph, &explored, STUCK), Some(vec![0]));
}

#[test]
fn a_goal_that_lies_on_a_cycle_is_reached_again() {
    let graph = Graph::new(&[&[1], &[2], &[0]]);
    let explored = both(&graph, &with_goals([1]));
    assert_eq!(explored.0.findings[GOAL].verdict, Verdict::Holds);
}

#[test]
fn a_goal_passed_on_one_way_does_not_count_for_the_other() {
    // Both ways join in 3; only the upper one passes the goal 1, and behind the join there is none.
    let graph = Graph::new(&[&[1, 2], &[3], &[3], &[]]);
    let explored = both(&graph, &with_goals([1]));
    assert_eq!(violation(&graph, &explored, GOAL), Some(vec![0, 2]));
}

#[test]
fn without_any_goal_the_initial_state_is_cut_off() {
    let graph = Graph::new(&[&[1], &[0]]);
    assert_eq!(violation(&graph, &both(&graph, &lists()), GOAL), Some(vec![0]));
}

#[test]
fn a_goal_never_triggered_is_vacuous() {
    let graph = Graph::new(&[&[1], &[]]);
    let explored = both(&graph, &Lists { triggers: BTreeSet::new(), ..with_goals([1]) });
    assert_eq!(explored.0.findings[GOAL].verdict, Verdict::Vacuous);
    assert_eq!(explored.0.findings[BAD_STATE].verdict, Verdict::Vacuous);
}

#[test]
fn a_stuck_state_is_one_without_successors() {
    // 2 only has an ignored action, 3 only leads out of the boundary, 4 only to itself; 5 is meant to end.
    let mut graph = Graph::new(&[&[4, 5, 3, 2], &[], &[], &[6], &[4], &[]]);
    graph.steps[2] = vec![Step { target: None, cost: 0 }];
    graph.outside = BTreeSet::from([6]);
    let explored = both(&graph, &with_goals([5]));
    assert_eq!(violation(&graph, &explored, STUCK), Some(vec![0, 3]));
    assert_eq!(explored.0.distinct, 5);
    assert_eq!(explored.0.generated, 1 + 4 + 1);
}

#[test]
fn a_stuck_state_is_shorter_than_what_its_level_leads_to() {
    // 1 leads to the bad state 3 before it turns out that 2, on the same level, is stuck.
    let graph = Graph::new(&[&[1, 2], &[3], &[], &[3]]);
    let lists = Lists { bad_states: BTreeSet::from([3]), ..lists() };
    let explored = both(&graph, &lists);
    assert_eq!(violation(&graph, &explored, BAD_STATE), Some(vec![0, 1, 3]));
    assert_eq!(violation(&graph, &explored, ANY), Some(vec![0, 2]));
}

#[test]
fn a_violating_step_to_a_known_state_is_the_last_one_of_its_path() {
    let graph = Graph::new(&[&[1], &[2], &[3], &[1, 0]]);
    let lists = Lists { bad_steps: BTreeSet::from([(3, 0)]), ..lists() };
    let explored = both(&graph, &lists);
    assert_eq!(violation(&graph, &explored, BAD_STEP), Some(vec![0, 1, 2, 3, 0]));
    assert_eq!(explored.0.findings[BAD_STATE].verdict, Verdict::Holds);
}

#[test]
fn a_witness_is_a_shortest_path_to_the_trigger() {
    let graph = Graph::new(&[&[1, 2], &[3], &[3], &[]]);
    let lists = Lists { triggers: BTreeSet::from([3]), ..with_goals([3]) };
    let (result, _) = both(&graph, &lists);
    let witness = result.findings[BAD_STATE].witness.as_ref().unwrap();
    assert_eq!(witness.states(&graph), Some(vec![0, 1, 3]));
    assert_eq!(result.findings[BAD_STATE].verdict, Verdict::Holds);
}

#[test]
fn duplicates_are_generated_but_not_distinct() {
    let graph = Graph { initial: vec![0, 0, 1], ..Graph::new(&[&[1, 1, 0], &[2, 2], &[]]) };
    let (result, space) = both(&graph, &with_goals([2]));
    assert_eq!((result.distinct, result.generated, result.depth), (3, 3 + 3 + 2, 2));
    assert_eq!(result.levels, [2, 1]);
    let fired: Vec<_> = result.rules.iter().map(|rule| (rule.fired, rule.discovered)).collect();
    assert_eq!(fired, [(2, 1), (2, 0)], "the third position is no rule of the judge");
    assert_eq!(space.edges(0).map(|edge| edge.target).collect::<Vec<_>>(), [1, 1, 0]);
}

#[test]
fn ignored_actions_are_no_steps() {
    let mut graph = Graph::new(&[&[0, 1], &[]]);
    graph.steps[0][0].target = None;
    let lists = Lists { bad_states: BTreeSet::from([1]), ..with_goals([1]) };
    let explored = both(&graph, &lists);
    assert_eq!((explored.0.distinct, explored.0.generated), (2, 2));
    let path = explored.0.findings[BAD_STATE].violation.as_ref().unwrap();
    assert_eq!(path.actions[0].0, 1, "it is the second action that leads to state 1");
}

#[test]
fn what_is_out_of_the_boundary_does_not_exist() {
    let outside = BTreeSet::from([0, 3]);
    let graph = Graph { initial: vec![0, 1], outside, ..Graph::new(&[&[4], &[2, 3], &[], &[]]) };
    let lists = Lists {
        triggers: BTreeSet::from([1]),
        bad_states: BTreeSet::from([2, 3]),
        bad_steps: BTreeSet::from([(1, 3)]),
        ..with_goals([2])
    };
    let explored = both(&graph, &lists);
    assert_eq!((explored.0.distinct, explored.0.generated, explored.0.depth), (2, 2, 2));
    assert_eq!(violation(&graph, &explored, BAD_STATE), Some(vec![1, 2]));
    assert_eq!(violation(&graph, &explored, BAD_STEP), None);
    let path = explored.0.findings[BAD_STATE].violation.as_ref().unwrap();
    assert_eq!(path.initial, 1, "initial states are numbered as the model lists them");
}

#[test]
fn a_model_without_states_is_vacuous() {
    let graph = Graph { outside: BTreeSet::from([0]), ..Graph::new(&[&[]]) };
    let (result, space) = both(&graph, &lists());
    assert!(space.is_empty());
    assert_eq!((result.distinct, result.generated, result.depth), (0, 0, 0));
    assert!(result.findings.iter().all(|finding| finding.verdict == Verdict::Vacuous));
    assert_eq!(result.costs, [Cost::Endless]);
}

#[test]
fn costs_are_those_of_the_cheapest_and_the_dearest_run_that_ends() {
    let graph = Graph::new(&[&[1, 2], &[3], &[3], &[]]);
    let graph = graph.with_cost(0, 0, 5).with_cost(1, 0, 1).with_cost(2, 0, 2);
    let (result, _) = both(&graph, &lists());
    assert_eq!(result.costs, [Cost::Total { least: 2, most: Most::Finite(6) }]);
    assert_eq!(result.gauges, [3]);
}

#[test]
fn a_cycle_that_costs_something_has_no_dearest_run() {
    let graph = Graph::new(&[&[1], &[0, 2], &[]]);
    let (result, _) = both(&graph, &lists());
    assert_eq!(result.costs, [Cost::Total { least: 0, most: Most::Finite(0) }]);
    let (result, _) = both(&graph.with_cost(1, 0, 1), &lists());
    assert_eq!(result.costs, [Cost::Total { least: 0, most: Most::Unbounded }]);
}

#[test]
fn a_cycle_without_an_end_costs_no_run_that_ends_anything() {
    let graph = Graph::new(&[&[1, 2], &[1], &[]]).with_cost(1, 0, 7).with_cost(0, 1, 3);
    let (result, _) = both(&graph, &lists());
    assert_eq!(result.costs, [Cost::Total { least: 3, most: Most::Finite(3) }]);
    let (result, _) = both(&Graph::new(&[&[1], &[1]]), &lists());
    assert_eq!(result.costs, [Cost::Endless]);
}

#[test]
fn the_state_space_tells_levels_parents_and_paths() {
    let graph = Graph::new(&[&[2, 1], &[3], &[3], &[0]]);
    let (_, space) = both(&graph, &with_goals([3]));
    let origin = Explorer::new(&graph, &()).origin();
    assert_eq!(space.keys().copied().collect::<Vec<_>>(), [0, 2, 1, 3]);
    assert_eq!(space.levels().collect::<Vec<_>>(), [0..1, 1..3, 3..4]);
    assert_eq!((space.parent(3), space.parent(0), space.parent(4)), (Some(1), None, None));
    assert_eq!(origin.path(&space, 3).unwrap().states(&graph), Some(vec![0, 2, 3]));
    assert_eq!(origin.path(&space, 4), None);
    assert_eq!(space.get(4), None);
    assert_eq!(space.edges(4).count(), 0);
    let other = Graph::new(&[&[1], &[]]);
    let other = Explorer::new(&other, &()).origin();
    assert_eq!(other.path(&space, 3), None, "it is not a path of another model");
}

#[test]
fn a_path_of_another_model_has_no_states() {
    let graph = Graph::new(&[&[1], &[]]);
    let step = Step { target: Some(1), cost: 0 };
    let path = |initial, action| Path { initial, actions: vec![action] };
    assert_eq!(path(0, (0, step)).states(&graph), Some(vec![0, 1]));
    assert_eq!(path(1, (0, step)).states(&graph), None);
    assert_eq!(path(0, (1, step)).states(&graph), None);
}

/// More properties and costs than there is room for; all are triggered and violated.
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

    fn costs(&self) -> usize {
        5
    }
}

#[test]
fn what_there_is_no_room_for_is_inconclusive() {
    let model = Graph::new(&[&[]]);
    let (result, _) = explore(&model, &TooMany, Limits::default(), Control::default());
    assert_eq!(result.findings.len(), 66);
    assert!(result.findings[..64].iter().all(|finding| finding.verdict == Verdict::Violated));
    assert!(result.findings[64..].iter().all(|finding| finding.verdict == Verdict::Inconclusive));
    assert_eq!(result.costs[3], Cost::Total { least: 0, most: Most::Finite(0) });
    assert_eq!(result.costs[4], Cost::Unknown);
}
