//! Properties as the explorer sees them.

use failproof_model::action::{Action, RULES};
use failproof_model::failover::Failover;
use failproof_model::state::State;
use failproof_properties::{Facts, Judgement, Property, Step};

use crate::explore::{Judge, Kind, Marks};

/// Judges a scenario by all properties of the catalogue.
pub struct Properties<const V: usize> {
    facts: Facts<V>,
    properties: Vec<Box<dyn Property<V>>>,
    /// Bit i: nothing can be said of property i.
    left_out: u64,
}

/// What is added up along a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CostOf {
    /// Restarts carried out.
    Restarts = 0,
    /// Tasks deployed.
    Deployments = 1,
}

impl<const V: usize> Properties<V> {
    /// All properties, with the facts that they need.
    pub fn new(facts: Facts<V>) -> Self {
        Properties { facts, properties: failproof_properties::all(), left_out: 0 }
    }

    /// Says nothing of the properties that ask for the runs without faults: not all of those are known.
    #[must_use]
    pub fn without_free(mut self) -> Self {
        let needing = self.properties.iter().enumerate().filter(|(_, it)| it.needs_free());
        self.left_out = needing.fold(0, |bits, (index, _)| bits | 1 << index);
        self
    }

    fn marks(&self, judge: impl Fn(&dyn Property<V>) -> Judgement) -> Marks {
        let all = self.properties.iter().enumerate();
        let asked = all.filter(|(index, _)| self.left_out >> index & 1 == 0);
        asked.fold(Marks::NONE, |marks, (index, property)| match judge(property.as_ref()) {
            Judgement::Idle => marks,
            Judgement::Holds => marks.with(index, true, false),
            Judgement::Violated => marks.with(index, true, true),
        })
    }
}

impl<const V: usize> Judge<Failover<V>> for Properties<V> {
    fn properties(&self) -> usize {
        self.properties.len()
    }

    fn kind(&self, property: usize) -> Kind {
        match self.properties[property].about().kind {
            failproof_properties::Kind::Safety => Kind::Safety,
            failproof_properties::Kind::Reachability => Kind::Reachability,
            failproof_properties::Kind::Eventually => Kind::Eventually,
            failproof_properties::Kind::LeadsTo => Kind::LeadsTo,
        }
    }

    fn on_step(
        &self,
        _: &Failover<V>,
        state: &State<V>,
        action: &Action,
        next: &State<V>,
    ) -> Marks {
        let step = Step { state, action: *action, next };
        self.marks(|property| property.on_step(&self.facts, &step))
    }

    fn on_expanded(&self, _: &Failover<V>, state: &State<V>, successors: usize) -> Marks {
        self.marks(|property| property.on_state(&self.facts, state, successors))
    }

    fn is_goal(&self, property: usize, _: &Failover<V>, state: &State<V>) -> bool {
        self.properties[property].is_goal(&self.facts, state)
    }

    fn is_premise(&self, property: usize, _: &Failover<V>, state: &State<V>) -> bool {
        self.properties[property].is_premise(&self.facts, state)
    }

    fn fairness(&self, state: &State<V>, action: &Action) -> Option<u8> {
        self.facts.model.fairness(state, *action)
    }

    fn rules(&self) -> usize {
        RULES.len()
    }

    fn rule(&self, action: &Action) -> usize {
        action.rule()
    }

    fn costs(&self) -> usize {
        2
    }

    fn cost(&self, cost: usize, state: &State<V>, action: &Action, next: &State<V>) -> u32 {
        if cost == CostOf::Restarts as usize {
            u32::from(matches!(action, Action::RestartTasks { .. }))
        } else {
            (0..V).filter(|&v| !is_deployed(state, v) && is_deployed(next, v)).count() as u32
        }
    }

    fn gauges(&self) -> usize {
        1
    }

    fn gauge(&self, _: usize, state: &State<V>) -> u32 {
        state.stored.count_ones()
    }
}

/// Whether the current attempt of a vertex has been deployed and has not ended, by the books.
pub(super) fn is_deployed<const V: usize>(state: &State<V>, v: usize) -> bool {
    use failproof_model::execution_state::ExecutionState as E;
    matches!(state.tasks[v].book, E::Deploying | E::Initializing | E::Running)
}
