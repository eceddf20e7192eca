//! The rule that the weakest sets suggest, as a strategy: `affected`, task by task, with no more of those that wait
//! than have to restart.
//!
//! Restart the failed task and, of each task that restarts,
//!
//! 1. whoever wrote what it reads and what is not there any more,
//! 2. whoever is at work on what it writes,
//! 3. whoever has finished on it and could see a difference, by the test of `affected`, and
//! 4. whoever waits in CREATED and could be scheduled on its former output before it has restarted: it has finished,
//!    and nothing else that the waiting one needs is held up by the restart.

use failproof_model::execution_state::ExecutionState;
use failproof_model::job_graph::ResultPartitionType;
use failproof_model::strategy::{
    Cause, FailoverStrategy, Failure, RestartAffected, StrategyError, VertexSet, View,
};
use failproof_model::topology::{PartitionId, Topology, VertexId};

/// The rule, for one job.
#[derive(Debug)]
pub(super) struct Rule {
    topology: Topology,
    affected: RestartAffected,
}

impl Rule {
    pub(super) fn of(topology: &Topology) -> Result<Rule, StrategyError> {
        Ok(Rule { topology: topology.clone(), affected: RestartAffected::new(topology)? })
    }

    /// Points 1 to 3, until nothing changes.
    fn begun(&self, failure: &Failure<'_>) -> VertexSet {
        let affected = self.affected.tasks_to_restart(failure);
        let mut restart = VertexSet::with_capacity(self.topology.vertices);
        let mut unseen = vec![failure.vertex];
        while let Some(task) = unseen.pop() {
            if restart.put(task) {
                continue;
            }
            let gone = self.topology.consumed(task).filter(|&it| !self.is_there(it, failure));
            unseen.extend(gone.map(|partition| self.topology.partitions[partition].producer));
            unseen.extend(self.consumers(task).filter(
                |&consumer| match failure.view.state(consumer) {
                    ExecutionState::Created => false,
                    ExecutionState::Finished => affected.contains(consumer),
                    _ => true,
                },
            ));
        }
        restart
    }

    /// Whether a task that restarts can read it without its producer.
    fn is_there(&self, partition: PartitionId, failure: &Failure<'_>) -> bool {
        let of_type = self.topology.type_of(partition);
        let again =
            of_type.is_reconsumable() || of_type == ResultPartitionType::PipelinedApproximate;
        let producer = self.topology.partitions[partition].producer;
        again
            && failure.cause != Cause::Partition(partition)
            && failure.view.is_tracked(partition)
            && !failure.view.waits_for_restart(producer)
    }

    /// Point 4.
    fn could_be_scheduled(&self, task: VertexId, restart: &VertexSet, view: &dyn View) -> bool {
        let mut producers = self.producers(task);
        let stale = |producer: VertexId| {
            restart.contains(producer) && view.state(producer) == ExecutionState::Finished
        };
        view.state(task) == ExecutionState::Created
            && producers.any(stale)
            && !self.is_held_up(task, restart, view)
    }

    /// Whether it needs a task that restarts and has not finished, directly or through others that have not.
    fn is_held_up(&self, task: VertexId, restart: &VertexSet, view: &dyn View) -> bool {
        let mut unfinished =
            self.producers(task).filter(|&it| view.state(it) != ExecutionState::Finished);
        unfinished.any(|it| restart.contains(it) || self.is_held_up(it, restart, view))
    }

    fn producers(&self, task: VertexId) -> impl Iterator<Item = VertexId> + '_ {
        self.topology.consumed(task).map(|partition| self.topology.partitions[partition].producer)
    }

    fn consumers(&self, task: VertexId) -> impl Iterator<Item = VertexId> + '_ {
        self.topology.produced[task].iter().flat_map(|&it| self.topology.consumers(it))
    }
}

impl FailoverStrategy for Rule {
    fn tasks_to_restart(&self, failure: &Failure<'_>) -> VertexSet {
        let begun = self.begun(failure);
        let waiting = 0..self.topology.vertices;
        let waiting = waiting.filter(|&it| self.could_be_scheduled(it, &begun, failure.view));
        let mut restart = begun.clone();
        restart.extend(waiting);
        restart
    }
}
