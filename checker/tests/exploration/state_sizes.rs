//! What each part of a state costs, in bytes and in states: the tables of `checker/docs/state.md` are these.

use crate::setup::{ALL_FINE, Setup, edge, job, sink, source, task};
use failproof_checker::explore::{Control, Limits, explore};
use failproof_model::failover::Failover;
use failproof_model::job_graph::{
    Operator, Partitioner as P, ResultPartitionType as T, SinkCommit,
};
use failproof_model::scenario::{FaultKind, Mechanism as M};
use failproof_model::state::{Fine, State};

const DOCUMENT: &str = include_str!("../../docs/state.md");

/// Two producers, two consumers.
fn two_stages(rows: usize) -> Setup {
    let vertices = vec![source("A", 2, rows), sink("C", 2, SinkCommit::AtJobEnd)];
    job(vertices, vec![edge(0, 1, P::Rebalance, T::Blocking)])
}

/// One source, two workers, two sinks.
fn three_stages(rows: usize) -> Setup {
    let vertices = vec![
        source("A", 1, rows),
        task("B", 2, Operator::PerRow),
        sink("C", 2, SinkCommit::AtJobEnd),
    ];
    let rebalance = |from| edge(from, from + 1, P::Rebalance, T::Blocking);
    job(vertices, vec![rebalance(0), rebalance(1)]).placement(2, &[0, 0, 1, 0, 1])
}

const FAULTS: &[FaultKind] =
    &[FaultKind::TaskThrows, FaultKind::TaskManagerDies, FaultKind::PartitionLost];

type Change = Box<dyn Fn(Setup) -> Setup>;
/// What is changed of the base: one row a source subtask, one fault of three kinds, no returns, everything coarse.
fn changes() -> Vec<(String, Change)> {
    let grains: [(&str, &[M]); 6] = [
        ("deployment", &[M::Deployment]),
        ("reports", &[M::Reports]),
        ("cancellation", &[M::Cancellation]),
        ("detection", &[M::Detection]),
        ("reads", &[M::Reads]),
        ("everything", ALL_FINE),
    ];
    let mut changes: Vec<(String, Change)> = vec![
        ("nothing".to_owned(), Box::new(|setup| setup)),
        ("two rows a source subtask".to_owned(), Box::new(two_rows)),
        (
            "TaskManagers return".to_owned(),
            Box::new(|mut setup: Setup| {
                setup.0.cluster.returns = true;
                setup
            }),
        ),
        (
            "a bounded number of restarts".to_owned(),
            Box::new(|setup: Setup| setup.design(|design| design.restart_attempts = Some(2))),
        ),
        ("no fault".to_owned(), Box::new(|setup: Setup| only(setup, 0, &[]))),
        ("two faults".to_owned(), Box::new(|setup: Setup| only(setup, 2, FAULTS).with_returns())),
    ];
    for (name, change) in grains {
        let change: Change = Box::new(move |setup: Setup| setup.fine(change));
        changes.push((format!("fine: {name}"), change));
    }
    for kind in FaultKind::ALL {
        let change: Change = Box::new(move |setup: Setup| only(setup, 1, &[kind]));
        changes.push((format!("only the fault {kind:?}"), change));
    }
    changes
}

fn two_rows(mut setup: Setup) -> Setup {
    setup.0.job.vertices[0].rows_per_subtask = 2;
    setup
}

fn only(mut setup: Setup, total: u8, kinds: &[FaultKind]) -> Setup {
    setup.0.faults = failproof_model::scenario::FaultBudget::NONE;
    setup.faults(total, kinds)
}

impl Setup {
    fn with_returns(mut self) -> Self {
        self.0.cluster.returns = true;
        self
    }
}

fn states(setup: &Setup) -> usize {
    let model: Failover<8> = setup.model();
    let (found, _) = explore(&model, &(), Limits::default(), Control::default());
    assert_eq!(found.stopped, None);
    found.distinct
}

fn is_documented(table: &str) {
    assert!(DOCUMENT.contains(table), "checker/docs/state.md lacks this table:\n{table}");
}

#[test]
fn the_bytes_of_a_state_are_documented() {
    let mut table = "| V | bytes |\n|---|---|\n".to_owned();
    let sizes = [
        (4, size_of::<State<4>>()),
        (8, size_of::<State<8>>()),
        (12, size_of::<State<12>>()),
        (16, size_of::<State<16>>()),
    ];
    for (v, bytes) in sizes {
        // 70 bytes a vertex, 49 for the rest, what only some scenarios have, and what alignment to 16 adds.
        assert_eq!(bytes, (70 * v + 49 + size_of::<Fine>()).next_multiple_of(16));
        table += &format!("| {v} | {bytes} |\n");
    }
    is_documented(&table);
}

#[test]
fn the_states_that_each_part_costs_are_documented() {
    let mut table =
        "| changed | two stages | | three stages | |\n|---|---:|---:|---:|---:|\n".to_owned();
    let base = |setup: Setup| only(setup, 1, FAULTS).without_returns();
    let bases = [base(two_stages(1)), base(three_stages(1))];
    let plain = bases.clone().map(|setup| states(&setup) as f64);
    for (name, change) in changes() {
        table += &format!("| {name} |");
        for (setup, plain) in bases.iter().zip(plain) {
            let count = states(&change(setup.clone()));
            table += &format!(" {count} | {:.2} |", count as f64 / plain);
        }
        table += "\n";
    }
    is_documented(&table);
}
