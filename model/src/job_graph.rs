//! The job as its author wrote it: vertices, the edges between them, and what each operator does to its rows.

use serde::{Deserialize, Serialize};

use crate::distribution::Pattern;

pub use crate::job_graph_error::JobGraphError;

/// A directed acyclic graph of job vertices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobGraph {
    /// In topological order: an edge goes from a lower index to a higher one.
    pub vertices: Vec<JobVertex>,
    /// In the order in which a consumer lists its inputs.
    pub edges: Vec<JobEdge>,
    /// Groups of job vertices (by index) whose subtasks of equal index share a slot.
    pub co_location: Vec<Vec<usize>>,
}

/// One operator, or a chain of them, run by `parallelism` subtasks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobVertex {
    /// Unique in the job.
    pub name: String,
    /// Number of subtasks, at least 1; the most, if it is `adaptive`.
    pub parallelism: usize,
    /// Whether the master decides the number of its subtasks while the job runs: 1 to `parallelism` (section
    /// 3.7, FLIP-187).
    pub adaptive: bool,
    /// What one subtask does to the rows that it reads.
    pub operator: Operator,
    /// What the job's author claims of the operator. The claim and the truth are two things: most incidents are
    /// wrong claims. `None`: the claim is the truth.
    pub declared: Option<Determinism>,
    /// Rows of a source: so many for each of its subtasks. 0 for a vertex with inputs.
    pub rows_per_subtask: usize,
    /// Who of its subtasks reads which of them; meaningless, and `Fixed`, for a vertex with inputs.
    pub splits: SplitAssignment,
    /// When a sink makes its rows visible; `None` for a vertex that is no sink.
    pub sink: Option<SinkCommit>,
}

/// One exchange of data, which is also one intermediate data set of its producer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobEdge {
    /// Index of the producing vertex.
    pub from: usize,
    /// Index of the consuming vertex.
    pub to: usize,
    /// How rows choose their consumer.
    pub partitioner: Partitioner,
    /// When and how often the data can be read.
    pub result_type: ResultPartitionType,
    /// Where stored data lives; meaningless, and `TaskManager`, for types that store nothing.
    pub storage: Storage,
}

/// How the rows of a source are dealt out to its subtasks (section 8.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SplitAssignment {
    /// Every attempt of a subtask reads the same rows, in the same order.
    Fixed,
    /// Each row is a split, and all of them are a pool that belongs to the job vertex. A running subtask pulls any
    /// split that nobody has; what an attempt has taken goes back when its vertex is reset (section 3.5).
    Dynamic,
}

/// What a subtask does to the rows it has read (section 8.3: what makes a repeated attempt differ).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operator {
    /// Every row by itself: a map, a filter, a source, a plain sink.
    PerRow,
    /// One row a key, made of all rows of that key: an aggregate.
    PerKey,
    /// Keeps the row that arrives first.
    Limit,
    /// Numbers the rows in their order of arrival.
    RowNumber,
    /// Keeps, of each key, the row that arrives first.
    FirstSeen,
    /// Keeps every second row in the order of arrival, beginning with the first.
    Sample,
    /// Adds to every row what a clock, a random generator or an external look-up says: one bit, drawn anew.
    Nondeterministic,
}

/// What a repeated attempt can differ in, given equal inputs (the three levels of Spark, in the words of this project).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Determinism {
    /// A function of the multiset of its input rows.
    Determinate,
    /// A function of its input rows *and* of the order in which they arrive.
    OrderSensitive,
    /// Nothing can be said.
    Indeterminate,
}

/// How a producer's rows choose among its consumers (section 8.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Partitioner {
    /// Subtask i to subtask i.
    Forward,
    /// By key.
    Hash,
    /// Every row to every consumer.
    Broadcast,
    /// Every row to the first consumer.
    Global,
    /// Round robin over a fixed part of the consumers, beginning with the first: by position.
    Rescale,
    /// Round robin over all consumers from a random start.
    Rebalance,
    /// A random consumer for every row.
    Shuffle,
    /// User code that is a function of the row and is declared so.
    Custom,
    /// User code that chooses at random and is declared so.
    CustomRandom,
    /// User code that chooses at random although it is declared a function of the row.
    CustomMisdeclared,
    /// By key range; the boundaries come from a sample that is drawn when no subtask of the producer holds an output.
    Range,
}

/// Flink's `ResultPartitionType` (section 1.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResultPartitionType {
    /// Complete before it is read; read any number of times.
    Blocking,
    /// As `Blocking`, and outlives the job.
    BlockingPersistent,
    /// Read once, while it is produced.
    Pipelined,
    /// As `Pipelined`, with bounded buffers.
    PipelinedBounded,
    /// As `PipelinedBounded`; a consumer that restarts alone reconnects and loses what was sent before.
    PipelinedApproximate,
    /// May be read while it is produced, and again later.
    HybridFull,
    /// May be read while it is produced; once.
    HybridSelective,
}

/// Where a stored partition lives, and so what destroys it (the three kinds of the first FLIP-1 article).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Storage {
    /// On the disk of its TaskManager: lost with it.
    TaskManager,
    /// In the memory of its TaskManager: lost with it, and evicted at any time; nobody is told.
    Memory,
    /// Outside: survives its TaskManager (a remote shuffle service, section 1.8).
    Reliable,
}

/// When a sink makes rows visible for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SinkCommit {
    /// When the job is finished: all finished attempts at once (section 3.8).
    AtJobEnd,
    /// When its task finishes, whatever becomes of the job.
    PerTask,
    /// As it reads each partition.
    AtOnce,
}

impl JobEdge {
    /// The type that it has once the job is compiled: what every consumer reads can be read again (FLINK-30392, section
    /// 1.4).
    pub fn compiled_type(&self) -> ResultPartitionType {
        match (self.partitioner, self.result_type) {
            (Partitioner::Broadcast, ResultPartitionType::HybridSelective) => {
                ResultPartitionType::HybridFull
            }
            (_, result_type) => result_type,
        }
    }
}

impl Operator {
    /// What a repeated attempt really can differ in.
    pub fn determinism(self) -> Determinism {
        match self {
            Operator::PerRow | Operator::PerKey => Determinism::Determinate,
            Operator::Limit | Operator::RowNumber | Operator::FirstSeen | Operator::Sample => {
                Determinism::OrderSensitive
            }
            Operator::Nondeterministic => Determinism::Indeterminate,
        }
    }
}

impl Partitioner {
    /// Point-wise for FORWARD and RESCALE, all-to-all otherwise (section 9.1).
    pub fn pattern(self) -> Pattern {
        match self {
            Partitioner::Forward | Partitioner::Rescale => Pattern::Pointwise,
            _ => Pattern::AllToAll,
        }
    }

    /// What a repeated attempt with equal rows really can differ in (section 8.1).
    pub fn determinism(self) -> Determinism {
        match self {
            Partitioner::Forward
            | Partitioner::Hash
            | Partitioner::Broadcast
            | Partitioner::Global
            | Partitioner::Custom => Determinism::Determinate,
            Partitioner::Rescale => Determinism::OrderSensitive,
            Partitioner::Rebalance
            | Partitioner::Shuffle
            | Partitioner::CustomRandom
            | Partitioner::CustomMisdeclared
            | Partitioner::Range => Determinism::Indeterminate,
        }
    }

    /// What the job's author claims of it.
    pub fn declared(self) -> Determinism {
        match self {
            Partitioner::CustomMisdeclared => Determinism::Determinate,
            other => other.determinism(),
        }
    }
}

impl ResultPartitionType {
    /// All seven, in the order of Flink's table.
    pub const ALL: [ResultPartitionType; 7] = [
        ResultPartitionType::Blocking,
        ResultPartitionType::BlockingPersistent,
        ResultPartitionType::Pipelined,
        ResultPartitionType::PipelinedBounded,
        ResultPartitionType::PipelinedApproximate,
        ResultPartitionType::HybridFull,
        ResultPartitionType::HybridSelective,
    ];

    /// Whether the data can be read again after it was read (section 1.4).
    pub fn is_reconsumable(self) -> bool {
        use ResultPartitionType as T;
        matches!(self, T::Blocking | T::BlockingPersistent | T::HybridFull)
    }

    /// Whether it outlives the job.
    pub fn is_persistent(self) -> bool {
        self == ResultPartitionType::BlockingPersistent
    }

    /// Whether producer and consumer have to run at the same time, which alone makes an edge of a region.
    pub fn must_be_pipelined_consumed(self) -> bool {
        matches!(self, ResultPartitionType::Pipelined | ResultPartitionType::PipelinedBounded)
    }

    /// Whether a consumer may start only when every producer is finished.
    pub fn is_blocking(self) -> bool {
        matches!(self, ResultPartitionType::Blocking | ResultPartitionType::BlockingPersistent)
    }

    /// Whether the master tracks it and decides about its release; otherwise its producer's TaskManager does.
    pub fn is_released_by_scheduler(self) -> bool {
        use ResultPartitionType as T;
        matches!(self, T::Blocking | T::BlockingPersistent | T::HybridFull | T::HybridSelective)
    }

    /// The storages that it combines with. What is never stored has no choice, and says `TaskManager`.
    pub fn storages(self) -> &'static [Storage] {
        use ResultPartitionType as T;
        match self {
            T::Blocking | T::BlockingPersistent => {
                &[Storage::TaskManager, Storage::Memory, Storage::Reliable]
            }
            T::HybridFull => &[Storage::TaskManager, Storage::Reliable],
            T::Pipelined | T::PipelinedBounded | T::PipelinedApproximate | T::HybridSelective => {
                &[Storage::TaskManager]
            }
        }
    }
}

impl JobGraph {
    /// Edges that end in `vertex`, in order.
    pub fn inputs(&self, vertex: usize) -> impl Iterator<Item = usize> + '_ {
        (0..self.edges.len()).filter(move |&e| self.edges[e].to == vertex)
    }

    /// Edges that begin in `vertex`, in order.
    pub fn outputs(&self, vertex: usize) -> impl Iterator<Item = usize> + '_ {
        (0..self.edges.len()).filter(move |&e| self.edges[e].from == vertex)
    }

    /// What a repeated attempt of `vertex` can differ in, as its author claims.
    pub fn declared(&self, vertex: usize) -> Determinism {
        let vertex = &self.vertices[vertex];
        vertex.declared.unwrap_or(vertex.operator.determinism())
    }

    /// Whether some source reads splits that its subtasks share.
    pub fn has_dynamic_splits(&self) -> bool {
        self.vertices.iter().any(|vertex| vertex.splits == SplitAssignment::Dynamic)
    }

    /// What a repeated attempt of a subtask of `vertex` can find different in the rows that it reads as a source:
    /// nothing; with splits that are all its own, their order; with splits that it shares with others, any row.
    pub fn splits_again(&self, vertex: usize) -> Determinism {
        let vertex = &self.vertices[vertex];
        match vertex.splits {
            SplitAssignment::Fixed => Determinism::Determinate,
            SplitAssignment::Dynamic if vertex.parallelism == 1 => Determinism::OrderSensitive,
            SplitAssignment::Dynamic => Determinism::Indeterminate,
        }
    }

    /// Whether `AdaptiveBatchScheduler` runs the job, which builds the graph up as inputs finish.
    pub fn is_adaptive(&self) -> bool {
        self.vertices.iter().any(|vertex| vertex.adaptive)
    }

    /// Number of execution vertices; with as many subtasks as there can be, where that is decided later.
    pub fn execution_vertices(&self) -> usize {
        self.vertices.iter().fold(0, |sum, vertex| sum.saturating_add(vertex.parallelism))
    }

    /// The name of an execution vertex: `B[1]` is the second subtask of `B`.
    pub fn subtask_name(&self, execution_vertex: usize) -> String {
        let mut subtask = execution_vertex;
        for vertex in &self.vertices {
            if subtask < vertex.parallelism {
                return format!("{}[{subtask}]", vertex.name);
            }
            subtask -= vertex.parallelism;
        }
        format!("?[{subtask}]")
    }

    /// Checks everything that a job graph must be.
    ///
    /// # Errors
    /// The first thing that is wrong, with the vertex or edge that it is wrong with.
    pub fn validate(&self) -> Result<(), JobGraphError> {
        for (index, vertex) in self.vertices.iter().enumerate() {
            self.validate_vertex(index, vertex)?;
        }
        for (index, edge) in self.edges.iter().enumerate() {
            self.validate_edge(index, edge)?;
            self.validate_adaptive_edge(index, edge)?;
        }
        for group in &self.co_location {
            self.validate_co_location(group)?;
        }
        Ok(())
    }

    fn validate_vertex(&self, index: usize, vertex: &JobVertex) -> Result<(), JobGraphError> {
        let name = || vertex.name.clone();
        if vertex.parallelism == 0 {
            return Err(JobGraphError::NoSubtask { vertex: index, name: name() });
        }
        if self.vertices[..index].iter().any(|other| other.name == vertex.name) {
            return Err(JobGraphError::SameName { vertex: index, name: name() });
        }
        let source = self.inputs(index).next().is_none();
        if source && vertex.rows_per_subtask == 0 {
            return Err(JobGraphError::SourceWithoutRows { vertex: index, name: name() });
        }
        if !source && vertex.rows_per_subtask > 0 {
            return Err(JobGraphError::RowsWithInputs { vertex: index, name: name() });
        }
        if !source && vertex.splits != SplitAssignment::Fixed {
            return Err(JobGraphError::SplitsWithInputs { vertex: index, name: name() });
        }
        if source && vertex.adaptive && vertex.splits == SplitAssignment::Fixed {
            return Err(JobGraphError::AdaptiveFixedSplits { vertex: index, name: name() });
        }
        let ends = self.outputs(index).next().is_none();
        if ends && vertex.sink.is_none() {
            return Err(JobGraphError::DeadEnd { vertex: index, name: name() });
        }
        if !ends && vertex.sink.is_some() {
            return Err(JobGraphError::SinkWithOutputs { vertex: index, name: name() });
        }
        Ok(())
    }

    fn validate_edge(&self, index: usize, edge: &JobEdge) -> Result<(), JobGraphError> {
        if edge.from >= edge.to {
            return Err(JobGraphError::Cyclic {
                edge: index,
                from: self.vertices[edge.from].name.clone(),
                to: self.vertices[edge.to].name.clone(),
            });
        }
        let (from, to) = (&self.vertices[edge.from], &self.vertices[edge.to]);
        if edge.partitioner == Partitioner::Forward && from.parallelism != to.parallelism {
            return Err(JobGraphError::UnequalForward {
                edge: index,
                from: from.name.clone(),
                from_parallelism: from.parallelism,
                to: to.name.clone(),
                to_parallelism: to.parallelism,
            });
        }
        let valid = edge.result_type.storages();
        if !valid.contains(&edge.storage) {
            return Err(JobGraphError::StorageOfType {
                edge: index,
                result_type: edge.result_type,
                storage: edge.storage,
                valid,
            });
        }
        Ok(())
    }

    /// What `AdaptiveBatchScheduler` takes (section 1.5, FLINK-34132), and what is modelled of it: subtasks that are
    /// not there yet share what all-to-all exchanges deal out to them.
    fn validate_adaptive_edge(&self, index: usize, edge: &JobEdge) -> Result<(), JobGraphError> {
        let (from, to) = (&self.vertices[edge.from], &self.vertices[edge.to]);
        if self.is_adaptive() && !edge.result_type.is_released_by_scheduler() {
            return Err(JobGraphError::PipelinedInAdaptive {
                edge: index,
                result_type: edge.result_type,
            });
        }
        if (from.adaptive || to.adaptive) && edge.partitioner.pattern() == Pattern::Pointwise {
            return Err(JobGraphError::AdaptivePointwise {
                edge: index,
                partitioner: edge.partitioner,
                adaptive: if from.adaptive { from.name.clone() } else { to.name.clone() },
            });
        }
        Ok(())
    }

    fn validate_co_location(&self, group: &[usize]) -> Result<(), JobGraphError> {
        let parallelism = |&v: &usize| self.vertices[v].parallelism;
        match group.iter().find(|&v| parallelism(v) != parallelism(&group[0])) {
            Some(&other) => Err(JobGraphError::UnequalCoLocation {
                first: self.vertices[group[0]].name.clone(),
                other: self.vertices[other].name.clone(),
            }),
            None => Ok(()),
        }
    }
}
