//! What a command may touch.

use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use failproof_model::scenario::Scenario;
use failproof_traces::Trace;

use super::problem::Problem;
use crate::exit_code::ExitCode;
use crate::explore::{Control, Limits, WalkControl, Walks};
use crate::replay::{Replay, replay};
use crate::run::result::ScenarioResult;
use crate::run::{Options, RunError, run, simulate};
use crate::second_opinion;

/// What a command may touch, besides files.
pub struct Context<'a> {
    /// For results.
    pub out: &'a mut dyn Write,
    /// For progress, and for what went wrong.
    pub err: &'a mut dyn Write,
    /// Whether somebody watches `err`.
    pub err_is_terminal: bool,
    /// How many characters fit on a line of `out`, if it is a terminal.
    pub out_width: Option<usize>,
    /// Where a GitHub workflow wants the summary of its step.
    pub step_summary: Option<PathBuf>,
    /// Set from outside when the command has to end early.
    pub interrupted: &'a AtomicBool,
    /// What explores.
    pub engine: &'a dyn Engine,
}

/// What the command line asks to be done with a scenario.
pub trait Engine {
    /// Explores and judges it. See [`run`].
    ///
    /// # Errors
    /// The model cannot hold the scenario.
    fn run(
        &self,
        scenario: &Scenario,
        options: &Options,
        control: Control<'_>,
    ) -> Result<ScenarioResult, RunError>;

    /// Takes random walks through it and judges them. See [`simulate`].
    ///
    /// # Errors
    /// The model cannot hold the scenario.
    fn simulate(
        &self,
        scenario: &Scenario,
        walks: &Walks,
        free: Limits,
        control: WalkControl<'_>,
    ) -> Result<ScenarioResult, RunError> {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        simulate(scenario, walks, free, threads, control)
    }

    /// Takes the steps of a trace again. See [`replay`].
    ///
    /// # Errors
    /// The model cannot hold the scenario.
    fn replay(&self, scenario: &Scenario, trace: &Trace) -> Result<Replay, RunError>;

    /// What the second engine sees differently. See [`second_opinion`].
    ///
    /// # Errors
    /// The model cannot hold the scenario.
    fn second_opinion(
        &self,
        scenario: &Scenario,
        result: &ScenarioResult,
    ) -> Result<Vec<String>, RunError>;
}

/// Our own explorer.
#[derive(Clone, Copy, Debug)]
pub struct OwnEngine;

impl Engine for OwnEngine {
    fn run(
        &self,
        scenario: &Scenario,
        options: &Options,
        control: Control<'_>,
    ) -> Result<ScenarioResult, RunError> {
        run(scenario, options, control)
    }

    fn replay(&self, scenario: &Scenario, trace: &Trace) -> Result<Replay, RunError> {
        replay(scenario, trace)
    }

    fn second_opinion(
        &self,
        scenario: &Scenario,
        result: &ScenarioResult,
    ) -> Result<Vec<String>, RunError> {
        second_opinion::differences(scenario, result)
    }
}

impl Context<'_> {
    /// Whether the command has to end early.
    pub fn is_interrupted(&self) -> bool {
        self.interrupted.load(Ordering::Relaxed)
    }

    /// Says what went wrong, and how the command ends for it.
    pub fn report(&mut self, problem: &Problem) -> ExitCode {
        if !problem.is_nobody_listening() {
            // Where even this cannot be said, the exit code has to do.
            let _ = writeln!(self.err, "{}", problem.render());
        }
        problem.exit_code()
    }
}
