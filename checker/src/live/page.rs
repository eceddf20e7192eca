//! The pages: one of a run, and one that lists the scenarios.

use html_escape::{encode_double_quoted_attribute, encode_text};

use super::address::encoded;
use super::answer::Refusal;
use super::look::Look;
use crate::picture::fill;
use crate::scenario_file::{Surroundings, builtin, parse};

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
    let story = parse(name, text, &Surroundings::real()).map(|file| file.scenario.story);
    format!(
        "<li><a href=\"/?scenario={}\">{}</a> {}</li>\n",
        encode_double_quoted_attribute(&encoded(name)),
        encode_text(name),
        encode_text(&story.unwrap_or_default())
    )
}
