//! Scheduling region by region, and deployment (sections 3.1 and 3.7).

use crate::action::Action;
use crate::design::{ConsumableInputs, SlotAllocation};
use crate::execution_state::ExecutionState;
use crate::failover::Failover;
use crate::scenario::{Defect, Mechanism};
use crate::state::{State, Truth};

use super::links::{is_connected, is_heard};

impl<const V: usize> Failover<V> {
    pub(super) fn enabled_scheduling(&self, s: &State<V>, out: &mut Vec<Action>) {
        if !self.is_fine(Mechanism::Deployment) {
            return;
        }
        let deployable = |&region: &usize| self.is_deployable(s, region);
        out.extend(
            (0..self.regions.members.len())
                .filter(deployable)
                .map(|region| Action::DeployRegion { region: region as u8 }),
        );
        let submitted = |&v: &usize| s.tasks[v].truth == Truth::Submitted;
        out.extend(
            (0..self.size()).filter(submitted).map(|v| Action::StartTask { vertex: v as u8 }),
        );
    }

    /// Section 3.7: a region is scheduled when all its vertices are CREATED (FLINK-21707) and everything that it
    /// reads from other regions is consumable. In one turn of the master, so that a region whose inputs only need a
    /// *scheduled* producer (hybrid types) follows its producer at once.
    pub(crate) fn schedule(&self, s: &mut State<V>) {
        let (mut changed, mut scheduled) = (true, Vec::new());
        while std::mem::take(&mut changed) {
            for members in &self.regions.members {
                let created = |&v: &usize| s.tasks[v].book == ExecutionState::Created;
                if members.iter().all(created) && self.inputs_consumable(s, members) {
                    members.iter().for_each(|&v| s.tasks[v].book = ExecutionState::Scheduled);
                    scheduled.extend(members);
                    changed = true;
                }
            }
        }
        self.begin_registration(s, &scheduled);
        self.request_slots(s, scheduled);
    }

    /// Whether the books call every input of a region consumable: a blocking one when its producers are FINISHED
    /// (`dataAllProduced`, which is set and cleared with FINISHED, section 4.1), any other when they are scheduled.
    /// What the region itself produces is no input of it, also where the exchange is a blocking one: such exchanges
    /// are inside regions that were merged because they are on a cycle (FLINK-17330).
    pub(super) fn inputs_consumable(&self, s: &State<V>, members: &[usize]) -> bool {
        if self.scenario.defect == Some(Defect::ScheduleUnready) {
            return true;
        }
        let read =
            members.iter().flat_map(|&v| self.vertices[v].inputs.iter().map(move |i| (v, i)));
        let outside = read.filter(|(v, i)| {
            self.regions.of[i.producer] != self.regions.of[*v] && self.exists(s, i.producer)
        });
        let mut consumable =
            outside.map(|(v, input)| self.is_consumable(s, v, input.partition)).peekable();
        match self.scenario.defect {
            Some(Defect::ScheduleOnAnyInput) => {
                consumable.peek().is_none() || consumable.any(|is| is)
            }
            _ => consumable.all(|is| is),
        }
    }

    /// A vertex has finished. The strategy is told, and schedules who was waiting for it; in an adaptive job it is told
    /// later.
    pub(super) fn schedule_consumers(&self, s: &mut State<V>, v: usize) {
        if self.is_adaptive() {
            // Whatever has finished, all job vertices are looked at that wait for being initialised.
            let awaited = self.vertices[v].consumers != 0 || self.lacks_vertices(s);
            s.fine.to_follow_up |= u16::from(awaited) << v;
            return;
        }
        let siblings = self.scenario.defect == Some(Defect::ScheduleSiblings);
        if siblings && !self.schedule_readers_of_siblings(s, v) {
            return;
        }
        self.schedule(s);
    }

    /// As `PipelinedRegionSchedulingStrategy` did in 1.12: every region that reads any partition of what `v` produces
    /// is scheduled if its inputs are there. Whether it gets through: one that is not CREATED is a failed assertion.
    fn schedule_readers_of_siblings(&self, s: &mut State<V>, v: usize) -> bool {
        let job_vertex = self.vertices[v].job_vertex;
        let siblings = (0..self.size()).filter(|&w| self.vertices[w].job_vertex == job_vertex);
        let readers = siblings.fold(0, |mask, w| mask | self.vertices[w].consumers);
        for members in &self.regions.members {
            let reads = members.iter().any(|&w| readers & 1 << w != 0);
            if reads && self.inputs_consumable(s, members) {
                if !members.iter().all(|&w| s.tasks[w].book == ExecutionState::Created) {
                    return false;
                }
                members.iter().for_each(|&w| s.tasks[w].book = ExecutionState::Scheduled);
            }
        }
        true
    }

    fn is_consumable(&self, s: &State<V>, reader: usize, partition: usize) -> bool {
        let facts = &self.partitions[partition];
        // The group was made when all its producers had finished, and counts those that finish from then on.
        let adaptive = self.scenario.job.vertices[self.vertices[reader].job_vertex].adaptive;
        let miscounted = self.scenario.defect == Some(Defect::CountFromInitialization);
        if miscounted && adaptive && facts.result_type.is_blocking() {
            return false;
        }
        let book = s.tasks[facts.producer].book;
        let whole = self.scenario.defect == Some(Defect::ScheduleSiblings);
        match facts.result_type.is_blocking() {
            true if whole => self.siblings_have_finished(s, facts.producer),
            true => book == ExecutionState::Finished && self.is_to_stay(s, facts.producer),
            false => book != ExecutionState::Created && self.is_to_stay(s, facts.producer),
        }
    }

    /// Whether the scheduler takes what `v` has written, or is going to write, for something that stays. Flink does
    /// until `v` is reset, also while it waits for that.
    pub(super) fn is_to_stay(&self, s: &State<V>, v: usize) -> bool {
        match self.scenario.design.consumable_inputs {
            ConsumableInputs::Booked => true,
            ConsumableInputs::ToStay => {
                !s.restarts.iter().any(|restart| restart.vertices & 1 << v != 0)
            }
        }
    }

    fn siblings_have_finished(&self, s: &State<V>, v: usize) -> bool {
        let job_vertex = self.vertices[v].job_vertex;
        let mut siblings = (0..self.size()).filter(|&w| self.vertices[w].job_vertex == job_vertex);
        siblings.all(|w| s.tasks[w].book == ExecutionState::Finished)
    }

    fn is_deployable(&self, s: &State<V>, region: usize) -> bool {
        let ready = |&v: &usize| self.is_ready(s, v);
        let members = &self.regions.members[region];
        let one_by_one = self.scenario.design.slot_allocation == SlotAllocation::PerVertex;
        match self.has_slots() && one_by_one {
            true => members.iter().any(ready),
            false => members.iter().all(ready),
        }
    }

    /// Whether anybody was deployed or started.
    pub(super) fn deploy_all(&self, s: &mut State<V>) -> bool {
        let waits = |v: usize| {
            s.tasks[v].book == ExecutionState::Scheduled || s.tasks[v].truth == Truth::Submitted
        };
        if !(0..self.size()).any(waits) {
            return false;
        }
        let mut moved = false;
        for region in 0..self.regions.members.len() {
            if self.is_deployable(s, region) {
                self.deploy(s, region);
                moved = true;
            }
        }
        for v in 0..self.size() {
            moved |= s.tasks[v].truth == Truth::Submitted;
            self.start(s, v);
        }
        moved
    }

    /// The master deploys all vertices of a region that are ready. Tracking begins here, before any byte exists
    /// (section 4.1). A task that is sent to a TaskManager whose death was not noticed, or that the
    /// master does not reach, is lost; one for which it has no slot is refused.
    pub(super) fn deploy(&self, s: &mut State<V>, region: usize) {
        let ready = |&v: &usize| self.is_ready(s, v);
        let vertices: Vec<usize> =
            self.regions.members[region].iter().copied().filter(ready).collect();
        for v in vertices {
            let at = s.fine.slots.of(v).unwrap_or_else(|| self.place(s, v));
            let facts = &self.vertices[v];
            s.tasks[v].book = ExecutionState::Deploying;
            s.tasks[v].at = at as u8;
            s.tasks[v].truth = match is_connected(s, at) {
                true if self.has_allocated(s, v) => Truth::Submitted,
                true => Truth::Failed,
                false => Truth::Lost,
            };
            s.tracked |= facts.tracked;
            if facts.inputs.is_empty() && facts.splits == 0 {
                s.rows[v] = self.data.source_rows(facts.job_vertex, facts.subtask);
            }
        }
    }

    /// Its own TaskManager, or the next one that the master counts in.
    fn place(&self, s: &State<V>, v: usize) -> usize {
        let count = self.scenario.cluster.task_managers;
        let home = self.scenario.cluster.placement[v];
        let mut next = (0..count).map(|k| (home + k) % count);
        next.find(|&t| s.task_managers[t].is_counted_in()).unwrap_or(home)
    }

    /// A TaskManager starts a task. DEPLOYING, INITIALIZING and RUNNING differ in nothing that a batch job reads, so
    /// INITIALIZING is left out and the report of RUNNING takes no time.
    pub(super) fn start(&self, s: &mut State<V>, v: usize) {
        if s.tasks[v].truth != Truth::Submitted {
            return;
        }
        s.tasks[v].truth = Truth::Running;
        if s.tasks[v].book == ExecutionState::Deploying && is_heard(s, v) {
            s.tasks[v].book = ExecutionState::Running;
        }
    }

    /// Fault: a scheduled vertex gets no slot in time and fails (section 3.2).
    pub(super) fn time_out_slot(&self, s: &mut State<V>, v: usize) {
        s.tasks[v].book = ExecutionState::Failed;
        self.attempt_ended(s, v);
        self.handle_failure(s, v, crate::strategy::Cause::Task);
    }
}
