//! The table as a part of the page `checker/docs/policies.md`.

use std::fmt::Write;

use failproof_model::job_graph::{Operator, Partitioner};

use super::cell::{Job, OPERATORS, Policy, cells};
use super::render::describe;
use super::result::CellResult;
use crate::page::{self, NoPlace};
use crate::run::result::Verdict;
use crate::spelling::spelt;

/// What writes the page anew.
const COMMAND: &str = "failproof table --bless";

/// The page with the table of `results` in its place; what people wrote around it stays.
///
/// # Errors
/// The page has no place for it.
pub fn refresh(page: &str, results: &[CellResult]) -> Result<String, NoPlace> {
    page::refresh(page, COMMAND, &render_markdown(results))
}

/// The table: first how many cells of each policy are safe; then for each job and policy, a line a partitioner and a
/// column an operator. Where all is safe, a sentence.
pub fn render_markdown(results: &[CellResult]) -> String {
    let mut text = counts(results);
    for job in Job::ALL {
        let _ = writeln!(text, "\n### {}", title(job));
        for policy in Policy::ALL {
            let _ = writeln!(text, "\n#### {job}, {policy}\n\n{}", grid(results, job, policy));
        }
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

fn counts(results: &[CellResult]) -> String {
    let cells = cells();
    let mut text = "| policy | cells | safe | can be wrong | can hang | states |\n|---|".to_owned();
    text.push_str(&"---:|".repeat(5));
    for policy in Policy::ALL {
        let is_of = |id: &str| cells.iter().any(|cell| cell.policy == policy && cell.id == id);
        let own: Vec<&CellResult> = results.iter().filter(|it| is_of(&it.id)).collect();
        let safe = own.iter().filter(|it| describe(it) == "safe").count();
        let wrong = own.iter().filter(|it| it.transparent == Verdict::Violated).count();
        let hang = own.iter().filter(|it| it.hangs_after().is_some()).count();
        let states: usize = own.iter().map(|it| it.states).sum();
        let _ =
            write!(text, "\n| {policy} | {} | {safe} | {wrong} | {hang} | {states} |", own.len());
    }
    text.push('\n');
    text
}

fn title(job: Job) -> &'static str {
    match job {
        Job::OneExchange => "One exchange: A(2) -> C(2)",
        Job::TwoExchanges => "Two exchanges: A(2) -> B(2) -HASH-> C(2)",
        Job::ThreeExchanges => "Three exchanges: A(1) -> B(2) -HASH-> C(2) -HASH-> D(2)",
        Job::FanOut => "Fan out: A(2) -HASH-> B(1) -> C(2)",
    }
}

fn grid(results: &[CellResult], job: Job, policy: Policy) -> String {
    let cells = cells();
    let answer = |partitioner: Partitioner, operator: Operator| {
        let cell = cells.iter().find(|cell| {
            (cell.job, cell.policy, cell.partitioner, cell.operator)
                == (job, policy, partitioner, operator)
        });
        let result = cell.and_then(|cell| results.iter().find(|it| it.id == cell.id));
        result.map_or_else(|| "?".to_owned(), describe)
    };
    let rows: Vec<(Partitioner, Vec<String>)> =
        job.partitioners().iter().map(|&p| (p, OPERATORS.map(|o| answer(p, o)).to_vec())).collect();
    if rows.iter().flat_map(|(_, row)| row).all(|answer| answer == "safe") {
        return format!("All {} cells are safe.", rows.len() * OPERATORS.len());
    }
    let names: Vec<String> = OPERATORS.iter().map(spelt).collect();
    let mut text = format!("| | {} |\n|---|{}", names.join(" | "), "---|".repeat(names.len()));
    for (partitioner, row) in rows {
        let _ = write!(text, "\n| {} | {} |", spelt(&partitioner), row.join(" | "));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::recorded;

    const PAGE: &str = include_str!("../../docs/policies.md");

    #[test]
    fn the_page_shows_what_is_recorded() {
        let fresh = refresh(PAGE, &recorded().unwrap()).unwrap();
        assert_eq!(fresh, PAGE, "`failproof table --bless` writes the page anew");
    }

    #[test]
    fn a_changed_answer_changes_the_page() {
        let mut results = recorded().unwrap();
        let violated = results.iter_mut().find(|it| it.transparent_steps.is_some()).unwrap();
        violated.transparent_steps = Some(99);
        assert!(refresh(PAGE, &results).unwrap().contains("wrong 99"));
    }
}
