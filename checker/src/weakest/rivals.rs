//! The strategies that are compared with the weakest sets.

use failproof_model::strategy::{FailoverStrategy, Failure, StrategyError, failover_strategy};
use failproof_model::topology::Topology;

use super::rule::Rule;
use super::sets::TaskSet;
use crate::sweep::policy::Policy;

/// Those whose answers differ from one another; held-back answers as `always` does.
const POLICIES: [Policy; 5] = [
    Policy::RestartAll,
    Policy::Always,
    Policy::Affected,
    Policy::OnlyIfNondeterministic,
    Policy::Never,
];

/// The rule that the weakest sets suggest: see [`Rule`].
const RULE: &str = "the rule";

/// Restarts the failed task and nothing else, as `restart-individual` does where it takes a job at all.
const ALONE: &str = "failed task alone";

/// The strategies, for one job.
#[derive(Debug)]
pub(super) struct Rivals(Vec<Box<dyn FailoverStrategy>>);

impl Rivals {
    pub(super) fn of(topology: &Topology) -> Result<Rivals, StrategyError> {
        let made = POLICIES.map(|policy| failover_strategy(policy.design().strategy, topology));
        let mut strategies = made.into_iter().collect::<Result<Vec<_>, _>>()?;
        strategies.push(Box::new(Rule::of(topology)?));
        Ok(Rivals(strategies))
    }

    /// What each of them answers, in the order of [`names`].
    pub(super) fn answers(&self, failure: &Failure<'_>) -> Vec<TaskSet> {
        let answers = self.0.iter().map(|it| it.tasks_to_restart(failure).ones().collect());
        answers.chain([TaskSet::of(failure.vertex)]).collect()
    }
}

/// What they are called.
pub(super) fn names() -> Vec<String> {
    POLICIES.iter().map(Policy::to_string).chain([RULE, ALONE].map(str::to_owned)).collect()
}
