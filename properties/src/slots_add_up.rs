//! No slot is lost by the master, and none is counted twice.

use failproof_model::execution_state::ExecutionState;
use failproof_model::scenario::Mechanism;
use failproof_model::state::State;

use crate::{About, Facts, Judgement, Kind, Property, Steps};

/// See [`ABOUT`].
pub(crate) struct SlotsAddUp;

const ABOUT: About = About {
    id: "slots-add-up",
    statement: "Of each slot in its pool the master knows that it is free, or that an attempt that has not ended, \
                or several that share it, have it; and the pool counts as many as there are.",
    source: "FLINK-14859, FLINK-20694: slots that nobody could have any more",
    trigger: "a slot is in the pool of the master",
    breaks: "a slot is not returned, or counted twice when it goes from one attempt to another",
    kind: Kind::Safety,
};

impl<const V: usize> Property<V> for SlotsAddUp {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn steps(&self) -> Steps {
        Steps::None
    }

    fn on_state(&self, facts: &Facts<V>, state: &State<V>, _: usize) -> Judgement {
        let scenario = &facts.model.scenario;
        if !scenario.grain.is_fine(Mechanism::Slots) || state.job.is_terminal() {
            return Judgement::Idle;
        }
        let slots = &state.fine.slots;
        let (mut pooled, mut known) = (0, 0);
        for (t, &all) in scenario.cluster.slots.iter().enumerate() {
            if state.task_managers[t].is_counted_in() {
                pooled += u32::from(all) - u32::from(slots.unoffered[t]);
            }
            known += u32::from(slots.free[t]) + facts.model.slots_for(slots.held[t]) as u32;
        }
        if pooled == 0 && known == 0 && slots.acquired == 0 {
            return Judgement::Idle;
        }
        let needs = |v: usize| {
            let book = state.tasks[v].book;
            book != ExecutionState::Created && !book.is_terminal()
        };
        let have = |v: usize| slots.held.iter().filter(|held| *held & 1 << v != 0).count();
        let in_use = (0..facts.model.size()).all(|v| have(v) <= usize::from(needs(v)));
        Judgement::of(in_use && known == pooled && u32::from(slots.acquired) == pooled)
    }
}
