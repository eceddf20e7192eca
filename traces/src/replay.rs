//! Replaying: from a trace to the states of its run, or to the first place where the model differs.

use std::fmt::Debug;

use stateright::Model;
use thiserror::Error;

use crate::digest::Digest;
use crate::trace::{Step, Trace};

/// A run that took place again as recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replayed<State, Action> {
    /// Every state of the run; one more than there are actions.
    pub states: Vec<State>,
    /// `actions[k]` leads from `states[k]` to `states[k + 1]`.
    pub actions: Vec<Action>,
}

/// Takes the actions of `trace` in `model`, which the caller made of the trace's scenario. `encode` is
/// what the trace was recorded with.
///
/// # Errors
/// The first place where the model differs from the record.
pub fn replay<M: Model>(
    model: &M,
    trace: &Trace,
    encode: impl Fn(&M::State) -> Vec<u8>,
) -> Result<Replayed<M::State, M::Action>, Divergence>
where
    M::Action: Debug,
{
    let digest = |state: &M::State| Digest::of(&encode(state));
    let mut state = begin(model, trace.init, &digest)?;
    let mut replayed = Replayed { states: Vec::new(), actions: Vec::new() };
    for (index, step) in trace.steps.iter().enumerate() {
        let (action, next) = take(model, &state, step, &digest).map_err(|reason| {
            let (step, action) = (index + 1, step.action.clone());
            Divergence::Step { step, steps: trace.steps.len(), action, reason }
        })?;
        replayed.states.push(state);
        replayed.actions.push(action);
        state = next;
    }
    replayed.states.push(state);
    Ok(replayed)
}

/// The initial state of that digest.
fn begin<M: Model>(
    model: &M,
    recorded: Digest,
    digest: &impl Fn(&M::State) -> Digest,
) -> Result<M::State, Divergence> {
    let mut states = model.init_states();
    let found: Vec<Digest> = states.iter().map(digest).collect();
    match found.iter().position(|&digest| digest == recorded) {
        Some(index) => Ok(states.swap_remove(index)),
        None => Err(Divergence::Initial { recorded, found }),
    }
}

/// The action of `step` and the state that it leads to.
fn take<M: Model>(
    model: &M,
    state: &M::State,
    step: &Step,
    digest: &impl Fn(&M::State) -> Digest,
) -> Result<(M::Action, M::State), Reason>
where
    M::Action: Debug,
{
    let mut possible = model.next_steps(state);
    let enabled: Vec<String> = possible.iter().map(|(a, _)| model.format_action(a)).collect();
    let Some(index) = enabled.iter().position(|action| *action == step.action) else {
        return Err(Reason::NotEnabled { enabled });
    };
    let (action, next) = possible.swap_remove(index);
    let found = digest(&next);
    if found != step.digest {
        return Err(Reason::OtherState { recorded: step.digest, found });
    }
    Ok((action, next))
}

/// The first place where a model does something else than a trace recorded.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Divergence {
    /// The run begins in a state in which the model does not begin.
    #[error(
        "the run begins in a state of digest {recorded}; the model begins in {}",
        listed(.found, "no state")
    )]
    Initial {
        /// What the trace says.
        recorded: Digest,
        /// The digest of each initial state of the model.
        found: Vec<Digest>,
    },
    /// A step cannot be taken, or leads elsewhere.
    #[error("step {step} of {steps}, `{action}`: {reason}")]
    Step {
        /// From 1.
        step: usize,
        /// Length of the trace.
        steps: usize,
        /// As written in the trace.
        action: String,
        /// What is different.
        reason: Reason,
    },
}

/// Why a step is not the recorded one.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Reason {
    /// No action of this state is written so.
    #[error("not enabled here; enabled are: {}", listed(.enabled, "nothing"))]
    NotEnabled {
        /// What is enabled instead.
        enabled: Vec<String>,
    },
    /// The action leads to another state than it did.
    #[error("it led to a state of digest {recorded} and now leads to {found}")]
    OtherState {
        /// What the trace says.
        recorded: Digest,
        /// What the model says.
        found: Digest,
    },
}

fn listed(items: &[impl ToString], none: &str) -> String {
    if items.is_empty() {
        return none.to_owned();
    }
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
