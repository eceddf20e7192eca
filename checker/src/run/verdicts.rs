//! The verdicts of a few properties and nothing else, for whoever explores thousands of scenarios.

use std::collections::BTreeSet;
use std::sync::Arc;

use failproof_model::failover::Failover;
use failproof_model::scenario::Scenario;
use failproof_properties::{Committed, Facts};

use super::free::free_outcomes;
use super::options::Options;
use super::{Properties, RunError, WithModel, exploration_of, with_model};
use crate::explore::{Control, Stopped, Verdict};

/// What was found of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// One a property, in the order of the catalogue.
    pub verdicts: Vec<Verdict>,
    /// Distinct states.
    pub states: usize,
    /// What kept the exploration from completing.
    pub stopped: Option<Stopped>,
}

/// The outcomes of the scenario's job without faults, which no design of recovery makes a difference to; or what kept
/// them from being known.
///
/// # Errors
/// When the scenario contradicts itself or is more than the model can hold.
pub fn free_of(
    scenario: &Scenario,
    options: &Options,
    control: Control<'_>,
) -> Result<Result<BTreeSet<Committed>, Stopped>, RunError> {
    with_model(scenario, Free { options, control })?
}

/// Explores a scenario and says what is true of the properties with these ids.
///
/// # Errors
/// When the scenario contradicts itself or is more than the model can hold.
pub fn verdicts(
    scenario: &Scenario,
    ids: &[&str],
    free: &BTreeSet<Committed>,
    options: &Options,
    control: Control<'_>,
) -> Result<Found, RunError> {
    Ok(with_model(scenario, Verdicts { ids, free, options, control })?)
}

struct Free<'o, 'c> {
    options: &'o Options,
    control: Control<'c>,
}

impl WithModel for Free<'_, '_> {
    type Output = Result<Result<BTreeSet<Committed>, Stopped>, RunError>;

    fn with<const V: usize>(self, model: Failover<V>) -> Self::Output {
        let options = self.options.reduced_for(&model);
        Ok(free_outcomes(&model, &options, self.control)?)
    }
}

struct Verdicts<'a, 'c> {
    ids: &'a [&'a str],
    free: &'a BTreeSet<Committed>,
    options: &'a Options,
    control: Control<'c>,
}

impl WithModel for Verdicts<'_, '_> {
    type Output = Found;

    fn with<const V: usize>(self, model: Failover<V>) -> Found {
        let options = self.options.reduced_for(&model);
        let model = Arc::new(model);
        let facts = Facts { model: Arc::clone(&model), free: self.free.clone() };
        let judge = Properties::named(facts, self.ids);
        let exploration = exploration_of(&model, &judge, &options, None, self.control);
        Found {
            verdicts: exploration.findings.iter().map(|finding| finding.verdict).collect(),
            states: exploration.distinct,
            stopped: exploration.stopped,
        }
    }
}
