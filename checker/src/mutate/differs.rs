//! In which scenarios a defect makes any difference.
//!
//! A defect can be put into scenarios in which what it breaks never happens: explored with it, they are state by state
//! what they were. So a scenario is first explored without any defect, and in each of its states every model with a
//! defect is asked what can be done, who guarantees that it happens, and what comes of it. If it begins like the
//! scenario and gives the same answers in all its states, it has the same states and steps, and no property can tell
//! the two apart: properties are about states and steps, and about the job as the master knows it, which is compared as
//! well. If it gives another answer, the step is of a rule that the defect changes, and the scenario covers that.

use std::sync::{Mutex, PoisonError};

use failproof_model::action::{Action, RULES};
use failproof_model::failover::{Failover, ModelError};
use failproof_model::scenario::Scenario;
use failproof_model::state::State;

use crate::explore::{Control, Encoded, Explorer, Judge, Limits, Marks};
use crate::run::{RunError, StateCodec, WithModel, with_model};

/// What a defect does to a scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Difference {
    /// Nothing.
    None,
    /// It begins otherwise, or the master knows the job otherwise.
    FromTheStart,
    /// In some state, a step of this rule is another one, or can be taken only with it or only without.
    Rule(&'static str),
    /// None was found, and not all states were seen.
    Unknown,
}

/// What mutants do to a scenario.
pub struct Differences {
    /// One a mutant, in their order.
    pub differences: Vec<Difference>,
    /// Distinct states that were seen of the scenario.
    pub states: usize,
}

/// What each of `mutants` does to `base`.
///
/// # Errors
/// The model refuses one of them.
pub fn differences(
    base: &Scenario,
    mutants: &[&Scenario],
    limits: Limits,
    control: Control<'_>,
) -> Result<Differences, RunError> {
    Ok(with_model(base, Compare { mutants, limits, control })??)
}

struct Compare<'a, 'c> {
    mutants: &'a [&'a Scenario],
    limits: Limits,
    control: Control<'c>,
}

impl WithModel for Compare<'_, '_> {
    type Output = Result<Differences, ModelError>;

    fn with<const V: usize>(self, base: Failover<V>) -> Self::Output {
        let models = self.mutants.iter().map(|mutant| Failover::new((*mutant).clone()));
        let models = models.collect::<Result<Vec<Failover<V>>, _>>()?;
        let found = models.iter().map(|mutant| at_the_start(&base, mutant)).collect();
        let seen = Seen { models, found: Mutex::new(found) };
        let explorer = Explorer::new(&base, &seen).limits(self.limits);
        let (exploration, _) = explorer.store(&Encoded(StateCodec)).explore(self.control);
        let missing = match exploration.stopped {
            None => Difference::None,
            Some(_) => Difference::Unknown,
        };
        let found = seen.found.into_inner().unwrap_or_else(PoisonError::into_inner);
        let differences = found.into_iter().map(|found| found.unwrap_or(missing)).collect();
        Ok(Differences { differences, states: exploration.distinct })
    }
}

/// The models with defects, and what is known of each.
struct Seen<const V: usize> {
    models: Vec<Failover<V>>,
    found: Mutex<Vec<Option<Difference>>>,
}

impl<const V: usize> Judge<Failover<V>> for Seen<V> {
    fn on_state(&self, base: &Failover<V>, state: &State<V>) -> Marks {
        let steps = base.enabled(state).into_iter();
        let steps: Vec<Step<V>> = steps.map(|action| Step::of(base, state, action)).collect();
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        let open = self.models.iter().zip(found.iter_mut()).filter(|(_, found)| found.is_none());
        for (mutant, found) in open {
            let changed = changed(mutant, state, &steps);
            *found = changed.map(|action| Difference::Rule(RULES[action.rule()].id));
        }
        Marks::NONE
    }
}

/// What can be done in a state.
#[derive(PartialEq)]
struct Step<const V: usize> {
    action: Action,
    /// Who guarantees that it happens.
    fairness: Option<u8>,
    next: State<V>,
}

impl<const V: usize> Step<V> {
    fn of(model: &Failover<V>, state: &State<V>, action: Action) -> Self {
        let fairness = model.fairness(state, action);
        Step { action, fairness, next: model.apply(state, action) }
    }
}

/// The first action of `state` that is another one in `mutant`, where the `steps` are those without a defect.
fn changed<const V: usize>(
    mutant: &Failover<V>,
    state: &State<V>,
    steps: &[Step<V>],
) -> Option<Action> {
    let theirs = mutant.enabled(state);
    let is_other = |(step, action): &(&Step<V>, &Action)| {
        step.action != **action || **step != Step::of(mutant, state, **action)
    };
    let (common, both) = (steps.iter().zip(&theirs), steps.len().min(theirs.len()));
    let other = common.into_iter().find(is_other).map(|(step, _)| step.action);
    let more = || steps.get(both).map(|step| step.action).or(theirs.get(both).copied());
    other.or_else(more)
}

fn at_the_start<const V: usize>(base: &Failover<V>, mutant: &Failover<V>) -> Option<Difference> {
    let same = base.init() == mutant.init()
        && base.topology == mutant.topology
        && base.regions == mutant.regions;
    (!same).then_some(Difference::FromTheStart)
}
