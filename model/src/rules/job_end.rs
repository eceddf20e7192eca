//! The end of a job that succeeds (section 3.8).

use crate::action::Action;
use crate::execution_state::ExecutionState;
use crate::failover::Failover;
use crate::job_graph::SinkCommit;
use crate::rules::ones;
use crate::state::{Census, JobStatus, State};

impl<const V: usize> Failover<V> {
    pub(super) fn enabled_job_end(&self, s: &State<V>, census: &Census, out: &mut Vec<Action>) {
        let left_out = ones(s.fine.absent).filter(|&v| self.is_left_out(s, v)).count();
        let finished = census.book(ExecutionState::Finished).count_ones() as usize;
        let all = finished + left_out == self.size();
        if all && s.job == JobStatus::Running && !s.is_restarting() {
            out.push(Action::FinishJob);
        }
    }

    /// A FINISHED vertex can become unfinished until this step. Sinks that wait for it commit what the finished
    /// attempts have read.
    pub(super) fn finish_job(&self, s: &mut State<V>) {
        for v in 0..self.size() {
            if self.vertices[v].sink == Some(SinkCommit::AtJobEnd) {
                let rows = s.rows[v];
                self.show(s, v, rows);
            }
        }
        self.promote_partitions(s, true);
        s.job = JobStatus::Finished;
    }
}
