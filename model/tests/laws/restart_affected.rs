//! Our own strategy: against its rules restated edge by edge, against Flink's, and the law by which
//! overlapping restarts stay consistent.

use std::collections::BTreeSet;

use failproof_model::design::{AvailabilityRule, ConsumerPolicy, RegionKnobs, Strategy};
use failproof_model::execution_state::ExecutionState;
use failproof_model::job_graph::{Determinism, ResultPartitionType};
use failproof_model::regions::Regions;
use failproof_model::strategy::{Cause, failover_strategy};
use failproof_model::topology::{PartitionId, Topology, VertexId};
use proptest::prelude::*;

use crate::random::{Situation, reads};

const FLINK_2_WITH_CREATED: RegionKnobs = RegionKnobs {
    consumers: ConsumerPolicy::Always,
    backtrack: true,
    skip_created: false,
    merge_cycles: true,
    availability: AvailabilityRule::TrackedAndReconsumable,
};

fn restart(situation: &Situation, strategy: Strategy) -> BTreeSet<VertexId> {
    let strategy = failover_strategy(strategy, &situation.topology).unwrap();
    strategy.tasks_to_restart(&situation.failure()).ones().collect()
}

fn affected(situation: &Situation) -> BTreeSet<VertexId> {
    restart(situation, Strategy::RestartAffected)
}

/// May other rows, may another order come out of `code`, if other rows or another order may go in?
fn through(code: Determinism, rows: bool, order: bool) -> (bool, bool) {
    let rows = match code {
        Determinism::Determinate => rows,
        Determinism::OrderSensitive => rows || order,
        Determinism::Indeterminate => true,
    };
    (rows, rows || order)
}

/// Of every partition, whether other rows and whether another order may be written if exactly
/// `restart` runs again. Vertices are in topological order, so one pass does.
fn differences(topology: &Topology, restart: &BTreeSet<VertexId>) -> Vec<(bool, bool)> {
    let mut differ = vec![(false, false); topology.partitions.len()];
    for &vertex in restart {
        let read: Vec<PartitionId> = topology.consumed(vertex).collect();
        let approximate = ResultPartitionType::PipelinedApproximate;
        let splits = topology.splits_again[vertex];
        let rows = splits == Determinism::Indeterminate
            || read.iter().any(|&p| differ[p].0 || topology.type_of(p) == approximate);
        let order = splits == Determinism::OrderSensitive
            || read.len() > 1
            || read.iter().any(|&p| differ[p].1);
        let (rows, order) = through(topology.declared[vertex], rows, order);
        for &partition in &topology.produced[vertex] {
            let data_set = topology.data_sets[topology.partitions[partition].data_set];
            differ[partition] = through(data_set.partitioner, rows, order);
        }
    }
    differ
}

fn observes_order(topology: &Topology, vertex: VertexId) -> bool {
    let determinate = Determinism::Determinate;
    topology.declared[vertex] != determinate
        || topology.produced[vertex].iter().any(|&partition| {
            let data_set = topology.data_sets[topology.partitions[partition].data_set];
            data_set.partitioner != determinate
                || topology.consumers(partition).any(|c| observes_order(topology, c))
        })
}

fn naive(situation: &Situation) -> BTreeSet<VertexId> {
    let topology = &situation.topology;
    let regions = Regions::of(topology, true);
    let mates = |v: VertexId| regions.members[regions.of[v]].iter().copied();
    let mut restart: BTreeSet<_> = mates(situation.failed).collect();
    loop {
        let differ = differences(topology, &restart);
        let mut add = BTreeSet::new();
        for (producer, partition, consumer) in situation.reads() {
            let result_type = topology.type_of(partition);
            let again = result_type.is_reconsumable()
                || result_type == ResultPartitionType::PipelinedApproximate;
            let gone = situation.cause == Cause::Partition(partition)
                || situation.lost[partition]
                || !again
                || situation.waiting[producer];
            if restart.contains(&consumer) && gone {
                add.extend(mates(producer));
            }
            let settled = situation.states[consumer] == ExecutionState::Finished
                && !situation.waiting[consumer];
            let (rows, order) = differ[partition];
            let matters = rows || (order && observes_order(topology, consumer));
            if restart.contains(&producer) && (!settled || matters) {
                add.extend(mates(consumer));
            }
        }
        if add.is_subset(&restart) {
            return restart;
        }
        restart.extend(add);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn equals_the_rules_applied_edge_by_edge(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let situation = Situation::later_failure(&bytes);
        prop_assert_eq!(affected(&situation), naive(&situation));
    }

    #[test]
    fn restarts_nothing_that_flink_leaves(bytes in prop::collection::vec(any::<u8>(), 0..160)) {
        let situation = Situation::first_failure(&bytes);
        let flink = restart(&situation, Strategy::RestartPipelinedRegion(FLINK_2_WITH_CREATED));
        prop_assert!(affected(&situation).is_subset(&flink));
    }

    #[test]
    fn losing_more_restarts_no_less(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let situation = Situation::later_failure(&bytes);
        let restart = affected(&situation);
        for lost in 0..situation.lost.len() {
            prop_assert!(restart.is_subset(&affected(&situation.losing(lost))), "{lost}");
        }
    }

    /// A later restart never takes one end of an edge from an earlier restart and leaves the other.
    #[test]
    fn overlapping_restarts_do_not_separate_what_waits(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let situation = Situation::later_failure(&bytes);
        let restart = affected(&situation);
        for (producer, _, consumer) in reads(&situation.topology) {
            if situation.waiting[producer] && situation.waiting[consumer] {
                prop_assert_eq!(restart.contains(&producer), restart.contains(&consumer));
            }
        }
    }

    /// Everything that reads from a restarted vertex and stays has finished and can see no change.
    #[test]
    fn who_stays_reads_what_it_has_read(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let situation = Situation::later_failure(&bytes);
        let restart = affected(&situation);
        let differ = differences(&situation.topology, &restart);
        for (producer, partition, consumer) in reads(&situation.topology) {
            if restart.contains(&producer) && !restart.contains(&consumer) {
                prop_assert_eq!(situation.states[consumer], ExecutionState::Finished);
                prop_assert!(!situation.waiting[consumer] && !differ[partition].0);
            }
        }
    }
}
