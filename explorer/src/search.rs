//! The breadth-first search itself: rounds of expanding and taking in, level by level.

use std::collections::VecDeque;
use std::time::Duration;

use rayon::ThreadPool;
use rayon::prelude::*;
use stateright::Model;

use super::asked::Asked;
use super::checkpoint::Checkpoint;
use super::chunk::Chunk;
use super::expand::{Circumstances, Sources};
use super::explorable::Explorable;
use super::frontier::Block;
use super::judge::{Judge, PROPERTIES_MAX};
use super::ledger::Ledger;
use super::limits::{Limits, Stopped};
use super::progress::{Control, Counts, Watch};
use super::reduction::Reduction;
use super::resume::Saved;
use super::space::StateSpace;
use super::store::Store;
use super::visited::Visited;

/// States that one thread expands in a row.
const CHUNK: usize = 256;

/// Most chunks that several threads expand in one round.
const ROUND_MAX: usize = 16;

/// The buffers of a round are no more than such a part of the memory.
const ROUND_PART: usize = 16;

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
/// A round expands some states in chunks; what they lead to is taken in chunk by chunk, in order. With several threads
/// that happens while the next round is expanded. Neither threads nor rounds make a difference to what is found.
pub(super) struct Search<'m, 'c, M: Model, J, S: Store<M>, R> {
    pub(super) sources: Sources<'m, M, J, S, R>,
    pool: Option<ThreadPool>,
    pub(super) watch: Watch<'c>,
    pub(super) visited: Visited<M, S>,
    pub(super) checkpoint: Option<Checkpoint>,
    pub(super) saved: Saved,
    /// Blocks of states that are not all taken in.
    open: VecDeque<Block<S::Rows>>,
    /// Chunks that are expanded and wait to be taken in.
    expanded: Round<M, S>,
    /// Chunks for the round that is expanded next.
    next: Round<M, S>,
    /// Chunks of the next round, if there are so many.
    round: usize,
    /// States before the level that is found.
    level_end: usize,
}

/// Chunks, the first `active` of which are in use.
struct Round<M: Model, S: Store<M>> {
    chunks: Vec<Chunk<M, S>>,
    active: usize,
}

impl<M: Model, S: Store<M>> Round<M, S> {
    fn new() -> Self {
        Round { chunks: Vec::new(), active: 0 }
    }

    fn active(&mut self) -> &mut [Chunk<M, S>] {
        &mut self.chunks[..self.active]
    }

    /// Takes `len` states of a block, from `from` on.
    fn prepare(
        &mut self,
        store: &S,
        space: &StateSpace<S::Key>,
        block: &Block<S::Rows>,
        from: usize,
        len: usize,
    ) {
        self.active = len.div_ceil(CHUNK);
        if self.chunks.len() < self.active {
            self.chunks.resize_with(self.active, Chunk::new);
        }
        for (index, chunk) in self.active().iter_mut().enumerate() {
            let at = from + index * CHUNK;
            let len = CHUNK.min(from + len - at);
            chunk.prepare(store, &space.keys, block.first + at as u32, at, len);
        }
    }

    fn bytes(&self) -> usize {
        self.chunks.iter().map(Chunk::bytes).sum()
    }
}

impl<'m, 'c, M, J, S, R> Search<'m, 'c, M, J, S, R>
where
    M: Explorable,
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
        let space = StateSpace::new(steps, !Asked::of(judge).is_nothing());
        Search {
            sources,
            pool,
            watch: Watch::new(limits, control),
            visited: Visited::new(judge, limits, space, Ledger::new(&kinds)),
            checkpoint: None,
            saved: Saved::default(),
            open: VecDeque::new(),
            expanded: Round::new(),
            next: Round::new(),
            round: 1,
            level_end: 0,
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
        while self.visited.frontier.advance() {
            self.visited.ledger.begin_level();
            self.level_end = self.visited.space.len();
            self.explore_level(self.visited.space.depth())?;
            self.save_level()?;
        }
        Ok(())
    }

    fn start(&mut self) -> Result<(), Stopped> {
        let Sources { model, store, reduction, .. } = self.sources;
        for mut state in model.init_states() {
            if model.within_boundary(&state) {
                let mut rows = S::Rows::default();
                reduction.make_canonical(model, &mut state);
                let key = store.close(model, state, &mut rows);
                self.visited.take_in_initial(store, key, &mut rows)?;
            }
        }
        Ok(())
    }

    /// Expands the states that are reached by `depth - 1` actions.
    fn explore_level(&mut self, depth: usize) -> Result<(), Stopped> {
        let states = self.level_end - self.visited.space.expanded();
        let pool = self.pool.take_if(|_| states > CHUNK);
        let explored = self.explore_blocks(pool.as_ref(), depth);
        self.pool = self.pool.take().or(pool);
        explored
    }

    fn explore_blocks(&mut self, pool: Option<&ThreadPool>, depth: usize) -> Result<(), Stopped> {
        while let Some(block) = self.visited.frontier.pop()? {
            let (len, mut done) = (block.len, 0);
            self.open.push_back(block);
            while done < len {
                let states = (self.round(pool) * CHUNK).min(len - done);
                let begun = self.watch.elapsed();
                self.expand(pool, done, states, depth)?;
                done += states;
                self.recycle(1);
                let slow = self.watch.elapsed() - begun > ROUND_TIME;
                self.round = if slow { self.round / 2 } else { self.round * 2 };
                let counts = self.counts();
                self.watch.pulse(states, || counts)?;
            }
        }
        self.take_in(depth)?;
        self.recycle(0);
        Ok(())
    }

    /// How many chunks the next round expands: always whole ones, so that it makes no difference how many.
    fn round(&mut self, pool: Option<&ThreadPool>) -> usize {
        // One thread has no use for more, and small buffers stay in the caches.
        let most = if pool.is_some() { self.affordable() } else { 1 };
        self.next.chunks.truncate(most);
        self.round = self.round.clamp(1, most);
        self.round
    }

    /// How many chunks a round may have for the sake of memory, if they are as large as the largest so far.
    fn affordable(&self) -> usize {
        let memory = &self.visited.memory;
        let chunks = self.next.chunks.iter().chain(&self.expanded.chunks);
        let largest = chunks.map(Chunk::bytes).max().unwrap_or_default().max(1);
        match memory.limit() {
            _ if memory.is_short() => 1,
            Some(limit) => (limit / ROUND_PART / largest).clamp(1, ROUND_MAX),
            None => ROUND_MAX,
        }
    }

    /// Gives back all blocks but the last `left`.
    fn recycle(&mut self, left: usize) {
        while self.open.len() > left {
            let block = self.open.pop_front();
            block.into_iter().for_each(|block| self.visited.frontier.recycle(block));
        }
    }

    /// Expands `len` states of the last open block. One thread then takes in their successors; of several, one takes in
    /// those of the round before meanwhile.
    fn expand(
        &mut self,
        pool: Option<&ThreadPool>,
        from: usize,
        len: usize,
        depth: usize,
    ) -> Result<(), Stopped> {
        let Some(block) = self.open.back() else { return Ok(()) };
        self.next.prepare(self.sources.store, &self.visited.space, block, from, len);
        let settled = self.visited.ledger.settled();
        let circumstances = Circumstances { settled, deadline: self.watch.deadline() };
        let (sources, rows) = (self.sources, block.rows());
        let expand = |chunk: &mut Chunk<M, S>| chunk.expand(sources, rows, circumstances);
        let buffers = self.next.bytes() + self.expanded.bytes();
        let taken_in = match pool {
            Some(pool) => {
                let (next, expanded) = (self.next.active(), &mut self.expanded);
                let visited = &mut self.visited;
                let take_in = || take_in(visited, sources.store, expanded, depth, buffers);
                pool.join(take_in, || next.par_iter_mut().for_each(expand)).0
            }
            None => {
                self.next.active().iter_mut().for_each(expand);
                Ok(())
            }
        };
        std::mem::swap(&mut self.next, &mut self.expanded);
        taken_in?;
        if self.expanded.active().iter().any(|chunk| chunk.gave_up) {
            self.watch.look(&self.counts())?;
            // Whoever interrupted it has thought better of it; but a part of the round was not expanded.
            return Err(Stopped::Interrupted);
        }
        if pool.is_none() { self.take_in(depth) } else { Ok(()) }
    }

    /// Takes in what is expanded.
    fn take_in(&mut self, depth: usize) -> Result<(), Stopped> {
        let buffers = self.next.bytes() + self.expanded.bytes();
        take_in(&mut self.visited, self.sources.store, &mut self.expanded, depth, buffers)
    }

    /// Judges the states that were stored and will not be expanded.
    fn judge_the_rest(&mut self) -> Result<(), Stopped> {
        let mut chunk = Chunk::new();
        while let Some(block) = match self.open.pop_front() {
            Some(block) => Some(block),
            None => self.visited.frontier.rest()?,
        } {
            chunk.prepare(self.sources.store, &self.visited.space.keys, block.first, 0, block.len);
            chunk.only_look(self.sources, block.rows(), self.visited.ledger.settled());
            let last_level = self.visited.space.levels().last().map_or(0, |level| level.start);
            let deepest = block.first as usize >= last_level;
            let before =
                self.visited.space.depth() - usize::from(deepest) - usize::from(!deepest) * 2;
            self.visited.add_up(&chunk, usize::MAX, before + 1);
        }
        Ok(())
    }

    pub(super) fn counts(&self) -> Counts {
        let Visited { space, generated, memory, .. } = &self.visited;
        Counts {
            distinct: space.len(),
            generated: *generated,
            expanded: space.expanded(),
            depth: space.depth(),
            level_left: self.level_end.saturating_sub(space.expanded()),
            memory_bytes: memory.used(),
        }
    }

    /// Bytes that were written to a disk for want of memory.
    pub(super) fn spilled_bytes(&self) -> u64 {
        self.visited.frontier.spilled()
    }

    /// Gives back what only the search needs.
    pub(super) fn forget_table(&mut self) {
        (self.next, self.expanded) = (Round::new(), Round::new());
        self.visited.forget_table();
    }
}

/// Takes in a round, after which nothing of it is left.
fn take_in<M: Model, S: Store<M>>(
    visited: &mut Visited<M, S>,
    store: &S,
    round: &mut Round<M, S>,
    depth: usize,
    buffers: usize,
) -> Result<(), Stopped> {
    let mut chunks = round.active().iter_mut();
    let taken_in = chunks.try_for_each(|chunk| visited.take_in(store, chunk, depth, buffers));
    round.active = 0;
    taken_in
}
