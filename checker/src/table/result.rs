//! What was found of a cell: one line of the recorded answers.

use serde::{Deserialize, Serialize};

use super::cell::Cell;
use crate::run::result::{ScenarioResult, Verdict};

/// The answers of one cell, and the size of the exploration that gave them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellResult {
    /// The cell.
    pub id: String,
    /// Verdict of `outcome-is-transparent`.
    pub transparent: Verdict,
    /// Actions of the shortest run with a wrong outcome.
    pub transparent_steps: Option<usize>,
    /// Verdict of `no-state-is-stuck`.
    pub never_stuck: Verdict,
    /// Actions of the shortest run into a state in which nothing can happen.
    pub never_stuck_steps: Option<usize>,
    /// Verdict of `job-can-always-end`.
    pub can_end: Verdict,
    /// Actions of the shortest run into a state from which the job cannot end.
    pub can_end_steps: Option<usize>,
    /// Distinct states.
    pub states: usize,
    /// States with duplicates and the initial one.
    pub generated: usize,
    /// States on the longest shortest path.
    pub depth: usize,
}

impl CellResult {
    /// The part of a scenario's result that the table shows.
    pub(super) fn of(cell: &Cell, result: &ScenarioResult) -> CellResult {
        let find = |id: &str| {
            let found = result.properties.iter().find(|property| property.id == id);
            found.map_or((Verdict::Inconclusive, None), |found| (found.verdict, found.steps))
        };
        let (transparent, transparent_steps) = find("outcome-is-transparent");
        let (never_stuck, never_stuck_steps) = find("no-state-is-stuck");
        let (can_end, can_end_steps) = find("job-can-always-end");
        CellResult {
            id: cell.id.clone(),
            transparent,
            transparent_steps,
            never_stuck,
            never_stuck_steps,
            can_end,
            can_end_steps,
            states: result.states,
            generated: result.generated,
            depth: result.depth,
        }
    }

    /// Actions until the job hangs: until nothing can happen, or until it runs for ever; `None` if it never does.
    pub fn hangs_after(&self) -> Option<usize> {
        [self.never_stuck_steps, self.can_end_steps].into_iter().flatten().min()
    }

    /// Whether everything was seen.
    pub fn is_complete(&self) -> bool {
        self.can_end != Verdict::Inconclusive
    }
}
