//! Local steps change nothing but the number of states.

mod claims;
mod findings;
mod graph;
mod jobs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use failproof_checker::explore::{Control, Limits};
use failproof_checker::run::{Properties, WithModel, free_outcomes, with_model};
use failproof_checker::scenario_file::{ScenarioFile, Surroundings, builtin, parse};
use failproof_model::failover::Failover;
use failproof_properties::Facts;
use findings::Findings;
use graph::{Follow, Graph};
use proptest::prelude::*;

/// Explores a scenario with and without local steps, and compares.
struct Compare {
    states_max: usize,
}

/// States in all; those that are left if local steps are taken alone; of these, those without a local step.
type Counts = [usize; 3];

impl WithModel for Compare {
    /// None if there are more states than wanted.
    type Output = Option<(Counts, Vec<String>)>;

    fn with<const V: usize>(self, model: Failover<V>) -> Self::Output {
        let limits = Limits { states: Some(self.states_max), ..Limits::default() };
        let free = free_outcomes(&model, &limits.into(), Control::default()).unwrap().ok()?;
        let model = Arc::new(model);
        let judge = Properties::new(Facts { model: Arc::clone(&model), free });
        let all = Graph::of(&model, &judge, Follow::All, self.states_max)?;
        let reduced = Graph::of(&model, &judge, Follow::LocalFirst, self.states_max)?;
        let mut mistakes = claims::mistakes(&model, &all);
        let expected = Findings::of(&model, &judge, &all);
        let found = Findings::of(&model, &judge, &reduced);
        if found != expected {
            mistakes.push(format!("without local steps {expected:?}, with them {found:?}"));
        }
        Some(([all.states.len(), reduced.states.len(), reduced.kept()], mistakes))
    }
}

/// Every built-in scenario of at most so many states, in the order of their names.
fn files(states_max: usize) -> Vec<ScenarioFile> {
    let files = builtin().map(|(name, text)| parse(name, text, &Surroundings::real()).unwrap());
    files
        .filter(|file| file.expectation.states.is_some_and(|states| states <= states_max))
        .collect()
}

#[test]
fn every_built_in_scenario_is_found_to_be_the_same() {
    let files = files(100_000);
    let next = AtomicUsize::new(0);
    let compare_some = || {
        let mut lines = Vec::new();
        while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            let compare = Compare { states_max: usize::MAX };
            let (counts, mistakes) = with_model(&file.scenario, compare).unwrap().unwrap();
            assert!(
                mistakes.is_empty(),
                "{}: {:#?}",
                file.scenario.name,
                &mistakes[..mistakes.len().min(5)]
            );
            lines.push((file.scenario.name.clone(), counts));
        }
        lines
    };
    let mut lines: Vec<(String, Counts)> = std::thread::scope(|scope| {
        let threads = [scope.spawn(compare_some), scope.spawn(compare_some)];
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    lines.sort();
    let table = lines.iter().map(|(name, [states, reduced, kept])| {
        let factor = |left: usize| *states as f64 / left.max(1) as f64;
        format!(
            "{name:50} {states:6} {reduced:6} {:5.2} {kept:6} {:5.2}\n",
            factor(*reduced),
            factor(*kept)
        )
    });
    insta::assert_snapshot!(table.collect::<String>());
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        max_shrink_iters: 300,
        ..ProptestConfig::with_cases(120)
    })]

    #[test]
    fn so_is_every_scenario_put_together_at_random(scenario in jobs::scenarios()) {
        let compare = Compare { states_max: 2_000 };
        if let Some((_, mistakes)) = with_model(&scenario, compare).unwrap() {
            prop_assert!(mistakes.is_empty(), "{mistakes:#?}");
        }
    }
}
