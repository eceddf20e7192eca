//! Runs one scenario: explores it, judges it, and says what was found.

mod bounds;
mod free;
mod judge;
pub mod result;
mod simulate;
mod size;

use std::sync::Arc;

use failproof_model::action::RULES;
use failproof_model::failover::{Failover, ModelError};
use failproof_model::scenario::Scenario;
use failproof_model::state::State;
use failproof_properties::Facts;
use failproof_traces as traces;
use thiserror::Error;

use crate::explore::{Control, Cost, Exploration, Finding, Limits, Most, Path, Progress, explore};
use result::{PropertyResult, RuleResult, ScenarioResult};

pub use free::free_outcomes;
pub use judge::{CostOf, Properties};
pub use simulate::simulate;
pub use size::{EXECUTION_VERTICES_MAX, WithModel, with_model};

/// Why a scenario could not be run.
#[derive(Debug, Error)]
pub enum RunError {
    /// The scenario contradicts itself, or is more than the model can hold.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// A counterexample that the model does not take again.
    #[error("internal error: {0}")]
    Trace(#[from] traces::RecordError),
}

/// Explores a scenario within limits and judges it by all properties. What the scenario expects is not known here:
/// no property is named, and none has an expected verdict.
///
/// # Errors
/// When the scenario contradicts itself, or is more than the model can hold.
pub fn run(
    scenario: &Scenario,
    limits: Limits,
    control: Control<'_>,
) -> Result<ScenarioResult, RunError> {
    with_model(scenario, Run { limits, control })?
}

struct Run<'a> {
    limits: Limits,
    control: Control<'a>,
}

impl WithModel for Run<'_> {
    type Output = Result<ScenarioResult, RunError>;

    fn with<const V: usize>(self, model: Failover<V>) -> Self::Output {
        let Run { limits, control: Control { interrupted, mut progress } } = self;
        let mut say = |now: &Progress| progress.iter_mut().for_each(|progress| progress(now));
        let control = Control { interrupted, progress: Some(&mut say) };
        let free = free_outcomes(&model, limits, control)?;
        let stopped_early = free.as_ref().err().copied();
        let model = Arc::new(model);
        let facts = Facts { model: Arc::clone(&model), free: free.unwrap_or_default() };
        let judge = Properties::new(facts);
        // Without all failure-free outcomes nothing can be said of transparency: the run is cut off at once.
        let limits =
            if stopped_early.is_some() { Limits { states: Some(0), ..limits } } else { limits };
        let control = Control { interrupted, progress };
        let (mut exploration, _) = explore(&*model, &judge, limits, control);
        exploration.stopped = stopped_early.or(exploration.stopped);
        let mut result = report(&model, &exploration)?;
        if let Some(stopped) = stopped_early {
            result.stopped_by =
                Some(format!("{stopped}, before all runs without faults were known"));
        }
        Ok(result)
    }
}

fn report<const V: usize>(
    model: &Failover<V>,
    exploration: &Exploration<failproof_model::action::Action>,
) -> Result<ScenarioResult, RunError> {
    let deployed_at_first =
        (0..model.size()).filter(|&v| judge::is_deployed(&model.init(), v)).count();
    let reruns = |deployments: u64| {
        (deployments + deployed_at_first as u64).saturating_sub(model.size() as u64)
    };
    Ok(ScenarioResult {
        name: model.scenario.name.clone(),
        preset: String::new(),
        complete: exploration.stopped.is_none(),
        stopped_by: exploration.stopped.map(|stopped| stopped.to_string()),
        bounds: bounds::of(&model.scenario),
        states: exploration.distinct,
        generated: exploration.generated,
        depth: exploration.depth,
        elapsed_ms: exploration.elapsed.as_millis() as u64,
        memory_bytes: exploration.memory_bytes,
        restarts_max: most(exploration.costs[CostOf::Restarts as usize]),
        task_reruns_max: most(exploration.costs[CostOf::Deployments as usize]).map(reruns),
        stored_partitions_max: u64::from(exploration.gauges[0]),
        properties: properties(model, &exploration.findings)?,
        rules: rules(exploration.rules.iter().map(|count| count.fired)),
        walks: None,
    })
}

/// How often each rule fired, in the order of the rules.
fn rules(fired: impl Iterator<Item = u64>) -> Vec<RuleResult> {
    let each = RULES.iter().zip(fired);
    each.map(|(rule, fired)| RuleResult { id: rule.id.to_owned(), fired }).collect()
}

fn most(cost: Cost) -> Option<u64> {
    match cost {
        Cost::Total { most: Most::Finite(most), .. } => Some(most),
        Cost::Total { most: Most::Unbounded, .. } | Cost::Unknown | Cost::Endless => None,
    }
}

fn properties<const V: usize>(
    model: &Failover<V>,
    findings: &[Finding<failproof_model::action::Action>],
) -> Result<Vec<PropertyResult>, RunError> {
    let about = failproof_properties::catalogue();
    about
        .iter()
        .zip(findings)
        .map(|(about, finding)| {
            let trace = |kind, path: &Option<Path<_>>| {
                path.as_ref().map(|path| record(model, about.id, kind, path)).transpose()
            };
            let Finding { verdict, violation, witness, .. } = finding;
            Ok(PropertyResult {
                id: about.id.to_owned(),
                kind: match about.kind {
                    failproof_properties::Kind::Safety => "safety".to_owned(),
                    failproof_properties::Kind::Reachability => "reachability".to_owned(),
                },
                named: false,
                verdict: *verdict,
                expected: None,
                steps: violation.as_ref().map(|path| path.actions.len()),
                trace: None,
                counterexample: trace(traces::Kind::Violation, violation)?,
                witness: trace(traces::Kind::Witness, witness)?,
            })
        })
        .collect()
}

/// The run of a path as a trace, still without the text of its scenario.
fn record<const V: usize>(
    model: &Failover<V>,
    property: &str,
    kind: traces::Kind,
    path: &Path<failproof_model::action::Action>,
) -> Result<traces::Trace, RunError> {
    let about = traces::About {
        tool: concat!("failproof ", env!("CARGO_PKG_VERSION")).to_owned(),
        kind,
        property: Some(property.to_owned()),
        scenario: String::new(),
    };
    let actions = path.actions.iter().copied();
    Ok(traces::record(model, about, model.init(), actions, encode)?)
}

/// The bytes of a state that digests are made of.
pub fn encode<const V: usize>(state: &State<V>) -> Vec<u8> {
    let mut bytes = Vec::new();
    state.encode(&mut bytes);
    bytes
}
