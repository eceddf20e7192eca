//! Takes the steps of a trace again: what each changed, and whether the end is still what the trace says.

mod changes;
mod compare;
mod confirm;
mod fair_run;
mod masters;
mod placed;
mod slots;

use std::sync::Arc;

use failproof_model::action::Action;
use failproof_model::failover::Failover;
use failproof_model::scenario::Scenario;
use failproof_model::state::State;
use failproof_traces::{self as traces, Divergence, Replayed, Trace};

use crate::run::{RunError, WithModel, encode, with_model};

pub use changes::describe_changes;
pub use compare::{Comparison, Line, align, compare_states};
pub(crate) use confirm::judged_end;
pub use placed::{Place, Placed, place_changes};

/// A trace, taken again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replay {
    /// In what the state that the run begins with differs from one in which nothing is scheduled; `None`, if the run
    /// does not begin as recorded.
    pub begin: Option<Vec<Placed>>,
    /// The steps that could be taken as recorded.
    pub steps: Vec<ReplayedStep>,
    /// How it ended.
    pub end: End,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplayedStep {
    /// The action, in the notation of traces.
    pub action: String,
    /// What is different after it, process by process.
    pub changes: Vec<Placed>,
}

/// How a replay ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// Every step is as recorded, and so is what the trace says of its end.
    Confirmed,
    /// Every step is as recorded, but the end is not what the trace says: why.
    Refuted(String),
    /// A step is not as recorded.
    Diverged(Divergence),
}

/// Takes the steps of `trace`, whose scenario is `scenario`.
///
/// # Errors
/// The model cannot hold the scenario.
pub fn replay(scenario: &Scenario, trace: &Trace) -> Result<Replay, RunError> {
    with_model(scenario, Replaying { trace })?
}

struct Replaying<'a> {
    trace: &'a Trace,
}

impl WithModel for Replaying<'_> {
    type Output = Result<Replay, RunError>;

    fn with<const V: usize>(self, model: Failover<V>) -> Self::Output {
        let model = Arc::new(model);
        let begin = place_changes(&model, &State::default(), &model.init());
        let divergence = match traces::replay(&*model, self.trace, encode) {
            Ok(replayed) => {
                let steps = steps(&model, &replayed);
                let end = confirm::confirm(&model, self.trace, &replayed)?;
                return Ok(Replay { begin: Some(begin), steps, end });
            }
            Err(divergence) => divergence,
        };
        let taken = match &divergence {
            Divergence::Initial { .. } => 0,
            Divergence::Step { step, .. } => step - 1,
        };
        let mut until = self.trace.clone();
        until.steps.truncate(taken);
        // The initial state is part of what may have diverged: then there is nothing to show.
        let until = traces::replay(&*model, &until, encode);
        let shown = until.map(|replayed| (Some(begin), steps(&model, &replayed)));
        let (begin, steps) = shown.unwrap_or_default();
        Ok(Replay { begin, steps, end: End::Diverged(divergence) })
    }
}

fn steps<const V: usize>(
    model: &Failover<V>,
    replayed: &Replayed<State<V>, Action>,
) -> Vec<ReplayedStep> {
    let pairs = replayed.states.windows(2).zip(&replayed.actions);
    let step = |(pair, action): (&[State<V>], &Action)| ReplayedStep {
        action: model.notation(*action),
        changes: place_changes(model, &pair[0], &pair[1]),
    };
    pairs.map(step).collect()
}
