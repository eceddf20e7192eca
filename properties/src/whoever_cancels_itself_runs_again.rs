//! A consumer that was told to cancel itself is restarted by somebody.

use failproof_model::execution_state::ExecutionState;
use failproof_model::scenario::Mechanism;
use failproof_model::state::{JobStatus, State};

use crate::{About, Facts, Judgement, Kind, Property};

/// See [`ABOUT`].
pub(crate) struct WhoeverCancelsItselfRunsAgain;

const ABOUT: About = About {
    id: "whoever-cancels-itself-runs-again",
    statement: "A task that cancelled itself, because the master said that its producer is gone, is reset in the end, \
                or its job ends.",
    source: "section 4.6: whoever restarts the producer restarts its consumers (section 1.2, rule 3)",
    trigger: "a task has cancelled itself, and no restart waits to reset it",
    breaks: "consumers are left out of the restart of their producer",
    kind: Kind::LeadsTo,
};

impl<const V: usize> Property<V> for WhoeverCancelsItselfRunsAgain {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn on_state(&self, facts: &Facts<V>, state: &State<V>, _: usize) -> Judgement {
        if self.is_premise(facts, state) { Judgement::Holds } else { Judgement::Idle }
    }

    /// Whom a failover cancels a restart is going to reset.
    fn is_premise(&self, facts: &Facts<V>, state: &State<V>) -> bool {
        let asks = facts.model.scenario.grain.is_fine(Mechanism::PartitionRequests);
        let resets = state.restarts.iter().fold(0, |all, restart| all | restart.vertices);
        let canceled = |v: usize| state.tasks[v].book == ExecutionState::Canceled;
        let left = |v: usize| canceled(v) && resets & 1 << v == 0;
        asks && state.job == JobStatus::Running && (0..facts.model.size()).any(left)
    }

    fn is_goal(&self, facts: &Facts<V>, state: &State<V>) -> bool {
        !self.is_premise(facts, state)
    }
}
