//! The scripted prefix of a scenario as a run of its own.

use failproof_model::failover::Failover;
use failproof_model::scenario::Scenario;
use failproof_traces::{Kind, Trace};

use super::{RunError, WithModel, record, with_model};

/// The steps of the prefix as a trace, still without the text of its scenario: that is the scenario before the prefix.
///
/// # Errors
/// When the scenario contradicts itself, is more than the model can hold, or has a prefix that cannot be taken.
pub fn record_prefix(scenario: &Scenario) -> Result<Trace, RunError> {
    let before = Scenario { prefix: Vec::new(), ..scenario.clone() };
    with_model(&before, Recording { prefix: &scenario.prefix })?
}

struct Recording<'a> {
    prefix: &'a [String],
}

impl WithModel for Recording<'_> {
    type Output = Result<Trace, RunError>;

    fn with<const V: usize>(self, model: Failover<V>) -> Self::Output {
        let (actions, _) = model.follow(model.init(), self.prefix)?;
        record(&model, None, (Kind::Witness, None), actions)
    }
}
