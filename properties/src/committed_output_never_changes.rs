//! What a sink subtask has committed stays as it is.

use failproof_model::job_graph::SinkCommit;

use crate::{About, Facts, Judgement, Kind, Property, Step, Steps};

/// See [`ABOUT`].
pub(crate) struct CommittedOutputNeverChanges;

const ABOUT: About = About {
    id: "committed-output-never-changes",
    statement: "What a sink subtask has committed as a whole never changes afterwards.",
    source: "section 1.2, fact 4: the effects of a finished sink are not undone; MAPREDUCE-4819",
    trigger: "a sink subtask has committed its partition",
    breaks: "a sink that commits when its task finishes is restarted after that",
    kind: Kind::Safety,
};

impl<const V: usize> Property<V> for CommittedOutputNeverChanges {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn steps(&self) -> Steps {
        Steps::Visible
    }

    fn on_step(&self, facts: &Facts<V>, step: &Step<'_, V>) -> Judgement {
        let sinks = || {
            (0..facts.model.size())
                .filter(|&v| facts.model.sink(v).is_some_and(|commit| commit != SinkCommit::AtOnce))
        };
        let shows = |v: usize| step.state.shown[v] != step.next.shown[v];
        let changes = |v: usize| step.state.committed & 1 << v != 0 && shows(v);
        if sinks().any(changes) {
            Judgement::Violated
        } else if sinks().any(shows) {
            Judgement::Holds
        } else {
            Judgement::Idle
        }
    }
}
