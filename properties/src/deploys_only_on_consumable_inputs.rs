//! A task runs only when the master's books call its inputs consumable.

use failproof_model::execution_state::ExecutionState;

use crate::{About, Facts, Judgement, Kind, Property, Step};

/// See [`ABOUT`].
pub(crate) struct DeploysOnlyOnConsumableInputs;

const ABOUT: About = About {
    id: "deploys-only-on-consumable-inputs",
    statement: "A task is scheduled only when all producers of its blocking inputs from other regions are FINISHED \
                by the master's books.",
    source: "section 3.7; FLINK-14362, FLINK-30188",
    trigger: "a task with a blocking input is scheduled",
    breaks: "scheduling does not look at the inputs of a region",
    kind: Kind::Safety,
};

impl<const V: usize> Property<V> for DeploysOnlyOnConsumableInputs {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn on_step(&self, facts: &Facts<V>, step: &Step<'_, V>) -> Judgement {
        let under_way = |state: ExecutionState| {
            use ExecutionState as E;
            matches!(state, E::Scheduled | E::Deploying | E::Initializing | E::Running)
        };
        let is_scheduled =
            |v: usize| !under_way(step.state.tasks[v].book) && under_way(step.next.tasks[v].book);
        // Most steps schedule nobody, and this is all that is asked of them.
        let scheduled =
            (0..facts.model.size()).fold(0u16, |all, v| all | u16::from(is_scheduled(v)) << v);
        if scheduled == 0 {
            return Judgement::Idle;
        }
        let (topology, regions) = (&facts.model.topology, &facts.model.regions);
        let mut judgement = Judgement::Idle;
        let scheduled = (0..facts.model.size()).filter(|v| scheduled & 1 << v != 0);
        for (v, p) in scheduled.flat_map(|v| topology.consumed(v).map(move |p| (v, p))) {
            let producer = topology.partitions[p].producer;
            let inside = regions.of[producer] == regions.of[v];
            let exists = facts.model.exists(step.next, producer);
            if !topology.type_of(p).is_blocking() || inside || !exists {
                continue;
            }
            if step.next.tasks[producer].book != ExecutionState::Finished {
                return Judgement::Violated;
            }
            judgement = Judgement::Holds;
        }
        judgement
    }
}
