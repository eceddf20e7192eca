//! Something can always happen until the job has ended.

use failproof_model::state::State;

use crate::{About, Facts, Judgement, Kind, Property, Steps};

/// See [`ABOUT`].
pub(crate) struct NoStateIsStuck;

const ABOUT: About = About {
    id: "no-state-is-stuck",
    statement: "As long as the job has not ended, something can happen that is no fault.",
    source: "FLINK-14331, FLINK-17330, FLINK-21707: jobs that hung",
    trigger: "a state in which nothing can happen",
    breaks: "restarted vertices are not reset; a consumer cancels itself and belongs to no restart (section 4.6)",
    kind: Kind::Safety,
};

impl<const V: usize> Property<V> for NoStateIsStuck {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn steps(&self) -> Steps {
        Steps::None
    }

    fn on_state(&self, _: &Facts<V>, state: &State<V>, successors: usize) -> Judgement {
        if successors > 0 { Judgement::Idle } else { Judgement::of(state.job.is_terminal()) }
    }
}
