//! What happens to a job as a whole: it fails and every vertex restarts (section 1.7), or it ends without success, as
//! it is out of restarts or its user cancels it (section 3.4).

use crate::action::Action;
use crate::execution_state::ExecutionState;
use crate::failover::Failover;
use crate::scenario::Defect;
use crate::state::{JobStatus, Restart, State};

use super::failover::ones;

impl<const V: usize> Failover<V> {
    /// Also while a restart is in preparation, and while the job is failing. To cancel it twice changes nothing.
    pub(super) fn cancellations(&self, s: &State<V>, out: &mut Vec<Action>) {
        if !s.fine.masters.recovers && matches!(s.job, JobStatus::Running | JobStatus::Failing) {
            out.push(Action::CancelJob);
        }
    }

    /// At any moment, also while a restart is in preparation: a failure that comes then counts as well. A job that is
    /// being cancelled restarts no more, but if its budget has no restart left it fails instead (`failJob` asks for no
    /// status).
    pub(super) fn global_failures(&self, s: &State<V>, out: &mut Vec<Action>) {
        let fails = match s.job {
            JobStatus::Running => !s.fine.masters.recovers,
            JobStatus::Cancelling => self.is_out_of_restarts(s),
            _ => false,
        };
        if fails {
            out.push(Action::FailJob);
        }
    }

    /// Wherever tasks can be restarted.
    pub(super) fn throws_in_restarts(&self, s: &State<V>, out: &mut Vec<Action>) {
        out.extend(self.ready_restarts(s).map(|first| Action::ThrowInRestart { first }));
    }

    /// `ExecutionFailureHandler.getGlobalFailureHandlingResult`: no strategy is asked, and vertices in CREATED restart
    /// as well. It counts as any other failure (section 3.6).
    pub(super) fn fail_globally(&self, s: &mut State<V>) {
        if !self.grants_restart(s) {
            return self.fail_job(s);
        }
        let all = self.all_vertices() & !s.fine.absent;
        let were_ending = self.cancelling(s);
        self.prepare_restart(s, all);
        self.note_global_failure(s);
        if self.scenario.defect == Some(Defect::GlobalRestartDoesNotWait) {
            s.restarts[0].cancelling &= !were_ending;
        }
    }

    /// The vertices whose cancelled attempt has not ended yet.
    fn cancelling(&self, s: &State<V>) -> u16 {
        let cancelling = |&v: &usize| s.tasks[v].book == ExecutionState::Canceling;
        (0..self.size()).filter(cancelling).fold(0, |mask, v| mask | 1 << v)
    }

    /// Section 3.4, step 4: what is thrown in `restartTasks`, as when state is restored after the reset, goes to
    /// `handleGlobalFailure`.
    pub(super) fn throw_in_restart(&self, s: &mut State<V>, first: usize) {
        let restart = std::mem::take(&mut s.restarts[first]);
        if self.scenario.defect == Some(Defect::SwallowRestartException) {
            // Thrown before the reset, and kept by a future that nobody asks.
            return;
        }
        s.fine.archive.pending &= !restart.vertices;
        self.write_reset(s, restart.vertices);
        ones(restart.vertices).for_each(|v| self.reset(s, v));
        self.fail_globally(s);
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
        } else {
            s.fine.end_unheard = self.scenario.defect == Some(Defect::EndExpectsFailing);
        }
        s.job = JobStatus::Cancelling;
    }

    /// The version of every vertex is newer than that of any restart in preparation, so none comes to anything.
    fn cancel_all(&self, s: &mut State<V>) {
        s.restarts = [Restart::default(); V];
        s.fine.splits.global = false;
        self.withdraw_requests(s, u16::MAX);
        ones(self.all_vertices() & !s.fine.absent).for_each(|v| self.cancel(s, v));
    }

    /// Whether it has ended now.
    pub(super) fn end_if_all_ended(&self, s: &mut State<V>) -> bool {
        let end = match s.job {
            JobStatus::Failing => JobStatus::Failed,
            JobStatus::Cancelling => JobStatus::Canceled,
            JobStatus::Running | JobStatus::Failed | JobStatus::Finished | JobStatus::Canceled => {
                return false;
            }
        };
        let ended = |v: usize| s.tasks[v].book.is_terminal() || !self.exists(s, v);
        let heard = (0..self.size()).all(ended) && !s.fine.end_unheard;
        if heard {
            self.promote_partitions(s, false);
            s.job = end;
        }
        heard
    }
}
