//! Single-decree Paxos after Lamport, "Paxos Made Simple": clients have servers agree on the value of one of them.
//!
//! Every client has one ballot of its own, and a later client a higher one. No message is lost and any may wait for
//! ever, so a message is known by what it says and by whether it was received.

use stateright::Model;

use crate::{Judge, Marks};

/// Servers, which accept.
pub const SERVERS: usize = 3;

/// Clients that a state has room for.
pub const CLIENTS_MAX: usize = 3;

/// Servers that are a majority.
const MAJORITY: u32 = 2;

/// The protocol among [`SERVERS`] servers.
#[derive(Clone, Copy, Debug)]
pub struct Paxos {
    /// Number of clients, at most [`CLIENTS_MAX`].
    pub clients: usize,
    /// The seeded bug: a promise does not tell what its server has accepted before.
    pub forgetful: bool,
}

/// What servers know, and how far the ballots of clients are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct State {
    servers: [Server; SERVERS],
    ballots: [Ballot; CLIENTS_MAX],
}

/// Ballots are numbered from 1 here; 0 is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Server {
    /// The highest ballot that it has answered.
    promised: u8,
    /// The last ballot whose value it has accepted.
    accepted: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Ballot {
    prepared: bool,
    /// What each server that has promised told: the ballot whose value it had accepted before.
    promises: [Option<u8>; SERVERS],
    /// Bit s: the client has received the promise of server s.
    received: u8,
    /// The client whose value is proposed, from 1; 0 while there is no majority of promises.
    value: u8,
    /// Bit s: server s has accepted the value.
    accepted: u8,
}

/// One step of the protocol; servers and clients by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// A client begins its ballot.
    Prepare(usize),
    /// A server promises a client to take part in no lower ballot.
    Promise(usize, usize),
    /// The client receives the promise of that server; with a majority it proposes a value.
    ReceivePromise(usize, usize),
    /// A server accepts what the client proposes.
    Accept(usize, usize),
}

impl Paxos {
    fn push_server_actions(&self, state: &State, s: usize, c: usize, actions: &mut Vec<Action>) {
        let (server, ballot, number) = (state.servers[s], &state.ballots[c], c as u8 + 1);
        if ballot.prepared && server.promised < number {
            actions.push(Action::Promise(s, c));
        }
        if ballot.value == 0 && ballot.promises[s].is_some() && ballot.received >> s & 1 == 0 {
            actions.push(Action::ReceivePromise(s, c));
        }
        if ballot.value != 0 && server.promised <= number && ballot.accepted >> s & 1 == 0 {
            actions.push(Action::Accept(s, c));
        }
    }

    /// What a client proposes once it has a majority of promises: the value of the highest ballot that they tell, or
    /// its own if they tell none.
    fn propose(state: &mut State, c: usize) {
        let ballot = &state.ballots[c];
        if ballot.received.count_ones() < MAJORITY {
            return;
        }
        let received = (0..SERVERS).filter(|s| ballot.received >> s & 1 == 1);
        let highest = received.filter_map(|s| ballot.promises[s]).max().unwrap_or(0);
        state.ballots[c].value = match usize::from(highest).checked_sub(1) {
            Some(earlier) => state.ballots[earlier].value,
            None => c as u8 + 1,
        };
    }
}

impl Model for Paxos {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        let ballot = Ballot {
            prepared: false,
            promises: [None; SERVERS],
            received: 0,
            value: 0,
            accepted: 0,
        };
        let server = Server { promised: 0, accepted: 0 };
        vec![State { servers: [server; SERVERS], ballots: [ballot; CLIENTS_MAX] }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        for c in 0..self.clients.min(CLIENTS_MAX) {
            if !state.ballots[c].prepared {
                actions.push(Action::Prepare(c));
            }
            (0..SERVERS).for_each(|s| self.push_server_actions(state, s, c, actions));
        }
    }

    fn next_state(&self, last: &State, action: Action) -> Option<State> {
        let mut state = *last;
        match action {
            Action::Prepare(c) => state.ballots[c].prepared = true,
            Action::Promise(s, c) => {
                state.servers[s].promised = c as u8 + 1;
                let told = if self.forgetful { 0 } else { state.servers[s].accepted };
                state.ballots[c].promises[s] = Some(told);
            }
            Action::ReceivePromise(s, c) => {
                state.ballots[c].received |= 1 << s;
                Paxos::propose(&mut state, c);
            }
            Action::Accept(s, c) => {
                state.servers[s] = Server { promised: c as u8 + 1, accepted: c as u8 + 1 };
                state.ballots[c].accepted |= 1 << s;
            }
        }
        Some(state)
    }
}

/// Property 0: at most one value is chosen, that is accepted by a majority in one ballot. Triggered by the first.
#[derive(Clone, Copy, Debug)]
pub struct OneValue;

impl Judge<Paxos> for OneValue {
    fn properties(&self) -> usize {
        1
    }

    fn on_state(&self, _: &Paxos, state: &State) -> Marks {
        let mut chosen = state.ballots.iter().filter(|it| it.accepted.count_ones() >= MAJORITY);
        let Some(first) = chosen.next() else { return Marks::NONE };
        Marks::NONE.with(0, true, chosen.any(|other| other.value != first.value))
    }
}
