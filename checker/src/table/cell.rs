//! The cells of the table: which there are, and what they are called.

use std::fmt;

use failproof_model::job_graph::{Operator, Partitioner};
use failproof_model::scenario::Scenario;
use serde::{Deserialize, Serialize};

use super::scenario::scenario;
use crate::spelling::spelt;

/// One job under one policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Unique and stable: `two-exchanges/REBALANCE/per-row/never`. The name of its scenario, too.
    pub id: String,
    /// The shape of the job.
    pub job: Job,
    /// Of the first exchange, in [`Job::FanOut`] of the second; all others are HASH.
    pub partitioner: Partitioner,
    /// Of the second vertex; all others are per row.
    pub operator: Operator,
    /// How the engine recovers.
    pub policy: Policy,
    /// What is explored.
    pub scenario: Scenario,
}

/// The shape of a job of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Job {
    /// A -> C, two subtasks each. Nothing is in the middle, so it is the sink that has the operator.
    OneExchange,
    /// A -> B -> C, two subtasks each.
    TwoExchanges,
    /// A -> B -> C -> D: one source subtask, then two of each vertex.
    ThreeExchanges,
    /// A -> B -> C with two, one and two subtasks: rows of two producers meet in B in any order, and are spread again.
    /// Here the partitioner is that of the second exchange: a source reads its rows in one order only, so what
    /// deals them out by position, as RESCALE does, could never differ behind it.
    FanOut,
}

/// Which consumers restart with a producer; everything else is as in preset `flink-2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Policy {
    /// All: what Flink does.
    Always,
    /// Those behind a partitioner that is declared nondeterministic.
    OnlyIfNondeterministic,
    /// None.
    Never,
    /// Those that could see a difference: our own strategy.
    Affected,
}

/// All partitioners, in the order of the table.
pub const PARTITIONERS: [Partitioner; 11] = [
    Partitioner::Forward,
    Partitioner::Rescale,
    Partitioner::Hash,
    Partitioner::Custom,
    Partitioner::Global,
    Partitioner::Broadcast,
    Partitioner::Range,
    Partitioner::Rebalance,
    Partitioner::Shuffle,
    Partitioner::CustomRandom,
    Partitioner::CustomMisdeclared,
];

/// All operators, in the order of the table.
pub const OPERATORS: [Operator; 7] = [
    Operator::PerRow,
    Operator::PerKey,
    Operator::Limit,
    Operator::FirstSeen,
    Operator::Sample,
    Operator::RowNumber,
    Operator::Nondeterministic,
];

/// All cells, in the order of the table.
pub fn cells() -> Vec<Cell> {
    let mut cells = Vec::new();
    for job in Job::ALL {
        for &partitioner in job.partitioners() {
            for operator in OPERATORS {
                let of = |policy| Cell::new(job, partitioner, operator, policy);
                cells.extend(Policy::ALL.map(of));
            }
        }
    }
    cells
}

impl Cell {
    fn new(job: Job, partitioner: Partitioner, operator: Operator, policy: Policy) -> Cell {
        let id = format!("{job}/{}/{}/{policy}", spelt(&partitioner), spelt(&operator));
        let scenario = scenario(&id, job, partitioner, operator, policy);
        Cell { id, job, partitioner, operator, policy, scenario }
    }
}

impl Job {
    /// All shapes, smallest first.
    pub const ALL: [Job; 4] =
        [Job::OneExchange, Job::TwoExchanges, Job::ThreeExchanges, Job::FanOut];

    /// The partitioners that the table has for this shape.
    pub fn partitioners(self) -> &'static [Partitioner] {
        match self {
            Job::OneExchange | Job::TwoExchanges => &PARTITIONERS,
            Job::ThreeExchanges => {
                &[Partitioner::Hash, Partitioner::Rebalance, Partitioner::Shuffle]
            }
            // FORWARD, the first of all, joins equal parallelism only.
            Job::FanOut => &PARTITIONERS[1..],
        }
    }
}

impl Policy {
    /// All policies, from the one that restarts most.
    pub const ALL: [Policy; 4] =
        [Policy::Always, Policy::OnlyIfNondeterministic, Policy::Never, Policy::Affected];
}

impl fmt::Display for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&spelt(self))
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&spelt(self))
    }
}
