//! What the second engine says of a scenario, against what ours has said.

use std::sync::Arc;

use failproof_model::failover::Failover;
use failproof_model::scenario::Scenario;
use failproof_properties::Facts;

use crate::explore::second_engine::{count, violated};
use crate::explore::{Control, Judge, Kind};
use crate::run::result::{ScenarioResult, Verdict};
use crate::run::{Options, Properties, RunError, WithModel, free_outcomes, with_model};

/// The second engine knows no limits: it is not asked about more states.
pub const STATES_MAX: usize = 2_000_000;

/// Explores the scenario of a complete `result` with Stateright; whatever it sees differently is returned, a sentence
/// each. It counts states and finds violations of safety; it knows no reachability and no vacuity.
///
/// # Errors
/// The model cannot hold the scenario.
pub fn differences(scenario: &Scenario, result: &ScenarioResult) -> Result<Vec<String>, RunError> {
    with_model(scenario, Compare { result })?
}

struct Compare<'a> {
    result: &'a ScenarioResult,
}

impl WithModel for Compare<'_> {
    type Output = Result<Vec<String>, RunError>;

    fn with<const V: usize>(self, model: Failover<V>) -> Self::Output {
        let free = free_outcomes(&model, &Options::default(), Control::default())?;
        let model = Arc::new(model);
        let facts = Facts { model: Arc::clone(&model), free: free.unwrap_or_default() };
        let judge = Arc::new(Properties::new(facts));
        let theirs = count(Arc::clone(&model));
        let counts = [
            ("states", self.result.states, theirs.distinct),
            ("generated", self.result.generated, theirs.generated),
            ("depth", self.result.depth, theirs.depth),
        ];
        let counts = counts.into_iter().filter(|(_, ours, theirs)| ours != theirs);
        let mut differences: Vec<_> = counts
            .map(|(what, ours, theirs)| format!("{what}: {ours}, and by Stateright {theirs}"))
            .collect();
        let violated = violated(model, Arc::clone(&judge));
        for (index, (property, theirs)) in self.result.properties.iter().zip(violated).enumerate() {
            let ours = property.verdict == Verdict::Violated;
            if judge.kind(index) == Kind::Safety && ours != theirs {
                let (only, id) = (if ours { "us" } else { "Stateright" }, &property.id);
                differences.push(format!("{id}: violated according to {only} alone"));
            }
        }
        Ok(differences)
    }
}
