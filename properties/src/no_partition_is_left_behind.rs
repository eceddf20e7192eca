//! What a job has stored is gone with it, but for what is to outlive it.

use failproof_model::scenario::Mechanism;
use failproof_model::state::{JobStatus, State};

use crate::{About, Facts, Judgement, Kind, Property, Step};

/// See [`ABOUT`].
pub(crate) struct NoPartitionIsLeftBehind;

const ABOUT: About = About {
    id: "no-partition-is-left-behind",
    statement: "Every partition is released by somebody, and a job leaves none behind: but a job that succeeds leaves \
                those that are persistent.",
    source: "sections 4.2, 4.3 and 4.8; FLINK-13371: what tasks had stored that finished while being cancelled leaked",
    trigger: "a job ends, or the partitions of an execution that has ended are registered",
    breaks: "what comes too late is kept, or what a job that failed has stored outlives it",
    kind: Kind::Safety,
};

impl<const V: usize> Property<V> for NoPartitionIsLeftBehind {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn on_state(&self, facts: &Facts<V>, state: &State<V>, _: usize) -> Judgement {
        let partitions = state.fine.partitions;
        let may_stay = match state.job {
            JobStatus::Finished => facts.model.persistent_partitions(),
            _ => 0,
        };
        let ends = facts.model.scenario.grain.is_fine(Mechanism::Partitions)
            && (state.job.is_terminal() || partitions.late != 0);
        let left = partitions.leaked | partitions.promoted & !may_stay;
        match left {
            0 if !ends => Judgement::Idle,
            _ => Judgement::of(left == 0),
        }
    }

    /// What is persistent, and there, does outlive a job that succeeds.
    fn on_step(&self, facts: &Facts<V>, step: &Step<'_, V>) -> Judgement {
        let fine = facts.model.scenario.grain.is_fine(Mechanism::Partitions);
        let persistent = facts.model.persistent_partitions();
        if !fine || persistent == 0 || step.next.job != JobStatus::Finished {
            return Judgement::Idle;
        }
        Judgement::of(step.next.fine.partitions.promoted == step.state.stored & persistent)
    }
}
