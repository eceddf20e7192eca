//! The master never has two attempts of a vertex run by its own doing.

use failproof_model::action::Action;

use crate::{About, Facts, Judgement, Kind, Property, Step, Steps};

/// See [`ABOUT`].
pub(crate) struct OneLiveAttemptPerVertex;

const ABOUT: About = About {
    id: "one-live-attempt-per-vertex",
    statement: "A vertex is reset for a new attempt only when its old attempt no longer runs, unless the master has \
                given that up, with a TaskManager that it missed or a call that was not answered.",
    source: "sections 3.3 (zombies), 3.4 and 3.5; FLINK-9788",
    trigger: "a restart resets its vertices",
    breaks: "a restart does not wait for the tasks that it cancelled",
    kind: Kind::Safety,
};

impl<const V: usize> Property<V> for OneLiveAttemptPerVertex {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn steps(&self) -> Steps {
        Steps::By(&["RestartTasks", "ThrowInRestart"])
    }

    fn on_step(&self, facts: &Facts<V>, step: &Step<'_, V>) -> Judgement {
        let (Action::RestartTasks { first } | Action::ThrowInRestart { first }) = step.action
        else {
            return Judgement::Idle;
        };
        let restarted = step.state.restarts[usize::from(first)].vertices;
        let alive = |v: usize| restarted & 1 << v != 0 && step.state.tasks[v].truth.is_live();
        Judgement::of(!(0..facts.model.size()).any(alive))
    }
}
