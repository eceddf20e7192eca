//! What is known of a complete state space by going backwards: which goals stay reachable, what runs cost at most.

use super::components::components;
use super::judge::{COSTS_MAX, PROPERTIES_MAX};
use super::limits::Stopped;
use super::memory::Memory;
use super::space::StateSpace;

/// The greatest total of a cost over all runs that end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Most {
    /// No run costs more.
    Finite(u64),
    /// Runs that end can first go round a cycle that costs something, as often as they like.
    Unbounded,
}

/// The greatest total of each cost from here to an end; none where no end can be reached.
type MostOfEach = [Option<Most>; COSTS_MAX];

/// What [`look_back`] finds.
pub(super) struct Backward {
    /// For each goal that is wanted, the first state from which it cannot be reached.
    pub(super) cut_off: [Option<u32>; PROPERTIES_MAX],
    /// For each cost, the greatest total over all runs that end.
    pub(super) most: MostOfEach,
    /// Whether some run goes on for ever.
    pub(super) has_cycles: bool,
}

/// What lies ahead of the states of one component: all of them can reach the same.
#[derive(Clone, Copy)]
struct Ahead {
    goals: u64,
    most: MostOfEach,
}

/// Goes through a complete state space from its ends. Goals are bits, of which `wanted` have to stay reachable, without
/// a step of a rule that `is_mishap`. `pulse` is called once a component.
pub(super) fn look_back<S>(
    space: &StateSpace<S>,
    wanted: u64,
    is_mishap: impl Fn(usize) -> bool,
    memory: &mut Memory,
    mut pulse: impl FnMut() -> Result<(), Stopped>,
) -> Result<Backward, Stopped> {
    let bytes = space.len() * size_of::<Ahead>();
    memory.claim(bytes)?;
    let mut known: Vec<Ahead> = Vec::with_capacity(space.len());
    let mut found = Backward::NOTHING;
    let everywhere = |_| true;
    components(space, everywhere, memory, |members, component_of| {
        pulse()?;
        let (ahead, goes_round) = ahead_of(space, members, component_of, &known, &is_mishap);
        found.has_cycles |= goes_round;
        found.add(members, wanted & !ahead.goals, ahead.most);
        known.push(ahead);
        Ok(())
    })?;
    memory.release(bytes);
    Ok(found)
}

impl Backward {
    pub(super) const NOTHING: Backward =
        Backward { cut_off: [None; PROPERTIES_MAX], most: [None; COSTS_MAX], has_cycles: false };

    fn add(&mut self, members: &[u32], mut missing: u64, most: MostOfEach) {
        while missing != 0 {
            let first = &mut self.cut_off[missing.trailing_zeros() as usize];
            missing &= missing - 1;
            *first = members.iter().copied().chain(*first).min();
        }
        // Whatever lies ahead of any state lies ahead of an initial state.
        for (greatest, most) in self.most.iter_mut().zip(most) {
            *greatest = most.max(*greatest);
        }
    }
}

/// Adds up one component, given all components that it leads to; and says whether a step leads from it to itself.
fn ahead_of<S>(
    space: &StateSpace<S>,
    members: &[u32],
    component_of: &[u32],
    known: &[Ahead],
    is_mishap: &impl Fn(usize) -> bool,
) -> (Ahead, bool) {
    let (mut ahead, mut goes_round) = (Ahead { goals: 0, most: [None; COSTS_MAX] }, false);
    let mut circles = [false; COSTS_MAX];
    for &member in members {
        ahead.goals |= space.goals.as_ref().map_or(0, |goals| goals[member as usize]);
        let row = space.row(member as usize);
        if row.is_empty() {
            ahead.most = [Some(Most::Finite(0)); COSTS_MAX];
        }
        for edge in row.map(|edge| space.edge(edge)) {
            match known.get(component_of[edge.target as usize] as usize) {
                Some(next) => {
                    ahead.goals |= if is_mishap(edge.rule) { 0 } else { next.goals };
                    ahead.add_costs(next, edge.costs);
                }
                None => {
                    debug_assert!(!is_mishap(edge.rule), "a mishap leads back");
                    goes_round = true;
                    (0..COSTS_MAX).for_each(|k| circles[k] |= edge.costs[k] > 0);
                }
            }
        }
    }
    for (most, circle) in ahead.most.iter_mut().zip(circles) {
        if circle && most.is_some() {
            *most = Some(Most::Unbounded);
        }
    }
    (ahead, goes_round)
}

impl Ahead {
    fn add_costs(&mut self, next: &Ahead, costs: [u32; COSTS_MAX]) {
        for ((most, next), cost) in self.most.iter_mut().zip(next.most).zip(costs) {
            *most = next.map(|next| next.plus(cost)).max(*most);
        }
    }
}

impl Most {
    fn plus(self, cost: u32) -> Most {
        match self {
            Most::Finite(total) => Most::Finite(total.saturating_add(u64::from(cost))),
            Most::Unbounded => Most::Unbounded,
        }
    }
}
