//! Strongly connected components of a complete state space or of a part of it, sinks first.

use std::ops::Range;

use super::limits::Stopped;
use super::memory::Memory;
use super::space::StateSpace;

/// Bytes a state that [`components`] needs at most.
const BYTES: usize = 2 * size_of::<u32>() + size_of::<u32>() + size_of::<Frame>();

/// Not yet in a component.
pub(super) const OPEN: u32 = u32::MAX;

/// Tarjan's algorithm with its recursion unrolled.
struct Walk<'s, S, I> {
    space: &'s StateSpace<S>,
    inside: I,
    /// The smallest visit number known to be reachable; 0 of an unvisited state.
    low: Vec<u32>,
    component: Vec<u32>,
    /// Visited states that are in no component yet.
    open: Vec<u32>,
    frames: Vec<Frame>,
    visits: u32,
}

struct Frame {
    state: u32,
    visit: u32,
    /// The steps out of the state that were not followed yet.
    left: Range<usize>,
}

/// Calls `found` with the members of each component and the numbers of the components of all states. All successors of
/// a component were found before it, so that what is known of them can be added up backwards; components are numbered
/// from 0 in the order found. States that are not `inside`, and steps to them, are left out.
pub(super) fn components<S>(
    space: &StateSpace<S>,
    inside: impl Fn(u32) -> bool,
    memory: &mut Memory,
    mut found: impl FnMut(&[u32], &[u32]) -> Result<(), Stopped>,
) -> Result<(), Stopped> {
    let states = space.len();
    memory.claim(BYTES * states)?;
    let mut walk = Walk::new(space, inside);
    let mut components = 0;
    for root in 0..states as u32 {
        if walk.low[root as usize] != 0 || !(walk.inside)(root) {
            continue;
        }
        walk.enter(root);
        while let Some(first) = walk.advance() {
            for &member in &walk.open[first..] {
                walk.component[member as usize] = components;
            }
            components += 1;
            found(&walk.open[first..], &walk.component)?;
            walk.open.truncate(first);
        }
    }
    memory.release(BYTES * states);
    Ok(())
}

impl<'s, S, I: Fn(u32) -> bool> Walk<'s, S, I> {
    fn new(space: &'s StateSpace<S>, inside: I) -> Self {
        let states = space.len();
        Walk {
            space,
            inside,
            low: vec![0; states],
            component: vec![OPEN; states],
            open: Vec::with_capacity(states),
            frames: Vec::with_capacity(states),
            visits: 0,
        }
    }

    fn enter(&mut self, state: u32) {
        self.visits += 1;
        self.low[state as usize] = self.visits;
        self.open.push(state);
        let left = self.space.row(state as usize);
        self.frames.push(Frame { state, visit: self.visits, left });
    }

    /// Goes on until a component is complete, and says where it begins on the stack of open states.
    fn advance(&mut self) -> Option<usize> {
        while let Some(frame) = self.frames.last_mut() {
            let state = frame.state as usize;
            if let Some(edge) = frame.left.next() {
                self.follow(state, self.space.target(edge));
                continue;
            }
            let (visit, low) = (frame.visit, self.low[state]);
            self.frames.pop();
            if let Some(caller) = self.frames.last() {
                let reached = &mut self.low[caller.state as usize];
                *reached = low.min(*reached);
            }
            if low == visit {
                return self.open.iter().rposition(|&open| open as usize == state);
            }
        }
        None
    }

    fn follow(&mut self, state: usize, target: u32) {
        let known = self.low[target as usize];
        if known == 0 {
            if (self.inside)(target) {
                self.enter(target);
            }
        } else if self.component[target as usize] == OPEN {
            self.low[state] = self.low[state].min(known);
        }
    }
}
