//! The weakest restart sets: which tasks have to restart after a failure, and which need not.
//!
//! A small job runs with one fault at any moment. Wherever a strategy is asked, every set of tasks that has the failed
//! one is tried, and everything that can happen after it is explored while nothing else goes wrong; all other questions
//! of the run are answered by `affected`, which is safe. A set is *enough* if
//!
//! - whatever becomes visible, a run without faults can have shown,
//! - the job can always still succeed,
//! - no task fails again that had begun and restarts, the failed one to begin with: else the answer would only have
//!   been put off, and
//! - no task fails that turns to an attempt which was restarted without it, for the same reason.
//!
//! No use is made of enough sets growing upwards, for they do not: a set that is enough can have a larger one that is
//! not, where a producer runs again and not all of its consumers do. So all of them are tried.
//!
//! What the state tells is more than what the master knows. Of all questions with equal books, one answer has to be
//! enough: the sets that are enough in all these states. What it restarts more is the price of not knowing.

mod aftermath;
pub mod compare;
pub mod data;
mod flaws;
mod found;
mod graph;
pub mod many;
mod questions;
pub mod render;
mod rivals;
mod rule;
mod scope;
mod script;
mod sets;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use failproof_model::design::{RecoveryDesign, Strategy};
use failproof_model::failover::{Failover, ModelError};
use failproof_model::scenario::Scenario;
use failproof_model::strategy::StrategyError;
use failproof_properties::Facts;
use thiserror::Error;

use crate::explore::{Control, Stopped};
use crate::run::{Options, WithModel, free_outcomes, with_model};
use aftermath::Aftermath;
use found::Finder;
use graph::Graph;
use questions::Questions;
use rivals::Rivals;
use script::Interview;

pub use flaws::Flaws;
pub use found::{Against, SameBooks, SameSets, Weakest};
pub use script::Books;
pub use sets::{Family, TASKS_MAX, TaskSet};

/// Why nothing can be said of a scenario.
#[derive(Debug, Error)]
pub enum WeakestError {
    /// It is not of the kind that this is for.
    #[error("the weakest restart sets of `{scenario}` cannot be found: {why}")]
    Refused {
        /// Its name.
        scenario: String,
        /// What is in the way, and what would be valid.
        why: String,
    },
    /// It contradicts itself, or is more than the model can hold.
    #[error("{scenario}: {source}")]
    Model {
        /// Its name.
        scenario: String,
        /// What is wrong.
        source: ModelError,
    },
    /// A strategy that is compared does not take the job.
    #[error("{scenario}: {source}")]
    Strategy {
        /// Its name.
        scenario: String,
        /// Why not.
        source: StrategyError,
    },
    /// Not everything was seen: then nothing is said.
    #[error("not all runs of `{scenario}` were seen: {stopped}")]
    Stopped {
        /// Its name.
        scenario: String,
        /// What kept it from that.
        stopped: Stopped,
    },
    /// A property that is asked for is not in the catalogue.
    #[error("internal error: a property is missing in the catalogue")]
    NoProperty,
}

/// Finds the weakest restart sets of a scenario, whose own strategy is of no importance.
///
/// # Errors
/// When the scenario is not of the kind that this is for, or when not all of its runs were seen.
pub fn weakest(
    scenario: &Scenario,
    options: &Options,
    interrupted: Option<&AtomicBool>,
) -> Result<Weakest, WeakestError> {
    scope::check(scenario)?;
    let design = RecoveryDesign { strategy: Strategy::RestartAffected, ..scenario.design };
    let scenario = Scenario { design, ..scenario.clone() };
    let found = with_model(&scenario, Find { options, interrupted });
    found.map_err(|source| WeakestError::Model { scenario: scenario.name.clone(), source })?
}

struct Find<'o> {
    options: &'o Options,
    interrupted: Option<&'o AtomicBool>,
}

impl WithModel for Find<'_> {
    type Output = Result<Weakest, WeakestError>;

    fn with<const V: usize>(self, model: Failover<V>) -> Self::Output {
        let Find { options, interrupted } = self;
        let scenario = model.scenario.name.clone();
        let stopped = |stopped| WeakestError::Stopped { scenario: scenario.clone(), stopped };
        let control = Control { interrupted, progress: None };
        let refused = |source| WeakestError::Model { scenario: scenario.clone(), source };
        let free = free_outcomes(&model, options, control).map_err(refused)?.map_err(stopped)?;
        let rivals = Rivals::of(&model.topology)
            .map_err(|source| WeakestError::Strategy { scenario: scenario.clone(), source })?;
        let interview = Failover::<V>::new(model.scenario.clone()).map_err(refused)?;
        let interview = Interview::of(interview, rivals);
        let model = Arc::new(model);
        let graph = Graph::explore(&model, vec![model.init()], options, interrupted);
        let graph = graph.map_err(stopped)?;
        let Questions { all, after } = Questions::asked_in(&graph, &interview, model.size());
        let after = Graph::explore(&model, after, options, interrupted).map_err(stopped)?;
        let facts = Facts { model: Arc::clone(&model), free };
        let aftermath = Aftermath::of(&after, &facts, &interview);
        let aftermath = aftermath.ok_or(WeakestError::NoProperty)?;
        let notation = |action| model.notation(action);
        let finder = Finder { graph: &graph, aftermath: &aftermath, notation: &notation };
        Ok(Weakest {
            scenario: scenario.clone(),
            tasks: (0..model.size()).map(|v| model.vertex_name(v)).collect(),
            partitions: (0..model.topology.partitions.len())
                .map(|p| model.partition_name(p))
                .collect(),
            states: graph.len(),
            states_after: after.len(),
            strategies: rivals::names(),
            books: finder.by_books(&all),
        })
    }
}
