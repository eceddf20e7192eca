//! A job of which clients know that it has ended does not run again.

use failproof_model::action::Action;

use crate::{About, Facts, Judgement, Kind, Property, Step, Steps};

/// See [`ABOUT`].
pub(crate) struct JobThatHasEndedStaysEnded;

const ABOUT: About = About {
    id: "job-that-has-ended-stays-ended",
    statement: "A job of which clients may have been told that it has ended never runs again.",
    source: "section 5.5; FLIP-194: a job that has ended is not run again",
    trigger: "clients may be told that the job has ended",
    breaks: "a master is lost after it has told of the end, and before it has written that down",
    kind: Kind::Safety,
};

impl<const V: usize> Property<V> for JobThatHasEndedStaysEnded {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn steps(&self) -> Steps {
        Steps::By(&["FinishJob", "RecordResult", "LoseMaster", "PauseLeader"])
    }

    fn on_step(&self, facts: &Facts<V>, step: &Step<'_, V>) -> Judgement {
        let [before, after] = [step.state, step.next].map(|s| facts.model.clients_are_told(s));
        match step.action {
            Action::FinishJob | Action::RecordResult | Action::LoseMaster | Action::PauseLeader
                if before || after =>
            {
                Judgement::of(after)
            }
            _ => Judgement::Idle,
        }
    }
}
