//! What the master has in its pool is there.

use failproof_model::scenario::Mechanism;
use failproof_model::state::State;

use crate::{About, Facts, Judgement, Kind, Property};

/// See [`ABOUT`].
pub(crate) struct PooledSlotsAreAllocated;

const ABOUT: About = About {
    id: "pooled-slots-are-allocated",
    statement: "A slot in the pool of the master is one that its TaskManager has allocated to the job, unless it \
                waited there too long for an answer.",
    source: "sections 5.1 and 12; FLINK-12863, FLINK-21859: slots that were freed while the master had them",
    trigger: "with slots that are offered by messages, a slot is in the pool of the master",
    breaks: "a TaskManager frees a slot because of something that the master said before it accepted the slot",
    kind: Kind::Safety,
};

impl<const V: usize> Property<V> for PooledSlotsAreAllocated {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn on_state(&self, facts: &Facts<V>, state: &State<V>, _: usize) -> Judgement {
        let messages = &state.fine.slot_messages;
        let counted = facts.model.scenario.grain.is_fine(Mechanism::SlotMessages);
        if !counted || messages.pooled == 0 {
            return Judgement::Idle;
        }
        Judgement::of(messages.pooled & !messages.allocated & !messages.timed_out == 0)
    }
}
