//! What recovery costs, which is measured and not judged: restarts that a fault consumes, and tasks that run again.

use failproof_checker::explore::Control;
use failproof_checker::report::human::section;
use failproof_checker::run::result::ScenarioResult;
use failproof_checker::run::{Options, run};
use failproof_checker::scenario_file::{Surroundings, builtin, parse};

fn explored(name: &str) -> ScenarioResult {
    let (_, text) = builtin().find(|(builtin, _)| *builtin == name).unwrap();
    let scenario = parse(name, text, &Surroundings::real()).unwrap().scenario;
    run(&scenario, &Options::default(), Control::default()).unwrap()
}

/// The most restarts of a run, and the most task runs beyond the first.
fn cost(name: &str) -> (Option<u64>, Option<u64>) {
    let result = explored(name);
    assert!(result.costs_known, "{name}");
    (result.restarts_max, result.task_reruns_max)
}

/// Section 4.5: executions fail before the partitions of finished producers are forgotten.
#[test]
fn one_lost_task_manager_consumes_two_restarts_in_flink_and_one_the_other_way_round() {
    assert_eq!(cost("two-round-task-manager-loss"), (Some(2), Some(3)));
    assert_eq!(cost("untrack-first"), (Some(1), Some(2)));
}

/// Section 3.6.
#[test]
fn no_run_restarts_more_often_than_its_budget_allows_but_for_what_is_merged() {
    assert_eq!(cost("task-manager-loss-counts-each"), (Some(1), Some(1)));
    assert_eq!(cost("task-manager-loss-merged"), (Some(2), Some(2)), "two restarts, one attempt");
}

#[test]
fn a_single_fault_can_cost_any_number_of_restarts() {
    assert_eq!(cost("hybrid-selective-tracked-only"), (None, None));
}

#[test]
fn people_are_told() {
    let text = section(&explored("two-round-task-manager-loss"), "");
    assert!(text.contains("2 restarts, 3 task reruns, 1 partition stored"), "{text}");
}
