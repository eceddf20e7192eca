//! The breadth-first search itself: rounds of expanding, looking up and numbering, level by level.

use std::time::Duration;

use rayon::ThreadPool;
use rayon::prelude::*;
use stateright::Model;

use super::asked::Asked;
use super::checkpoint::Checkpoint;
use super::expand::{Chunk, Seen, Sources, Task};
use super::frontier::{Block, Frontier};
use super::judge::{Judge, PROPERTIES_MAX};
use super::ledger::{Ledger, Place};
use super::limits::{Limits, Stopped};
use super::memory::Memory;
use super::progress::{Control, Counts, Watch};
use super::reduction::Reduction;
use super::resolve::Lane;
use super::resume::Saved;
use super::space::StateSpace;
use super::store::Store;
use super::table::{Found, NUMBERS_MAX, PARTS, part_of};

/// States that one thread expands in a row.
const CHUNK: usize = 256;

/// Most states that are expanded in one round.
const ROUND_MAX: usize = 12 * CHUNK;

/// What a round may take: between rounds, progress is told.
const ROUND_TIME: Duration = Duration::from_millis(50);

/// How often a rule was at work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RuleCount {
    /// States in which it was possible, counted once for each way to take it.
    pub enabled: u64,
    /// Steps taken by it, also to known states.
    pub fired: u64,
    /// Steps that led to a state for the first time.
    pub discovered: u64,
}

/// An exploration under way.
///
/// A round expands some states in chunks, looks their successors up in the table, part by part, and numbers the new
/// ones in the order in which they were generated. Only that order decides about numbers, parents and first places,
/// and it is that of a search with one thread and rounds of one state: neither threads nor rounds make a difference.
pub(super) struct Search<'m, 'c, M: Model, J, S: Store<M>, R> {
    pub(super) sources: Sources<'m, M, J, S, R>,
    limits: Limits,
    pool: Option<ThreadPool>,
    pub(super) lanes: Vec<Lane>,
    /// Which successors of a chunk are fresh, a bit each.
    marks: Vec<u64>,
    chunks: Vec<Chunk<M, S>>,
    /// So many of the chunks are of this round.
    active: usize,
    /// States of the next round.
    round: usize,
    /// States before the level that is found.
    level_end: usize,
    /// The block at which a limit was reached.
    cut: Option<Block<S::Rows>>,
    pub(super) frontier: Frontier<S::Rows>,
    pub(super) checkpoint: Option<Checkpoint>,
    pub(super) saved: Saved,
    /// Claimed for chunks, for lanes, and for what keys keep elsewhere.
    buffers: usize,
    /// What keys keep elsewhere.
    pub(super) heap_bytes: usize,
    pub(super) space: StateSpace<S::Key>,
    pub(super) memory: Memory,
    pub(super) watch: Watch<'c>,
    pub(super) ledger: Ledger,
    pub(super) generated: usize,
    pub(super) rules: Vec<RuleCount>,
    pub(super) gauges: Vec<u32>,
    /// How many states have so many successors, by that number.
    pub(super) branching: Vec<u64>,
}

impl<'m, 'c, M, J, S, R> Search<'m, 'c, M, J, S, R>
where
    M: Model + Sync,
    M::State: Clone + Send + Sync,
    M::Action: Clone + Send + Sync,
    J: Judge<M>,
    S: Store<M>,
    R: Reduction<M>,
{
    pub(super) fn new(
        sources: Sources<'m, M, J, S, R>,
        limits: Limits,
        (steps, pool): (bool, Option<ThreadPool>),
        control: Control<'c>,
    ) -> Self {
        let judge = sources.judge;
        let kinds: Vec<_> =
            (0..judge.properties().min(PROPERTIES_MAX)).map(|i| judge.kind(i)).collect();
        Search {
            sources,
            limits,
            pool,
            lanes: (0..PARTS).map(|_| Lane::new()).collect(),
            marks: Vec::new(),
            chunks: Vec::new(),
            active: 0,
            round: CHUNK,
            level_end: 0,
            cut: None,
            frontier: Frontier::new(),
            checkpoint: None,
            saved: Saved::default(),
            buffers: 0,
            heap_bytes: 0,
            space: StateSpace::new(steps, !Asked::of(judge).is_nothing()),
            memory: Memory::new(limits.memory_bytes),
            watch: Watch::new(limits, control),
            ledger: Ledger::new(&kinds),
            generated: 0,
            rules: vec![RuleCount::default(); judge.rules()],
            gauges: vec![0; judge.gauges()],
            branching: Vec::new(),
        }
    }

    /// Explores level by level until nothing is new, or a limit is reached.
    pub(super) fn run(&mut self) -> Result<(), Stopped> {
        self.watch.look(&self.counts())?;
        let ended = self.explore();
        if let Err(Stopped::States(_) | Stopped::Depth(_) | Stopped::Memory(_)) = ended {
            self.judge_the_rest()?;
        }
        ended
    }

    fn explore(&mut self) -> Result<(), Stopped> {
        if !self.resume()? {
            self.start()?;
            self.save_level()?;
        }
        while self.frontier.advance() {
            self.ledger.begin_level();
            let depth = self.space.depth();
            self.level_end = self.space.len();
            while let Some(block) = self.frontier.pop()? {
                if let Err(stopped) = self.expand_block(&block, depth) {
                    self.cut = Some(block);
                    return Err(stopped);
                }
                self.frontier.recycle(block);
            }
            self.save_level()?;
        }
        Ok(())
    }

    fn start(&mut self) -> Result<(), Stopped> {
        let Sources { model, store, reduction, .. } = self.sources;
        for state in model.init_states() {
            if !model.within_boundary(&state) {
                continue;
            }
            let mut rows = S::Rows::default();
            let key = store.close(model, reduction.canonical(model, state), &mut rows);
            let hash = store.hash(&key);
            let lane = part_of(hash);
            self.make_room(&[(lane, 1)], 0, 1)?;
            let (part, known) = (&mut self.lanes[lane].part, &self.space.keys);
            let found = part.find_or_insert(hash, |found| match found {
                Found::Known(state) => known[state as usize] == key,
                Found::Fresh(_) => false,
            });
            if let Found::Fresh(_) = found {
                let number = self.discover(key, None, 0)?;
                self.frontier.push(number, &mut rows, 0);
                self.lanes[lane].part.settle(0, hash, number);
            }
            self.lanes[lane].part.end_round();
            self.generated += 1;
        }
        Ok(())
    }

    /// Expands a block of states, all of which are reached by `depth - 1` actions.
    fn expand_block(&mut self, block: &Block<S::Rows>, depth: usize) -> Result<(), Stopped> {
        let mut done = 0;
        while done < block.len {
            let begun = self.watch.elapsed();
            if self.memory.is_short() {
                // Small rounds need small buffers.
                self.round = CHUNK;
                self.chunks.truncate(1);
            }
            let len = self.round.min(block.len - done);
            self.expand(block, done, len)?;
            self.look_up(len)?;
            self.number(depth)?;
            done += len;
            let slow = self.watch.elapsed() - begun > ROUND_TIME;
            self.round = if slow { self.round / 2 } else { self.round * 2 };
            self.round = self.round.clamp(CHUNK, ROUND_MAX);
            let counts = self.counts();
            self.watch.pulse(len, || counts)?;
        }
        Ok(())
    }

    /// Expands states `from..from + len` of the block, in chunks.
    fn expand(&mut self, block: &Block<S::Rows>, from: usize, len: usize) -> Result<(), Stopped> {
        self.active = len.div_ceil(CHUNK);
        if self.chunks.len() < self.active {
            self.chunks.resize_with(self.active, Chunk::new);
        }
        let (sources, keys, rows) = (self.sources, &self.space.keys, block.rows());
        let (settled, deadline) = (self.ledger.settled(), self.watch.deadline());
        let expand = |(index, chunk): (usize, &mut Chunk<M, S>)| {
            let first = from + index * CHUNK;
            let start = block.first + first as u32;
            let states = start..start + CHUNK.min(from + len - first) as u32;
            chunk.expand(sources, &Task { states, keys, rows, first, settled, deadline });
        };
        let chunks = &mut self.chunks[..self.active];
        match &self.pool {
            Some(pool) if chunks.len() > 1 => {
                pool.install(|| chunks.par_iter_mut().enumerate().for_each(expand));
            }
            _ => chunks.iter_mut().enumerate().for_each(expand),
        }
        if chunks.iter().any(|chunk| chunk.gave_up) {
            self.watch.look(&self.counts())?;
            // Whoever interrupted it has thought better of it; but a part of the round was not expanded.
            return Err(Stopped::Interrupted);
        }
        Ok(())
    }

    /// Looks up all successors of a round that expanded `expanded` states.
    fn look_up(&mut self, expanded: usize) -> Result<(), Stopped> {
        let of_lane =
            |lane: usize| self.chunks[..self.active].iter().map(|it| it.routes[lane].len()).sum();
        let wanted: Vec<(usize, usize)> = (0..PARTS).map(|lane| (lane, of_lane(lane))).collect();
        let successors = wanted.iter().map(|(_, wanted)| wanted).sum();
        self.make_room(&wanted, expanded, successors)?;
        let (chunks, known) = (&self.chunks[..self.active], &self.space.keys);
        let answers = self.space.steps.is_some();
        let resolve = |(lane, it): (usize, &mut Lane)| it.resolve(lane, chunks, known, answers);
        match &self.pool {
            Some(pool) if successors > CHUNK => {
                pool.install(|| self.lanes.par_iter_mut().enumerate().for_each(resolve));
            }
            _ => self.lanes.iter_mut().enumerate().for_each(resolve),
        }
        Ok(())
    }

    /// Makes room for a round before anything of it is stored: nothing is allocated beyond the limit. Where memory is
    /// short, states that wait are written to a disk.
    pub(super) fn make_room(
        &mut self,
        wanted: &[(usize, usize)],
        expanded: usize,
        successors: usize,
    ) -> Result<(), Stopped> {
        let chunks: usize = self.chunks.iter().map(Chunk::bytes).sum();
        let lanes: usize = self.lanes.iter().map(Lane::bytes).sum();
        let buffers = chunks + lanes + self.heap_bytes;
        loop {
            let claimed = self.memory.adjust(&mut self.buffers, buffers);
            let claimed = claimed
                .and_then(|()| self.frontier.claim(&mut self.memory))
                .and_then(|()| self.space.reserve(expanded, successors, &mut self.memory))
                .and_then(|()| self.reserve_parts(wanted));
            let Err(stopped) = claimed else { return Ok(()) };
            if self.frontier.spill(self.memory.used() / 8)? == 0 {
                return Err(stopped);
            }
        }
    }

    fn reserve_parts(&mut self, wanted: &[(usize, usize)]) -> Result<(), Stopped> {
        let mut each = wanted.iter();
        each.try_for_each(|&(lane, more)| self.lanes[lane].part.reserve(more, &mut self.memory))
    }

    /// Numbers the new states of the round, and adds up what was seen.
    fn number(&mut self, depth: usize) -> Result<(), Stopped> {
        let mut chunks = std::mem::take(&mut self.chunks);
        let (mut fresh, mut all) = ([0; PARTS], [0; PARTS]);
        let mut ended = Ok(());
        for (index, chunk) in chunks[..self.active].iter_mut().enumerate() {
            let numbered = self.number_fresh(index as u32, chunk, &mut fresh, depth);
            // Of a round that is cut off, what comes after the cut was not seen.
            let end = numbered.as_ref().err().map_or(chunk.keys.len(), |(at, _)| *at);
            let kept = self.keep_steps(chunk, end, &mut all);
            self.add_up(chunk, end, depth);
            ended = numbered.map_err(|(_, stopped)| stopped).and(kept);
            if ended.is_err() {
                break;
            }
        }
        self.chunks = chunks;
        self.lanes.iter_mut().for_each(|lane| lane.part.end_round());
        ended
    }

    /// Numbers the new states of a chunk in the order in which they were generated: what the lanes know in order, put
    /// together. An error says at which successor it had to stop.
    fn number_fresh(
        &mut self,
        index: u32,
        chunk: &mut Chunk<M, S>,
        fresh: &mut [usize; PARTS],
        depth: usize,
    ) -> Result<(), (usize, Stopped)> {
        self.marks.clear();
        self.marks.resize(chunk.keys.len().div_ceil(64), 0);
        for (lane, fresh) in self.lanes.iter().zip(fresh.iter()) {
            let of_chunk = lane.origins[*fresh..].iter().take_while(|(chunk, _)| *chunk == index);
            of_chunk.for_each(|(_, at)| self.marks[*at as usize / 64] |= 1 << (at % 64));
        }
        let mut row = 0;
        for word in 0..self.marks.len() {
            let mut bits = self.marks[word];
            while bits != 0 {
                let at = 64 * word + bits.trailing_zeros() as usize;
                bits &= bits - 1;
                while chunk.row_ends[row] as usize <= at {
                    row += 1;
                }
                let key = chunk.keys[at].clone();
                let source = Some(chunk.first + row as u32);
                let number = self.discover(key, source, depth).map_err(|stopped| (at, stopped))?;
                let hash = chunk.hashes[at];
                let lane = part_of(hash);
                self.lanes[lane].settle(fresh[lane], hash, number);
                fresh[lane] += 1;
                self.frontier.push(number, &mut chunk.rows, at);
                let rule = chunk.rules.get(at).map_or(usize::MAX, |&rule| rule.into());
                if let Some(count) = self.rules.get_mut(rule) {
                    count.discovered += 1;
                }
            }
        }
        Ok(())
    }

    /// Keeps the steps to the first `end` successors of a chunk, where they are wanted, and counts them.
    fn keep_steps(
        &mut self,
        chunk: &Chunk<M, S>,
        end: usize,
        all: &mut [usize; PARTS],
    ) -> Result<(), Stopped> {
        self.generated += end;
        let (mut at, mut start) = (0, 0);
        for (row, &row_end) in chunk.row_ends.iter().enumerate() {
            let to = if self.space.steps.is_some() { end.min(row_end as usize) } else { 0 };
            for at in at..to {
                let lane = part_of(chunk.hashes[at]);
                let target = self.lanes[lane].answer(all[lane]);
                all[lane] += 1;
                self.space.push_step(target, chunk.label(at), &mut self.memory)?;
            }
            if (row_end as usize) > end {
                break;
            }
            self.count_branching(row_end as usize - start);
            (at, start) = (row_end as usize, row_end as usize);
            self.space.end_row(chunk.goals.get(row).copied());
        }
        Ok(())
    }

    fn count_branching(&mut self, successors: usize) {
        if self.branching.len() <= successors {
            self.branching.resize(successors + 1, 0);
        }
        self.branching[successors] += 1;
    }

    /// Stores a new state, which is reached by `depth` actions, if the limits allow one more.
    #[inline]
    fn discover(&mut self, key: S::Key, parent: Option<u32>, depth: usize) -> Result<u32, Stopped> {
        let states_max = self.limits.states.unwrap_or(NUMBERS_MAX).min(NUMBERS_MAX);
        if self.space.len() >= states_max {
            return Err(Stopped::States(states_max));
        }
        if let Some(limit) = self.limits.depth.filter(|&limit| depth >= limit) {
            return Err(Stopped::Depth(limit));
        }
        self.heap_bytes += self.sources.store.heap_bytes(&key);
        let number = self.space.push(key, parent);
        if depth == self.space.depth() {
            self.space.begin_level(number);
        }
        Ok(number)
    }

    /// Adds up what a chunk has seen, up to its successor `end`.
    fn add_up(&mut self, chunk: &Chunk<M, S>, end: usize, depth: usize) {
        for seen in chunk.seen.iter().filter(|seen| seen.at as usize <= end) {
            self.note(*seen, depth - 1);
        }
        for (most, gauge) in self.gauges.iter_mut().zip(&chunk.gauges) {
            *most = (*gauge).max(*most);
        }
        for (count, enabled) in self.rules.iter_mut().zip(&chunk.enabled) {
            count.enabled += enabled;
        }
        for &rule in chunk.rules.iter().take(end) {
            if let Some(count) = self.rules.get_mut(usize::from(rule)) {
                count.fired += 1;
            }
        }
    }

    /// Notes a mark of a state that is reached by `before` actions, or of a step out of it.
    fn note(&mut self, seen: Seen, before: usize) {
        let steps = before as u32 + u32::from(seen.step.is_some());
        self.ledger.note(seen.marks, Place { state: seen.state, step: seen.step, steps });
    }

    /// Judges the states that were stored and will not be expanded.
    fn judge_the_rest(&mut self) -> Result<(), Stopped> {
        let cut = self.cut.take();
        let mut chunk = Chunk::new();
        let mut next = cut;
        while let Some(block) = match next.take() {
            Some(block) => Some(block),
            None => self.frontier.rest()?,
        } {
            let task = Task {
                states: block.first..block.first + block.len as u32,
                keys: &self.space.keys,
                rows: block.rows(),
                first: 0,
                settled: self.ledger.settled(),
                deadline: self.watch.deadline(),
            };
            chunk.only_look(self.sources, &task);
            let last_level = self.space.levels().last().map_or(0, |level| level.start);
            let deepest = block.first as usize >= last_level;
            let before = self.space.depth() - usize::from(deepest) - usize::from(!deepest) * 2;
            self.add_up(&chunk, usize::MAX, before + 1);
        }
        Ok(())
    }

    pub(super) fn counts(&self) -> Counts {
        Counts {
            distinct: self.space.len(),
            generated: self.generated,
            expanded: self.space.expanded(),
            depth: self.space.depth(),
            level_left: self.level_end.saturating_sub(self.space.expanded()),
            memory_bytes: self.memory.used(),
        }
    }

    /// Bytes that were written to a disk for want of memory.
    pub(super) fn spilled_bytes(&self) -> u64 {
        self.frontier.spilled()
    }

    /// Gives back what only the search needs.
    pub(super) fn forget_table(&mut self) {
        let parts: usize = self.lanes.iter().map(|lane| lane.part.bytes()).sum();
        self.memory.release(parts + self.buffers - self.heap_bytes);
        self.lanes.clear();
        self.chunks.clear();
        self.buffers = 0;
    }
}
