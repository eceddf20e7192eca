//! Commands with another engine and other streams.

use std::sync::atomic::AtomicBool;

use failproof_checker::cli::{Context, Engine, run};
use failproof_checker::exit_code::ExitCode;
use failproof_checker::explore::{Control, Limits};
use failproof_checker::replay::Replay;
use failproof_checker::run::RunError;
use failproof_checker::run::result::ScenarioResult;
use failproof_model::scenario::Scenario;
use failproof_traces::Trace;

/// An engine that is broken.
struct Broken;

impl Engine for Broken {
    fn run(
        &self,
        scenario: &Scenario,
        _: Limits,
        _: Control<'_>,
    ) -> Result<ScenarioResult, RunError> {
        panic!("no engine for {}", scenario.name)
    }

    fn replay(&self, _: &Scenario, _: &Trace) -> Result<Replay, RunError> {
        panic!("no replay")
    }
}

fn run_with(args: &[&str], engine: &dyn Engine, interrupted: bool) -> (ExitCode, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let interrupted = AtomicBool::new(interrupted);
    let mut context = Context {
        out: &mut out,
        err: &mut err,
        err_is_terminal: false,
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
    let (code, out, _) = run_with(&["check", "two-stages"], &Broken, true);
    assert_eq!(code, ExitCode::Interrupted);
    assert!(out.starts_with("nothing was explored\n"), "{out}");
}
