//! What every fair run reaches, decided on the steps of a complete state space.
//!
//! A run that violates such a claim goes on for ever, or stops, among states that are *pending*: a premise was reached,
//! and no goal since. In the end it stays in one strongly connected component of these states. Whether some run that
//! does so is fair can be told of the component as a whole. If each class of actions is impossible in some state of it,
//! or taken by a step inside it, then the run that goes round all its states and steps is fair. Otherwise there is a
//! class that is possible in all its states and taken by no step inside it; then it is so on each cycle of the
//! component as well, and none is fair. (Were fairness the strong one, by which a class must be taken if it is possible
//! again and again, then a part of a component could be fair where the whole is not.)
//!
//! A run may stop where no class has a step: a state alone is a component like that, and a fair one.

use super::components::{OPEN, components};
use super::fairness::Classes;
use super::lasso::{Hop, fair_loop};
use super::limits::Stopped;
use super::memory::Memory;
use super::space::StateSpace;

/// Not pending.
const NOT: u32 = u32::MAX;
/// Pending, and a premise itself.
const BEGINS: u32 = u32::MAX - 1;

/// What is claimed: whoever has been in a premise comes to a goal.
#[derive(Clone, Copy, Debug)]
pub(super) struct Claim {
    /// The bit of its goals.
    pub(super) goal: u64,
    /// The bit of its premises; none where the initial states are.
    pub(super) premise: Option<u64>,
}

/// A fair run that never reaches a goal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lasso {
    /// The premise, which is reached as it was first reached.
    pub(super) premise: u32,
    /// The states from there to the one that is repeated, or in which the run stops.
    pub(super) stem: Vec<Hop>,
    /// The steps from there to there; none where the run stops.
    pub(super) circle: Vec<Hop>,
}

/// A fair run that violates `claim`, if there is one: with a shortest stem. `pulse` is called now and then.
pub(super) fn violation<S>(
    space: &StateSpace<S>,
    claim: Claim,
    memory: &mut Memory,
    mut pulse: impl FnMut() -> Result<(), Stopped>,
) -> Result<Option<Lasso>, Stopped> {
    let bytes = 3 * space.len() * size_of::<u32>();
    memory.claim(bytes)?;
    let pending = Pending::of(space, claim, &mut pulse)?;
    let mut fair = vec![OPEN; space.len()];
    let is_pending = |state: u32| pending.from[state as usize] != NOT;
    components(space, is_pending, memory, |members, component_of| {
        pulse()?;
        let component = component_of[members[0] as usize];
        if is_fair(space, members, component, component_of) {
            members.iter().for_each(|&member| fair[member as usize] = component);
        }
        Ok(())
    })?;
    let first = pending.order.iter().find(|&&state| fair[state as usize] != OPEN);
    let lasso = first.map(|&entry| {
        let (premise, stem) = pending.stem(entry);
        let component = fair[entry as usize];
        let circle = fair_loop(space, entry, |state| fair[state as usize] == component);
        Lasso { premise, stem, circle }
    });
    memory.release(bytes);
    Ok(lasso)
}

/// Whether a run may stop short of the goal: where nobody guarantees a step. Not all of these need have been preceded
/// by a premise.
pub(super) fn lacks_goal_where_runs_stop<S>(space: &StateSpace<S>, claim: Claim) -> bool {
    let answers = |state: u32| space.goals.as_ref().map_or(0, |all| all[state as usize]);
    let mut lacking = (0..space.len() as u32).filter(|&state| answers(state) & claim.goal == 0);
    lacking.any(|state| space.edges(state).all(|edge| edge.class.is_none()))
}

/// Whether the run that goes round a whole component, or stops in the only state of one, is fair.
fn is_fair<S>(
    space: &StateSpace<S>,
    members: &[u32],
    component: u32,
    component_of: &[u32],
) -> bool {
    let (mut always, mut taken) = (Classes::ALL, Classes::NONE);
    for &member in members {
        always = always.and(Classes::possible_in(space, member));
        for edge in space.edges(member) {
            if component_of[edge.target as usize] == component {
                taken = edge.class.map_or(taken, |class| taken.with(class));
            }
        }
    }
    always.without(taken).is_empty()
}

/// The states that are reachable from a premise without a goal on the way.
struct Pending {
    /// By which state each was reached, along a shortest run; [`BEGINS`] or [`NOT`].
    from: Vec<u32>,
    /// In the order of how many steps it takes to come there, pending.
    order: Vec<u32>,
}

impl Pending {
    fn of<S>(
        space: &StateSpace<S>,
        claim: Claim,
        pulse: &mut impl FnMut() -> Result<(), Stopped>,
    ) -> Result<Pending, Stopped> {
        let answers = |state: u32| space.goals.as_ref().map_or(0, |all| all[state as usize]);
        let misses = |state: u32| answers(state) & claim.goal == 0;
        let begins = |depth: usize, state: u32| {
            claim.premise.map_or(depth == 0, |premise| answers(state) & premise != 0)
        };
        let mut pending =
            Pending { from: vec![NOT; space.len()], order: Vec::with_capacity(space.len()) };
        let mut levels = space.levels().enumerate();
        let mut expanded = 0;
        loop {
            // Reached by as many steps as what is pending and not expanded yet.
            let level = levels.next();
            if level.is_none() && expanded == pending.order.len() {
                return Ok(pending);
            }
            if let Some((depth, states)) = level {
                let premises = states.map(|state| state as u32);
                let premises = premises.filter(|&state| misses(state) && begins(depth, state));
                premises.for_each(|state| pending.reach(state, BEGINS));
            }
            let known = pending.order.len();
            for at in expanded..known {
                pulse()?;
                let state = pending.order[at];
                for edge in space.row(state as usize) {
                    let target = space.target(edge);
                    if misses(target) {
                        pending.reach(target, state);
                    }
                }
            }
            expanded = known;
        }
    }

    fn reach(&mut self, state: u32, from: u32) {
        let known = &mut self.from[state as usize];
        if *known == NOT {
            *known = from;
            self.order.push(state);
        }
    }

    /// The premise by which a state was reached, and the way from there.
    fn stem(&self, mut state: u32) -> (u32, Vec<Hop>) {
        let mut hops = Vec::new();
        while self.from[state as usize] != BEGINS {
            hops.push(Hop { state, class: None });
            state = self.from[state as usize];
        }
        hops.reverse();
        (state, hops)
    }
}
