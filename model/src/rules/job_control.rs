//! The end of a job that does not succeed: it is out of restarts, or its user cancels it (section 3.4).

use crate::action::Action;
use crate::failover::Failover;
use crate::state::{JobStatus, Restart, State};

impl<const V: usize> Failover<V> {
    /// Also while a restart is in preparation, and while the job is failing. To cancel it twice changes nothing.
    pub(super) fn cancellations(&self, s: &State<V>, out: &mut Vec<Action>) {
        if matches!(s.job, JobStatus::Running | JobStatus::Failing) {
            out.push(Action::CancelJob);
        }
    }

    /// Out of restarts: everything is cancelled, then the job is FAILED.
    pub(super) fn fail_job(&self, s: &mut State<V>) {
        s.job = JobStatus::Failing;
        self.cancel_all(s);
    }

    /// `DefaultExecutionGraph.cancel`. Everything of a job that is failing is being cancelled as it is.
    pub(super) fn cancel_job(&self, s: &mut State<V>) {
        if s.job == JobStatus::Running {
            self.cancel_all(s);
        }
        s.job = JobStatus::Cancelling;
    }

    /// The version of every vertex is newer than that of any restart in preparation, so none comes to anything.
    fn cancel_all(&self, s: &mut State<V>) {
        s.restarts = [Restart::default(); V];
        (0..self.size()).for_each(|v| self.cancel(s, v));
    }

    pub(super) fn end_if_all_ended(&self, s: &mut State<V>) {
        let end = match s.job {
            JobStatus::Failing => JobStatus::Failed,
            JobStatus::Cancelling => JobStatus::Canceled,
            JobStatus::Running | JobStatus::Failed | JobStatus::Finished | JobStatus::Canceled => {
                return;
            }
        };
        if (0..self.size()).all(|v| s.tasks[v].book.is_terminal()) {
            s.job = end;
        }
    }
}
