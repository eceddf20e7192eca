//! A fault costs one restart.

use failproof_model::action::Action;
use failproof_model::state::JobStatus;

use crate::{About, Facts, Judgement, Kind, Property, Step, Steps};

/// See [`ABOUT`].
pub(crate) struct BudgetOutlastsItsFaults;

const ABOUT: About = About {
    id: "budget-outlasts-its-faults",
    statement: "A job that may restart so many times fails only after more faults than that.",
    source: "sections 3.6 and 4.5; FLINK-14439, FLINK-13055: each partition of a lost TaskManager cost a restart",
    trigger: "a job is out of restarts",
    breaks: "one fault is noticed more than once, and each time counts as a failure",
    kind: Kind::Safety,
};

impl<const V: usize> Property<V> for BudgetOutlastsItsFaults {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn steps(&self) -> Steps {
        Steps::Visible
    }

    fn on_step(&self, facts: &Facts<V>, step: &Step<'_, V>) -> Judgement {
        let scenario = &facts.model.scenario;
        let Some(attempts) = scenario.design.restart_attempts else { return Judgement::Idle };
        let fails = matches!(step.next.job, JobStatus::Failing | JobStatus::Failed);
        // The next master may fail a job that it finds half published, whatever its budget is.
        let taken_over = matches!(step.action, Action::LoseMaster | Action::PauseLeader);
        if step.state.job != JobStatus::Running || !fails || taken_over {
            return Judgement::Idle;
        }
        // Of a job that fails, the faults that are left are forgotten: they are counted before.
        let before = scenario.faults.total - step.state.faults;
        Judgement::of(before + u8::from(step.action.fault().is_some()) > attempts)
    }
}
