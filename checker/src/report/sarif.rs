//! The result as SARIF 2.1.0: a rule a property, a result a verdict, and a counterexample as a code flow.

use serde_json::{Value, json};

use super::found::{EXPLORATION, Found, found};
use crate::assessment::Assessment;
use crate::exit_code::ExitCode;
use crate::run::result::{ScenarioResult, Verdict};

/// The document for these runs, with a line break at its end.
///
/// # Errors
/// None that a result of ours can cause.
pub fn render(scenarios: &[ScenarioResult], exit: ExitCode) -> serde_json::Result<String> {
    let catalogue = failproof_properties::catalogue();
    let mut rules: Vec<Value> = catalogue
        .iter()
        .map(|about| json!({ "id": about.id, "shortDescription": { "text": about.statement } }))
        .collect();
    let whole = "Every reachable state was visited, and there are as many as expected.";
    rules.push(json!({ "id": EXPLORATION, "shortDescription": { "text": whole } }));
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "failproof",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "invocations": [{
                "executionSuccessful": exit == ExitCode::AsExpected,
                "exitCode": exit.number(),
                "exitCodeDescription": exit.meaning(),
            }],
            "results": found(scenarios).iter().map(result).collect::<Vec<_>>(),
        }],
    });
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

fn result(found: &Found<'_>) -> Value {
    let violated = found.property.is_some_and(|it| it.verdict == Verdict::Violated);
    // A level says how bad a failure is, and only of failures.
    let (kind, level) = match found.assessment {
        Assessment::Unexpected => ("fail", "error"),
        Assessment::Inconclusive => ("open", "none"),
        Assessment::Vacuous => ("notApplicable", "none"),
        Assessment::AsExpected | Assessment::NotAsked if violated => ("fail", "note"),
        Assessment::AsExpected | Assessment::NotAsked => ("pass", "none"),
    };
    let mut result = json!({
        "ruleId": found.id(),
        "kind": kind,
        "level": level,
        "message": { "text": found.text },
        "locations": [{ "logicalLocations": [{ "name": found.scenario.name, "kind": "module" }] }],
        "properties": { "scenario": found.scenario.name, "verdict": found.verdict() },
    });
    let trace = found.property.and_then(|property| property.counterexample.as_ref());
    if let Some(trace) = trace {
        let step = |step: &failproof_traces::Step| json!({ "location": { "message": { "text": step.action } } });
        let steps: Vec<Value> = trace.steps.iter().map(step).collect();
        // A flow without a step is not one.
        if !steps.is_empty() {
            result["codeFlows"] = json!([{ "threadFlows": [{ "locations": steps }] }]);
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn a_verdict_is_a_result() {
        let text = render(&[sample::violated(), sample::stopped()], ExitCode::Unexpected).unwrap();
        let mut document: Value = serde_json::from_str(&text).unwrap();
        let rules = document["runs"][0]["tool"]["driver"]["rules"].take();
        assert!(
            rules.as_array().unwrap().iter().any(|rule| rule["id"] == "outcome-is-transparent")
        );
        insta::assert_snapshot!(serde_json::to_string_pretty(&document["runs"]).unwrap());
    }
}
