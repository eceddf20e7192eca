//! Every exit code, one by one.

use crate::sandbox::{MINE, Ran, Sandbox};

/// With what is expected of it.
fn mine(verdicts: &str) -> String {
    format!("{MINE}\n[expect.verdicts]\n{verdicts}\n")
}

#[track_caller]
fn ends(name: &str, scenario: &str, args: &[&str]) -> Ran {
    let sandbox = Sandbox::new(name);
    sandbox.write("mine.toml", scenario);
    sandbox.run(&[&["check", "mine.toml"], args].concat())
}

#[test]
fn zero_if_everything_is_as_expected() {
    let always = MINE.replace("never", "always");
    assert_eq!(ends("zero", &always, &[]).code, 0);
    let ran = ends(
        "zero-expected",
        &(always + "[expect.verdicts]\noutcome-is-transparent = 'holds'"),
        &[],
    );
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[test]
fn one_if_a_verdict_is_not_the_expected_one() {
    let ran = ends("one", MINE, &[]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("violated  outcome-is-transparent"), "{}", ran.out);
    let always = MINE.replace("never", "always");
    let ran = ends(
        "one-expected",
        &(always + "[expect.verdicts]\noutcome-is-transparent = 'violated'"),
        &[],
    );
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("outcome-is-transparent; expected: violated"), "{}", ran.out);
}

#[test]
fn zero_without_what_is_broken_on_purpose() {
    let text = format!("{MINE}\n[without]\nconsumers = 'always'\n");
    assert_eq!(ends("broken", &text, &[]).code, 1);
    let ran = ends("mended", &text, &["--without-defect"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("mine-without-defect (flink-2)"), "{}", ran.out);
}

#[test]
fn one_without_what_is_broken_on_purpose_if_that_repairs_nothing() {
    let sandbox = Sandbox::new("not-mended");
    sandbox.write("mine.toml", &format!("{MINE}\n[without]\nrestart-attempts = 9\n"));
    let ran = sandbox.run(&["check", "mine.toml", "--without-defect"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    let trace = "failproof-traces/mine-without-defect.outcome-is-transparent.json";
    assert!(sandbox.read(trace).contains("restart-attempts = 9"));
    assert_eq!(sandbox.run(&["replay", trace]).code, 0);
}

#[test]
fn one_for_a_violation_that_nobody_asked_about() {
    let ran = ends("one-unnamed", &mine("outcome-is-transparent = 'violated'"), &[]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("nobody expected that"), "{}", ran.out);
}

#[test]
fn one_if_a_count_is_not_the_expected_one() {
    let always = MINE.replace("never", "always") + "[expect]\n";
    let counted = ends("one-counts", &always, &["--format", "json"]).json();
    let scenario = &counted["scenarios"][0];
    for key in ["states", "generated", "depth"] {
        let found = scenario[key].as_u64().unwrap();
        for (expected, code) in [(found, 0), (found + 1, 1)] {
            let ran = ends("one-count", &format!("{always}{key} = {expected}\n"), &[]);
            assert_eq!(ran.code, code, "{ran:?}");
            assert_eq!(ran.out.contains(&format!("differs   {key} ")), code == 1, "{}", ran.out);
        }
    }
}

#[test]
fn two_for_a_mistake() {
    let mistake = ends("two", &MINE.replace("REBALANCE", "REBALNCE"), &[]);
    assert_eq!((mistake.code, mistake.out.as_str()), (2, ""));
    assert!(mistake.err.contains("mine.toml:17"), "{}", mistake.err);
    assert_eq!(ends("two-flag", MINE, &["--depht", "3"]).code, 2);
    assert_eq!(Sandbox::new("two-missing").run(&["check", "missing.toml"]).code, 2);
}

#[test]
fn three_if_a_limit_was_reached() {
    let always = MINE.replace("never", "always");
    for limit in [["--states", "150"], ["--depth", "9"], ["--time", "0"]] {
        let ran = ends("three", &always, &limit);
        assert_eq!(ran.code, 3, "{limit:?}: {ran:?}");
        assert!(ran.out.contains("NOT COMPLETE: limit of "), "{}", ran.out);
        assert!(!ran.out.contains("  holds"), "{}", ran.out);
    }
}

#[test]
fn four_if_a_property_was_never_put_to_the_test() {
    let always = MINE.replace("never", "always");
    let vacuous = always + "[expect.verdicts]\nstale-report-changes-nothing = 'holds'";
    let ran = ends("four", &vacuous, &[]);
    assert_eq!(ran.code, 4, "{ran:?}");
    assert!(ran.out.contains("its trigger is never reached"), "{}", ran.out);
}

#[test]
fn five_if_a_replay_diverges() {
    let sandbox = Sandbox::new("five");
    sandbox.write("mine.toml", MINE);
    sandbox.run(&["check", "mine.toml"]);
    let path = "failproof-traces/mine.outcome-is-transparent.json";
    assert_eq!(sandbox.run(&["replay", path]).code, 0);
    let trace = sandbox.read(path).replace("FinishTask A[1]\"", "FinishTask C[1]\"");
    sandbox.write("other.json", &trace);
    let ran = sandbox.run(&["replay", "other.json"]);
    assert_eq!(ran.code, 5, "{ran:?}");
    assert!(ran.out.contains("diverged: step 2 of "), "{}", ran.out);
}

/// A job that takes long enough to be interrupted.
#[cfg(unix)]
const LARGE: &str = r#"
name = "large"
story = "Three stages of three, and everything that can go wrong."
preset = "flink-2"
[[vertex]]
name = "A"
parallelism = 3
rows = 1
[[vertex]]
name = "B"
parallelism = 3
[[vertex]]
name = "C"
parallelism = 3
[[edge]]
from = "A"
to = "B"
partitioner = "REBALANCE"
[[edge]]
from = "B"
to = "C"
partitioner = "SHUFFLE"
[cluster]
task-managers = 3
[faults]
total = 3
task-throws = 3
task-manager-dies = 3
[grain]
fine = ["deployment", "reports", "cancellation", "detection", "reads"]
"#;

#[cfg(unix)]
#[test]
fn one_hundred_and_thirty_if_interrupted_with_the_report_so_far() {
    use std::process::{Command, Stdio};
    use std::thread::sleep;
    use std::time::Duration;

    let sandbox = Sandbox::new("interrupted");
    sandbox.write("mine.toml", &MINE.replace("never", "always"));
    sandbox.write("large.toml", LARGE);
    let args = ["check", "mine.toml", "large.toml", "two-stages", "--format", "json"];
    let mut command = sandbox.command(&args);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    sleep(Duration::from_secs(2));
    let interrupted = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(interrupted.unwrap().success());
    let ran = Ran::of(child.wait_with_output().unwrap());
    assert_eq!(ran.code, 130, "{}", ran.err);
    let json = ran.json();
    assert_eq!(json["exit"], 130);
    let stopped: Vec<_> =
        json["scenarios"].as_array().unwrap().iter().map(|it| &it["stopped_by"]).collect();
    assert_eq!(stopped.len(), 2, "the third is not begun");
    assert!(stopped[0].is_null(), "{stopped:?}");
    assert!(stopped[1].as_str().unwrap().starts_with("interrupted"), "{stopped:?}");
    assert!(ran.err.contains("not begun: two-stages\n"), "{}", ran.err);
    assert!(ran.err.contains("interrupted (exit code 130)"), "{}", ran.err);
}

/// Also where the scenario is about none of the properties that are left undecided.
#[test]
fn a_second_exploration_that_is_cut_off_is_no_pass() {
    let sandbox = Sandbox::new("exit-fair-runs");
    let args = ["check", "hybrid-selective-tracked-only", "--reduce", "--local-steps"];
    let whole = sandbox.run(&[&args[..], &["--format", "json"]].concat()).json();
    let count = |key: &str| whole["scenarios"][0][key].as_u64().unwrap();
    let (reduced, fair) = (count("states"), count("fair_states"));
    assert!(reduced < fair, "{reduced} {fair}");
    let limit = (fair - 1).to_string();
    let ran = sandbox.run(&[&args[..], &["--states", &limit, "--format", "json"]].concat());
    let scenario = &ran.json()["scenarios"][0];
    assert_eq!((ran.code, &scenario["complete"]), (3, &false.into()), "{ran:?}");
    let why = scenario["stopped_by"].as_str().unwrap();
    assert!(why.ends_with("before all that is claimed of fair runs was decided"), "{why}");
}
