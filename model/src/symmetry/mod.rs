//! Which states differ in names alone.
//!
//! Two subtasks of a vertex that do the same on equal machines can change places, with their partitions, their rows,
//! their readers and their TaskManagers, and nothing that the engine does could tell. All such changes of places form
//! a group; a state and its images are an orbit, and [`Symmetry::canonical`] chooses one of them.
//!
//! An outcome and its image are different outcomes: r0 was shown and not r1. But runs without faults have all symmetry
//! that there is and begin in a state that is its own image, so `Free(S)` holds an outcome with all its images, be it
//! told by sink vertex or by sink subtask. Each property therefore holds of a state if it holds of one of its images.
//!
//! # What is a symmetry
//!
//! Job vertices keep their places, and what is permuted keeps all that a scenario fixes:
//!
//! - who reads whom, and with it regions, groups of partitions that are read together, and what is released together;
//! - where each subtask is placed, and where it goes while some TaskManagers are gone: so many as can be gone at once.
//!   The next one in the circle is taken, so TaskManagers that can be lost are rotated and never reflected;
//! - of a vertex whose reads are coarse, the order of its inputs: it turns to the first that it has not read;
//! - the order of subtasks of one vertex that can still be lost at once. Executions fail in the order of their
//!   subtasks, and the first one's restart set is found before that of the next. One TaskManager that is lost finds
//!   everybody at home; a second one may have been given any subtask;
//! - which row goes to which channel, and in which sequence: HASH, CUSTOM and RANGE by the key of a row, RESCALE by
//!   its position, REBALANCE by its position from any start (a producer of several rows rotates its consumers and does
//!   not reflect them);
//! - what operators tell apart: equal keys, positions, and the order in which aggregates are written where a reader
//!   minds it;
//! - the order of the rows of a source that minds it.
//!
//! So the group of a state grows when no TaskManager can be lost any more, and again when the last one is back. It
//! never shrinks: what a state and its image lead to are images of each other. An image under what has been gained
//! need not be a state that some run leads to; it behaves like one.
//!
//! Four kinds of scenarios have no symmetry here: those with the defect of accepting stale reports, which takes rows
//! that were read for rows that were produced; those with lineage, which know an output by a digest that says nothing
//! of its image; those with dynamic splits, whose rows belong to no subtask with which they could change places; and
//! those with a mechanism or a fault that was not thought of here ([`Scenario::can_be_reduced`]).
//!
//! [`Scenario::can_be_reduced`]: crate::scenario::Scenario::can_be_reduced
//!
//! # Bounds
//!
//! Groups of which one has more than [`ORDER_MAX`] elements, or takes more than [`STEPS_MAX`] steps to find, are
//! replaced by subgroups: the rows within a source subtask stay; then, one vertex after the other from the last, its
//! subtasks.

mod image;
mod outlook;
mod permutation;
mod search;

use crate::failover::Failover;
use crate::state::State;

use image::Image;
use outlook::Outlook;

pub use permutation::Permutation;

/// Most elements of a group that is used whole.
pub const ORDER_MAX: usize = 256;
/// Most places that are tried in the search for a group before a smaller one is looked for.
pub const STEPS_MAX: usize = 20_000;

/// For every outlook, all permutations that change nothing, without the one that moves nothing.
#[derive(Default)]
pub(crate) struct Groups(Vec<Vec<Permutation>>);

impl Groups {
    pub(crate) fn of<const V: usize>(failover: &Failover<V>) -> Groups {
        Groups(search::permutations(failover))
    }
}

/// The symmetry of one scenario.
#[derive(Clone, Copy)]
pub struct Symmetry<'a, const V: usize>(pub(crate) &'a Failover<V>);

impl<'a, const V: usize> Symmetry<'a, V> {
    /// The order of the largest group, that of states whose TaskManagers are there to stay: the most states that one
    /// can stand for.
    pub fn order(self) -> usize {
        self.0.groups.0.iter().map(Vec::len).max().unwrap_or_default() + 1
    }

    /// The representative of the orbit of a state: the least of its images. Two states have the same one if and only
    /// if they are images of each other.
    pub fn canonical(self, state: &State<V>) -> State<V> {
        let mut least = *state;
        self.make_canonical(&mut least);
        least
    }

    /// Makes a state the representative of its orbit.
    pub fn make_canonical(self, least: &mut State<V>) {
        let permutations = self.permutations(least);
        if permutations.is_empty() {
            return;
        }
        let state = *least;
        for permutation in permutations {
            let image = Image { failover: self.0, permutation, state: &state };
            if image.is_less(least) {
                *least = image.whole();
            }
        }
    }

    /// The group of a state, without the permutation that moves nothing.
    pub fn permutations(self, state: &State<V>) -> &'a [Permutation] {
        // Most scenarios have no symmetry; for them this is all.
        if self.0.groups.0.iter().all(Vec::is_empty) {
            return &[];
        }
        &self.0.groups.0[Outlook::of(self.0, state) as usize]
    }

    /// What a state becomes. It behaves like the state if the permutation is of the state's group.
    pub fn image(self, permutation: &Permutation, state: &State<V>) -> State<V> {
        Image { failover: self.0, permutation, state }.whole()
    }

    /// All images of a state, itself first; one that several permutations lead to comes several times.
    pub fn images(self, state: &State<V>) -> impl Iterator<Item = State<V>> {
        let state = *state;
        let moved = self.permutations(&state).iter().map(move |p| self.image(p, &state));
        std::iter::once(state).chain(moved)
    }
}
