//! The table as people read it in a terminal.

use std::fmt::Write;

use super::Job;
use super::cell::{Cell, Policy, cells};
use super::result::CellResult;
use crate::run::result::Verdict;
use crate::spelling::spelt;

/// The table: a line for each partitioner and operator, a column a policy. Cells of which nothing was found are left
/// blank, lines without any are left out.
pub fn render(results: &[CellResult]) -> String {
    let cells = cells();
    let found = |cell: &Cell| results.iter().find(|it| it.id == cell.id).map(describe);
    let mut text = String::new();
    for job in Job::ALL {
        let mut lines = vec![heading(job)];
        let of_job: Vec<&Cell> = cells.iter().filter(|cell| cell.job == job).collect();
        for row in of_job.chunks(Policy::ALL.len()) {
            let answers: Vec<Option<String>> = row.iter().map(|cell| found(cell)).collect();
            if answers.iter().any(Option::is_some) {
                let names = [spelt(&row[0].partitioner), spelt(&row[0].operator)];
                lines.push(
                    names
                        .into_iter()
                        .chain(answers.into_iter().map(Option::unwrap_or_default))
                        .collect(),
                );
            }
        }
        if lines.len() > 1 {
            text.push_str(&aligned(&lines));
            text.push('\n');
        }
    }
    text.push_str(&summary(results));
    text
}

/// What was found of a cell, in a word or two: `safe`, `wrong 12`, `hangs 4`.
pub(super) fn describe(result: &CellResult) -> String {
    let mut words = Vec::new();
    match (result.transparent, result.transparent_steps) {
        (Verdict::Violated, Some(steps)) => words.push(format!("wrong {steps}")),
        (Verdict::Violated, None) => words.push("wrong".to_owned()),
        (Verdict::Vacuous, _) => words.push("vacuous".to_owned()),
        (Verdict::Holds | Verdict::Inconclusive, _) => {}
    }
    if let Some(steps) = result.hangs_after() {
        words.push(format!("hangs {steps}"));
    }
    match (words.is_empty(), result.is_complete()) {
        (true, true) => "safe".to_owned(),
        (true, false) => "inconclusive".to_owned(),
        (false, _) => words.join(", "),
    }
}

fn heading(job: Job) -> Vec<String> {
    let policies = Policy::ALL.iter().map(Policy::to_string);
    [job.to_string(), String::new()].into_iter().chain(policies).collect()
}

fn aligned(lines: &[Vec<String>]) -> String {
    let columns = lines.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        lines.iter().filter_map(|line| line.get(column)).map(|it| it.chars().count()).max()
    };
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    let mut text = String::new();
    for line in lines {
        let padded: Vec<String> =
            line.iter().zip(&widths).map(|(entry, &width)| format!("{entry:width$}")).collect();
        text.push_str(padded.join("  ").trim_end());
        text.push('\n');
    }
    text
}

fn summary(results: &[CellResult]) -> String {
    let wrong = results.iter().filter(|it| it.transparent == Verdict::Violated).count();
    let hang = results.iter().filter(|it| it.hangs_after().is_some()).count();
    let cut_off = results.iter().filter(|it| !it.is_complete()).count();
    let states: usize = results.iter().map(|it| it.states).sum();
    let all = cells().len();
    let mut text =
        format!("{} of {all} cells: {wrong} can be wrong, {hang} can hang", results.len());
    if cut_off > 0 {
        let _ = write!(text, ", {cut_off} inconclusive");
    }
    let _ = writeln!(text, "; {states} states.");
    text
}
