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
    assert_eq!(cost("task-manager-loss-merged"), (Some(1), Some(2)), "two restarts, one attempt");
}

#[test]
fn a_single_fault_can_cost_any_number_of_restarts() {
    assert_eq!(cost("hybrid-selective-tracked-only"), (None, None));
}

/// What a later failover takes over is not carried out, and counts all the same: so does what the master throws.
#[test]
fn each_failure_that_is_answered_counts() {
    let at_most = |text: &str| {
        let scenario = parse("counted.toml", text, &Surroundings::real()).unwrap().scenario;
        run(&scenario, &Options::default(), Control::default()).unwrap().restarts_max
    };
    let remote = "name = \"counted\"\nstory = \"s\"\ntier = \"quick\"\npreset = \"flink-2\"\n\
        [[vertex]]\nname = \"A\"\nparallelism = 1\nrows = 1\n\
        [[vertex]]\nname = \"B\"\nparallelism = 1\nrows = 1\n\
        [[vertex]]\nname = \"C\"\nparallelism = 1\n\
        [[edge]]\nfrom = \"A\"\nto = \"C\"\npartitioner = \"HASH\"\nstorage = \"reliable\"\n\
        [[edge]]\nfrom = \"B\"\nto = \"C\"\npartitioner = \"HASH\"\nstorage = \"reliable\"\n\
        [cluster]\ntask-managers = 2\n\
        [cluster.placement]\nA = [0]\nB = [0]\nC = [1]\n\
        [faults]\ntotal = 1\ntask-manager-dies = 1\n";
    assert_eq!(at_most(remote), Some(2), "B's restart takes A over, whose own had been granted");
    let thrown = "name = \"counted\"\nstory = \"s\"\ntier = \"quick\"\npreset = \"flink-2\"\n\
        [[vertex]]\nname = \"A\"\nparallelism = 1\nrows = 1\n\
        [cluster]\ntask-managers = 1\n\
        [faults]\ntotal = 2\ntask-throws = 1\nmaster-throws = 1\n";
    assert_eq!(at_most(thrown), Some(2));
}

#[test]
fn people_are_told() {
    let text = section(&explored("two-round-task-manager-loss"), "");
    assert!(text.contains("2 restarts, 3 task reruns, 1 partition stored"), "{text}");
}
