//! A run that a test tells step by step, in the notation of traces.

use std::sync::Arc;

use failproof_model::execution_state::ExecutionState;
use failproof_model::failover::Failover;
use failproof_model::state::State;

use crate::setup::Setup;

/// A model and where a run of it has come to.
#[derive(Clone)]
pub(crate) struct Story {
    pub(crate) model: Arc<Failover<8>>,
    pub(crate) state: State<8>,
}

impl Setup {
    pub(crate) fn story(&self) -> Story {
        let model = self.model();
        let state = model.init();
        Story { model: Arc::new(model), state }
    }
}

impl Story {
    /// Takes steps, each of which must be enabled.
    pub(crate) fn take(&mut self, steps: &[&str]) -> &mut Self {
        for step in steps {
            let enabled = self.model.enabled(&self.state);
            let action = enabled.into_iter().find(|&a| self.model.notation(a) == *step);
            let action = action.unwrap_or_else(|| panic!("no `{step}` in {:#?}", self.enabled()));
            self.state = self.model.apply(&self.state, action);
        }
        self
    }

    /// Takes whatever is enabled and begins with one of the prefixes, the first first, until there is nothing.
    pub(crate) fn take_all(&mut self, prefixes: &[&str]) -> &mut Self {
        let wanted = |step: &String| prefixes.iter().any(|prefix| step.starts_with(prefix));
        while let Some(step) = self.enabled().into_iter().find(wanted) {
            self.take(&[&step]);
        }
        self
    }

    /// Goes on without further faults, the first enabled action first, until the job ends or `steps` are taken.
    pub(crate) fn go_on(&mut self) -> &mut Self {
        for _ in 0..500 {
            let enabled = self.model.enabled(&self.state);
            let Some(&action) = enabled.iter().find(|a| a.fault().is_none()) else { break };
            self.state = self.model.apply(&self.state, action);
        }
        self
    }

    pub(crate) fn enabled(&self) -> Vec<String> {
        let enabled = self.model.enabled(&self.state);
        enabled.into_iter().map(|action| self.model.notation(action)).collect()
    }

    pub(crate) fn can(&self, step: &str) -> bool {
        self.enabled().iter().any(|enabled| enabled == step)
    }

    /// The number of a vertex.
    pub(crate) fn vertex(&self, name: &str) -> usize {
        let all = 0..self.model.size();
        all.clone()
            .find(|&v| self.model.vertex_name(v) == name)
            .unwrap_or_else(|| panic!("no `{name}`"))
    }

    fn partition(&self, name: &str) -> usize {
        (0..self.model.topology.partitions.len())
            .find(|&p| self.model.partition_name(p) == name)
            .unwrap_or_else(|| panic!("no `{name}`"))
    }

    /// What the master writes of a vertex.
    pub(crate) fn book(&self, name: &str) -> ExecutionState {
        self.state.tasks[self.vertex(name)].book
    }

    pub(crate) fn tracks(&self, partition: &str) -> bool {
        self.state.tracked & 1 << self.partition(partition) != 0
    }

    pub(crate) fn stores(&self, partition: &str) -> bool {
        self.state.stored & 1 << self.partition(partition) != 0
    }

    /// What all subtasks of a sink have made visible, as `[r0 r1]`.
    pub(crate) fn shown(&self, sink: &str) -> String {
        let of_sink = |&v: &usize| self.model.vertex_name(v).starts_with(&format!("{sink}["));
        let subtasks: Vec<usize> = (0..self.model.size()).filter(of_sink).collect();
        let mut all = failproof_model::data::Rows::EMPTY;
        for &v in &subtasks {
            all = all.extend(self.state.shown[v], failproof_model::data::Rows::MAX);
        }
        self.model.rows_text(subtasks[0], all.sorted(), true)
    }
}
