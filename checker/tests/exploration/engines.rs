//! Two engines, one answer: on every built-in scenario Stateright sees the same states and the same violations.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use failproof_checker::explore::second_engine::{count, violated};
use failproof_checker::explore::{Control, Kind, Limits, Verdict, explore};
use failproof_checker::run::{Properties, WithModel, free_outcomes, with_model};
use failproof_checker::scenario_file::{ScenarioFile, Surroundings, builtin, parse};
use failproof_model::failover::Failover;
use failproof_properties::{Facts, catalogue};

/// What the two engines disagree about, in words.
struct Compare;

impl WithModel for Compare {
    type Output = Vec<String>;

    fn with<const V: usize>(self, model: Failover<V>) -> Vec<String> {
        let unlimited = || (Limits::default(), Control::default());
        let (limits, control) = unlimited();
        let free = free_outcomes(&model, &limits.into(), control).unwrap().unwrap();
        let model = Arc::new(model);
        let judge = Arc::new(Properties::new(Facts { model: Arc::clone(&model), free }));
        let (limits, control) = unlimited();
        let (ours, _) = explore(&*model, &*judge, limits, control);
        let theirs = count(Arc::clone(&model));
        let mut differences = Vec::new();
        let mut compare = |what: &str, ours: usize, theirs: usize| {
            if ours != theirs {
                differences.push(format!("{what}: {ours} against {theirs}"));
            }
        };
        compare("distinct", ours.distinct, theirs.distinct);
        compare("generated", ours.generated, theirs.generated);
        compare("depth", ours.depth, theirs.depth);
        let theirs = violated(model, judge);
        for ((about, finding), theirs) in catalogue().iter().zip(&ours.findings).zip(theirs) {
            if finding.kind == Kind::Safety {
                let ours = finding.verdict == Verdict::Violated;
                compare(about.id, usize::from(ours), usize::from(theirs));
            }
        }
        differences
    }
}

#[test]
fn stateright_agrees_on_every_built_in_scenario() {
    let files: Vec<ScenarioFile> =
        builtin().map(|(name, text)| parse(name, text, &Surroundings::real()).unwrap()).collect();
    let next = AtomicUsize::new(0);
    let compare_some = || {
        let mut differences = Vec::new();
        while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            let found = with_model(&file.scenario, Compare).unwrap();
            differences
                .extend(found.into_iter().map(|what| format!("{}: {what}", file.scenario.name)));
        }
        differences
    };
    let differences: Vec<String> = std::thread::scope(|scope| {
        let threads = [scope.spawn(compare_some), scope.spawn(compare_some)];
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    assert!(differences.is_empty(), "ours against Stateright's:\n{}", differences.join("\n"));
}
