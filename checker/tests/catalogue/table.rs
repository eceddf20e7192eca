//! The generated table: its quick cells give the recorded answers, on any number of threads, and can be read.

use std::sync::atomic::AtomicBool;

use failproof_checker::explore::Limits;
use failproof_checker::run::Options;
use failproof_checker::table::{
    Cell, CellResult, Job, compare, is_quick, recorded, render, run_table,
};
use failproof_model::job_graph::{Operator, Partitioner};

#[test]
fn quick_cells_give_the_recorded_answers() {
    let recorded = recorded().unwrap();
    let quick = |cell: &Cell| is_quick(cell, &recorded);
    let found = run_table(quick, 2, &Options::default(), None, |_, _| ()).unwrap();
    assert!(found.len() > 900, "only {} quick cells", found.len());
    let differences = compare(&recorded, &found);
    let lines: Vec<String> = differences.iter().map(ToString::to_string).collect();
    assert!(lines.is_empty(), "{}", lines.join("\n"));
}

/// A dozen small cells.
fn few(cell: &Cell) -> bool {
    let partitioners = [Partitioner::Rescale, Partitioner::CustomMisdeclared];
    let operators = [Operator::PerKey, Operator::Limit];
    cell.job == Job::FanOut
        && partitioners.contains(&cell.partitioner)
        && operators.contains(&cell.operator)
}

#[test]
fn results_are_in_order_on_any_number_of_threads() {
    let of = |threads| {
        let mut told = Vec::new();
        let tell = |done, of| told.push((done, of));
        let found = run_table(few, threads, &Options::default(), None, tell).unwrap();
        assert_eq!(told, (1..=16).map(|done| (done, 16)).collect::<Vec<_>>());
        found
    };
    let one = of(1);
    assert_eq!(one.len(), 16);
    assert_eq!(of(0), one);
    assert_eq!(of(7), one);
}

#[test]
fn a_table_that_was_cut_off_says_nothing_is_safe() {
    let cut_off = |limits, interrupted| {
        let interrupted = AtomicBool::new(interrupted);
        run_table(few, 1, &Options::from(limits), Some(&interrupted), |_, _| ()).unwrap()
    };
    let limits = Limits { states: Some(100), ..Limits::default() };
    for found in [cut_off(limits, false), cut_off(Limits::default(), true)] {
        assert!(found.iter().all(|it| !it.is_complete()), "{found:?}");
        assert!(!render(&found).contains("safe"), "{}", render(&found));
    }
}

#[test]
fn a_table_can_be_read() {
    let mut found = recorded().unwrap();
    let is_few = |it: &CellResult| {
        ["fan-out/RESCALE/limit", "fan-out/CUSTOM_MISDECLARED/per-key"]
            .iter()
            .any(|start| it.id.starts_with(start))
    };
    found.retain(is_few);
    insta::assert_snapshot!(render(&found), @"
    fan-out                      always  only-if-nondeterministic  never              affected
    RESCALE             limit    safe    hangs 7                   hangs 7            safe
    CUSTOM_MISDECLARED  per-key  safe    wrong 17, hangs 7         wrong 17, hangs 7  wrong 17

    8 of 980 cells: 3 can be wrong, 4 can hang; 9194 states.
    ");
}
