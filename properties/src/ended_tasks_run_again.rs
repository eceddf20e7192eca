//! What is in flight leaves no task behind.

use failproof_model::execution_state::ExecutionState;
use failproof_model::state::{JobStatus, State};

use crate::{About, Facts, Judgement, Kind, Property, Steps};

/// See [`ABOUT`].
pub(crate) struct EndedTasksRunAgain;

const ABOUT: About = About {
    id: "ended-tasks-run-again",
    statement: "Whatever has failed or was cancelled, there comes a time when all of it has been reset, so that every \
                region can be scheduled, or the job ends.",
    source: "sections 3.4, 3.7 and 4.6; FLINK-13452: a region that stayed CANCELED for ever",
    trigger: "a task has failed or was cancelled, and the job goes on",
    breaks: "a task that is in no restart any more: the restart was lost, or the task cancelled itself; or tasks that \
             fail in turn, for ever",
    kind: Kind::LeadsTo,
};

impl<const V: usize> Property<V> for EndedTasksRunAgain {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn steps(&self) -> Steps {
        Steps::None
    }

    fn on_state(&self, facts: &Facts<V>, state: &State<V>, _: usize) -> Judgement {
        if has_something_ended(facts, state) { Judgement::Holds } else { Judgement::Idle }
    }

    fn is_premise(&self, facts: &Facts<V>, state: &State<V>) -> bool {
        has_something_ended(facts, state)
    }

    /// Faults are bounded, so that a sound engine comes to such a time. Whether it stays so is said by
    /// `job-ends-if-faults-stop`.
    fn is_goal(&self, facts: &Facts<V>, state: &State<V>) -> bool {
        !has_something_ended(facts, state)
    }
}

fn has_something_ended<const V: usize>(facts: &Facts<V>, state: &State<V>) -> bool {
    let ended =
        |v: usize| matches!(state.tasks[v].book, ExecutionState::Failed | ExecutionState::Canceled);
    state.job == JobStatus::Running && (0..facts.model.size()).any(ended)
}
