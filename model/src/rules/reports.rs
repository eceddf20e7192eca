//! What the master hears: reports of tasks that have ended, and of tasks that it cancelled (sections 3.2, 3.3, 4.3).

use crate::action::Action;
use crate::execution_state::ExecutionState;
use crate::failover::Failover;
use crate::scenario::Defect;
use crate::state::{Census, State, Truth};
use crate::strategy::Cause;

use super::failover::ones;

impl<const V: usize> Failover<V> {
    pub(super) fn enabled_reports(&self, s: &State<V>, census: &Census, out: &mut Vec<Action>) {
        out.extend(ones(census.reporting()).map(|v| Action::DeliverReport { vertex: v as u8 }));
        out.extend(ones(s.stale_reports).map(|v| Action::DeliverStaleReport { vertex: v as u8 }));
        out.extend(
            ones(census.cancelling()).map(|v| Action::AcknowledgeCancel { vertex: v as u8 }),
        );
    }

    /// The report of the current attempt arrives.
    pub(super) fn deliver(&self, s: &mut State<V>, v: usize) {
        let cause = self.cause(s, v);
        let truth = std::mem::take(&mut s.tasks[v].truth);
        s.tasks[v].cause = 0;
        let cancelling = s.tasks[v].book == ExecutionState::Canceling;
        match truth {
            // FINISHED while CANCELING counts as cancelled; its partitions are released (FLINK-13371).
            // FAILED or CANCELED while CANCELING completes the cancellation, and starts no failover.
            Truth::Finished | Truth::Failed | Truth::Canceled if cancelling => {
                if truth == Truth::Finished {
                    self.finished_in_vain(s, v);
                }
                self.cancelled(s, v);
            }
            Truth::Finished => self.finished(s, v),
            Truth::Failed => self.failed(s, v, cause),
            // Not asked for by the master: accepted, and nobody starts a failover (section 3.2).
            Truth::Canceled => self.cancelled(s, v),
            Truth::None | Truth::Submitted | Truth::Running | Truth::Produced | Truth::Lost => {
                s.tasks[v].truth = truth;
            }
        }
    }

    fn cause(&self, s: &State<V>, v: usize) -> Cause {
        match usize::from(s.tasks[v].cause).checked_sub(1) {
            Some(input) => Cause::Partition(self.vertices[v].inputs[input].partition),
            None => Cause::Task,
        }
    }

    /// The report of an attempt that is no longer in `currentExecutions` is dropped (section 3.3).
    pub(super) fn deliver_stale(&self, s: &mut State<V>, v: usize) {
        s.stale_reports &= !(1 << v);
        let accepted = self.scenario.defect == Some(Defect::AcceptStaleReport);
        if accepted && s.tasks[v].book == ExecutionState::Running {
            s.tasks[v].truth = Truth::None;
            self.finished(s, v);
        }
    }

    /// A TaskManager cancels a task and says so.
    pub(super) fn acknowledge_cancel(&self, s: &mut State<V>, v: usize) {
        s.tasks[v].truth = Truth::None;
        self.cancelled(s, v);
    }

    fn finished(&self, s: &mut State<V>, v: usize) {
        s.tasks[v].book = ExecutionState::Finished;
        self.return_slot(s, v);
        self.write_finished(s, v);
        self.release_consumed(s, v);
        self.schedule_consumers(s, v);
    }

    /// An attempt has failed: its partitions are untracked, and released where it was the master who failed it
    /// (section 4.3), and the failure is handled.
    pub(super) fn failed(&self, s: &mut State<V>, v: usize, cause: Cause) {
        s.tasks[v].book = ExecutionState::Failed;
        self.leave(s, v);
        self.drop_partitions(s, v);
        self.attempt_ended(s, v);
        self.handle_failure(s, v, cause);
    }

    /// An attempt has ended without success: CANCELED, its partitions untracked and released (section 4.3).
    pub(super) fn cancelled(&self, s: &mut State<V>, v: usize) {
        s.tasks[v].book = ExecutionState::Canceled;
        self.leave(s, v);
        self.drop_partitions(s, v);
        self.attempt_ended(s, v);
    }

    /// Untracks and releases whatever the current attempt of `v` has produced. The data is gone with it: what an
    /// attempt leaves that was replaced is kept elsewhere, where that takes time.
    pub(super) fn drop_partitions(&self, s: &mut State<V>, v: usize) {
        s.tracked &= !self.vertices[v].partitions;
        s.stored &= !self.vertices[v].partitions;
    }

    /// Section 4.4: when a whole region is finished, what it has consumed is released if every other consumer of it
    /// is finished as well.
    fn release_consumed(&self, s: &mut State<V>, v: usize) {
        if !self.scenario.design.release_during_job {
            return;
        }
        let one_is_enough = self.scenario.defect == Some(Defect::ReleaseAfterFirstConsumer);
        let region = self.regions.of[v];
        let finished = |w: usize| {
            s.tasks[w].book == ExecutionState::Finished
                || one_is_enough && self.regions.of[w] != region
        };
        let release = &self.known(s).release;
        let released = release.released_by(v, finished).fold(0u32, |mask, p| mask | 1 << p);
        self.release(s, released);
    }
}
