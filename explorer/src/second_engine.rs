//! Stateright's own search over the same model, to compare with.
//!
//! It is asked only for what it does right. One property that always holds keeps it from stopping early (with none, or
//! none left open, it stops at once), no limit is set (it would pass for complete), one thread makes its depth exact,
//! and violations are collected as they are seen, since its discoveries are overwritten by later ones. Initial states
//! are made unique and kept within the boundary first: it expands duplicates twice, and counts wrong when one is left
//! out. Its states are told apart by a 64-bit fingerprint only, so plain data with a derived `Hash` is called for.

use std::hash::Hash;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use stateright::{Checker, Model, Property};

use super::judge::{Judge, Kind, PROPERTIES_MAX, is_mishap};

/// What Stateright has counted on the plain model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Its `unique_state_count`.
    pub distinct: usize,
    /// Its `state_count`: initial states and steps, with duplicates.
    pub generated: usize,
    /// Its `max_depth`, in states.
    pub depth: usize,
}

/// Counts the states of `model`.
pub fn count<M>(model: Arc<M>) -> Counts
where
    M: Model + Send + Sync + 'static,
    M::State: Clone + PartialEq + Hash + Send + Sync + 'static,
    M::Action: Clone + PartialEq,
{
    let all: Vec<_> = initial_states(&*model).collect();
    let duplicates = all.len() - unique(all).len();
    let checker = Plain(model).checker().spawn_bfs().join();
    Counts {
        distinct: checker.unique_state_count(),
        generated: checker.state_count() + duplicates,
        depth: checker.max_depth(),
    }
}

/// Judges `model`: for each property of `judge`, whether it is a safety property that is violated.
///
/// A property of steps becomes one of states by a ghost: which properties the step violated that led to a state.
pub fn violated<M, J>(model: Arc<M>, judge: Arc<J>) -> Vec<bool>
where
    M: Model + Send + Sync + 'static,
    M::State: Clone + PartialEq + Hash + Send + Sync + 'static,
    M::Action: Clone + PartialEq,
    J: Judge<M> + Send + Sync + 'static,
{
    let properties = judge.properties();
    let is_safety: Vec<bool> =
        (0..properties).map(|i| i < PROPERTIES_MAX && judge.kind(i) == Kind::Safety).collect();
    let seen = Arc::new(AtomicU64::new(0));
    let watched = Watched { model, judge, seen: Arc::clone(&seen) };
    let _ = watched.checker().spawn_bfs().join();
    let seen = seen.load(Ordering::Relaxed);
    is_safety.into_iter().enumerate().map(|(i, safety)| safety && seen >> i & 1 == 1).collect()
}

fn initial_states<M: Model>(model: &M) -> impl Iterator<Item = M::State> {
    model.init_states().into_iter().filter(|state| model.within_boundary(state))
}

fn unique<S: PartialEq>(states: Vec<S>) -> Vec<S> {
    let mut unique = Vec::with_capacity(states.len());
    for state in states {
        if !unique.contains(&state) {
            unique.push(state);
        }
    }
    unique
}

/// A model as it is, with a property that stays open.
struct Plain<M>(Arc<M>);

impl<M> Model for Plain<M>
where
    M: Model,
    M::State: PartialEq,
{
    type State = M::State;
    type Action = M::Action;

    fn init_states(&self) -> Vec<M::State> {
        unique(initial_states(&*self.0).collect())
    }

    fn actions(&self, state: &M::State, actions: &mut Vec<M::Action>) {
        self.0.actions(state, actions);
    }

    fn next_state(&self, last: &M::State, action: M::Action) -> Option<M::State> {
        self.0.next_state(last, action)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![Property::always("stays open", |_, _| true)]
    }

    fn within_boundary(&self, state: &M::State) -> bool {
        self.0.within_boundary(state)
    }
}

/// A model whose states also say which properties the last step violated, and which tells what it sees to `seen`.
struct Watched<M, J> {
    model: Arc<M>,
    judge: Arc<J>,
    seen: Arc<AtomicU64>,
}

impl<M: Model, J: Judge<M>> Watched<M, J>
where
    M::Action: Clone,
{
    /// The properties that `state` itself violates.
    fn violated_in(&self, state: &M::State) -> u64 {
        let mut actions = Vec::new();
        self.model.actions(state, &mut actions);
        let relied_on = actions.into_iter().filter(|action| !is_mishap(&*self.judge, action));
        let next = relied_on.filter_map(|action| self.model.next_state(state, action));
        let successors = next.filter(|next| self.model.within_boundary(next)).count();
        let marks = self.judge.on_state(&self.model, state)
            | self.judge.on_expanded(&self.model, state, successors);
        marks.violated
    }
}

impl<M, J> Model for Watched<M, J>
where
    M: Model,
    M::State: PartialEq,
    M::Action: Clone,
    J: Judge<M>,
{
    type State = (M::State, u64);
    type Action = M::Action;

    fn init_states(&self) -> Vec<Self::State> {
        let unique = unique(initial_states(&*self.model).collect());
        unique.into_iter().map(|state| (state, 0)).collect()
    }

    fn actions(&self, (state, _): &Self::State, actions: &mut Vec<M::Action>) {
        self.model.actions(state, actions);
    }

    fn next_state(&self, (state, _): &Self::State, action: M::Action) -> Option<Self::State> {
        let next = self.model.next_state(state, action.clone())?;
        let marks = self.judge.on_step(&self.model, state, &action, &next);
        Some((next, marks.violated))
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![Property::always("stays open", |watched: &Self, (state, by_step)| {
            watched.seen.fetch_or(watched.violated_in(state) | by_step, Ordering::Relaxed);
            true
        })]
    }

    fn within_boundary(&self, (state, _): &Self::State) -> bool {
        self.model.within_boundary(state)
    }
}
