//! The end of the job is not only reachable, but reached.

use failproof_model::state::State;

use crate::{About, Facts, Judgement, Kind, Property, Steps};

/// See [`ABOUT`].
pub(crate) struct JobEndsIfFaultsStop;

const ABOUT: About = About {
    id: "job-ends-if-faults-stop",
    statement: "If faults stop, the job ends.",
    source: "FLINK-21788, FLINK-29056: a job that restarts forever; FLINK-14331, FLINK-17330: jobs that hung",
    trigger: "a fault has happened, or none can",
    breaks: "a restart leads to the failure that it answers, again and again; or nothing happens any more",
    kind: Kind::Eventually,
};

impl<const V: usize> Property<V> for JobEndsIfFaultsStop {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn steps(&self) -> Steps {
        Steps::None
    }

    /// The faults of a scenario are bounded: in every run they stop.
    fn on_state(&self, facts: &Facts<V>, state: &State<V>, _: usize) -> Judgement {
        if facts.is_disturbed(state) { Judgement::Holds } else { Judgement::Idle }
    }

    fn is_goal(&self, _: &Facts<V>, state: &State<V>) -> bool {
        state.job.is_terminal()
    }
}
