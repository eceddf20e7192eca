//! How the graph of an adaptive job is built up (sections 1.5 and 3.7, FLIP-187).
//!
//! `AdaptiveBatchScheduler` initialises a job vertex when its parallelism is known and its producers are initialised.
//! If it has to decide the parallelism, it waits for all producers to be finished; of a source it asks the enumerator,
//! before the job starts. What is decided stays, whatever fails later.
//!
//! What follows from the end of a task is a turn of its own, since the scheduler waits for the enumerators in between
//! (`tryComputeSourceParallelismThenRunAsync`): vertices are initialised, then whoever waited for the task or is new is
//! scheduled. A failover that takes the task in the meantime makes its turn void (FLINK-34206). Turns that are waited
//! for come in any order.
//!
//! Each producer writes one subpartition for each subtask that its consumer can have, and the subtasks that there are
//! share them, in runs of equal length. Flink can cut runs by their bytes as well; for recovery it matters that a cut
//! is kept, not where it is. A broadcast is written once, and everybody reads it. What `maybeRestartTasks` adds to a
//! restart set is about coordinators that a new master could not restore: within one master's life it adds nothing.

use std::ops::Range;

use crate::action::Action;
use crate::execution_state::ExecutionState;
use crate::failover::{Failover, Input};
use crate::job_graph::Partitioner;
use crate::scenario::Defect;
use crate::state::{JobStatus, State};

use super::failover::ones;

impl<const V: usize> Failover<V> {
    pub(super) fn enabled_initialization(&self, s: &State<V>, out: &mut Vec<Action>) {
        if !self.is_adaptive() || s.job != JobStatus::Running {
            return;
        }
        let draws = 0..self.ways_to_initialize(s);
        if s.fine.absent == self.all_vertices() {
            out.extend(draws.clone().map(|draw| Action::StartScheduling { draw }));
        }
        for v in ones(s.fine.to_follow_up) {
            let vertex = v as u8;
            out.extend(draws.clone().map(|draw| Action::InitializeConsumers { vertex, draw }));
        }
    }

    /// The job starts: with the schedule of all that there is, or of an adaptive one, of what can be initialised. If
    /// some source has to be asked for its parallelism first, nothing is there yet.
    pub(crate) fn begin_scheduling(&self, s: &mut State<V>) {
        if !self.is_adaptive() {
            return self.schedule(s);
        }
        s.fine.absent = self.all_vertices();
        if self.ways_to_initialize(s) == 1 {
            self.start_scheduling(s, 0);
        }
    }

    pub(super) fn start_scheduling(&self, s: &mut State<V>, draw: u16) {
        let new = self.initialize(s, draw);
        self.schedule_vertices(s, new);
    }

    /// `AdaptiveBatchScheduler.onTaskFinished`, the part that comes later.
    pub(super) fn initialize_consumers(&self, s: &mut State<V>, v: usize, draw: u16) {
        s.fine.to_follow_up &= !(1 << v);
        let new = self.initialize(s, draw);
        self.schedule_vertices(s, new | self.readers(v, true));
    }

    /// `initializeVerticesIfPossible`: the vertices that exist from now on.
    fn initialize(&self, s: &mut State<V>, draw: u16) -> u16 {
        let (mut new, mut draw) = (0, usize::from(draw));
        for job_vertex in self.initializable(s) {
            let vertex = &self.scenario.job.vertices[job_vertex];
            let mut subtasks = vertex.parallelism;
            if vertex.adaptive {
                subtasks = 1 + draw % vertex.parallelism;
                draw /= vertex.parallelism;
            }
            new |= self.subtasks(job_vertex).take(subtasks).fold(0, |all, v| all | 1 << v);
        }
        s.fine.absent &= !new;
        new
    }

    /// In how many ways the parallelisms can be decided that are due.
    fn ways_to_initialize(&self, s: &State<V>) -> u16 {
        let due = self.initializable(s).into_iter().map(|v| &self.scenario.job.vertices[v]);
        due.filter(|vertex| vertex.adaptive).map(|vertex| vertex.parallelism as u16).product()
    }

    /// The job vertices that can be initialised, in topological order.
    fn initializable(&self, s: &State<V>) -> Vec<usize> {
        let job = &self.scenario.job;
        let mut found = Vec::new();
        for (index, vertex) in job.vertices.iter().enumerate() {
            let mut producers = job.inputs(index).map(|e| job.edges[e].from);
            let can = match vertex.adaptive {
                true => producers.all(|u| self.has_finished(s, u)),
                false => producers.all(|u| self.is_initialized(s, u) || found.contains(&u)),
            };
            if can && !self.is_initialized(s, index) {
                found.push(index);
            }
        }
        found
    }

    fn has_finished(&self, s: &State<V>, job_vertex: usize) -> bool {
        let finished =
            |v: usize| s.tasks[v].book == ExecutionState::Finished && self.is_to_stay(s, v);
        self.is_initialized(s, job_vertex)
            && self.subtasks(job_vertex).filter(|&v| self.exists(s, v)).all(finished)
    }

    fn is_initialized(&self, s: &State<V>, job_vertex: usize) -> bool {
        self.subtasks(job_vertex).any(|v| self.exists(s, v))
    }

    /// Whether there are job vertices that are still to be initialised.
    pub(super) fn lacks_vertices(&self, s: &State<V>) -> bool {
        (0..self.scenario.job.vertices.len()).any(|vertex| !self.is_initialized(s, vertex))
    }

    /// Whether the graph has a vertex.
    pub fn exists(&self, s: &State<V>, v: usize) -> bool {
        s.fine.absent & 1 << v == 0
    }

    /// Whether the graph will never have a vertex: its job vertex was decided to have fewer subtasks.
    pub fn is_left_out(&self, s: &State<V>, v: usize) -> bool {
        !self.exists(s, v) && self.is_initialized(s, self.vertices[v].job_vertex)
    }

    pub(super) fn all_vertices(&self) -> u16 {
        (0..self.size()).fold(0, |all, v| all | 1 << v)
    }

    /// The vertices that read what `v` writes by a blocking exchange, or by any other.
    fn readers(&self, v: usize, blocking: bool) -> u16 {
        let written = self.topology.produced[v].iter();
        let chosen = written.filter(|&&p| self.partitions[p].result_type.is_blocking() == blocking);
        chosen.flat_map(|&p| self.topology.consumers(p)).fold(0, |all, w| all | 1 << w)
    }

    /// `VertexwiseSchedulingStrategy.maybeScheduleVertices`: schedules those of some vertices whose inputs are
    /// consumable, and then those who read what they write while it is written. Flink keeps a list of whom it has
    /// scheduled; whoever is not on it is CREATED, since a restart takes vertices off it when it resets them.
    fn schedule_vertices(&self, s: &mut State<V>, candidates: u16) {
        let (mut next, mut scheduled) = (candidates, Vec::new());
        while next != 0 {
            let mut readers = 0;
            for v in ones(next & !s.fine.absent) {
                let created = s.tasks[v].book == ExecutionState::Created;
                if created && self.inputs_consumable(s, &[v]) {
                    s.tasks[v].book = ExecutionState::Scheduled;
                    scheduled.push(v);
                    readers |= self.readers(v, false);
                }
            }
            next = readers;
        }
        scheduled.sort_unstable();
        self.request_slots(s, scheduled);
    }

    /// Schedules what a restart has reset, and whoever can go on with it.
    pub(super) fn schedule_restarted(&self, s: &mut State<V>, vertices: u16) {
        match self.is_adaptive() {
            true => self.schedule_vertices(s, vertices),
            false => self.schedule(s),
        }
    }

    /// A newer failover has taken vertices: what was to follow from their end does not.
    pub(super) fn forget_follow_ups(&self, s: &mut State<V>, taken: u16) {
        if self.scenario.defect != Some(Defect::InitializeAfterReset) {
            s.fine.to_follow_up &= !taken;
        }
    }

    /// The inputs of `v` whose producers do not exist.
    pub(super) fn missing_inputs(&self, s: &State<V>, v: usize) -> u16 {
        if s.fine.absent == 0 {
            return 0;
        }
        let missing = |input: &Input| !self.exists(s, input.producer);
        let inputs = self.vertices[v].inputs.iter().enumerate();
        inputs.fold(0, |all, (i, input)| all | u16::from(missing(input)) << i)
    }

    /// The subpartitions that a consumer reads of each partition of an edge.
    pub(super) fn subpartitions(&self, s: &State<V>, v: usize, edge: usize) -> Range<usize> {
        let partitioner = self.scenario.job.edges[edge].partitioner;
        let facts = &self.vertices[v];
        let vertex = &self.scenario.job.vertices[facts.job_vertex];
        let broadcast = partitioner == Partitioner::Broadcast;
        let stale = broadcast && self.scenario.defect == Some(Defect::StaleBroadcastFlag);
        if !vertex.adaptive || broadcast && !stale {
            return facts.subtask..facts.subtask + 1;
        }
        let existing = self.subtasks(facts.job_vertex).filter(|&w| self.exists(s, w)).count();
        // A broadcast is one subpartition, which is dealt out like any others if nobody knows what it is.
        let subpartitions = if stale { 1 } else { vertex.parallelism };
        let begin = |subtask: usize| subtask * subpartitions / existing;
        begin(facts.subtask)..begin(facts.subtask + 1)
    }
}
