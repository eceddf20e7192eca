//! A job that its user cancels comes to its end.

use failproof_model::state::{JobStatus, State};

use crate::{About, Facts, Judgement, Kind, Property, Steps};

/// See [`ABOUT`].
pub(crate) struct CanceledJobEnds;

const ABOUT: About = About {
    id: "canceled-job-ends",
    statement: "A job that is being cancelled ends: CANCELED, or if it fails meanwhile and is out of restarts, FAILED.",
    source: "section 3.4; FLINK-20626: cancelled while it was failing, a job reached no end",
    trigger: "a job waits for the tasks that its cancellation has cancelled",
    breaks: "the end of the last task is answered as if the job were still failing",
    kind: Kind::LeadsTo,
};

impl<const V: usize> Property<V> for CanceledJobEnds {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn steps(&self) -> Steps {
        Steps::None
    }

    fn on_state(&self, _: &Facts<V>, state: &State<V>, _: usize) -> Judgement {
        if state.job == JobStatus::Cancelling { Judgement::Holds } else { Judgement::Idle }
    }

    fn is_premise(&self, _: &Facts<V>, state: &State<V>) -> bool {
        state.job == JobStatus::Cancelling
    }

    fn is_goal(&self, _: &Facts<V>, state: &State<V>) -> bool {
        state.job.is_terminal()
    }
}
