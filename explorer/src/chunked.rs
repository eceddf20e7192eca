//! A vector that never moves what it holds.

use std::mem::size_of;

use prefetch_index::prefetch_index;

use super::limits::Stopped;
use super::memory::Memory;

/// About so many bytes are a chunk.
const CHUNK_BYTES: usize = 1 << 17;

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
    const BITS: u32 = (CHUNK_BYTES / if size_of::<T>() == 0 { 1 } else { size_of::<T>() }).ilog2();
    /// Entries in a chunk.
    pub(super) const CHUNK: usize = 1 << Self::BITS;

    pub(super) const fn new() -> Self {
        Chunked { chunks: Vec::new(), len: 0 }
    }

    pub(super) const fn len(&self) -> usize {
        self.len
    }

    pub(super) fn push(&mut self, value: T, memory: &mut Memory) -> Result<(), Stopped> {
        self.reserve(1, memory)?;
        self.push_reserved(value);
        Ok(())
    }

    /// Bytes that it occupies.
    pub(super) fn bytes(&self) -> usize {
        self.chunks.len() * (Self::CHUNK * size_of::<T>() + size_of::<Vec<T>>())
    }

    /// Makes room for so many entries more.
    pub(super) fn reserve(&mut self, more: usize, memory: &mut Memory) -> Result<(), Stopped> {
        while self.chunks.len() << Self::BITS < self.len + more {
            memory.claim(Self::CHUNK * size_of::<T>() + size_of::<Vec<T>>())?;
            let mut chunk = Vec::new();
            chunk.try_reserve_exact(Self::CHUNK).map_err(|_| memory.refused())?;
            self.chunks.push(chunk);
        }
        Ok(())
    }

    /// Adds an entry for which there is room.
    #[inline]
    pub(super) fn push_reserved(&mut self, value: T) {
        self.chunks[self.len >> Self::BITS].push(value);
        self.len += 1;
    }

    /// Has an entry brought into the cache, without waiting for it.
    #[inline]
    pub(super) fn prefetch(&self, index: usize) {
        if let Some(chunk) = self.chunks.get(index >> Self::BITS) {
            prefetch_index(chunk, index & (Self::CHUNK - 1));
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.chunks.iter().flatten()
    }
}

impl<T> std::ops::Index<usize> for Chunked<T> {
    type Output = T;

    fn index(&self, index: usize) -> &T {
        &self.chunks[index >> Self::BITS][index & (Self::CHUNK - 1)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHUNK: usize = Chunked::<u64>::CHUNK;

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
