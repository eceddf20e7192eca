//! A short loop that is fair.

use std::collections::VecDeque;
use std::collections::hash_map::{Entry, HashMap};

use foldhash::fast::FixedState;

use super::fairness::Classes;
use super::space::{Edge, StateSpace};

/// A step of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hop {
    /// The state that it leads to.
    pub(super) state: u32,
    /// The class of its action, where that makes a difference.
    pub(super) class: Option<u8>,
}

/// A loop from `entry` through states `inside` a component that is fair as a whole; none if a run may stop there.
///
/// It goes to the nearest place at which a class gets its due that was possible all the way and not taken: to a step
/// of it, or to a state in which it is impossible; and home when none is left. That is short, not always shortest.
pub(super) fn fair_loop<S>(
    space: &StateSpace<S>,
    entry: u32,
    inside: impl Fn(u32) -> bool,
) -> Vec<Hop> {
    let mut waiting = Classes::possible_in(space, entry);
    let (mut hops, mut at) = (Vec::new(), entry);
    while !waiting.is_empty() {
        let serves = |edge: Edge| {
            edge.class.is_some_and(|class| waiting.has(class))
                || !waiting.without(Classes::possible_in(space, edge.target)).is_empty()
        };
        let Some(way) = nearest(space, at, &inside, serves) else {
            unreachable!("what a component denies no class, some way in it denies none");
        };
        for hop in &way {
            let taken = hop.class.map_or(Classes::NONE, |class| Classes::NONE.with(class));
            waiting = waiting.without(taken).and(Classes::possible_in(space, hop.state));
            at = hop.state;
        }
        hops.extend(way);
    }
    if at != entry {
        let way = nearest(space, at, &inside, |edge| edge.target == entry);
        hops.extend(way.into_iter().flatten());
    }
    hops
}

/// A shortest way from `start` through states `inside`, the last step of which is `wanted`.
fn nearest<S>(
    space: &StateSpace<S>,
    start: u32,
    inside: impl Fn(u32) -> bool,
    wanted: impl Fn(Edge) -> bool,
) -> Option<Vec<Hop>> {
    let mut from: HashMap<u32, (u32, Hop), FixedState> = HashMap::default();
    let mut queue = VecDeque::from([start]);
    while let Some(state) = queue.pop_front() {
        for edge in space.edges(state).filter(|edge| inside(edge.target)) {
            let hop = Hop { state: edge.target, class: edge.class };
            if wanted(edge) {
                return Some(way(&from, start, (state, hop)));
            }
            if edge.target != start
                && let Entry::Vacant(place) = from.entry(edge.target)
            {
                place.insert((state, hop));
                queue.push_back(edge.target);
            }
        }
    }
    None
}

/// The steps from `start` that end with `last`.
fn way(
    from: &HashMap<u32, (u32, Hop), FixedState>,
    start: u32,
    (mut state, last): (u32, Hop),
) -> Vec<Hop> {
    let mut hops = vec![last];
    while state != start
        && let Some(&(before, hop)) = from.get(&state)
    {
        hops.push(hop);
        state = before;
    }
    hops.reverse();
    hops
}
