//! The page that compares what the next master makes of a job says what is explored.

use failproof_checker::masters::{COMMAND, Cell, Found, cells, render_markdown};
use failproof_checker::run::Options;

const PAGE: &str = include_str!("../../docs/masters.md");

/// Those with two masters and a TaskManager take a minute together, and are explored when the page is written.
const LATER: &str = "two masters and a TaskManager";

#[test]
fn the_page_says_what_becomes_of_each_job() {
    let explore = |cell: Cell| {
        let found = cell.explore(&Options::default()).unwrap();
        (cell, found)
    };
    let quick = cells().unwrap().into_iter().filter(|cell| cell.loss.name != LATER);
    let found: Vec<(Cell, Found)> = quick.map(explore).collect();
    let text = render_markdown(&found);
    let lines: Vec<&str> = text.lines().filter(|line| !line.contains(LATER)).collect();
    assert!(lines.len() > 5 * 7, "{lines:?}");
    let mut written = PAGE.lines();
    for line in lines {
        let found = written.any(|written| written == line);
        assert!(found, "`{COMMAND} checker/docs/masters.md` writes anew: {line}");
    }
}
