//! `[expect]`: what a scenario is expected to turn out as.

use std::fmt;

use serde::Deserialize;

use super::mistake::{MistakeKind, Mistakes, Read, each};
use super::names::name_of;
use super::section::Section;
use super::value::Value;

const KEYS: &[&str] = &["states", "generated", "depth", "verdicts", "without"];
const KEYS_WITHOUT: &[&str] = &["states", "generated", "depth", "verdicts"];

/// What is expected of a scenario.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expectation {
    /// Distinct states. `None`: not known yet.
    pub states: Option<usize>,
    /// States generated, equal ones included. `None`: not known yet.
    pub generated: Option<usize>,
    /// States on the longest of all shortest paths. `None`: not known yet.
    pub depth: Option<usize>,
    /// The properties that the scenario is about, by id, in the order of the file.
    pub verdicts: Vec<(String, ExpectedVerdict)>,
}

/// What can be expected of a property. That it is vacuous cannot: a scenario is about the
/// properties that it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExpectedVerdict {
    /// It holds in every reachable state.
    Holds,
    /// Some run violates it.
    Violated,
}

impl fmt::Display for ExpectedVerdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(name_of(*self))
    }
}

impl Expectation {
    /// The verdict that is expected of a property; `None`: the scenario is not about it.
    pub fn verdict(&self, property_id: &str) -> Option<ExpectedVerdict> {
        self.verdicts.iter().find(|(id, _)| id == property_id).map(|&(_, verdict)| verdict)
    }

    /// What is expected where nothing is broken: what `[expect.without]` says, and that every property holds that is
    /// violated here and that it does not name.
    pub(super) fn without(&self, said: &Expectation) -> Expectation {
        let broken =
            self.verdicts.iter().filter(|(_, verdict)| *verdict == ExpectedVerdict::Violated);
        let holds = broken.filter(|(id, _)| said.verdict(id).is_none());
        let holds = holds.map(|(id, _)| (id.clone(), ExpectedVerdict::Holds));
        let verdicts = holds.chain(said.verdicts.iter().cloned()).collect();
        Expectation { verdicts, ..*said }
    }

    /// What has to be said of a run in which nothing is broken, for [`Expectation::without`] to give `twin`.
    pub(super) fn said_without(&self, twin: &Expectation) -> Expectation {
        let is_said = |(id, verdict): &&(String, ExpectedVerdict)| {
            *verdict == ExpectedVerdict::Violated
                || self.verdict(id) != Some(ExpectedVerdict::Violated)
        };
        let verdicts = twin.verdicts.iter().filter(is_said).cloned().collect();
        Expectation { verdicts, ..*twin }
    }

    /// The counts by their keys, in the order in which they are written.
    pub(super) fn counts(&self) -> [(&'static str, Option<usize>); 3] {
        [("states", self.states), ("generated", self.generated), ("depth", self.depth)]
    }
}

/// Reads the expectation; nothing is expected, if nothing is said.
pub(super) fn read(root: &Section<'_>, property_ids: &[&str]) -> Result<Expectation, Mistakes> {
    let Some(table) = root.get("expect") else { return Ok(Expectation::default()) };
    read_table(&Section::of(&table, KEYS)?, property_ids)
}

/// Reads `[expect.without]`; `None`: it is not there, or `[expect]` is no table.
pub(super) fn read_without(
    root: &Section<'_>,
    property_ids: &[&str],
) -> Result<Option<Expectation>, Mistakes> {
    let expect = root.get("expect").and_then(|table| Section::of_names(&table).ok());
    let Some(table) = expect.and_then(|expect| expect.get("without")) else { return Ok(None) };
    let (span, name) = (table.key_span.clone(), "[expect.without]");
    let section = Section::new(table.table()?, name, span, KEYS_WITHOUT)?;
    read_table(&section, property_ids).map(Some)
}

fn read_table(section: &Section<'_>, property_ids: &[&str]) -> Result<Expectation, Mistakes> {
    let count = |key| section.get(key).map(|value| value.count(0..=usize::MAX)).transpose();
    let verdicts = match section.get("verdicts") {
        Some(table) => {
            each(Section::of_names(&table)?.entries(), |entry| read_verdict(&entry, property_ids))?
        }
        None => Vec::new(),
    };
    Ok(Expectation {
        states: count("states")?,
        generated: count("generated")?,
        depth: count("depth")?,
        verdicts,
    })
}

fn read_verdict(entry: &Value<'_>, property_ids: &[&str]) -> Read<(String, ExpectedVerdict)> {
    if !property_ids.contains(&entry.key.as_str()) {
        return Err(entry.unknown_key_name("property", property_ids.iter().copied()));
    }
    if entry.text()? == "vacuous" {
        let help =
            "make its trigger reachable, or do not name it: valid are `holds` and `violated`";
        return Err(entry.mistake(MistakeKind::VacuousExpected).help(help));
    }
    Ok((entry.key.clone(), entry.one_of("verdict to expect")?))
}
