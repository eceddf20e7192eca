//! Whatever a file says, it is a scenario or the answer can be shown.

use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::{BASE, KNOWN};
use crate::scenario_file::{Expectation, ScenarioFileError, bless, parse};

fn survives(text: &str) {
    let read = parse("any.toml", text, &KNOWN);
    if let Err(mistaken) = read.and_then(|file| file.check_model("any.toml")) {
        assert!(!mistaken.mistakes.is_empty());
        let line = mistaken.to_string();
        assert!(line.starts_with("any.toml:") && !line.contains(char::is_control), "{line:?}");
        let error = ScenarioFileError::from(mistaken);
        assert!(error.render(false).contains("error:"));
        assert!(error.render(true).contains("error"));
    }
    let _ = bless("any.toml", text, &Expectation::default());
}

/// What means something to TOML, to a terminal, or to neither.
const TELLING: &[&str] = &[
    "[",
    "]",
    "\"",
    "=",
    "\n",
    "é",
    "\u{0}",
    "{",
    "}",
    "-",
    "\t",
    "[[x]]",
    "#",
    ".",
    "'''",
    "\u{1b}[31m",
];

/// What is put somewhere into a valid file.
fn fragments() -> impl Strategy<Value = String> {
    prop_oneof![
        select(TELLING).prop_map(str::to_owned),
        "\\PC{0,8}",
        any::<i64>().prop_map(|n| n.to_string()),
    ]
}

proptest! {
    #[test]
    fn on_any_text(text in "\\PC{0,200}") {
        survives(&text);
    }

    #[test]
    fn on_a_valid_file_with_a_part_cut_out_and_another_put_in(
        edits in prop::collection::vec((any::<Index>(), 0..20_usize, fragments()), 1..4),
    ) {
        let mut text = BASE.to_owned();
        for (at, cut, fragment) in edits {
            let mut characters: Vec<_> = text.chars().collect();
            let start = at.index(characters.len() + 1);
            let end = (start + cut).min(characters.len());
            characters.splice(start..end, fragment.chars());
            text = characters.into_iter().collect();
        }
        survives(&text);
    }

    #[test]
    fn on_lines_left_out_repeated_and_exchanged(
        lines in prop::collection::vec(select(BASE.lines().collect::<Vec<_>>()), 0..40),
    ) {
        survives(&lines.join("\n"));
    }
}

#[test]
fn on_tables_without_end() {
    survives(&"[".repeat(100_000));
    survives(&format!("a = {}", "[".repeat(100_000)));
    survives(&format!("a{} = 1", ".a".repeat(100_000)));
}
