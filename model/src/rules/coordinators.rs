//! The coordinator of a source gives out splits by events that can get lost (sections 3.5, 6 and 12).
//!
//! A subtask asks for a split, waits for the answer, reads what it gets and asks again, so at most one event is under
//! way to it. To ask takes no time; the coordinator answers whenever it likes, and with any split that it has. It
//! takes note of what it assigned (`SplitAssignmentTracker`, here [`Task::read`]), whether that arrives or not, and
//! takes it back when the subtask is reset (`subtaskReset`, FLINK-20413). After a failure of the whole job it begins
//! anew with all splits (`resetToCheckpoint` without a checkpoint). From the cancellation or the failure of an
//! attempt on it no longer answers that one (`executionAttemptFailed`, FLINK-17702).
//!
//! A coordinator that can be written to a snapshot differs from one that cannot only when a master recovers. An event
//! of which the master hears that it did not arrive has not: that it arrives and its acknowledgement gets lost is
//! left out.
//!
//! [`Task::read`]: crate::state::Task::read

use crate::action::Action;
use crate::execution_state::ExecutionState;
use crate::failover::Failover;
use crate::scenario::{Defect, FaultKind, Mechanism};
use crate::state::{SplitEvent, State, Truth};
use crate::strategy::Cause;

use super::failover::ones;

impl<const V: usize> Failover<V> {
    /// Whether coordinators and subtasks exchange events about splits.
    pub(super) fn has_coordinators(&self) -> bool {
        self.is_fine(Mechanism::Splits)
    }

    fn is_broken_by(&self, defect: Defect) -> bool {
        self.scenario.defect == Some(defect)
    }

    pub(super) fn enabled_coordinators(&self, s: &State<V>, out: &mut Vec<Action>) {
        if !self.has_coordinators() {
            return;
        }
        let asking = || (0..self.size()).filter(|&v| self.is_asking(s, v));
        for v in asking() {
            let splits = ones(self.pooled_splits(s, v));
            let assign = |split| Action::AssignSplit { vertex: v as u8, split: split as u8 };
            out.extend(splits.map(assign));
        }
        let in_vain = asking().filter(|&v| self.pooled_splits(s, v) == 0);
        out.extend(in_vain.map(|v| Action::SignalNoMoreSplits { vertex: v as u8 }));
        let arriving = || (0..self.size()).filter(|&v| arrives(s, v));
        out.extend(arriving().map(|v| Action::DeliverEvent { vertex: v as u8 }));
        let failing = (0..self.size()).filter(|&v| self.is_undeliverable(s, v));
        out.extend(failing.map(|v| Action::FailDelivery { vertex: v as u8 }));
        if s.left(FaultKind::CallLost).min(s.faults) > 0 {
            let losable = arriving().filter(|&v| s.tasks[v].book == ExecutionState::Running);
            out.extend(losable.map(|v| Action::LoseEvent { vertex: v as u8 }));
        }
    }

    /// At the beginning every split is with its coordinator.
    pub(crate) fn begin_splits(&self, s: &mut State<V>) {
        if self.has_coordinators() {
            s.fine.splits.pool =
                (0..self.size()).fold(0, |all, v| all | self.numbered(v, u16::MAX));
        }
    }

    /// Splits of the source of `v`, as they are numbered among those of all sources.
    fn numbered(&self, v: usize, splits: u16) -> u16 {
        let facts = &self.vertices[v];
        (splits & facts.splits) << self.data.first_row(facts.job_vertex)
    }

    /// The splits of the source of `v` that are with its coordinator, where these are fine.
    pub fn pooled_splits(&self, s: &State<V>, v: usize) -> u16 {
        let facts = &self.vertices[v];
        s.fine.splits.pool >> self.data.first_row(facts.job_vertex) & facts.splits
    }

    /// Whether the request of `v` for a split is with its coordinator, which is going to answer it.
    fn is_asking(&self, s: &State<V>, v: usize) -> bool {
        let untold = self.is_broken_by(Defect::CancellationUntold);
        let registered = match s.tasks[v].book {
            ExecutionState::Running => true,
            ExecutionState::Canceling => untold,
            _ => false,
        };
        registered
            && self.vertices[v].splits != 0
            && s.tasks[v].truth == Truth::Running
            && s.fine.splits.event(v).is_none()
            && !self.is_exhausted(s, v)
    }

    /// Whether `v` knows that there is no split left for it.
    pub(super) fn is_exhausted(&self, s: &State<V>, v: usize) -> bool {
        s.fine.splits.exhausted & 1 << v != 0
    }

    pub(super) fn assign_split(&self, s: &mut State<V>, v: usize, split: usize) {
        s.fine.splits.pool &= !self.numbered(v, 1 << split);
        s.tasks[v].read |= 1 << split;
        s.fine.splits.put_event(v, Some(SplitEvent::Add(split as u8)));
    }

    pub(super) fn signal_no_more_splits(&self, s: &mut State<V>, v: usize) {
        s.fine.splits.put_event(v, Some(SplitEvent::NoMore));
    }

    pub(super) fn deliver_event(&self, s: &mut State<V>, v: usize) {
        match s.fine.splits.event(v) {
            Some(SplitEvent::Add(split)) => self.read_split(s, v, split.into()),
            Some(SplitEvent::NoMore) => s.fine.splits.exhausted |= 1 << v,
            Some(SplitEvent::Lost | SplitEvent::Missed) | None => return,
        }
        s.fine.splits.put_event(v, None);
    }

    pub(super) fn lose_event(&self, s: &mut State<V>, v: usize) {
        s.fine.splits.put_event(v, Some(SplitEvent::Lost));
    }

    /// An event is not delivered that was lost, or whose task does not run any more; of a task of which the master
    /// knows that, nobody cares.
    fn is_undeliverable(&self, s: &State<V>, v: usize) -> bool {
        let event = s.fine.splits.event(v);
        let ended = s.tasks[v].truth != Truth::Running;
        s.tasks[v].book == ExecutionState::Running
            && match event {
                Some(SplitEvent::Add(_) | SplitEvent::NoMore) => ended,
                Some(SplitEvent::Lost) => true,
                Some(SplitEvent::Missed) | None => false,
            }
    }

    /// Whether a task waits for an event that nobody misses but it.
    fn is_missed(&self, s: &State<V>, v: usize) -> bool {
        let waits = s.tasks[v].truth == Truth::Running;
        waits && s.fine.splits.event(v) == Some(SplitEvent::Missed)
    }

    /// `SubtaskGatewayImpl.sendEvent`, when the call has failed (FLINK-21996). The master tells the TaskManager to
    /// cancel the task and does not wait for it; the task ends at once here.
    pub(super) fn fail_delivery(&self, s: &mut State<V>, v: usize) {
        let ignores = self.is_broken_by(Defect::IgnoreLostEvent);
        s.fine.splits.put_event(v, ignores.then_some(SplitEvent::Missed));
        if ignores {
            return;
        }
        s.tasks[v].truth = Truth::None;
        s.tasks[v].cause = 0;
        self.failed(s, v, Cause::Task);
    }

    /// An attempt has ended without success: nothing comes back yet.
    pub(super) fn splits_of_ended(&self, s: &mut State<V>, v: usize) {
        if self.has_coordinators() && self.is_broken_by(Defect::ReturnSplitsTwice) {
            s.fine.splits.pool |= self.numbered(v, s.tasks[v].read);
        }
    }

    /// `subtaskReset`: the splits of the attempt that is reset go back to the coordinator, also those that were under
    /// way to it. What its subtask still has in the notes of the coordinator.
    pub(super) fn reset_splits(&self, s: &mut State<V>, v: usize) -> u16 {
        if !self.has_coordinators() {
            return 0;
        }
        s.fine.splits.put_event(v, None);
        s.fine.splits.exhausted &= !(1 << v);
        let untold = self.is_broken_by(Defect::CancellationUntold)
            && s.tasks[v].book != ExecutionState::Failed;
        if untold || s.fine.splits.global && self.is_broken_by(Defect::CoordinatorNotReset) {
            return s.tasks[v].read;
        }
        // After a failure of the whole job a coordinator is not told of its subtasks one by one: it begins anew.
        if !s.fine.splits.global {
            s.fine.splits.pool |= self.numbered(v, s.tasks[v].read);
        }
        0
    }

    /// A failure of the whole job is being answered: all vertices are going to be reset, and nothing that fails until
    /// then takes any of them over, for none is running.
    pub(super) fn note_global_failure(&self, s: &mut State<V>) {
        s.fine.splits.global = self.has_coordinators();
    }

    /// The vertices of a restart were reset. After a failure of the whole job every coordinator is made anew.
    pub(super) fn reset_coordinators(&self, s: &mut State<V>) {
        if std::mem::take(&mut s.fine.splits.global)
            && !self.is_broken_by(Defect::CoordinatorNotReset)
        {
            self.begin_splits(s);
        }
    }

    /// What an attempt that has ended was told is forgotten, and what is under way to it: except that the master may
    /// still have to hear that it did not arrive.
    pub(super) fn normalise_splits(&self, s: &mut State<V>, v: usize) {
        if s.tasks[v].truth != Truth::Running {
            s.fine.splits.exhausted &= !(1 << v);
        }
        if self.is_undeliverable(s, v) {
            s.fine.splits.put_event(v, Some(SplitEvent::Lost));
        } else if !(arrives(s, v) || self.is_missed(s, v)) {
            s.fine.splits.put_event(v, None);
        }
    }
}

/// Whether an event is under way to a task that is there to get it.
fn arrives<const V: usize>(s: &State<V>, v: usize) -> bool {
    let sent = matches!(s.fine.splits.event(v), Some(SplitEvent::Add(_) | SplitEvent::NoMore));
    sent && s.tasks[v].truth == Truth::Running
}
