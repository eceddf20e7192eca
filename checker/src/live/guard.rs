//! What keeps all steps of a rule from happening, where the scenario or the state says so by itself.
//!
//! That is so of faults, which are counted, and of a job that has ended. Anything more would be a second model beside
//! the model, and is not said: the statement of a rule says when it has a step.

use failproof_model::action::Action;
use failproof_model::failover::Failover;
use failproof_model::state::State;

use crate::report::quantity::counted;
use crate::spelling::spelt;

/// What keeps a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Guard {
    /// In a sentence without its full stop.
    pub(super) why: String,
    /// It is kept in each state of the scenario.
    pub(super) always: bool,
}

/// What keeps a rule in a state, if that can be said.
pub(super) fn guard<const V: usize>(
    model: &Failover<V>,
    state: &State<V>,
    rule: usize,
) -> Option<Guard> {
    if let Some(why) = no_fault(model, rule) {
        return Some(Guard { why, always: true });
    }
    let now = if state.job.is_terminal() {
        Some(format!("the job has ended: it is {}", spelt(&state.job)))
    } else if state.fine.master_dead {
        Some("the master is dead for good".to_owned())
    } else {
        none_left(model, state, rule)
    };
    now.map(|why| Guard { why, always: false })
}

/// Why a fault can never happen.
fn no_fault<const V: usize>(model: &Failover<V>, rule: usize) -> Option<String> {
    let (kind, faults) = (Action::fault_of_rule(rule)?, model.scenario.faults);
    let none = faults.total == 0 || faults.limits[kind as usize] == 0;
    none.then(|| format!("the scenario has no fault of the kind {}", spelt(&kind)))
}

/// Why a fault cannot happen any more.
fn none_left<const V: usize>(model: &Failover<V>, state: &State<V>, rule: usize) -> Option<String> {
    let kind = Action::fault_of_rule(rule)?;
    let faults = model.scenario.faults;
    let all = |n: u8| counted(n.into(), "fault");
    if state.faults == 0 {
        return Some(format!("no fault is left: the scenario has {}", all(faults.total)));
    }
    let spent = state.left(kind) == 0;
    spent.then(|| {
        let (limit, kind) = (faults.limits[kind as usize], spelt(&kind));
        format!("no fault of the kind {kind} is left: the scenario has {}", all(limit))
    })
}

#[cfg(test)]
mod tests {
    use failproof_model::action::RULES;

    use super::*;
    use crate::explore::SplitMix64;
    use crate::run::{WithModel, with_model};
    use crate::scenario_file::{Surroundings, builtin, parse};

    #[test]
    fn each_fault_is_known_by_its_kind() {
        for (index, rule) in RULES.iter().enumerate() {
            assert_eq!(
                Action::fault_of_rule(index).is_some(),
                rule.statement.starts_with("Fault"),
                "{}",
                rule.id
            );
        }
    }

    /// What is possible on random walks through a scenario is kept by nothing.
    struct Walk;

    impl WithModel for Walk {
        type Output = usize;

        fn with<const V: usize>(self, model: Failover<V>) -> usize {
            let mut seen = 0;
            for seed in 0..20 {
                let (mut random, mut state) = (SplitMix64::split(seed, 0), model.init());
                loop {
                    let enabled = model.enabled(&state);
                    for action in &enabled {
                        let index = action.rule();
                        let kept = guard(&model, &state, index);
                        assert_eq!(kept, None, "{}: {action:?}", model.scenario.name);
                    }
                    seen += enabled.len();
                    if enabled.is_empty() {
                        break;
                    }
                    state = model.apply(&state, enabled[random.below(enabled.len())]);
                    if seen > 20_000 {
                        break;
                    }
                }
            }
            seen
        }
    }

    #[test]
    fn what_is_possible_is_never_said_to_be_kept() {
        for (name, text) in builtin() {
            let file = parse(name, text, &Surroundings::real()).unwrap();
            // One scenario begins where nothing is possible.
            let seen = with_model(&file.scenario, Walk).unwrap();
            assert!(seen > 0 || name == "region-cycle", "{name}");
        }
    }
}
