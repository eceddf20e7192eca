//! `gate`: whether everything is still as it was blessed.

use std::fs;
use std::path::{Path, PathBuf};

use super::case::{Case, expect};
use super::context::Context;
use super::explore_args::{ExploreArgs, LimitArgs};
use super::problem::Problem;
use super::replay;
use super::session::{OutputArgs, Session};
use crate::exit_code::ExitCode;
use crate::replay::End;
use crate::report::style::{BAD, DIM, GOOD, NAME};
use crate::run::result::{ScenarioResult, Verdict};
use crate::scenario_file::{Change, Expectation, ExpectedVerdict, bless, bless_without};

/// Where committed traces are, as seen from the root of the source tree.
const CORPUS: &str = "traces/corpus";

/// Compare the built-in scenarios and the committed traces with what is expected of them.
///
/// Verdicts and exact counts have to be as in the scenario files, and every trace has to replay. A scenario in which
/// something is broken on purpose is explored both ways: also without that. Every difference is named; `--bless` writes
/// it into the scenario files instead.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: failproof gate")]
pub(super) struct Args {
    /// All built-in scenarios, also those that take longer.
    #[arg(long)]
    all: bool,
    /// Show the differences and accept them: rewrite `[expect]` in the scenario files.
    #[arg(long)]
    bless: bool,
    /// The sources of the built-in scenarios, for `--bless`.
    #[arg(long, value_name = "DIR", default_value = "checker/src/scenarios")]
    scenarios: PathBuf,
    /// The traces to replay [default: traces/corpus, where that exists].
    #[arg(long, value_name = "DIR")]
    corpus: Option<PathBuf>,
    #[command(flatten)]
    limits: LimitArgs,
    #[command(flatten)]
    explore: ExploreArgs,
    #[command(flatten)]
    output: OutputArgs,
}

/// Compares.
pub(super) fn run(args: &Args, context: &mut Context<'_>) -> Result<ExitCode, Problem> {
    let cases = Case::builtin(args.all)?;
    let traces = traces(args.corpus.as_deref())?;
    let explore = args.explore.options(&args.limits);
    let mut session = Session::begin(context, &args.output, &explore)?;
    let mut differences = Vec::new();
    for case in &cases {
        let of_case = Difference::of(case.clone(), None, &mut session)?;
        // What was found just now, not what was expected of it: both may be blessed together.
        let expected =
            of_case.as_ref().map_or(&case.file.expectation, |found| &found.after).clone();
        differences.extend(of_case);
        if let Some(twin) = case.twin()? {
            differences.extend(Difference::of(twin, Some(expected), &mut session)?);
        }
    }
    for path in &traces {
        replay_one(path, &mut session)?;
    }
    for difference in &differences {
        session.say(&difference.text())?;
        if args.bless {
            difference.bless(&args.scenarios, session.results())?;
        } else {
            session.note(ExitCode::Unexpected);
        }
    }
    session.finish()
}

/// A scenario that came out differently.
struct Difference {
    case: Case,
    /// What is expected of the scenario whose twin this is.
    twin_of: Option<Expectation>,
    after: Expectation,
    changes: Vec<Change>,
}

impl Difference {
    /// Runs a case; nothing, if it came out as expected.
    fn of(
        case: Case,
        twin_of: Option<Expectation>,
        session: &mut Session<'_, '_>,
    ) -> Result<Option<Difference>, Problem> {
        let Some(result) = session.run(&case)? else { return Ok(None) };
        let after = found(&case.file.expectation, result);
        let changes = case.file.expectation.changes(&after);
        Ok((!changes.is_empty()).then_some(Difference { case, twin_of, after, changes }))
    }

    fn text(&self) -> String {
        let changes = self.changes.iter().map(|change| format!("  {change}\n"));
        let changes: String = changes.collect();
        format!("{BAD}differs{BAD:#} {NAME}{}{NAME:#}\n{changes}", self.case.name())
    }

    /// Accepts it: in the source, and in what was found.
    fn bless(&self, directory: &Path, results: &mut [ScenarioResult]) -> Result<(), Problem> {
        let path = directory.join(format!("{}.toml", self.case.origin));
        let text = fs::read_to_string(&path).map_err(Problem::read(&path))?;
        let shown = path.display().to_string();
        let blessed = match &self.twin_of {
            None => bless(&shown, &text, &self.after)?,
            Some(expectation) => bless_without(&shown, &text, expectation, &self.after)?,
        };
        fs::write(&path, blessed).map_err(Problem::write(&path))?;
        let results = results.iter_mut().filter(|result| result.name == self.case.name());
        results.for_each(|result| expect(&self.after, result));
        Ok(())
    }
}

/// What a scenario would have to expect for this to be as expected. Of a run that is not complete nothing is accepted
/// but violations; that a property is vacuous can never be expected.
fn found(before: &Expectation, result: &ScenarioResult) -> Expectation {
    let mut after = before.clone();
    if result.complete {
        after.states = Some(result.states);
        after.generated = Some(result.generated);
        after.depth = Some(result.depth);
    }
    for property in &result.properties {
        let verdict = match property.verdict {
            Verdict::Violated => ExpectedVerdict::Violated,
            Verdict::Holds => ExpectedVerdict::Holds,
            Verdict::Vacuous | Verdict::Inconclusive => continue,
        };
        match after.verdicts.iter_mut().find(|(id, _)| *id == property.id) {
            Some((_, expected)) => *expected = verdict,
            None if verdict == ExpectedVerdict::Violated => {
                after.verdicts.push((property.id.clone(), verdict));
            }
            None => {}
        }
    }
    after
}

/// The committed traces, in order. A directory that was asked for has to exist.
fn traces(corpus: Option<&Path>) -> Result<Vec<PathBuf>, Problem> {
    let directory = corpus.unwrap_or(Path::new(CORPUS));
    if corpus.is_none() && !directory.exists() {
        return Ok(Vec::new());
    }
    let mut traces = Vec::new();
    for entry in fs::read_dir(directory).map_err(Problem::read(directory))? {
        let path = entry.map_err(Problem::read(directory))?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            traces.push(path);
        }
    }
    traces.sort();
    Ok(traces)
}

fn replay_one(path: &PathBuf, session: &mut Session<'_, '_>) -> Result<(), Problem> {
    if session.is_interrupted() {
        return Ok(());
    }
    let replayed = replay::read(path).and_then(|(case, trace)| {
        let replayed = session.context().engine.replay(&case.file.scenario, &trace);
        replayed.map_err(|source| Problem::Run { scenario: case.origin, source })
    });
    let shown = path.display();
    match replayed.map(|replayed| replayed.end) {
        Err(problem) => session.report(&problem),
        Ok(End::Confirmed) => {
            session.say(&format!("{GOOD}replays{GOOD:#} {DIM}{shown}{DIM:#}\n"))?;
        }
        Ok(End::Refuted(why)) => {
            session.say(&format!("{BAD}diverges{BAD:#} {shown} at the end: {why}\n"))?;
            session.note(ExitCode::Unexpected);
        }
        Ok(End::Diverged(divergence)) => {
            session.say(&format!("{BAD}diverges{BAD:#} {shown}: {divergence}\n"))?;
            session.note(ExitCode::Unexpected);
        }
    }
    Ok(())
}
