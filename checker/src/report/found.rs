//! What a run is to be told for: the same in every format.

use crate::assessment::{Assessment, OtherCount, assess, other_counts};
use crate::run::result::{PropertyResult, ScenarioResult, Verdict};

use super::human::{remark, replay_command, verdict_name};

/// What the exploration as a whole is called, beside the properties.
pub(super) const EXPLORATION: &str = "exploration";

/// One thing that is told of a run.
#[derive(Clone, Debug)]
pub(super) struct Found<'a> {
    /// The scenario that was run.
    pub(super) scenario: &'a ScenarioResult,
    /// The property; `None`: it is about the exploration as a whole.
    pub(super) property: Option<&'a PropertyResult>,
    pub(super) assessment: Assessment,
    /// In words.
    pub(super) text: String,
}

impl Found<'_> {
    /// The id of the property, or [`EXPLORATION`].
    pub(super) fn id(&self) -> &str {
        self.property.map_or(EXPLORATION, |property| &property.id)
    }

    /// The verdict, as JSON and scenario files spell it.
    pub(super) fn verdict(&self) -> &'static str {
        match (self.property, self.assessment) {
            (Some(property), _) => verdict_name(property.verdict),
            (None, Assessment::AsExpected | Assessment::NotAsked) => "complete",
            (None, Assessment::Unexpected) => "other counts",
            (None, Assessment::Inconclusive) => "not complete",
            (None, Assessment::Vacuous) => "nothing put to the test",
        }
    }

    /// Whether the exit code is 0 only without it.
    pub(super) fn is_wrong(&self) -> bool {
        !matches!(self.assessment, Assessment::AsExpected | Assessment::NotAsked)
    }

    /// The command that shows a violation, if it is one.
    pub(super) fn replay(&self) -> Option<String> {
        self.property.and_then(replay_command)
    }
}

/// Everything that is told of these runs: of each the properties that it is about or violates, then the exploration.
pub(super) fn found(results: &[ScenarioResult]) -> Vec<Found<'_>> {
    results.iter().flat_map(of_scenario).collect()
}

fn of_scenario(scenario: &ScenarioResult) -> Vec<Found<'_>> {
    let shown = |it: &&PropertyResult| it.named || it.verdict == Verdict::Violated;
    let of = |property| Found {
        scenario,
        property: Some(property),
        assessment: assess(property),
        text: format!("{}: {}", verdict_name(property.verdict), remark(property)),
    };
    let mut found: Vec<_> = scenario.properties.iter().filter(shown).map(of).collect();
    let (assessment, text) = whole(scenario);
    found.push(Found { scenario, property: None, assessment, text });
    found
}

/// The exploration as a whole.
fn whole(result: &ScenarioResult) -> (Assessment, String) {
    if !result.complete {
        let why = result.stopped_by.as_deref().unwrap_or("not everything was seen");
        return (Assessment::Inconclusive, format!("not complete: {why}"));
    }
    let differs = other_counts(result)
        .into_iter()
        .map(|OtherCount { what, found, expected }| format!("{found} {what}, expected {expected}"));
    let differs: Vec<String> = differs.collect();
    if !differs.is_empty() {
        return (Assessment::Unexpected, format!("other counts: {}", differs.join("; ")));
    }
    if result.properties.iter().all(|it| it.verdict == Verdict::Vacuous) {
        return (Assessment::Vacuous, "nothing put any property to the test".to_owned());
    }
    (Assessment::AsExpected, format!("complete: {} states, depth {}", result.states, result.depth))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assessment::exit_code;
    use crate::exit_code::ExitCode;
    use crate::report::sample;

    /// What is wrong in some format is wrong for the exit code, and the other way round.
    #[test]
    fn what_is_told_is_wrong_exactly_if_the_exit_code_is() {
        let holds = sample::property("p", true, Verdict::Holds, None);
        let vacuous = sample::property("p", false, Verdict::Vacuous, None);
        let mut other = sample::result("other", vec![holds.clone()]);
        other.reductions.clear();
        other.expected.states = Some(1);
        for result in [
            sample::violated(),
            sample::walked(),
            sample::stopped(),
            sample::result("good", vec![holds]),
            sample::result("untested", vec![vacuous]),
            other,
        ] {
            let wrong = found(std::slice::from_ref(&result)).iter().any(Found::is_wrong);
            assert_eq!(wrong, exit_code(&result) != ExitCode::AsExpected, "{}", result.name);
        }
    }
}
