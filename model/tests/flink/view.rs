//! A master's books, written by hand.

use std::collections::BTreeSet;

use failproof_model::execution_state::ExecutionState;
use failproof_model::strategy::View;
use failproof_model::topology::{PartitionId, VertexId};

/// The states of all vertices, and what the tracker has lost.
pub(crate) struct Books {
    pub(crate) states: Vec<ExecutionState>,
    pub(crate) lost: BTreeSet<PartitionId>,
}

impl View for Books {
    fn state(&self, vertex: VertexId) -> ExecutionState {
        self.states[vertex]
    }

    fn is_tracked(&self, partition: PartitionId) -> bool {
        !self.lost.contains(&partition)
    }

    fn waits_for_restart(&self, _: VertexId) -> bool {
        false
    }
}
