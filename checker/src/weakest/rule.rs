//! The rule that the weakest sets suggest, as a strategy: `affected` with fewer of those that have finished, and no
//! more of those that wait than have to restart.
//!
//! Restart the region of the failed task, and of each task that restarts the regions of
//!
//! 1. whoever wrote what it reads and what is not there any more,
//! 2. whoever is at work on what it writes,
//! 3. if anybody is going to read what it writes, whoever has finished on it and could see a difference, by the test of
//!    `affected`, and
//! 4. whoever waits, in CREATED or for an earlier restart, and could be scheduled on its former output before it has
//!    restarted: it has finished, and nothing else that the waiting one needs is held up by the restart.

use failproof_model::execution_state::ExecutionState;
use failproof_model::job_graph::ResultPartitionType;
use failproof_model::regions::Regions;
use failproof_model::strategy::{
    Cause, FailoverStrategy, Failure, RestartAffected, StrategyError, VertexSet, View,
};
use failproof_model::topology::{PartitionId, Topology, VertexId};

/// The rule, for one job.
#[derive(Debug)]
pub(super) struct Rule {
    topology: Topology,
    regions: Regions,
    affected: RestartAffected,
}

/// How far a task is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// It has read nothing, or is going to be reset in any case.
    Waits,
    /// It reads and writes.
    Works,
    /// It has finished, and stays so.
    Finished,
}

impl Rule {
    pub(super) fn of(topology: &Topology) -> Result<Rule, StrategyError> {
        let (regions, affected) = (Regions::of(topology, true), RestartAffected::new(topology)?);
        Ok(Rule { topology: topology.clone(), regions, affected })
    }

    /// Points 1 to 3, until nothing changes.
    fn begun(&self, failure: &Failure<'_>) -> VertexSet {
        let affected = self.affected.tasks_to_restart(failure);
        let mut restart = VertexSet::with_capacity(self.topology.vertices);
        restart.extend(self.region(failure.vertex));
        let joins = |task: VertexId, restart: &VertexSet| {
            let reads = self.producers(task).any(|it| restart.contains(it));
            let told = match stage(task, failure.view) {
                Stage::Waits => false,
                Stage::Works => true,
                Stage::Finished => {
                    affected.contains(task) && self.reads_beside(task, restart, failure.view)
                }
            };
            self.has_lost(task, restart, failure) || reads && told
        };
        while let Some(task) =
            (0..self.topology.vertices).find(|&it| !restart.contains(it) && joins(it, &restart))
        {
            restart.extend(self.region(task));
        }
        restart
    }

    /// The tasks that are scheduled with this one, and only together.
    fn region(&self, task: VertexId) -> impl Iterator<Item = VertexId> + '_ {
        self.regions.members[self.regions.of[task]].iter().copied()
    }

    /// Point 1: whether something is gone that it wrote for a task that restarts.
    fn has_lost(&self, task: VertexId, restart: &VertexSet, failure: &Failure<'_>) -> bool {
        let needed =
            |&&it: &&PartitionId| self.topology.consumers(it).any(|by| restart.contains(by));
        let mut needed = self.topology.produced[task].iter().filter(needed);
        needed.any(|&partition| !self.is_there(partition, failure))
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

    /// Point 3: whether anybody is going to read what a restarted producer of it writes.
    fn reads_beside(&self, task: VertexId, restart: &VertexSet, view: &dyn View) -> bool {
        let mut producers = self.producers(task).filter(|&it| restart.contains(it));
        producers.any(|producer| {
            let reads = |it| restart.contains(it) || stage(it, view) != Stage::Finished;
            self.consumers(producer).any(reads)
        })
    }

    /// Point 4.
    fn could_be_scheduled(&self, task: VertexId, restart: &VertexSet, view: &dyn View) -> bool {
        let stale =
            |it: VertexId| restart.contains(it) && view.state(it) == ExecutionState::Finished;
        stage(task, view) == Stage::Waits
            && self.producers(task).any(stale)
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
        restart.extend(waiting.flat_map(|it| self.region(it)));
        restart
    }
}

fn stage(task: VertexId, view: &dyn View) -> Stage {
    match view.state(task) {
        ExecutionState::Created => Stage::Waits,
        _ if view.waits_for_restart(task) => Stage::Waits,
        ExecutionState::Finished => Stage::Finished,
        _ => Stage::Works,
    }
}
