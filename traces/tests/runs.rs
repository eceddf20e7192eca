//! Recording and replaying runs of a small model: round trips, every divergence, and texts that were tampered with.

use std::fmt;

use failproof_traces::{About, Digest, Divergence, Kind, Reason, RecordError, Trace};
use proptest::prelude::*;
use stateright::Model;

/// Tokens that are added and taken away, up to `most` of them.
struct Tokens {
    most: u8,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Move {
    Add(u8),
    Take(u8),
    /// Offered everywhere and does nothing, as a model of stateright may.
    Wait,
}

impl Model for Tokens {
    type State = u8;
    type Action = Move;

    fn init_states(&self) -> Vec<u8> {
        vec![0, 1]
    }

    fn actions(&self, &tokens: &u8, actions: &mut Vec<Move>) {
        actions.extend((1..=2).filter(|n| tokens + n <= self.most).map(Move::Add));
        actions.extend((1..=2).filter(|&n| n <= tokens).map(Move::Take));
        actions.push(Move::Wait);
    }

    fn next_state(&self, tokens: &u8, action: Move) -> Option<u8> {
        match action {
            Move::Add(n) => Some(tokens + n),
            Move::Take(n) => Some(tokens - n),
            Move::Wait => None,
        }
    }

    fn format_action(&self, action: &Move) -> String {
        action.to_string()
    }
}

impl fmt::Display for Move {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Move::Add(n) => write!(f, "Add {n}"),
            Move::Take(n) => write!(f, "Take {n}"),
            Move::Wait => write!(f, "Wait"),
        }
    }
}

const MODEL: Tokens = Tokens { most: 3 };

fn encode(&tokens: &u8) -> Vec<u8> {
    vec![tokens]
}

fn about() -> About {
    About {
        tool: "test 1".to_owned(),
        kind: Kind::Witness,
        property: None,
        lasso: None,
        scenario: "most = 3".to_owned(),
    }
}

fn record(init: u8, actions: &[Move]) -> Result<Trace, RecordError> {
    failproof_traces::record(&MODEL, about(), init, actions.iter().copied(), encode)
}

fn replay(model: &Tokens, trace: &Trace) -> Result<Vec<u8>, Divergence> {
    failproof_traces::replay(model, trace, encode).map(|replayed| replayed.states)
}

/// From 1: 3, 1, 2.
fn recorded() -> Trace {
    record(1, &[Move::Add(2), Move::Take(2), Move::Add(1)]).expect("a run of the model")
}

fn divergence(model: &Tokens, trace: &Trace) -> String {
    replay(model, trace).expect_err("a divergence").to_string()
}

#[test]
fn a_run_replays_from_its_own_initial_state() {
    let replayed = failproof_traces::replay(&MODEL, &recorded(), encode).unwrap();
    assert_eq!(replayed.states, [1, 3, 1, 2]);
    assert_eq!(replayed.actions, [Move::Add(2), Move::Take(2), Move::Add(1)]);
}

#[test]
fn a_run_without_steps_is_its_initial_state() {
    assert_eq!(replay(&MODEL, &record(0, &[]).unwrap()), Ok(vec![0]));
}

#[test]
fn what_is_not_enabled_is_not_recorded() {
    let error = record(0, &[Move::Add(2), Move::Add(2)]).unwrap_err();
    assert_eq!(error, RecordError { step: 2, action: "Add 2".to_owned() });
    // Offered, but without effect: not a step either.
    assert_eq!(record(0, &[Move::Wait]).unwrap_err().step, 1);
}

#[test]
fn another_initial_state_is_named() {
    let trace = Trace { init: Digest::of(&[9]), ..recorded() };
    let expected = Divergence::Initial {
        recorded: Digest::of(&[9]),
        found: vec![Digest::of(&[0]), Digest::of(&[1])],
    };
    assert_eq!(replay(&MODEL, &trace), Err(expected));
    let text = divergence(&MODEL, &trace);
    let [zero, one] = [Digest::of(&[0]), Digest::of(&[1])];
    assert!(text.ends_with(&format!("the model begins in {zero}, {one}")), "{text}");
}

#[test]
fn an_unknown_action_is_named_with_what_is_enabled() {
    let mut trace = recorded();
    trace.steps[1].action = "Steal 2".to_owned();
    let expected = "step 2 of 3, `Steal 2`: not enabled here; enabled are: Take 1, Take 2";
    assert_eq!(divergence(&MODEL, &trace), expected);
}

#[test]
fn a_step_that_is_not_enabled_is_named_with_what_is() {
    let expected = "step 1 of 3, `Add 2`: not enabled here; enabled are: Add 1, Take 1";
    assert_eq!(divergence(&Tokens { most: 2 }, &recorded()), expected);
    let mut trace = recorded();
    trace.steps[0].action = "Wait".to_owned();
    let expected = "step 1 of 3, `Wait`: not enabled here; enabled are: Add 1, Add 2, Take 1";
    assert_eq!(divergence(&MODEL, &trace), expected);
}

#[test]
fn a_dead_end_enables_nothing() {
    let trace = record(0, &[Move::Add(1)]).unwrap();
    let expected = "step 1 of 1, `Add 1`: not enabled here; enabled are: nothing";
    assert_eq!(divergence(&Tokens { most: 0 }, &trace), expected);
}

#[test]
fn a_step_that_leads_elsewhere_is_named_with_both_digests() {
    let mut trace = recorded();
    trace.steps[2].action = "Add 2".to_owned();
    let (recorded, found) = (Digest::of(&[2]), Digest::of(&[3]));
    let expected = Divergence::Step {
        step: 3,
        steps: 3,
        action: "Add 2".to_owned(),
        reason: Reason::OtherState { recorded, found },
    };
    assert_eq!(replay(&MODEL, &trace), Err(expected));
}

/// A random run: from each state, the successor that the next choice picks.
fn run(init: u8, choices: &[usize]) -> (Vec<u8>, Vec<Move>) {
    let (mut states, mut actions) = (vec![init], Vec::new());
    for choice in choices {
        let possible = MODEL.next_steps(&states[states.len() - 1]);
        let (action, next) = possible[choice % possible.len()];
        actions.push(action);
        states.push(next);
    }
    (states, actions)
}

fn any_run() -> impl Strategy<Value = (Vec<u8>, Vec<Move>)> {
    (0..2u8, prop::collection::vec(0..12usize, 0..12)).prop_map(|(init, picks)| run(init, &picks))
}

proptest! {
    #[test]
    fn every_run_survives_the_round_trip((states, actions) in any_run()) {
        let text = record(states[0], &actions).unwrap().to_string();
        let trace = Trace::read(&text).unwrap();
        prop_assert_eq!(replay(&MODEL, &trace), Ok(states));
        prop_assert_eq!(trace.to_string(), text);
    }

    #[test]
    fn every_text_of_scenario_and_property_survives(scenario: String, property: Option<String>) {
        let trace = Trace { scenario, property, ..recorded() };
        prop_assert_eq!(Trace::read(&trace.to_string()).unwrap(), trace);
    }

    #[test]
    fn a_text_of_anything_is_refused(text: String) {
        prop_assert!(Trace::read(&text).is_err());
    }

    /// Cut or changed anywhere, a text is refused, diverges, or still is a run of the model: never a panic, and never a
    /// state that the recorded digests do not vouch for.
    #[test]
    fn a_text_that_was_tampered_with_is_never_believed(
        (states, actions) in any_run(),
        at: prop::sample::Index,
        removed in 0..8usize,
        inserted in "[ -~é]{0,4}",
    ) {
        let text: Vec<char> = record(states[0], &actions).unwrap().to_string().chars().collect();
        let at = at.index(text.len());
        let rest = &text[(at + removed).min(text.len())..];
        let changed: String =
            text[..at].iter().copied().chain(inserted.chars()).chain(rest.iter().copied()).collect();
        if let Ok(trace) = Trace::read(&changed)
            && let Ok(states) = replay(&MODEL, &trace)
        {
            let digests: Vec<Digest> = states.iter().map(|state| Digest::of(&encode(state))).collect();
            prop_assert_eq!(digests[0], trace.init);
            let recorded: Vec<Digest> = trace.steps.iter().map(|step| step.digest).collect();
            prop_assert_eq!(&digests[1..], &recorded[..]);
        }
    }
}
