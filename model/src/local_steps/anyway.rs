//! Steps that make no difference to a failure: whoever it cancels forgets them, and nobody else notices them.

use crate::action::Action;
use crate::design::{ConsumerPolicy, Strategy};
use crate::execution_state::ExecutionState as E;
use crate::failover::{Failover, Input};
use crate::job_graph::{Determinism, SinkCommit, Storage};
use crate::scenario::{FaultKind, Mechanism};
use crate::state::{State, TaskManager};

impl<const V: usize> Failover<V> {
    /// Whether an action may be taken alone even though failures may happen.
    pub(super) fn is_local_anyway(&self, s: &State<V>, action: Action) -> bool {
        match action {
            // A task that is lost before the master knows that it has started is in another state of its books.
            Action::StartTask { .. } => !(self.is_fine(Mechanism::Detection) && may_die(s)),
            Action::ReadPartition { vertex, input } => {
                self.is_forgotten_read(s, vertex.into(), input.into())
            }
            // A report that is dropped may not be confused with one that comes later.
            Action::DeliverStaleReport { .. } => {
                !may_die(s) && !s.task_managers.contains(&TaskManager::Dead)
            }
            _ => false,
        }
    }

    /// Whether the data stays until it is read, unless the reader is cancelled, and leaves no trace but in its reader.
    fn is_forgotten_read(&self, s: &State<V>, v: usize, input: usize) -> bool {
        let facts = &self.vertices[v];
        let Input { partition, producer, edge, .. } = facts.inputs[input];
        let result_type = self.partitions[partition].result_type;
        let traceless = facts.sink != Some(SinkCommit::AtOnce)
            && result_type.is_reconsumable()
            && (!self.scenario.lineage || s.held[producer][1] == 0);
        let reset = restart_of(s, producer);
        traceless
            && self.order_is_no_choice(s, v)
            && self.stays(s, v, partition)
            && s.tasks[producer].book == E::Finished
            && self.restarts_consumers(edge)
            && (reset == 0 || reset == restart_of(s, v))
    }

    /// Whether no fault takes a stored partition away from `v`, unless it takes `v` away as well, or keeps `v` from
    /// reading it.
    fn stays(&self, s: &State<V>, v: usize, partition: usize) -> bool {
        let left = |kind: FaultKind| s.left(kind) > 0;
        let facts = &self.partitions[partition];
        let together = s.tasks[v].at == s.tasks[facts.producer].at;
        !left(FaultKind::ReadFails)
            && (facts.storage == Storage::Reliable
                || !left(FaultKind::PartitionLost) && (together || !may_die(s)))
    }

    /// Whether whoever reads what a producer has sent along `edge` is restarted with the producer.
    fn restarts_consumers(&self, edge: usize) -> bool {
        match self.scenario.design.strategy {
            Strategy::RestartPipelinedRegion(knobs) => match knobs.consumers {
                ConsumerPolicy::Always => true,
                ConsumerPolicy::OnlyIfNondeterministic => {
                    self.topology.data_sets[edge].partitioner == Determinism::Indeterminate
                }
                ConsumerPolicy::Never => false,
            },
            Strategy::RestartAll | Strategy::RestartIndividual | Strategy::RestartAffected => true,
        }
    }

    /// Whether it makes no difference to `v` which of its inputs it reads next, or there is only one left.
    pub(super) fn order_is_no_choice(&self, s: &State<V>, v: usize) -> bool {
        let facts = &self.vertices[v];
        let unread = facts.inputs.len() - s.tasks[v].read.count_ones() as usize;
        unread == 1 || !self.data.keeps_order(facts.job_vertex)
    }
}

fn may_die<const V: usize>(s: &State<V>) -> bool {
    s.left(FaultKind::TaskManagerDies) > 0
}

/// The restart in preparation that is going to reset `v`, as a mask; else 0.
fn restart_of<const V: usize>(s: &State<V>, v: usize) -> u16 {
    let owner = s.restarts[..=v].iter().find(|restart| restart.vertices & 1 << v != 0);
    owner.map_or(0, |restart| restart.vertices)
}
