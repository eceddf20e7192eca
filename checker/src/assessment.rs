//! Whether what was found is what was expected. Pure, and the only place that decides it.

use crate::exit_code::ExitCode;
use crate::run::result::{PropertyResult, ScenarioResult, Verdict};

/// What a verdict means, given what was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Assessment {
    /// The expected verdict.
    AsExpected,
    /// Another verdict than the expected one, or a violation that nobody expected.
    Unexpected,
    /// Not enough was seen.
    Inconclusive,
    /// The scenario is about the property, and nothing put it to the test.
    Vacuous,
    /// The scenario is not about the property, and it is not violated.
    NotAsked,
}

impl Assessment {
    /// How a run ends that has nothing worse.
    pub const fn exit_code(self) -> ExitCode {
        match self {
            Assessment::AsExpected | Assessment::NotAsked => ExitCode::AsExpected,
            Assessment::Unexpected => ExitCode::Unexpected,
            Assessment::Inconclusive => ExitCode::Inconclusive,
            Assessment::Vacuous => ExitCode::Vacuous,
        }
    }
}

/// Assesses one property. A scenario expects `holds` of a property that it is about, unless it says otherwise.
///
/// A vacuous property was never false: where it is expected to hold, it is not called unexpected but vacuous. Where a
/// violation is expected, its absence is unexpected.
pub fn assess(property: &PropertyResult) -> Assessment {
    let expected = property.expected.unwrap_or(Verdict::Holds);
    match (property.named, property.verdict) {
        (false, Verdict::Violated) => Assessment::Unexpected,
        (false, _) => Assessment::NotAsked,
        (true, Verdict::Inconclusive) => Assessment::Inconclusive,
        (true, verdict) if verdict == expected => Assessment::AsExpected,
        (true, Verdict::Vacuous) if expected == Verdict::Holds => Assessment::Vacuous,
        (true, _) => Assessment::Unexpected,
    }
}

/// A count that is not the expected one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OtherCount {
    /// What was counted, as scenario files call it.
    pub what: &'static str,
    /// How many there are.
    pub found: usize,
    /// How many there should be.
    pub expected: usize,
}

/// The counts that are not the expected ones. What was cut off or reduced has other counts, and random walks do not
/// count: of these nothing is expected.
pub fn other_counts(result: &ScenarioResult) -> Vec<OtherCount> {
    if !result.complete || !result.reductions.is_empty() || result.walks.is_some() {
        return Vec::new();
    }
    let expected = result.expected;
    let counts = [
        ("states", result.states, expected.states),
        ("generated", result.generated, expected.generated),
        ("depth", result.depth, expected.depth),
    ];
    let other = counts.into_iter().filter_map(|(what, found, expected)| {
        expected.filter(|&it| it != found).map(|expected| OtherCount { what, found, expected })
    });
    other.collect()
}

/// How a run of this scenario ends. What is not complete is never green, and neither is a run that put nothing to the
/// test.
pub fn exit_code(result: &ScenarioResult) -> ExitCode {
    let complete = if result.complete { ExitCode::AsExpected } else { ExitCode::Inconclusive };
    let untested = result.properties.iter().all(|it| it.verdict == Verdict::Vacuous);
    let tested = if untested { ExitCode::Vacuous } else { ExitCode::AsExpected };
    let equal = other_counts(result).is_empty();
    let counted = if equal { ExitCode::AsExpected } else { ExitCode::Unexpected };
    let found = result.properties.iter().map(|property| assess(property).exit_code());
    found.fold(complete.or_worse(tested).or_worse(counted), ExitCode::or_worse)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;
    use crate::run::result::ExpectedCounts;

    const VERDICTS: [Verdict; 4] =
        [Verdict::Holds, Verdict::Violated, Verdict::Vacuous, Verdict::Inconclusive];

    fn assessed(named: bool, expected: Option<Verdict>) -> [Assessment; 4] {
        VERDICTS.map(|verdict| assess(&sample::property("p", named, verdict, expected)))
    }

    #[test]
    fn what_a_scenario_is_about_has_to_be_as_expected() {
        use Assessment as A;
        let holds = [A::AsExpected, A::Unexpected, A::Vacuous, A::Inconclusive];
        assert_eq!(assessed(true, None), holds);
        assert_eq!(assessed(true, Some(Verdict::Holds)), holds);
        let violated = [A::Unexpected, A::AsExpected, A::Unexpected, A::Inconclusive];
        assert_eq!(assessed(true, Some(Verdict::Violated)), violated);
        let vacuous = [A::Unexpected, A::Unexpected, A::AsExpected, A::Inconclusive];
        assert_eq!(assessed(true, Some(Verdict::Vacuous)), vacuous);
        let open = [A::Unexpected, A::Unexpected, A::Unexpected, A::Inconclusive];
        assert_eq!(assessed(true, Some(Verdict::Inconclusive)), open);
    }

    #[test]
    fn of_what_it_is_not_about_only_a_violation_counts() {
        use Assessment as A;
        let found = [A::NotAsked, A::Unexpected, A::NotAsked, A::NotAsked];
        assert_eq!(assessed(false, None), found);
    }

    #[test]
    fn an_incomplete_run_is_never_green() {
        let mut result = sample::result("s", vec![]);
        let expected_violation = (true, Verdict::Violated, Some(Verdict::Violated));
        for (named, verdict, expected) in [expected_violation, (false, Verdict::Inconclusive, None)]
        {
            result.properties = vec![sample::property("p", named, verdict, expected)];
            result.complete = false;
            assert_eq!(exit_code(&result), ExitCode::Inconclusive);
            result.complete = true;
            assert_eq!(exit_code(&result), ExitCode::AsExpected);
        }
    }

    #[test]
    fn counts_have_to_be_the_expected_ones() {
        let holds = sample::property("p", true, Verdict::Holds, Some(Verdict::Holds));
        let mut result = sample::result("s", vec![holds]);
        result.reductions.clear();
        let ScenarioResult { states, generated, depth, .. } = result;
        let [states, generated, depth] = [states, generated, depth].map(Some);
        let expected = ExpectedCounts { states, generated, depth };
        result.expected = expected;
        assert_eq!(exit_code(&result), ExitCode::AsExpected);
        let wrong = [
            ExpectedCounts { states: Some(1), ..expected },
            ExpectedCounts { generated: Some(1), ..expected },
            ExpectedCounts { depth: Some(1), ..ExpectedCounts::default() },
        ];
        for (expected, what) in wrong.into_iter().zip(["states", "generated", "depth"]) {
            result.expected = expected;
            let other: Vec<_> = other_counts(&result).iter().map(|it| it.what).collect();
            assert_eq!((other, exit_code(&result)), (vec![what], ExitCode::Unexpected));
        }
        result.reductions = vec!["view"];
        assert_eq!(exit_code(&result), ExitCode::AsExpected, "a reduced run has other counts");
        (result.reductions, result.complete) = (Vec::new(), false);
        assert_eq!(exit_code(&result), ExitCode::Inconclusive, "so has one that was cut off");
    }

    #[test]
    fn a_run_that_tests_nothing_is_never_green() {
        let vacuous = sample::property("p", false, Verdict::Vacuous, None);
        let result = sample::result("s", vec![vacuous.clone(), vacuous.clone()]);
        assert_eq!(exit_code(&result), ExitCode::Vacuous);
        assert_eq!(exit_code(&sample::result("s", vec![])), ExitCode::Vacuous);
        let holds = sample::property("q", false, Verdict::Holds, None);
        assert_eq!(exit_code(&sample::result("s", vec![vacuous, holds])), ExitCode::AsExpected);
    }

    #[test]
    fn the_worst_property_decides() {
        let vacuous = sample::property("p", true, Verdict::Vacuous, None);
        let open = sample::property("q", true, Verdict::Inconclusive, None);
        let violated = sample::property("r", false, Verdict::Violated, None);
        let mut result = sample::result("s", vec![vacuous, open, violated]);
        let mut codes = Vec::new();
        while result.properties.pop().is_some() && !result.properties.is_empty() {
            codes.push(exit_code(&result));
        }
        assert_eq!(codes, [ExitCode::Inconclusive, ExitCode::Vacuous]);
    }
}
