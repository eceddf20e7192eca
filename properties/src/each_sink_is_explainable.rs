//! The weak form of transparency that MapReduce promises.

use failproof_model::state::JobStatus;

use crate::{About, Facts, Judgement, Kind, Property, Step, Steps, committed};

/// See [`ABOUT`].
pub(crate) struct EachSinkIsExplainable;

const ABOUT: About = About {
    id: "each-sink-is-explainable",
    statement: "What each sink has made visible, taken by itself, a run without faults could have made visible.",
    source: "MapReduce (OSDI 2004), semantics in the presence of failures",
    trigger: "after a fault, rows become visible or the job ends",
    breaks: "one sink mixes two attempts of a nondeterministic producer",
    kind: Kind::Safety,
};

impl<const V: usize> Property<V> for EachSinkIsExplainable {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn needs_free(&self) -> bool {
        true
    }

    fn steps(&self) -> Steps {
        Steps::Visible
    }

    fn on_step(&self, facts: &Facts<V>, step: &Step<'_, V>) -> Judgement {
        if !facts.shows_something_disturbed(step) {
            return Judgement::Idle;
        }
        let whole = step.next.job == JobStatus::Finished;
        let explained =
            committed(&facts.model, step.next).into_iter().enumerate().all(|(i, rows)| {
                let explains = |free: failproof_model::data::Rows| match whole {
                    true => rows == free,
                    false => rows.is_part_of(free),
                };
                // Nothing is a part of whatever a run might have shown, also if none ends.
                !whole && rows.is_empty() || facts.free.iter().any(|outcome| explains(outcome[i]))
            });
        Judgement::of(explained)
    }
}
