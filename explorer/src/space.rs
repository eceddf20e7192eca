//! What is kept of the states and steps that an exploration has seen.

use std::ops::Range;

use super::chunked::Chunked;
use super::judge::COSTS_MAX;
use super::labels::{Label, Labels};
use super::limits::Stopped;
use super::memory::Memory;

/// The parent of an initial state.
const NO_PARENT: u32 = u32::MAX;

/// All states that were reached, numbered from 0 in the order in which they were (so by depth), and where they were
/// asked for, the steps between them.
#[derive(Debug)]
pub struct StateSpace<K> {
    pub(super) keys: Chunked<K>,
    pub(super) parents: Chunked<u32>,
    /// The number of the first state of each level.
    levels: Vec<usize>,
    expanded: usize,
    /// Of each expanded state, which goals and premises it is, as [`super::asked::Asked`] numbers them; where there are
    /// any.
    pub(super) goals: Option<Chunked<u64>>,
    pub(super) steps: Option<Steps>,
}

/// The steps between states.
#[derive(Debug)]
pub(super) struct Steps {
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
    /// Its fairness class, where properties are about fair runs.
    pub class: Option<u8>,
}

impl<K> StateSpace<K> {
    pub(super) fn new(steps: bool, goals: bool) -> Self {
        let none =
            || Steps { row_ends: Chunked::new(), targets: Chunked::new(), labels: Labels::new() };
        StateSpace {
            keys: Chunked::new(),
            parents: Chunked::new(),
            levels: Vec::new(),
            expanded: 0,
            goals: goals.then(Chunked::new),
            steps: steps.then(none),
        }
    }

    /// Number of distinct states.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether no state is within the boundary.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of states whose steps are known: the first so many. All of them after a complete run.
    pub fn expanded(&self) -> usize {
        self.expanded
    }

    /// The key of that state, if there is one.
    pub fn get(&self, state: u32) -> Option<&K> {
        ((state as usize) < self.len()).then(|| &self.keys[state as usize])
    }

    /// The keys of all states in their order.
    pub fn keys(&self) -> impl Iterator<Item = &K> {
        self.keys.iter()
    }

    /// The steps out of a state in the order of the model's actions; none of a state that is not expanded, or where
    /// steps are not kept.
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

    /// Numbers of the steps out of a state.
    pub(super) fn row(&self, state: usize) -> Range<usize> {
        let Some(steps) = self.steps.as_ref().filter(|steps| state < steps.row_ends.len()) else {
            return 0..0;
        };
        let start = if state == 0 { 0 } else { steps.row_ends[state - 1] };
        start..steps.row_ends[state]
    }

    pub(super) fn edge(&self, edge: usize) -> Edge {
        let (target, label) = match &self.steps {
            Some(steps) => (steps.targets[edge], steps.labels.of(edge)),
            None => (NO_PARENT, Label::default()),
        };
        let Label { rule, costs, class } = label;
        Edge { target, rule: rule as usize, costs, class }
    }

    pub(super) fn target(&self, edge: usize) -> u32 {
        self.steps.as_ref().map_or(NO_PARENT, |steps| steps.targets[edge])
    }

    /// Bytes that the steps occupy.
    pub(super) fn steps_bytes(&self) -> usize {
        self.steps.as_ref().map_or(0, Steps::bytes)
    }

    pub(super) fn depth(&self) -> usize {
        self.levels.len()
    }

    /// The next level begins with this state.
    pub(super) fn begin_level(&mut self, first: u32) {
        self.levels.push(first as usize);
    }

    /// Makes room for a round that expands so many states.
    pub(super) fn reserve(
        &mut self,
        expanded: usize,
        successors: usize,
        memory: &mut Memory,
    ) -> Result<(), Stopped> {
        self.keys.reserve(successors, memory)?;
        self.parents.reserve(successors, memory)?;
        if let Some(goals) = &mut self.goals {
            goals.reserve(expanded, memory)?;
        }
        match &mut self.steps {
            Some(steps) => steps.reserve(expanded, successors, memory),
            None => Ok(()),
        }
    }

    /// Adds a state for which there is room.
    #[inline]
    pub(super) fn push(&mut self, key: K, parent: Option<u32>) -> u32 {
        let number = self.len() as u32;
        self.keys.push_reserved(key);
        self.parents.push_reserved(parent.unwrap_or(NO_PARENT));
        number
    }

    /// Adds a step, for which there is room, out of the state that is expanded next.
    #[inline]
    pub(super) fn push_step(
        &mut self,
        target: u32,
        label: Label,
        memory: &mut Memory,
    ) -> Result<(), Stopped> {
        let Some(steps) = &mut self.steps else { return Ok(()) };
        steps.targets.push_reserved(target);
        steps.labels.push(label, memory)
    }

    /// Notes that one state more is expanded, and which goals it is.
    #[inline]
    pub(super) fn end_row(&mut self, goals: Option<u64>) {
        if let Some(steps) = &mut self.steps {
            steps.row_ends.push_reserved(steps.targets.len());
        }
        if let (Some(all), Some(goals)) = (&mut self.goals, goals) {
            all.push_reserved(goals);
        }
        self.expanded += 1;
    }
}

impl Steps {
    fn reserve(
        &mut self,
        expanded: usize,
        successors: usize,
        memory: &mut Memory,
    ) -> Result<(), Stopped> {
        self.row_ends.reserve(expanded, memory)?;
        self.targets.reserve(successors, memory)?;
        self.labels.reserve(successors, memory)
    }

    /// Bytes that they occupy.
    pub(super) fn bytes(&self) -> usize {
        self.row_ends.bytes() + self.targets.bytes() + self.labels.bytes()
    }
}
