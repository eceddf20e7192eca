//! What keeps a scenario from being explored.

use thiserror::Error;

use crate::data::DataError;
use crate::job_graph::JobGraphError;
use crate::state::{SLOTS_MAX, STAGING_MAX, ZOMBIES_MAX};
use crate::strategy::StrategyError;

/// What keeps a scenario from being explored.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[allow(missing_docs, reason = "the message of a variant says what its fields are")]
pub enum ModelError {
    #[error(transparent)]
    Job(#[from] JobGraphError),
    #[error(transparent)]
    Data(#[from] DataError),
    #[error("the scenario has {found} {what}; the model holds {max}")]
    TooLarge { what: &'static str, found: usize, max: usize },
    #[error(transparent)]
    Strategy(#[from] StrategyError),
    #[error("the cluster has no TaskManager; nothing could run")]
    NoTaskManager,
    #[error("the placement is of {found} execution vertices; the job has {vertices}")]
    PlacementLength { found: usize, vertices: usize },
    #[error(
        "{vertex} is placed on TaskManager {task_manager}; there are {task_managers}, counted from 0"
    )]
    PlacedNowhere { vertex: String, task_manager: usize, task_managers: usize },
    #[error(
        "sink `{vertex}` shows rows as it reads them: only a vertex with inputs that treats every row by itself knows \
         its output that early"
    )]
    ShownAtOnce { vertex: String },
    #[error(
        "as many TaskManagers may die as there are ({task_managers}), and none returns: nothing could run; \
         allow fewer losses, or `returns = true`"
    )]
    NoTaskManagerLeft { task_managers: usize },
    #[error(
        "slots of {found} TaskManagers are given; with fine slots that has to be {valid}, and else 0"
    )]
    SlotsOfTaskManagers { found: usize, valid: usize },
    #[error(
        "with fine slots a request times out where it cannot be met, so `slot-times-out` is no fault that could \
         happen besides"
    )]
    SlotTimesOutByItself,
    #[error(
        "slots of a TaskManager that came back, and is taken for the one before, are not known"
    )]
    SlotsByName,
    #[error(
        "fine slot messages have not been thought through together with slots that several vertices share: set \
         `slot-sharing` to `none`"
    )]
    SlotMessagesShared,
    #[error(
        "with fine slot messages there has to be one TaskManager, that neither dies nor is cut off, with at most \
         {SLOTS_MAX} slots, and the mechanism `slots` has to be fine"
    )]
    SlotMessages,
    #[error(
        "{found} subtasks show rows before the job ends; where tasks can run on without their master, at most \
         {ZOMBIES_MAX} may"
    )]
    TooManyToShow { found: usize },
    #[error("masters that die have not been thought through together with {what}")]
    MastersWith { what: &'static str },
    #[error("links that break have not been thought through together with {what}")]
    LinksWith { what: &'static str },
    #[error("releases that take time have not been thought through together with {what}")]
    ReleaseWith { what: &'static str },
    #[error("a journal has not been thought through together with {what}")]
    JournalWith { what: &'static str },
    #[error(
        "{found} subtasks commit at the end of the job; where it has a journal or its leader can pause, at most \
         {STAGING_MAX} may"
    )]
    TooManyToStage { found: usize },
    #[error(
        "step {step} of the prefix, `{action}`, is not enabled; enabled are: {}",
        listed(.enabled)
    )]
    Prefix { step: usize, action: String, enabled: Vec<String> },
}

fn listed(actions: &[String]) -> String {
    if actions.is_empty() { "none".to_owned() } else { actions.join(", ") }
}
