//! Explorations behind Stateright's own interface: for models that bring their [`Property`]s along.

use std::collections::HashMap;
use std::fmt::Debug;
use std::hash::Hash;
use std::thread::JoinHandle;

use stateright::report::{ReportData, ReportDiscovery, Reporter};
use stateright::{Checker, Expectation, Model, Property};

use super::explorable::Explorable;
use super::explorer::Explorer;
use super::judge::{Judge, Marks, PROPERTIES_MAX};
use super::limits::{Limits, Stopped};
use super::outcome::Exploration;
use super::path::Path;
use super::progress::Control;
use super::store::{Store, Whole};
use super::until::avoiding;

/// Checks the properties of `model`, in place of `model.checker().spawn_bfs().join()`: see the [example](crate).
///
/// What is different: everything is explored, also when every property has been discovered or there is none; a
/// discovery is a shortest one (of `eventually`, where that is an end); `eventually` is right on cycles and where
/// paths join; and a run that was stopped by a limit is not done, so that it asserts nothing that it has not seen.
pub fn check<M: Model>(model: M) -> Check<M> {
    Check { model, store: Whole, limits: Limits::default(), threads: 1 }
}

/// How the properties of a model are checked.
#[derive(Clone, Copy, Debug)]
pub struct Check<M, S = Whole> {
    model: M,
    store: S,
    limits: Limits,
    threads: usize,
}

impl<M: Model, S> Check<M, S> {
    /// Keeps of states what `store` says.
    #[must_use]
    pub fn store<T>(self, store: T) -> Check<M, T> {
        let Check { model, limits, threads, .. } = self;
        Check { model, store, limits, threads }
    }

    /// Goes no further than this. Where there are `eventually` properties, each is looked at on its own within the
    /// same limits.
    #[must_use]
    pub fn limits(self, limits: Limits) -> Self {
        Check { limits, ..self }
    }

    /// Uses so many threads; what is found does not depend on it.
    #[must_use]
    pub fn threads(self, threads: usize) -> Self {
        Check { threads, ..self }
    }

    /// Checks, and returns when that is done.
    pub fn run(self) -> Checked<M>
    where
        M: Explorable,
        S: Store<M>,
    {
        let Check { model, store, limits, threads } = self;
        let judge = Conditions(model.properties());
        let explorer = Explorer::new(&model, &judge).store(&store);
        let explorer = explorer.limits(limits).threads(threads);
        let (exploration, _) = explorer.explore(Control::default());
        let mut stopped = exploration.stopped;
        let mut discoveries = HashMap::new();
        for (index, property) in judge.0.iter().enumerate() {
            let finding = exploration.findings.get(index);
            let found = match property.expectation {
                Expectation::Always => finding.and_then(|it| it.violation.clone()),
                Expectation::Sometimes => finding.and_then(|it| it.witness.clone()),
                Expectation::Eventually => {
                    let found = avoiding(&model, property.condition, &store, limits, threads);
                    stopped = stopped.or(found.stopped);
                    found.violation
                }
            };
            if let Some(path) = found {
                discoveries.entry(property.name).or_insert(path);
            }
        }
        let complete = stopped.is_none() && judge.0.len() <= PROPERTIES_MAX;
        Checked { model, exploration, discoveries, stopped, complete }
    }
}

/// The properties of a model.
struct Conditions<M: Model>(Vec<Property<M>>);

impl<M: Model> Judge<M> for Conditions<M> {
    fn properties(&self) -> usize {
        self.0.len()
    }

    fn on_state(&self, model: &M, state: &M::State) -> Marks {
        let mut marks = Marks::NONE;
        for (index, property) in self.0.iter().take(PROPERTIES_MAX).enumerate() {
            let is_so = || (property.condition)(model, state);
            marks = match property.expectation {
                Expectation::Always => marks.with(index, true, !is_so()),
                Expectation::Sometimes => marks.with(index, is_so(), false),
                Expectation::Eventually => marks,
            };
        }
        marks
    }
}

/// What checking a model has found out.
pub struct Checked<M: Model> {
    model: M,
    exploration: Exploration<M::Action>,
    discoveries: HashMap<&'static str, Path<M::Action>>,
    stopped: Option<Stopped>,
    complete: bool,
}

impl<M: Model> Checked<M> {
    /// Why not everything was seen; none if everything was, or if the model has more than [`PROPERTIES_MAX`]
    /// properties and only those were looked at.
    pub fn stopped(&self) -> Option<Stopped> {
        self.stopped
    }

    /// Everything that is known of the reachable states. Its findings say nothing of `eventually`.
    pub fn exploration(&self) -> &Exploration<M::Action> {
        &self.exploration
    }

    fn tell<R: Reporter<M>>(&self, reporter: &mut R)
    where
        M::Action: Debug + PartialEq + Clone,
        M::State: Debug + Hash + PartialEq + Clone,
    {
        reporter.report_checking(ReportData {
            total_states: self.state_count(),
            unique_states: self.unique_state_count(),
            max_depth: self.max_depth(),
            duration: self.exploration.elapsed,
            done: self.is_done(),
        });
        let found = self.discoveries().into_iter().map(|(name, path)| {
            (name, ReportDiscovery { path, classification: self.discovery_classification(name) })
        });
        reporter.report_discoveries(&self.model, found.collect());
    }
}

impl<M: Model> Checker<M> for Checked<M> {
    fn model(&self) -> &M {
        &self.model
    }

    fn state_count(&self) -> usize {
        self.exploration.generated
    }

    fn unique_state_count(&self) -> usize {
        self.exploration.distinct
    }

    fn max_depth(&self) -> usize {
        self.exploration.depth
    }

    fn discoveries(&self) -> HashMap<&'static str, stateright::Path<M::State, M::Action>>
    where
        M::State: Clone + PartialEq,
        M::Action: Clone + PartialEq,
    {
        let path = |path: &Path<M::Action>| {
            let first = self.model.init_states().into_iter().nth(path.initial)?;
            stateright::Path::from_actions(&self.model, first, &path.actions)
        };
        let found = self.discoveries.iter().filter_map(|(name, found)| Some((*name, path(found)?)));
        found.collect()
    }

    /// None: it has been run already.
    fn handles(&mut self) -> Vec<JoinHandle<()>> {
        Vec::new()
    }

    /// Whether everything was seen.
    fn is_done(&self) -> bool {
        self.complete
    }

    /// Reports once: the default waits until it is done, which a run that was stopped never is.
    fn report<R>(self, reporter: &mut R) -> Self
    where
        M::Action: Debug + PartialEq + Clone,
        M::State: Debug + Hash + PartialEq + Clone,
        R: Reporter<M>,
    {
        self.tell(reporter);
        self
    }

    /// As [`Checker::report`].
    fn join_and_report<R>(self, reporter: &mut R) -> Self
    where
        M::Action: Debug + PartialEq + Clone,
        M::State: Debug + Hash + PartialEq + Clone,
        Self: Send + Sync,
        R: Reporter<M> + Send,
    {
        self.tell(reporter);
        self
    }
}
