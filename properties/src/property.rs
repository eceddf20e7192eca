//! What a property is.

use failproof_model::action::Action;
use failproof_model::state::State;

use crate::facts::Facts;

/// One property of failover.
pub trait Property<const V: usize>: Send + Sync {
    /// What people are told.
    fn about(&self) -> &'static About;

    /// Whether it asks for [`Facts::free`]: without all runs that have no faults, nothing can be said of it.
    fn needs_free(&self) -> bool {
        false
    }

    /// Which steps it has something to say of: of any other it may be spared.
    fn steps(&self) -> Steps {
        Steps::Any
    }

    /// Judges one step.
    fn on_step(&self, facts: &Facts<V>, step: &Step<'_, V>) -> Judgement {
        let _ = (facts, step);
        Judgement::Idle
    }

    /// Judges a state that has `successors` successors.
    fn on_state(&self, facts: &Facts<V>, state: &State<V>, successors: usize) -> Judgement {
        let _ = (facts, state, successors);
        Judgement::Idle
    }

    /// For any kind but [`Kind::Safety`], whether the state is one that has to stay reachable or has to be reached.
    fn is_goal(&self, facts: &Facts<V>, state: &State<V>) -> bool {
        let _ = (facts, state);
        false
    }

    /// For [`Kind::LeadsTo`], whether the state is one from which a goal has to be reached.
    fn is_premise(&self, facts: &Facts<V>, state: &State<V>) -> bool {
        let _ = (facts, state);
        false
    }
}

/// A choice of steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Steps {
    /// None: the property is about states.
    None,
    /// Those by which something becomes visible, or the job gets another status.
    Visible,
    /// Those by certain rules, by their names.
    By(&'static [&'static str]),
    /// Any.
    Any,
}

/// What people are told of a property.
#[derive(Debug, PartialEq, Eq)]
pub struct About {
    /// A claim, in kebab case; an interface.
    pub id: &'static str,
    /// The claim in one plain sentence.
    pub statement: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    /// What must happen before it could be false.
    pub trigger: &'static str,
    /// What makes it false.
    pub breaks: &'static str,
    /// How it is judged.
    pub kind: Kind,
}

/// How a property is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// False in one state or step.
    Safety,
    /// False where a goal cannot be reached any more.
    Reachability,
    /// False where a fair run never reaches a goal. What is fair is said by the model.
    Eventually,
    /// False where a fair run reaches a premise and from there on no goal.
    LeadsTo,
}

impl Kind {
    /// As machines are told.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Safety => "safety",
            Kind::Reachability => "reachability",
            Kind::Eventually => "eventually",
            Kind::LeadsTo => "leads-to",
        }
    }
}

/// One step of a run.
#[derive(Clone, Copy)]
pub struct Step<'a, const V: usize> {
    /// The state before.
    pub state: &'a State<V>,
    /// What was done.
    pub action: Action,
    /// The state after.
    pub next: &'a State<V>,
}

/// What a property says of a state or step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// It is not about this.
    Idle,
    /// Its trigger has happened, and it is true.
    Holds,
    /// It is false.
    Violated,
}

impl Judgement {
    /// `Holds` or `Violated`.
    pub fn of(holds: bool) -> Judgement {
        if holds { Judgement::Holds } else { Judgement::Violated }
    }
}
