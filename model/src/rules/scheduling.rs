//! Scheduling region by region, and deployment (sections 3.1 and 3.7).

use crate::action::Action;
use crate::execution_state::ExecutionState;
use crate::failover::Failover;
use crate::scenario::{Defect, Mechanism};
use crate::state::{State, TaskManager, Truth};

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
        let mut changed = true;
        while std::mem::take(&mut changed) {
            for members in &self.regions.members {
                let created = |&v: &usize| s.tasks[v].book == ExecutionState::Created;
                if members.iter().all(created) && self.inputs_consumable(s, members) {
                    members.iter().for_each(|&v| s.tasks[v].book = ExecutionState::Scheduled);
                    changed = true;
                }
            }
        }
    }

    /// Whether the books call every input of a region consumable: a blocking one when its producers are FINISHED
    /// (`dataAllProduced`, which is set and cleared with FINISHED, section 4.1), any other when they are scheduled.
    /// What the region itself produces is no input of it, also where the exchange is a blocking one: such exchanges
    /// are inside regions that were merged because they are on a cycle (FLINK-17330).
    fn inputs_consumable(&self, s: &State<V>, members: &[usize]) -> bool {
        if self.scenario.defect == Some(Defect::ScheduleUnready) {
            return true;
        }
        members
            .iter()
            .all(|&v| self.vertices[v].inputs.iter().all(|i| self.is_consumable(s, v, i.partition)))
    }

    fn is_consumable(&self, s: &State<V>, reader: usize, partition: usize) -> bool {
        let facts = &self.partitions[partition];
        let book = s.tasks[facts.producer].book;
        let inside = self.regions.of[facts.producer] == self.regions.of[reader];
        let consumable = match facts.result_type.is_blocking() {
            true => book == ExecutionState::Finished,
            false => book != ExecutionState::Created,
        };
        inside || consumable
    }

    fn is_deployable(&self, s: &State<V>, region: usize) -> bool {
        let scheduled = |&v: &usize| s.tasks[v].book == ExecutionState::Scheduled;
        self.regions.members[region].iter().all(scheduled)
            && (0..self.scenario.cluster.task_managers).any(|t| counts_in(s, t))
    }

    pub(super) fn deploy_all(&self, s: &mut State<V>) {
        for region in 0..self.regions.members.len() {
            if self.is_deployable(s, region) {
                self.deploy(s, region);
            }
        }
        (0..self.size()).for_each(|v| self.start(s, v));
    }

    /// The master deploys all vertices of a region. Tracking begins here, before any byte exists (section 4.1). A
    /// task that is sent to a TaskManager whose death was not noticed is lost.
    pub(super) fn deploy(&self, s: &mut State<V>, region: usize) {
        for &v in &self.regions.members[region] {
            let at = self.place(s, v);
            let facts = &self.vertices[v];
            s.tasks[v].book = ExecutionState::Deploying;
            s.tasks[v].at = at as u8;
            s.tasks[v].truth = match s.task_managers[at] {
                TaskManager::Registered => Truth::Submitted,
                TaskManager::Dead | TaskManager::Gone => Truth::Lost,
            };
            for &p in &self.topology.produced[v] {
                if self.partitions[p].result_type.is_released_by_scheduler() {
                    s.tracked |= 1 << p;
                }
            }
            if facts.inputs.is_empty() && facts.splits == 0 {
                s.rows[v] = self.data.source_rows(facts.job_vertex, facts.subtask);
            }
        }
    }

    /// Its own TaskManager, or the next one that the master counts in.
    fn place(&self, s: &State<V>, v: usize) -> usize {
        let count = self.scenario.cluster.task_managers;
        let home = self.scenario.cluster.placement[v];
        (0..count).map(|k| (home + k) % count).find(|&t| counts_in(s, t)).unwrap_or(home)
    }

    /// A TaskManager starts a task. DEPLOYING, INITIALIZING and RUNNING differ in nothing that a batch job reads, so
    /// INITIALIZING is left out and the report of RUNNING takes no time.
    pub(super) fn start(&self, s: &mut State<V>, v: usize) {
        if s.tasks[v].truth != Truth::Submitted {
            return;
        }
        s.tasks[v].truth = Truth::Running;
        if s.tasks[v].book == ExecutionState::Deploying {
            s.tasks[v].book = ExecutionState::Running;
        }
    }

    /// Fault: a scheduled vertex gets no slot in time and fails (section 3.2).
    pub(super) fn time_out_slot(&self, s: &mut State<V>, v: usize) {
        s.tasks[v].book = ExecutionState::Failed;
        self.handle_failure(s, v, crate::strategy::Cause::Task);
    }
}

/// Whether the master counts a TaskManager in; it may be dead.
fn counts_in<const V: usize>(s: &State<V>, task_manager: usize) -> bool {
    s.task_managers[task_manager] != TaskManager::Gone
}
