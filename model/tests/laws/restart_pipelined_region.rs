//! The region strategies against their rules, applied edge by edge until nothing changes
//! (section 1.2).

use std::collections::BTreeSet;

use failproof_model::design::{AvailabilityRule, ConsumerPolicy, RegionKnobs, Strategy};
use failproof_model::execution_state::ExecutionState;
use failproof_model::job_graph::{Determinism, ResultPartitionType};
use failproof_model::regions::Regions;
use failproof_model::strategy::{Cause, failover_strategy};
use failproof_model::topology::{PartitionId, VertexId};
use proptest::prelude::*;

use crate::random::{Choices, Situation};

const CONSUMERS: [ConsumerPolicy; 3] =
    [ConsumerPolicy::Never, ConsumerPolicy::OnlyIfNondeterministic, ConsumerPolicy::Always];

const AVAILABILITY: [AvailabilityRule; 3] = [
    AvailabilityRule::Unnamed,
    AvailabilityRule::Tracked,
    AvailabilityRule::TrackedAndReconsumable,
];

fn knobs(bytes: &[u8]) -> RegionKnobs {
    let mut choices = Choices::new(bytes);
    RegionKnobs {
        consumers: CONSUMERS[choices.below(3)],
        backtrack: choices.below(2) == 1,
        skip_created: choices.below(2) == 1,
        merge_cycles: choices.below(2) == 1,
        availability: AVAILABILITY[choices.below(3)],
    }
}

fn restart(situation: &Situation, strategy: Strategy) -> BTreeSet<VertexId> {
    let strategy = failover_strategy(strategy, &situation.topology).unwrap();
    strategy.tasks_to_restart(&situation.failure()).ones().collect()
}

fn by_region(situation: &Situation, knobs: RegionKnobs) -> BTreeSet<VertexId> {
    restart(situation, Strategy::RestartPipelinedRegion(knobs))
}

fn is_gone(situation: &Situation, knobs: RegionKnobs, partition: PartitionId) -> bool {
    let result_type = situation.topology.type_of(partition);
    let again =
        result_type.is_reconsumable() || result_type == ResultPartitionType::PipelinedApproximate;
    situation.cause == Cause::Partition(partition)
        || (knobs.availability != AvailabilityRule::Unnamed && situation.lost[partition])
        || (knobs.availability == AvailabilityRule::TrackedAndReconsumable && !again)
}

fn naive(situation: &Situation, knobs: RegionKnobs) -> BTreeSet<VertexId> {
    let topology = &situation.topology;
    let regions = Regions::of(topology, knobs.merge_cycles);
    let mates = |v: VertexId| regions.members[regions.of[v]].iter().copied();
    let mut restart: BTreeSet<_> = mates(situation.failed).collect();
    loop {
        let before = restart.len();
        for (producer, partition, consumer) in situation.reads() {
            let data_set = topology.data_sets[topology.partitions[partition].data_set];
            let rule_2 = knobs.backtrack
                && restart.contains(&consumer)
                && is_gone(situation, knobs, partition);
            let passes_on = match knobs.consumers {
                ConsumerPolicy::Never => false,
                ConsumerPolicy::OnlyIfNondeterministic => {
                    data_set.partitioner == Determinism::Indeterminate
                }
                ConsumerPolicy::Always => true,
            };
            let rule_3 = passes_on && restart.contains(&producer);
            restart.extend(rule_2.then(|| mates(producer)).into_iter().flatten());
            restart.extend(rule_3.then(|| mates(consumer)).into_iter().flatten());
        }
        if restart.len() == before {
            break;
        }
    }
    let created = |&v: &VertexId| situation.states[v] == ExecutionState::Created;
    restart.retain(|v| !(knobs.skip_created && created(v)));
    restart
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn equals_the_rules_applied_edge_by_edge(
        bytes in prop::collection::vec(any::<u8>(), 0..160),
        knob_bytes in prop::array::uniform5(any::<u8>()),
    ) {
        let situation = Situation::first_failure(&bytes);
        let knobs = knobs(&knob_bytes);
        prop_assert_eq!(by_region(&situation, knobs), naive(&situation, knobs));
    }

    #[test]
    fn losing_more_restarts_no_less(
        bytes in prop::collection::vec(any::<u8>(), 0..160),
        knob_bytes in prop::array::uniform5(any::<u8>()),
    ) {
        let situation = Situation::first_failure(&bytes);
        let knobs = knobs(&knob_bytes);
        let restart = by_region(&situation, knobs);
        for lost in 0..situation.lost.len() {
            let more = by_region(&situation.losing(lost), knobs);
            prop_assert!(restart.is_subset(&more), "{lost}");
        }
    }

    #[test]
    fn each_knob_turned_up_restarts_no_less(
        bytes in prop::collection::vec(any::<u8>(), 0..160),
        knob_bytes in prop::array::uniform5(any::<u8>()),
    ) {
        let situation = Situation::first_failure(&bytes);
        let knobs = knobs(&knob_bytes);
        let base = by_region(&situation, knobs);
        for turned in [
            RegionKnobs { consumers: ConsumerPolicy::Always, ..knobs },
            RegionKnobs { backtrack: true, ..knobs },
            RegionKnobs { skip_created: false, ..knobs },
            RegionKnobs { merge_cycles: true, ..knobs },
            RegionKnobs { availability: AvailabilityRule::TrackedAndReconsumable, ..knobs },
        ] {
            prop_assert!(base.is_subset(&by_region(&situation, turned)), "{turned:?}");
        }
        prop_assert!(base.is_subset(&restart(&situation, Strategy::RestartAll)));
    }

    #[test]
    fn restart_individual_takes_exactly_the_jobs_without_edges(
        bytes in prop::collection::vec(any::<u8>(), 0..160),
    ) {
        let situation = Situation::first_failure(&bytes);
        match failover_strategy(Strategy::RestartIndividual, &situation.topology) {
            Ok(strategy) => {
                prop_assert!(situation.topology.groups.is_empty());
                let restart = strategy.tasks_to_restart(&situation.failure());
                prop_assert_eq!(restart.ones().collect::<Vec<_>>(), [situation.failed]);
            }
            Err(_) => prop_assert!(!situation.topology.groups.is_empty()),
        }
    }
}
