//! Coverage as a part of the page `checker/docs/citations.md`.

use std::fmt::Write;

use super::{Witness, sections};

/// What writes the page anew.
pub const COMMAND: &str = "failproof list citations --page";

/// Of each section what stands for it, then of each rule where it is at work.
pub fn render_markdown(witnesses: &[Witness]) -> String {
    let mut text = String::from("| section | | rules | besides |\n|---|---|---|---|\n");
    for section in sections() {
        let rules: Vec<String> = section.rules().map(|rule| format!("`{}`", rule.id)).collect();
        let (rules, besides) = (rules.join(", "), section.elsewhere().unwrap_or_default());
        let _ = writeln!(text, "| {} | {} | {rules} | {besides} |", section.number, section.title);
    }
    text.push_str("\n| rule | sections | fires in |\n|---|---|---|\n");
    for Witness { rule, scenario } in witnesses {
        let (id, sections) = (rule.id, rule.sections.join(", "));
        let fires = scenario.as_ref().map_or("nowhere".to_owned(), |name| format!("`{name}`"));
        let _ = writeln!(text, "| `{id}` | {sections} | {fires} |");
    }
    text
}
