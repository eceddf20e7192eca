//! Violations, replayed.

use crate::sandbox::{MINE, Sandbox};

#[test]
fn every_violation_that_is_reported_replays() {
    let sandbox = Sandbox::new("replays");
    sandbox.write("mine.toml", MINE);
    let out = sandbox.run(&["check", "mine.toml"]).out;
    let commands: Vec<_> = out.lines().filter_map(|line| line.strip_prefix("  replay")).collect();
    assert!(!commands.is_empty(), "{out}");
    for command in commands {
        let args: Vec<_> = command.trim().split(' ').skip(1).collect();
        let ran = sandbox.run(&args);
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(ran.out.trim_end().ends_with("is violated"), "{}", ran.out);
    }
}

#[test]
fn a_replay_shows_what_each_step_changed() {
    let sandbox = Sandbox::new("replay-shown");
    sandbox.write("mine.toml", MINE);
    sandbox.run(&["check", "mine.toml"]);
    let ran = sandbox.run(&["replay", "failproof-traces/mine.outcome-is-transparent.json"]);
    insta::assert_snapshot!(ran.out);
}

#[test]
fn a_replay_shows_which_splits_a_reset_gives_back() {
    let sandbox = Sandbox::new("replay-splits");
    sandbox.run(&["check", "dynamic-splits-read-early"]);
    let trace = "failproof-traces/dynamic-splits-read-early.outcome-is-transparent.json";
    let ran = sandbox.run(&["replay", trace]);
    let restart = ran.out.lines().find(|line| line.contains("RestartTasks A[0]"));
    assert!(restart.is_some_and(|line| line.ends_with("gives back [r0]")), "{}", ran.out);
}

#[test]
fn a_run_that_no_longer_violates_its_property_diverges_at_the_end() {
    let sandbox = Sandbox::new("replay-end");
    sandbox.write("mine.toml", MINE);
    sandbox.run(&["check", "mine.toml"]);
    let path = "failproof-traces/mine.outcome-is-transparent.json";
    for other in ["one-live-attempt-per-vertex", "job-can-always-end", "no-such-property"] {
        sandbox.write("other.json", &sandbox.read(path).replace("outcome-is-transparent", other));
        let ran = sandbox.run(&["replay", "other.json"]);
        assert_eq!(ran.code, 5, "{other}: {ran:?}");
        assert!(ran.out.contains("diverged at the end: "), "{}", ran.out);
    }
}

#[test]
fn a_state_that_is_another_one_is_told_with_its_step() {
    let sandbox = Sandbox::new("replay-state");
    sandbox.write("mine.toml", MINE);
    sandbox.run(&["check", "mine.toml"]);
    let trace = sandbox.read("failproof-traces/mine.outcome-is-transparent.json");
    let digests: Vec<_> = trace.lines().filter(|line| line.contains("digest")).collect();
    let third = digests[2].trim().trim_end_matches(',');
    let end = third.len() - 2;
    let other =
        format!("{}{}\"}}", &third[..end - 1], if &third[end - 1..end] == "0" { "1" } else { "0" });
    sandbox.write("other.json", &trace.replace(third, &other));
    let ran = sandbox.run(&["replay", "other.json"]);
    assert_eq!(ran.code, 5, "{ran:?}");
    assert!(ran.out.contains("diverged: step 3 of "), "{}", ran.out);
    assert!(ran.out.contains("   2  "), "the steps before it are shown: {}", ran.out);
}
