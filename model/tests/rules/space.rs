//! Every state of a small scenario, found by a plain breadth-first search.

use std::collections::{BTreeSet, HashMap};

use failproof_model::data::Rows;
use failproof_model::failover::Failover;
use failproof_model::state::{JobStatus, State};

use crate::setup::Setup;

/// All states in the order in which they were found, and how many steps there are.
pub(crate) struct Space {
    pub(crate) model: Failover<8>,
    pub(crate) states: Vec<State<8>>,
    pub(crate) steps: usize,
}

impl Setup {
    pub(crate) fn space(&self) -> Space {
        let model: Failover<8> = self.model();
        let mut states = vec![model.init()];
        let mut known = HashMap::from([(model.init(), ())]);
        let (mut next, mut steps) = (0, 0);
        while next < states.len() {
            let state = states[next];
            for action in model.enabled(&state) {
                let successor = model.apply(&state, action);
                steps += 1;
                if known.insert(successor, ()).is_none() {
                    states.push(successor);
                }
            }
            next += 1;
        }
        Space { model, states, steps }
    }
}

/// How a run can end: the status of the job, and the rows that each sink subtask shows.
pub(crate) type End = (JobStatus, Vec<Rows>);

impl Space {
    pub(crate) fn counts(&self) -> (usize, usize) {
        (self.states.len(), self.steps)
    }

    /// All ways to end.
    pub(crate) fn ends(&self) -> BTreeSet<End> {
        let ended = self.states.iter().filter(|state| state.job.is_terminal());
        ended.map(|state| (state.job, state.shown.to_vec())).collect()
    }

    /// Everything that can be visible at some time.
    pub(crate) fn views(&self) -> BTreeSet<Vec<Rows>> {
        self.states.iter().map(|state| state.shown.to_vec()).collect()
    }

    /// States without successors in which the job has not ended.
    pub(crate) fn stuck(&self) -> usize {
        let open = self.states.iter().filter(|state| !state.job.is_terminal());
        open.filter(|state| self.model.enabled(state).is_empty()).count()
    }
}
