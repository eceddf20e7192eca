//! The end of a job that succeeds (section 3.8).
//!
//! It is one turn of the master, in which it publishes what its sinks have staged. With a fine job end each
//! publication is a step, for a process can die between any two; nothing else of the master comes between them. Only
//! after that it is written down that the job has ended.

use crate::action::Action;
use crate::data::Rows;
use crate::design::{JobResult, Publication};
use crate::execution_state::ExecutionState;
use crate::failover::Failover;
use crate::job_graph::SinkCommit;
use crate::rules::ones;
use crate::scenario::Mechanism;
use crate::state::{Census, JobStatus, State};

impl<const V: usize> Failover<V> {
    pub(super) fn enabled_job_end(&self, s: &State<V>, census: &Census, out: &mut Vec<Action>) {
        if self.is_through(s, census) {
            match self.first_unpublished(s) {
                Some(_) if self.is_fine(Mechanism::JobEnd) => {}
                _ => out.push(Action::FinishJob),
            }
        }
    }

    /// Whether every vertex has finished, and none is going to run again.
    pub(super) fn is_through(&self, s: &State<V>, census: &Census) -> bool {
        let left_out = ones(s.fine.absent).filter(|&v| self.is_left_out(s, v)).count();
        let finished = census.book(ExecutionState::Finished).count_ones() as usize;
        let all = finished + left_out == self.size();
        all && s.job == JobStatus::Running && !s.is_restarting() && !s.fine.masters.recovers
    }

    /// The first publication, in the order of the other new rules.
    pub(super) fn enabled_publication(&self, s: &State<V>, out: &mut Vec<Action>) {
        if !self.is_fine(Mechanism::JobEnd) || !self.is_through(s, &Census::of(s, self.size())) {
            return;
        }
        let next = self.first_unpublished(s);
        out.extend(next.map(|v| Action::PublishSink { vertex: v as u8 }));
    }

    /// What can happen while a master is about to end the job: it handles no message.
    pub(super) fn enabled_ending(&self, s: &State<V>, census: &Census, out: &mut Vec<Action>) {
        if !s.fine.masters.ended {
            self.enabled_job_end(s, census, out);
        }
        self.enabled_zombies(s, out);
        self.enabled_masters(s, out);
        self.enabled_election(s, out);
        if s.fine.masters.ended {
            out.push(Action::RecordResult);
        }
        out.sort_by_key(|action| action.rule());
    }

    fn first_unpublished(&self, s: &State<V>) -> Option<usize> {
        let staged = |&v: &usize| self.vertices[v].sink == Some(SinkCommit::AtJobEnd);
        let mut sinks = (0..self.size()).filter(staged);
        sinks.find(|&v| s.fine.masters.published & 1 << v == 0)
    }

    /// A FINISHED vertex can become unfinished until this step. Sinks that wait for it commit what the finished
    /// attempts have read.
    pub(super) fn finish_job(&self, s: &mut State<V>) {
        while let Some(v) = self.first_unpublished(s) {
            self.publish(s, v);
        }
        match self.is_fine(Mechanism::JobEnd) {
            true => s.fine.masters.ended = true,
            false => self.record_result(s),
        }
    }

    /// Makes visible what a sink has staged. What an earlier master has published is there already.
    pub(super) fn publish(&self, s: &mut State<V>, v: usize) {
        self.publish_rows(s, v, s.rows[v]);
        s.fine.masters.published |= 1 << v;
    }

    pub(super) fn publish_rows(&self, s: &mut State<V>, v: usize, rows: Rows) {
        let exists = s.committed & 1 << v != 0;
        match self.scenario.design.publication {
            Publication::CreateIfAbsent if exists => {}
            Publication::Overwrite => {
                s.shown[v] = Rows::EMPTY;
                self.show(s, v, rows);
            }
            Publication::Append | Publication::CreateIfAbsent => self.show(s, v, rows),
        }
        s.committed |= 1 << v;
    }

    /// Whether clients who ask may have been told that the job has ended.
    pub fn clients_are_told(&self, s: &State<V>) -> bool {
        let told_first = self.scenario.design.job_result == JobResult::ToldFirst;
        s.job.is_terminal() || s.fine.masters.ended && told_first
    }

    /// Section 5.5: no master runs the job again from here on.
    pub(super) fn record_result(&self, s: &mut State<V>) {
        self.promote_partitions(s, true);
        s.job = JobStatus::Finished;
    }
}
