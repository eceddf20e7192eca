//! Splits of a source that are assigned while it runs (sections 3.5 and 8.3).
//!
//! The assigner belongs to the job vertex. A task asks it for a split whenever it is done with the one before, and
//! ends when there is none left. Flink's assigners choose by what is near and by who asks first; here it may be any
//! split. This is the coarse form; the fine one is in [`super::coordinators`]. What an attempt has taken is its own
//! until its vertex is reset, whether it runs, has finished or has failed.

use crate::action::Action;
use crate::failover::Failover;
use crate::state::{State, Truth};

use super::failover::ones;
use super::links::is_heard;

impl<const V: usize> Failover<V> {
    /// A task that is being cancelled is still a current execution, so it is answered as well.
    pub(super) fn enabled_splits(&self, s: &State<V>, out: &mut Vec<Action>) {
        if self.has_coordinators() {
            return;
        }
        let asks = |&v: &usize| s.tasks[v].truth == Truth::Running && is_heard(s, v);
        for v in (0..self.size()).filter(asks) {
            let splits = ones(self.unassigned_splits(s, v));
            out.extend(
                splits.map(|split| Action::ReadSplit { vertex: v as u8, split: split as u8 }),
            );
        }
    }

    /// The splits of the job vertex of `v` that no subtask has; none where its splits are fixed.
    pub(super) fn unassigned_splits(&self, s: &State<V>, v: usize) -> u16 {
        let facts = &self.vertices[v];
        if facts.splits == 0 {
            return 0;
        }
        let siblings =
            (0..self.size()).filter(|&w| self.vertices[w].job_vertex == facts.job_vertex);
        siblings.fold(facts.splits, |left, w| left & !s.tasks[w].read)
    }

    pub(super) fn read_split(&self, s: &mut State<V>, v: usize, split: usize) {
        let row = [split as u8].into_iter().collect();
        s.rows[v] = self.data.read(self.vertices[v].job_vertex, s.rows[v], row);
        s.tasks[v].read |= 1 << split;
    }
}
