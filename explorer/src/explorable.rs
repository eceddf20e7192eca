//! What it takes of a model to be explored.

use stateright::Model;

/// A model that can be explored: it can be asked by several threads at once, and its states and actions can be copied
/// and handed from one to another. Whatever can be, is one.
pub trait Explorable:
    Model<State: Clone + Send + Sync, Action: Clone + Send + Sync> + Sync
{
}

impl<M> Explorable for M
where
    M: Model + Sync,
    M::State: Clone + Send + Sync,
    M::Action: Clone + Send + Sync,
{
}
