//! What a design spares when it can: the master is lost when all but the last task have finished.

use failproof_model::action::Action;
use failproof_model::execution_state::ExecutionState as E;
use failproof_model::failover::Failover;
use failproof_model::scenario::Scenario;
use failproof_model::state::State;

use crate::run::{RunError, WithModel, is_deployed, with_model};

/// Task runs beyond the first of each task.
pub(super) fn reruns_late(scenario: &Scenario) -> Result<u64, RunError> {
    Ok(with_model(scenario, Late)?)
}

struct Late;

impl WithModel for Late {
    type Output = u64;

    fn with<const V: usize>(self, model: Failover<V>) -> u64 {
        let mut state = model.init();
        while let Some(action) = next(&model, &state) {
            if unfinished(&model, &state) <= 1 && action != Action::FlushJournal {
                break;
            }
            state = model.apply(&state, action);
        }
        // Each of these tasks has begun: all that begin from here on begin again.
        let mut after = model.apply(&state, Action::LoseMaster);
        let mut reruns = begun(&model, &State::default(), &after);
        while let Some(action) = next(&model, &after) {
            let before = after;
            after = model.apply(&before, action);
            reruns += begun(&model, &before, &after);
        }
        reruns
    }
}

/// A step that is no fault: the journal is flushed as soon as it can be, and nobody gives up waiting before he has to.
fn next<const V: usize>(model: &Failover<V>, state: &State<V>) -> Option<Action> {
    let patient = |action: &&Action| **action != Action::EndRecovery;
    let mut enabled = model.enabled(state);
    enabled.retain(|action| action.fault().is_none());
    let flush = enabled.iter().find(|action| **action == Action::FlushJournal);
    flush.or_else(|| enabled.iter().find(patient)).or(enabled.first()).copied()
}

fn unfinished<const V: usize>(model: &Failover<V>, state: &State<V>) -> usize {
    (0..model.size()).filter(|&v| state.tasks[v].book != E::Finished).count()
}

/// Tasks that were deployed by a step.
fn begun<const V: usize>(model: &Failover<V>, before: &State<V>, after: &State<V>) -> u64 {
    let begins = |&v: &usize| is_deployed(after, v) && !is_deployed(before, v);
    (0..model.size()).filter(begins).count() as u64
}
