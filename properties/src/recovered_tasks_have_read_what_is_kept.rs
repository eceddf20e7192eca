//! What a master recovers of a job fits together.

use failproof_model::action::Action;
use failproof_model::execution_state::ExecutionState;

use crate::{About, Facts, Judgement, Kind, Property, Step, Steps};

/// See [`ABOUT`].
pub(crate) struct RecoveredTasksHaveReadWhatIsKept;

const ABOUT: About = About {
    id: "recovered-tasks-have-read-what-is-kept",
    statement: "No task that a master recovers as FINISHED has read an attempt that the recovered job has given up.",
    source: "section 5.6: what is recovered as FINISHED has to form a closed set",
    trigger: "a master has recovered a task as FINISHED",
    breaks: "an event of a consumer is kept longer than that of the producer that it has read",
    kind: Kind::Safety,
};

impl<const V: usize> Property<V> for RecoveredTasksHaveReadWhatIsKept {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn steps(&self) -> Steps {
        Steps::By(&["LoseMaster", "PauseLeader", "EndRecovery", "RegisterTaskManager"])
    }

    fn on_step(&self, _: &Facts<V>, step: &Step<'_, V>) -> Judgement {
        let (before, after) = (step.state.fine.masters, step.next.fine.masters);
        let begins =
            before.recovers || matches!(step.action, Action::LoseMaster | Action::PauseLeader);
        let mut tasks = step.next.tasks.iter();
        let recovered = tasks.any(|task| task.book == ExecutionState::Finished);
        match begins && recovered && !after.recovers {
            true => Judgement::of(after.astray == 0),
            false => Judgement::Idle,
        }
    }
}
