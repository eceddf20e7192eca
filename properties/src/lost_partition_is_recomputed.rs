//! What is lost and still needed does not stay lost.

use failproof_model::execution_state::ExecutionState;
use failproof_model::state::{JobStatus, State, Truth};

use crate::{About, Facts, Judgement, Kind, Property, Steps};

/// See [`ABOUT`].
pub(crate) struct LostPartitionIsRecomputed;

const ABOUT: About = About {
    id: "lost-partition-is-recomputed",
    statement: "A lost partition that is needed is recomputed, or the job ends.",
    source: "section 1.2, rule 2; FLINK-21788, FLINK-29056: only the consumer restarted, forever",
    trigger: "a partition of a FINISHED producer is gone, and some consumer still has to read it",
    breaks: "the failure of a consumer does not say which partition it missed, so its producer stays FINISHED",
    kind: Kind::LeadsTo,
};

impl<const V: usize> Property<V> for LostPartitionIsRecomputed {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn steps(&self) -> Steps {
        Steps::None
    }

    fn on_state(&self, facts: &Facts<V>, state: &State<V>, _: usize) -> Judgement {
        if is_something_lost(facts, state) { Judgement::Holds } else { Judgement::Idle }
    }

    fn is_premise(&self, facts: &Facts<V>, state: &State<V>) -> bool {
        is_something_lost(facts, state)
    }

    /// A producer that has begun again will do: whether it gets through is said by `job-ends-if-faults-stop`.
    fn is_goal(&self, facts: &Facts<V>, state: &State<V>) -> bool {
        !is_something_lost(facts, state)
    }
}

/// Whether the books say FINISHED of a producer, its partition does not exist, and a consumer still has to read it.
fn is_something_lost<const V: usize>(facts: &Facts<V>, state: &State<V>) -> bool {
    let model = &facts.model;
    let finished = |&v: &usize| state.tasks[v].book == ExecutionState::Finished;
    let written = (0..model.size()).filter(finished).fold(0, |all, v| all | model.partitions(v));
    let mut gone = written & !state.stored;
    if state.job != JobStatus::Running {
        return false;
    }
    while gone != 0 {
        let p = gone.trailing_zeros() as usize;
        let mut readers = model.topology.consumers(p).filter(|&w| !model.is_left_out(state, w));
        if readers.any(|w| has_to_read(facts, state, w, p)) {
            return true;
        }
        gone &= gone - 1;
    }
    false
}

/// Whether vertex `v` needs partition `p` to become FINISHED. An attempt that is cancelled, or has failed, needs
/// whatever its successor needs.
fn has_to_read<const V: usize>(facts: &Facts<V>, state: &State<V>, v: usize, p: usize) -> bool {
    let task = state.tasks[v];
    let inputs = facts.model.topology.consumed(v).enumerate();
    let has_read = || inputs.filter(|(_, q)| *q == p).any(|(input, _)| task.read >> input & 1 == 1);
    match (task.book, task.truth) {
        (ExecutionState::Finished, _) => false,
        (ExecutionState::Running, Truth::Produced | Truth::Finished) => false,
        (ExecutionState::Running, Truth::Running) => !has_read(),
        _ => true,
    }
}
