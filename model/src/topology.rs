//! The job graph expanded: execution vertices, result partitions and the groups in which they are consumed.

use crate::distribution::{consumers_of, producers_of};
use crate::job_graph::{Determinism, JobGraph, ResultPartitionType};

/// Index of an execution vertex.
pub type VertexId = usize;
/// Index of a result partition.
pub type PartitionId = usize;

/// What a failover strategy, a release strategy and a scheduler know of a job (Flink's `SchedulingTopology`).
///
/// Partitions are numbered data set by data set, in the order of their producers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Topology {
    /// Number of execution vertices; vertices are numbered in topological order of their job vertices.
    pub vertices: usize,
    /// What each vertex is declared to do when it runs again.
    pub declared: Vec<Determinism>,
    /// What each vertex can find different in the rows that it reads as a source when it runs again: nothing, their
    /// order, or any row ([`JobGraph::splits_again`]).
    pub splits_again: Vec<Determinism>,
    /// The intermediate data sets.
    pub data_sets: Vec<DataSet>,
    /// Every result partition.
    pub partitions: Vec<ResultPartition>,
    /// Flink's `ConsumedPartitionGroup` together with its `ConsumerVertexGroup`.
    pub groups: Vec<PartitionGroup>,
    /// Of every vertex, the groups that it consumes.
    pub consumed_groups: Vec<Vec<usize>>,
    /// Of every vertex, the partitions that it produces.
    pub produced: Vec<Vec<PartitionId>>,
    /// Of every partition, the groups that contain it.
    pub groups_of_partition: Vec<Vec<usize>>,
    /// Groups of vertices that Flink requires to be in one region.
    pub co_located: Vec<Vec<VertexId>>,
}

/// One intermediate data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DataSet {
    /// When and how often its partitions can be read.
    pub result_type: ResultPartitionType,
    /// What its partitioner is declared to be.
    pub partitioner: Determinism,
}

/// What one execution vertex produces of one data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResultPartition {
    /// Index of the data set.
    pub data_set: usize,
    /// The vertex that produces it.
    pub producer: VertexId,
}

/// Partitions of one data set that are consumed together, and by whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartitionGroup {
    /// Index of the data set.
    pub data_set: usize,
    /// The partitions, ascending.
    pub partitions: Vec<PartitionId>,
    /// The vertices that consume all of them, ascending.
    pub consumers: Vec<VertexId>,
}

impl Topology {
    /// Puts the parts together and computes the look-ups. Every vertex is declared determinate, and
    /// its splits are fixed.
    pub fn new(
        vertices: usize,
        data_sets: Vec<DataSet>,
        partitions: Vec<ResultPartition>,
        groups: Vec<PartitionGroup>,
        co_located: Vec<Vec<VertexId>>,
    ) -> Self {
        let mut consumed_groups = vec![Vec::new(); vertices];
        let mut groups_of_partition = vec![Vec::new(); partitions.len()];
        for (index, group) in groups.iter().enumerate() {
            group.consumers.iter().for_each(|&v| consumed_groups[v].push(index));
            group.partitions.iter().for_each(|&p| groups_of_partition[p].push(index));
        }
        let mut produced = vec![Vec::new(); vertices];
        for (index, partition) in partitions.iter().enumerate() {
            produced[partition.producer].push(index);
        }
        Topology {
            vertices,
            declared: vec![Determinism::Determinate; vertices],
            splits_again: vec![Determinism::Determinate; vertices],
            data_sets,
            partitions,
            groups,
            consumed_groups,
            produced,
            groups_of_partition,
            co_located,
        }
    }

    /// Expands a valid job graph: each edge is a data set with one partition a producer, and consumers that read the
    /// same partitions of it form a group.
    pub fn of(job: &JobGraph) -> Self {
        let first = first_subtasks(job);
        let (mut data_sets, mut partitions, mut groups) = (Vec::new(), Vec::new(), Vec::new());
        for edge in &job.edges {
            let (from, to) = (&job.vertices[edge.from], &job.vertices[edge.to]);
            let (producers, consumers) = (from.parallelism, to.parallelism);
            let pattern = edge.partitioner.pattern();
            let data_set = data_sets.len();
            let first_partition = partitions.len();
            data_sets.push(DataSet {
                result_type: edge.compiled_type(),
                partitioner: edge.partitioner.declared(),
            });
            partitions.extend(
                (0..producers)
                    .map(|k| ResultPartition { data_set, producer: first[edge.from] + k }),
            );
            let mut consumer = 0;
            while consumer < consumers {
                let read = producers_of(pattern, producers, consumers, consumer);
                let shared = consumers_of(pattern, producers, consumers, read.start);
                groups.push(PartitionGroup {
                    data_set,
                    partitions: read.map(|k| first_partition + k).collect(),
                    consumers: shared.clone().map(|c| first[edge.to] + c).collect(),
                });
                consumer = shared.end;
            }
        }
        let co_located = job
            .co_location
            .iter()
            .flat_map(|group| {
                let parallelism = group.first().map_or(0, |&v| job.vertices[v].parallelism);
                let first = &first;
                (0..parallelism).map(move |k| group.iter().map(|&v| first[v] + k).collect())
            })
            .collect();
        let of_subtasks = |of_vertex: fn(&JobGraph, usize) -> Determinism| {
            (0..job.vertices.len())
                .flat_map(|v| std::iter::repeat_n(of_vertex(job, v), job.vertices[v].parallelism))
                .collect()
        };
        let declared = of_subtasks(JobGraph::declared);
        let splits_again = of_subtasks(JobGraph::splits_again);
        let vertices = job.execution_vertices();
        let parts = Topology::new(vertices, data_sets, partitions, groups, co_located);
        Topology { declared, splits_again, ..parts }
    }

    /// The same, where only some vertices exist: what the others would write and read is in no group.
    pub fn restricted_to(&self, exists: impl Fn(VertexId) -> bool) -> Self {
        let mut groups = self.groups.clone();
        for group in &mut groups {
            group.partitions.retain(|&p| exists(self.partitions[p].producer));
            group.consumers.retain(|&v| exists(v));
        }
        let (data_sets, partitions) = (self.data_sets.clone(), self.partitions.clone());
        let co_located = self.co_located.clone();
        let parts = Topology::new(self.vertices, data_sets, partitions, groups, co_located);
        let (declared, splits_again) = (self.declared.clone(), self.splits_again.clone());
        Topology { declared, splits_again, ..parts }
    }

    /// The type of a partition.
    pub fn type_of(&self, partition: PartitionId) -> ResultPartitionType {
        self.data_sets[self.partitions[partition].data_set].result_type
    }

    /// The partitions that `vertex` reads, group by group.
    pub fn consumed(&self, vertex: VertexId) -> impl Iterator<Item = PartitionId> + '_ {
        self.consumed_groups[vertex].iter().flat_map(|&g| self.groups[g].partitions.iter().copied())
    }

    /// The vertices that read something of `partition`, group by group.
    pub fn consumers(&self, partition: PartitionId) -> impl Iterator<Item = VertexId> + '_ {
        self.groups_of_partition[partition]
            .iter()
            .flat_map(|&g| self.groups[g].consumers.iter().copied())
    }
}

/// The execution vertex of the first subtask of every job vertex.
pub fn first_subtasks(job: &JobGraph) -> Vec<VertexId> {
    let mut next = 0;
    job.vertices
        .iter()
        .map(|vertex| {
            let first = next;
            next += vertex.parallelism;
            first
        })
        .collect()
}
