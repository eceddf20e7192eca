//! A state holds what can still matter, and nothing else: two states that behave alike are one.

use crate::data::Rows;
use crate::execution_state::ExecutionState;
use crate::failover::Failover;
use crate::job_graph::SinkCommit;
use crate::scenario::FaultKind;
use crate::state::{Archive, Fine, JobStatus, Journal, NOWHERE, Partitions, State, Truth};

use super::failover::ones;

impl<const V: usize> Failover<V> {
    /// Clears what no longer matters. [`Failover::apply`] does it after every step.
    pub fn normalise(&self, s: &mut State<V>) {
        if s.job.is_terminal() {
            let Partitions { leaked, promoted, .. } = s.fine.partitions;
            let partitions = Partitions { leaked, promoted, ..Partitions::default() };
            let fine = Fine { partitions, ..Fine::default() };
            *s = State { shown: s.shown, job: s.job, fine, ..State::default() };
            return;
        }
        if self.scenario.design.restart_attempts.is_none() {
            s.failures = 0;
        }
        (0..self.size()).for_each(|v| self.normalise_vertex(s, v));
        self.normalise_zombies(s);
        self.normalise_releases(s);
        self.normalise_lineage(s);
        self.normalise_faults(s);
        self.normalise_journal(s);
        if s.job != JobStatus::Running {
            s.fine.backing_off = 0;
            s.fine.archive = Archive::default();
            s.fine.to_follow_up = 0;
        }
    }

    /// No kind keeps more than what is left in all. In a job that is being cancelled nothing that goes wrong makes a
    /// difference, except that it fails when it is out of restarts; nor in one that is failing, except that its user
    /// may cancel it.
    fn normalise_faults(&self, s: &mut State<V>) {
        let out_of_restarts = self.is_out_of_restarts(s);
        let matters = |kind| match s.job {
            JobStatus::Failing => kind == FaultKind::JobCanceled,
            JobStatus::Cancelling => kind == FaultKind::JobFails && out_of_restarts,
            JobStatus::Running | JobStatus::Failed | JobStatus::Finished | JobStatus::Canceled => {
                true
            }
        };
        // Whoever takes over from a master that is lost runs the job.
        let goes_on =
            s.job == JobStatus::Running || s.left(FaultKind::MasterDies).min(s.faults) > 0;
        if goes_on {
            let kinds = s.faults_of.iter_mut().chain(&mut s.fine.faults_of);
            return kinds.for_each(|left| *left = (*left).min(s.faults));
        }
        let kept =
            FaultKind::ALL.map(|kind| if matters(kind) { s.left(kind).min(s.faults) } else { 0 });
        s.faults = s.faults.min(kept.into_iter().fold(0, u8::saturating_add));
        FaultKind::ALL.into_iter().zip(kept).for_each(|(kind, kept)| *s.left_mut(kind) = kept);
    }

    /// What is staged anywhere else than in the journal is in the rows of its vertex.
    fn normalise_journal(&self, s: &mut State<V>) {
        if !self.has_journal() {
            return;
        }
        let journal = &mut s.fine.journal;
        for v in 0..self.size() {
            let current = journal.kept.outdated & 1 << v == 0;
            if let Some(sink) = self.staging_sink(v).filter(|_| current) {
                journal.stage(sink, Rows::EMPTY);
            }
        }
        if s.left(FaultKind::MasterDies).max(s.left(FaultKind::LeaderPauses)) == 0 {
            // Nobody will read it.
            s.fine.journal = Journal::default();
        }
    }

    fn normalise_vertex(&self, s: &mut State<V>, v: usize) {
        let facts = &self.vertices[v];
        if facts.splits != 0 {
            self.normalise_splits(s, v);
        }
        self.normalise_question(s, v);
        let task = &mut s.tasks[v];
        let reads = matches!(task.truth, Truth::Submitted | Truth::Running);
        if !reads {
            task.outdated = 0;
            // The splits of an attempt that has ended are not given out before its reset.
            if facts.splits == 0 {
                task.read = 0;
            }
        }
        let stored = s.stored & facts.partitions;
        let finished = task.book == ExecutionState::Finished || task.truth == Truth::Finished;
        let staged = finished && facts.sink == Some(SinkCommit::AtJobEnd);
        let unwritten = task.truth == Truth::Produced && facts.blocking;
        let task = *task;
        if !reads && stored == 0 && !staged && !unwritten {
            s.rows[v] = Rows::EMPTY;
            // Boundaries bind the siblings, even after what was streamed within them has been read.
            if s.placement[v] != 0 {
                let binds = self.has_streamed(s, v);
                let boundary = self.data.boundary(facts.job_vertex, s.placement[v]);
                s.placement[v] = if binds { boundary } else { 0 };
            }
        }
        // Its readers may have to ask where it was: whether its TaskManager can be reached decides what they do.
        let finished_there = task.book == ExecutionState::Finished && facts.local != 0;
        let broke = task.book != ExecutionState::Finished && facts.streams;
        let ended = task.truth == Truth::None && task.book.is_terminal();
        if ended && !finished_there && !broke {
            s.tasks[v].at = NOWHERE;
        }
        if s.tasks[v].before != NOWHERE && !self.is_awaited_before(s, v) {
            s.tasks[v].before = NOWHERE;
        }
    }

    /// Whether a task that is at work is still told to read the attempt before the current one.
    fn is_awaited_before(&self, s: &State<V>, v: usize) -> bool {
        ones(self.vertices[v].consumers).any(|w| {
            // Not of one that has produced: what was outdated to it is about to be cleared, if it is not yet.
            let reads = matches!(s.tasks[w].truth, Truth::Submitted | Truth::Running);
            reads && s.tasks[w].outdated & self.vertices[w].inputs_of[v] != 0
        })
    }
}
