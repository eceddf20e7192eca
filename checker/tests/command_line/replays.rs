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
    let restart = ran.out.split_once("RestartTasks A[0]").unwrap().1;
    let restart = restart.split_once("ReadSplit").unwrap().0;
    // A column is too narrow for it.
    assert!(restart.contains(", gives\n") && restart.contains("back [r0]"), "{}", ran.out);
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

/// What is written of the end of a trace.
fn end_of(sandbox: &Sandbox, trace: &str, code: i32) -> String {
    sandbox.write("other.json", trace);
    let ran = sandbox.run(&["replay", "other.json"]);
    assert_eq!(ran.code, code, "{ran:?}");
    ran.out.lines().last().unwrap_or_default().to_owned()
}

#[test]
fn a_run_that_repeats_itself_has_to_be_a_fair_loop() {
    let sandbox = Sandbox::new("replay-lasso");
    sandbox.run(&["check", "flink-1.3-lost-partition"]);
    let path = "failproof-traces/flink-1.3-lost-partition.lost-partition-is-recomputed.json";
    let trace = sandbox.read(path);
    assert_eq!(
        end_of(&sandbox, &trace, 0),
        "reproduced: 7 steps, then steps 4 to 7 again and again, and `lost-partition-is-recomputed` is \
         violated"
    );
    let lasso = |steps: &str| trace.replace("\"lasso\": 3,", &format!("\"lasso\": {steps},"));
    let unfair = "could happen all the time, and never does";
    assert!(end_of(&sandbox, &lasso("null"), 5).ends_with(unfair), "it could go on");
    assert!(end_of(&sandbox, &lasso("7"), 5).ends_with("the run has 7 steps: no loop"));
    assert!(end_of(&sandbox, &lasso("4"), 5).ends_with("not where it was after 4 steps"));
    let everywhere = trace.replacen("lost-partition-is-recomputed", "job-ends-if-faults-stop", 1);
    assert!(end_of(&sandbox, &everywhere, 0).ends_with("`job-ends-if-faults-stop` is violated"));
}

#[test]
fn only_what_goes_on_for_ever_has_a_loop() {
    let sandbox = Sandbox::new("replay-no-loop");
    sandbox.write("mine.toml", MINE);
    sandbox.run(&["check", "mine.toml"]);
    let trace = sandbox.read("failproof-traces/mine.outcome-is-transparent.json");
    let lasso =
        |steps| trace.replace("  \"scenario\"", &format!("  \"lasso\": {steps},\n  \"scenario\""));
    assert!(end_of(&sandbox, &lasso(99), 5).contains("`lasso` is 99, and the run has "));
    assert!(end_of(&sandbox, &lasso(3), 5).ends_with("not where it was after 3 steps"));

    sandbox.run(&["check", "flink-1.3-lost-partition"]);
    let path = "failproof-traces/flink-1.3-lost-partition.lost-partition-is-recomputed.json";
    let looping = sandbox.read(path);
    let other = |id| looping.replacen("lost-partition-is-recomputed", id, 1);
    let why = "only a violation of a property about fair runs goes on for ever";
    assert!(end_of(&sandbox, &other("job-can-always-end"), 5).ends_with(why));
    let witness = looping.replacen("\"violation\"", "\"witness\"", 1);
    assert!(end_of(&sandbox, &witness, 5).ends_with(why));
}

#[test]
fn a_loop_that_neglects_a_task_is_not_fair() {
    let sandbox = Sandbox::new("replay-unfair");
    sandbox.run(&["check", "flink-1.3-lost-partition"]);
    let path = "failproof-traces/flink-1.3-lost-partition.lost-partition-is-recomputed.json";
    let trace = sandbox.read(path);
    let mut lines: Vec<_> = trace.lines().map(|line| line.trim_end_matches(',')).collect();
    let first = lines.iter().position(|line| line.contains("\"digest\"")).unwrap();
    let digest = lines[first + 2].split("\"digest\"").nth(1).unwrap();
    let restart = format!("    {{\"action\": \"RestartTasks B[0]\", \"digest\"{digest}");
    assert!(lines[first + 3].contains("MissPartition B[0]"), "{trace}");
    lines.truncate(first + 4);
    lines.push(&restart);
    let text = lines.join(",\n").replace("{,\n", "{\n").replace("[,\n", "[\n");
    let end = end_of(&sandbox, &format!("{text}\n]}}\n"), 5);
    let neglected = "`MissPartition B[1] A[0]>B` could happen all the time, and never does";
    assert!(end.ends_with(neglected), "{end}");
}

#[test]
fn a_loop_that_comes_to_a_goal_violates_nothing() {
    let sandbox = Sandbox::new("replay-goal");
    sandbox.run(&["check", "defect-release-after-first-consumer"]);
    let path = "failproof-traces/defect-release-after-first-consumer.job-ends-if-faults-stop.json";
    let trace = sandbox.read(path);
    assert!(end_of(&sandbox, &trace, 0).contains("steps 1 to 7 again and again"));
    let other = trace.replacen("job-ends-if-faults-stop", "lost-partition-is-recomputed", 1);
    assert!(end_of(&sandbox, &other, 5).contains("it reaches a goal after"));
}
