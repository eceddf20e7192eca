//! What properties are given besides a state: the model, and what failure-free runs commit.

use std::collections::BTreeSet;
use std::sync::Arc;

use failproof_model::data::Rows;
use failproof_model::failover::Failover;
use failproof_model::scenario::FaultBudget;
use failproof_model::state::{JobStatus, State};

use crate::Step;

/// What a job has made visible: one entry a sink vertex, or a sink subtask where the scenario says so; sorted rows.
pub type Committed = Vec<Rows>;

/// The facts of a scenario.
pub struct Facts<const V: usize> {
    /// The model.
    pub model: Arc<Failover<V>>,
    /// `Free(S)`: every outcome that a run without faults can commit, found by exploring all of them.
    pub free: BTreeSet<Committed>,
}

impl<const V: usize> Facts<V> {
    /// Whether a step makes something visible, or ends the job, when a fault has happened.
    pub(crate) fn shows_something_disturbed(&self, step: &Step<'_, V>) -> bool {
        let Step { state, next, .. } = *step;
        let shows = state.shown != next.shown;
        (shows || state.job != next.job && next.job.is_terminal()) && self.is_disturbed(state)
    }

    /// Whether a fault has happened, or the scenario has none.
    pub(crate) fn is_disturbed(&self, state: &State<V>) -> bool {
        let budget: FaultBudget = self.model.scenario.faults;
        budget.total == 0 || state.faults < budget.total
    }

    /// Whether what is visible can be explained: it is the outcome of a failure-free run, or as long as the job has
    /// not succeeded, a part of one. Nothing is a part of whatever a run might have shown, also if none ends.
    pub(crate) fn is_explained(&self, state: &State<V>, committed: &Committed) -> bool {
        match state.job {
            JobStatus::Finished => self.free.contains(committed),
            _ if committed.iter().all(|rows| rows.is_empty()) => true,
            _ => self.free.iter().any(|outcome| {
                committed.iter().zip(outcome).all(|(part, whole)| part.is_part_of(*whole))
            }),
        }
    }
}

/// What is visible in a state.
pub fn committed<const V: usize>(model: &Failover<V>, state: &State<V>) -> Committed {
    let mut entries: Vec<(usize, Rows)> = Vec::new();
    for v in (0..model.size()).filter(|&v| model.sink(v).is_some()) {
        let vertex = model.job_vertex(v);
        match entries.last_mut() {
            Some((last, rows)) if *last == vertex && !model.scenario.outcome_by_subtask => {
                *rows = rows.extend(state.shown[v], Rows::MAX);
            }
            _ => entries.push((vertex, state.shown[v])),
        }
    }
    entries.into_iter().map(|(_, rows)| rows.sorted()).collect()
}
