//! The result as Markdown: a table of verdicts, and what went wrong with a picture of each run.

use std::fmt::Write;

use failproof_traces::Trace;

use super::found::{Found, found};
use crate::assessment::Assessment;
use crate::exit_code::ExitCode;
use crate::run::result::ScenarioResult;

/// The page for these runs. `diagram` draws a run as a Mermaid diagram, where it can.
pub fn render(
    scenarios: &[ScenarioResult],
    exit: ExitCode,
    diagram: &dyn Fn(&Trace) -> Option<String>,
) -> String {
    let all = found(scenarios);
    let mut text = format!("# failproof: {}\n\n", exit.meaning());
    if !all.is_empty() {
        text.push_str("| | scenario | property | verdict | steps |\n|---|---|---|---|---:|\n");
    }
    for found in all.iter().filter(|it| it.property.is_some() || it.is_wrong()) {
        let steps = found.property.and_then(|property| property.steps);
        let steps = steps.map(|steps| steps.to_string()).unwrap_or_default();
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {steps} |",
            mark(found),
            cell(&found.scenario.name),
            cell(found.id()),
            found.verdict(),
        );
    }
    for found in all.iter().filter(|it| it.is_wrong()) {
        let _ = writeln!(text, "\n## {}: {}\n\n{}", found.scenario.name, found.id(), found.text);
        if let Some(replay) = found.replay() {
            let _ = writeln!(text, "\n```sh\n{replay}\n```");
        }
        let run = found.property.and_then(|property| property.counterexample.as_ref());
        if let Some(diagram) = run.and_then(diagram) {
            let _ = writeln!(text, "\n```mermaid\n{diagram}```");
        }
    }
    let _ = writeln!(text, "\nExit code {}: {}.", exit.number(), exit.meaning());
    text
}

fn mark(found: &Found<'_>) -> &'static str {
    match found.assessment {
        Assessment::AsExpected | Assessment::NotAsked => "✓",
        Assessment::Unexpected => "✗",
        Assessment::Inconclusive | Assessment::Vacuous => "?",
    }
}

/// A text that ends no cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn what_went_wrong_is_told_below_the_table() {
        let results = [sample::violated(), sample::stopped()];
        let text = render(&results, ExitCode::Unexpected, &|_| None);
        insta::assert_snapshot!(text);
    }
}
