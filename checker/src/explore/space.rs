//! The states and steps that an exploration has seen.

use std::hash::{BuildHasher, Hash};
use std::ops::Range;

use foldhash::fast::FixedState;
use hashbrown::HashTable;
use stateright::Model;

use super::chunked::Chunked;
use super::judge::COSTS_MAX;
use super::labels::{Label, Labels};
use super::limits::Stopped;
use super::memory::Memory;

/// The parent of an initial state.
const NO_PARENT: u32 = u32::MAX;

/// States are numbered in 32 bits, one number is [`NO_PARENT`].
pub(super) const STATES_MAX: usize = u32::MAX as usize;

/// All states that were reached, numbered from 0 in the order in which they were (so by depth), and the steps between
/// them.
#[derive(Debug)]
pub struct StateSpace<S> {
    states: Chunked<S>,
    parents: Chunked<u32>,
    /// The number of the first state of each level.
    levels: Vec<usize>,
    /// Where the row of steps of each expanded state ends.
    row_ends: Chunked<usize>,
    targets: Chunked<u32>,
    labels: Labels,
}

/// One step out of a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// Number of the state it leads to.
    pub target: u32,
    /// Its rule, as the judge numbers them.
    pub rule: usize,
    /// What it adds to each cost of the judge.
    pub costs: [u32; COSTS_MAX],
}

/// A run from an initial state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path<A> {
    /// Position of its first state among the model's `init_states`.
    pub initial: usize,
    /// Its steps.
    pub actions: Vec<A>,
}

impl<S> std::ops::Index<u32> for StateSpace<S> {
    type Output = S;

    /// # Panics
    ///
    /// If there is no state of that number; [`StateSpace::get`] does not.
    fn index(&self, state: u32) -> &S {
        &self.states[state as usize]
    }
}

/// Finds the number of a state.
pub(super) struct Index {
    table: HashTable<u32>,
    hasher: FixedState,
}

impl<S> StateSpace<S> {
    pub(super) fn new() -> Self {
        StateSpace {
            states: Chunked::new(),
            parents: Chunked::new(),
            levels: Vec::new(),
            row_ends: Chunked::new(),
            targets: Chunked::new(),
            labels: Labels::new(),
        }
    }

    /// Number of distinct states.
    pub fn len(&self) -> usize {
        self.states.len()
    }

    /// Whether no state is within the boundary.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of states whose steps are known: the first so many. All of them after a complete run.
    pub fn expanded(&self) -> usize {
        self.row_ends.len()
    }

    /// The state of that number, if there is one.
    pub fn get(&self, state: u32) -> Option<&S> {
        ((state as usize) < self.len()).then(|| &self.states[state as usize])
    }

    /// All states in their order.
    pub fn states(&self) -> impl Iterator<Item = &S> {
        self.states.iter()
    }

    /// The steps out of a state in the order of the model's actions; none of a state that is not expanded.
    pub fn edges(&self, state: u32) -> impl Iterator<Item = Edge> + '_ {
        self.row(state as usize).map(|edge| self.edge(edge))
    }

    /// Numbers of the states of every level, in order: level 0 is the initial states.
    pub fn levels(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        let ends = self.levels.iter().skip(1).copied().chain([self.len()]);
        self.levels.iter().zip(ends).map(|(&start, end)| start..end)
    }

    /// The state by which this one was first reached; none of an initial state.
    pub fn parent(&self, state: u32) -> Option<u32> {
        self.get(state)?;
        Some(self.parents[state as usize]).filter(|&parent| parent != NO_PARENT)
    }

    /// The run by which a state was first reached: one of the shortest. None if there is no such state, or if `model`
    /// is not the one that was explored.
    pub fn path<M>(&self, model: &M, state: u32) -> Option<Path<M::Action>>
    where
        M: Model<State = S>,
        M::Action: Clone,
        S: PartialEq,
    {
        let (mut actions, mut target) = (Vec::new(), state);
        while let Some(source) = self.parent(target) {
            let (from, to) = (self.get(source)?, self.get(target)?);
            actions.push(first_action_between(model, from, to)?);
            target = source;
        }
        actions.reverse();
        let first = self.get(target)?;
        let initial = model.init_states().iter().position(|init| init == first)?;
        Some(Path { initial, actions })
    }

    /// Numbers of the steps out of a state.
    pub(super) fn row(&self, state: usize) -> Range<usize> {
        if state >= self.expanded() {
            return 0..0;
        }
        let start = if state == 0 { 0 } else { self.row_ends[state - 1] };
        start..self.row_ends[state]
    }

    pub(super) fn edge(&self, edge: usize) -> Edge {
        let Label { rule, costs } = self.labels.of(edge);
        Edge { target: self.targets[edge], rule: rule as usize, costs }
    }

    pub(super) fn target(&self, edge: usize) -> u32 {
        self.targets[edge]
    }

    pub(super) fn depth(&self) -> usize {
        self.levels.len()
    }

    /// The next level begins with this state.
    pub(super) fn begin_level(&mut self, first: u32) {
        self.levels.push(first as usize);
    }

    pub(super) fn push_edge(
        &mut self,
        target: u32,
        label: Label,
        memory: &mut Memory,
    ) -> Result<(), Stopped> {
        self.targets.push(target, memory)?;
        self.labels.push(label, memory)
    }

    pub(super) fn end_row(&mut self, memory: &mut Memory) -> Result<(), Stopped> {
        self.row_ends.push(self.targets.len(), memory)
    }
}

/// The first action that leads from one state to the other: the one by which an exploration found the other.
fn first_action_between<M>(model: &M, from: &M::State, to: &M::State) -> Option<M::Action>
where
    M: Model,
    M::State: PartialEq,
    M::Action: Clone,
{
    let mut actions = Vec::new();
    model.actions(from, &mut actions);
    actions.into_iter().find(|action| model.next_state(from, action.clone()).as_ref() == Some(to))
}

impl<A: Clone> Path<A> {
    /// The states of this run, one more than it has actions. None if `model` has no such run.
    pub fn states<M>(&self, model: &M) -> Option<Vec<M::State>>
    where
        M: Model<Action = A>,
        A: PartialEq,
    {
        let mut states = vec![model.init_states().into_iter().nth(self.initial)?];
        let mut enabled = Vec::new();
        for action in &self.actions {
            let last = states.last()?;
            enabled.clear();
            model.actions(last, &mut enabled);
            enabled.contains(action).then_some(())?;
            let next = model.next_state(last, action.clone())?;
            states.push(next);
        }
        Some(states)
    }
}

impl Index {
    pub(super) fn new() -> Self {
        Index { table: HashTable::new(), hasher: FixedState::default() }
    }

    pub(super) fn hash<S: Hash>(&self, state: &S) -> u64 {
        self.hasher.hash_one(state)
    }

    pub(super) fn find<S: Eq>(&self, space: &StateSpace<S>, hash: u64, state: &S) -> Option<u32> {
        self.table.find(hash, |&known| space.states[known as usize] == *state).copied()
    }

    /// Stores a state that [`Index::find`] does not find, and gives it the next number.
    pub(super) fn insert<S: Hash>(
        &mut self,
        space: &mut StateSpace<S>,
        (hash, state): (u64, S),
        parent: Option<u32>,
        memory: &mut Memory,
    ) -> Result<u32, Stopped> {
        self.make_room(space, memory)?;
        space.states.make_room(memory)?;
        space.parents.push(parent.unwrap_or(NO_PARENT), memory)?;
        let number = space.len() as u32;
        space.states.push(state, memory)?;
        let (hasher, states) = (&self.hasher, &space.states);
        self.table.insert_unique(hash, number, |&known| hasher.hash_one(&states[known as usize]));
        Ok(number)
    }

    /// While the table grows, old and new exist beside each other: both are claimed.
    fn make_room<S: Hash>(
        &mut self,
        space: &StateSpace<S>,
        memory: &mut Memory,
    ) -> Result<(), Stopped> {
        if self.table.len() < self.table.capacity() {
            return Ok(());
        }
        let old = self.table.allocation_size();
        let most = (2 * old).max(SMALLEST_TABLE);
        memory.claim(most)?;
        let hasher = &self.hasher;
        let rehash = |&known: &u32| hasher.hash_one(&space.states[known as usize]);
        self.table.try_reserve(1, rehash).map_err(|_| memory.refused())?;
        memory.release((old + most).saturating_sub(self.table.allocation_size()));
        Ok(())
    }

    pub(super) fn bytes(&self) -> usize {
        self.table.allocation_size()
    }
}

/// No less than a table of its first few entries takes.
const SMALLEST_TABLE: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    /// Stores `states` numbers, as far as the memory goes.
    fn store(states: u64, memory: &mut Memory) -> (Index, StateSpace<u64>) {
        let (mut index, mut space) = (Index::new(), StateSpace::new());
        for state in 0..states {
            let hash = index.hash(&state);
            if index.insert(&mut space, (hash, state), None, memory).is_err() {
                break;
            }
        }
        (index, space)
    }

    /// What the states and parents in so many chunks of 4,096 take.
    const fn chunk_bytes(chunks: usize) -> usize {
        chunks * (4_096 * (size_of::<u64>() + size_of::<u32>()) + 2 * size_of::<Vec<u8>>())
    }

    #[test]
    fn every_state_is_found_again_under_its_number() {
        let (index, space) = store(10_000, &mut Memory::new(None));
        for state in 0..10_000 {
            let found = index.find(&space, index.hash(&state), &state);
            assert_eq!(found, Some(state as u32));
        }
        assert_eq!(index.find(&space, index.hash(&10_000), &10_000), None);
    }

    #[test]
    fn the_table_is_counted_and_while_it_grows_twice() {
        let mut memory = Memory::new(None);
        let (index, _) = store(8_000, &mut memory);
        assert_eq!(memory.used(), chunk_bytes(2) + index.bytes());
        let mut memory = Memory::new(Some(memory.used()));
        let (index, space) = store(8_000, &mut memory);
        assert_eq!(space.len(), 7_168, "what a table of 8,192 places holds before it grows");
        assert_eq!(memory.used(), chunk_bytes(2) + index.bytes());
    }
}
