//! The answer to a failure: restart set, cancellation, and the restart itself (sections 3.4 to 3.6).

use crate::action::Action;
use crate::data::Rows;
use crate::execution_state::ExecutionState;
use crate::failover::{Failover, Input};
use crate::scenario::Defect;
use crate::state::{JobStatus, Restart, State, Task};
use crate::strategy::{Cause, Failure, View};

/// What a strategy is shown: the books, never the truth.
struct Books<'a, const V: usize>(&'a State<V>);

impl<const V: usize> View for Books<'_, V> {
    fn state(&self, vertex: usize) -> ExecutionState {
        self.0.tasks[vertex].book
    }

    fn is_tracked(&self, partition: usize) -> bool {
        self.0.tracked & 1 << partition != 0
    }

    fn waits_for_restart(&self, vertex: usize) -> bool {
        self.0.restarts.iter().any(|restart| restart.vertices & 1 << vertex != 0)
    }
}

impl<const V: usize> Failover<V> {
    pub(super) fn enabled_restarts(&self, s: &State<V>, out: &mut Vec<Action>) {
        let impatient = self.scenario.defect == Some(Defect::RestartBeforeCancelled);
        let ready = |&first: &usize| {
            let restart = s.restarts[first];
            restart.vertices != 0 && (restart.cancelling == 0 || impatient)
        };
        out.extend((0..self.size()).filter(ready).map(|v| Action::RestartTasks { first: v as u8 }));
    }

    /// `ExecutionFailureHandler.getFailureHandlingResult`, then `restartTasksWithDelay` or `failJob`.
    pub(super) fn handle_failure(&self, s: &mut State<V>, failed: usize, cause: Cause) {
        if s.job != JobStatus::Running {
            return;
        }
        if let Some(attempts) = self.scenario.design.restart_attempts {
            if s.failures == attempts {
                return self.fail_job(s);
            }
            s.failures += 1;
        }
        let failure = Failure { vertex: failed, cause, view: &Books(s) };
        let set = self.strategy.tasks_to_restart(&failure);
        self.prepare_restart(s, set.ones().fold(0, |mask, v| mask | 1 << v));
    }

    /// The set is cancelled, and taken away from older restarts: the version check of section 3.4, made when the
    /// version changes. The back-off is the time that passes before `RestartTasks`, which may be any.
    fn prepare_restart(&self, s: &mut State<V>, set: u16) {
        let mut older = std::mem::replace(&mut s.restarts, [Restart::default(); V]);
        older.iter_mut().for_each(|restart| restart.vertices &= !set);
        older.into_iter().for_each(|restart| put(s, restart));
        let mut cancelling = 0;
        for v in ones(set) {
            self.cancel(s, v);
            cancelling |= u16::from(!s.tasks[v].book.is_terminal()) << v;
        }
        put(s, Restart { vertices: set, cancelling });
    }

    /// `Execution.cancel` (section 3.2).
    pub(super) fn cancel(&self, s: &mut State<V>, v: usize) {
        use ExecutionState as E;
        match s.tasks[v].book {
            E::Created | E::Scheduled => {
                s.tasks[v].book = E::Canceled;
                self.attempt_ended(s, v);
            }
            E::Deploying | E::Initializing | E::Running => s.tasks[v].book = E::Canceling,
            E::Finished => self.drop_streamed(s, v),
            E::Reconciling | E::Canceling | E::Canceled | E::Failed => {}
        }
    }

    /// Cancelling a FINISHED execution releases only what its TaskManager would release by itself.
    fn drop_streamed(&self, s: &mut State<V>, v: usize) {
        for &p in &self.topology.produced[v] {
            if !self.partitions[p].result_type.is_released_by_scheduler() {
                s.stored &= !(1 << p);
            }
        }
    }

    /// Restarts wait for an attempt no longer.
    pub(super) fn attempt_ended(&self, s: &mut State<V>, v: usize) {
        s.restarts.iter_mut().for_each(|restart| restart.cancelling &= !(1 << v));
    }

    /// `DefaultScheduler.restartTasks`: reset, then schedule, in one turn.
    pub(super) fn restart_tasks(&self, s: &mut State<V>, first: usize) {
        let restart = std::mem::take(&mut s.restarts[first]);
        if self.scenario.defect != Some(Defect::ForgetReset) {
            ones(restart.vertices).for_each(|v| self.reset(s, v));
        }
        self.schedule(s);
    }

    /// `ExecutionVertex.resetForNewExecution` (section 3.5): what the old attempt produced is untracked and released,
    /// and whoever was told to read it holds a descriptor that is outdated from now on. The splits that it had taken go
    /// back to the assigner.
    fn reset(&self, s: &mut State<V>, v: usize) {
        self.drop_partitions(s, v);
        for &p in &self.topology.produced[v] {
            s.consumed &= !self.partitions[p].channels;
        }
        for w in ones(self.vertices[v].consumers) {
            if s.tasks[w].truth.is_live() {
                let of_v = |(i, input): (usize, &Input)| u16::from(input.producer == v) << i;
                let mask: u16 = self.vertices[w].inputs.iter().enumerate().map(of_v).sum();
                s.tasks[w].outdated |= mask & !s.tasks[w].read;
            }
        }
        s.tasks[v] = Task { before: s.tasks[v].at, ..Task::CREATED };
        s.rows[v] = Rows::EMPTY;
        s.placement[v] = 0;
    }
}

/// Keeps a restart in the place of its first vertex; one without vertices has nothing to do (FLINK-31041).
fn put<const V: usize>(s: &mut State<V>, restart: Restart) {
    if restart.vertices != 0 {
        s.restarts[restart.vertices.trailing_zeros() as usize] = restart;
    }
}

pub(crate) fn ones(mask: u16) -> impl Iterator<Item = usize> {
    (0..16).filter(move |v| mask & 1 << v != 0)
}
