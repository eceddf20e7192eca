//! An end that nobody asked for is not the only one that is left.

use failproof_model::state::{JobStatus, State};

use crate::{About, Facts, Judgement, Kind, Property, Steps};

/// See [`ABOUT`].
pub(crate) struct JobCanStillSucceed;

const ABOUT: About = About {
    id: "job-can-still-succeed",
    statement: "From every state the job can still succeed without another fault, unless its user has cancelled it or \
                its restarts are used up.",
    source: "section 3.6; Comet 5449: two guards, each safe by itself, that let no job with a failure succeed",
    trigger: "the job succeeds in some run",
    breaks: "a restart is answered with the failure of the job, although there is no limit to restarts",
    kind: Kind::Reachability,
};

impl<const V: usize> Property<V> for JobCanStillSucceed {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn steps(&self) -> Steps {
        Steps::None
    }

    fn on_state(&self, _: &Facts<V>, state: &State<V>, _: usize) -> Judgement {
        if state.job == JobStatus::Finished { Judgement::Holds } else { Judgement::Idle }
    }

    fn is_goal(&self, facts: &Facts<V>, state: &State<V>) -> bool {
        match state.job {
            JobStatus::Finished | JobStatus::Canceled => true,
            JobStatus::Failed => facts.model.scenario.design.restart_attempts.is_some(),
            JobStatus::Running | JobStatus::Failing | JobStatus::Cancelling => false,
        }
    }
}
