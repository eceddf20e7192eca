//! The end of the job stays reachable.

use failproof_model::state::State;

use crate::{About, Facts, Judgement, Kind, Property, Steps};

/// See [`ABOUT`].
pub(crate) struct JobCanAlwaysEnd;

const ABOUT: About = About {
    id: "job-can-always-end",
    statement: "From every state the job can still end, without another fault.",
    source: "FLINK-21788: a lost partition that no failover recomputes",
    trigger: "the job ends in some run",
    breaks: "a lost input is never recomputed, so its consumer fails forever",
    kind: Kind::Reachability,
};

impl<const V: usize> Property<V> for JobCanAlwaysEnd {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn steps(&self) -> Steps {
        Steps::None
    }

    fn on_state(&self, _: &Facts<V>, state: &State<V>, _: usize) -> Judgement {
        if state.job.is_terminal() { Judgement::Holds } else { Judgement::Idle }
    }

    fn is_goal(&self, _: &Facts<V>, state: &State<V>) -> bool {
        state.job.is_terminal()
    }
}
