//! Everything that is committed descends from one output of each producer.
//!
//! States tell two outputs of a producer apart. A reader of a third is only marked as such until it restarts, so with
//! three different outputs held at once a violation can be reported although they have become equal since.

use failproof_model::action::Action;

use crate::{About, Facts, Judgement, Kind, Property, Step, Steps};

/// See [`ABOUT`].
pub(crate) struct OneContentPerProducer;

const ABOUT: About = About {
    id: "one-content-per-producer",
    statement: "When a job finishes, all readers of a task have read the same output of it, \
                whichever attempts made it.",
    source: "SPARK-45182: one generation a producer, here by content; stronger than transparency",
    trigger: "after a fault, a job with `lineage` finishes",
    breaks: "one reader of a re-drawn output is restarted and another is not",
    kind: Kind::Safety,
};

impl<const V: usize> Property<V> for OneContentPerProducer {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn steps(&self) -> Steps {
        Steps::By(&["FinishJob"])
    }

    fn on_step(&self, facts: &Facts<V>, step: &Step<'_, V>) -> Judgement {
        let kept = facts.model.scenario.lineage && facts.is_disturbed(step.state);
        if step.action != Action::FinishJob || !kept {
            return Judgement::Idle;
        }
        let two = step.state.held.iter().any(|[_, second]| *second != 0);
        Judgement::of(!two && step.state.apart == 0)
    }
}
