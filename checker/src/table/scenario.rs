//! The scenario of a cell: the same small cluster, the same single fault, and rows that make a difference.
//!
//! There are two keys, as many as subtasks, so HASH gives each consumer rows of each producer. A row keeps its key on
//! its way: what one HASH has put together, a second one of the same width sends to one consumer. Source subtasks
//! read:
//!
//! - Two rows as a rule, one of each key. One would be enough for a draw to matter, for a row that goes elsewhere is
//!   lost or doubled. But an aggregate sums rows of one key that come from two producers; RANGE needs two keys; and
//!   only of two rows can it be seen that REBALANCE sends neighbours apart, where SHUFFLE need not.
//! - Three rows where the order of arrival matters: to the operator, or to RESCALE, which deals rows out by position. A
//!   partition is read from its beginning, so what comes first is the first row of one producer or of the other. With
//!   an even number of rows both are of one key and go the same way behind a HASH, and at the same position stands
//!   the same half of the rows: nothing is seen of the difference. An aggregate does not pass the order on.
//! - Two of these again where a channel is drawn for every row: there each producer can begin with any of its rows.
//! - One row where both channel and content of every row are drawn. It is enough, and two are many more states.

use failproof_model::design::{
    AvailabilityRule, ConsumerPolicy, RecoveryDesign, RegionKnobs, Strategy,
};
use failproof_model::job_graph::{
    Determinism, JobEdge, JobGraph, JobVertex, Operator, Partitioner, ResultPartitionType,
    SinkCommit, SplitAssignment, Storage,
};
use failproof_model::scenario::{Cluster, FaultBudget, FaultKind, Grain, Scenario};

use super::cell::{Job, Policy};

const TASK_MANAGERS: usize = 2;
const KEYS: u8 = 2;

/// The faults of which one happens.
const FAULTS: [FaultKind; 4] = [
    FaultKind::TaskThrows,
    FaultKind::TaskManagerDies,
    FaultKind::PartitionLost,
    FaultKind::ReadFails,
];

/// The scenario of a cell.
pub(super) fn scenario(
    name: &str,
    job: Job,
    partitioner: Partitioner,
    operator: Operator,
    policy: Policy,
) -> Scenario {
    let story = "A cell of the generated table: one fault of any kind, at any moment.";
    one_fault(name, story, job_graph(job, partitioner, operator), policy.design())
}

/// One fault of any of four kinds, at any moment, while the job runs on the cluster that all cells have.
pub(crate) fn one_fault(
    name: &str,
    story: &str,
    job: JobGraph,
    design: RecoveryDesign,
) -> Scenario {
    let subtasks = job.vertices.iter().flat_map(|vertex| 0..vertex.parallelism);
    let placement = subtasks.map(|subtask| subtask % TASK_MANAGERS).collect();
    Scenario {
        name: name.to_owned(),
        story: story.to_owned(),
        job,
        cluster: Cluster {
            task_managers: TASK_MANAGERS,
            returns: true,
            placement,
            slots: Vec::new(),
        },
        design,
        faults: FaultBudget {
            total: 1,
            limits: FaultKind::ALL.map(|kind| FAULTS.contains(&kind).into()),
        },
        grain: Grain::default(),
        outcome_by_subtask: false,
        lineage: false,
        keys: KEYS,
        defect: None,
        prefix: Vec::new(),
    }
}

fn job_graph(job: Job, partitioner: Partitioner, operator: Operator) -> JobGraph {
    // Name and subtasks of each vertex, and which exchange has the partitioner.
    let (vertices, spread): (&[(&str, usize)], usize) = match job {
        Job::OneExchange => (&[("A", 2), ("C", 2)], 0),
        Job::TwoExchanges => (&[("A", 2), ("B", 2), ("C", 2)], 0),
        Job::ThreeExchanges => (&[("A", 1), ("B", 2), ("C", 2), ("D", 2)], 0),
        Job::FanOut => (&[("A", 2), ("B", 1), ("C", 2)], 1),
    };
    let last = vertices.len() - 1;
    let vertex = |(index, &(name, parallelism)): (usize, &(&str, usize))| JobVertex {
        name: name.to_owned(),
        parallelism,
        operator: if index == 1 { operator } else { Operator::PerRow },
        declared: None,
        rows_per_subtask: if index == 0 { rows(partitioner, operator) } else { 0 },
        splits: SplitAssignment::Fixed,
        adaptive: false,
        sink: (index == last).then_some(SinkCommit::AtJobEnd),
    };
    let edge = |from: usize| JobEdge {
        from,
        to: from + 1,
        partitioner: if from == spread { partitioner } else { Partitioner::Hash },
        result_type: ResultPartitionType::Blocking,
        storage: Storage::TaskManager,
    };
    JobGraph {
        vertices: vertices.iter().enumerate().map(vertex).collect(),
        edges: (0..last).map(edge).collect(),
        co_location: Vec::new(),
    }
}

/// Rows that each source subtask reads.
pub(super) fn rows(partitioner: Partitioner, operator: Operator) -> usize {
    use Partitioner as P;
    let draws_each_row = matches!(partitioner, P::Shuffle | P::CustomRandom | P::CustomMisdeclared);
    let by_position = partitioner == P::Rescale && operator != Operator::PerKey;
    match operator.determinism() {
        Determinism::Indeterminate if draws_each_row => 1,
        _ if draws_each_row => 2,
        Determinism::OrderSensitive => 3,
        _ if by_position => 3,
        _ => 2,
    }
}

impl Policy {
    /// Every knob of it.
    pub fn design(self) -> RecoveryDesign {
        let regions = |consumers| {
            Strategy::RestartPipelinedRegion(RegionKnobs {
                consumers,
                backtrack: true,
                skip_created: true,
                merge_cycles: true,
                availability: AvailabilityRule::TrackedAndReconsumable,
            })
        };
        let strategy = match self {
            Policy::Always => regions(ConsumerPolicy::Always),
            Policy::OnlyIfNondeterministic => regions(ConsumerPolicy::OnlyIfNondeterministic),
            Policy::Never => regions(ConsumerPolicy::Never),
            Policy::Affected => Strategy::RestartAffected,
        };
        RecoveryDesign { strategy, ..RecoveryDesign::FLINK_2 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use failproof_model::design::preset;

    #[test]
    fn the_columns_begin_with_flink_and_end_with_our_own() {
        assert_eq!(Policy::Always.design(), preset("flink-2").unwrap().design);
        assert_eq!(Policy::Affected.design(), preset("affected").unwrap().design);
    }
}
