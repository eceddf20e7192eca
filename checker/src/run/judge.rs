//! Properties as the explorer sees them.

use failproof_model::action::{Action, RULES};
use failproof_model::execution_state::ExecutionState;
use failproof_model::failover::Failover;
use failproof_model::state::State;
use failproof_properties::{Facts, Judgement, Property, Step, Steps};

use crate::explore::{Judge, Kind, Marks};

/// Judges a scenario by all properties of the catalogue.
pub struct Properties<const V: usize> {
    facts: Facts<V>,
    properties: Vec<Box<dyn Property<V>>>,
    /// Bit i: nothing can be said of property i.
    left_out: u64,
    /// Of every rule, which properties have something to say of its steps, as bits.
    by_rule: Vec<u64>,
    /// Which have something to say of steps by which something becomes visible, or the job gets another status.
    visible: u64,
}

/// What is added up along a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CostOf {
    /// Failures that were answered with a restart, as the budget counts them.
    Restarts = 0,
    /// Tasks deployed.
    Deployments = 1,
}

impl<const V: usize> Properties<V> {
    /// All properties, with the facts that they need.
    pub fn new(facts: Facts<V>) -> Self {
        Properties::of(facts, failproof_properties::all())
    }

    /// Those with these ids, in the order of the catalogue.
    pub fn named(facts: Facts<V>, ids: &[&str]) -> Self {
        let mut properties = failproof_properties::all();
        properties.retain(|property| ids.contains(&property.about().id));
        Properties::of(facts, properties)
    }

    fn of(facts: Facts<V>, properties: Vec<Box<dyn Property<V>>>) -> Self {
        let by_rule = RULES.iter().map(|rule| {
            chosen(&properties, |steps| match steps {
                Steps::Any => true,
                Steps::By(rules) => rules.contains(&rule.id),
                Steps::Visible | Steps::None => false,
            })
        });
        let (by_rule, visible) =
            (by_rule.collect(), chosen(&properties, |steps| steps == Steps::Visible));
        Properties { facts, properties, left_out: 0, by_rule, visible }
    }

    /// What is known of the scenario that is judged.
    pub(crate) fn facts(&self) -> &Facts<V> {
        &self.facts
    }

    /// Says nothing of the properties that ask for the runs without faults: not all of those are known.
    #[must_use]
    pub fn without_free(mut self) -> Self {
        let needing = self.properties.iter().enumerate().filter(|(_, it)| it.needs_free());
        self.left_out = needing.fold(0, |bits, (index, _)| bits | 1 << index);
        self
    }

    /// What the properties say that are `asked`, as bits, and not left out.
    fn marks(&self, asked: u64, judge: impl Fn(&dyn Property<V>) -> Judgement) -> Marks {
        let (mut marks, mut asked) = (Marks::NONE, asked & !self.left_out);
        while asked != 0 {
            let index = asked.trailing_zeros() as usize;
            asked &= asked - 1;
            marks = match judge(self.properties[index].as_ref()) {
                Judgement::Idle => marks,
                Judgement::Holds => marks.with(index, true, false),
                Judgement::Violated => marks.with(index, true, true),
            };
        }
        marks
    }

    /// Bits of all properties.
    fn all(&self) -> u64 {
        u64::MAX >> (u64::BITS as usize - self.properties.len())
    }

    /// Whether who is not asked of a step would have nothing to say of it.
    fn spared_are_idle(&self, asked: u64, step: &Step<'_, V>) -> bool {
        let spared = self.all() & !asked;
        self.marks(spared, |property| property.on_step(&self.facts, step)) == Marks::NONE
    }
}

/// The properties of which this is true of the steps that they are about, as bits.
fn chosen<const V: usize>(
    properties: &[Box<dyn Property<V>>],
    is_so: impl Fn(Steps) -> bool,
) -> u64 {
    let all = properties.iter().enumerate().filter(|(_, property)| is_so(property.steps()));
    all.fold(0, |bits, (index, _)| bits | 1 << index)
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
        let visible = state.job != next.job || state.shown != next.shown;
        let asked = self.by_rule[action.rule()] | if visible { self.visible } else { 0 };
        debug_assert!(self.spared_are_idle(asked, &step), "{action:?}");
        self.marks(asked, |property| property.on_step(&self.facts, &step))
    }

    fn on_expanded(&self, _: &Failover<V>, state: &State<V>, successors: usize) -> Marks {
        self.marks(self.all(), |property| property.on_state(&self.facts, state, successors))
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

    fn is_mishap(&self, rule: usize) -> bool {
        Action::fault_of_rule(rule).is_some()
    }

    fn costs(&self) -> usize {
        2
    }

    fn cost(&self, cost: usize, state: &State<V>, action: &Action, next: &State<V>) -> u32 {
        if cost == CostOf::Restarts as usize {
            match may_be_restarted(state, action, next) {
                true => self.facts.model.restarts_granted(state, *action).into(),
                false => 0,
            }
        } else {
            // Whatever runs after a master was lost, the next one has deployed.
            let anew = matches!(action, Action::LoseMaster | Action::PauseLeader);
            let begins = |v| is_deployed(next, v) && (anew || !is_deployed(state, v));
            (0..self.facts.model.size()).map(|v| u32::from(begins(v))).sum()
        }
    }

    fn gauges(&self) -> usize {
        1
    }

    fn gauge(&self, _: usize, state: &State<V>) -> u32 {
        state.stored.count_ones()
    }
}

/// Whether a step may have been a failure that a restart answers: a task is FAILED now, a restart is in preparation
/// that was not, or it is one for which nobody has to look.
fn may_be_restarted<const V: usize>(state: &State<V>, action: &Action, next: &State<V>) -> bool {
    let failed = |s: &State<V>, v: usize| s.tasks[v].book == ExecutionState::Failed;
    state.restarts != next.restarts
        || matches!(action, Action::FailJob | Action::ThrowInRestart { .. })
        || (0..V).any(|v| failed(next, v) && !failed(state, v))
}

/// Whether the current attempt of a vertex has been deployed and has not ended, by the books.
pub(crate) fn is_deployed<const V: usize>(state: &State<V>, v: usize) -> bool {
    use ExecutionState as E;
    matches!(state.tasks[v].book, E::Deploying | E::Initializing | E::Running)
}
