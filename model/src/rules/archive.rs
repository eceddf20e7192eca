//! The history of failures, which only a defect makes matter (FLINK-22276).
//!
//! In 1.13, what answers a failure goes on after cancellation and delay, also where newer failovers have left it no
//! vertex, and begins with archiving the failure (section 3.4). From a snapshot that has no effect. From the vertex it
//! is the current attempt that is archived, which after another restart has not failed: the master's thread throws,
//! and the master dies.
//!
//! Left out, so that every step is one of the real engine: a failure whose restart was taken over in part, which is
//! archived with what is left of that, and continuations that come before every cancelled task has ended.

use crate::action::Action;
use crate::execution_state::ExecutionState;
use crate::failover::Failover;
use crate::scenario::Defect;
use crate::state::State;

use super::failover::ones;

impl<const V: usize> Failover<V> {
    pub(super) fn enabled_archiving(&self, s: &State<V>, out: &mut Vec<Action>) {
        let cancelling = |v: usize| s.tasks[v].book == ExecutionState::Canceling;
        if s.fine.archive.overtaken != 0 && !(0..self.size()).any(cancelling) {
            let overtaken = ones(s.fine.archive.overtaken);
            out.extend(overtaken.map(|v| Action::ArchiveFailure { vertex: v as u8 }));
        }
    }

    /// A newer failover takes `taken` of the vertices of an older one.
    pub(super) fn note_overtaken(&self, s: &mut State<V>, older: u16, taken: u16) {
        if self.scenario.defect != Some(Defect::ArchiveCurrentAttempt) {
            return;
        }
        let archive = &mut s.fine.archive;
        if older & !taken == 0 {
            archive.overtaken |= archive.pending & older;
        }
        archive.pending &= !(older & taken);
    }

    pub(super) fn archive_failure(&self, s: &mut State<V>, v: usize) {
        s.fine.archive.overtaken &= !(1 << v);
        s.fine.master_dead = s.tasks[v].book != ExecutionState::Failed;
    }
}
