//! Computing the table, several cells at a time.

use std::sync::atomic::AtomicBool;

use super::cell::{Cell, cells};
use super::result::CellResult;
use crate::explore::Control;
use crate::parallel::each;
use crate::run::{Options, RunError, run};

/// Explores all cells that `filter` lets through, on `threads` threads, each cell on one of them. The results are in
/// the order of the table, whichever cell ends first; `progress` is told after each how many are done, and of how many.
/// Once `interrupted` is set, cells end early and are inconclusive.
///
/// # Errors
/// When the model refuses a cell.
pub fn run_table(
    filter: impl Fn(&Cell) -> bool,
    threads: usize,
    options: &Options,
    interrupted: Option<&AtomicBool>,
    mut progress: impl FnMut(usize, usize),
) -> Result<Vec<CellResult>, RunError> {
    let mut cells = cells();
    cells.retain(filter);
    let mut results = Vec::with_capacity(cells.len());
    let explore = |cell: &Cell| {
        let control = Control { interrupted, progress: None };
        run(&cell.scenario, options, control).map(|result| CellResult::of(cell, &result))
    };
    each(&cells, threads, explore, |index, result| {
        results.push((index, result));
        progress(results.len(), cells.len());
        true
    });
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}
