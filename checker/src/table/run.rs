//! Computing the table, several cells at a time.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::thread;

use super::cell::{Cell, cells};
use super::result::CellResult;
use crate::explore::Control;
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
    let next = AtomicUsize::new(0);
    let (sender, receiver) = channel();
    let mut results = Vec::with_capacity(cells.len());
    thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            let (sender, cells, next) = (sender.clone(), &cells, &next);
            scope.spawn(move || {
                while let Some((index, cell)) = take(cells, next) {
                    let control = Control { interrupted, progress: None };
                    let result = run(&cell.scenario, options, control);
                    let result = result.map(|result| CellResult::of(cell, &result));
                    // Who receives outlives all who send.
                    let _ = sender.send((index, result));
                }
            });
        }
        drop(sender);
        for result in &receiver {
            results.push(result);
            progress(results.len(), cells.len());
        }
    });
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

fn take<'a>(cells: &'a [Cell], next: &AtomicUsize) -> Option<(usize, &'a Cell)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    cells.get(index).map(|cell| (index, cell))
}
