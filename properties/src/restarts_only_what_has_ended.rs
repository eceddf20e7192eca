//! An older restart never undoes what a newer one has begun.

use failproof_model::action::Action;

use crate::{About, Facts, Judgement, Kind, Property, Step, Steps};

/// See [`ABOUT`].
pub(crate) struct RestartsOnlyWhatHasEnded;

const ABOUT: About = About {
    id: "restarts-only-what-has-ended",
    statement: "A restart resets only vertices whose current attempt has ended by the master's books, so that an older \
                one does not undo what a newer one has deployed and what is under way.",
    source: "sections 3.3 (versions), 3.4 (step 5) and 3.5 (reset requires a terminal state)",
    trigger: "a restart resets its vertices",
    breaks: "what goes on after cancellation does not look whether a newer failover has taken its vertices over",
    kind: Kind::Safety,
};

impl<const V: usize> Property<V> for RestartsOnlyWhatHasEnded {
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
        let goes_on = |v: usize| !step.state.tasks[v].book.is_terminal();
        Judgement::of(!(0..facts.model.size()).any(|v| restarted & 1 << v != 0 && goes_on(v)))
    }
}
