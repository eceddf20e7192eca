//! Two-phase commit after Gray and Lamport, "Consensus on Transaction Commit": the transaction manager commits when
//! every resource manager is prepared, and may abort at any time before.

use stateright::Model;

use crate::{Judge, Marks};

/// Resource managers that a state has room for.
pub const PARTICIPANTS_MAX: usize = 8;

/// The protocol among so many resource managers, at most [`PARTICIPANTS_MAX`].
#[derive(Clone, Copy, Debug)]
pub struct TwoPhaseCommit {
    /// Number of resource managers.
    pub participants: usize,
}

/// What everyone knows, and which messages were ever sent: none is lost, any may be received again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct State {
    participants: [Participant; PARTICIPANTS_MAX],
    decision: Option<Decision>,
    /// Bit i: the transaction manager knows that i is prepared.
    known_prepared: u8,
    /// Bit i: i has said that it is prepared.
    said_prepared: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Participant {
    Working,
    Prepared,
    Done(Decision),
}

/// What a transaction comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Decision {
    /// It happens.
    Commit,
    /// It does not.
    Abort,
}

/// One step of the protocol; numbers are those of resource managers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// The transaction manager decides, and tells everyone.
    Decide(Decision),
    /// The transaction manager learns that a resource manager is prepared.
    ReceivePrepared(usize),
    /// A resource manager is prepared, and says so.
    Prepare(usize),
    /// A resource manager gives up on its own.
    GiveUp(usize),
    /// A resource manager learns the decision.
    ReceiveDecision(usize),
}

impl Model for TwoPhaseCommit {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        vec![State {
            participants: [Participant::Working; PARTICIPANTS_MAX],
            decision: None,
            known_prepared: 0,
            said_prepared: 0,
        }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        let everyone = 0..self.participants.min(PARTICIPANTS_MAX);
        if state.decision.is_none() {
            if everyone.clone().all(|i| state.known_prepared >> i & 1 == 1) {
                actions.push(Action::Decide(Decision::Commit));
            }
            actions.push(Action::Decide(Decision::Abort));
        }
        for i in everyone {
            if state.decision.is_none() && state.said_prepared >> i & 1 == 1 {
                actions.push(Action::ReceivePrepared(i));
            }
            if state.participants[i] == Participant::Working {
                actions.extend([Action::Prepare(i), Action::GiveUp(i)]);
            }
            if state.decision.is_some() {
                actions.push(Action::ReceiveDecision(i));
            }
        }
    }

    fn next_state(&self, last: &State, action: Action) -> Option<State> {
        let mut state = *last;
        match action {
            Action::Decide(decision) => state.decision = Some(decision),
            Action::ReceivePrepared(i) => state.known_prepared |= 1 << i,
            Action::Prepare(i) => {
                state.participants[i] = Participant::Prepared;
                state.said_prepared |= 1 << i;
            }
            Action::GiveUp(i) => state.participants[i] = Participant::Done(Decision::Abort),
            Action::ReceiveDecision(i) => {
                state.participants[i] = Participant::Done(state.decision?);
            }
        }
        Some(state)
    }
}

/// Property 0: no resource manager commits while another aborts. Triggered by the first commit.
#[derive(Clone, Copy, Debug)]
pub struct Agreement;

impl Judge<TwoPhaseCommit> for Agreement {
    fn properties(&self) -> usize {
        1
    }

    fn on_state(&self, _: &TwoPhaseCommit, state: &State) -> Marks {
        let any = |decision| state.participants.contains(&Participant::Done(decision));
        let committed = any(Decision::Commit);
        Marks::NONE.with(0, committed, committed && any(Decision::Abort))
    }
}
