//! What an older attempt reports is dropped.

use failproof_model::action::Action;
use failproof_model::state::State;

use crate::{About, Facts, Judgement, Kind, Property, Step, Steps};

/// See [`ABOUT`].
pub(crate) struct StaleReportChangesNothing;

const ABOUT: About = About {
    id: "stale-report-changes-nothing",
    statement: "The report of an attempt that is no longer the current one changes nothing but that it has arrived.",
    source: "section 3.3 (currentExecutions); SPARK-45182",
    trigger: "a report of an older attempt arrives",
    breaks: "a report is taken for one of the current attempt",
    kind: Kind::Safety,
};

impl<const V: usize> Property<V> for StaleReportChangesNothing {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn steps(&self) -> Steps {
        Steps::By(&["DeliverStaleReport"])
    }

    fn on_step(&self, _: &Facts<V>, step: &Step<'_, V>) -> Judgement {
        let Action::DeliverStaleReport { vertex } = step.action else { return Judgement::Idle };
        let stale_reports = step.state.stale_reports & !(1 << vertex);
        Judgement::of(*step.next == State { stale_reports, ..*step.state })
    }
}
