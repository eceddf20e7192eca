//! What can be wrong with a plan.

use failproof_model::job_graph::JobGraphError;
use thiserror::Error;

use super::source::Place;

/// Why a text is not taken for a job plan.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{place}: {problem}")]
pub struct PlanError {
    /// Where.
    pub place: Box<Place>,
    /// What.
    pub problem: Box<PlanProblem>,
}

/// What can be wrong with a plan.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[allow(missing_docs, reason = "the message of a variant says what its fields are")]
pub enum PlanProblem {
    #[error("this is not JSON: {problem}; a job plan is a JSON object that Flink printed")]
    NotJson { problem: String },
    #[error("this is no job plan, but {found}; valid are {valid}")]
    NotAPlan { found: String, valid: &'static str },
    #[error("{problem}; valid is {valid}")]
    WrongType { problem: String, valid: &'static str },
    #[error("the {field} is missing; valid is {valid}")]
    Missing { field: &'static str, valid: &'static str },
    #[error("there is no {what} `{value}`; valid is {valid}")]
    Unknown { what: &'static str, value: String, valid: &'static str },
    #[error("the plan has no nodes; a job has at least one vertex")]
    Empty,
    #[error("a second node has the id `{id}`; every node has an id of its own")]
    DuplicateId { id: String },
    #[error("no node has the id `{id}`; valid are {valid}")]
    DanglingInput { id: String, valid: String },
    #[error("the inputs go round in a circle: {path}; a job graph has no cycle")]
    Cycle { path: String },
    #[error(
        "the parallelism is {parallelism}; valid is 1 to {most}, or -1 where Flink has not \
         decided it"
    )]
    Parallelism { parallelism: i64, most: i64 },
    #[error(
        "the parallelism of `{vertex}` is -1: Flink had not decided it when it printed the plan; \
         say it with --parallelism N"
    )]
    Undecided { vertex: String },
    #[error(
        "the parallelism of this operator is {parallelism}, of others of job vertex `{id}` it is \
         {other}; the operators of one job vertex have one parallelism (-1: undecided)"
    )]
    UnequalChain { id: String, parallelism: i64, other: i64 },
    #[error(
        "FORWARD from `{from}` (parallelism {from_parallelism}) to `{to}` (parallelism \
         {to_parallelism}); it joins equal parallelism only, and RESCALE is point-wise for \
         unequal ones"
    )]
    UnequalForward { from: String, from_parallelism: usize, to: String, to_parallelism: usize },
    #[error(transparent)]
    JobGraph(#[from] JobGraphError),
}

impl PlanProblem {
    /// The problem, and where it is.
    pub(super) fn at(self, place: Place) -> PlanError {
        PlanError { place: Box::new(place), problem: Box::new(self) }
    }
}
