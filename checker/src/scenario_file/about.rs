//! What stands at the top of a scenario file.

use failproof_model::scenario::Defect;
use serde::Deserialize;

use super::Tier;
use super::mistake::{MistakeKind, Read};
use super::section::Section;
use super::twin;
use super::value::Value;

/// Longer names do not fit into a line, or into the name of a file.
const NAME_LENGTH_MAX: usize = 80;

/// Everything at the top that needs nothing else to be understood.
pub(super) struct About {
    pub(super) name: String,
    pub(super) story: String,
    pub(super) tier: Tier,
    pub(super) keys: Option<u8>,
    pub(super) outcome: OutcomeDetail,
    pub(super) lineage: bool,
    pub(super) defect: Option<Defect>,
    pub(super) prefix: Vec<String>,
}

/// How much an outcome says about where a row became visible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum OutcomeDetail {
    ByVertex,
    BySubtask,
}

/// Reads the top of the file.
pub(super) fn read(root: &Section<'_>) -> Read<About> {
    let name = root.require("name", "\"two-stages\"")?;
    let story = root.require("story", "\"One line that a person understands.\"")?;
    let prefix = root.get("prefix").map_or(Ok(Vec::new()), |value| value.list())?;
    Ok(About {
        name: read_name(&name, name_length_max(root))?,
        story: read_story(&story)?,
        tier: root.setting("tier", "tier")?.unwrap_or(Tier::Quick),
        keys: root.get("keys").map(|value| value.small_count(1..=u8::MAX)).transpose()?,
        outcome: root.setting("outcome", "outcome")?.unwrap_or(OutcomeDetail::ByVertex),
        lineage: root.boolean("lineage")?.unwrap_or(false),
        defect: root.setting("defect", "defect")?,
        prefix: prefix
            .iter()
            .map(|action| action.text().map(str::to_owned))
            .collect::<Read<_>>()?,
    })
}

/// Where something is broken on purpose, the scenario without it needs a name as well.
fn name_length_max(root: &Section<'_>) -> usize {
    let has_twin = twin::KEYS.iter().any(|key| root.get(key).is_some());
    NAME_LENGTH_MAX - if has_twin { twin::SUFFIX.len() } else { 0 }
}

/// A name is also the name of a file, and an argument.
fn read_name(value: &Value<'_>, length_max: usize) -> Read<String> {
    let name = value.text()?;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-".contains(c);
    let begins = name.starts_with(|c: char| c.is_ascii_alphanumeric());
    if !begins || !name.chars().all(plain) || name.len() > length_max {
        let kind = MistakeKind::BadName { what: "name of a scenario", name: name.to_owned() };
        let help = format!(
            "valid are up to {length_max} of `a` to `z`, `0` to `9`, `-` and `.`, \
             beginning with a letter or a digit"
        );
        return Err(value.mistake(kind).help(help));
    }
    Ok(name.to_owned())
}

fn read_story(value: &Value<'_>) -> Read<String> {
    let story = value.text()?;
    if story.trim().is_empty() || story.contains(char::is_control) {
        let kind = MistakeKind::BadName { what: "story", name: story.to_owned() };
        return Err(value
            .mistake(kind)
            .help("valid is one line that is not empty, without control characters"));
    }
    Ok(story.to_owned())
}
