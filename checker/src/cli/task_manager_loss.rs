//! What the loss of a TaskManager restarts, round by round (section 4.5).
//!
//! Larger jobs than the model holds are asked about here, so it is not asked; a test compares the two where both can
//! say something.

use failproof_model::design::{RecoveryDesign, TaskManagerLossOrder};
use failproof_model::execution_state::ExecutionState;
use failproof_model::job_graph::{JobGraph, ResultPartitionType, Storage};
use failproof_model::regions::Regions;
use failproof_model::strategy::{Cause, FailoverStrategy, Failure, VertexSet, View};
use failproof_model::topology::{PartitionId, Topology, VertexId};

/// The restart sets that follow from one loss.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Rounds {
    /// In their order; failures that nothing but another failure comes between are answered by one set.
    pub(super) sets: Vec<VertexSet>,
    /// Whether the last set comes again and again, for nobody recomputes what it misses.
    pub(super) endless: bool,
}

/// A job, what its master believes of it, and which data is there.
pub(super) struct Loss<'a> {
    job: &'a JobGraph,
    topology: &'a Topology,
    design: RecoveryDesign,
    strategy: &'a dyn FailoverStrategy,
    /// As they are scheduled.
    regions: Regions,
    books: Books,
    /// Partitions whose data exists.
    stored: Vec<bool>,
    /// Vertices that run and have read everything that they need.
    has_read: VertexSet,
}

/// What a strategy is shown.
#[derive(Clone, PartialEq, Eq)]
struct Books {
    states: Vec<ExecutionState>,
    tracked: Vec<bool>,
    waiting: VertexSet,
}

impl View for Books {
    fn state(&self, vertex: VertexId) -> ExecutionState {
        self.states[vertex]
    }

    fn is_tracked(&self, partition: PartitionId) -> bool {
        self.tracked[partition]
    }

    fn waits_for_restart(&self, vertex: VertexId) -> bool {
        self.waiting.contains(vertex)
    }
}

impl<'a> Loss<'a> {
    /// The moment before: `running` have read everything and not finished, all others have, and all data is there
    /// that can be read again.
    pub(super) fn new(
        job: &'a JobGraph,
        topology: &'a Topology,
        design: RecoveryDesign,
        strategy: &'a dyn FailoverStrategy,
        running: std::ops::Range<VertexId>,
    ) -> Self {
        let state = |v: VertexId| match running.contains(&v) {
            true => ExecutionState::Running,
            false => ExecutionState::Finished,
        };
        let types = (0..topology.partitions.len()).map(|p| topology.type_of(p));
        let kept = |it: ResultPartitionType| {
            it.is_reconsumable() || it == ResultPartitionType::PipelinedApproximate
        };
        let is_read = |p: PartitionId| !running.contains(&topology.partitions[p].producer);
        let mut has_read = VertexSet::with_capacity(topology.vertices);
        has_read.insert_range(running.clone());
        Loss {
            job,
            topology,
            design,
            strategy,
            regions: Regions::of(topology, design.strategy.merges_cycles()),
            books: Books {
                states: (0..topology.vertices).map(state).collect(),
                tracked: types.clone().map(ResultPartitionType::is_released_by_scheduler).collect(),
                waiting: VertexSet::with_capacity(topology.vertices),
            },
            stored: types.enumerate().map(|(p, it)| kept(it) && is_read(p)).collect(),
            has_read,
        }
    }

    /// Takes away the TaskManager of `lost`, and goes on until the job has recovered or repeats itself. Another
    /// TaskManager takes what is restarted, and nothing else fails.
    pub(super) fn rounds(mut self, lost: &VertexSet) -> Rounds {
        self.lose(lost);
        let (mut sets, mut seen) = (Vec::new(), Vec::new());
        loop {
            let set = std::mem::take(&mut self.books.waiting);
            self.restart(&set);
            sets.push(set);
            let now = (self.books.clone(), self.stored.clone());
            if seen.contains(&now) {
                return Rounds { sets, endless: true };
            }
            seen.push(now);
            self.run_until_data_is_missed();
            if self.books.waiting.is_clear() {
                return Rounds { sets, endless: false };
            }
        }
    }

    /// `JobMaster.disconnectTaskManager`.
    fn lose(&mut self, lost: &VertexSet) {
        let of_lost = |p: PartitionId| lost.contains(self.topology.partitions[p].producer);
        let edge = |p: PartitionId| &self.job.edges[self.topology.partitions[p].data_set];
        let local = (0..self.stored.len())
            .filter(|&p| of_lost(p) && edge(p).storage != Storage::Reliable)
            .collect::<Vec<_>>();
        local.iter().for_each(|&p| self.stored[p] = false);
        if self.design.task_manager_loss == TaskManagerLossOrder::UntrackThenFail {
            self.untrack_finished(&local);
        }
        for v in lost.ones() {
            match self.books.states[v] {
                ExecutionState::Running => self.fail(v, Cause::Task),
                ExecutionState::Canceling => self.cancelled(v),
                _ => {}
            }
        }
        self.untrack_finished(&local);
        self.all_cancelled();
    }

    fn untrack_finished(&mut self, partitions: &[PartitionId]) {
        for &p in partitions {
            let producer = self.topology.partitions[p].producer;
            if self.books.states[producer] == ExecutionState::Finished {
                self.books.tracked[p] = false;
            }
        }
    }

    /// A task fails, and what its strategy names is cancelled.
    fn fail(&mut self, v: VertexId, cause: Cause) {
        self.books.states[v] = ExecutionState::Failed;
        self.drop_partitions(v);
        let failure = Failure { vertex: v, cause, view: &self.books };
        let set = self.strategy.tasks_to_restart(&failure);
        for w in set.ones() {
            match self.books.states[w] {
                ExecutionState::Running => self.books.states[w] = ExecutionState::Canceling,
                ExecutionState::Created => self.books.states[w] = ExecutionState::Canceled,
                _ => {}
            }
        }
        self.books.waiting.union_with(&set);
    }

    fn cancelled(&mut self, v: VertexId) {
        self.books.states[v] = ExecutionState::Canceled;
        self.drop_partitions(v);
    }

    fn all_cancelled(&mut self) {
        for v in 0..self.topology.vertices {
            if self.books.states[v] == ExecutionState::Canceling {
                self.cancelled(v);
            }
        }
    }

    fn drop_partitions(&mut self, v: VertexId) {
        for &p in &self.topology.produced[v] {
            self.books.tracked[p] = false;
            self.stored[p] = false;
        }
    }

    fn restart(&mut self, set: &VertexSet) {
        for v in set.ones() {
            self.drop_partitions(v);
            self.books.states[v] = ExecutionState::Created;
            self.has_read.set(v, false);
        }
        self.books.waiting = VertexSet::with_capacity(self.topology.vertices);
    }

    /// Runs what can run, wave by wave, until tasks do not find their data: these fail, one after the other. Without
    /// such a task it runs to the end.
    fn run_until_data_is_missed(&mut self) {
        loop {
            self.schedule();
            for v in 0..self.topology.vertices {
                if self.books.states[v] == ExecutionState::Running
                    && let Some(cause) = self.missed(v)
                {
                    self.fail(v, cause);
                    self.all_cancelled();
                }
            }
            if !self.books.waiting.is_clear() || !self.finish_running() {
                return;
            }
        }
    }

    /// Section 3.7. An exchange between regions that could be read earlier is read when its producers have finished.
    fn schedule(&mut self) {
        let states = &self.books.states;
        let ready = |members: &&Vec<VertexId>| {
            members.iter().all(|&v| {
                let inputs =
                    self.topology.consumed(v).map(|p| self.topology.partitions[p].producer);
                let mut outside = inputs.filter(|producer| !members.contains(producer));
                states[v] == ExecutionState::Created
                    && outside.all(|producer| states[producer] == ExecutionState::Finished)
            })
        };
        let ready: Vec<VertexId> =
            self.regions.members.iter().filter(ready).flatten().copied().collect();
        for v in ready {
            self.books.states[v] = ExecutionState::Running;
            for &p in &self.topology.produced[v] {
                self.books.tracked[p] = self.topology.type_of(p).is_released_by_scheduler();
            }
        }
    }

    /// How a task fails that runs and does not find the first of its inputs that is gone.
    fn missed(&self, v: VertexId) -> Option<Cause> {
        let gone = |&p: &PartitionId| {
            let producer = self.topology.partitions[p].producer;
            self.books.states[producer] == ExecutionState::Finished && !self.stored[p]
        };
        let first = self.topology.consumed(v).find(gone).filter(|_| !self.has_read.contains(v))?;
        // `RemoteTransportException` is no `PartitionException` (section 1.2).
        let named = !self.topology.type_of(first).must_be_pipelined_consumed();
        Some(if named { Cause::Partition(first) } else { Cause::Task })
    }

    /// Whether anything ran.
    fn finish_running(&mut self) -> bool {
        let mut any = false;
        for v in 0..self.topology.vertices {
            if self.books.states[v] == ExecutionState::Running {
                self.books.states[v] = ExecutionState::Finished;
                self.topology.produced[v].iter().for_each(|&p| self.stored[p] = true);
                any = true;
            }
        }
        any
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use failproof_model::action::Action;
    use failproof_model::design::PRESETS;
    use failproof_model::failover::Failover;
    use failproof_model::job_graph::Partitioner::{self, Hash, Rebalance, Rescale};
    use failproof_model::scenario::{Cluster, FaultBudget, FaultKind, Grain, Scenario};
    use failproof_model::state::State;
    use failproof_model::strategy::failover_strategy;
    use failproof_model::topology::first_subtasks;

    use super::*;
    use crate::plan::testing::job;
    use crate::plan::{TASK_MANAGERS, placement};

    /// The rounds of the model, taken as [`Loss`] takes them: reads and misses before anything else, then all
    /// restarts, and what runs finishes last.
    struct Modelled {
        model: Failover<8>,
        state: State<8>,
    }

    impl Modelled {
        fn new(job: &JobGraph, design: RecoveryDesign) -> Self {
            let mut faults = FaultBudget { total: 1, ..FaultBudget::NONE };
            faults.limits[FaultKind::TaskManagerDies as usize] = 1;
            let model = Failover::new(Scenario {
                name: "loss".to_owned(),
                story: "A TaskManager is lost.".to_owned(),
                keys: 8,
                job: job.clone(),
                cluster: Cluster {
                    task_managers: TASK_MANAGERS,
                    returns: false,
                    placement: placement(job),
                    slots: Vec::new(),
                },
                // All data is still there: nothing was released.
                design: RecoveryDesign { release_during_job: false, ..design },
                faults,
                grain: Grain::default(),
                outcome_by_subtask: false,
                lineage: false,
                defect: None,
                prefix: Vec::new(),
            });
            let model = model.unwrap();
            Modelled { state: model.init(), model }
        }

        /// Takes the first enabled action that is wanted, again and again; says whether there was one.
        fn take(&mut self, wanted: impl Fn(&Action) -> bool) -> bool {
            let mut taken = false;
            while let Some(action) = self.model.enabled(&self.state).into_iter().find(&wanted) {
                self.state = self.model.apply(&self.state, action);
                taken = true;
            }
            taken
        }

        fn rounds(mut self, running: &std::ops::Range<VertexId>) -> Rounds {
            use Action as A;
            let reads = |action: &A| matches!(action, A::ReadPartition { .. });
            while self.take(|action| match action {
                A::FinishTask { vertex, .. } => !running.contains(&usize::from(*vertex)),
                action => reads(action) || matches!(action, A::ProduceOutput { .. }),
            }) {}
            self.state = self.model.apply(&self.state, A::LoseTaskManager { task_manager: 0 });
            let (mut sets, mut seen) = (Vec::new(), BTreeSet::new());
            loop {
                let restarts = self.state.restarts.iter();
                let union = restarts.fold(0, |union, restart| union | restart.vertices);
                let mut set = VertexSet::with_capacity(self.model.size());
                set.extend((0..self.model.size()).filter(|v| union >> v & 1 == 1));
                sets.push(set);
                self.take(|action| matches!(action, A::RestartTasks { .. }));
                if !seen.insert(format!("{:?}", self.state)) {
                    return Rounds { sets, endless: true };
                }
                loop {
                    self.take(|action| reads(action) || matches!(action, A::MissPartition { .. }));
                    if self.state.is_restarting() {
                        break;
                    }
                    if !self.finish_one_wave() {
                        return Rounds { sets, endless: false };
                    }
                }
            }
        }

        fn finish_one_wave(&mut self) -> bool {
            let finishes = |action: &Action| {
                matches!(action, Action::ProduceOutput { .. } | Action::FinishTask { .. })
            };
            let wave: Vec<Action> =
                self.model.enabled(&self.state).into_iter().filter(finishes).collect();
            for action in &wave {
                if self.model.enabled(&self.state).contains(action) {
                    self.state = self.model.apply(&self.state, *action);
                }
            }
            !wave.is_empty()
        }
    }

    /// Compares the two for every preset and every vertex that nobody reads: that it runs last is a moment of the
    /// model. Returns how many rounds there were at most, and whether any had no end.
    fn compare(job: &JobGraph) -> (usize, bool) {
        let topology = Topology::of(job);
        let (mut most, mut endless) = (0, false);
        for preset in PRESETS {
            let Ok(strategy) = failover_strategy(preset.design.strategy, &topology) else {
                continue;
            };
            for (vertex, first) in first_subtasks(job).into_iter().enumerate() {
                if job.edges.iter().any(|edge| edge.from == vertex) {
                    continue;
                }
                let running = first..first + job.vertices[vertex].parallelism;
                let places = placement(job);
                let mut lost = VertexSet::with_capacity(places.len());
                lost.extend((0..places.len()).filter(|&v| places[v] == 0));
                for task_manager_loss in
                    [TaskManagerLossOrder::FailThenUntrack, TaskManagerLossOrder::UntrackThenFail]
                {
                    let design = RecoveryDesign { task_manager_loss, ..preset.design };
                    let modelled = Modelled::new(job, design).rounds(&running);
                    let loss =
                        Loss::new(job, &topology, design, strategy.as_ref(), running.clone());
                    let rounds = loss.rounds(&lost);
                    assert_eq!(rounds, modelled, "{} {task_manager_loss:?} {vertex}", preset.name);
                    most = most.max(rounds.sets.len());
                    endless |= rounds.endless;
                }
            }
        }
        (most, endless)
    }

    fn chain(first: Partitioner, second: Partitioner) -> JobGraph {
        job(&[("a", 2), ("b", 2), ("c", 2)], &[("a", first, "b"), ("b", second, "c")])
    }

    #[test]
    fn a_chain_restarts_as_in_the_model() {
        for first in [Hash, Rebalance, Rescale] {
            for second in [Hash, Rebalance, Rescale] {
                assert_eq!(compare(&chain(first, second)), (2, true), "{first:?} {second:?}");
            }
        }
    }

    #[test]
    fn a_pipelined_exchange_restarts_as_in_the_model() {
        for edge in 0..2 {
            let mut job = chain(Hash, Rescale);
            job.edges[edge].result_type = ResultPartitionType::Pipelined;
            compare(&job);
        }
    }

    #[test]
    fn a_job_that_forks_and_joins_restarts_as_in_the_model() {
        let edges = [("a", Hash, "c"), ("b", Rebalance, "c"), ("a", Hash, "d")];
        compare(&job(&[("a", 2), ("b", 1), ("c", 2), ("d", 1)], &edges));
        let edges = [("a", Hash, "b"), ("b", Hash, "d"), ("a", Rebalance, "d")];
        compare(&job(&[("a", 1), ("b", 2), ("d", 3)], &edges));
    }

    #[test]
    fn a_storage_that_survives_needs_one_round() {
        let mut job = chain(Hash, Hash);
        job.edges.iter_mut().for_each(|edge| edge.storage = Storage::Reliable);
        assert_eq!(compare(&job), (1, false));
    }
}
