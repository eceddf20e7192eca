//! The generated table: its quick cells give the recorded answers.

use failproof_checker::explore::Limits;
use failproof_checker::table::{compare, is_quick, recorded, run_table};

#[test]
fn quick_cells_give_the_recorded_answers() {
    let recorded = recorded().unwrap();
    let quick = |cell: &_| is_quick(cell, &recorded);
    let found = run_table(quick, 2, Limits::default(), None).unwrap();
    assert!(found.len() > 900, "only {} quick cells", found.len());
    let differences = compare(&recorded, &found);
    let lines: Vec<String> = differences.iter().map(ToString::to_string).collect();
    assert!(lines.is_empty(), "{}", lines.join("\n"));
}
