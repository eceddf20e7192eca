//! Traces in one line.

use crate::sandbox::{MINE, Sandbox};

/// A trace of a scenario, and its code.
fn code_of(sandbox: &Sandbox, scenario: &str, trace: &str) -> String {
    sandbox.run(&["check", scenario]);
    let ran = sandbox.run(&["export", trace, "--format", "code"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(ran.out.lines().count(), 1);
    ran.out.trim_end().to_owned()
}

#[test]
fn a_code_replays_as_the_trace_that_it_was_made_of() {
    let sandbox = Sandbox::new("code");
    let trace = "failproof-traces/never-behind-rebalance.outcome-is-transparent.json";
    let code = code_of(&sandbox, "never-behind-rebalance", trace);
    assert!(code.starts_with("failproof:1:never-behind-rebalance:"), "{code}");
    assert!(!code.contains(char::is_whitespace), "{code}");
    let (of_code, of_trace) = (sandbox.run(&["replay", &code]), sandbox.run(&["replay", trace]));
    assert_eq!((of_code.code, of_code.out), (0, of_trace.out));
}

#[test]
fn a_loop_and_a_witness_survive() {
    let sandbox = Sandbox::new("code-loop");
    let trace = "failproof-traces/flink-1.3-lost-partition.lost-partition-is-recomputed.json";
    let code = code_of(&sandbox, "flink-1.3-lost-partition", trace);
    let ran = sandbox.run(&["replay", &code]);
    assert!(ran.out.contains("then steps 4 to 7 again and again"), "{}", ran.out);
    let args = ["export", "stale-report", "--witness", "stale-report-changes-nothing"];
    let ran = sandbox.run(&[&args[..], &["--format", "code"]].concat());
    let ran = sandbox.run(&["replay", ran.out.trim_end()]);
    assert!(ran.out.trim_end().ends_with("a run, not a violation"), "{}", ran.out);
}

#[test]
fn a_scenario_that_is_not_built_in_has_to_be_given_and_to_be_the_same() {
    let sandbox = Sandbox::new("code-file");
    sandbox.write("mine.toml", MINE);
    let code = code_of(&sandbox, "mine.toml", "failproof-traces/mine.outcome-is-transparent.json");
    let refused = |args: &[&str], why: &str| {
        let ran = sandbox.run(args);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""));
        assert!(ran.err.contains(why), "{why} is not in {}", ran.err);
    };
    refused(&["replay", &code], "there is no built-in scenario called `mine`");
    assert_eq!(sandbox.run(&["replay", &code, "--scenario", "mine.toml"]).code, 0);
    refused(&["replay", &code, "--scenario", "two-stages"], "the code: it is of a scenario `mine`");
    sandbox.write("mine.toml", &MINE.replace("parallelism = 2\nrows", "parallelism = 1\nrows"));
    refused(&["replay", &code, "--scenario", "mine.toml"], "the code: it is of a scenario `mine`");
    let trace = "failproof-traces/mine.outcome-is-transparent.json";
    refused(&["replay", trace, "--scenario", "mine.toml"], "is no code: its scenario is in it");
}

#[test]
fn steps_that_are_not_there_are_told() {
    let sandbox = Sandbox::new("code-other");
    let trace = "failproof-traces/never-behind-rebalance.outcome-is-transparent.json";
    let code = code_of(&sandbox, "never-behind-rebalance", trace);
    let refused = |code: &str, why: &str| {
        let ran = sandbox.run(&["replay", code]);
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.err.contains(why), "{why} is not in {}", ran.err);
    };
    let (head, end) = code.rsplit_once(':').unwrap();
    let (before, steps) = head.rsplit_once(':').unwrap();
    refused(&format!("{before}:99:{end}"), "the code: step 1 is number 99 of the enabled actions");
    refused(&format!("{before}:{steps}.0:{end}"), "the code: step ");
    refused(&format!("{before}:{steps}:0000000000000000"), "the code: the steps led to a state");
    refused(before, "the code: a code has 7 fields");
}
