//! Random walks: what they find replays, their seed repeats them, and they are never a pass.

use crate::sandbox::{MINE, Ran, Sandbox};

fn sandbox(name: &str, scenario: &str) -> Sandbox {
    let sandbox = Sandbox::new(name);
    sandbox.write("mine.toml", scenario);
    sandbox
}

/// Runs `simulate mine.toml` with 2,000 walks.
fn simulate(sandbox: &Sandbox, args: &[&str]) -> Ran {
    sandbox.run(&[&["simulate", "mine.toml", "--walks", "2000"], args].concat())
}

/// Takes out what differs from run to run.
fn settled(json: &str) -> String {
    json.lines().filter(|line| !line.contains("_ms\"")).map(|line| format!("{line}\n")).collect()
}

#[test]
fn people_read_which_walks_were_taken() {
    let ran = simulate(&sandbox("walks-human", MINE), &["--seed", "7"]);
    assert_eq!((ran.code, ran.err.as_str()), (1, ""));
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"in \d+\.\d+ s(?: \([\d,]+ states/s\))?", "in [time]");
    settings.bind(|| insta::assert_snapshot!(ran.out));
}

#[test]
fn programs_read_which_walks_were_taken() {
    let ran = simulate(&sandbox("walks-json", MINE), &["--format", "json"]);
    assert_eq!(ran.json()["exit"], 1);
    assert!(ran.err.contains("violated  outcome-is-transparent"), "{}", ran.err);
    insta::assert_snapshot!(settled(&ran.out));
}

#[test]
fn every_violation_that_walks_have_seen_replays() {
    let sandbox = sandbox("walks-replay", MINE);
    let out = simulate(&sandbox, &[]).out;
    let commands: Vec<_> = out.lines().filter_map(|line| line.strip_prefix("  replay")).collect();
    assert!(commands.len() >= 3, "{out}");
    for command in commands {
        let ran = sandbox.run(&command.trim().split(' ').skip(1).collect::<Vec<_>>());
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(ran.out.trim_end().ends_with("is violated"), "{}", ran.out);
    }
}

#[test]
fn the_printed_command_repeats_the_run() {
    let sandbox = sandbox("walks-repeat", MINE);
    let out = simulate(&sandbox, &["--seed", "5", "--steps", "40"]).out;
    let command = out.lines().find_map(|line| line.strip_prefix("  repeat")).unwrap().trim();
    assert_eq!(command, "failproof simulate mine.toml --walks 2000 --steps 40 --seed 5");
    let args: Vec<_> = command.split(' ').skip(1).chain(["--format", "json"]).collect();
    let (first, again) = (sandbox.run(&args).out, sandbox.run(&args).out);
    assert_eq!(settled(&first), settled(&again));
    let args: Vec<_> = args.iter().map(|arg| if *arg == "5" { "6" } else { arg }).collect();
    assert_ne!(settled(&first), settled(&sandbox.run(&args).out));
}

#[test]
fn what_is_not_violated_is_inconclusive_and_never_a_pass() {
    let always = MINE.replace("never", "always");
    let expected = "[expect.verdicts]\noutcome-is-transparent = 'holds'";
    for (name, scenario) in [("three", always.clone()), ("three-expected", always + expected)] {
        let ran = simulate(&sandbox(&format!("walks-{name}"), &scenario), &["--format", "json"]);
        assert_eq!(ran.code, 3, "{ran:?}");
        let scenario = &ran.json()["scenarios"][0];
        assert_eq!(scenario["complete"], false);
        let properties = scenario["properties"].as_array().unwrap();
        assert!(properties.iter().all(|property| property["verdict"] == "inconclusive"));
    }
}

#[test]
fn an_expected_violation_is_no_pass_either() {
    let sandbox = sandbox("walks-expected", MINE);
    let out = simulate(&sandbox, &[]).out;
    let violated = out.lines().filter_map(|line| line.strip_prefix("  violated"));
    let ids = violated.filter_map(|line| line.split_whitespace().next());
    let verdicts: String = ids.map(|id| format!("{id} = 'violated'\n")).collect();
    sandbox.write("mine.toml", &format!("{MINE}\n[expect.verdicts]\n{verdicts}"));
    let ran = simulate(&sandbox, &[]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(ran.out.contains("outcome-is-transparent in "), "{}", ran.out);
}

#[test]
fn without_the_runs_that_have_no_faults_nothing_is_said_of_what_compares_with_them() {
    let ran = simulate(&sandbox("walks-free", MINE), &["--memory", "0", "--format", "json"]);
    assert_eq!(ran.code, 1);
    let scenario = &ran.json()["scenarios"][0];
    let verdict = |id: &str| {
        let mut properties = scenario["properties"].as_array().unwrap().iter();
        properties.find(|property| property["id"] == id).unwrap()["verdict"].clone()
    };
    assert_eq!(verdict("outcome-is-transparent"), "inconclusive");
    assert_eq!(verdict("each-sink-is-explainable"), "inconclusive");
    assert_eq!(verdict("every-row-exactly-once"), "violated");
    let stopped = scenario["stopped_by"].as_str().unwrap();
    assert!(stopped.ends_with("of the runs without faults: limit of 0 MiB of memory reached"));
}

#[test]
fn a_limit_of_time_ends_the_walks() {
    let walks = ["--walks", "1000000000", "--time", "0.2", "--format", "json"];
    let sandbox = sandbox("walks-time", &MINE.replace("never", "always"));
    let ran = sandbox.run(&[&["simulate", "mine.toml"], walks.as_slice()].concat());
    assert_eq!(ran.code, 3);
    let walks = &ran.json()["scenarios"][0]["walks"];
    let taken = walks["walks"].as_u64().unwrap();
    assert!(taken > 0 && taken < 1_000_000_000, "{taken}");
    assert!(ran.err.contains(" of 1,000,000,000 walks"), "{}", ran.err);
}

#[test]
fn mistakes_are_told_as_for_check() {
    let sandbox = sandbox("walks-mistake", &MINE.replace("REBALANCE", "REBALNCE"));
    assert_eq!(simulate(&sandbox, &[]).code, 2);
    assert_eq!(sandbox.run(&["simulate"]).code, 2);
    let ran = sandbox.run(&["simulate", "two-stage", "missing.toml"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("did you mean `two-stages`?"), "{}", ran.err);
    assert!(ran.err.contains("missing.toml"), "all mistakes are told: {}", ran.err);
}
