//! `RestartPipelinedRegionFailoverStrategyTest` (section 10.1).

use std::collections::BTreeSet;

use failproof_model::design::preset;
use failproof_model::execution_state::ExecutionState;
use failproof_model::job_graph::ResultPartitionType::{
    Blocking, HybridFull, HybridSelective, Pipelined, PipelinedApproximate,
};
use failproof_model::strategy::{Cause, Failure, failover_strategy};
use failproof_model::topology::Topology;

use crate::job::{Edge, result_of, topology};
use crate::view::Books;

/// A job in some state. Vertices are counted from 1, as in the table.
struct Job {
    topology: Topology,
    books: Books,
}

impl Job {
    /// `states` has one letter a vertex.
    fn new(topology: Topology, states: &str) -> Self {
        let states: Vec<_> = states.chars().map(state).collect();
        assert_eq!(states.len(), topology.vertices);
        Job { topology, books: Books { states, lost: BTreeSet::new() } }
    }

    /// The same, without the results of these vertices.
    fn without_results_of(mut self, vertices: &[usize]) -> Self {
        self.books.lost = vertices.iter().map(|&v| result_of(&self.topology, v)).collect();
        self
    }

    fn restart(&self, vertex: usize, cause: Cause) -> Vec<usize> {
        let design = preset("flink-2").unwrap().design;
        let strategy = failover_strategy(design.strategy, &self.topology).unwrap();
        let failure = Failure { vertex: vertex - 1, cause, view: &self.books };
        strategy.tasks_to_restart(&failure).ones().map(|v| v + 1).collect()
    }

    /// After an error of the task's own.
    fn after(&self, vertex: usize) -> Vec<usize> {
        self.restart(vertex, Cause::Task)
    }

    /// After a `PartitionConnectionException` on the result of `producer`.
    fn after_reading(&self, vertex: usize, producer: usize) -> Vec<usize> {
        self.restart(vertex, Cause::Partition(result_of(&self.topology, producer)))
    }
}

fn state(letter: char) -> ExecutionState {
    match letter {
        'C' => ExecutionState::Created,
        'S' => ExecutionState::Scheduled,
        'R' => ExecutionState::Running,
        'F' => ExecutionState::Finished,
        'X' => ExecutionState::Failed,
        'K' => ExecutionState::Canceled,
        other => panic!("no state is written {other}"),
    }
}

fn two_to_two_and_one_to_one() -> Topology {
    topology(6, &[(&[1, 2], &[4, 5], Blocking), (&[3], &[6], Blocking)])
}

#[test]
fn region_internal_errors() {
    let job = Job::new(two_to_two_and_one_to_one(), "FFFFSR");
    assert_eq!(job.after(1), [1, 4, 5]);
    assert_eq!(job.after(2), [2, 4, 5]);
    assert_eq!(job.after(3), [3, 6]);
    assert_eq!(job.after(4), [4]);
    assert_eq!(job.after(5), [5]);
    assert_eq!(job.after(6), [6]);
}

#[test]
fn data_consumption_errors() {
    let job = Job::new(two_to_two_and_one_to_one(), "FFFRRR");
    assert_eq!(job.after_reading(4, 1), [1, 4, 5]);
    assert_eq!(job.after_reading(4, 2), [2, 4, 5]);
    assert_eq!(job.after_reading(5, 1), [1, 4, 5]);
    assert_eq!(job.after_reading(5, 2), [2, 4, 5]);
    assert_eq!(job.after_reading(6, 3), [3, 6]);
}

#[test]
fn various_result_partition_availability() {
    let job = || Job::new(topology(3, &[(&[1], &[3], Blocking), (&[2], &[3], Blocking)]), "FFR");
    let after_each = |job: Job| [job.after(1), job.after(2), job.after(3)];
    assert_eq!(after_each(job()), [vec![1, 3], vec![2, 3], vec![3]]);
    let first_lost = job().without_results_of(&[1]);
    assert_eq!(after_each(first_lost), [vec![1, 3], vec![1, 2, 3], vec![1, 3]]);
    let second_lost = job().without_results_of(&[2]);
    assert_eq!(after_each(second_lost), [vec![1, 2, 3], vec![2, 3], vec![2, 3]]);
    let both_lost = job().without_results_of(&[1, 2]);
    assert_eq!(after_each(both_lost), [[1, 2, 3]; 3]);
}

#[test]
fn multiple_vertices_regions() {
    let edges: &[Edge<'_>] = &[
        (&[1], &[2], Pipelined),
        (&[2], &[3], Blocking),
        (&[3], &[4], Pipelined),
        (&[4], &[5], Blocking),
        (&[5], &[6], Pipelined),
    ];
    let job = Job::new(topology(6, edges), "FFRRXK");
    assert_eq!(job.after(3), [3, 4, 5, 6]);
    assert_eq!(job.after_reading(3, 2), [1, 2, 3, 4, 5, 6]);
}

#[test]
fn does_not_restart_created() {
    let job = Job::new(topology(2, &[(&[1], &[2], Blocking)]), "CC");
    assert!(job.after(2).is_empty());
    assert!(job.after_reading(2, 1).is_empty());
}

#[test]
fn pipelined_approximate() {
    let edges: &[Edge<'_>] = &[
        (&[1], &[2], PipelinedApproximate),
        (&[1], &[3], PipelinedApproximate),
        (&[2], &[4], PipelinedApproximate),
        (&[3], &[4], PipelinedApproximate),
    ];
    let job = Job::new(topology(4, edges), "RRRR");
    assert_eq!(job.after(1), [1, 2, 3, 4]);
    assert_eq!(job.after(2), [2, 4]);
    assert_eq!(job.after(3), [3, 4]);
    assert_eq!(job.after(4), [4]);
}

#[test]
fn hybrid_edge() {
    let edges: &[Edge<'_>] = &[
        (&[1], &[5], HybridFull),
        (&[2], &[5], Blocking),
        (&[3], &[5], HybridSelective),
        (&[4], &[5], Pipelined),
        (&[5], &[6], HybridFull),
    ];
    let job = Job::new(topology(6, edges), "FFFRFR");
    assert_eq!(job.after(5), [3, 4, 5, 6]);
    assert_eq!(job.after(6), [6]);
}
