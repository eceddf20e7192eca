//! The second half of a round: successors are looked up, and what is new is numbered.

use stateright::Model;

use super::chunk::{Chunk, Seen};
use super::frontier::Frontier;
use super::judge::Judge;
use super::ledger::{Ledger, Place};
use super::limits::{Limits, Stopped};
use super::memory::Memory;
use super::search::RuleCount;
use super::space::StateSpace;
use super::store::Store;
use super::table::{Found, NUMBERS_MAX, Table};

/// Successors that are looked up together, so that their loads do not wait for each other.
const GROUP: usize = 16;

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

/// For each successor of a group, the one state that it is likely to be, if there is one.
type Candidates = [Option<u32>; GROUP];

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
        self.make_room(0, 1, store.heap_bytes(&key))?;
        let hash = store.hash(&key);
        let known = &self.space.keys;
        if let Found::Vacant(place) = self.table.find(hash, |number| known[number as usize] == key)
        {
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
        self.make_room(0, 1, store.heap_bytes(&key))?;
        let hash = store.hash(&key);
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
        self.make_room(chunk.len(), chunk.keys.len(), buffers + chunk.keys_heap)?;
        let (seen, ended) = match self.look_up(store, chunk, depth) {
            Ok(()) => (chunk.keys.len(), Ok(())),
            // Of a chunk that is cut off, what comes after the cut was not seen.
            Err((at, stopped)) => (at, Err(stopped)),
        };
        self.generated += seen;
        self.add_up(chunk, seen, depth);
        ended
    }

    /// Makes room for a chunk before anything of it is stored: nothing is allocated beyond the limit. Where memory is
    /// short, states that wait are written to a disk. `elsewhere` is what others have for buffers, and what the keys
    /// of the successors will keep elsewhere.
    pub(super) fn make_room(
        &mut self,
        expanded: usize,
        successors: usize,
        elsewhere: usize,
    ) -> Result<(), Stopped> {
        let buffers = elsewhere + self.heap_bytes;
        loop {
            let claimed = self.memory.adjust(&mut self.buffers, buffers);
            let claimed = claimed
                .and_then(|()| self.frontier.claim(&mut self.memory))
                .and_then(|()| self.space.reserve(expanded, successors, &mut self.memory))
                .and_then(|()| self.table.reserve(successors, &mut self.memory));
            let Err(stopped) = claimed else { return Ok(()) };
            if self.frontier.spill(self.memory.used() / 8)? == 0 {
                return Err(stopped);
            }
        }
    }

    /// Looks up the successors of a chunk one by one, numbers the new ones, and keeps the steps to all of them where
    /// they are wanted. An error says at which successor it had to stop.
    ///
    /// While a group is looked up, memory is asked for what the next ones need.
    fn look_up(
        &mut self,
        store: &S,
        chunk: &mut Chunk<M, S>,
        depth: usize,
    ) -> Result<(), (usize, Stopped)> {
        let mut candidates = self.look_ahead(&chunk.hashes, 0);
        let (mut at, mut start) = (0, 0);
        for row in 0..chunk.row_ends.len() {
            let end = chunk.row_ends[row] as usize;
            let source = chunk.first + row as u32;
            while at < end {
                if at > 0 && at % GROUP == 0 {
                    candidates = self.look_ahead(&chunk.hashes, at);
                }
                let known = candidates[at % GROUP]
                    .filter(|&number| self.space.keys[number as usize] == chunk.keys[at]);
                let target = match known {
                    Some(known) => known,
                    None => self
                        .find_or_add(store, chunk, at, (source, depth))
                        .map_err(|stopped| (at, stopped))?,
                };
                if self.space.steps.is_some() {
                    self.space
                        .push_step(target, chunk.label(at), &mut self.memory)
                        .map_err(|stopped| (at, stopped))?;
                }
                at += 1;
            }
            self.end_row(end - start, chunk.goals.get(row).copied());
            start = end;
        }
        Ok(())
    }

    /// The candidates of the group that begins at `at`, and requests for what it and the next groups need.
    #[inline]
    fn look_ahead(&self, hashes: &[u64], at: usize) -> Candidates {
        let group = |n: usize| {
            let start = (at + n * GROUP).min(hashes.len());
            &hashes[start..(start + GROUP).min(hashes.len())]
        };
        if at == 0 {
            group(0).iter().chain(group(1)).for_each(|&hash| self.table.prefetch(hash));
        }
        group(2).iter().for_each(|&hash| self.table.prefetch(hash));
        let mut candidates = [None; GROUP];
        for (candidate, &hash) in candidates.iter_mut().zip(group(0)) {
            *candidate = self.table.candidate(hash);
            if let Some(number) = *candidate {
                self.space.keys.prefetch(number as usize);
            }
        }
        candidates
    }

    /// The number of a successor, which it is given now if it is new.
    #[inline]
    fn find_or_add(
        &mut self,
        store: &S,
        chunk: &mut Chunk<M, S>,
        at: usize,
        (source, depth): (u32, usize),
    ) -> Result<u32, Stopped> {
        let (key, hash, known) = (&chunk.keys[at], chunk.hashes[at], &self.space.keys);
        match self.table.find(hash, |number| known[number as usize] == *key) {
            Found::Known(number) => Ok(number),
            Found::Vacant(place) => {
                let number = self.discover(store, key.clone(), Some(source), depth)?;
                self.table.insert(place, hash, number);
                self.frontier.push(number, &mut chunk.rows, at);
                let rule = chunk.rules.get(at).map_or(usize::MAX, |&rule| rule.into());
                if let Some(count) = self.rules.get_mut(rule) {
                    count.discovered += 1;
                }
                Ok(number)
            }
        }
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
