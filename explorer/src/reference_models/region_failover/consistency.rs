//! The property of the model that every checker checks.

use super::{Action, ReadSet, RegionFailover, State, TaskSet};
use crate::{Judge, Marks};

/// Property 0: two tasks of one stage that have both finished have read the same. Triggered by two that have.
#[derive(Clone, Copy, Debug)]
pub struct Consistency;

impl Judge<RegionFailover> for Consistency {
    fn properties(&self) -> usize {
        1
    }

    #[inline]
    fn on_state(&self, model: &RegionFailover, state: &State) -> Marks {
        let finished = (state.finished | state.lost) & !model.first;
        model.stages[1..model.size.stages].iter().fold(Marks::NONE, |marks, stage| {
            let finished = finished & stage;
            let some_but_not_all = |set: TaskSet| finished & set != 0 && finished & !set != 0;
            let [read, ones] = [state.read, state.ones].map(ReadSet::to_le_bytes);
            let differ = read.into_iter().chain(ones).any(some_but_not_all);
            marks.with(0, finished.count_ones() > 1, differ)
        })
    }

    #[inline]
    fn rules(&self) -> usize {
        10
    }

    #[inline]
    fn rule(&self, action: &Action) -> usize {
        match action {
            Action::Commit => 0,
            Action::Crash(_) => 1,
            Action::Recover(_) => 2,
            Action::FailTask(_) => 3,
            Action::LosePartition(_) => 4,
            Action::Restart(_) => 5,
            Action::Deploy { .. } => 6,
            Action::Read(..) => 7,
            Action::MissRead(..) => 8,
            Action::Finish(_) => 9,
        }
    }
}
