//! A leading master that pauses, and wakes when another one leads (section 5.4).
//!
//! It believes that it still leads, and goes on where it was. What matters of that is what others accept: here, the
//! end of the job, which is all that it does without an answer of a TaskManager.

use crate::action::Action;
use crate::data::Rows;
use crate::failover::Failover;
use crate::rules::ones;
use crate::scenario::FaultKind;
use crate::state::{Census, Election, FORMER_STEPS, JobStatus, State};

impl<const V: usize> Failover<V> {
    pub(super) fn enabled_election(&self, s: &State<V>, out: &mut Vec<Action>) {
        let Election { steps, unpublished, .. } = s.fine.election;
        let pauses = s.faults > 0 && s.left(FaultKind::LeaderPauses) > 0;
        if pauses && steps == 0 && self.ends_job(s) {
            out.push(Action::PauseLeader);
        }
        if steps > 0 {
            out.push(match ones(unpublished).next() {
                Some(v) => Action::PublishAsFormer { vertex: v as u8 },
                None => Action::RecordAsFormer,
            });
        }
    }

    /// Whether there is something left that the master does on its own.
    fn ends_job(&self, s: &State<V>) -> bool {
        s.fine.masters.ended || self.is_through(s, &Census::of(s, self.size()))
    }

    /// The next master takes over as if this one were lost, which it is not.
    pub(super) fn pause_leader(&self, s: &mut State<V>) {
        let mut former = s.fine.election;
        former.steps = FORMER_STEPS;
        for v in (0..self.size()).filter(|&v| s.fine.masters.published & 1 << v == 0) {
            if let Some(sink) = self.staging_sink(v) {
                former.unpublished |= 1 << v;
                former.stage(sink, s.rows[v]);
            }
        }
        self.lose_master(s);
        s.fine.election = former;
    }

    pub(super) fn publish_as_former(&self, s: &mut State<V>, v: usize) {
        if self.scenario.design.fence_publication {
            return s.fine.election.stop();
        }
        if let Some(sink) = self.staging_sink(v) {
            self.publish_rows(s, v, s.fine.election.staged(sink));
            s.fine.election.unpublished &= !(1 << v);
            s.fine.election.stage(sink, Rows::EMPTY);
        }
        self.step_as_former(s);
    }

    /// The present master does not look whether the job has ended before it is lost itself.
    pub(super) fn record_as_former(&self, s: &mut State<V>) {
        s.fine.election.recorded |= !self.scenario.design.fence_result;
        s.fine.election.stop();
    }

    fn step_as_former(&self, s: &mut State<V>) {
        s.fine.election.steps -= 1;
        if s.fine.election.steps == 0 {
            s.fine.election.stop();
        }
    }

    /// What the next master finds of the end of a job that it has not seen.
    pub(super) fn end_by_result(&self, before: &State<V>) -> Option<JobStatus> {
        before.fine.election.recorded.then_some(JobStatus::Finished)
    }
}
