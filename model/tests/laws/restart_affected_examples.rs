//! Our own strategy on jobs small enough to see why each answer is the right one.

use failproof_model::design::Strategy;
use failproof_model::execution_state::ExecutionState::{self, Created, Failed, Finished};
use failproof_model::job_graph::{
    Determinism, JobEdge, JobGraph, JobVertex, Operator, Partitioner, ResultPartitionType,
    SinkCommit, SplitAssignment, Storage,
};
use failproof_model::strategy::{Cause, failover_strategy};
use failproof_model::topology::{Topology, VertexId};

use crate::random::Situation;
use Operator::{FirstSeen, Limit, Nondeterministic, PerKey, PerRow, RowNumber};
use Partitioner::{Broadcast, CustomMisdeclared, Hash, Rebalance, Rescale};

/// A chain of vertices, each with its subtasks and its operator, with blocking exchanges between.
fn chain(vertices: &[(usize, Operator)], partitioners: &[Partitioner]) -> Topology {
    chain_from(SplitAssignment::Fixed, vertices, partitioners)
}

/// The same, where the source assigns its splits so.
fn chain_from(
    splits: SplitAssignment,
    vertices: &[(usize, Operator)],
    partitioners: &[Partitioner],
) -> Topology {
    let last = vertices.len() - 1;
    let job = JobGraph {
        vertices: vertices
            .iter()
            .enumerate()
            .map(|(index, &(parallelism, operator))| JobVertex {
                name: format!("v{index}"),
                parallelism,
                operator,
                declared: None,
                rows_per_subtask: usize::from(index == 0),
                splits: if index == 0 { splits } else { SplitAssignment::Fixed },
                adaptive: false,
                sink: (index == last).then_some(SinkCommit::AtJobEnd),
            })
            .collect(),
        edges: partitioners
            .iter()
            .enumerate()
            .map(|(from, &partitioner)| JobEdge {
                from,
                to: from + 1,
                partitioner,
                result_type: ResultPartitionType::Blocking,
                storage: Storage::TaskManager,
            })
            .collect(),
        co_location: Vec::new(),
    };
    job.validate().unwrap();
    Topology::of(&job)
}

/// Everything is finished except the last vertex, which cannot read the result of `producer`.
fn last_misses(topology: Topology, producer: VertexId) -> Situation {
    let failed = topology.vertices - 1;
    let mut states = vec![Finished; topology.vertices];
    states[failed] = Failed;
    Situation {
        lost: vec![false; topology.partitions.len()],
        waiting: vec![false; topology.vertices],
        cause: Cause::Partition(topology.produced[producer][0]),
        topology,
        states,
        failed,
    }
}

fn restart(situation: &Situation) -> Vec<VertexId> {
    let strategy = failover_strategy(Strategy::RestartAffected, &situation.topology).unwrap();
    strategy.tasks_to_restart(&situation.failure()).ones().collect()
}

fn in_state(mut situation: Situation, vertex: VertexId, state: ExecutionState) -> Situation {
    situation.states[vertex] = state;
    situation
}

#[test]
fn a_finished_consumer_of_hashed_rows_stays() {
    let topology = chain(&[(2, PerRow), (2, PerKey)], &[Hash]);
    assert_eq!(restart(&last_misses(topology, 0)), [0, 3]);
}

#[test]
fn a_finished_consumer_behind_a_random_partitioner_restarts() {
    let topology = chain(&[(2, PerRow), (2, PerKey)], &[Rebalance]);
    assert_eq!(restart(&last_misses(topology, 0)), [0, 2, 3]);
}

#[test]
fn a_declaration_is_believed() {
    let topology = chain(&[(2, PerRow), (2, PerKey)], &[CustomMisdeclared]);
    assert_eq!(restart(&last_misses(topology, 0)), [0, 3]);
}

#[test]
fn a_finished_consumer_of_an_indeterminate_operator_restarts() {
    let topology = chain(&[(2, Nondeterministic), (2, PerKey)], &[Hash]);
    assert_eq!(restart(&last_misses(topology, 0)), [0, 2, 3]);
}

/// Its rows may go to its sibling, whatever its operator is declared to be.
#[test]
fn a_finished_consumer_of_shared_splits_restarts() {
    let vertices = [(2, PerRow), (2, PerKey)];
    let mut topology = chain_from(SplitAssignment::Dynamic, &vertices, &[Hash]);
    topology.declared[0] = Determinism::Determinate;
    assert_eq!(restart(&last_misses(topology, 0)), [0, 2, 3]);
}

#[test]
fn splits_of_a_single_subtask_come_in_another_order_only() {
    let of = |operator, partitioner| {
        let vertices = [(1, PerRow), (2, operator)];
        restart(&last_misses(chain_from(SplitAssignment::Dynamic, &vertices, &[partitioner]), 0))
    };
    assert_eq!(of(PerKey, Hash), [0, 2]);
    assert_eq!(of(Limit, Hash), [0, 1, 2], "its consumers observe it");
    assert_eq!(of(PerKey, Rescale), [0, 1, 2], "it deals them out by position");
}

#[test]
fn whoever_is_under_way_or_has_not_begun_restarts() {
    for state in ExecutionState::ALL {
        let topology = chain(&[(2, PerRow), (2, PerKey)], &[Hash]);
        let situation = in_state(last_misses(topology, 0), 2, state);
        let expected = if state == Finished { vec![0, 3] } else { vec![0, 2, 3] };
        assert_eq!(restart(&situation), expected, "{state:?}");
    }
}

#[test]
fn another_order_of_equal_rows_changes_nothing_for_determinate_code() {
    let topology = chain(&[(2, PerRow), (2, PerRow), (2, PerKey)], &[Hash, Hash]);
    assert_eq!(restart(&last_misses(topology, 2)), [2, 5]);
}

/// Two of them would number the rows in two orders.
#[test]
fn another_order_of_equal_rows_restarts_who_observes_it() {
    let topology = chain(&[(2, PerRow), (2, PerRow), (2, RowNumber)], &[Hash, Broadcast]);
    assert_eq!(restart(&last_misses(topology, 2)), [2, 4, 5]);
}

/// What observes the order may come later: 4 would pass the old order on, 5 the new one.
#[test]
fn another_order_restarts_who_passes_it_on_to_an_observer() {
    let vertices = [(2, PerRow), (2, PerRow), (2, PerRow), (2, FirstSeen)];
    let topology = chain(&vertices, &[Hash, Broadcast, Hash]);
    let mut situation = last_misses(topology, 2);
    (situation.failed, situation.states[5]) = (5, Failed);
    (situation.states[6], situation.states[7]) = (Created, Created);
    assert_eq!(restart(&situation), [2, 4, 5, 6, 7]);
}

/// 4 dealt its rows out in the old order, 5 would in the new one.
#[test]
fn another_order_restarts_who_deals_rows_out_by_position() {
    let vertices = [(2, PerRow), (2, PerRow), (2, PerRow), (4, PerKey)];
    let mut situation = last_misses(chain(&vertices, &[Hash, Broadcast, Rescale]), 2);
    (situation.failed, situation.states[5]) = (5, Failed);
    assert_eq!(restart(&situation), [2, 4, 5, 6, 7, 8, 9]);
}

#[test]
fn an_order_sensitive_operator_with_one_input_repeats_itself() {
    let topology = chain(&[(1, PerRow), (2, Limit), (2, PerKey)], &[Hash, Hash]);
    assert_eq!(restart(&last_misses(topology, 1)), [1, 4]);
}

#[test]
fn an_order_sensitive_operator_with_two_inputs_does_not() {
    let topology = chain(&[(2, PerRow), (2, Limit), (2, PerKey)], &[Hash, Hash]);
    assert_eq!(restart(&last_misses(topology, 2)), [2, 4, 5]);
}

#[test]
fn round_robin_repeats_itself_only_after_one_input() {
    let one = chain(&[(1, PerRow), (1, PerRow), (2, PerKey)], &[Hash, Rescale]);
    assert_eq!(restart(&last_misses(one, 1)), [1, 3]);
    let two = chain(&[(2, PerRow), (1, PerRow), (2, PerKey)], &[Hash, Rescale]);
    assert_eq!(restart(&last_misses(two, 2)), [2, 3, 4]);
}

/// The result of 0 is lost, which 2 needs to run again; that of 0 would be dealt out anew.
#[test]
fn a_difference_travels_through_what_runs_again() {
    let vertices = [(1, PerRow), (2, PerRow), (2, PerKey)];
    let mut situation = last_misses(chain(&vertices, &[Rebalance, Hash]), 2);
    assert_eq!(restart(&situation), [2, 4], "as long as 2 can read its input");
    situation.lost[0] = true;
    assert_eq!(restart(&situation), [0, 1, 2, 3, 4]);
}

/// 0 is about to be reset by an earlier restart: 3 must not be scheduled to read what 0 wrote
/// before.
#[test]
fn a_producer_that_waits_for_a_restart_is_taken_along() {
    let mut situation = last_misses(chain(&[(2, PerRow), (2, PerKey)], &[Hash]), 0);
    situation.cause = Cause::Task;
    assert_eq!(restart(&situation), [3]);
    situation.waiting[0] = true;
    assert_eq!(restart(&situation), [0, 3]);
}

/// 2 has finished, and an earlier restart is going to reset it all the same.
#[test]
fn a_consumer_that_waits_for_a_restart_is_taken_along() {
    let mut situation = last_misses(chain(&[(2, PerRow), (2, PerKey)], &[Hash]), 0);
    situation.waiting[2] = true;
    assert_eq!(restart(&situation), [0, 2, 3]);
}
