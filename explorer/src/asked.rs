//! What properties ask of single states, a bit each.

use stateright::Model;

use super::judge::{Judge, Kind, PROPERTIES_MAX};
use super::liveness::Claim;

/// The goals and premises that a judge is asked for. A goal has the bit of its property; premises have those that no
/// property has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Asked {
    goals: Vec<(usize, Kind)>,
    premises: Vec<(usize, usize)>,
}

impl Asked {
    pub(super) fn of<M: Model, J: Judge<M>>(judge: &J) -> Asked {
        let known = 0..judge.properties().min(PROPERTIES_MAX);
        let all = known.map(|property| (property, judge.kind(property)));
        let goals: Vec<_> = all.filter(|(_, kind)| *kind != Kind::Safety).collect();
        let free = judge.properties().min(PROPERTIES_MAX)..PROPERTIES_MAX;
        let leads = goals.iter().filter(|(_, kind)| *kind == Kind::LeadsTo);
        let premises = leads.zip(free).map(|((property, _), bit)| (*property, bit)).collect();
        Asked { goals, premises }
    }

    /// Whether no property asks for anything.
    pub(super) fn is_nothing(&self) -> bool {
        self.goals.is_empty()
    }

    /// Whether some property is about fair runs.
    pub(super) fn fairness(&self) -> bool {
        self.goals.iter().any(|(_, kind)| kind.is_about_fair_runs())
    }

    /// The bits of all goals that have to stay reachable.
    pub(super) fn to_stay_reachable(&self) -> u64 {
        let kept = self.goals.iter().filter(|(_, kind)| *kind == Kind::Reachability);
        kept.fold(0, |bits, (property, _)| bits | 1 << property)
    }

    /// What a property claims of fair runs, if it is about them and there is room for what it asks.
    pub(super) fn claim(&self, property: usize) -> Option<Claim> {
        let (_, kind) = self.goals.iter().find(|(asking, _)| *asking == property)?;
        let goal = 1 << property;
        let premise = self.premises.iter().find(|(asking, _)| *asking == property);
        match (kind, premise) {
            (Kind::Eventually, _) => Some(Claim { goal, premise: None }),
            (Kind::LeadsTo, Some((_, bit))) => Some(Claim { goal, premise: Some(1 << bit) }),
            _ => None,
        }
    }

    /// What a state is.
    #[inline]
    pub(super) fn answers<M: Model, J: Judge<M>>(
        &self,
        judge: &J,
        model: &M,
        state: &M::State,
    ) -> u64 {
        let is_goal = |(property, _): &&(usize, Kind)| judge.is_goal(*property, model, state);
        let goals = self.goals.iter().filter(is_goal);
        let is_premise =
            |(property, _): &&(usize, usize)| judge.is_premise(*property, model, state);
        let premises = self.premises.iter().filter(is_premise);
        let bits = goals.map(|(property, _)| property).chain(premises.map(|(_, bit)| bit));
        bits.fold(0, |bits, bit| bits | 1 << bit)
    }
}
