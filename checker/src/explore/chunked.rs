//! A vector that never moves what it holds.

use std::mem::size_of;

use super::limits::Stopped;
use super::memory::Memory;

const CHUNK_BITS: u32 = 12;
const CHUNK: usize = 1 << CHUNK_BITS;

/// A growing sequence in chunks of equal size.
///
/// A plain vector copies itself when it grows and holds old and new at once, three times what it needs; this one grows
/// by one chunk, so that a memory limit can be used to the end.
#[derive(Debug)]
pub(super) struct Chunked<T> {
    chunks: Vec<Vec<T>>,
    len: usize,
}

impl<T> Chunked<T> {
    pub(super) const fn new() -> Self {
        Chunked { chunks: Vec::new(), len: 0 }
    }

    pub(super) const fn len(&self) -> usize {
        self.len
    }

    /// Makes sure that the next push allocates nothing; claims what that takes first.
    pub(super) fn make_room(&mut self, memory: &mut Memory) -> Result<(), Stopped> {
        if self.len < self.chunks.len() << CHUNK_BITS {
            return Ok(());
        }
        memory.claim(CHUNK * size_of::<T>() + size_of::<Vec<T>>())?;
        let mut chunk = Vec::new();
        chunk.try_reserve_exact(CHUNK).map_err(|_| memory.refused())?;
        self.chunks.push(chunk);
        Ok(())
    }

    pub(super) fn push(&mut self, value: T, memory: &mut Memory) -> Result<(), Stopped> {
        self.make_room(memory)?;
        self.chunks[self.len >> CHUNK_BITS].push(value);
        self.len += 1;
        Ok(())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.chunks.iter().flatten()
    }
}

impl<T> std::ops::Index<usize> for Chunked<T> {
    type Output = T;

    fn index(&self, index: usize) -> &T {
        &self.chunks[index >> CHUNK_BITS][index & (CHUNK - 1)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_order_across_chunks_and_counts_their_bytes() {
        let mut memory = Memory::new(None);
        let mut numbers = Chunked::new();
        for n in 0..3 * CHUNK + 1 {
            numbers.push(n as u64, &mut memory).unwrap();
        }
        assert!(numbers.iter().enumerate().all(|(at, &n)| n == at as u64 && numbers[at] == n));
        assert_eq!(numbers.len(), 3 * CHUNK + 1);
        assert_eq!(memory.used(), 4 * (CHUNK * 8 + 24));
    }

    #[test]
    fn a_chunk_beyond_the_limit_is_not_allocated() {
        let mut memory = Memory::new(Some(CHUNK * 8 + 24));
        let mut numbers = Chunked::new();
        let pushed = (0..2 * CHUNK as u64).find(|&n| numbers.push(n, &mut memory).is_err());
        assert_eq!(pushed, Some(CHUNK as u64));
        assert_eq!(numbers.len(), CHUNK);
        assert_eq!(memory.peak(), CHUNK * 8 + 24);
    }
}
