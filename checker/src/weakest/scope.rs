//! Which scenarios the weakest sets can be found of.

use failproof_model::design::{MasterFailover, RestartBackoff};
use failproof_model::scenario::{FaultKind, Scenario};

use super::WeakestError;
use super::sets::TASKS_MAX;
use crate::spelling::spelt;

/// The faults that end in a question to a strategy, and in nothing else.
const FAULTS: [FaultKind; 5] = [
    FaultKind::TaskThrows,
    FaultKind::TaskManagerDies,
    FaultKind::PartitionLost,
    FaultKind::DiskFull,
    FaultKind::ReadFails,
];

/// Refuses a scenario of which nothing can be said.
///
/// # Errors
/// What is in the way, and what would be valid.
pub(super) fn check(scenario: &Scenario) -> Result<(), WeakestError> {
    let refused =
        [tasks(scenario), grain(scenario), faults(scenario), design(scenario), others(scenario)];
    match refused.into_iter().flatten().next() {
        Some(why) => Err(WeakestError::Refused { scenario: scenario.name.clone(), why }),
        None => Ok(()),
    }
}

fn tasks(scenario: &Scenario) -> Option<String> {
    let found = scenario.job.execution_vertices();
    (found > TASKS_MAX).then(|| {
        format!("it has {found} execution vertices; valid are at most {TASKS_MAX}: all their sets are tried")
    })
}

fn grain(scenario: &Scenario) -> Option<String> {
    let fine: Vec<String> = scenario.grain.fine().map(|it| format!("\"{}\"", spelt(&it))).collect();
    (!fine.is_empty()).then(|| {
        format!(
            "it has `fine = [{}]` in `[grain]`; valid is that every mechanism is coarse",
            fine.join(", ")
        )
    })
}

fn faults(scenario: &Scenario) -> Option<String> {
    let faults = scenario.faults;
    if faults.total != 1 {
        return Some(format!(
            "it has `total = {}` in `[faults]`; valid is one fault",
            faults.total
        ));
    }
    let other = FaultKind::ALL.into_iter().filter(|kind| faults.limits[*kind as usize] > 0);
    let other = other.filter(|kind| !FAULTS.contains(kind)).map(|kind| spelt(&kind)).next()?;
    let valid: Vec<String> = FAULTS.iter().map(spelt).collect();
    Some(format!("it has `{other}` in `[faults]`; valid are {}", valid.join(", ")))
}

fn design(scenario: &Scenario) -> Option<String> {
    let design = &scenario.design;
    if let Some(attempts) = design.restart_attempts {
        return Some(format!(
            "it has `restart-attempts = {attempts}` in `[design]`; valid is any number of restarts"
        ));
    }
    let knob = |name: &str, value: String, valid: String| {
        format!("it has `{name} = \"{value}\"` in `[design]`; valid is \"{valid}\"")
    };
    let (backoff, master) = (design.restart_backoff, design.master_failover);
    if backoff != RestartBackoff::FixedDelay {
        return Some(knob("restart-backoff", spelt(&backoff), spelt(&RestartBackoff::FixedDelay)));
    }
    (master != MasterFailover::RestartJob)
        .then(|| knob("master-failover", spelt(&master), spelt(&MasterFailover::RestartJob)))
}

fn others(scenario: &Scenario) -> Option<String> {
    if let Some(defect) = scenario.defect {
        return Some(format!(
            "it has `defect = \"{}\"`; valid is a model in which no rule is broken",
            spelt(&defect)
        ));
    }
    if scenario.job.is_adaptive() {
        return Some("it has an adaptive vertex; valid are fixed parallelisms".to_owned());
    }
    (!scenario.prefix.is_empty()).then(|| {
        "it has a `prefix`; valid is a job that is explored from where it begins".to_owned()
    })
}
