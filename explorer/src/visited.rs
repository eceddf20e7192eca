//! The second half of a round: successors are looked up, and what is new is numbered.

use stateright::Model;

use super::chunk::{Chunk, Open, SAME, Seen};
use super::frontier::Frontier;
use super::judge::Judge;
use super::ledger::{Ledger, Place};
use super::limits::{Limits, Stopped};
use super::memory::Memory;
use super::search::RuleCount;
use super::space::StateSpace;
use super::store::Store;
use super::table::{Found, NUMBERS_MAX, Table};

/// All states that were visited and all that was seen of them.
///
/// Successors are taken in in the order in which they were generated. Only that order decides about numbers, parents
/// and first places.
pub(super) struct Visited<M: Model, S: Store<M>> {
    limits: Limits,
    table: Table,
    pub(super) space: StateSpace<S::Key>,
    pub(super) frontier: Frontier<S::Rows>,
    pub(super) memory: Memory,
    /// Claimed for buffers that others have, and for what keys keep elsewhere: at least `heap_bytes`.
    buffers: usize,
    /// What the keys of all states keep elsewhere.
    heap_bytes: usize,
    pub(super) ledger: Ledger,
    pub(super) generated: usize,
    pub(super) rules: Vec<RuleCount>,
    pub(super) gauges: Vec<u32>,
    /// How many states have so many successors, by that number.
    pub(super) branching: Vec<u64>,
}

impl<M: Model, S: Store<M>> Visited<M, S> {
    pub(super) fn new<J: Judge<M>>(
        judge: &J,
        limits: Limits,
        space: StateSpace<S::Key>,
        ledger: Ledger,
    ) -> Self {
        Visited {
            limits,
            table: Table::new(),
            space,
            frontier: Frontier::new(),
            memory: Memory::new(limits.memory_bytes),
            buffers: 0,
            heap_bytes: 0,
            ledger,
            generated: 0,
            rules: vec![RuleCount::default(); judge.rules()],
            gauges: vec![0; judge.gauges()],
            branching: Vec::new(),
        }
    }

    /// Takes in an initial state.
    pub(super) fn take_in_initial(
        &mut self,
        store: &S,
        key: S::Key,
        rows: &mut S::Rows,
    ) -> Result<(), Stopped> {
        let hash = store.hash(&key);
        self.make_room(0, 1, &[hash].into_iter(), store.heap_bytes(&key))?;
        if let Found::Vacant(place) = self.find(&key, hash) {
            let number = self.discover(store, key, None, 0)?;
            self.table.insert(place, hash, number);
            self.frontier.push(number, rows, 0);
        }
        self.generated += 1;
        Ok(())
    }

    /// Takes in a state that is known to be a new one, whatever the limits on states and depth.
    pub(super) fn restore(
        &mut self,
        store: &S,
        key: S::Key,
        rows: &mut S::Rows,
        parent: Option<u32>,
    ) -> Result<u32, Stopped> {
        let hash = store.hash(&key);
        self.make_room(0, 1, &[hash].into_iter(), store.heap_bytes(&key))?;
        self.heap_bytes += store.heap_bytes(&key);
        let number = self.space.push(key, parent);
        if let Found::Vacant(place) = self.table.find(hash, |_| false) {
            self.table.insert(place, hash, number);
        }
        self.frontier.push(number, rows, 0);
        Ok(number)
    }

    /// Takes in the successors of a chunk, which are reached by `depth` actions. Others buffer `buffers` bytes.
    pub(super) fn take_in(
        &mut self,
        store: &S,
        chunk: &mut Chunk<M, S>,
        depth: usize,
        buffers: usize,
    ) -> Result<(), Stopped> {
        let hashes = chunk.open.iter().map(|open| chunk.hashes[open.at as usize]);
        self.make_room(chunk.len(), chunk.keys.len(), &hashes, buffers + chunk.keys_heap)?;
        chunk.look_up(&self.table, &self.space.keys);
        // Of a chunk that is cut off, what comes after the cut was not seen.
        let (mut seen, mut ended) = (chunk.keys.len(), Ok(()));
        if let Err((at, stopped)) = self.number(store, chunk, depth) {
            (seen, ended) = (at, Err(stopped));
        }
        if let Err((at, stopped)) = self.keep_rows(chunk, seen) {
            (seen, ended) = (at, Err(stopped));
        }
        self.generated += seen;
        self.add_up(chunk, seen, depth);
        ended
    }

    /// Makes room for a chunk before anything of it is stored: nothing is allocated beyond the limit. Where memory is
    /// short, states that wait are written to a disk. `open` are the hashes of what may be new; `elsewhere` is what
    /// others have for buffers, and what the keys of the successors will keep elsewhere.
    pub(super) fn make_room(
        &mut self,
        expanded: usize,
        successors: usize,
        open: &(impl Iterator<Item = u64> + Clone),
        elsewhere: usize,
    ) -> Result<(), Stopped> {
        let buffers = elsewhere + self.heap_bytes;
        loop {
            let claimed = self.memory.adjust(&mut self.buffers, buffers);
            let claimed = claimed
                .and_then(|()| self.frontier.claim(&mut self.memory))
                .and_then(|()| self.space.reserve(expanded, successors, &mut self.memory))
                .and_then(|()| self.table.reserve(open.clone(), &mut self.memory));
            let Err(stopped) = claimed else { return Ok(()) };
            if self.frontier.spill(self.memory.used() / 8)? == 0 {
                return Err(stopped);
            }
        }
    }

    /// Numbers the successors that are new. An error says at which it had to stop.
    fn number(
        &mut self,
        store: &S,
        chunk: &mut Chunk<M, S>,
        depth: usize,
    ) -> Result<(), (usize, Stopped)> {
        for k in 0..chunk.open.len() {
            let Open { at, source, place } = chunk.open[k];
            let at = at as usize;
            let found = match self.table.is_free(place) {
                true => Found::Vacant(place),
                false => self.find(&chunk.keys[at], chunk.hashes[at]),
            };
            let place = match found {
                Found::Vacant(place) => place,
                Found::Known(number) => {
                    chunk.targets[at] = number;
                    continue;
                }
            };
            let number = self
                .discover(store, chunk.keys[at].clone(), Some(source), depth)
                .map_err(|stopped| (at, stopped))?;
            chunk.targets[at] = number;
            self.table.insert(place, chunk.hashes[at], number);
            self.frontier.push(number, &mut chunk.rows, at);
            let rule = chunk.rules.get(at).map_or(usize::MAX, |&rule| rule.into());
            if let Some(count) = self.rules.get_mut(rule) {
                count.discovered += 1;
            }
        }
        Ok(())
    }

    #[inline]
    fn find(&self, key: &S::Key, hash: u64) -> Found {
        self.table.find(hash, |number| self.space.keys[number as usize] == *key)
    }

    /// Notes which states are expanded, and keeps the steps out of them where they are wanted, up to the successor
    /// `seen`. An error says at which it had to stop.
    fn keep_rows(&mut self, chunk: &mut Chunk<M, S>, seen: usize) -> Result<(), (usize, Stopped)> {
        let mut start = 0;
        for row in 0..chunk.row_ends.len() {
            let end = chunk.row_ends[row] as usize;
            if self.space.steps.is_some() {
                for at in start..end.min(seen) {
                    if chunk.targets[at] & SAME != 0 {
                        chunk.targets[at] = chunk.targets[(chunk.targets[at] & !SAME) as usize];
                    }
                    self.space
                        .push_step(chunk.targets[at], chunk.label(at), &mut self.memory)
                        .map_err(|stopped| (at, stopped))?;
                }
            }
            if end > seen {
                break;
            }
            self.end_row(end - start, chunk.goals.get(row).copied());
            start = end;
        }
        Ok(())
    }

    /// Stores a new state, which is reached by `depth` actions, if the limits allow one more.
    #[inline]
    fn discover(
        &mut self,
        store: &S,
        key: S::Key,
        parent: Option<u32>,
        depth: usize,
    ) -> Result<u32, Stopped> {
        let states_max = self.limits.states.unwrap_or(NUMBERS_MAX).min(NUMBERS_MAX);
        if self.space.len() >= states_max {
            return Err(Stopped::States(states_max));
        }
        if let Some(limit) = self.limits.depth.filter(|&limit| depth >= limit) {
            return Err(Stopped::Depth(limit));
        }
        self.heap_bytes += store.heap_bytes(&key);
        let number = self.space.push(key, parent);
        if depth == self.space.depth() {
            self.space.begin_level(number);
        }
        Ok(number)
    }

    /// Notes that a state with so many successors is expanded.
    #[inline]
    fn end_row(&mut self, successors: usize, goals: Option<u64>) {
        if self.branching.len() <= successors {
            self.branching.resize(successors + 1, 0);
        }
        self.branching[successors] += 1;
        self.space.end_row(goals);
    }

    /// Adds up what a chunk has seen, up to its successor `end`.
    pub(super) fn add_up(&mut self, chunk: &Chunk<M, S>, end: usize, depth: usize) {
        for seen in chunk.seen.iter().filter(|seen| seen.at as usize <= end) {
            self.note(*seen, depth - 1);
        }
        for (most, gauge) in self.gauges.iter_mut().zip(&chunk.gauges) {
            *most = (*gauge).max(*most);
        }
        let steps = chunk.rules.iter().take(end).map(|&rule| (rule, true));
        let asides = chunk.asides.iter().filter(|aside| aside.at as usize <= end);
        for (rule, fired) in steps.chain(asides.map(|aside| (aside.rule, aside.taken))) {
            if let Some(count) = self.rules.get_mut(usize::from(rule)) {
                count.enabled += 1;
                count.fired += u64::from(fired);
            }
        }
    }

    /// Notes a mark of a state that is reached by `before` actions, or of a step out of it.
    fn note(&mut self, seen: Seen, before: usize) {
        let steps = before as u32 + u32::from(seen.step.is_some());
        self.ledger.note(seen.marks, Place { state: seen.state, step: seen.step, steps });
    }

    /// Gives back what only the search needs.
    pub(super) fn forget_table(&mut self) {
        self.memory.release(self.table.bytes() + (self.buffers - self.heap_bytes));
        self.table = Table::new();
        self.buffers = self.heap_bytes;
    }
}
