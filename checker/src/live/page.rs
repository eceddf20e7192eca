//! The pages: one of a run, and one that lists the scenarios.

use html_escape::{encode_double_quoted_attribute, encode_text};

use super::address::encoded;
use super::answer::Refusal;
use super::look::Look;
use crate::picture::fill;
use crate::scenario_file::{Expectation, ExpectedVerdict, Surroundings, builtin, parse};

const RUN: &str = include_str!("run.html");
const RUN_STYLE: &str = include_str!("run.css");
const RUN_SCRIPT: &str = include_str!("run.js");
const LIST_STYLE: &str = include_str!("scenarios.css");
const SCENARIOS: &str = include_str!("scenarios.html");

/// The page of a run.
pub(super) fn run(look: &Look) -> Result<String, Refusal> {
    let data = serde_json::to_string(look).map_err(Refusal::internal)?;
    Ok(fill(RUN, RUN_SCRIPT, RUN_STYLE, &data))
}

/// The page that lists the built-in scenarios.
pub(super) fn scenarios() -> String {
    let items: String = builtin().map(|(name, text)| item(name, text)).collect();
    fill(SCENARIOS, "", LIST_STYLE, "").replace("/*scenarios*/", &items)
}

fn item(name: &str, text: &str) -> String {
    let file = parse(name, text, &Surroundings::real());
    let (story, violated) = match &file {
        Ok(file) => (file.scenario.story.as_str(), violated(&file.expectation)),
        Err(_) => ("", Vec::new()),
    };
    let violated = match violated.join(", ") {
        none if none.is_empty() => none,
        ids => format!(" <small>Violated: <span class=\"mono\">{ids}</span>.</small>"),
    };
    format!(
        "<li><a href=\"/?scenario={}\">{}</a> {}{violated}</li>\n",
        encode_double_quoted_attribute(&encoded(name)),
        encode_text(name),
        encode_text(story)
    )
}

/// What is expected to be violated.
fn violated(expectation: &Expectation) -> Vec<&str> {
    let expected = expectation.verdicts.iter();
    let violated = expected.filter(|(_, verdict)| *verdict == ExpectedVerdict::Violated);
    violated.map(|(id, _)| id.as_str()).collect()
}
