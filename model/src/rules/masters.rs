//! The process of the JobMaster dies, and another one takes over (sections 5.2, 5.5).
//!
//! With it go its books, and every message to it. Its TaskManagers learn of it later: until then their tasks go on as
//! zombies, then they fail them, and register at the next master. Election is coarse: the next master is there at once,
//! and of the one before only `election` tells whether it does something.

use crate::action::Action;
use crate::design::{CommitMarker, MasterFailover};
use crate::failover::{Failover, ModelError};
use crate::job_graph::{JobEdge, JobVertex, SinkCommit, SplitAssignment};
use crate::scenario::{Defect, FaultKind, Mechanism, Scenario};
use crate::state::{Fine, JobStatus, Masters, Partitions, STAGING_MAX, State, TaskManager};

impl<const V: usize> Failover<V> {
    pub(super) fn enabled_masters(&self, s: &State<V>, out: &mut Vec<Action>) {
        let dies = s.faults > 0 && s.left(FaultKind::MasterDies) > 0;
        if dies {
            out.push(Action::LoseMaster);
        }
        if s.fine.masters.ended {
            return;
        }
        self.enabled_publication(s, out);
        if dies && s.fine.journal.kept != s.fine.journal.written {
            out.push(Action::FlushJournal);
        }
        if s.fine.masters.recovers && self.is_fine(Mechanism::Registration) {
            out.push(Action::EndRecovery);
        }
    }

    pub(super) fn lose_master(&self, s: &mut State<V>) {
        (0..self.size()).for_each(|v| self.give_up(s, v));
        let before = *s;
        *s = self.left_behind(&before);
        for t in 0..self.scenario.cluster.task_managers {
            self.leave_alone(s, t);
        }
        if let Some(end) = self.end_by_result(&before).or_else(|| self.end_by_marker(&before)) {
            s.job = end;
            return;
        }
        match self.scenario.design.master_failover {
            MasterFailover::RestartJob => self.begin_anew(s),
            MasterFailover::Journal => self.begin_recovery(s, &before),
        }
    }

    /// What a master that finds the marker of another one makes of its job.
    fn end_by_marker(&self, before: &State<V>) -> Option<JobStatus> {
        let marks = self.scenario.design.commit_marker == CommitMarker::Started;
        match before.fine.masters {
            Masters { ended: true, .. } if marks => Some(JobStatus::Finished),
            masters if marks && masters.is_ending() => Some(JobStatus::Failed),
            _ => None,
        }
    }

    /// What a master that has just begun finds: what sinks have shown, the TaskManagers with what runs on there, and
    /// what can still go wrong.
    fn left_behind(&self, before: &State<V>) -> State<V> {
        let links = before.fine.links;
        let Partitions { leaked, promoted, .. } = before.fine.partitions;
        let partitions = Partitions { leaked, promoted, ..Partitions::default() };
        let faults_of = before.fine.faults_of;
        let election = before.fine.election;
        let fine = Fine { faults_of, links, partitions, election, ..Fine::default() };
        State {
            shown: before.shown,
            committed: before.committed,
            task_managers: before.task_managers,
            faults: before.faults,
            faults_of: before.faults_of,
            fine,
            ..State::default()
        }
    }

    /// A TaskManager is left with a master that is dead. The next one does not know it; a link that was down was one to
    /// the master before.
    fn leave_alone(&self, s: &mut State<V>, t: usize) {
        if self.has_defect(Defect::KeepBooksWhileSuspended) && s.task_managers[t].is_alive() {
            // It was told to go, and is in the books all the same.
            s.task_managers[t] = TaskManager::Registered;
            return self.time_out_job_master(s, t);
        }
        let links = &mut s.fine.links;
        links.down &= !(1 << t);
        links.restarted &= !(1 << t);
        s.task_managers[t] = match s.task_managers[t].is_alive() {
            true => TaskManager::Forgotten,
            false => TaskManager::Gone,
        };
    }

    /// The job is scheduled for the first time, by this master.
    pub(super) fn begin_anew(&self, s: &mut State<V>) {
        self.begin_slots(s);
        self.begin_splits(s);
        self.begin_scheduling(s);
    }
}

/// What of a scenario its masters cannot do.
pub(crate) fn check_masters(scenario: &Scenario) -> Result<(), ModelError> {
    let may = |kind| scenario.faults.limits[kind as usize] > 0;
    let pauses = may(FaultKind::LeaderPauses);
    let dies = may(FaultKind::MasterDies) || pauses;
    let fine = |mechanism| scenario.grain.is_fine(mechanism);
    if dies && fine(Mechanism::SlotMessages) {
        return Err(ModelError::MastersWith { what: "fine slot messages" });
    }
    if pauses && scenario.design.commit_marker != CommitMarker::None {
        return Err(ModelError::MastersWith { what: "a leader that pauses and a commit marker" });
    }
    let job = &scenario.job;
    let staging = |vertex: &&JobVertex| vertex.sink == Some(SinkCommit::AtJobEnd);
    let found: usize = job.vertices.iter().filter(staging).map(|vertex| vertex.parallelism).sum();
    let has_journal = scenario.design.master_failover == MasterFailover::Journal;
    if (pauses || has_journal) && found > STAGING_MAX {
        return Err(ModelError::TooManyToStage { found });
    }
    if !has_journal {
        return Ok(());
    }
    let pipelined = |edge: &JobEdge| edge.compiled_type().must_be_pipelined_consumed();
    let dynamic = |vertex: &JobVertex| vertex.splits == SplitAssignment::Dynamic;
    let unknown = [
        (job.edges.iter().any(pipelined), "pipelined exchanges, which its scheduler does not take"),
        (job.is_adaptive(), "vertices whose parallelism is decided as the job runs"),
        (job.vertices.iter().any(dynamic), "splits that are given out as the job runs"),
        (fine(Mechanism::Slots), "fine slots"),
        (scenario.lineage, "`lineage`: what a task held that is recovered is forgotten"),
    ];
    if let Some((_, what)) = unknown.into_iter().find(|(is, _)| *is) {
        return Err(ModelError::JournalWith { what });
    }
    Ok(())
}
