//! What the trials come to: which property kills which defect, what survives, and what each property is for.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use failproof_properties::catalogue;
use serde::Serialize;

use super::differs::Difference;
use super::reasons::REASONS;
use super::run::{Asked, End, Trial, Tried};

/// The kill matrix; the JSON of `failproof mutate`, to which keys are only added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Of the keys.
    pub version: u32,
    /// Built-in scenarios that were asked for.
    pub scenarios: usize,
    /// Distinct states beyond which an exploration was given up.
    pub states_max: usize,
    /// Whether these are all defects that are seeded, in all built-in scenarios.
    pub whole: bool,
    /// Whether all was tried that was asked for. If not, no defect is said to survive.
    pub complete: bool,
    /// Scenarios with a defect in which it changes no step.
    pub same: usize,
    /// Explorations.
    pub runs: usize,
    /// Their distinct states.
    pub states: usize,
    /// One a defect.
    pub defects: Vec<OfDefect>,
    /// One a property.
    pub properties: Vec<OfProperty>,
    /// What is wrong with the reasons for which properties stay; only said of the whole.
    pub mistakes: Vec<String>,
}

/// What comes of a defect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OfDefect {
    /// Which.
    pub defect: String,
    /// In short.
    pub fate: Fate,
    /// The rules of which it was first seen to change a step, one a scenario; `start`: it is another beginning.
    pub changes: Vec<String>,
    /// Scenarios in which it makes a difference and all was seen.
    pub tried: usize,
    /// Of these, the ones in which no property sees it.
    pub survived: usize,
    /// Scenarios of which nothing is said, as not all was seen.
    pub unfinished: Vec<String>,
    /// What sees it.
    pub kills: Vec<Kill>,
}

/// Whether a defect is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// In a scenario at least.
    Killed,
    /// In none.
    Survives,
    /// In none of those that were seen to the end, and there are others.
    Unknown,
    /// It changes no step of any scenario that was asked for, and there are others. In all of them, it would survive.
    Untried,
}

/// A property that kills a defect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Kill {
    /// Which property; or `task reruns`, where nothing goes wrong and recovery is dearer.
    pub property: String,
    /// In so many scenarios.
    pub scenarios: usize,
    /// Of these, the ones in which no other kills it.
    pub alone: usize,
    /// The one with the fewest states.
    pub smallest: String,
    /// Its distinct states, with the defect.
    pub states: usize,
}

/// What a property is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OfProperty {
    /// Which.
    pub property: String,
    /// Defects that it kills.
    pub kills: usize,
    /// Of these, the ones that no other kills in some scenario.
    pub alone: Vec<String>,
    /// Of these, the ones that no other kills in any.
    pub only: Vec<String>,
    /// Properties that kill whatever it kills.
    pub covered_by: Vec<String>,
    /// Why it stays, where it kills none alone.
    pub stays: Option<&'static str>,
}

impl Report {
    /// Puts together what was found.
    pub fn of(asked: &Asked<'_>, tried: &Tried) -> Report {
        let complete = tried.scenarios == asked.scenarios.len();
        let extent = Extent { complete, everywhere: asked.is_everywhere() };
        let ids = asked.defects.iter().map(|(defect, _)| defect.id);
        let defects: Vec<OfDefect> =
            ids.map(|id| OfDefect::of(id, &tried.trials, extent)).collect();
        let properties: Vec<OfProperty> = catalogue()
            .iter()
            .map(|about| OfProperty::of(about.id, &defects, &tried.trials))
            .collect();
        let whole = asked.is_whole();
        let mistakes = if whole && complete { mistakes(&properties) } else { Vec::new() };
        let &Tried { same, runs, states, .. } = tried;
        Report {
            version: 1,
            scenarios: asked.scenarios.len(),
            states_max: asked.states,
            whole,
            complete,
            same,
            runs,
            states,
            defects,
            properties,
            mistakes,
        }
    }

    /// Whether some defect has this fate.
    pub fn has(&self, fate: Fate) -> bool {
        self.defects.iter().any(|it| it.fate == fate)
    }
}

/// Which scenarios the trials are of.
#[derive(Clone, Copy)]
struct Extent {
    /// All that were asked for.
    complete: bool,
    /// All built-in ones were asked for.
    everywhere: bool,
}

impl OfDefect {
    fn of(id: &str, trials: &[Trial], extent: Extent) -> OfDefect {
        let trials: Vec<&Trial> = trials.iter().filter(|trial| trial.defect == id).collect();
        let ended = |end: fn(&End) -> bool| trials.iter().filter(move |trial| end(&trial.end));
        let unfinished = ended(|end| *end == End::Unfinished).map(|trial| trial.scenario.clone());
        let unfinished: Vec<String> = unfinished.collect();
        let changes: BTreeSet<&str> =
            trials.iter().filter_map(|trial| named(trial.difference)).collect();
        let kills = kills(&trials);
        OfDefect {
            defect: id.to_owned(),
            fate: match kills.is_empty() {
                false => Fate::Killed,
                true if !extent.complete || !unfinished.is_empty() => Fate::Unknown,
                true if trials.is_empty() && !extent.everywhere => Fate::Untried,
                true => Fate::Survives,
            },
            changes: changes.into_iter().map(str::to_owned).collect(),
            tried: trials.len() - unfinished.len(),
            survived: ended(|end| *end == End::Survived).count(),
            unfinished,
            kills,
        }
    }
}

fn named(difference: Difference) -> Option<&'static str> {
    match difference {
        Difference::FromTheStart => Some("start"),
        Difference::Rule(rule) => Some(rule),
        Difference::None | Difference::Unknown => None,
    }
}

/// What kills in these trials, the most frequent first.
fn kills(trials: &[&Trial]) -> Vec<Kill> {
    let mut kills: BTreeMap<&str, Kill> = BTreeMap::new();
    for trial in trials {
        let killers = trial.killers();
        for property in killers {
            let (smallest, states) = (trial.scenario.clone(), trial.states);
            let none =
                Kill { property: property.clone(), scenarios: 0, alone: 0, smallest, states };
            let kill = kills.entry(property).or_insert(none);
            kill.scenarios += 1;
            kill.alone += usize::from(killers.len() == 1);
            if (trial.states, &trial.scenario) < (kill.states, &kill.smallest) {
                (kill.states, kill.smallest) = (trial.states, trial.scenario.clone());
            }
        }
    }
    let mut kills: Vec<Kill> = kills.into_values().collect();
    kills.sort_by_key(|kill| Reverse(kill.scenarios));
    kills
}

impl OfProperty {
    fn of(id: &str, defects: &[OfDefect], trials: &[Trial]) -> OfProperty {
        let kill =
            |defect: &OfDefect| defect.kills.iter().find(|kill| kill.property == id).cloned();
        let killed: Vec<(&OfDefect, Kill)> =
            defects.iter().filter_map(|defect| Some((defect, kill(defect)?))).collect();
        let names = |is_so: fn(&OfDefect, &Kill) -> bool| {
            let such = killed.iter().filter(|(defect, kill)| is_so(defect, kill));
            such.map(|(defect, _)| defect.defect.clone()).collect()
        };
        let reason = REASONS.iter().find(|(property, _)| *property == id);
        OfProperty {
            property: id.to_owned(),
            kills: killed.len(),
            alone: names(|_, kill| kill.alone > 0),
            only: names(|defect, _| defect.kills.len() == 1),
            covered_by: covered_by(id, trials),
            stays: reason.map(|(_, why)| *why),
        }
    }
}

/// The properties that kill in each trial in which this one does.
fn covered_by(id: &str, trials: &[Trial]) -> Vec<String> {
    let kills = |trial: &&Trial| trial.killers().iter().any(|property| property == id);
    let sets = trials.iter().filter(kills).map(|trial| trial.killers().iter().cloned().collect());
    let common = sets.reduce(|one: BTreeSet<String>, other| &one & &other).unwrap_or_default();
    common.into_iter().filter(|property| property != id).collect()
}

/// A property that kills no defect alone needs a reason, and any other needs none.
fn mistakes(properties: &[OfProperty]) -> Vec<String> {
    let mistake = |it: &OfProperty| match (it.alone.first(), it.stays) {
        (None, None) => Some(format!(
            "{} kills no defect alone, and nothing says why it stays: add a reason to checker/src/mutate/reasons.rs",
            it.property
        )),
        (Some(defect), Some(_)) => Some(format!(
            "{} kills {defect} alone and needs no other reason to stay: remove that from \
             checker/src/mutate/reasons.rs",
            it.property
        )),
        (None, Some(_)) | (Some(_), None) => None,
    };
    properties.iter().filter_map(mistake).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mutate::seeded;
    use crate::scenario_file::builtin;

    fn trial(defect: &'static str, scenario: &str, states: usize, end: End) -> Trial {
        let difference = Difference::Rule("FinishJob");
        Trial { defect, scenario: scenario.to_owned(), difference, states, end }
    }

    fn killed(by: &[&str]) -> End {
        End::Killed(by.iter().map(|&property| property.to_owned()).collect())
    }

    fn asked() -> Asked<'static> {
        let mut defects = seeded();
        defects.retain(|(defect, _)| ["forget-reset", "commit-twice"].contains(&defect.id));
        Asked { defects, scenarios: vec!["a", "b"], states: 10 }
    }

    fn report(trials: Vec<Trial>, through: usize) -> Report {
        Report::of(&asked(), &Tried { trials, scenarios: through, ..Tried::default() })
    }

    fn of<'a>(report: &'a Report, defect: &str) -> &'a OfDefect {
        report.defects.iter().find(|it| it.defect == defect).unwrap()
    }

    #[test]
    fn the_smallest_scenario_shows_a_kill_and_one_without_others_counts_as_alone() {
        let both = killed(&["no-state-is-stuck", "job-can-always-end"]);
        let trials = vec![
            trial("forget-reset", "a", 9, both),
            trial("forget-reset", "b", 8, killed(&["no-state-is-stuck"])),
        ];
        let report = report(trials, 2);
        let kills = &of(&report, "forget-reset").kills;
        let kill = |property: &str, scenarios, alone, smallest: &str, states| {
            let (property, smallest) = (property.to_owned(), smallest.to_owned());
            Kill { property, scenarios, alone, smallest, states }
        };
        let expected =
            [kill("no-state-is-stuck", 2, 1, "b", 8), kill("job-can-always-end", 1, 0, "a", 9)];
        assert_eq!(*kills, expected);
        let property = |id: &str| report.properties.iter().find(|it| it.property == id).unwrap();
        assert_eq!(property("no-state-is-stuck").alone, ["forget-reset"]);
        assert_eq!(property("no-state-is-stuck").only, [""; 0], "another kills it in another");
        assert_eq!(property("no-state-is-stuck").covered_by, [""; 0]);
        assert_eq!(property("job-can-always-end").covered_by, ["no-state-is-stuck"]);
    }

    #[test]
    fn what_was_not_seen_to_the_end_neither_kills_nor_lets_survive() {
        let survived = vec![trial("forget-reset", "a", 9, End::Survived)];
        let unfinished = vec![
            trial("forget-reset", "a", 9, End::Survived),
            trial("forget-reset", "b", 10, End::Unfinished),
        ];
        for (trials, through, fate) in [
            (survived.clone(), 2, Fate::Survives),
            (survived, 1, Fate::Unknown),
            (unfinished, 2, Fate::Unknown),
        ] {
            assert_eq!(of(&report(trials, through), "forget-reset").fate, fate);
        }
    }

    #[test]
    fn what_changes_nothing_survives_if_that_is_so_everywhere() {
        let mut asked = asked();
        let fate = |asked: &Asked<'_>| {
            let tried = Tried { scenarios: asked.scenarios.len(), ..Tried::default() };
            of(&Report::of(asked, &tried), "commit-twice").fate
        };
        assert_eq!(fate(&asked), Fate::Untried);
        asked.scenarios = builtin().map(|(name, _)| name).collect();
        assert_eq!(fate(&asked), Fate::Survives);
    }

    #[test]
    fn a_reason_is_there_where_it_is_needed_and_nowhere_else() {
        let property = |id: &str, alone: &[&str], stays| OfProperty {
            property: id.to_owned(),
            kills: 1,
            alone: alone.iter().map(|&defect| defect.to_owned()).collect(),
            only: Vec::new(),
            covered_by: Vec::new(),
            stays,
        };
        let good = [property("a", &["d"], None), property("b", &[], Some("why"))];
        assert_eq!(mistakes(&good), [""; 0]);
        let wrong = mistakes(&[property("a", &["d"], Some("why")), property("b", &[], None)]);
        assert!(wrong[0].starts_with("a kills d alone"), "{wrong:?}");
        assert!(wrong[1].starts_with("b kills no defect alone"), "{wrong:?}");
    }

    #[test]
    fn each_reason_is_of_a_property_and_said_once() {
        for (index, (id, why)) in REASONS.iter().enumerate() {
            assert!(catalogue().iter().any(|about| about.id == *id), "{id}");
            assert!(REASONS[..index].iter().all(|(other, _)| other != id), "{id} twice");
            assert!(why.len() > 40 && !why.contains('|') && !why.ends_with('.'), "{why}");
        }
    }
}
