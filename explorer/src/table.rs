//! The table of known states: a hash table that grows where it is.

use memmap2::{Advice, MmapMut, MmapOptions};
use prefetch_index::prefetch_index;

use super::limits::Stopped;
use super::memory::Memory;

/// States are numbered in 31 bits.
pub(super) const NUMBERS_MAX: usize = (1 << 31) - 2;

/// Entries of a line, which is one line of the processor's cache.
const PLACES: usize = 8;

/// No more than so many entries a line, on average.
const FILLED_MAX: usize = PLACES * 3 / 4;

/// From this size on it is worth asking for huge pages, which are of this size.
const HUGE_BYTES: usize = 2 << 20;

/// Half of a line: the tags of its entries, or their numbers.
type Half = [u32; PLACES];

/// A line is filled from the front. An entry is 32 bits of the hash, its tag, and the number of a state plus 1; where
/// that is 0 there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
struct Line {
    tags: Half,
    numbers: Half,
}

/// Open addressing, line by line.
///
/// The tag, scaled to the number of lines, is where a search begins: so the table grows without a look at the states.
pub(super) struct Table {
    lines: Lines,
    used: usize,
}

/// What the table says of a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// The state of that number.
    Known(u32),
    /// Nothing, and here is room for it.
    Vacant(Place),
}

/// A place without an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    line: usize,
    place: usize,
}

/// The first so many lines of a buffer.
enum Lines {
    Small(Vec<Line>),
    /// Addresses for all lines that there may ever be, of which only those that were written occupy memory; in huge
    /// pages where the system has them, the first of which begins at byte `start`.
    Large {
        map: MmapMut,
        start: usize,
        len: usize,
    },
}

impl Lines {
    /// `len` empty lines, if the system gives the memory; as many as `len_max` there can be.
    fn new(len: usize, len_max: usize) -> Option<Lines> {
        if len * size_of::<Line>() < HUGE_BYTES {
            let mut lines = Vec::new();
            lines.try_reserve_exact(len).ok()?;
            lines.resize(len, Line::default());
            return Some(Lines::Small(lines));
        }
        // Where so many addresses are too many, fewer do.
        let sizes = std::iter::successors(Some(len_max.max(len)), |&room| Some(room / 2));
        let map = sizes.take_while(|&room| room >= len).find_map(|room| {
            let mut options = MmapOptions::new();
            let bytes = room.checked_mul(size_of::<Line>())?.checked_add(HUGE_BYTES)?;
            options.len(bytes).no_reserve_swap().map_anon().ok()
        })?;
        // Where there are no huge pages, small ones do.
        let _ = map.advise(Advice::HugePage);
        let start = map.as_ptr().align_offset(HUGE_BYTES).min(HUGE_BYTES);
        Some(Lines::Large { map, start, len })
    }

    fn len(&self) -> usize {
        match self {
            Lines::Small(lines) => lines.len(),
            Lines::Large { len, .. } => *len,
        }
    }

    /// How many lines there can be without moving them.
    fn room(&self) -> usize {
        match self {
            Lines::Small(lines) => lines.len(),
            Lines::Large { map, start, .. } => (map.len() - start) / size_of::<Line>(),
        }
    }

    #[inline]
    fn get(&self) -> &[Line] {
        match self {
            Lines::Small(lines) => lines,
            Lines::Large { map, start, len } => {
                bytemuck::cast_slice(&map[*start..start + len * size_of::<Line>()])
            }
        }
    }

    #[inline]
    fn get_mut(&mut self) -> &mut [Line] {
        match self {
            Lines::Small(lines) => lines,
            Lines::Large { map, start, len } => {
                bytemuck::cast_slice_mut(&mut map[*start..*start + *len * size_of::<Line>()])
            }
        }
    }
}

#[inline]
fn tag_of(hash: u64) -> u32 {
    (hash >> u32::BITS) as u32
}

#[inline]
fn home(tag: u32, lines: usize) -> usize {
    ((u64::from(tag) * lines as u64) >> u32::BITS) as usize
}

/// Where in a half of a line a value stands: bit k for place k.
#[inline]
fn places(half: &Half, value: u32) -> u32 {
    half.iter().enumerate().fold(0, |bits, (k, &it)| bits | u32::from(it == value) << k)
}

impl Line {
    /// The first place without an entry.
    #[inline]
    fn end(&self) -> Option<usize> {
        let free = places(&self.numbers, 0);
        (free != 0).then(|| free.trailing_zeros() as usize % PLACES)
    }

    #[inline]
    fn put(&mut self, place: usize, tag: u32, number: u32) {
        (self.tags[place], self.numbers[place]) = (tag, number);
    }

    fn entries(self) -> impl Iterator<Item = (u32, u32)> {
        self.tags.into_iter().zip(self.numbers).take_while(|(_, number)| *number != 0)
    }
}

impl Table {
    pub(super) fn new() -> Self {
        Table { lines: Lines::Small(Vec::new()), used: 0 }
    }

    pub(super) fn bytes(&self) -> usize {
        size_of_val(self.lines.get())
    }

    /// Makes room for so many states more. It grows by half, and what it grows by is all that it claims.
    pub(super) fn reserve(&mut self, more: usize, memory: &mut Memory) -> Result<(), Stopped> {
        let (len, needed) = (self.lines.len(), (self.used + more) / FILLED_MAX + 1);
        if needed <= len {
            return Ok(());
        }
        let larger = needed.max(len + len / 2);
        memory.claim((larger - len) * size_of::<Line>())?;
        if larger > self.lines.room() {
            let refused = memory.refused();
            let mut lines = Lines::new(larger, lines_max(memory)).ok_or(refused)?;
            lines.get_mut()[..len].copy_from_slice(self.lines.get());
            self.lines = lines;
        } else if let Lines::Large { len, .. } = &mut self.lines {
            *len = larger;
        }
        stretch(self.lines.get_mut(), len);
        Ok(())
    }

    /// Has the line where a search begins brought into the cache, without waiting for it.
    #[inline]
    pub(super) fn prefetch(&self, hash: u64) {
        let lines = self.lines.get();
        prefetch_index(lines, home(tag_of(hash), lines.len()));
    }

    /// A state that can be the one with this hash, if there is one in the line where a search begins.
    #[inline]
    pub(super) fn candidate(&self, hash: u64) -> Option<u32> {
        let (lines, tag) = (self.lines.get(), tag_of(hash));
        let line = &lines[home(tag, lines.len())];
        let places = places(&line.tags, tag);
        let number = line.numbers[places.trailing_zeros() as usize % PLACES];
        if places == 0 { None } else { number.checked_sub(1) }
    }

    /// Looks for a state, which `is_it` recognises by its number. There must be room for one more.
    #[inline]
    pub(super) fn find(&self, hash: u64, is_it: impl Fn(u32) -> bool) -> Found {
        let tag = tag_of(hash);
        let lines = self.lines.get();
        let mut at = home(tag, lines.len());
        loop {
            let line = &lines[at];
            let end = line.end();
            let mut places = places(&line.tags, tag) & ((1 << end.unwrap_or(PLACES)) - 1);
            while places != 0 {
                let number = line.numbers[places.trailing_zeros() as usize % PLACES] - 1;
                if is_it(number) {
                    return Found::Known(number);
                }
                places &= places - 1;
            }
            if let Some(place) = end {
                return Found::Vacant(Place { line: at, place });
            }
            at = if at + 1 == lines.len() { 0 } else { at + 1 };
        }
    }

    /// Puts a state down where it was looked for.
    #[inline]
    pub(super) fn insert(&mut self, Place { line, place }: Place, hash: u64, number: u32) {
        self.lines.get_mut()[line].put(place, tag_of(hash), number + 1);
        self.used += 1;
    }
}

/// More lines than this there never are.
fn lines_max(memory: &Memory) -> usize {
    let most = NUMBERS_MAX / FILLED_MAX + NUMBERS_MAX / FILLED_MAX / 2;
    memory.limit().map_or(most, |limit| most.min(limit / size_of::<Line>()))
}

/// Moves the entries of the first `len` lines to where they belong among all.
///
/// An entry moves towards the end. So from the last line to the first, each line is emptied, and its entries find their
/// places among lines that were emptied before. The few that do not are put in last: those whose home is not emptied
/// yet, as they had overflowed, and those that overflow at the end.
fn stretch(lines: &mut [Line], len: usize) {
    let mut left = Vec::new();
    for at in (0..len).rev() {
        for (tag, number) in std::mem::take(&mut lines[at]).entries() {
            let home = home(tag, lines.len());
            if home < at || !put_behind(&mut lines[home..], tag, number) {
                left.push((tag, number));
            }
        }
    }
    for (tag, number) in left {
        let home = home(tag, lines.len());
        if !put_behind(&mut lines[home..], tag, number) {
            put_behind(lines, tag, number);
        }
    }
}

/// Puts an entry into the first line that has room; false if none has.
#[inline]
fn put_behind(lines: &mut [Line], tag: u32, number: u32) -> bool {
    let room = lines.iter_mut().find_map(|line| Some((line.end()?, line)));
    room.map(|(end, line)| line.put(end, tag, number)).is_some()
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::store::Word;

    impl Table {
        fn number(&mut self, known: &mut Vec<u64>, key: u64, hash: u64) -> u32 {
            match self.find(hash, |number| known[number as usize] == key) {
                Found::Known(number) => number,
                Found::Vacant(place) => {
                    self.insert(place, hash, known.len() as u32);
                    known.push(key);
                    known.len() as u32 - 1
                }
            }
        }
    }

    /// Numbers `keys` in the order of their first appearance; room is made for `round` at a time.
    fn number(keys: &[u64], round: usize, hash: fn(u64) -> u64) -> Vec<u32> {
        let (mut table, mut known, mut memory) = (Table::new(), Vec::new(), Memory::new(None));
        let mut numbers = Vec::new();
        for keys in keys.chunks(round) {
            table.reserve(keys.len(), &mut memory).unwrap();
            assert_eq!(memory.used(), table.bytes());
            numbers.extend(keys.iter().map(|&key| table.number(&mut known, key, hash(key))));
        }
        numbers
    }

    fn expected(keys: &[u64]) -> Vec<u32> {
        let mut expected: HashMap<u64, u32> = HashMap::new();
        let number = |&key| {
            let next = expected.len() as u32;
            *expected.entry(key).or_insert(next)
        };
        keys.iter().map(number).collect()
    }

    #[test]
    fn every_key_keeps_its_number_however_the_table_grows() {
        let keys: Vec<u64> = (0..60_000u64).map(|i| (i * i) % 40_009).collect();
        for round in [1, 7, 1_000, 60_000] {
            assert_eq!(number(&keys, round, u64::mix), expected(&keys));
        }
    }

    #[test]
    fn a_table_that_is_larger_than_a_huge_page_grows_where_it_is() {
        let keys: Vec<u64> = (0..600_000u64).map(|i| (i * i) % 500_009).collect();
        assert_eq!(number(&keys, 50_000, u64::mix), expected(&keys));
    }

    #[test]
    fn crowds_overflow_and_are_found_again() {
        let keys: Vec<u64> = (0..2_000).chain(0..2_000).collect();
        // All at the end, so that they go round; all at one place; all at the first few lines.
        for hash in [|_| u64::MAX, |_| 1 << 63, |key| key << 40] as [fn(u64) -> u64; 3] {
            assert_eq!(number(&keys, 50, hash), expected(&keys));
        }
    }

    #[test]
    fn candidates_are_those_of_the_line_where_a_search_begins() {
        let (mut table, mut known) = (Table::new(), Vec::new());
        table.reserve(3, &mut Memory::new(None)).unwrap();
        let hashes = [5 << 40, (5 << 40) + 1, (5 << 40) + 2];
        assert_eq!(table.candidate(hashes[0]), None);
        assert_eq!(table.candidate(0), None, "an empty place has a tag of 0");
        let keys: Vec<u32> =
            (0..3).map(|k| table.number(&mut known, k, hashes[k as usize])).collect();
        assert_eq!(keys, [0, 1, 2], "hashes that share all bits of a tag are told apart");
        assert_eq!(hashes.map(|hash| table.candidate(hash)), [Some(0); 3]);
    }

    #[test]
    fn its_bytes_are_claimed() {
        let mut memory = Memory::new(None);
        let mut table = Table::new();
        for more in [10, 1_000, 500_000] {
            table.reserve(more, &mut memory).unwrap();
            assert_eq!(memory.used(), table.bytes());
            assert_eq!(memory.peak(), table.bytes(), "old and new are never held at once");
        }
        assert!(table.bytes() >= 500_000 * 4 / 3 * 8);
        let mut little = Memory::new(Some(100));
        assert_eq!(Table::new().reserve(1_000, &mut little), Err(Stopped::Memory(100)));
        assert_eq!(little.used(), 0);
    }
}
