//! The catalogue as a part of the page `checker/docs/defects.md`.

use std::fmt::Write;

use super::{Effect, Group, HistoricDefect, Reach, Seed, Seeded, defects};
use crate::scenario_file::{MistakenFile, name_of};

/// What writes the page anew.
pub const COMMAND: &str = "failproof list defects --page";

/// How many defects are how far, and of each group a table of those that are seeded and one of the others.
///
/// # Errors
/// A scenario that the catalogue names cannot be read.
pub fn render_markdown() -> Result<String, MistakenFile> {
    let mut text = counts();
    for group in Group::ALL {
        let _ = write!(text, "\n### {}\n", group.title());
        let mut seeded = String::new();
        let mut others = String::new();
        for defect in group.entries() {
            let tickets = tickets(defect);
            let HistoricDefect { id, happened, .. } = defect;
            let _ = match defect.reach {
                Reach::Seeded(how) => {
                    let how = how_shown(&how)?;
                    writeln!(seeded, "| `{id}` | {tickets} | {happened} | {how} |")
                }
                Reach::Open { needs } => {
                    writeln!(others, "| `{id}` | {tickets} | {happened} | not yet: {needs} |")
                }
                Reach::OutOfReach { reason } => {
                    writeln!(others, "| `{id}` | {tickets} | {happened} | {reason} |")
                }
            };
        }
        if !seeded.is_empty() {
            text.push_str(
                "\n| defect | tickets | what went wrong | seed | scenario | violated | states with it | without |\n\
                 |---|---|---|---|---|---|---:|---:|\n",
            );
            text.push_str(&seeded);
        }
        if !others.is_empty() {
            text.push_str("\n| not shown | tickets | what went wrong | why |\n|---|---|---|---|\n");
            text.push_str(&others);
        }
    }
    Ok(text)
}

fn counts() -> String {
    let of = |status: &str| defects().filter(|defect| defect.status() == status).count();
    format!(
        "{} entries: {} seeded, {} measured, {} not yet, {} out of reach.\n",
        defects().count(),
        of("seeded"),
        of("measured"),
        of("not yet"),
        of("out of reach")
    )
}

fn tickets(defect: &HistoricDefect) -> String {
    let linked = |ticket: &&str| match ticket.starts_with("FLINK-") {
        true => format!("[{ticket}](https://issues.apache.org/jira/browse/{ticket})"),
        false => (*ticket).to_owned(),
    };
    defect.tickets.iter().map(linked).collect::<Vec<_>>().join(", ")
}

fn how_shown(how: &Seeded) -> Result<String, MistakenFile> {
    let [with, without] = how.states()?.shown();
    let (seed, scenario) = (seed_text(how.seed), how.scenario);
    let violated = match how.effect {
        Effect::Violates(property) => format!("`{property}`"),
        effect @ Effect::TaskReruns { .. } => effect.to_string(),
    };
    Ok(format!("`{seed}` | `{scenario}` | {violated} | {with} | {without}"))
}

/// A seed as scenario files spell it.
pub fn seed_text(seed: Seed) -> String {
    match seed {
        Seed::Defect(defect) => format!("defect = \"{}\"", name_of(defect)),
        Seed::Design(setting) => setting.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::refresh;

    const PAGE: &str = include_str!("../../docs/defects.md");

    #[test]
    fn the_page_shows_the_catalogue() {
        let fresh = refresh(PAGE, COMMAND, &render_markdown().unwrap()).unwrap();
        let command = format!("{COMMAND} checker/docs/defects.md");
        let stale = PAGE.lines().zip(fresh.lines()).find(|(old, fresh)| old != fresh);
        assert_eq!(stale, None, "`{command}` writes the page anew");
        assert_eq!(PAGE.len(), fresh.len(), "`{command}` writes the page anew");
    }

    #[test]
    fn every_entry_is_on_the_page_once() {
        let text = render_markdown().unwrap();
        for defect in defects() {
            assert_eq!(text.matches(&format!("\n| `{}` |", defect.id)).count(), 1, "{}", defect.id);
        }
    }
}
