//! `check --plan`: the job of a plan, whole if that can be exhausted, else in pieces.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use failproof_model::design::{PRESETS, Preset, Strategy};
use failproof_model::failover::ModelError;
use failproof_model::job_graph::JobGraph;
use failproof_model::scenario::Scenario;
use failproof_model::state::PARTITIONS_MAX;
use failproof_model::strategy::StrategyError;
use failproof_model::topology::Topology;

use super::import::streaming;
use super::plan_args::{case, read};
use super::problem::Problem;
use super::restart_sets;
use super::session::Session;
use crate::assessment;
use crate::exit_code::ExitCode;
use crate::plan::{ImportedPlan, JobType, Options, Piece, pieces, to_scenario};
use crate::report::quantity::counted;
use crate::report::style::{BAD, DIM, GOOD, NAME, OPEN};
use crate::report::table::{Cell, Table};
use crate::run::result::{PieceOf, Verdict};
use crate::run::{EXECUTION_VERTICES_MAX, RunError};

/// Checks the job of the plan in a file, and reports it.
pub(super) fn run(
    path: &Path,
    options: &Options,
    session: &mut Session<'_, '_>,
) -> Result<(), Problem> {
    let plan = read(path, options)?;
    session.say(&description(&plan))?;
    if plan.job_type == JobType::Streaming {
        session.say(&restart_sets::describe(&plan.job))?;
        return Err(Problem::Refused(streaming(&plan)));
    }
    refuse_edges(&plan, options.preset)?;
    let whole = to_scenario(&plan, options);
    let exhausted = match check_whole(&whole, options.preset, session)? {
        true => Exhausted { scenarios: vec![whole], pieces: None },
        false => check_pieces(&plan, options, session)?,
    };
    session.say(&format!("{}\n", restart_sets::describe(&plan.job)))?;
    let compared = compare(&exhausted, session)?;
    session.say(&compared)
}

/// What could be exhausted of a job.
struct Exhausted {
    scenarios: Vec<Scenario>,
    /// The number of pieces that the job was cut into; `None`: it was exhausted as a whole.
    pieces: Option<usize>,
}

/// What the plan is, and what it does not say.
fn description(plan: &ImportedPlan) -> String {
    let mut text = format!("{NAME}{}{NAME:#} {DIM}({})\n{DIM:#}", plan.name, size(&plan.job));
    let _ = writeln!(text, "What the plan does not say and is assumed:");
    for assumption in &plan.assumptions {
        let _ = writeln!(text, "  - {}", assumption.sentence);
    }
    text + "\n"
}

fn size(job: &JobGraph) -> String {
    let partitions = Topology::of(job).partitions.len();
    let vertices = counted(job.vertices.len(), "vertex");
    let subtasks = counted(job.execution_vertices(), "subtask");
    let exchanges = counted(job.edges.len(), "exchange");
    format!("{vertices} of {subtasks}, {exchanges} of {}", counted(partitions, "result partition"))
}

/// Why restart-individual takes no job with exchanges.
const EDGES: &str = "it takes only jobs without data exchange";

/// Nothing of a job with exchanges can be checked under restart-individual.
fn refuse_edges(plan: &ImportedPlan, preset: &Preset) -> Result<(), Problem> {
    if preset.design.strategy != Strategy::RestartIndividual || plan.job.edges.is_empty() {
        return Ok(());
    }
    let (preset, exchanges) = (preset.name, counted(plan.job.edges.len(), "exchange"));
    Err(Problem::Refused(format!(
        "--preset {preset}: {EDGES}, and `{}` has {exchanges}; valid is a region preset such as flink-2",
        plan.name
    )))
}

/// Why the model cannot hold a scenario; any other problem is handed back.
fn too_large(problem: Problem) -> Result<String, Problem> {
    match problem {
        Problem::Run { source: RunError::Model(error), .. } if is_too_large(&error) => {
            Ok(error.to_string())
        }
        problem => Err(problem),
    }
}

fn is_too_large(error: &ModelError) -> bool {
    matches!(error, ModelError::TooLarge { .. } | ModelError::Data(_))
}

/// Whether the whole job could be exhausted.
fn check_whole(
    scenario: &Scenario,
    preset: &Preset,
    session: &mut Session<'_, '_>,
) -> Result<bool, Problem> {
    let partitions = Topology::of(&scenario.job).partitions.len();
    let fits =
        scenario.job.execution_vertices() <= EXECUTION_VERTICES_MAX && partitions <= PARTITIONS_MAX;
    let too_large = if fits {
        match session.try_run(&case(scenario.clone(), preset)) {
            Ok(Some(result)) if result.complete => None,
            Ok(_) => Some("more states than the limits allow".to_owned()),
            Err(problem) => Some(too_large(problem)?),
        }
    } else {
        let subtasks = counted(EXECUTION_VERTICES_MAX, "subtask");
        Some(format!("the model holds {subtasks} and {PARTITIONS_MAX} result partitions"))
    };
    let Some(why) = too_large else { return Ok(true) };
    if !session.is_interrupted() {
        session.note(ExitCode::Inconclusive);
        let size = size(&scenario.job);
        session.say(&format!(
            "{OPEN}The whole job is too large to exhaust{OPEN:#}: {size}; {why}. What follows are pieces of it: \
             no verdict on them is one on the whole job.\n\n"
        ))?;
    }
    Ok(false)
}

/// Checks the pieces of a job, each with as much parallelism as can be exhausted; returns those.
fn check_pieces(
    plan: &ImportedPlan,
    options: &Options,
    session: &mut Session<'_, '_>,
) -> Result<Exhausted, Problem> {
    let mut by_cut: BTreeMap<usize, Vec<Piece>> = BTreeMap::new();
    for piece in pieces(&plan.job) {
        by_cut.entry(piece.number).or_default().push(piece);
    }
    let mut exhausted = Vec::new();
    for piece in by_cut.values().flat_map(|sizes| sizes.iter()) {
        let done = |scenario: &(usize, Scenario)| scenario.0 == piece.number;
        if exhausted.iter().any(done) {
            continue;
        }
        let scenario = piece.to_scenario(&plan.name, options);
        let mut case = case(scenario.clone(), options.preset);
        case.piece_of = Some(piece_of(plan, piece, by_cut.len()));
        match session.try_run(&case) {
            Ok(None) => break,
            Ok(Some(result)) => {
                if result.complete {
                    exhausted.push((piece.number, scenario));
                }
                let (says, not) = (&piece.says, &piece.does_not_say);
                session.say(&format!(
                    "  {DIM}says{DIM:#} {says}\n  {DIM}does not say{DIM:#} {not}\n\n"
                ))?;
            }
            Err(problem) => {
                let why = too_large(problem)?;
                let size = size(&scenario.job);
                session.say(&format!(
                    "{NAME}{}{NAME:#}\n  {OPEN}too large{OPEN:#}: {size}; {why}\n\n",
                    scenario.name
                ))?;
            }
        }
    }
    let scenarios = exhausted.into_iter().map(|(_, scenario)| scenario).collect();
    Ok(Exhausted { scenarios, pieces: Some(by_cut.len()) })
}

/// How much of the job of a plan a piece is.
fn piece_of(plan: &ImportedPlan, piece: &Piece, pieces: usize) -> PieceOf {
    PieceOf {
        job: plan.name.clone(),
        piece: piece.number,
        pieces,
        vertices: piece.job.vertices.len(),
        job_vertices: plan.job.vertices.len(),
        subtasks: piece.job.execution_vertices(),
        job_subtasks: plan.job.execution_vertices(),
    }
}

/// Which strategies are safe for what was exhausted.
fn compare(exhausted: &Exhausted, session: &mut Session<'_, '_>) -> Result<String, Problem> {
    let what = match (exhausted.pieces, exhausted.scenarios.len()) {
        (None, _) => "this job".to_owned(),
        (Some(_), 0) => {
            let nothing = "No piece could be exhausted: nothing is known of any strategy.\n";
            return Ok(nothing.to_owned());
        }
        (Some(pieces), all) if pieces == all => {
            format!("{} of this job, not the whole of it", counted(all, "piece"))
        }
        (Some(pieces), some) => {
            format!("{some} of {pieces} pieces of this job, not the others and not the whole of it")
        }
    };
    let mut table = Table::headed(["preset", "is", "because"]);
    for preset in PRESETS {
        if session.is_interrupted() {
            break;
        }
        let (verdict, because) = judge(preset, &exhausted.scenarios, session)?;
        table.push([preset.name.into(), verdict, because.into()]);
    }
    Ok(format!(
        "{NAME}Which presets are safe{NAME:#} for {what}, within the bounds above\n{table}\n"
    ))
}

/// What is found of one preset.
fn judge(
    preset: &'static Preset,
    checked: &[Scenario],
    session: &mut Session<'_, '_>,
) -> Result<(Cell, String), Problem> {
    let mut open = Vec::new();
    for scenario in checked {
        let scenario = Scenario { design: preset.design, ..scenario.clone() };
        let name = scenario.name.clone();
        let result = match session.explore(&case(scenario, preset)) {
            Ok(result) => result,
            Err(Problem::Run { source, .. }) => return Ok(("refused".into(), refusal(&source))),
            Err(problem) => return Err(problem),
        };
        let violated = result.properties.iter().find(|it| it.verdict == Verdict::Violated);
        if let Some(property) = violated {
            let steps = counted(property.steps.unwrap_or_default(), "step");
            let because = format!("{} in {steps}, in {name}", property.id);
            return Ok((Cell::from("unsafe").styled(BAD), because));
        }
        if assessment::exit_code(&result) != ExitCode::AsExpected {
            open.push(name);
        }
    }
    Ok(match open.as_slice() {
        [] => (Cell::from("safe").styled(GOOD), "no property is violated".to_owned()),
        open => (Cell::from("open").styled(OPEN), format!("not decided in {}", open.join(", "))),
    })
}

/// Why a preset takes none of it.
fn refusal(error: &RunError) -> String {
    match error {
        RunError::Model(ModelError::Strategy(StrategyError::Connected { .. })) => EDGES.to_owned(),
        error => error.to_string(),
    }
}
