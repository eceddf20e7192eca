//! Steps that may be taken at once and alone: a partial-order reduction.
//!
//! Where [`Failover::local_step`] names an action, an explorer may leave out every other action that is enabled there.
//! No verdict changes and no outcome is lost; some state is stuck, and from some state the job cannot end, if and only
//! if that is so without the reduction. An action `a` that is named in a state `s` is enabled there and in whatever
//! can be reached from `s` without it, and with every other action `b` that is enabled, one of these is true:
//!
//! - they commute: `a` then `b` leads where `b` then `a` leads;
//! - `a` takes `b` back: `b` then `a` leads where `a` leads;
//! - `b` takes `a` back: `a` then `b` leads where `b` leads, and what follows is of no interest;
//! - they are the same: `a` leads where `b` leads, likewise.
//!
//! So every run from `s` can be turned, step by step, into one that begins with `a`. And what properties see on the
//! way that begins with `b`, they see on the way that begins with `a`. No endless run consists of named steps alone,
//! so nothing is put off for ever.
//!
//! A run without end stays one, so there is one with the reduction if and only if there is one without. Where there is
//! none, a fair run ends in a state in which nobody guarantees a step. There nothing is named, or what is named nobody
//! guarantees either, and it enables nothing that anybody does: that state, or the one behind that step, is left.
//! `checker/tests/exploration/local_steps` holds all of this against the whole graph of every built-in scenario of at
//! most 100,000 states, and of scenarios put together at random.
//!
//! Almost nothing commutes with a failure: it cancels tasks, and whom it cancels depends on how far they are. So a
//! step is named where it is the only one, where a failure makes it undone ([`anyway`]), and where none can happen
//! any more ([`calm`]). While most kinds of fault are still possible, next to nothing is named.

mod anyway;
mod calm;

use crate::action::Action;
use crate::data::Rows;
use crate::execution_state::ExecutionState as E;
use crate::failover::{Failover, Input};
use crate::job_graph::SinkCommit;
use crate::rules::ones;
use crate::scenario::Mechanism;
use crate::state::{State, Truth};
use calm::Plans;

impl<const V: usize> Failover<V> {
    /// The position in `enabled`, the enabled actions of `state`, of one that may be taken alone; if there is one.
    ///
    /// An explorer that takes it alone need not keep `state`: it can go on to a state in which nothing is named.
    /// Nothing is promised of counts, costs, gauges and shortest runs; a counterexample can become longer. Nothing is
    /// named where something can happen that was not thought of here ([`Scenario::can_be_reduced`]): an only step need
    /// not lead towards an end there.
    ///
    /// [`Scenario::can_be_reduced`]: crate::scenario::Scenario::can_be_reduced
    pub fn local_step(&self, state: &State<V>, enabled: &[Action]) -> Option<usize> {
        if !self.can_be_reduced {
            return None;
        }
        if let [only] = enabled {
            // A run without end restarts again and again: all other steps lead towards an end. And where nobody
            // guarantees the step, a fair run may stop.
            let restarts = matches!(only, Action::RestartTasks { .. });
            return (!restarts && self.fairness(state, *only).is_some()).then_some(0);
        }
        // A source with dynamic splits can get splits back as long as it has not finished.
        let pools = self.scenario.job.has_dynamic_splits();
        if enabled.is_empty() || pools || self.scenario.defect.is_some() {
            return None;
        }
        let anyway = |&action: &Action| self.is_local_anyway(state, action);
        if let Some(position) = enabled.iter().position(anyway) {
            return Some(position);
        }
        let plans = self.calm(state)?;
        // Whether a TaskManager has come back is of no consequence once the job has finished. Reports that are
        // dropped have been delivered by now: nothing keeps them from being taken first.
        if let Some(Action::FinishJob) = enabled.last() {
            return Some(enabled.len() - 1);
        }
        (0..enabled.len()).find(|&position| {
            !has_other_draws(enabled, position) && self.is_local(state, &plans, enabled[position])
        })
    }

    /// Whether an action that has no other draws may be taken alone where all is calm.
    fn is_local(&self, s: &State<V>, plans: &Plans<V>, action: Action) -> bool {
        match action {
            Action::DeployRegion { region } => {
                let members = &self.regions.members[usize::from(region)];
                members.iter().all(|&v| plans.unplaced & 1 << v == 0)
            }
            Action::ReadPartition { vertex, .. } => self.is_local_read(s, plans, vertex.into()),
            Action::ProduceOutput { vertex, .. } => {
                let v = usize::from(vertex);
                !plans.restarts(v) && self.draws_alone(s, plans, v)
            }
            Action::FinishTask { vertex, .. } => {
                let v = usize::from(vertex);
                let drawn = s.tasks[v].truth == Truth::Produced || self.draws_alone(s, plans, v);
                !plans.restarts(v)
                    && drawn
                    && (self.is_fine(Mechanism::Reports) || self.is_local_end(s, plans, v))
            }
            Action::DeliverReport { vertex } => {
                let v = usize::from(vertex);
                match s.tasks[v].truth {
                    // It counts as cancelled, and others that are being cancelled may be reading what it streamed.
                    Truth::Finished if plans.restarts(v) => !self.vertices[v].streams,
                    Truth::Finished => self.is_local_end(s, plans, v),
                    _ => true,
                }
            }
            Action::AcknowledgeCancel { vertex } => self.is_local_cancellation(vertex.into()),
            Action::RestartTasks { first } => self.is_local_restart(s, plans, first.into()),
            Action::ReturnTaskManager { .. } => plans.unplaced == 0,
            _ => false,
        }
    }

    /// Of who is not cancelled: everything that it is going to read stays.
    fn is_local_read(&self, s: &State<V>, plans: &Plans<V>, v: usize) -> bool {
        // Which outputs are told apart depends on whether a restart has made a reader forget one.
        let lineage = self.scenario.lineage && plans.restarting != 0;
        !plans.restarts(v) && !lineage && self.order_is_no_choice(s, v)
    }

    /// Whether what `v` draws does not depend on what its siblings are going to draw.
    fn draws_alone(&self, s: &State<V>, plans: &Plans<V>, v: usize) -> bool {
        let job_vertex = self.vertices[v].job_vertex;
        if !self.data.draws_boundary(job_vertex) {
            return true;
        }
        let first = (0..self.size()).find(|&w| w != v && self.vertices[w].job_vertex == job_vertex);
        s.rows[v] != Rows::OVERFLOW
            && first.is_some_and(|w| !plans.restarts(w) && self.has_drawn(s, w))
    }

    /// Whether the report that `v` has finished does nothing but to let others begin, and to release.
    fn is_local_end(&self, s: &State<V>, plans: &Plans<V>, v: usize) -> bool {
        let begins = self.vertices[v].consumers & plans.to_deploy != 0;
        let placed = self.is_fine(Mechanism::Deployment) || !begins || plans.unplaced == 0;
        // What is released while it is still written is no release to `released-only-when-consumed`; what is
        // released afterwards is one.
        let written = |input: &Input| {
            let result_type = self.partitions[input.partition].result_type;
            result_type.is_blocking()
                || !result_type.is_released_by_scheduler()
                || s.tasks[input.producer].book == E::Finished
        };
        let region = &self.regions.members[self.regions.of[v]];
        placed && region.iter().all(|&w| self.vertices[w].inputs.iter().all(written))
    }

    /// Whether nobody can tell how far `v` has got before its TaskManager cancels it.
    fn is_local_cancellation(&self, v: usize) -> bool {
        let facts = &self.vertices[v];
        let reconsumable =
            |input: &Input| self.partitions[input.partition].result_type.is_reconsumable();
        !self.is_fine(Mechanism::Reports)
            && !self.scenario.lineage
            && !facts.streams
            && !self.data.draws_boundary(facts.job_vertex)
            && !matches!(facts.sink, Some(SinkCommit::PerTask | SinkCommit::AtOnce))
            && facts.inputs.iter().all(reconsumable)
    }

    fn is_local_restart(&self, s: &State<V>, plans: &Plans<V>, first: usize) -> bool {
        let draws = |v: usize| self.data.draws_boundary(self.vertices[v].job_vertex);
        let placed = self.is_fine(Mechanism::Deployment) || plans.unplaced == 0;
        placed && !self.scenario.lineage && !ones(s.restarts[first].vertices).any(draws)
    }
}

/// Whether the vertex of the action at `position` can draw something else: its draws stand side by side.
fn has_other_draws(enabled: &[Action], position: usize) -> bool {
    let vertex = |action: &Action| match *action {
        Action::ProduceOutput { vertex, .. } | Action::FinishTask { vertex, .. } => Some(vertex),
        _ => None,
    };
    let beside = &enabled[position.saturating_sub(1)..enabled.len().min(position + 2)];
    vertex(&enabled[position])
        .is_some_and(|v| beside.iter().filter(|&action| vertex(action) == Some(v)).count() > 1)
}
