//! The release strategy is never early.

use failproof_model::action::Action;
use failproof_model::execution_state::ExecutionState;

use crate::{About, Facts, Judgement, Kind, Property, Step, Steps};

/// See [`ABOUT`].
pub(crate) struct ReleasedOnlyWhenConsumed;

const ABOUT: About = About {
    id: "released-only-when-consumed",
    statement: "The release strategy releases a partition only when all its consumers are FINISHED, and what is \
                released is what it has given up.",
    source: "sections 4.1, 4.4 (RegionPartitionGroupReleaseStrategy) and 12 (a call to release names an attempt)",
    trigger: "a finished task makes the master release a partition, or a TaskManager hears that it shall",
    breaks: "a partition is released when the first of several consumers is finished, or in the place of an older \
             attempt's",
    kind: Kind::Safety,
};

impl<const V: usize> Property<V> for ReleasedOnlyWhenConsumed {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn steps(&self) -> Steps {
        Steps::By(&["FinishTask", "DeliverReport", "ReleasePartition", "ReleaseFormerPartitions"])
    }

    /// Resets, cancellations and the loss of a TaskManager untrack as well (section 4.3); these are other steps, or
    /// leave their producer in another state than FINISHED.
    fn on_step(&self, facts: &Facts<V>, step: &Step<'_, V>) -> Judgement {
        let releases = matches!(
            step.action,
            Action::ReleasePartition { .. } | Action::ReleaseFormerPartitions { .. }
        );
        if releases {
            let gone = step.state.stored & !step.next.stored;
            return Judgement::of(gone & step.state.tracked == 0);
        }
        let finishes =
            matches!(step.action, Action::FinishTask { .. } | Action::DeliverReport { .. });
        if !finishes || step.next.job.is_terminal() {
            return Judgement::Idle;
        }
        let finished = |v: usize| step.next.tasks[v].book == ExecutionState::Finished;
        // Consumers that are still to be initialised have to finish as well.
        let done = |v: usize| finished(v) || facts.model.is_left_out(step.next, v);
        let topology = &facts.model.topology;
        let untracked = step.state.tracked & !step.next.tracked;
        let released: Vec<usize> = (0..topology.partitions.len())
            .filter(|&p| untracked & 1 << p != 0 && finished(topology.partitions[p].producer))
            .collect();
        if released.is_empty() {
            return Judgement::Idle;
        }
        Judgement::of(released.iter().all(|&p| topology.consumers(p).all(done)))
    }
}
