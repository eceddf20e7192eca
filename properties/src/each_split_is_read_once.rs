//! No split is read by two attempts that count, and none by nobody.

use failproof_model::execution_state::ExecutionState;
use failproof_model::scenario::Mechanism;
use failproof_model::state::{JobStatus, SplitEvent, State, Truth};

use crate::{About, Facts, Judgement, Kind, Property};

/// See [`ABOUT`].
pub(crate) struct EachSplitIsReadOnce;

const ABOUT: About = About {
    id: "each-split-is-read-once",
    statement: "Each split is with its coordinator or with an attempt, which has read it or is being sent it: with two \
                attempts that count never, nor with one of them and the coordinator.",
    source: "sections 3.5 and 6; FLINK-20413, FLINK-17702, FLINK-21996, FLINK-20222",
    trigger: "a coordinator has assigned a split",
    breaks: "splits come back twice, or not at all, or do not arrive and nobody fails",
    kind: Kind::Safety,
};

impl<const V: usize> Property<V> for EachSplitIsReadOnce {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn on_state(&self, facts: &Facts<V>, state: &State<V>, _: usize) -> Judgement {
        let model = &facts.model;
        if !model.scenario.grain.is_fine(Mechanism::Splits) || state.job != JobStatus::Running {
            return Judgement::Idle;
        }
        let is_source = |&v: &usize| model.has_dynamic_splits(v);
        let assigned = |v: usize| state.tasks[v].read;
        if (0..model.size()).filter(is_source).all(|v| assigned(v) == 0) {
            return Judgement::Idle;
        }
        let twice = (0..model.size()).filter(is_source).any(|v| {
            let siblings = (0..v).filter(|&w| model.job_vertex(w) == model.job_vertex(v));
            let others = siblings.filter(|&w| counts(state, w)).fold(0, |all, w| all | assigned(w));
            counts(state, v) && assigned(v) & others != 0
        });
        let missed = (0..model.size()).filter(is_source).any(|v| misses_one(state, v));
        let astray = (0..model.size()).filter(is_source).any(|v| {
            let siblings =
                (0..model.size()).filter(|&w| model.job_vertex(w) == model.job_vertex(v));
            let (pooled, all) = (model.pooled_splits(state, v), model.splits(v));
            let somewhere = siblings.fold(pooled, |some, w| some | assigned(w));
            somewhere != all || counts(state, v) && assigned(v) & pooled != 0
        });
        // A coordinator that is about to begin anew has been told of nothing.
        Judgement::of(!twice && !missed && (!astray || state.fine.splits.global))
    }
}

/// Whether what an attempt reads is going to be in the output of its vertex, as far as the master knows.
fn counts<const V: usize>(state: &State<V>, v: usize) -> bool {
    use ExecutionState as E;
    !matches!(state.tasks[v].book, E::Failed | E::Canceling | E::Canceled)
}

/// Whether a split was assigned to `v` that its attempt has not read, and that nobody sends to it or misses.
fn misses_one<const V: usize>(state: &State<V>, v: usize) -> bool {
    let task = state.tasks[v];
    let reads = matches!(task.truth, Truth::None | Truth::Submitted | Truth::Running);
    if !counts(state, v) || task.book == ExecutionState::Finished || !reads {
        return false;
    }
    let read = state.rows[v].iter().fold(0u16, |mask, split| mask | 1 << split);
    let unread = task.read & !read;
    let event = state.fine.splits.event(v);
    let is_sent = matches!(event, Some(SplitEvent::Add(_) | SplitEvent::Lost));
    unread.count_ones() > u32::from(is_sent)
}
