//! Running scenarios one after the other, and reporting what was found.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use failproof_traces::Trace;

use super::case::Case;
use super::context::Context;
use super::problem::Problem;
use super::progress::ProgressDisplay;
use crate::assessment;
use crate::exit_code::ExitCode;
use crate::explore::{Control, Limits, WalkControl, Walks};
use crate::picture::{mermaid, picture};
use crate::report::quantity::count;
use crate::report::shell_word::shell_word;
use crate::report::statistics::statistics;
use crate::report::{github, human, json, junit, markdown, sarif};
use crate::run::Options;
use crate::run::result::ScenarioResult;
use crate::second_opinion::STATES_MAX;

/// Where a report goes, and in which format.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Output")]
pub(super) struct OutputArgs {
    /// The format on stdout; with all but `human`, people read stderr.
    #[arg(long, value_enum, default_value_t = Format::Human, value_name = "FORMAT")]
    format: Format,
    /// Write the format to FILE instead; people read stdout then.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Where the traces of violations are written.
    #[arg(long, value_name = "DIR", default_value = "failproof-traces")]
    traces: PathBuf,
    /// Show how often every rule was at work, and how many states there are of each depth and with how many successors.
    #[arg(long)]
    stats: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people.
    Human,
    /// For programs: versioned, and only added to.
    Json,
    /// For CI: a suite a scenario, a case a property.
    Junit,
    /// For code scanning: a rule a property, and a counterexample as a code flow.
    Sarif,
    /// For a GitHub workflow: annotations, and the summary of the step where GITHUB_STEP_SUMMARY names its file.
    Github,
    /// For a ticket: a table of verdicts, and a diagram of what went wrong.
    Markdown,
}

/// A number of runs and their report.
pub(super) struct Session<'a, 'c> {
    context: &'a mut Context<'c>,
    output: &'a OutputArgs,
    explore: &'a Options,
    /// Opened before anything is explored: what cannot be written should not be found out at the end.
    file: Option<File>,
    /// What people read, if it is to be written to a file.
    copy: String,
    results: Vec<ScenarioResult>,
    /// What was to be run after the process was told to end.
    not_begun: Vec<String>,
    exit: ExitCode,
}

impl<'a, 'c> Session<'a, 'c> {
    /// Begins; the file for the output is created.
    pub(super) fn begin(
        context: &'a mut Context<'c>,
        output: &'a OutputArgs,
        explore: &'a Options,
    ) -> Result<Self, Problem> {
        let create = |path: &PathBuf| File::create(path).map_err(Problem::write(path));
        let file = output.output.as_ref().map(create).transpose()?;
        let (copy, results, not_begun) = (String::new(), Vec::new(), Vec::new());
        let exit = ExitCode::AsExpected;
        Ok(Session { context, output, explore, file, copy, results, not_begun, exit })
    }

    /// As [`Session::try_run`]; what keeps the scenario from being run is reported.
    pub(super) fn run(&mut self, case: &Case) -> Result<Option<&ScenarioResult>, Problem> {
        match self.try_run(case) {
            Err(problem @ Problem::Run { .. }) => {
                self.report(&problem);
                Ok(None)
            }
            Err(problem) => Err(problem),
            // What is borrowed in one arm only is borrowed in all of them.
            Ok(None) => Ok(None),
            Ok(Some(_)) => Ok(self.results.last()),
        }
    }

    /// Explores one scenario, writes its traces and reports it. Once the process is told to end, nothing is run.
    pub(super) fn try_run(&mut self, case: &Case) -> Result<Option<&ScenarioResult>, Problem> {
        if self.is_interrupted() {
            self.not_begun.push(case.name().to_owned());
            return Ok(None);
        }
        let result = self.explore(case)?;
        self.keep(case, result)?;
        Ok(self.results.last())
    }

    /// Takes random walks through one scenario, writes its traces and reports it, as [`Session::run`] does.
    pub(super) fn simulate(&mut self, case: &Case, walks: &Walks) -> Result<(), Problem> {
        if self.is_interrupted() {
            self.not_begun.push(case.name().to_owned());
            return Ok(());
        }
        let result = match simulate(self.context, case, walks, self.explore.limits) {
            Err(problem @ Problem::Run { .. }) => {
                self.report(&problem);
                return Ok(());
            }
            result => result?,
        };
        self.is_interrupted();
        self.keep(case, result)
    }

    /// Writes the traces of a result and reports it.
    fn keep(&mut self, case: &Case, mut result: ScenarioResult) -> Result<(), Problem> {
        for problem in write_traces(case, &mut result, &self.output.traces) {
            self.report(&problem);
        }
        let section = human::section(&result, &case.file.scenario.story);
        self.say(&format!("{section}\n"))?;
        if self.output.stats {
            self.say(&format!("{}\n", statistics(&result)))?;
        }
        self.results.push(result);
        Ok(())
    }

    /// Explores one scenario, without a word of what was found.
    pub(super) fn explore(&mut self, case: &Case) -> Result<ScenarioResult, Problem> {
        let result = explore(self.context, case, self.explore);
        self.is_interrupted();
        result
    }

    /// Has the second engine explore what was run last, and says whether it agrees.
    pub(super) fn second_opinion(&mut self, case: &Case) -> Result<(), Problem> {
        let last = self.results.last().filter(|result| result.name == case.name());
        let Some(result) = last else { return Ok(()) };
        if !result.complete || result.states > STATES_MAX {
            let max = count(STATES_MAX as u64);
            return self.say(&format!(
                "  stateright is asked only about what is complete and has at most {max} states\n\n"
            ));
        }
        let found = self.context.engine.second_opinion(&case.file.scenario, result);
        let scenario = case.origin.clone();
        let differences = found.map_err(|source| Problem::Run { scenario, source })?;
        if differences.is_empty() {
            return self.say("  stateright agrees: equal counts, equal violations of safety\n\n");
        }
        let differences = differences.join("; ");
        self.report(&Problem::Internal(format!(
            "{}: the engines disagree: {differences}",
            case.name()
        )));
        Ok(())
    }

    /// Whether the process was told to end. The exit code tells it.
    pub(super) fn is_interrupted(&mut self) -> bool {
        let interrupted = self.context.is_interrupted();
        if interrupted {
            self.note(ExitCode::Interrupted);
        }
        interrupted
    }

    /// Says something to people.
    pub(super) fn say(&mut self, text: &str) -> Result<(), Problem> {
        if self.file.is_some() && self.output.format == Format::Human {
            self.copy.push_str(&anstream::adapter::strip_str(text).to_string());
        }
        let to_err = self.output.format != Format::Human && self.file.is_none();
        let stream = if to_err { &mut *self.context.err } else { &mut *self.context.out };
        Ok(stream.write_all(text.as_bytes())?)
    }

    /// Says what went wrong, and goes on.
    pub(super) fn report(&mut self, problem: &Problem) {
        let code = self.context.report(problem);
        self.note(code);
    }

    /// Remembers something that the exit code has to tell.
    pub(super) fn note(&mut self, code: ExitCode) {
        self.exit = self.exit.or_worse(code);
    }

    /// The context, for whatever is no run.
    pub(super) fn context(&mut self) -> &mut Context<'c> {
        self.context
    }

    /// What was found so far, in the order of the runs.
    pub(super) fn results(&mut self) -> &mut [ScenarioResult] {
        &mut self.results
    }

    /// Ends the report.
    pub(super) fn finish(mut self) -> Result<ExitCode, Problem> {
        for result in &self.results {
            self.exit = self.exit.or_worse(assessment::exit_code(result));
        }
        match self.not_begun.as_slice() {
            [] => {}
            [only] => self.say(&format!("not begun: {only}\n"))?,
            [first, others @ ..] => {
                self.say(&format!("not begun: {first} and {} more\n", others.len()))?;
            }
        }
        self.say(&human::summary(&self.results, self.exit))?;
        let text = match self.output.format {
            Format::Human => std::mem::take(&mut self.copy),
            format => self.rendered(format)?,
        };
        match (&mut self.file, &self.output.output, self.output.format) {
            (Some(file), Some(path), _) => {
                file.write_all(text.as_bytes()).map_err(Problem::write(path))?;
            }
            (_, _, Format::Human) => {}
            _ => self.context.out.write_all(text.as_bytes())?,
        }
        Ok(self.exit)
    }

    /// What was found, for others than people at a terminal.
    fn rendered(&self, format: Format) -> Result<String, Problem> {
        let internal = |error: &dyn std::fmt::Display| Problem::Internal(error.to_string());
        let (results, exit) = (&self.results, self.exit);
        Ok(match format {
            // People have read it already.
            Format::Human => String::new(),
            Format::Json => json::render(results, exit).map_err(|error| internal(&error))?,
            Format::Junit => junit::render(results, exit).map_err(|error| internal(&error))?,
            Format::Sarif => sarif::render(results, exit).map_err(|error| internal(&error))?,
            Format::Markdown => markdown::render(results, exit, &diagram),
            Format::Github => {
                if let Some(path) = &self.context.step_summary {
                    let summary = markdown::render(results, exit, &diagram);
                    append(path, &summary).map_err(Problem::write(path))?;
                }
                github::render(results, exit)
            }
        })
    }
}

/// A run as a Mermaid diagram. What cannot be drawn is told elsewhere: it does not replay.
fn diagram(trace: &Trace) -> Option<String> {
    let file = Case::of_text("the scenario of a trace", &trace.scenario).ok()?.file;
    let picture = picture(&file.scenario, &file.preset, trace).ok()?;
    Some(mermaid(&picture))
}

/// Other steps of the workflow may have written to the file.
fn append(path: &Path, text: &str) -> std::io::Result<()> {
    File::options().create(true).append(true).open(path)?.write_all(text.as_bytes())
}

/// Explores one scenario and says meanwhile how far it is.
pub(super) fn explore(
    context: &mut Context<'_>,
    case: &Case,
    options: &Options,
) -> Result<ScenarioResult, Problem> {
    let interrupted: &AtomicBool = context.interrupted;
    let mut display = ProgressDisplay::new(context.err, context.err_is_terminal);
    let mut progress = |progress: &_| display.show(case.name(), progress);
    let control = Control { interrupted: Some(interrupted), progress: Some(&mut progress) };
    let found = context.engine.run(&case.file.scenario, options, control);
    let mut result =
        found.map_err(|source| Problem::Run { scenario: case.origin.clone(), source })?;
    case.annotate(&mut result);
    Ok(result)
}

/// Takes random walks through one scenario and says meanwhile how far they are.
fn simulate(
    context: &mut Context<'_>,
    case: &Case,
    walks: &Walks,
    free: Limits,
) -> Result<ScenarioResult, Problem> {
    let interrupted: &AtomicBool = context.interrupted;
    let mut display = ProgressDisplay::new(context.err, context.err_is_terminal);
    let mut progress = |progress: &_| display.show_walks(case.name(), progress);
    let control = WalkControl { interrupted: Some(interrupted), progress: Some(&mut progress) };
    let found = context.engine.simulate(&case.file.scenario, walks, free, control);
    let mut result =
        found.map_err(|source| Problem::Run { scenario: case.origin.clone(), source })?;
    case.annotate(&mut result);
    if let Some(walked) = &mut result.walks {
        let Walks { walks, steps, seed, .. } = walks;
        let scenario = shell_word(&case.origin);
        walked.repeat = Some(format!(
            "failproof simulate {scenario} --walks {walks} --steps {steps} --seed {seed}"
        ));
    }
    Ok(result)
}

/// Writes the trace of every violation, and notes in the result where; says which could not be written.
pub(super) fn write_traces(
    case: &Case,
    result: &mut ScenarioResult,
    directory: &Path,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    for property in &mut result.properties {
        let Some(trace) = &property.counterexample else { continue };
        let path = case.trace_path(directory, &property.id);
        match write_trace(trace, directory, &path) {
            Ok(()) => property.trace = Some(path.display().to_string()),
            Err(problem) => problems.push(problem),
        }
    }
    problems
}

fn write_trace(trace: &Trace, directory: &Path, path: &Path) -> Result<(), Problem> {
    fs::create_dir_all(directory).map_err(Problem::write(directory))?;
    fs::write(path, trace.to_string()).map_err(Problem::write(path))
}
