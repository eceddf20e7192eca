//! Failure transparency, the top property.

use crate::{About, Facts, Judgement, Kind, Property, Step, Steps, committed};

/// See [`ABOUT`].
pub(crate) struct OutcomeIsTransparent;

const ABOUT: About = About {
    id: "outcome-is-transparent",
    statement: "Whatever a job makes visible under faults, a run without faults could have made visible.",
    source: "Failure Transparency in Stateful Dataflow Systems (ECOOP 2024); checker/docs/semantics.md, consistent",
    trigger: "after a fault, rows become visible or the job ends",
    breaks: "consumers of a re-drawn output are not restarted; a sink shows rows before its task can no longer \
             be repeated",
    kind: Kind::Safety,
};

impl<const V: usize> Property<V> for OutcomeIsTransparent {
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
        Judgement::of(facts.is_explained(step.next, &committed(&facts.model, step.next)))
    }
}
