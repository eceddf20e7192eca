//! The answer to a failure: restart set, cancellation, and the restart itself (sections 3.4 to 3.6).

use crate::action::Action;
use crate::data::Rows;
use crate::design::RestartBackoff;
use crate::execution_state::ExecutionState;
use crate::failover::Failover;
use crate::job_graph::Determinism;
use crate::scenario::Defect;
use crate::state::{JobStatus, Restart, State, Task};
use crate::strategy::{Cause, Failure, View};

/// What a strategy is shown: the books, never the truth.
pub(super) struct Books<'a, const V: usize>(pub(super) &'a State<V>);

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
        out.extend(self.ready_restarts(s).map(|first| Action::RestartTasks { first }));
    }

    /// The restarts that wait for nothing any more, by their first vertices.
    pub(super) fn ready_restarts(&self, s: &State<V>) -> impl Iterator<Item = u8> {
        let impatient = self.scenario.defect == Some(Defect::RestartBeforeCancelled);
        let backing_off = s.fine.backing_off;
        let ready = move |restart: &Restart| {
            restart.vertices != 0
                && (restart.cancelling == 0 || impatient)
                && restart.vertices & backing_off == 0
        };
        (0u8..).zip(s.restarts).filter(move |(_, restart)| ready(restart)).map(|(first, _)| first)
    }

    /// `ExecutionFailureHandler.getFailureHandlingResult`, then `restartTasksWithDelay` or `failJob`.
    pub(super) fn handle_failure(&self, s: &mut State<V>, failed: usize, cause: Cause) {
        if s.job != JobStatus::Running {
            return;
        }
        if !self.grants_restart(s) {
            return self.fail_job(s);
        }
        let failure = Failure { vertex: failed, cause, view: &Books(s) };
        let strategy = &self.known(s).strategy;
        let set = strategy.tasks_to_restart(&failure).ones().fold(0, |mask, v| mask | 1 << v);
        let set = set & !s.fine.absent;
        if self.scenario.defect == Some(Defect::ForbidSecondAttempts)
            && ones(set).any(|v| self.is_indeterminate(v))
        {
            return self.fail_job(s);
        }
        self.prepare_restart(s, set);
        if self.scenario.defect == Some(Defect::ArchiveCurrentAttempt) {
            s.fine.archive.pending |= 1 << failed;
        }
    }

    /// Whether another attempt is declared to produce something else, or to deal it out otherwise.
    fn is_indeterminate(&self, v: usize) -> bool {
        let data_set = |&p: &usize| self.topology.partitions[p].data_set;
        let partitioner = |p| self.topology.data_sets[data_set(p)].partitioner;
        self.topology.declared[v] == Determinism::Indeterminate
            || self.topology.produced[v]
                .iter()
                .any(|p| partitioner(p) == Determinism::Indeterminate)
    }

    /// Whether the budget of section 3.6 has another restart, which is then counted. What fails while the delay of an
    /// earlier restart has not passed is one failure with that to exponential delay.
    pub(super) fn grants_restart(&self, s: &mut State<V>) -> bool {
        if s.fine.backing_off != 0 {
            return true;
        }
        let granted = !self.is_out_of_restarts(s);
        s.failures = s.failures.saturating_add(u8::from(granted));
        granted
    }

    pub(super) fn is_out_of_restarts(&self, s: &State<V>) -> bool {
        self.scenario.design.restart_attempts.is_some_and(|attempts| s.failures >= attempts)
    }

    /// How many failures a step answers with a restart that counts: so much it takes of the budget of section 3.6.
    pub fn restarts_granted(&self, state: &State<V>, action: Action) -> u8 {
        let next = self.apply_and_keep(state, action);
        next.failures.saturating_sub(state.failures)
    }

    /// The set is cancelled, and taken away from older restarts: the version check of section 3.4, made when the
    /// version changes. The back-off is the time that passes before `RestartTasks`, which may be any.
    pub(super) fn prepare_restart(&self, s: &mut State<V>, set: u16) {
        self.take_over(s, set);
        self.forget_follow_ups(s, set);
        self.withdraw_requests(s, set);
        let mut cancelling = 0;
        for v in ones(set) {
            self.cancel(s, v);
            cancelling |= u16::from(!s.tasks[v].book.is_terminal()) << v;
        }
        put(s, Restart { vertices: set, cancelling });
        if self.scenario.design.restart_backoff == RestartBackoff::ExponentialDelay {
            s.fine.backing_off |= set;
        }
    }

    /// With exponential delay the restarts in preparation wait for one point in time. Of fixed delay each has its own,
    /// which is as good as any time.
    pub(super) fn enabled_back_off(&self, s: &State<V>, out: &mut Vec<Action>) {
        if s.fine.backing_off != 0 {
            out.push(Action::ElapseBackOff);
        }
    }

    fn take_over(&self, s: &mut State<V>, set: u16) {
        if self.scenario.defect == Some(Defect::IgnoreNewerVersions) {
            return;
        }
        for mut restart in std::mem::replace(&mut s.restarts, [Restart::default(); V]) {
            self.note_overtaken(s, restart.vertices, set);
            restart.vertices &= !set;
            put(s, restart);
        }
    }

    /// `Execution.cancel` (section 3.2).
    pub(super) fn cancel(&self, s: &mut State<V>, v: usize) {
        use ExecutionState as E;
        match s.tasks[v].book {
            E::Created | E::Scheduled => {
                s.tasks[v].book = E::Canceled;
                self.outdate_deployment(s, v);
                self.attempt_ended(s, v);
            }
            E::Deploying | E::Initializing | E::Running => s.tasks[v].book = E::Canceling,
            E::Finished => self.drop_streamed(s, v),
            E::Reconciling | E::Canceling | E::Canceled | E::Failed => {}
        }
    }

    /// Cancelling a FINISHED execution releases only what its TaskManager would release by itself.
    fn drop_streamed(&self, s: &mut State<V>, v: usize) {
        let facts = &self.vertices[v];
        s.stored &= !(facts.partitions & !facts.tracked);
    }

    /// Restarts wait for an attempt no longer, and it returns its slot.
    pub(super) fn attempt_ended(&self, s: &mut State<V>, v: usize) {
        self.return_slot(s, v);
        self.splits_of_ended(s, v);
        self.outdate_registration(s, v);
        s.restarts.iter_mut().for_each(|restart| restart.cancelling &= !(1 << v));
    }

    /// `DefaultScheduler.restartTasks`: reset, then schedule, in one turn.
    pub(super) fn restart_tasks(&self, s: &mut State<V>, first: usize) {
        let restart = std::mem::take(&mut s.restarts[first]);
        // Their failures are archived in the same turn, while they still are what they were.
        s.fine.archive.pending &= !restart.vertices;
        if self.scenario.defect != Some(Defect::ForgetReset) {
            self.write_reset(s, restart.vertices);
            ones(restart.vertices).for_each(|v| self.reset(s, v));
            self.reset_coordinators(s);
        }
        self.schedule_restarted(s, restart.vertices);
    }

    /// `ExecutionVertex.resetForNewExecution` (section 3.5): what the old attempt produced is untracked and released,
    /// and whoever was told to read it holds a descriptor that is outdated from now on. The splits that it had taken go
    /// back to the assigner.
    pub(super) fn reset(&self, s: &mut State<V>, v: usize) {
        self.outdate_entry(s, v, s.rows[v]);
        s.fine.masters.astray &= !(1 << v);
        self.keep_former(s, v);
        self.drop_partitions(s, v);
        s.consumed &= !self.vertices[v].channels;
        for w in ones(self.vertices[v].consumers) {
            if s.tasks[w].truth.is_live() {
                s.tasks[w].outdated |= self.vertices[w].inputs_of[v] & !s.tasks[w].read;
            }
            if let Some(zombie) = s.fine.links.showing_mut(w) {
                zombie.outdated |= self.vertices[w].inputs_of[v] & !zombie.read;
            }
        }
        let read = self.reset_splits(s, v);
        s.fine.requests.put(v, None);
        s.tasks[v] = Task { before: s.tasks[v].at, read, ..Task::CREATED };
        s.rows[v] = Rows::EMPTY;
        s.placement[v] = 0;
    }
}

/// Keeps a restart in the place of its first vertex; one without vertices has nothing to do (FLINK-31041). Two with one
/// first vertex there are only where none takes vertices over: then they become one.
fn put<const V: usize>(s: &mut State<V>, restart: Restart) {
    if restart.vertices != 0 {
        let place = &mut s.restarts[restart.vertices.trailing_zeros() as usize];
        place.vertices |= restart.vertices;
        place.cancelling |= restart.cancelling;
    }
}

/// The numbers of the bits that are set, ascending.
#[inline]
pub(crate) fn ones(mask: impl Into<u64>) -> impl Iterator<Item = usize> {
    let mut left = mask.into();
    std::iter::from_fn(move || {
        let first = (left != 0).then(|| left.trailing_zeros() as usize)?;
        left &= left - 1;
        Some(first)
    })
}
