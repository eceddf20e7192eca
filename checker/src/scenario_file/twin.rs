//! The twin of a scenario in which something is broken on purpose: the same, and nothing is broken.

use failproof_model::scenario::Scenario;

use super::design::Design;
use super::expectation::Expectation;
use super::mistake::{Mistake, MistakeKind, Read};
use super::section::Section;
use super::write::to_toml;
use super::{ScenarioFile, Tier};

/// What breaks something on purpose, and so makes a twin.
pub(super) const KEYS: &[&str] = &["defect", "without"];

/// What the name of a twin ends with.
pub(super) const SUFFIX: &str = "-without-defect";

/// The twin of `scenario`, with the design that it is to have; `None`: nothing is broken.
pub(super) fn of(
    scenario: &Scenario,
    design: &Design,
    tier: Tier,
    expectation: Expectation,
) -> Option<Box<ScenarioFile>> {
    if scenario.defect.is_none() && scenario.design == design.design {
        return None;
    }
    let twin = Scenario {
        name: format!("{}{SUFFIX}", scenario.name),
        story: format!("`{}` without its defect.", scenario.name),
        design: design.design,
        defect: None,
        ..scenario.clone()
    };
    let text = to_toml(&twin, design.preset, tier, &expectation);
    let preset = design.preset.name.to_owned();
    Some(Box::new(ScenarioFile { scenario: twin, preset, tier, expectation, twin: None, text }))
}

/// Whether `[without]` changes the design, and `[expect.without]` has a twin to be about.
pub(super) fn check(
    root: &Section<'_>,
    design: Option<&Design>,
    without: Option<&Design>,
) -> Read<()> {
    if let (Some(design), Some(without), Some(table)) = (design, without, root.get("without"))
        && design.design == without.design
    {
        let help = "say what repairs it, such as `availability = \"tracked-and-reconsumable\"`";
        return Err(Mistake::new(MistakeKind::WithoutChange, table.key_span).help(help));
    }
    let expect = root.get("expect").and_then(|table| Section::of_names(&table).ok());
    let expected = expect.and_then(|expect| expect.get("without"));
    match expected {
        Some(table) if KEYS.iter().all(|key| root.get(key).is_none()) => {
            let help =
                "remove it, or say with `defect` or `[without]` what the run is to be without";
            Err(Mistake::new(MistakeKind::NothingBroken, table.key_span).help(help))
        }
        _ => Ok(()),
    }
}
