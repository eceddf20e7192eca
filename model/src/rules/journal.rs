//! What a master writes to the journal of its job (section 5.6).
//!
//! Events are written as they happen, by a thread of its own, and lost with the master as long as they are not flushed.
//! That the parallelism of a vertex was decided is an event as well, which makes no difference here: see
//! [`ModelError::JournalWith`].
//!
//! [`ModelError::JournalWith`]: crate::failover::ModelError::JournalWith

use crate::data::Rows;
use crate::design::{MasterFailover, Snapshots};
use crate::execution_state::ExecutionState;
use crate::failover::Failover;
use crate::job_graph::SinkCommit;
use crate::rules::ones;
use crate::scenario::Mechanism;
use crate::state::State;

impl<const V: usize> Failover<V> {
    pub(super) fn has_journal(&self) -> bool {
        self.scenario.design.master_failover == MasterFailover::Journal
    }

    /// `onExecutionFinished`: the books call the current attempt of a vertex FINISHED.
    pub(super) fn write_finished(&self, s: &mut State<V>, v: usize) {
        if !self.has_journal() {
            return;
        }
        let mut siblings = self.subtasks(self.vertices[v].job_vertex);
        let complete = siblings.all(|w| s.tasks[w].book == ExecutionState::Finished);
        let always = self.scenario.design.snapshots == Snapshots::Always;
        let journal = &mut s.fine.journal;
        let snapshot = complete || always || !journal.begun;
        journal.begun = true;
        journal.written.put(v, snapshot, self.vertices[v].consumers);
        self.flush_unless_fine(s);
    }

    /// `onExecutionVertexReset`: vertices are about to be reset.
    pub(super) fn write_reset(&self, s: &mut State<V>, vertices: u16) {
        if self.has_journal() {
            let readers = ones(vertices).fold(0, |mask, v| mask | self.vertices[v].consumers);
            s.fine.journal.written.remove(vertices, readers);
            self.flush_unless_fine(s);
        }
    }

    fn flush_unless_fine(&self, s: &mut State<V>) {
        if !self.is_fine(Mechanism::Journal) {
            self.flush_journal(s);
        }
    }

    pub(super) fn flush_journal(&self, s: &mut State<V>) {
        s.fine.journal.kept = s.fine.journal.written;
    }

    /// The current attempt of a vertex, which has `rows`, is about to be replaced. What it has staged has to be known
    /// for as long as a master may recover it.
    pub(super) fn outdate_entry(&self, s: &mut State<V>, v: usize, rows: Rows) {
        if !self.has_journal() {
            return;
        }
        let bit = 1 << v;
        let journal = &mut s.fine.journal;
        let current = |mask: u16, outdated: u16| mask & !outdated & bit != 0;
        if current(journal.kept.mask(), journal.kept.outdated) {
            journal.kept.outdated |= bit;
            if let Some(sink) = self.staging_sink(v) {
                journal.stage(sink, rows);
            }
        }
        journal.written.outdated |= bit & journal.written.mask();
    }

    /// The number of a sink among those that commit at the end of the job.
    pub(super) fn staging_sink(&self, v: usize) -> Option<usize> {
        let stages = |&w: &usize| self.vertices[w].sink == Some(SinkCommit::AtJobEnd);
        stages(&v).then(|| (0..v).filter(stages).count())
    }
}
