//! A strategy that writes down what it is asked, and answers one of the questions as it is told.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use failproof_model::action::Action;
use failproof_model::execution_state::ExecutionState;
use failproof_model::failover::Failover;
use failproof_model::state::State;
use failproof_model::strategy::{Cause, FailoverStrategy, Failure, VertexSet};

use super::rivals::Rivals;
use super::sets::TaskSet;

/// What a strategy is shown of a failure: all that the master knows, as far as strategies ask for it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Books {
    /// The task that has failed.
    pub failed: usize,
    /// Why.
    pub cause: Cause,
    /// What the master believes of every task.
    pub states: Vec<ExecutionState>,
    /// The partitions that it tracks, as bits.
    pub tracked: u32,
    /// The tasks that an earlier restart is going to reset.
    pub waiting: TaskSet,
}

/// One question, and what each strategy that is compared answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) books: Books,
    pub(super) answers: Vec<TaskSet>,
}

/// A model whose strategy can be listened to.
pub(super) struct Interview<const V: usize> {
    model: Failover<V>,
    notes: Arc<Mutex<Notes>>,
}

/// What was asked in the step that is taken, and which of these questions gets which answer.
#[derive(Debug, Default)]
struct Notes {
    asked: Vec<Asked>,
    told: Option<(usize, TaskSet)>,
}

impl<const V: usize> Interview<V> {
    /// Listens to the strategy of `model`; every question is put to the `rivals` as well.
    pub(super) fn of(model: Failover<V>, rivals: Rivals) -> Self {
        let notes = Arc::new(Mutex::new(Notes::default()));
        let (tasks, partitions) = (model.size(), model.topology.partitions.len());
        let rivals = Arc::new(rivals);
        let model = model.with_strategy(|usual| {
            let (rivals, notes) = (Arc::clone(&rivals), Arc::clone(&notes));
            Box::new(Scripted { usual, rivals, tasks, partitions, notes })
        });
        Interview { model, notes }
    }

    /// What is asked in a step that leads to `next`, in order. An answer is a restart in preparation: where there is no
    /// other one than before, nothing was asked. What waits for a restart already was cancelled, and does not fail.
    pub(super) fn asked(&self, state: &State<V>, action: Action, next: &State<V>) -> Vec<Asked> {
        let asked = || self.take(state, action, None).1;
        match state.restarts == next.restarts {
            true => {
                debug_assert!(asked().is_empty(), "{action:?}");
                Vec::new()
            }
            false => asked(),
        }
    }

    /// Where a step leads in which the question at `place` gets the answer `set`, and all others the usual one.
    pub(super) fn answered(
        &self,
        state: &State<V>,
        action: Action,
        place: usize,
        set: TaskSet,
    ) -> State<V> {
        self.take(state, action, Some((place, set))).0
    }

    fn take(
        &self,
        state: &State<V>,
        action: Action,
        told: Option<(usize, TaskSet)>,
    ) -> (State<V>, Vec<Asked>) {
        *locked(&self.notes) = Notes { asked: Vec::new(), told };
        let next = self.model.apply(state, action);
        (next, std::mem::take(&mut locked(&self.notes).asked))
    }
}

struct Scripted {
    usual: Box<dyn FailoverStrategy>,
    rivals: Arc<Rivals>,
    tasks: usize,
    partitions: usize,
    notes: Arc<Mutex<Notes>>,
}

impl FailoverStrategy for Scripted {
    fn tasks_to_restart(&self, failure: &Failure<'_>) -> VertexSet {
        let usual = self.usual.tasks_to_restart(failure);
        let books = Books::of(failure, self.tasks, self.partitions);
        let asked = Asked { books, answers: self.rivals.answers(failure) };
        let mut notes = locked(&self.notes);
        let place = notes.asked.len();
        notes.asked.push(asked);
        match notes.told {
            Some((told, set)) if told == place => {
                let mut answer = VertexSet::with_capacity(self.tasks);
                answer.extend(set.tasks());
                answer
            }
            _ => usual,
        }
    }
}

impl fmt::Debug for Scripted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Scripted").field(&self.usual).finish()
    }
}

impl Books {
    /// The tasks of a set that have begun and are not about to be reset in any case; the failed one is among them.
    pub fn begun(&self, set: TaskSet) -> TaskSet {
        let begun = |&task: &usize| {
            let waits = self.states[task] == ExecutionState::Created || self.waiting.has(task);
            task == self.failed || !waits
        };
        set.tasks().filter(begun).collect()
    }

    fn of(failure: &Failure<'_>, tasks: usize, partitions: usize) -> Books {
        let view = failure.view;
        let tracked = (0..partitions).filter(|&partition| view.is_tracked(partition));
        Books {
            failed: failure.vertex,
            cause: failure.cause,
            states: (0..tasks).map(|task| view.state(task)).collect(),
            tracked: tracked.fold(0, |bits, partition| bits | 1 << partition),
            waiting: (0..tasks).filter(|&task| view.waits_for_restart(task)).collect(),
        }
    }
}

/// Nothing is left half done by who panics with the lock.
fn locked(notes: &Mutex<Notes>) -> MutexGuard<'_, Notes> {
    notes.lock().unwrap_or_else(PoisonError::into_inner)
}
