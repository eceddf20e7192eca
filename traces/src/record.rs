//! Recording: from an initial state and actions to a trace.

use std::fmt::Debug;

use stateright::Model;
use thiserror::Error;

use crate::digest::Digest;
use crate::trace::{Kind, Step, Trace};

/// What a trace says beside its steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// See [`Trace::tool`].
    pub tool: String,
    /// See [`Trace::kind`].
    pub kind: Kind,
    /// See [`Trace::property`].
    pub property: Option<String>,
    /// See [`Trace::lasso`].
    pub lasso: Option<usize>,
    /// See [`Trace::scenario`].
    pub scenario: String,
}

/// Records the run that begins in `init` and takes `actions`, in the notation of `Model::format_action`.
/// `encode` gives the bytes of a state that
/// its digest is made of: equal states have equal bytes, on every machine.
///
/// # Errors
/// An action is not enabled where it is to be taken, so there is no such run.
pub fn record<M: Model>(
    model: &M,
    about: About,
    init: M::State,
    actions: impl IntoIterator<Item = M::Action>,
    encode: impl Fn(&M::State) -> Vec<u8>,
) -> Result<Trace, RecordError>
where
    M::Action: Debug + PartialEq,
{
    let digest = |state: &M::State| Digest::of(&encode(state));
    let About { tool, kind, property, lasso, scenario } = about;
    let (init_digest, steps) = (digest(&init), Vec::new());
    let mut trace = Trace { tool, kind, property, lasso, scenario, init: init_digest, steps };
    let mut state = init;
    for (index, action) in actions.into_iter().enumerate() {
        let mut possible = model.next_steps(&state).into_iter();
        let Some((action, next)) = possible.find(|(enabled, _)| *enabled == action) else {
            return Err(RecordError { step: index + 1, action: model.format_action(&action) });
        };
        trace.steps.push(Step { action: model.format_action(&action), digest: digest(&next) });
        state = next;
    }
    Ok(trace)
}

/// Actions that are not a run of the model.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("step {step}, `{action}`, cannot be recorded: it is not enabled there")]
pub struct RecordError {
    /// From 1.
    pub step: usize,
    /// In the notation of its model.
    pub action: String,
}
