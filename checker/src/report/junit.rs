//! The result as JUnit: a suite a scenario, a case a property, and one for the exploration as a whole.
//!
//! What is not as expected is a failure; what was not seen to the end, or not put to the test, is an error. So nothing
//! is green whose exit code is not 0.

use std::time::Duration;

use quick_junit::{NonSuccessKind, Report, SerializeError, TestCase, TestCaseStatus, TestSuite};

use super::found::{Found, found};
use crate::assessment::Assessment;
use crate::exit_code::ExitCode;
use crate::run::result::ScenarioResult;

/// The document for these runs.
///
/// # Errors
/// None that a result of ours can cause.
pub fn render(scenarios: &[ScenarioResult], exit: ExitCode) -> Result<String, SerializeError> {
    let mut report = Report::new("failproof");
    let mut wrong = false;
    for scenario in scenarios {
        let mut suite = TestSuite::new(scenario.name.as_str());
        suite.set_time(Duration::from_millis(scenario.elapsed_ms));
        for found in found(std::slice::from_ref(scenario)) {
            wrong |= found.is_wrong();
            suite.add_test_case(case(&found));
        }
        report.add_test_suite(suite);
    }
    // What no scenario tells: one that cannot be run, a trace that diverges, an interruption.
    if exit != ExitCode::AsExpected && !wrong {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        status.set_type("exit code").set_message(exit.meaning());
        let mut suite = TestSuite::new("failproof");
        suite.add_test_case(TestCase::new(format!("exit code {}", exit.number()), status));
        report.add_test_suite(suite);
    }
    report.to_string()
}

fn case(found: &Found<'_>) -> TestCase {
    let kind = match found.assessment {
        Assessment::AsExpected | Assessment::NotAsked => None,
        Assessment::Unexpected => Some(NonSuccessKind::Failure),
        Assessment::Inconclusive | Assessment::Vacuous => Some(NonSuccessKind::Error),
    };
    let status = match kind {
        None => TestCaseStatus::success(),
        Some(kind) => {
            let mut status = TestCaseStatus::non_success(kind);
            status.set_type(found.verdict()).set_message(found.text.as_str());
            if let Some(replay) = found.replay() {
                status.set_description(replay);
            }
            status
        }
    };
    let mut case = TestCase::new(found.id(), status);
    case.set_classname(found.scenario.name.as_str());
    if kind.is_none() {
        case.set_system_out(found.text.as_str());
    }
    case
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn a_suite_is_a_scenario_and_a_case_a_property() {
        let results = [sample::violated(), sample::stopped()];
        insta::assert_snapshot!(render(&results, ExitCode::Unexpected).unwrap());
    }

    /// A reader of JUnit counts what our own assessment counts.
    #[test]
    fn a_reader_sees_what_is_wrong() {
        let results = [sample::violated(), sample::stopped()];
        let text = render(&results, ExitCode::Unexpected).unwrap();
        let read = Report::deserialize_from_str(&text).unwrap();
        let suites: Vec<_> = read
            .test_suites
            .iter()
            .map(|it| (it.name.as_str(), it.tests, it.failures, it.errors))
            .collect();
        assert_eq!(suites, [("consumers-never", 4, 1, 0), ("large", 2, 0, 2)]);
        for suite in &read.test_suites {
            for case in &suite.test_cases {
                let all = found(&results);
                let of = |it: &&Found<'_>| {
                    it.scenario.name == suite.name.as_str() && it.id() == case.name.as_str()
                };
                let told = all.iter().find(of).unwrap();
                assert_eq!(matches!(case.status, TestCaseStatus::Success { .. }), !told.is_wrong());
            }
        }
    }

    #[test]
    fn what_no_scenario_tells_is_not_green() {
        let text = render(&[], ExitCode::Mistake).unwrap();
        assert_eq!(Report::deserialize_from_str(&text).unwrap().errors, 1);
        let text = render(&[], ExitCode::AsExpected).unwrap();
        assert_eq!(Report::deserialize_from_str(&text).unwrap().errors, 0);
    }
}
