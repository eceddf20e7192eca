//! The designs side by side, as a part of the page `checker/docs/masters.md`.

use std::fmt::Write;

use super::{Answer, Cell, DESIGNS, Found, JOBS, LOSSES};
use crate::report::quantity::count;

/// What writes the page anew.
pub const COMMAND: &str = "failproof list masters --page";

/// A table a job: a line a loss, and of each design what goes wrong, what was repeated, and how many states that took.
pub fn render_markdown(found: &[(Cell, Found)]) -> String {
    let mut text = String::new();
    for job in JOBS {
        let _ = writeln!(text, "### {}\n", capitalized(job.name));
        let heads = DESIGNS.map(|design| format!("{} | task reruns | states", design.name));
        let _ = writeln!(text, "| lost | {} |", heads.join(" | "));
        let _ = writeln!(text, "|---|{}", "---|---|---:|".repeat(DESIGNS.len()));
        for loss in LOSSES {
            let cells = DESIGNS.map(|design| {
                let is = |cell: &Cell| (cell.job, cell.loss, cell.design) == (job, loss, design);
                let found = found.iter().find(|(cell, _)| is(cell)).map(|(_, found)| found);
                found.map_or_else(|| "? | ? | ?".to_owned(), described)
            });
            let _ = writeln!(text, "| {} | {} |", loss.name, cells.join(" | "));
        }
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

fn described(found: &Found) -> String {
    let answer = match found.answer {
        Answer::Safe => "safe".to_owned(),
        other => format!("**{other}**"),
    };
    let most = found.reruns_max.map_or_else(|| "any number".to_owned(), count);
    format!("{answer} | {} to {most} | {}", found.reruns_late, count(found.states as u64))
}

fn capitalized(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters.as_str().chars()).collect()
}
