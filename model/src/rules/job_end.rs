//! The end of a job that succeeds (section 3.8).

use crate::action::Action;
use crate::execution_state::ExecutionState;
use crate::failover::Failover;
use crate::job_graph::SinkCommit;
use crate::state::{JobStatus, State};

impl<const V: usize> Failover<V> {
    pub(super) fn enabled_job_end(&self, s: &State<V>, out: &mut Vec<Action>) {
        let finished =
            |v: usize| s.tasks[v].book == ExecutionState::Finished || self.is_left_out(s, v);
        if s.job == JobStatus::Running && !s.is_restarting() && (0..self.size()).all(finished) {
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
        s.job = JobStatus::Finished;
    }
}
