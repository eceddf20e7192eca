//! A scenario that can be walked through, whatever its size class.

use std::sync::{Arc, OnceLock};

use failproof_model::failover::Failover;
use failproof_properties::{Facts, catalogue};
use failproof_traces::{About, Digest, Kind, Trace, record};

use super::address::Steps;
use super::answer::Refusal;
use super::library::Library;
use super::look::{Look, look};
use super::nearest::{Nearest, Wanted, nearest};
use super::path::{Run, steps_of, take};
use super::random::{Strolled, stroll};
use crate::explore::{Control, Limits};
use crate::replay::{End, judged_end};
use crate::run::{Properties, encode, free_outcomes};
use crate::scenario_file::{ExpectedVerdict, ScenarioFile};

/// A run, and what it is said to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Told {
    /// The name of its scenario, if that is not the one that was given.
    pub(super) scenario: Option<String>,
    pub(super) steps: Steps,
    pub(super) kind: Kind,
    pub(super) property: Option<String>,
    pub(super) lasso: Option<usize>,
}

impl Told {
    /// A run of which nothing is said.
    pub(super) fn of(scenario: Option<String>, steps: Steps) -> Told {
        Told { scenario, steps, kind: Kind::Witness, property: None, lasso: None }
    }
}

/// What can be asked of a scenario.
pub(super) trait Ground: Send + Sync {
    /// The state to which a run leads, and the way there.
    fn look(&self, library: &Library<'_>, told: &Told) -> Result<Look, Refusal>;

    /// A shortest way on to what a property says is wrong, or is about.
    fn nearest(
        &self,
        library: &Library<'_>,
        steps: &Steps,
        wanted: &Wanted,
    ) -> Result<Nearest, Refusal>;

    /// So many random steps on, as long as there are any.
    fn stroll(&self, steps: &Steps, seed: u64, length: usize) -> Result<Strolled, Refusal>;

    /// The run as a trace that replays, with the name of a file for it.
    fn trace(&self, library: &Library<'_>, told: &Told) -> Result<(String, Trace), Refusal>;

    /// The digest of the state to which a run leads.
    fn end(&self, steps: &Steps) -> Result<Digest, Refusal>;
}

/// A scenario of a size class.
pub(super) struct Walked<const V: usize> {
    pub(super) model: Arc<Failover<V>>,
    pub(super) preset: String,
    /// The first property that is expected to be violated, or else the first, by its place among all.
    pub(super) suggested: usize,
    /// The scenario file.
    text: String,
    judge: OnceLock<Judged<V>>,
}

/// What judges a scenario.
pub(super) struct Judged<const V: usize> {
    pub(super) properties: Properties<V>,
    /// Why nothing can be said of the properties that ask for the runs without faults.
    pub(super) unknown: Option<String>,
}

impl<const V: usize> Walked<V> {
    pub(super) fn new(file: &ScenarioFile, model: Failover<V>) -> Self {
        let (preset, text) = (file.preset.clone(), file.text.clone());
        let is_violated = |about: &&failproof_properties::About| {
            file.expectation.verdict(about.id) == Some(ExpectedVerdict::Violated)
        };
        let suggested = catalogue().iter().position(is_violated).unwrap_or(0);
        Walked { model: Arc::new(model), preset, suggested, text, judge: OnceLock::new() }
    }

    /// The judge. The runs without faults are explored for it once, within the limit of a request.
    pub(super) fn judged(&self, library: &Library<'_>) -> &Judged<V> {
        self.judge.get_or_init(|| {
            let options = limits(library.limit).into();
            let control = Control { interrupted: Some(library.interrupted), progress: None };
            let free = match free_outcomes(&self.model, &options, control) {
                Ok(free) => free.map_err(|stopped| stopped.to_string()),
                Err(error) => Err(error.to_string()),
            };
            let unknown = free.as_ref().err().cloned();
            let facts = Facts { model: Arc::clone(&self.model), free: free.unwrap_or_default() };
            let properties = Properties::new(facts);
            let properties = if unknown.is_some() { properties.without_free() } else { properties };
            Judged { properties, unknown }
        })
    }

    /// The run as a trace that says of it what is true; and where that is not what it was said to show, why.
    pub(super) fn confirmed(
        &self,
        library: &Library<'_>,
        told: &Told,
        run: &Run<V>,
    ) -> Result<(Trace, Option<String>), Refusal> {
        let trace = self.record(told, run)?;
        let judge = &self.judged(library).properties;
        match judged_end(judge, &trace, run, limits(library.limit)) {
            End::Confirmed => Ok((trace, None)),
            End::Refuted(why) => {
                let (scenario, steps) = (told.scenario.clone(), told.steps.clone());
                Ok((self.record(&Told::of(scenario, steps), run)?, Some(why)))
            }
            End::Diverged(divergence) => Err(Refusal::internal(divergence)),
        }
    }

    /// The run as a trace.
    pub(super) fn record(&self, told: &Told, run: &Run<V>) -> Result<Trace, Refusal> {
        let about = About {
            tool: concat!("failproof ", env!("CARGO_PKG_VERSION")).to_owned(),
            kind: told.kind,
            property: told.property.clone(),
            lasso: told.lasso,
            scenario: self.text.clone(),
        };
        let actions = run.actions.iter().copied();
        record(&*self.model, about, self.model.init(), actions, encode).map_err(Refusal::internal)
    }
}

impl<const V: usize> Ground for Walked<V> {
    fn look(&self, library: &Library<'_>, told: &Told) -> Result<Look, Refusal> {
        look(self, library, told)
    }

    fn nearest(
        &self,
        library: &Library<'_>,
        steps: &Steps,
        wanted: &Wanted,
    ) -> Result<Nearest, Refusal> {
        nearest(self, library, steps, wanted)
    }

    fn stroll(&self, steps: &Steps, seed: u64, length: usize) -> Result<Strolled, Refusal> {
        let mut run = take(&self.model, steps)?;
        let taken = stroll(&self.model, &mut run, seed, length);
        Ok(Strolled { path: steps_of(&self.model, &run).to_string(), seed, taken })
    }

    fn trace(&self, library: &Library<'_>, told: &Told) -> Result<(String, Trace), Refusal> {
        let run = take(&self.model, &told.steps)?;
        let (trace, _) = self.confirmed(library, told, &run)?;
        let about = trace.property.as_deref().unwrap_or("run");
        Ok((format!("{}.{about}.json", self.model.scenario.name), trace))
    }

    fn end(&self, steps: &Steps) -> Result<Digest, Refusal> {
        let run = take(&self.model, steps)?;
        let last = run.states.last().copied().unwrap_or_else(|| self.model.init());
        Ok(Digest::of(&encode(&last)))
    }
}

/// No more states than these, and no more memory than other commands take.
pub(super) fn limits(states: usize) -> Limits {
    Limits { states: Some(states), depth: None, time: None, memory_bytes: Some(4 << 30) }
}
