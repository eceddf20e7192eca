//! How a master makes a job of its journal (section 5.6).
//!
//! It reads which tasks have finished, and takes those for FINISHED; asks every TaskManager that registers which
//! results it has; and when all that are needed are there, or the time for that is over, it resets the producers of
//! the missing ones and whoever has read them. Then the job goes on.

use crate::data::Rows;
use crate::design::{RecoveredTasks, ResetsInRecovery};
use crate::execution_state::ExecutionState;
use crate::failover::Failover;
use crate::job_graph::Storage;
use crate::rules::ones;
use crate::scenario::Mechanism;
use crate::state::{Ledger, NOWHERE, State, Task, TaskManager, Truth};
use crate::strategy::{Cause, Failure};

use super::failover::Books;

impl<const V: usize> Failover<V> {
    /// The journal is read. What the master before has not got there is lost, and what has no snapshot behind it is
    /// passed over: its events stay where they are.
    pub(super) fn begin_recovery(&self, s: &mut State<V>, before: &State<V>) {
        s.fine.journal = before.fine.journal;
        s.fine.journal.written = before.fine.journal.kept;
        s.fine.journal.begun = false;
        let kept = before.fine.journal.kept;
        let recovered = self.to_recover(kept);
        for v in ones(kept.mask() & !recovered) {
            self.outdate_entry(s, v, before.rows[v]);
        }
        ones(recovered).for_each(|v| self.recover_task(s, before, v));
        self.note_astray(s, recovered);
        s.fine.masters.recovers = kept.mask() != 0;
        if !s.fine.masters.recovers {
            self.begin_anew(s);
        }
    }

    /// The tasks that are taken for FINISHED.
    fn to_recover(&self, kept: Ledger) -> u16 {
        let mut recovered = kept.recoverable();
        if self.scenario.design.recovered_tasks == RecoveredTasks::FinishedWithInputs {
            // Producers first, which is the order of vertices: a job graph has no cycles.
            for v in 0..self.size() {
                let mut producers = self.vertices[v].inputs.iter().map(|input| input.producer);
                if producers.any(|u| recovered & 1 << u == 0) {
                    recovered &= !(1 << v);
                }
            }
        }
        recovered
    }

    /// `Execution.recoverExecution`. What the attempt has stored may still be where it was; what an older one had
    /// stored was released when that was reset.
    fn recover_task(&self, s: &mut State<V>, before: &State<V>, v: usize) {
        let facts = &self.vertices[v];
        let outdated = before.fine.journal.kept.outdated & 1 << v != 0;
        s.tasks[v].book = ExecutionState::Finished;
        if outdated {
            let staged = self.staging_sink(v).map(|sink| before.fine.journal.staged(sink));
            s.rows[v] = staged.unwrap_or(Rows::EMPTY);
        } else {
            s.tasks[v] = Task { truth: Truth::None, cause: 0, outdated: 0, ..before.tasks[v] };
            s.tasks[v].before = NOWHERE;
            (s.rows[v], s.placement[v]) = (before.rows[v], before.placement[v]);
            s.stored |= before.stored & facts.partitions;
            s.consumed |= before.consumed & facts.channels;
        }
    }

    /// Kept for `recovered-tasks-have-read-what-is-kept`.
    fn note_astray(&self, s: &mut State<V>, recovered: u16) {
        let lost = self.all_vertices() & !recovered;
        let of_lost = ones(lost).fold(0, |mask, v| mask | self.vertices[v].consumers);
        s.fine.masters.astray = (s.fine.journal.kept.astray | of_lost) & recovered;
    }

    /// Whether a master that recovers a job waits for a TaskManager no longer: it has all that it needs, or no
    /// TaskManager will come.
    pub(super) fn settle_recovery(&self, s: &mut State<V>) {
        let waits =
            self.is_fine(Mechanism::Registration) && self.needed(s) & !self.reported(s) != 0;
        if s.fine.masters.recovers && !waits {
            self.end_recovery(s);
        }
    }

    /// `PartitionReservationStatus.RESERVE`: partitions of recovered tasks that somebody is still going to read.
    fn needed(&self, s: &State<V>) -> u32 {
        let finished = |v: usize| s.tasks[v].book == ExecutionState::Finished;
        let read_later = |&p: &usize| {
            finished(self.partitions[p].producer)
                && self.topology.consumers(p).any(|w| !finished(w))
        };
        (0..self.partitions.len()).filter(read_later).fold(0, |mask, p| mask | 1 << p)
    }

    /// What a TaskManager that has registered, or a reliable storage, says that it has.
    fn reported(&self, s: &State<V>) -> u32 {
        let is_reported = |&p: &usize| {
            let facts = &self.partitions[p];
            let at = usize::from(s.tasks[facts.producer].at);
            let there = s.task_managers.get(at) == Some(&TaskManager::Registered)
                && !s.fine.links.is_unregistered(at);
            there || facts.storage == Storage::Reliable
        };
        ones(s.stored).filter(is_reported).fold(0, |mask, p| mask | 1 << p)
    }

    /// Nobody is waited for any longer. Flink writes no event of what is reset here.
    pub(super) fn end_recovery(&self, s: &mut State<V>) {
        let needed = self.needed(s);
        s.tracked = needed & self.reported(s);
        let missing = ones(needed & !s.tracked).map(|p| self.partitions[p].producer);
        let producers = missing.fold(0u16, |mask, v| mask | 1 << v);
        let strategy = &self.known(s).strategy;
        let mut reset = 0;
        for vertex in ones(producers) {
            let failure = Failure { vertex, cause: Cause::Task, view: &Books(s) };
            let set = strategy.tasks_to_restart(&failure);
            reset = set.ones().fold(reset, |mask, v| mask | 1u16 << v);
        }
        let finished = |&v: &usize| s.tasks[v].book == ExecutionState::Finished;
        let reset = ones(reset).filter(finished).fold(0, |mask, v| mask | 1 << v);
        if self.scenario.design.resets_in_recovery == ResetsInRecovery::Written {
            let unfinished = (0..self.size()).filter(|v| !finished(v));
            self.write_reset(s, unfinished.fold(reset, |mask, v| mask | 1 << v));
        }
        ones(reset).for_each(|v| self.reset(s, v));
        s.fine.masters.recovers = false;
        self.begin_scheduling(s);
    }
}
