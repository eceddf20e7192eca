//! What keeps a job graph from being one.

use thiserror::Error;

use crate::job_graph::{Partitioner, ResultPartitionType, Storage};

/// What can be wrong with a job graph.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[allow(missing_docs, reason = "the message of a variant says what its fields are")]
pub enum JobGraphError {
    #[error("vertex `{name}` has parallelism 0; it needs at least 1 subtask")]
    NoSubtask { vertex: usize, name: String },
    #[error("two vertices are called `{name}`; a name is unique in its job")]
    SameName { vertex: usize, name: String },
    #[error("vertex `{name}` has no inputs and no rows; a source reads at least 1 row a subtask")]
    SourceWithoutRows { vertex: usize, name: String },
    #[error("vertex `{name}` has inputs and rows of its own; only a source reads rows")]
    RowsWithInputs { vertex: usize, name: String },
    #[error("vertex `{name}` has inputs and dynamic splits; only a source reads splits")]
    SplitsWithInputs { vertex: usize, name: String },
    #[error(
        "vertex `{name}` is adaptive and its splits are fixed; only splits that subtasks pull suit any number of them"
    )]
    AdaptiveFixedSplits { vertex: usize, name: String },
    #[error(
        "an exchange is {result_type:?} and some vertex is adaptive; the adaptive batch scheduler takes only blocking \
         and hybrid exchanges"
    )]
    PipelinedInAdaptive { edge: usize, result_type: ResultPartitionType },
    #[error(
        "{partitioner:?} exchanges data from subtask to subtask, and vertex `{adaptive}` is adaptive; an exchange of \
         an adaptive vertex is all-to-all"
    )]
    AdaptivePointwise { edge: usize, partitioner: Partitioner, adaptive: String },
    #[error("nothing reads vertex `{name}` and it is no sink; say when it commits")]
    DeadEnd { vertex: usize, name: String },
    #[error(
        "vertex `{name}` is a sink and has outputs; only a vertex that nothing reads is a sink"
    )]
    SinkWithOutputs { vertex: usize, name: String },
    #[error("the edge from `{from}` to `{to}` closes a cycle; a job graph has none")]
    Cyclic { edge: usize, from: String, to: String },
    #[error(
        "FORWARD joins equal parallelism only: `{from}` has {from_parallelism}, `{to}` has {to_parallelism}; \
         RESCALE is point-wise for unequal ones"
    )]
    UnequalForward {
        edge: usize,
        from: String,
        from_parallelism: usize,
        to: String,
        to_parallelism: usize,
    },
    #[error("{result_type:?} does not combine with storage {storage:?}; valid are {valid:?}")]
    StorageOfType {
        edge: usize,
        result_type: ResultPartitionType,
        storage: Storage,
        valid: &'static [Storage],
    },
    #[error("`{first}` and `{other}` are co-located and have unequal parallelism")]
    UnequalCoLocation { first: String, other: String },
}
