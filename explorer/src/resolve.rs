//! The second half of a round: successors are looked up in the table, each part of it by one thread.

use stateright::Model;

use super::chunked::Chunked;
use super::expand::Chunk;
use super::store::Store;
use super::table::{Found, Part, known_in};

/// Successors that are looked up together, so that their loads do not wait for each other.
const GROUP: usize = 16;

/// A part of the table, and what it says of the successors of a round.
pub(super) struct Lane {
    pub(super) part: Part,
    /// One answer for each successor of this part, in the order in which they were generated; where steps are kept.
    answers: Vec<Found>,
    /// Where the fresh states of the round come from: chunk and position, in the order in which they were generated.
    pub(super) origins: Vec<(u32, u32)>,
    /// The numbers that they were given.
    numbers: Vec<u32>,
}

impl Lane {
    pub(super) fn new() -> Self {
        let (answers, origins, numbers) = (Vec::new(), Vec::new(), Vec::new());
        Lane { part: Part::new(), answers, origins, numbers }
    }

    /// Bytes of what is kept from round to round beside the part.
    pub(super) fn bytes(&self) -> usize {
        self.answers.capacity() * size_of::<Found>()
            + self.origins.capacity() * size_of::<(u32, u32)>()
            + self.numbers.capacity() * size_of::<u32>()
    }

    /// Gives a fresh state of the round, the next one in order, its number.
    #[inline]
    pub(super) fn settle(&mut self, ordinal: usize, hash: u64, number: u32) {
        self.part.settle(ordinal as u32, hash, number);
        self.numbers.push(number);
    }

    /// The number of a successor, once all fresh states before it have theirs.
    #[inline]
    pub(super) fn answer(&self, index: usize) -> u32 {
        match self.answers[index] {
            Found::Known(state) => state,
            Found::Fresh(ordinal) => self.numbers[ordinal as usize],
        }
    }

    /// Looks up the successors that belong to part `lane`.
    pub(super) fn resolve<M: Model, S: Store<M>>(
        &mut self,
        lane: usize,
        chunks: &[Chunk<M, S>],
        known: &Chunked<S::Key>,
        answers: bool,
    ) {
        self.answers.clear();
        self.origins.clear();
        self.numbers.clear();
        for (number, chunk) in chunks.iter().enumerate() {
            for group in chunk.routes[lane].chunks(GROUP) {
                self.resolve_group((number, group), chunks, known, answers);
            }
        }
    }

    #[inline]
    fn resolve_group<M: Model, S: Store<M>>(
        &mut self,
        (number, group): (usize, &[u32]),
        chunks: &[Chunk<M, S>],
        known: &Chunked<S::Key>,
        answers: bool,
    ) {
        let chunk = &chunks[number];
        let (mut hashes, mut heads) = ([0; GROUP], [0; GROUP]);
        for (hash, &position) in hashes.iter_mut().zip(group) {
            *hash = chunk.hashes[position as usize];
        }
        self.part.look_ahead(&hashes[..group.len()], &mut heads);
        // Whoever is not known there is compared with the first state, to no effect.
        let candidates: [Option<u32>; GROUP] =
            std::array::from_fn(|j| known_in(heads[j], hashes[j]));
        let mut same = [false; GROUP];
        for ((same, candidate), &position) in same.iter_mut().zip(candidates).zip(group) {
            let candidate = candidate.unwrap_or_default() as usize;
            *same = known[candidate] == chunk.keys[position as usize];
        }
        for (j, &position) in group.iter().enumerate() {
            let answer = match candidates[j] {
                Some(state) if same[j] => Found::Known(state),
                _ => self.find_or_insert(hashes[j], (number, position), chunks, known),
            };
            if answers {
                self.answers.push(answer);
            }
        }
    }

    #[inline]
    fn find_or_insert<M: Model, S: Store<M>>(
        &mut self,
        hash: u64,
        (number, position): (usize, u32),
        chunks: &[Chunk<M, S>],
        known: &Chunked<S::Key>,
    ) -> Found {
        let key = &chunks[number].keys[position as usize];
        let origins = &self.origins;
        let answer = self.part.find_or_insert(hash, |found| match found {
            Found::Known(state) => known[state as usize] == *key,
            Found::Fresh(ordinal) => {
                let (chunk, position) = origins[ordinal as usize];
                chunks[chunk as usize].keys[position as usize] == *key
            }
        });
        if answer == Found::Fresh(self.origins.len() as u32) {
            self.origins.push((number as u32, position));
        }
        answer
    }
}
