//! How a model is explored, from the settings to the outcome.

use std::hash::Hash;

use rayon::{ThreadPool, ThreadPoolBuilder};
use stateright::Model;

use super::analysis::{adds_up, analyse};
use super::asked::Asked;
use super::checkpoint::Checkpoint;
use super::expand::Sources;
use super::explorable::Explorable;
use super::finding::finding;
use super::judge::Judge;
use super::limits::Limits;
use super::outcome::{Cost, Exploration};
use super::path::Origin;
use super::progress::Control;
use super::reduction::Reduction;
use super::search::Search;
use super::space::StateSpace;
use super::store::{Store, Whole};

/// How a model is explored.
pub struct Explorer<'m, M, J, S = Whole, R = ()> {
    model: &'m M,
    judge: &'m J,
    store: &'m S,
    reduction: &'m R,
    settings: Settings,
}

/// What does not depend on the types of an [`Explorer`].
struct Settings {
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
        let (limits, keeps_steps, checkpoint) = (Limits::default(), false, None);
        let settings = Settings { limits, threads: 1, keeps_steps, checkpoint };
        Explorer { model, judge, store: &Whole, reduction: &(), settings }
    }
}

impl<'m, M, J, S, R> Explorer<'m, M, J, S, R> {
    /// Keeps of states what `store` says.
    #[must_use]
    pub fn store<T>(self, store: &'m T) -> Explorer<'m, M, J, T, R> {
        let Explorer { model, judge, reduction, settings, .. } = self;
        Explorer { model, judge, store, reduction, settings }
    }

    /// Visits fewer states. What is claimed of fair runs is decided only where the reduction says that it keeps them
    /// ([`Reduction::fair_runs`]).
    #[must_use]
    pub fn reduction<T>(self, reduction: &'m T) -> Explorer<'m, M, J, S, T> {
        let Explorer { model, judge, store, settings, .. } = self;
        Explorer { model, judge, store, reduction, settings }
    }

    /// Goes no further than this.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.settings.limits = limits;
        self
    }

    /// Uses so many threads; what is found does not depend on it.
    #[must_use]
    pub fn threads(mut self, threads: usize) -> Self {
        self.settings.threads = threads;
        self
    }

    /// Keeps the steps between states even if no property and no cost needs them.
    #[must_use]
    pub fn keep_steps(mut self) -> Self {
        self.settings.keeps_steps = true;
        self
    }

    /// Goes on from a checkpoint, if it has anything, and writes every finished level to it. The store has to be
    /// one that can save states.
    #[must_use]
    pub fn checkpoint(mut self, checkpoint: Checkpoint) -> Self {
        self.settings.checkpoint = Some(checkpoint);
        self
    }

    /// How the states of the space are made, to find runs in it.
    pub fn origin(&self) -> Origin<'m, M, S, R> {
        Origin { model: self.model, store: self.store, reduction: self.reduction }
    }

    /// Explores. Also returns what is kept of the states and steps that were seen.
    pub fn explore(self, control: Control<'_>) -> Explored<M, S>
    where
        M: Explorable,
        J: Judge<M>,
        S: Store<M>,
        R: Reduction<M>,
    {
        let origin = self.origin();
        let Explorer { model, judge, store, reduction, settings } = self;
        let Settings { limits, threads, keeps_steps, checkpoint } = settings;
        let sources = Sources { model, judge, store, reduction };
        let asked = !Asked::of(judge).is_nothing();
        let steps = keeps_steps || adds_up(judge, reduction) || asked;
        let mut search = Search::new(sources, limits, (steps, pool(threads)), control);
        search.checkpoint = checkpoint;
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
    M: Explorable,
    M::State: Eq + Hash,
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
