//! What is kept of a step beside its target: few different things, so each is kept once.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use super::chunked::Chunked;
use super::judge::COSTS_MAX;
use super::limits::Stopped;
use super::memory::Memory;

/// The rule of a step, what it costs, and its fairness class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Label {
    pub(super) rule: u32,
    pub(super) costs: [u32; COSTS_MAX],
    pub(super) class: Option<u8>,
}

/// Stands for a label that is not among the first 65,535 different ones.
const RARE: u16 = u16::MAX;

/// A label an edge, in two bytes for all but models with very many different ones.
#[derive(Debug)]
pub(super) struct Labels {
    of_edges: Chunked<u16>,
    distinct: Vec<Label>,
    numbers: HashMap<Label, u16, FixedState>,
    rare: HashMap<usize, Label, FixedState>,
    last: u16,
}

impl Labels {
    pub(super) fn new() -> Self {
        Labels {
            of_edges: Chunked::new(),
            distinct: Vec::new(),
            numbers: HashMap::with_hasher(FixedState::default()),
            rare: HashMap::with_hasher(FixedState::default()),
            last: 0,
        }
    }

    /// Makes room for so many edges more.
    pub(super) fn reserve(&mut self, more: usize, memory: &mut Memory) -> Result<(), Stopped> {
        self.of_edges.reserve(more, memory)
    }

    pub(super) fn push(&mut self, label: Label, memory: &mut Memory) -> Result<(), Stopped> {
        let number = self.number(label, memory)?;
        if number == RARE {
            memory.claim(2 * size_of::<(usize, Label)>())?;
            self.rare.insert(self.of_edges.len(), label);
        }
        self.of_edges.push(number, memory)
    }

    pub(super) fn of(&self, edge: usize) -> Label {
        match self.of_edges[edge] {
            RARE => self.rare.get(&edge).copied().unwrap_or_default(),
            number => self.distinct[usize::from(number)],
        }
    }

    /// Bytes that they occupy.
    pub(super) fn bytes(&self) -> usize {
        self.of_edges.bytes() + self.distinct.capacity() * size_of::<Label>()
    }

    fn number(&mut self, label: Label, memory: &mut Memory) -> Result<u16, Stopped> {
        if self.distinct.get(usize::from(self.last)) == Some(&label) {
            return Ok(self.last);
        }
        self.last = match self.numbers.get(&label) {
            Some(&number) => number,
            None if self.distinct.len() == usize::from(RARE) => return Ok(RARE),
            None => self.add(label, memory)?,
        };
        Ok(self.last)
    }

    fn add(&mut self, label: Label, memory: &mut Memory) -> Result<u16, Stopped> {
        memory.claim(4 * size_of::<Label>())?;
        let number = self.distinct.len() as u16;
        self.distinct.push(label);
        self.numbers.insert(label, number);
        Ok(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_edge_keeps_its_label_however_many_there_are() {
        let label = |edge: u32| Label {
            rule: edge % 7,
            costs: [edge % 70_001, 0, edge % 2, 0],
            class: u8::try_from(edge % 300).ok(),
        };
        let (mut labels, mut memory) = (Labels::new(), Memory::new(None));
        for edge in 0..200_000 {
            labels.push(label(edge), &mut memory).unwrap();
        }
        assert_eq!(labels.distinct.len(), 65_535);
        assert!(!labels.rare.is_empty());
        assert!((0..200_000).all(|edge| labels.of(edge as usize) == label(edge)));
    }
}
