//! Random jobs and situations, decoded from bytes: whatever makes and shrinks bytes can make and
//! shrink them.

use failproof_model::distribution::Pattern;
use failproof_model::execution_state::ExecutionState;
use failproof_model::job_graph::{
    JobEdge, JobGraph, JobVertex, Operator, Partitioner, ResultPartitionType, SinkCommit,
    SplitAssignment,
};
use failproof_model::strategy::{Cause, Failure, View};
use failproof_model::topology::{PartitionGroup, PartitionId, Topology, VertexId};

const OPERATORS: [Operator; 4] =
    [Operator::PerRow, Operator::PerKey, Operator::Limit, Operator::Nondeterministic];

const PARTITIONERS: [Partitioner; 6] = [
    Partitioner::Hash,
    Partitioner::Forward,
    Partitioner::Rescale,
    Partitioner::Broadcast,
    Partitioner::Rebalance,
    Partitioner::CustomMisdeclared,
];

/// Choices that bytes stand for. When they run out it is always the first choice.
pub(crate) struct Choices<'a>(std::slice::Iter<'a, u8>);

impl<'a> Choices<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Choices(bytes.iter())
    }

    /// A number below `limit`.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0.next().map_or(0, |&byte| byte as usize % limit)
    }

    fn one_of<T: Copy>(&mut self, options: &[T]) -> T {
        options[self.below(options.len())]
    }

    /// True once in `times`.
    fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == times - 1
    }

    /// Up to six vertices of up to three subtasks, an edge between every second pair.
    fn job(&mut self) -> JobGraph {
        let count = 1 + self.below(6);
        let vertices: Vec<_> = (0..count).map(|index| self.vertex(index)).collect();
        let mut edges = Vec::new();
        for to in 1..count {
            for from in 0..to {
                if self.once_in(2) {
                    edges.push(self.edge(&vertices, from, to));
                }
            }
        }
        let mut job = JobGraph { vertices, edges, co_location: Vec::new() };
        for vertex in 0..count {
            let is_source = job.inputs(vertex).next().is_none();
            let is_sink = job.outputs(vertex).next().is_none();
            job.vertices[vertex].rows_per_subtask = usize::from(is_source);
            if is_source && self.once_in(2) {
                job.vertices[vertex].splits = SplitAssignment::Dynamic;
            }
            job.vertices[vertex].sink = is_sink.then_some(SinkCommit::AtJobEnd);
        }
        job.validate().unwrap();
        job
    }

    /// A job, expanded; some partitions are read by a second group, as where Flink shares one data
    /// set between two edges.
    pub(crate) fn topology(&mut self) -> Topology {
        let topology = Topology::of(&self.job());
        let mut groups = topology.groups.clone();
        for group in &topology.groups {
            let producers = group.partitions.iter().map(|&p| topology.partitions[p].producer);
            let later = producers.max().map_or(0, |last| last + 1)..topology.vertices;
            if self.once_in(4) && !later.is_empty() {
                let consumers = vec![later.start + self.below(later.len())];
                groups.push(PartitionGroup { consumers, ..group.clone() });
            }
        }
        let Topology { vertices, declared, splits_again, data_sets, partitions, .. } = topology;
        let parts = Topology::new(vertices, data_sets, partitions, groups, Vec::new());
        Topology { declared, splits_again, ..parts }
    }

    fn vertex(&mut self, index: usize) -> JobVertex {
        JobVertex {
            name: format!("v{index}"),
            parallelism: 1 + self.below(3),
            operator: self.one_of(&OPERATORS),
            declared: None,
            rows_per_subtask: 0,
            splits: SplitAssignment::Fixed,
            adaptive: false,
            sink: None,
        }
    }

    fn edge(&mut self, vertices: &[JobVertex], from: usize, to: usize) -> JobEdge {
        let unequal = vertices[from].parallelism != vertices[to].parallelism;
        let partitioner = match self.one_of(&PARTITIONERS) {
            Partitioner::Forward if unequal => Partitioner::Rescale,
            other => other,
        };
        let result_type = self.one_of(&ResultPartitionType::ALL);
        JobEdge { from, to, partitioner, result_type, storage: result_type.storages()[0] }
    }

    pub(crate) fn pattern(&mut self) -> Pattern {
        self.one_of(&[Pattern::Pointwise, Pattern::AllToAll])
    }
}

/// A topology, what the master believes of it, and a failure.
#[derive(Clone, Debug)]
pub(crate) struct Situation {
    pub(crate) topology: Topology,
    pub(crate) states: Vec<ExecutionState>,
    pub(crate) lost: Vec<bool>,
    pub(crate) waiting: Vec<bool>,
    pub(crate) failed: VertexId,
    pub(crate) cause: Cause,
}

impl Situation {
    /// Nothing waits for an earlier restart.
    pub(crate) fn first_failure(bytes: &[u8]) -> Self {
        let mut choices = Choices::new(bytes);
        let topology = choices.topology();
        let vertices = topology.vertices;
        let partitions = topology.partitions.len();
        let failed = choices.below(vertices);
        let cause = match choices.below(2) {
            1 if partitions > 0 => Cause::Partition(choices.below(partitions)),
            _ => Cause::Task,
        };
        // Half of the vertices are finished: a strategy has most to decide about them.
        let states = (0..vertices).map(|_| match choices.below(2) {
            0 => ExecutionState::Finished,
            _ => choices.one_of(&ExecutionState::ALL),
        });
        Situation {
            states: states.collect(),
            lost: (0..partitions).map(|_| choices.once_in(4)).collect(),
            waiting: vec![false; vertices],
            topology,
            failed,
            cause,
        }
    }

    /// Some vertices wait for an earlier restart.
    pub(crate) fn later_failure(bytes: &[u8]) -> Self {
        let (waiting, rest) = bytes.split_at(bytes.len() / 4);
        let mut waiting = Choices::new(waiting);
        let mut situation = Situation::first_failure(rest);
        situation.waiting.iter_mut().for_each(|waits| *waits = waiting.once_in(3));
        situation
    }

    pub(crate) fn failure(&self) -> Failure<'_> {
        Failure { vertex: self.failed, cause: self.cause, view: self }
    }

    /// The same with one more partition lost.
    pub(crate) fn losing(&self, partition: PartitionId) -> Self {
        let mut more = self.clone();
        more.lost[partition] = true;
        more
    }

    /// Producer, partition and consumer of everything that is read.
    pub(crate) fn reads(&self) -> Vec<(VertexId, PartitionId, VertexId)> {
        reads(&self.topology)
    }
}

/// Producer, partition and consumer of everything that is read.
pub(crate) fn reads(topology: &Topology) -> Vec<(VertexId, PartitionId, VertexId)> {
    let partitions = topology.partitions.iter().enumerate();
    partitions
        .flat_map(|(index, partition)| {
            topology.consumers(index).map(move |consumer| (partition.producer, index, consumer))
        })
        .collect()
}

impl View for Situation {
    fn state(&self, vertex: VertexId) -> ExecutionState {
        self.states[vertex]
    }

    fn is_tracked(&self, partition: PartitionId) -> bool {
        !self.lost[partition]
    }

    fn waits_for_restart(&self, vertex: VertexId) -> bool {
        self.waiting[vertex]
    }
}
