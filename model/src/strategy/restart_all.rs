//! `RestartAllFailoverStrategy`: every failure restarts the whole job (section 1.6).

use super::{FailoverStrategy, Failure, VertexSet};
use crate::topology::Topology;

/// Restarts every vertex, also one that is still in CREATED.
#[derive(Clone, Debug)]
pub struct RestartAll {
    all: VertexSet,
}

impl RestartAll {
    /// The strategy for `topology`.
    pub fn new(topology: &Topology) -> Self {
        RestartAll { all: (0..topology.vertices).collect() }
    }
}

impl FailoverStrategy for RestartAll {
    fn tasks_to_restart(&self, _: &Failure<'_>) -> VertexSet {
        self.all.clone()
    }
}
