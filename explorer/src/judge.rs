//! How properties see an exploration.

use stateright::Model;

/// Properties a [`Judge`] can tell apart. Those beyond are never more than inconclusive.
pub const PROPERTIES_MAX: usize = 64;

/// Costs a [`Judge`] can add up. Those beyond stay unknown.
pub const COSTS_MAX: usize = 4;

/// What a property claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Nothing bad happens: violated by one state or one step.
    Safety,
    /// From every state a goal stays reachable: known only when everything is.
    Reachability,
    /// Every fair run reaches a goal: known only when everything is.
    Eventually,
    /// Every fair run that reaches a premise reaches a goal then or later: known only when everything is. It takes up
    /// the room of two properties.
    LeadsTo,
}

impl Kind {
    /// Whether it is about what every fair run reaches.
    ///
    /// A run is fair, in the weak sense, if there is no class of actions ([`Judge::fairness`]) of which from some time
    /// on a step is always possible and none is taken. A run may stop where no such class has a step: what is left
    /// there nobody guarantees.
    pub const fn is_about_fair_runs(self) -> bool {
        matches!(self, Kind::Eventually | Kind::LeadsTo)
    }
}

/// What a state or a step says about properties: bit i is about property i.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// The situation that the property is about has arisen. A property without it is vacuous.
    pub triggered: u64,
    /// The property is false here. Means something for [`Kind::Safety`] alone.
    pub violated: u64,
}

impl Marks {
    /// Says nothing.
    pub const NONE: Marks = Marks { triggered: 0, violated: 0 };

    /// These marks without those of `other`.
    #[must_use]
    pub(super) const fn without(self, other: Marks) -> Marks {
        Marks {
            triggered: self.triggered & !other.triggered,
            violated: self.violated & !other.violated,
        }
    }

    /// These marks with those of `property` added.
    #[must_use]
    pub const fn with(self, property: usize, triggered: bool, violated: bool) -> Marks {
        Marks {
            triggered: self.triggered | (triggered as u64) << property,
            violated: self.violated | (violated as u64) << property,
        }
    }
}

impl std::ops::BitOr for Marks {
    type Output = Marks;

    fn bitor(self, other: Marks) -> Marks {
        Marks {
            triggered: self.triggered | other.triggered,
            violated: self.violated | other.violated,
        }
    }
}

/// Everything an exploration asks about what it sees. All answers are functions of the arguments alone.
///
/// The defaults have no opinion, so `()` is a judge that lets an exploration only count.
pub trait Judge<M: Model>: Sync {
    /// Number of properties, at most [`PROPERTIES_MAX`].
    fn properties(&self) -> usize {
        0
    }

    /// What property `property` claims.
    fn kind(&self, property: usize) -> Kind {
        let _ = property;
        Kind::Safety
    }

    /// Judges a state, once, when it is first reached.
    fn on_state(&self, model: &M, state: &M::State) -> Marks {
        let _ = (model, state);
        Marks::NONE
    }

    /// Judges a step: every generated one, also to a known state.
    fn on_step(&self, model: &M, state: &M::State, action: &M::Action, next: &M::State) -> Marks {
        let _ = (model, state, action, next);
        Marks::NONE
    }

    /// Judges a state again, once its successors are known: duplicates count; ignored actions, steps out of the
    /// boundary and mishaps ([`Judge::is_mishap`]) do not. A state without successors is stuck or an end.
    fn on_expanded(&self, model: &M, state: &M::State, successors: usize) -> Marks {
        let _ = (model, state, successors);
        Marks::NONE
    }

    /// Whether `state` is a goal of `property`, for any kind but [`Kind::Safety`].
    fn is_goal(&self, property: usize, model: &M, state: &M::State) -> bool {
        let _ = (property, model, state);
        false
    }

    /// Whether `state` is a premise of the [`Kind::LeadsTo`] property `property`.
    fn is_premise(&self, property: usize, model: &M, state: &M::State) -> bool {
        let _ = (property, model, state);
        false
    }

    /// The class of actions that `action`, possible in `state`, belongs to, if somebody guarantees that of this class
    /// something happens at last as long as something can: see [`Kind::is_about_fair_runs`].
    fn fairness(&self, state: &M::State, action: &M::Action) -> Option<u8> {
        let _ = (state, action);
        None
    }

    /// Number of rules that steps are counted by.
    fn rules(&self) -> usize {
        0
    }

    /// The rule that `action` is an instance of, less than [`Judge::rules`].
    fn rule(&self, action: &M::Action) -> usize {
        let _ = action;
        0
    }

    /// Whether steps of that rule only befall the system, which must not need them: a goal is reachable
    /// ([`Kind::Reachability`]) without them or not at all. No step of such a rule leads back to where it came from,
    /// by whatever others.
    fn is_mishap(&self, rule: usize) -> bool {
        let _ = rule;
        false
    }

    /// Number of costs that are added up along runs, at most [`COSTS_MAX`].
    fn costs(&self) -> usize {
        0
    }

    /// What a step adds to cost `cost`.
    fn cost(&self, cost: usize, state: &M::State, action: &M::Action, next: &M::State) -> u32 {
        let _ = (cost, state, action, next);
        0
    }

    /// Number of gauges, whose maximum over all states is reported.
    fn gauges(&self) -> usize {
        0
    }

    /// What gauge `gauge` shows in `state`.
    fn gauge(&self, gauge: usize, state: &M::State) -> u32 {
        let _ = (gauge, state);
        0
    }
}

impl<M: Model> Judge<M> for () {}

/// Whether a step is one that only befalls the system.
pub(super) fn is_mishap<M: Model, J: Judge<M>>(judge: &J, action: &M::Action) -> bool {
    judge.rules() > 0 && judge.is_mishap(judge.rule(action))
}
