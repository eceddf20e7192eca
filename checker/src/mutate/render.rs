//! The kill matrix as people read it, in a terminal and on the page `checker/docs/kills.md` alike.

use std::fmt::Write;

use super::report::{Fate, OfDefect, OfProperty, Report};
use crate::report::quantity::{count, counted};

/// What writes the page anew.
pub const COMMAND: &str = "failproof mutate --page";

/// What survives, and of each defect where it was tried and what kills it; then what each property is for.
pub fn render_markdown(report: &Report) -> String {
    let mut text = extent(report);
    unfinished(&mut text, report);
    defects(&mut text, report);
    kills(&mut text, report);
    properties(&mut text, report);
    for mistake in &report.mistakes {
        let _ = write!(text, "\nMistake: {mistake}.\n");
    }
    text
}

fn extent(report: &Report) -> String {
    let Report { defects, scenarios, same, .. } = report;
    let of = |fate: Fate| defects.iter().filter(move |it| it.fate == fate);
    let tried: usize = defects.iter().map(|it| it.tried + it.unfinished.len()).sum();
    let mut text = format!(
        "{} in {}: {} killed, {} survive, {} unknown, {} change nothing here. In {} a defect changes a step, in {} it \
         changes none.\n",
        counted(defects.len(), "defect"),
        counted(*scenarios, "scenario"),
        of(Fate::Killed).count(),
        of(Fate::Survives).count(),
        of(Fate::Unknown).count(),
        of(Fate::Untried).count(),
        counted(tried, "case"),
        count(*same as u64)
    );
    for survivor in of(Fate::Survives) {
        let _ = write!(text, "\n**Survives**: `{}`; no property sees it.\n", survivor.defect);
    }
    text
}

fn unfinished(text: &mut String, report: &Report) {
    if !report.complete {
        text.push_str("\nNot finished: nothing here is said of the scenarios that are left.\n");
    }
    let unfinished: usize = report.defects.iter().map(|it| it.unfinished.len()).sum();
    if unfinished > 0 {
        let _ = write!(
            text,
            "\nNot seen to the end within {}, so that they count for nothing: {}.\n\n",
            counted(report.states_max, "state"),
            counted(unfinished, "case")
        );
    }
    for OfDefect { defect, unfinished, .. } in &report.defects {
        if !unfinished.is_empty() {
            let _ = writeln!(text, "- `{defect}` in {}", quoted(unfinished));
        }
    }
}

fn defects(text: &mut String, report: &Report) {
    text.push_str("\n| defect | first changes | scenarios | killed in | survives in | unfinished |\n|---|---|");
    text.push_str(&"---:|".repeat(4));
    for it in &report.defects {
        let OfDefect { defect, changes, tried, survived, unfinished, .. } = it;
        let numbers = [tried + unfinished.len(), tried - survived, *survived, unfinished.len()];
        let numbers = numbers.map(|n| count(n as u64)).join(" | ");
        let _ = write!(text, "\n| `{defect}` | {} | {numbers} |", quoted(changes));
    }
    text.push('\n');
}

fn kills(text: &mut String, report: &Report) {
    text.push_str("\n| defect | killed by | scenarios | alone | smallest | states |\n|---|---|---:|---:|---|---:|");
    for OfDefect { defect, kills, .. } in &report.defects {
        for (index, it) in kills.iter().enumerate() {
            let defect = if index == 0 { format!("`{defect}`") } else { String::new() };
            let [scenarios, alone, states] =
                [it.scenarios, it.alone, it.states].map(|n| count(n as u64));
            let _ = write!(
                text,
                "\n| {defect} | `{}` | {scenarios} | {alone} | `{}` | {states} |",
                it.property, it.smallest
            );
        }
    }
    text.push('\n');
}

/// Of a part of the defects or scenarios it is only told what kills something there.
fn properties(text: &mut String, report: &Report) {
    let shown = report.properties.iter().filter(|it| report.whole || it.kills > 0);
    text.push_str(
        "\n| property | kills | alone in a scenario | never without | why it stays |\n|---|---:|---|---|---|",
    );
    for it in shown {
        let OfProperty { property, kills, covered_by, .. } = it;
        let alone = it.alone.iter().map(|defect| match it.only.contains(defect) {
            true => format!("**`{defect}`**"),
            false => format!("`{defect}`"),
        });
        let alone = alone.collect::<Vec<_>>().join(", ");
        let stays = it.stays.filter(|_| report.whole).unwrap_or_default();
        let covered_by = quoted(covered_by);
        let _ = write!(text, "\n| `{property}` | {kills} | {alone} | {covered_by} | {stays} |");
    }
    text.push('\n');
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
