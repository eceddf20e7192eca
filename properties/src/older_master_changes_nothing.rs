//! What a former master does has no effect once another one leads.

use failproof_model::action::Action;

use crate::{About, Facts, Judgement, Kind, Property, Step, Steps};

/// See [`ABOUT`].
pub(crate) struct OlderMasterChangesNothing;

const ABOUT: About = About {
    id: "older-master-changes-nothing",
    statement: "Nothing that a master publishes or writes down is accepted once a newer one leads.",
    source: "section 5.4: fencing tokens, which sinks and raw files do not know",
    trigger: "a former master wakes and acts",
    breaks: "a sink or the store of results does not ask whether the master still leads",
    kind: Kind::Safety,
};

impl<const V: usize> Property<V> for OlderMasterChangesNothing {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn steps(&self) -> Steps {
        Steps::By(&["PublishAsFormer", "RecordAsFormer"])
    }

    fn on_step(&self, _: &Facts<V>, step: &Step<'_, V>) -> Judgement {
        let (before, after) = (step.state, step.next);
        let published = before.shown != after.shown || before.committed != after.committed;
        let recorded = before.fine.election.recorded != after.fine.election.recorded;
        match step.action {
            Action::PublishAsFormer { .. } => Judgement::of(!published),
            Action::RecordAsFormer => Judgement::of(!recorded),
            _ => Judgement::Idle,
        }
    }
}
