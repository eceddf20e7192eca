//! The whole of an exploration: search, look back, and say what was found.

use std::hash::Hash;
use std::time::Duration;

use rayon::{ThreadPool, ThreadPoolBuilder};
use stateright::Model;

use super::asked::Asked;
use super::backward::{Backward, Most, look_back};
use super::cheapest::least_cost;
use super::checkpoint::Checkpoint;
use super::expand::Sources;
use super::judge::{COSTS_MAX, Judge, Kind, Marks, PROPERTIES_MAX};
use super::ledger::Place;
use super::limits::{Limits, Stopped};
use super::liveness::{Lasso, violation};
use super::path::{Origin, Path};
use super::progress::Control;
use super::reduction::Reduction;
use super::search::{RuleCount, Search};
use super::space::StateSpace;
use super::store::{Store, Whole};
use super::verdict::Verdict;

/// What an exploration has found out.
#[derive(Clone, Debug)]
pub struct Exploration<A> {
    /// Distinct states within the boundary.
    pub distinct: usize,
    /// Initial states and steps, with duplicates.
    pub generated: usize,
    /// States on a path to the deepest state, 1 for an initial state.
    pub depth: usize,
    /// Why not everything was seen; none if everything was.
    pub stopped: Option<Stopped>,
    /// Time taken, analysis included.
    pub elapsed: Duration,
    /// The most that its buffers occupied at any time, steps included.
    pub memory_bytes: usize,
    /// What the steps between states occupy, where they are kept.
    pub steps_bytes: usize,
    /// What was written to a disk for want of memory.
    pub spilled_bytes: u64,
    /// The chance that two of the states had equal keys, so that one of them was overlooked; 0 if keys are exact.
    pub collision_chance: f64,
    /// What is known of each property of the judge.
    pub findings: Vec<Finding<A>>,
    /// How often each rule of the judge was at work.
    pub rules: Vec<RuleCount>,
    /// How many states have no successor, one, two and so on, duplicates counted.
    pub branching: Vec<u64>,
    /// Number of states of each level, initial states first.
    pub levels: Vec<usize>,
    /// What runs cost, for each cost of the judge.
    pub costs: Vec<Cost>,
    /// The maximum that each gauge of the judge showed.
    pub gauges: Vec<u32>,
}

/// What is known of a property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding<A> {
    /// What it claims.
    pub kind: Kind,
    /// Whether it does so rightly.
    pub verdict: Verdict,
    /// A shortest run that triggers it. If a step does, that is the last one.
    pub witness: Option<Path<A>>,
    /// A shortest run that violates it. If a step does, that is the last one; of a [`Kind::Reachability`] property, it
    /// ends in a state from which no goal can be reached; of one about fair runs, it is one with a shortest way to
    /// where it begins to repeat itself, or where it stops.
    pub violation: Option<Path<A>>,
    /// The violation goes on for ever: its last state is this one of its states, from which on it repeats itself. None
    /// if it need not go on.
    pub lasso: Option<usize>,
}

/// The least and the greatest total of a cost over all runs that end in a state without successors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cost {
    /// The exploration was not complete; or steps were taken at once, and not each of them was added up.
    Unknown,
    /// No run ends.
    Endless,
    /// What runs that end cost.
    Total {
        /// The cheapest of them.
        least: u64,
        /// The dearest.
        most: Most,
    },
}

/// What going through a complete state space again has shown.
struct Analysis {
    backward: Backward,
    costs: Vec<Cost>,
    /// One of each property.
    fair_runs: Vec<FairRuns>,
}

/// What is known of the fair runs that a property is about.
#[derive(Clone, Debug)]
enum FairRuns {
    /// It is about none, or nothing.
    Unknown,
    /// They are as it claims.
    Comply,
    /// One of them is not.
    Violate(Lasso),
}

/// How a model is explored.
pub struct Explorer<'m, M, J, S = Whole, R = ()> {
    model: &'m M,
    judge: &'m J,
    store: &'m S,
    reduction: &'m R,
    limits: Limits,
    threads: usize,
    keeps_steps: bool,
    checkpoint: Option<Checkpoint>,
}

/// What [`Explorer::explore`] gives: what was found, and what is kept of the states.
pub type Explored<M, S> = (Exploration<<M as Model>::Action>, StateSpace<<S as Store<M>>::Key>);

impl<'m, M, J> Explorer<'m, M, J> {
    /// Explores everything with one thread, keeps whole states and compares them exactly.
    pub fn new(model: &'m M, judge: &'m J) -> Self {
        let (store, reduction, limits) = (&Whole, &(), Limits::default());
        let (threads, keeps_steps, checkpoint) = (1, false, None);
        Explorer { model, judge, store, reduction, limits, threads, keeps_steps, checkpoint }
    }
}

impl<'m, M, J, S, R> Explorer<'m, M, J, S, R> {
    /// Keeps of states what `store` says.
    #[must_use]
    pub fn store<T>(self, store: &'m T) -> Explorer<'m, M, J, T, R> {
        let Explorer { model, judge, reduction, limits, threads, keeps_steps, .. } = self;
        let checkpoint = self.checkpoint;
        Explorer { model, judge, store, reduction, limits, threads, keeps_steps, checkpoint }
    }

    /// Visits fewer states. What is claimed of fair runs is decided only where the reduction says that it keeps them
    /// ([`Reduction::keeps_fairness`]).
    #[must_use]
    pub fn reduction<T>(self, reduction: &'m T) -> Explorer<'m, M, J, S, T> {
        let Explorer { model, judge, store, limits, threads, keeps_steps, .. } = self;
        let checkpoint = self.checkpoint;
        Explorer { model, judge, store, reduction, limits, threads, keeps_steps, checkpoint }
    }

    /// Goes no further than this.
    #[must_use]
    pub fn limits(self, limits: Limits) -> Self {
        Explorer { limits, ..self }
    }

    /// Uses so many threads; what is found does not depend on it.
    #[must_use]
    pub fn threads(self, threads: usize) -> Self {
        Explorer { threads, ..self }
    }

    /// Keeps the steps between states even if no property and no cost needs them.
    #[must_use]
    pub fn keep_steps(self) -> Self {
        Explorer { keeps_steps: true, ..self }
    }

    /// Goes on from a checkpoint, if it has anything, and writes every finished level to it. The store has to be
    /// one that can save states.
    #[must_use]
    pub fn checkpoint(self, checkpoint: Checkpoint) -> Self {
        Explorer { checkpoint: Some(checkpoint), ..self }
    }

    /// How the states of the space are made, to find runs in it.
    pub fn origin(&self) -> Origin<'m, M, S, R> {
        Origin { model: self.model, store: self.store, reduction: self.reduction }
    }

    /// Explores. Also returns what is kept of the states and steps that were seen.
    pub fn explore(self, control: Control<'_>) -> Explored<M, S>
    where
        M: Model + Sync,
        M::State: Clone + Send + Sync,
        M::Action: Clone + Send + Sync,
        J: Judge<M>,
        S: Store<M>,
        R: Reduction<M>,
    {
        let origin = self.origin();
        let Explorer { model, judge, store, reduction, .. } = self;
        let sources = Sources { model, judge, store, reduction };
        let asked = !Asked::of(judge).is_nothing();
        let steps = self.keeps_steps || adds_up(judge, reduction) || asked;
        let mut search = Search::new(sources, self.limits, (steps, pool(self.threads)), control);
        search.checkpoint = self.checkpoint;
        let searched = search.run();
        search.forget_table();
        let analysis = searched.and_then(|()| analyse(&mut search));
        let findings = (0..judge.properties()).map(|i| finding(&search, &origin, i, &analysis));
        let exploration = Exploration {
            distinct: search.visited.space.len(),
            generated: search.visited.generated,
            depth: search.visited.space.depth(),
            stopped: analysis.as_ref().err().copied(),
            findings: findings.collect(),
            levels: search.visited.space.levels().map(|level| level.len()).collect(),
            costs: match analysis {
                Ok(analysis) => analysis.costs,
                Err(_) => vec![Cost::Unknown; judge.costs()],
            },
            memory_bytes: search.visited.memory.peak(),
            steps_bytes: search.visited.space.steps_bytes(),
            spilled_bytes: search.spilled_bytes(),
            collision_chance: collision_chance(S::FINGERPRINT_BITS, search.visited.space.len()),
            elapsed: search.watch.elapsed(),
            rules: search.visited.rules,
            branching: search.visited.branching,
            gauges: search.visited.gauges,
        };
        (exploration, search.visited.space)
    }
}

/// Explores `model` within `limits` and has `judge` judge it: exactly, with one thread. Also returns the states and
/// steps seen.
pub fn explore<M, J>(
    model: &M,
    judge: &J,
    limits: Limits,
    control: Control<'_>,
) -> Explored<M, Whole>
where
    M: Model + Sync,
    M::State: Clone + Eq + Hash + Send + Sync,
    M::Action: Clone + Send + Sync,
    J: Judge<M>,
{
    Explorer::new(model, judge).limits(limits).keep_steps().explore(control)
}

/// Threads beside the calling one; none, if it is to do all by itself or if the system gives none.
pub(super) fn pool(threads: usize) -> Option<ThreadPool> {
    (threads > 1).then(|| ThreadPoolBuilder::new().num_threads(threads).build().ok()).flatten()
}

/// The chance that at least two of so many random fingerprints are equal, at most: half the pairs, each with the chance
/// of one fingerprint.
fn collision_chance(bits: Option<u32>, states: usize) -> f64 {
    let pairs = states as f64 * (states as f64 - 1.0) / 2.0;
    bits.map_or(0.0, |bits| (pairs / 2f64.powi(bits as i32)).clamp(0.0, 1.0))
}

/// Whether costs are added up: of runs that differ in the order of steps alone, local steps leave one, and without
/// what they cost themselves.
fn adds_up<M: Model, J: Judge<M>, R: Reduction<M>>(judge: &J, reduction: &R) -> bool {
    judge.costs() > 0 && !reduction.has_local_steps()
}

/// Decides what only a complete state space can decide.
fn analyse<M, J, S, R>(search: &mut Search<'_, '_, M, J, S, R>) -> Result<Analysis, Stopped>
where
    M: Model + Sync,
    M::State: Clone + Send + Sync,
    M::Action: Clone + Send + Sync,
    J: Judge<M>,
    S: Store<M>,
    R: Reduction<M>,
{
    let judge = search.sources.judge;
    let asked = Asked::of(judge);
    let mut costs = vec![Cost::Unknown; judge.costs()];
    let adds_up = adds_up(judge, search.sources.reduction);
    if asked.is_nothing() && !adds_up {
        return Ok(Analysis { backward: Backward::NOTHING, costs, fair_runs: Vec::new() });
    }
    let snapshot = search.counts();
    let (space, watch) = (&search.visited.space, &mut search.watch);
    let mut pulse = move || watch.pulse(1, || snapshot);
    let wanted = asked.to_stay_reachable();
    let backward = look_back(space, wanted, &mut search.visited.memory, &mut pulse)?;
    for (k, cost) in costs.iter_mut().enumerate().take(COSTS_MAX).filter(|_| adds_up) {
        let least = least_cost(space, k, &mut search.visited.memory, &mut pulse)?;
        *cost = match (least, backward.most[k]) {
            (Some(least), Some(most)) => Cost::Total { least, most },
            _ => Cost::Endless,
        };
    }
    let mut fair_runs = vec![FairRuns::Unknown; judge.properties().min(PROPERTIES_MAX)];
    for (property, runs) in fair_runs.iter_mut().enumerate() {
        let claim = asked.claim(property).filter(|_| search.sources.reduction.keeps_fairness());
        if let Some(claim) = claim {
            let violation = violation(space, claim, &mut search.visited.memory, &mut pulse)?;
            *runs = violation.map_or(FairRuns::Comply, FairRuns::Violate);
        }
    }
    Ok(Analysis { backward, costs, fair_runs })
}

/// Puts together what is known of one property.
fn finding<M, J, S, R>(
    search: &Search<'_, '_, M, J, S, R>,
    origin: &Origin<'_, M, S, R>,
    property: usize,
    analysis: &Result<Analysis, Stopped>,
) -> Finding<M::Action>
where
    M: Model,
    M::State: Clone,
    M::Action: Clone,
    J: Judge<M>,
    S: Store<M>,
    R: Reduction<M>,
{
    let judge = search.sources.judge;
    let kind = judge.kind(property);
    let cut_off = analysis.as_ref().ok().and_then(|analysis| {
        let first = (*analysis.backward.cut_off.get(property)?)?;
        Some(Place { state: first, step: None, steps: 0 })
    });
    let fair_runs = analysis.as_ref().ok().and_then(|analysis| analysis.fair_runs.get(property));
    let lasso = match fair_runs {
        Some(FairRuns::Violate(lasso)) => Some(lasso),
        _ => None,
    };
    let triggered = search.visited.ledger.triggered(property);
    let violated = search.visited.ledger.violated(property).or(cut_off);
    // What no mark can stand for was not looked at.
    let decided = !kind.is_about_fair_runs() || !matches!(fair_runs, Some(FairRuns::Unknown));
    let complete = analysis.is_ok() && property < PROPERTIES_MAX && decided;
    let bit = |bits: u64| bits >> property & 1 == 1;
    let path = |place, made: &dyn Fn(Marks) -> bool| {
        path_to(&search.visited.space, origin, judge, place, made)
    };
    let (violation, repeats) = match lasso {
        Some(lasso) => run_of(&search.visited.space, origin, judge, lasso).unzip(),
        None => (violated.and_then(|place| path(place, &|marks| bit(marks.violated))), None),
    };
    Finding {
        kind,
        verdict: Verdict::of(
            kind,
            complete,
            triggered.is_some(),
            violated.is_some() || lasso.is_some(),
        ),
        witness: triggered.and_then(|place| path(place, &|marks| bit(marks.triggered))),
        violation,
        lasso: repeats.flatten(),
    }
}

/// A lasso as a run, and at which of its states it begins to repeat itself, if it goes on.
fn run_of<M, J, S, R>(
    space: &StateSpace<S::Key>,
    origin: &Origin<'_, M, S, R>,
    judge: &J,
    lasso: &Lasso,
) -> Option<(Path<M::Action>, Option<usize>)>
where
    M: Model,
    M::State: Clone,
    M::Action: Clone,
    J: Judge<M>,
    S: Store<M>,
    R: Reduction<M>,
{
    let class_of = |state: &M::State, action: &M::Action| judge.fairness(state, action);
    let premise = origin.run(space, lasso.premise)?;
    let stem = origin.go_on(space, premise, &lasso.stem, class_of)?;
    let repeats = (!lasso.circle.is_empty()).then_some(stem.0.actions.len());
    let (path, _) = origin.go_on(space, stem, &lasso.circle, class_of)?;
    Some((path, repeats))
}

/// A run to a place; if a step made the mark, one that `made` it is the last. A mark of a state that was passed through
/// stands at the step by which the way there begins.
fn path_to<M, J, S, R>(
    space: &StateSpace<S::Key>,
    origin: &Origin<'_, M, S, R>,
    judge: &J,
    place: Place,
    made: &dyn Fn(Marks) -> bool,
) -> Option<Path<M::Action>>
where
    M: Model,
    M::State: Clone,
    M::Action: Clone,
    J: Judge<M>,
    S: Store<M>,
    R: Reduction<M>,
{
    let (mut path, last) = origin.run(space, place.state)?;
    if let Some(position) = place.step {
        let model = origin.model;
        let steps = origin.last_steps(
            &last,
            position,
            |state, action, next| made(judge.on_step(model, state, action, next)),
            |passed| made(judge.on_state(model, passed) | judge.on_expanded(model, passed, 1)),
        );
        path.actions.extend(steps?);
    }
    Some(path)
}
