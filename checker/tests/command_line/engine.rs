//! Commands with another engine and other streams.

use std::fs;
use std::sync::atomic::AtomicBool;

use anstream::adapter::strip_str;
use failproof_checker::cli::{Context, Engine, OwnEngine, run};
use failproof_checker::exit_code::ExitCode;
use failproof_checker::explore::Control;
use failproof_checker::replay::Replay;
use failproof_checker::run::result::ScenarioResult;
use failproof_checker::run::{Options, RunError};
use failproof_model::scenario::{Defect, Scenario};
use failproof_traces::Trace;

use crate::sandbox::Sandbox;

/// An engine that is broken.
struct Broken;

impl Engine for Broken {
    fn run(
        &self,
        scenario: &Scenario,
        _: &Options,
        _: Control<'_>,
    ) -> Result<ScenarioResult, RunError> {
        panic!("no engine for {}", scenario.name)
    }

    fn replay(&self, _: &Scenario, _: &Trace) -> Result<Replay, RunError> {
        panic!("no replay")
    }

    fn second_opinion(&self, _: &Scenario, _: &ScenarioResult) -> Result<Vec<String>, RunError> {
        panic!("no second opinion")
    }
}

fn run_with(args: &[&str], engine: &dyn Engine, interrupted: bool) -> (ExitCode, String, String) {
    run_on(args, engine, interrupted, None)
}

/// As [`run_with`], on a terminal of that width.
fn run_on(
    args: &[&str],
    engine: &dyn Engine,
    interrupted: bool,
    out_width: Option<usize>,
) -> (ExitCode, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let interrupted = AtomicBool::new(interrupted);
    let mut context = Context {
        out: &mut out,
        err: &mut err,
        err_is_terminal: false,
        out_width,
        step_summary: None,
        interrupted: &interrupted,
        engine,
    };
    let args = ["failproof"].iter().chain(args).map(Into::into);
    let code = run(args, &mut context);
    (code, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
}

#[test]
fn seventy_if_the_program_itself_is_wrong() {
    let (code, out, _) = run_with(&["check", "two-stages"], &Broken, false);
    assert_eq!((code, out.as_str()), (ExitCode::Internal, ""));
    assert_eq!(code.number(), 70);
}

#[test]
fn what_was_interrupted_before_it_began_explores_nothing() {
    let names = ["two-stages", "restart-all", "sink-at-once"];
    for command in ["check", "simulate"] {
        for (names, not_begun) in [(&names[..1], "two-stages"), (&names, "two-stages and 2 more")] {
            let (code, out, _) = run_with(&[&[command], names].concat(), &Broken, true);
            assert_eq!(code, ExitCode::Interrupted);
            let expected = format!("not begun: {not_begun}\nnothing was explored\n");
            assert!(out.starts_with(&expected), "{out}");
        }
    }
}

#[test]
fn of_an_interrupted_matrix_nothing_is_said_to_survive() {
    let args = ["mutate", "--defect", "forget-reset,commit-twice"];
    let (code, out, err) = run_with(&args, &OwnEngine, true);
    assert_eq!(code, ExitCode::Interrupted, "{err}");
    assert!(out.contains(" scenarios: 0 killed, 0 survive, 2 unknown, "), "{out}");
    assert!(out.contains("Not finished: "), "{out}");
}

/// An engine that counts one state more in one scenario, and disagrees with the other.
struct Off;

impl Engine for Off {
    fn run(
        &self,
        scenario: &Scenario,
        options: &Options,
        control: Control<'_>,
    ) -> Result<ScenarioResult, RunError> {
        let mut result = OwnEngine.run(scenario, options, control)?;
        result.states += usize::from(scenario.name == "two-stages");
        Ok(result)
    }

    fn replay(&self, scenario: &Scenario, trace: &Trace) -> Result<Replay, RunError> {
        OwnEngine.replay(scenario, trace)
    }

    fn second_opinion(
        &self,
        scenario: &Scenario,
        result: &ScenarioResult,
    ) -> Result<Vec<String>, RunError> {
        OwnEngine.second_opinion(scenario, result)
    }
}

/// A sandbox with a copy of the scenario sources, and the arguments that make the gate use it.
fn gate_in(sandbox: &Sandbox) -> Vec<String> {
    sandbox.copy_scenarios();
    let directory = |name: &str| sandbox.directory.join(name).display().to_string();
    fs::create_dir_all(directory("corpus")).unwrap();
    let folders = ["--scenarios", "scenarios", "--corpus", "corpus", "--traces", "traces"];
    let mut args = vec!["gate".to_owned()];
    for pair in folders.chunks(2) {
        args.extend([pair[0].to_owned(), directory(pair[1])]);
    }
    args
}

#[test]
fn the_gate_names_a_count_that_changed_and_accepts_it_only_when_told_to() {
    let sandbox = Sandbox::new("count-changed");
    let args = gate_in(&sandbox);
    let mut args: Vec<&str> = args.iter().map(String::as_str).collect();
    let before = sandbox.read("scenarios/two-stages.toml");
    let change = "differs two-stages\n  states: 1298 -> 1299\n";

    let (code, out, _) = run_with(&args, &Off, false);
    assert_eq!(code, ExitCode::Unexpected);
    assert!(strip_str(&out).to_string().contains(change), "{out}");
    assert_eq!(sandbox.read("scenarios/two-stages.toml"), before);

    args.push("--bless");
    let (code, out, _) = run_with(&args, &Off, false);
    assert_eq!(code, ExitCode::AsExpected);
    assert!(strip_str(&out).to_string().contains(change), "{out}");
    let after = before.replace("states = 1298", "states = 1299");
    assert_ne!(before, after);
    assert_eq!(sandbox.read("scenarios/two-stages.toml"), after);
}

/// An engine that breaks what is whole, and mends what is broken.
struct Contrary;

impl Engine for Contrary {
    fn run(
        &self,
        scenario: &Scenario,
        options: &Options,
        control: Control<'_>,
    ) -> Result<ScenarioResult, RunError> {
        let is_asked = scenario.name.starts_with("defect-forget-reset");
        let broken = is_asked.then_some(Defect::ForgetReset).filter(|_| scenario.defect.is_none());
        let defect = if is_asked { broken } else { scenario.defect };
        OwnEngine.run(&Scenario { defect, ..scenario.clone() }, options, control)
    }

    fn replay(&self, scenario: &Scenario, trace: &Trace) -> Result<Replay, RunError> {
        OwnEngine.replay(scenario, trace)
    }

    fn second_opinion(
        &self,
        scenario: &Scenario,
        result: &ScenarioResult,
    ) -> Result<Vec<String>, RunError> {
        OwnEngine.second_opinion(scenario, result)
    }
}

#[test]
fn the_gate_names_a_defect_that_is_not_found_and_one_that_was_not_seeded() {
    let sandbox = Sandbox::new("contrary");
    let args = gate_in(&sandbox);
    let mut args: Vec<&str> = args.iter().map(String::as_str).collect();
    let changes = "differs defect-forget-reset\n  states: 44 -> 51\n  generated: 86 -> 107\n  \
                   depth: 10 -> 11\n  no-state-is-stuck: violated -> holds\n  \
                   job-can-always-end: violated -> holds\n  job-ends-if-faults-stop: violated -> holds\n  \
                   job-can-still-succeed: violated -> holds\n  \
                   ended-tasks-run-again: violated -> holds\n\
                   differs defect-forget-reset-without-defect\n  states: 51 -> 44\n  \
                   generated: 107 -> 86\n  depth: 11 -> 10\n  no-state-is-stuck: holds -> violated\n  \
                   job-can-always-end: holds -> violated\n  job-ends-if-faults-stop: holds -> violated\n  \
                   job-can-still-succeed: holds -> violated\n  \
                   ended-tasks-run-again: holds -> violated\n";

    let (code, out, _) = run_with(&args, &Contrary, false);
    assert_eq!(code, ExitCode::Unexpected);
    assert!(strip_str(&out).to_string().contains(changes), "{out}");

    args.push("--bless");
    let (code, _, _) = run_with(&args, &Contrary, false);
    assert_eq!(code, ExitCode::AsExpected);
    let blessed = sandbox.read("scenarios/defect-forget-reset.toml");
    insta::assert_snapshot!(&blessed[blessed.find("[expect]").unwrap()..], @r#"
    [expect]
    states = 51
    generated = 107
    depth = 11

    [expect.verdicts]
    no-state-is-stuck = "holds"
    job-can-always-end = "holds"
    job-ends-if-faults-stop = "holds"
    job-can-still-succeed = "holds"
    ended-tasks-run-again = "holds"

    [expect.without]
    states = 44
    generated = 86
    depth = 10

    [expect.without.verdicts]
    no-state-is-stuck = "violated"
    job-can-always-end = "violated"
    job-ends-if-faults-stop = "violated"
    job-can-still-succeed = "violated"
    ended-tasks-run-again = "violated"
    "#);
}

#[test]
fn engines_that_disagree_are_an_internal_error() {
    let args = ["check", "two-stages", "--engine", "stateright"];
    let (code, out, err) = run_with(&args, &OwnEngine, false);
    assert_eq!((code, err.as_str()), (ExitCode::AsExpected, ""));
    assert!(out.contains("stateright agrees"), "{out}");
    let (code, _, err) = run_with(&args, &Off, false);
    assert_eq!(code, ExitCode::Internal);
    assert!(err.contains("states: 1299, and by Stateright 1298"), "{err}");
}

/// A narrow terminal has the processes below each other, a wide one side by side, and both say the same.
#[test]
fn a_replay_is_as_wide_as_the_terminal() {
    let trace = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../traces/corpus/never-behind-rebalance.outcome-is-transparent.json"
    );
    let shown = |width| {
        let (code, out, _) = run_on(&["replay", trace], &OwnEngine, false, Some(width));
        assert_eq!(code, ExitCode::AsExpected);
        strip_str(&out).to_string()
    };
    let (narrow, wide) = (shown(50), shown(160));
    assert!(narrow.contains("\n  1  FinishTask A[0]\n     master  A[0] FINISHED\n"), "{narrow}");
    let head = wide.lines().find(|line| line.starts_with("step")).unwrap();
    let head: Vec<_> = head.split_whitespace().collect();
    assert_eq!(head, ["step", "action", "master", "TM0", "TM1"]);
    for change in ["A[0] FINISHED", "A[0]>B stored", "job Finished", "A[0]>B gone"] {
        assert!(narrow.contains(change) && wide.contains(change), "{change}: {narrow}\n{wide}");
    }
}
