//! Walks through one scenario at random, and says what was seen.

use std::sync::Arc;

use failproof_model::action::Action;
use failproof_model::failover::Failover;
use failproof_model::scenario::Scenario;
use failproof_properties::Facts;

use super::result::{ExpectedCounts, ScenarioResult, WalksResult};
use super::{
    Properties, RunError, WithModel, bounds, free_outcomes, properties, rules, with_model,
};
use crate::explore::{self, Control, Limits, RuleCount, Simulation, Stopped, WalkControl, Walks};
use crate::spelling::spelt;

/// Why a run by random walks is not complete, even if all of them were taken.
const A_PART_ONLY: &str = "random walks see a part only";

/// Takes random walks through a scenario and judges them by all properties. What the scenario expects is not known
/// here, as in [`super::run`]. No property is ever said to hold.
///
/// The runs without faults are explored first, within `free`. Where that is not complete, the properties that ask
/// for them stay inconclusive.
///
/// # Errors
/// When the scenario contradicts itself, or is more than the model can hold.
pub fn simulate(
    scenario: &Scenario,
    walks: &Walks,
    free: Limits,
    threads: usize,
    control: WalkControl<'_>,
) -> Result<ScenarioResult, RunError> {
    with_model(scenario, Simulate { walks: *walks, free, threads, control })?
}

struct Simulate<'a> {
    walks: Walks,
    free: Limits,
    threads: usize,
    control: WalkControl<'a>,
}

impl WithModel for Simulate<'_> {
    type Output = Result<ScenarioResult, RunError>;

    fn with<const V: usize>(self, model: Failover<V>) -> Self::Output {
        let Simulate { walks, free, threads, control } = self;
        let interrupted = Control { interrupted: control.interrupted, progress: None };
        let free = free_outcomes(&model, &free.into(), interrupted)?;
        let unknown = free.as_ref().err().copied();
        let model = Arc::new(model);
        let facts = Facts { model: Arc::clone(&model), free: free.unwrap_or_default() };
        let judge = Properties::new(facts);
        let judge = if unknown.is_some() { judge.without_free() } else { judge };
        let simulation = explore::simulate(&*model, &judge, &walks, threads, control);
        report(&model, &walks, &simulation, unknown)
    }
}

fn report<const V: usize>(
    model: &Failover<V>,
    walks: &Walks,
    simulation: &Simulation<Action>,
    unknown: Option<Stopped>,
) -> Result<ScenarioResult, RunError> {
    Ok(ScenarioResult {
        name: model.scenario.name.clone(),
        preset: String::new(),
        complete: false,
        stopped_by: Some(stopped_by(simulation, unknown)),
        bounds: bounds::of(&model.scenario),
        states: simulation.distinct,
        generated: simulation.visited as usize,
        depth: simulation.longest + 1,
        expected: ExpectedCounts::default(),
        elapsed_ms: simulation.elapsed.as_millis() as u64,
        defect: model.scenario.defect.map(|defect| spelt(&defect)),
        without_defect: false,
        piece_of: None,
        memory_bytes: simulation.distinct * size_of::<u64>(),
        steps_bytes: 0,
        spilled_bytes: 0,
        collision_chance: 0.0,
        levels: Vec::new(),
        branching: Vec::new(),
        reductions: Vec::new(),
        fair_states: None,
        irreducible: false,
        costs_known: false,
        restarts_max: None,
        task_reruns_max: None,
        stored_partitions_max: u64::from(simulation.gauges[0]),
        properties: properties(
            model,
            &simulation.findings,
            &vec![None; simulation.findings.len()],
        )?,
        rules: rules(simulation.rules.iter().map(|rule| RuleCount {
            enabled: rule.enabled,
            fired: rule.fired,
            discovered: 0,
        })),
        walks: Some(WalksResult {
            seed: walks.seed,
            walks_max: walks.walks,
            steps_max: walks.steps,
            walks: simulation.walks,
            ended: simulation.ended,
            steps: simulation.steps,
            longest: simulation.longest,
            more_states: simulation.more_distinct,
            repeat: None,
        }),
    })
}

fn stopped_by(simulation: &Simulation<Action>, unknown: Option<Stopped>) -> String {
    let walks = simulation.stopped.map(|stopped| format!("; {stopped}")).unwrap_or_default();
    let free = unknown.map(|stopped| format!("; of the runs without faults: {stopped}"));
    format!("{A_PART_ONLY}{walks}{}", free.unwrap_or_default())
}
