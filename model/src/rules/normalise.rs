//! A state holds what can still matter, and nothing else: two states that behave alike are one.

use crate::data::Rows;
use crate::execution_state::ExecutionState;
use crate::failover::Failover;
use crate::job_graph::{ResultPartitionType, SinkCommit};
use crate::state::{JobStatus, NOWHERE, State, Truth};

impl<const V: usize> Failover<V> {
    /// Clears what no longer matters.
    pub(crate) fn normalise(&self, s: &mut State<V>) {
        if s.job.is_terminal() {
            *s = State { shown: s.shown, job: s.job, ..State::default() };
            return;
        }
        self.drop_read_streams(s);
        (0..self.size()).for_each(|v| self.normalise_vertex(s, v));
        if s.job == JobStatus::Failing {
            s.faults = 0;
        }
        let left = s.faults;
        s.faults_of.iter_mut().for_each(|limit| *limit = (*limit).min(left));
    }

    /// What is streamed is gone once every consumer has read it. An approximate one can be reconnected to.
    fn drop_read_streams(&self, s: &mut State<V>) {
        for (p, facts) in self.partitions.iter().enumerate() {
            let kept = facts.result_type.is_reconsumable()
                || facts.result_type == ResultPartitionType::PipelinedApproximate;
            if !kept && facts.channels & !s.consumed == 0 {
                s.stored &= !(1 << p);
            }
        }
    }

    fn normalise_vertex(&self, s: &mut State<V>, v: usize) {
        let facts = &self.vertices[v];
        let task = &mut s.tasks[v];
        let reads = matches!(task.truth, Truth::Submitted | Truth::Running);
        if !reads {
            task.read = 0;
            task.outdated = 0;
        }
        let stored = s.stored & facts.partitions;
        let finished = task.book == ExecutionState::Finished || task.truth == Truth::Finished;
        let staged = finished && facts.sink == Some(SinkCommit::AtJobEnd);
        let unwritten = task.truth == Truth::Produced && facts.blocking;
        if !reads && stored == 0 && !staged && !unwritten {
            s.rows[v] = Rows::EMPTY;
            s.placement[v] = 0;
        }
        let known_there = (s.tracked | s.stored) & self.local_partitions(v) != 0;
        if task.truth == Truth::None && task.book.is_terminal() && !known_there {
            task.at = NOWHERE;
        }
    }
}
