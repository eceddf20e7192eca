//! Annotations of a GitHub workflow: at most one a property. The rest is for the summary of the step, which is
//! Markdown.

use std::fmt::Write;

use super::found::{Found, found};
use crate::assessment::Assessment;
use crate::exit_code::ExitCode;
use crate::run::result::ScenarioResult;

/// The annotations, a line each.
pub fn render(scenarios: &[ScenarioResult], exit: ExitCode) -> String {
    let all = found(scenarios);
    let mut wrong: Vec<&Found<'_>> = all.iter().filter(|it| it.is_wrong()).collect();
    let mut text = String::new();
    if wrong.is_empty() && exit != ExitCode::AsExpected {
        annotate(&mut text, "error", "failproof", exit.meaning());
    }
    while let Some(&first) = wrong.first() {
        let (same, others): (Vec<_>, Vec<_>) =
            wrong.into_iter().partition(|it| it.id() == first.id());
        wrong = others;
        // The worst of them is shown.
        let unexpected = same.iter().find(|it| it.assessment == Assessment::Unexpected);
        let shown = unexpected.unwrap_or(&first);
        let level = if unexpected.is_some() { "error" } else { "warning" };
        let mut message = format!("{}: {}", shown.scenario.name, shown.text);
        if let Some(replay) = shown.replay() {
            let _ = write!(message, "\n{replay}");
        }
        if same.len() > 1 {
            let _ = write!(message, "\nand in {} more: see the summary", same.len() - 1);
        }
        annotate(&mut text, level, &format!("failproof: {}", first.id()), &message);
    }
    text
}

fn annotate(text: &mut String, level: &str, title: &str, message: &str) {
    let title = escaped(title).replace(':', "%3A").replace(',', "%2C");
    let _ = writeln!(text, "::{level} title={title}::{}", escaped(message));
}

/// A text that is one line for GitHub.
fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn a_property_is_annotated_once() {
        let results = [sample::violated(), sample::stopped(), sample::violated()];
        insta::assert_snapshot!(render(&results, ExitCode::Unexpected));
    }

    #[test]
    fn nothing_is_annotated_where_all_is_well_and_something_where_it_is_not() {
        assert_eq!(render(&[], ExitCode::AsExpected), "");
        let mistake = render(&[], ExitCode::Mistake);
        assert_eq!(mistake, "::error title=failproof::a mistake in what was given\n");
    }

    #[test]
    fn a_message_is_one_line() {
        let mut text = String::new();
        annotate(&mut text, "error", "a: b, c", "100%\nof it");
        assert_eq!(text, "::error title=a%3A b%2C c::100%25%0Aof it\n");
    }
}
