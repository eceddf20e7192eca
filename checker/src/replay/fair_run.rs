//! Whether a run is fair, and never reaches what it should.

use failproof_model::action::Action;
use failproof_model::failover::Failover;
use failproof_model::state::State;
use failproof_traces::Replayed;

use crate::explore::{Judge, Kind};
use crate::run::Properties;

/// Why a run that repeats itself from state `lasso` on, where it is again at its end, or stops, is no violation of a
/// property about fair runs; none if it is one.
pub(super) fn refute<const V: usize>(
    model: &Failover<V>,
    judge: &Properties<V>,
    property: usize,
    (run, lasso): (&Replayed<State<V>, Action>, Option<usize>),
) -> Option<String> {
    let states = &run.states;
    let last = states.len() - 1;
    let begin = lasso.unwrap_or(last);
    let is_goal = |state: &State<V>| judge.is_goal(property, model, state);
    let is_premise = |state: &State<V>| judge.is_premise(property, model, state);
    let pending = states.iter().rposition(is_goal).map_or(0, |goal| goal + 1);
    if pending > begin || judge.kind(property) == Kind::Eventually && pending > 0 {
        return Some(format!("it reaches a goal after {} steps", pending - 1));
    }
    let owes = || states[pending..=begin].iter().any(is_premise);
    if judge.kind(property) == Kind::LeadsTo && !owes() {
        return Some("nothing happens that a goal should follow".to_owned());
    }
    let fair = |state: &State<V>, action: Action| Some((model.fairness(state, action)?, action));
    let possible = |state: &State<V>| {
        model.enabled(state).into_iter().filter_map(|action| fair(state, action)).collect()
    };
    let neglected = neglected(&states[begin..], &run.actions[begin..], possible)?;
    let neglected = model.notation(neglected);
    Some(format!("it is not fair: `{neglected}` could happen all the time, and never does"))
}

/// An action of a class that is possible in all of `states`, while no action that was taken from one to the next is of
/// that class. `possible` gives actions with their classes.
fn neglected<S, A: Copy + PartialEq>(
    states: &[S],
    taken: &[A],
    possible: impl Fn(&S) -> Vec<(u8, A)>,
) -> Option<A> {
    let mut waiting = states.first().map(&possible).unwrap_or_default();
    for (index, state) in states.iter().enumerate() {
        let possible = possible(state);
        let is_taken = |(_, action): &&(u8, A)| taken.get(index) == Some(action);
        let served = possible.iter().find(is_taken).map(|(class, _)| *class);
        waiting.retain(|(class, _)| {
            Some(*class) != served && possible.iter().any(|(other, _)| other == class)
        });
    }
    waiting.first().map(|(_, action)| *action)
}

#[cfg(test)]
mod tests {
    use super::neglected;

    /// Class 0 can always act, and class 1 in even states; letters are actions.
    fn possible(state: &u32) -> Vec<(u8, char)> {
        let always = vec![(0, 'a'), (0, 'b')];
        if state.is_multiple_of(2) { [always, vec![(1, 'c')]].concat() } else { always }
    }

    #[test]
    fn a_class_has_its_due_by_a_step_or_by_being_impossible_once() {
        assert_eq!(neglected(&[2, 4, 2], &['b', 'c'], possible), None);
        assert_eq!(neglected(&[2, 4, 2], &['c', 'c'], possible), Some('a'));
        assert_eq!(neglected(&[2, 4, 2], &['a', 'b'], possible), Some('c'));
        assert_eq!(neglected(&[2, 3, 2], &['a', 'b'], possible), None);
        assert_eq!(neglected(&[2, 3, 2], &['x', 'x'], possible), Some('a'));
        assert_eq!(neglected(&[3], &[], possible), Some('a'), "a run that stops takes nothing");
        assert_eq!(neglected(&[3], &[], |_| Vec::<(u8, char)>::new()), None);
    }
}
