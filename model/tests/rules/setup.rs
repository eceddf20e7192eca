//! Scenarios put together in the words of a story.

use failproof_model::design::{RecoveryDesign, RegionKnobs, Strategy, preset};
use failproof_model::failover::{Failover, ModelError};
use failproof_model::job_graph::{
    JobEdge, JobGraph, JobVertex, Operator, Partitioner, ResultPartitionType, SinkCommit,
    SplitAssignment, Storage,
};
use failproof_model::scenario::{
    Cluster, Defect, FaultBudget, FaultKind, Grain, Mechanism, Scenario,
};

pub(crate) fn source(name: &str, parallelism: usize, rows: usize) -> JobVertex {
    JobVertex { rows_per_subtask: rows, ..task(name, parallelism, Operator::PerRow) }
}

/// A source whose subtasks pull their splits.
pub(crate) fn pulling(name: &str, parallelism: usize, rows: usize) -> JobVertex {
    JobVertex { splits: SplitAssignment::Dynamic, ..source(name, parallelism, rows) }
}

pub(crate) fn task(name: &str, parallelism: usize, operator: Operator) -> JobVertex {
    let name = name.to_owned();
    JobVertex {
        name,
        parallelism,
        operator,
        declared: None,
        rows_per_subtask: 0,
        splits: SplitAssignment::Fixed,
        adaptive: false,
        sink: None,
    }
}

pub(crate) fn sink(name: &str, parallelism: usize, commit: SinkCommit) -> JobVertex {
    JobVertex { sink: Some(commit), ..task(name, parallelism, Operator::PerRow) }
}

/// An edge between two vertices, which are given by their positions.
pub(crate) fn edge(
    from: usize,
    to: usize,
    partitioner: Partitioner,
    result_type: ResultPartitionType,
) -> JobEdge {
    JobEdge { from, to, partitioner, result_type, storage: Storage::TaskManager }
}

/// The same edge with another storage.
pub(crate) fn stored_in(storage: Storage, edge: &JobEdge) -> JobEdge {
    JobEdge { storage, ..*edge }
}

/// A scenario in the making: one TaskManager a subtask of its first vertex (at least two), where subtask k of each
/// vertex is on TaskManager k; the design of Flink 2; every mechanism coarse; no faults.
#[derive(Clone)]
pub(crate) struct Setup(pub(crate) Scenario);

pub(crate) fn job(vertices: Vec<JobVertex>, edges: Vec<JobEdge>) -> Setup {
    let task_managers = vertices[0].parallelism.clamp(2, 4);
    let placement =
        vertices.iter().flat_map(|v| (0..v.parallelism).map(|k| k % task_managers)).collect();
    Setup(Scenario {
        name: "test".to_owned(),
        story: String::new(),
        job: JobGraph { vertices, edges, co_location: Vec::new() },
        cluster: Cluster { task_managers, returns: true, placement, slots: Vec::new() },
        design: preset("flink-2").unwrap().design,
        faults: FaultBudget::NONE,
        grain: Grain::default(),
        outcome_by_subtask: false,
        lineage: false,
        keys: 2,
        defect: None,
        prefix: Vec::new(),
    })
}

impl Setup {
    pub(crate) fn preset(mut self, name: &str) -> Self {
        self.0.design = preset(name).unwrap().design;
        self
    }

    pub(crate) fn design(mut self, change: impl FnOnce(&mut RecoveryDesign)) -> Self {
        change(&mut self.0.design);
        self
    }

    /// Changes the knobs of a region strategy.
    pub(crate) fn knobs(mut self, change: impl FnOnce(&mut RegionKnobs)) -> Self {
        match &mut self.0.design.strategy {
            Strategy::RestartPipelinedRegion(knobs) => change(knobs),
            other => panic!("{other:?} has no knobs"),
        }
        self
    }

    /// So many faults in all, of these kinds.
    pub(crate) fn faults(mut self, total: u8, kinds: &[FaultKind]) -> Self {
        self.0.faults.total = total;
        kinds.iter().for_each(|&kind| self.0.faults.limits[kind as usize] = total);
        self
    }

    pub(crate) fn fine(mut self, mechanisms: &[Mechanism]) -> Self {
        mechanisms.iter().for_each(|&mechanism| self.0.grain.set(mechanism, true));
        self
    }

    pub(crate) fn defect(mut self, defect: Defect) -> Self {
        self.0.defect = Some(defect);
        self
    }

    pub(crate) fn keys(mut self, keys: u8) -> Self {
        self.0.keys = keys;
        self
    }

    /// The TaskManager of each subtask, in order.
    pub(crate) fn placement(mut self, task_managers: usize, placement: &[usize]) -> Self {
        self.0.cluster.task_managers = task_managers;
        self.0.cluster.placement = placement.to_vec();
        self
    }

    /// Slots of each TaskManager.
    pub(crate) fn slots(mut self, slots: &[u8]) -> Self {
        self.0.cluster.slots = slots.to_vec();
        self.fine(&[Mechanism::Slots])
    }

    pub(crate) fn without_returns(mut self) -> Self {
        self.0.cluster.returns = false;
        self
    }

    pub(crate) fn model<const V: usize>(&self) -> Failover<V> {
        self.try_model().unwrap_or_else(|error| panic!("{error}"))
    }

    pub(crate) fn try_model<const V: usize>(&self) -> Result<Failover<V>, ModelError> {
        Failover::new(self.0.clone())
    }
}

/// The kinds of faults that a job goes on from.
pub(crate) const TROUBLES: [FaultKind; 6] = [
    FaultKind::TaskThrows,
    FaultKind::TaskManagerDies,
    FaultKind::PartitionLost,
    FaultKind::DiskFull,
    FaultKind::ReadFails,
    FaultKind::SlotTimesOut,
];

/// The mechanisms that every engine has. Together they are still explored to the end: one that is added to them would
/// have to be left out of most jobs, so it is made fine where a job is about it.
pub(crate) const ALL_FINE: &[Mechanism] = &[
    Mechanism::Deployment,
    Mechanism::Reports,
    Mechanism::Cancellation,
    Mechanism::Detection,
    Mechanism::Reads,
];
