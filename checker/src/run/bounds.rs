//! The bounds of a scenario, as they are printed with every verdict.

use failproof_model::scenario::{FaultKind, Scenario};

use super::result::Bounds;
use crate::spelling::spelt;

/// The bounds of a scenario.
pub(super) fn of(scenario: &Scenario) -> Bounds {
    let job = &scenario.job;
    let limits = FaultKind::ALL.iter().zip(scenario.faults.limits);
    Bounds {
        execution_vertices: job.execution_vertices(),
        task_managers: scenario.cluster.task_managers,
        rows: job.vertices.iter().map(|v| v.parallelism * v.rows_per_subtask).sum(),
        faults: scenario.faults.total,
        fault_limits: limits
            .filter(|(_, limit)| *limit > 0)
            .map(|(kind, limit)| (spelt(kind), limit))
            .collect(),
        fine: scenario.grain.fine().map(|mechanism| spelt(&mechanism)).collect(),
        restart_attempts: scenario.design.restart_attempts,
        prefix_steps: scenario.prefix.len(),
        slots: scenario.cluster.slots.clone(),
    }
}
