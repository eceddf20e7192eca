//! What can be done in a state, and what cannot.

use failproof_model::action::{Action, RULES, Rule};
use failproof_model::failover::Failover;
use failproof_model::state::State;
use serde::Serialize;

use super::guard::{Guard, guard};

/// The rules of the model in a state.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Choices {
    enabled: Vec<Group>,
    disabled: Vec<Disabled>,
}

/// The steps of a rule that are possible.
#[derive(Clone, Debug, Serialize)]
struct Group {
    rule: &'static str,
    statement: &'static str,
    sections: &'static [&'static str],
    fault: bool,
    steps: Vec<Choice>,
}

/// A step that is possible.
#[derive(Clone, Debug, Serialize)]
struct Choice {
    /// Its place among all that are possible.
    place: usize,
    action: String,
}

/// A rule of which no step is possible.
#[derive(Clone, Debug, Serialize)]
struct Disabled {
    rule: &'static str,
    statement: &'static str,
    sections: &'static [&'static str],
    /// What keeps it, where the scenario or the state says so by itself; else its statement has to do.
    why: String,
    /// It is kept in each state of the scenario.
    always: bool,
}

/// What can be done in `state`.
pub(super) fn choices<const V: usize>(model: &Failover<V>, state: &State<V>) -> Choices {
    let actions = model.enabled(state);
    let of = |(index, rule): (usize, &Rule)| {
        let steps = actions.iter().enumerate().filter(|(_, action)| action.rule() == index);
        let fault = steps.clone().any(|(_, action)| action.fault().is_some());
        let choice =
            |(place, &action): (usize, &Action)| Choice { place, action: model.notation(action) };
        let steps: Vec<Choice> = steps.map(choice).collect();
        let &Rule { id, statement, sections } = rule;
        (!steps.is_empty()).then_some(Group { rule: id, statement, sections, fault, steps })
    };
    let disabled = RULES.iter().enumerate();
    let disabled = disabled.filter(|(index, _)| actions.iter().all(|it| it.rule() != *index));
    let disabled = disabled.map(|(index, rule)| {
        let &Rule { id, statement, sections } = rule;
        let guard = guard(model, state, index).unwrap_or_else(|| Guard {
            why: "no step of this rule is possible".to_owned(),
            always: false,
        });
        Disabled { rule: id, statement, sections, why: guard.why, always: guard.always }
    });
    Choices {
        enabled: RULES.iter().enumerate().filter_map(of).collect(),
        disabled: disabled.collect(),
    }
}
