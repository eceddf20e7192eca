//! What is said of a job plan on the command line.

use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;

use clap::builder::{PossibleValuesParser, RangedU64ValueParser, TypedValueParser};
use failproof_model::data::SOURCE_ROWS_MAX;
use failproof_model::design::{PRESETS, Preset, preset};
use failproof_model::scenario::Scenario;

use super::case::Case;
use super::problem::Problem;
use crate::plan::{ImportedPlan, Options, import};
use crate::scenario_file::{Expectation, ExpectedVerdict, ScenarioFile, Tier, to_toml};

/// The property that a job is checked for above all.
const ABOUT: &str = "outcome-is-transparent";

/// What the user adds to a plan.
#[derive(Clone, Debug, clap::Args)]
#[group(requires = "plan")]
#[command(next_help_heading = "Job plans")]
pub(super) struct PlanOptions {
    /// How the job recovers; see `failproof list presets` [default: flink-2].
    #[arg(long, value_name = "PRESET", value_parser = presets())]
    preset: Option<&'static Preset>,
    /// At most so many subtasks of a vertex; also the parallelism of what Flink has not decided.
    #[arg(long, value_name = "N")]
    parallelism: Option<NonZeroUsize>,
    /// Rows that each subtask of a source reads [default: 1].
    #[arg(long, value_name = "N", value_parser = rows())]
    rows: Option<NonZeroUsize>,
}

impl PlanOptions {
    /// As the import takes them.
    pub(super) fn options(&self) -> Options {
        let preset = self.preset.or(preset("flink-2")).unwrap_or(&PRESETS[0]);
        let rows = self.rows.unwrap_or(NonZeroUsize::MIN);
        Options { parallelism: self.parallelism, rows, ..Options::new(preset) }
    }

    /// Refuses options of a plan where there is none: a scenario says these things itself.
    pub(super) fn refuse(&self) -> Result<(), Problem> {
        let given = [
            ("--preset", self.preset.is_some()),
            ("--parallelism", self.parallelism.is_some()),
            ("--rows", self.rows.is_some()),
        ];
        match given.iter().find(|(_, given)| *given) {
            Some((option, _)) => Err(Problem::Refused(format!(
                "{option} goes with --plan; a scenario says in its file what its job and its preset are"
            ))),
            None => Ok(()),
        }
    }
}

fn presets() -> impl TypedValueParser<Value = &'static Preset> {
    let names = PossibleValuesParser::new(PRESETS.iter().map(|preset| preset.name));
    names.try_map(|name| preset(&name).ok_or("no such preset"))
}

/// As many as the model can hold.
fn rows() -> impl TypedValueParser<Value = NonZeroUsize> {
    let rows = RangedU64ValueParser::<usize>::new().range(1..=SOURCE_ROWS_MAX as u64);
    rows.try_map(NonZeroUsize::try_from)
}

/// Reads the plan in a file.
pub(super) fn read(path: &Path, options: &Options) -> Result<ImportedPlan, Problem> {
    let text = fs::read_to_string(path).map_err(Problem::read(path))?;
    Ok(import(&path.display().to_string(), &text, options)?)
}

/// The file of a scenario that was made of a plan. Nobody has written it: what the model has against it is said of the
/// plan, and not of a place in this file.
pub(super) fn scenario_file(scenario: Scenario, preset: &Preset) -> ScenarioFile {
    let verdicts = vec![(ABOUT.to_owned(), ExpectedVerdict::Holds)];
    let expectation = Expectation { verdicts, ..Expectation::default() };
    let text = to_toml(&scenario, preset, Tier::Quick, &expectation);
    let preset = preset.name.to_owned();
    ScenarioFile { scenario, preset, tier: Tier::Quick, expectation, twin: None, text }
}

/// A scenario that was made of a plan, to be run.
pub(super) fn case(scenario: Scenario, preset: &Preset) -> Case {
    let (origin, file) = (scenario.name.clone(), scenario_file(scenario, preset));
    Case { origin, file, piece_of: None, without_defect: false }
}
