//! A built-in scenario, and every defect that can be put into it.

use failproof_model::scenario::Scenario;
use toml_edit::{DocumentMut, Item, Table, TableLike, TomlError};

use crate::defects::{HistoricDefect, Seed, Seeded, seed_text};
use crate::scenario_file::{MistakenFile, ScenarioFile, Surroundings, parse};

/// A scenario in which nothing is broken on purpose, and what it is with each defect.
pub struct Subject {
    /// The name of the built-in scenario; where something is broken in that, this is without it.
    pub name: String,
    /// Without a defect.
    pub base: Scenario,
    /// With each defect that can be put into it.
    pub mutants: Vec<Mutant>,
}

/// A scenario with a defect.
pub struct Mutant {
    /// The entry of the catalogue.
    pub defect: &'static HistoricDefect,
    /// How the catalogue shows it.
    pub seeded: Seeded,
    /// The scenario with it.
    pub scenario: Scenario,
}

/// Why there is no subject: a mistake in what comes with the binary.
#[derive(Debug, thiserror::Error)]
pub enum SubjectError {
    /// A built-in scenario cannot be read.
    #[error(transparent)]
    Scenario(#[from] MistakenFile),
    /// The seed of a defect, or the text of a scenario, is no TOML.
    #[error(transparent)]
    Text(#[from] TomlError),
}

impl Subject {
    /// Puts into a built-in scenario each of `defects` that it takes. It takes none that it has already, none with
    /// which it would be no valid scenario, and none with which a step of its prefix cannot be taken.
    ///
    /// # Errors
    /// The scenario, or a seed, cannot be read.
    pub fn of(
        name: &str,
        text: &str,
        defects: &[(&'static HistoricDefect, Seeded)],
    ) -> Result<Subject, SubjectError> {
        let file = parse(name, text, &Surroundings::real())?;
        let base = file.twin.as_deref().unwrap_or(&file);
        let mut mutants = Vec::new();
        for &(defect, seeded) in defects {
            if let Some(scenario) = with_seed(base, seeded.seed)? {
                mutants.push(Mutant { defect, seeded, scenario });
            }
        }
        Ok(Subject { name: name.to_owned(), base: base.scenario.clone(), mutants })
    }
}

/// The scenario of `base` with a defect; `None`: it has it already, or does not take it.
fn with_seed(base: &ScenarioFile, seed: Seed) -> Result<Option<Scenario>, TomlError> {
    let mut text: DocumentMut = base.text.parse()?;
    let settings: DocumentMut = seed_text(seed).parse()?;
    // What is expected is expected of the scenario without the defect.
    text.remove("expect");
    let place: Option<&mut dyn TableLike> = match seed {
        Seed::Defect(_) => Some(text.as_table_mut()),
        Seed::Design(_) => {
            text.entry("design").or_insert(Item::Table(Table::new())).as_table_like_mut()
        }
    };
    let Some(place) = place else { return Ok(None) };
    for (key, value) in settings.iter() {
        place.insert(key, value.clone());
    }
    let file = parse("mutant", &text.to_string(), &Surroundings::real()).ok();
    let file = file.filter(|file| file.check_model("mutant").is_ok());
    let is_other = |scenario: &Scenario| *scenario != base.scenario;
    Ok(file.map(|file| file.scenario).filter(is_other))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mutate::seeded;
    use crate::scenario_file::builtin;

    fn subject(name: &str) -> Subject {
        let (name, text) = builtin().find(|(builtin, _)| *builtin == name).unwrap();
        Subject::of(name, text, &seeded()).unwrap()
    }

    #[test]
    fn each_defect_can_be_put_into_its_own_scenario_which_is_then_what_the_file_says() {
        for (defect, seeded) in seeded() {
            let file = seeded.file().unwrap().unwrap();
            let subject = subject(seeded.scenario);
            let mutant = subject.mutants.iter().find(|mutant| mutant.defect.id == defect.id);
            let Scenario { name, story, .. } = subject.base;
            let expected = Scenario { name, story, ..file.scenario };
            assert_eq!(mutant.map(|it| &it.scenario), Some(&expected), "{}", defect.id);
        }
    }

    #[test]
    fn a_scenario_does_not_take_a_setting_that_it_has() {
        // Its preset is a release that shipped with the setting.
        let has = |name: &str, defect: &str| {
            subject(name).mutants.iter().any(|mutant| mutant.defect.id == defect)
        };
        assert!(has("two-stages", "unmerged-region-cycle"));
        assert!(!has("pipelines-that-exchange-in-flink-1.9", "unmerged-region-cycle"));
        // It has no regions that could be merged.
        assert!(!has("restart-all", "unmerged-region-cycle"));
    }
}
