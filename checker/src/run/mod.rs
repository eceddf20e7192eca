//! Runs one scenario: explores it, judges it, and says what was found.

mod ahead;
mod bounds;
mod checkpoints;
mod codec;
mod free;
mod judge;
mod options;
mod prefix;
mod reduced;
pub mod result;
mod simulate;
mod size;
mod verdicts;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use failproof_model::action::{Action, RULES, Rule};
use failproof_model::failover::{Failover, ModelError};
use failproof_model::scenario::Scenario;
use failproof_model::state::State;
use failproof_properties::Facts;
use failproof_traces as traces;
use thiserror::Error;

use crate::explore::{
    Checkpoint, CheckpointError, Control, Cost, Encoded, EncodedWhole, Exploration, Explorer,
    Finding, Judge, Limits, Most, Path, Progress, RuleCount, Verdict,
};
use crate::spelling::spelt;
use result::{ExpectedCounts, PropertyResult, RuleResult, ScenarioResult};

pub(crate) use ahead::Ahead;
pub use codec::StateCodec;
pub use free::free_outcomes;
pub(crate) use judge::is_deployed;
pub use judge::{CostOf, Properties};
pub use options::Options;
pub use prefix::record_prefix;
pub use reduced::Reductions;
pub use simulate::simulate;
pub use size::{EXECUTION_VERTICES_MAX, WithModel, with_model};
pub use verdicts::{Found, free_of, verdicts};

/// Why a scenario could not be run.
#[derive(Debug, Error)]
pub enum RunError {
    /// The scenario contradicts itself, or is more than the model can hold.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// A checkpoint from which the run cannot go on.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// A counterexample that the model does not take again.
    #[error("internal error: {0}")]
    Trace(#[from] traces::RecordError),
}

/// Explores a scenario and judges it by all properties. What the scenario expects is not known here:
/// no property is named, and none has an expected verdict.
///
/// # Errors
/// When the scenario contradicts itself or is more than the model can hold, or when there is no going on from its
/// checkpoint.
pub fn run(
    scenario: &Scenario,
    options: &Options,
    control: Control<'_>,
) -> Result<ScenarioResult, RunError> {
    with_model(scenario, Run { options, control })?
}

struct Run<'o, 'c> {
    options: &'o Options,
    control: Control<'c>,
}

impl WithModel for Run<'_, '_> {
    type Output = Result<ScenarioResult, RunError>;

    fn with<const V: usize>(self, model: Failover<V>) -> Self::Output {
        let Run { options, control: Control { interrupted, mut progress } } = self;
        let asked = options.reductions;
        let options = &options.reduced_for(&model);
        let reductions = options.reductions;
        let mut say = |now: &Progress| progress.iter_mut().for_each(|progress| progress(now));
        let control = Control { interrupted, progress: Some(&mut say) };
        let free = free_outcomes(&model, options, control)?;
        let stopped_early = free.as_ref().err().copied();
        let model = Arc::new(model);
        let facts = Facts { model: Arc::clone(&model), free: free.unwrap_or_default() };
        let judge = Properties::new(facts);
        // Without all failure-free outcomes nothing can be said of transparency: the run is cut off at once.
        let limits = match stopped_early {
            Some(_) => Limits { states: Some(0), ..options.limits },
            None => options.limits,
        };
        let control = Control { interrupted, progress: Some(&mut say) };
        let directory = options.checkpoints.as_deref().filter(|_| stopped_early.is_none());
        let open = |directory| checkpoints::open(directory, &model.scenario, options);
        let checkpoint = directory.map(open).transpose()?;
        let log = checkpoint.as_ref().map(|checkpoint| checkpoint.path().to_owned());
        let mut exploration = exploration_of(
            &model,
            &judge,
            &Options { limits, ..options.clone() },
            checkpoint,
            control,
        );
        // What is complete needs no checkpoint any more.
        if let Some(log) = log.filter(|_| exploration.stopped.is_none()) {
            Checkpoint::remove(&log)?;
        }
        exploration.stopped = stopped_early.or(exploration.stopped);
        let mut shorter = shorter(&model, &judge, options, &exploration, interrupted);
        let control = Control { interrupted, progress: Some(&mut say) };
        let fair_states = if decides_fair_runs(&exploration) {
            None
        } else {
            let again = fair_runs(&model, &judge, options, control);
            take_over(&mut exploration.findings, &mut shorter, &again);
            // What was not finished is never a pass, whichever exploration it was.
            exploration.stopped = again.stopped;
            Some(again.distinct)
        };
        let mut result = report(&model, options, &exploration, &shorter)?;
        (result.fair_states, result.irreducible) = (fair_states, asked != reductions);
        if let (Some(stopped), Some(_)) = (exploration.stopped, fair_states) {
            result.stopped_by =
                Some(format!("{stopped}, before all that is claimed of fair runs was decided"));
        }
        if let Some(stopped) = stopped_early {
            result.stopped_by =
                Some(format!("{stopped}, before all runs without faults were known"));
        }
        Ok(result)
    }
}

/// Shorter counterexamples than those that were found with local steps, found without them: for each property one that
/// no other undercuts, as far as the limits allow to know that.
fn shorter<const V: usize>(
    model: &Failover<V>,
    judge: &Properties<V>,
    options: &Options,
    exploration: &Exploration<Action>,
    interrupted: Option<&AtomicBool>,
) -> Vec<Option<Path<Action>>> {
    let found = exploration.findings.iter().filter_map(|finding| finding.violation.as_ref());
    let longest = found.map(|path| path.actions.len()).max();
    let Some(longest) = longest.filter(|_| options.reductions.local_steps) else {
        return exploration.findings.iter().map(|finding| finding.violation.clone()).collect();
    };
    let depth = options.limits.depth.map_or(longest + 1, |depth| depth.min(longest + 1));
    let reductions = Reductions { local_steps: false, ..options.reductions };
    let limits = Limits { depth: Some(depth), ..options.limits };
    let options = Options { limits, reductions, ..options.clone() };
    let again =
        exploration_of(model, judge, &options, None, Control { interrupted, progress: None });
    again.findings.into_iter().map(|finding| finding.violation).collect()
}

/// Whether all that is claimed of fair runs is decided, or cannot be, as not everything was seen.
fn decides_fair_runs(exploration: &Exploration<Action>) -> bool {
    let mut findings = exploration.findings.iter();
    exploration.stopped.is_some() || !findings.any(is_undecided)
}

fn is_undecided(finding: &Finding<Action>) -> bool {
    finding.kind.is_about_fair_runs() && finding.verdict == Verdict::Inconclusive
}

/// Explores again, without the reductions that leave open what is claimed of fair runs.
fn fair_runs<const V: usize>(
    model: &Failover<V>,
    judge: &Properties<V>,
    options: &Options,
    control: Control<'_>,
) -> Exploration<Action> {
    let reductions = Reductions { view: options.reductions.view, ..Reductions::NONE };
    let options = Options { reductions, ..options.clone() };
    exploration_of(model, judge, &options, None, control)
}

/// Takes over what another exploration has decided of fair runs.
fn take_over(
    findings: &mut [Finding<Action>],
    shorter: &mut [Option<Path<Action>>],
    again: &Exploration<Action>,
) {
    let undecided = findings.iter_mut().zip(shorter).zip(&again.findings);
    for ((finding, shorter), again) in undecided.filter(|((finding, _), _)| is_undecided(finding)) {
        *finding = again.clone();
        shorter.clone_from(&again.violation);
    }
}

/// Explores a scenario as the options say; from a checkpoint on, if there is one.
fn exploration_of<const V: usize, J: Judge<Failover<V>>>(
    model: &Failover<V>,
    judge: &J,
    options: &Options,
    checkpoint: Option<Checkpoint>,
    control: Control<'_>,
) -> Exploration<Action> {
    let mut explorer = Explorer::new(model, judge)
        .limits(options.limits)
        .threads(options.threads)
        .reduction(&options.reductions);
    if let Some(checkpoint) = checkpoint {
        explorer = explorer.checkpoint(checkpoint);
    }
    match options.exact {
        true => explorer.store(&EncodedWhole(StateCodec)).explore(control).0,
        false => explorer.store(&Encoded(StateCodec)).explore(control).0,
    }
}

fn report<const V: usize>(
    model: &Failover<V>,
    options: &Options,
    exploration: &Exploration<Action>,
    shorter: &[Option<Path<Action>>],
) -> Result<ScenarioResult, RunError> {
    let deployed_at_first = (0..model.size()).filter(|&v| is_deployed(&model.init(), v)).count();
    let reruns = |deployments: u64| {
        (deployments + deployed_at_first as u64).saturating_sub(model.size() as u64)
    };
    let cost = |cost: CostOf| exploration.costs[cost as usize];
    Ok(ScenarioResult {
        name: model.scenario.name.clone(),
        preset: String::new(),
        defect: model.scenario.defect.map(|defect| spelt(&defect)),
        without_defect: false,
        piece_of: None,
        complete: exploration.stopped.is_none(),
        stopped_by: exploration.stopped.map(|stopped| stopped.to_string()),
        bounds: bounds::of(&model.scenario),
        states: exploration.distinct,
        generated: exploration.generated,
        depth: exploration.depth,
        expected: ExpectedCounts::default(),
        elapsed_ms: exploration.elapsed.as_millis() as u64,
        memory_bytes: exploration.memory_bytes,
        steps_bytes: exploration.steps_bytes,
        spilled_bytes: exploration.spilled_bytes,
        collision_chance: exploration.collision_chance,
        levels: exploration.levels.clone(),
        branching: exploration.branching.clone(),
        reductions: options.reductions.names(),
        costs_known: cost(CostOf::Restarts) != Cost::Unknown,
        restarts_max: most(cost(CostOf::Restarts)),
        task_reruns_max: most(cost(CostOf::Deployments)).map(reruns),
        stored_partitions_max: u64::from(exploration.gauges[0]),
        properties: properties(model, &exploration.findings, shorter)?,
        rules: rules(exploration.rules.iter().copied()),
        fair_states: None,
        irreducible: false,
        walks: None,
    })
}

/// How often each rule fired, in the order of the rules.
fn rules(counts: impl Iterator<Item = RuleCount>) -> Vec<RuleResult> {
    let of = |(rule, count): (&Rule, RuleCount)| {
        let RuleCount { enabled, fired, discovered } = count;
        RuleResult { id: rule.id.to_owned(), enabled, fired, discovered }
    };
    RULES.iter().zip(counts).map(of).collect()
}

fn most(cost: Cost) -> Option<u64> {
    match cost {
        Cost::Total { most: Most::Finite(most), .. } => Some(most),
        Cost::Total { most: Most::Unbounded, .. } | Cost::Unknown | Cost::Endless => None,
    }
}

fn properties<const V: usize>(
    model: &Failover<V>,
    findings: &[Finding<Action>],
    shorter: &[Option<Path<Action>>],
) -> Result<Vec<PropertyResult>, RunError> {
    let about = failproof_properties::catalogue();
    about
        .iter()
        .zip(findings.iter().zip(shorter))
        .map(|(about, (finding, shorter))| {
            let trace = |kind, path: &Option<Path<_>>, lasso| {
                let actions = |path: &Path<_>| path.actions.clone();
                path.as_ref()
                    .map(|path| record(model, Some(about.id), (kind, lasso), actions(path)))
                    .transpose()
            };
            let Finding { verdict, violation, witness, lasso, .. } = finding;
            // Of a lasso only the way to its loop is known to be shortest.
            let shortest = violation.as_ref().map(|_| shorter.is_some() && lasso.is_none());
            let violation = if shorter.is_some() { shorter } else { violation };
            Ok(PropertyResult {
                id: about.id.to_owned(),
                kind: about.kind.name().to_owned(),
                named: false,
                verdict: *verdict,
                expected: None,
                steps: violation.as_ref().map(|path| path.actions.len()),
                shortest,
                lasso: *lasso,
                trace: None,
                counterexample: trace(traces::Kind::Violation, violation, *lasso)?,
                witness: trace(traces::Kind::Witness, witness, None)?,
            })
        })
        .collect()
}

/// A run from the first state as a trace, still without the text of its scenario.
fn record<const V: usize>(
    model: &Failover<V>,
    property: Option<&str>,
    (kind, lasso): (traces::Kind, Option<usize>),
    actions: Vec<Action>,
) -> Result<traces::Trace, RunError> {
    let about = traces::About {
        tool: concat!("failproof ", env!("CARGO_PKG_VERSION")).to_owned(),
        kind,
        property: property.map(str::to_owned),
        lasso,
        scenario: String::new(),
    };
    Ok(traces::record(model, about, model.init(), actions, encode)?)
}

/// The bytes of a state that digests are made of.
pub fn encode<const V: usize>(state: &State<V>) -> Vec<u8> {
    let mut bytes = Vec::new();
    state.encode(&mut bytes);
    bytes
}
