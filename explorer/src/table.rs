//! The table of known states: a hash table that grows where it is.

use memmap2::{Advice, MmapMut, MmapOptions};
use prefetch_index::prefetch_index;

use super::limits::Stopped;
use super::memory::Memory;

/// States are numbered in 31 bits.
pub(super) const NUMBERS_MAX: usize = (1 << 31) - 2;

/// Entries of a line, which is one line of the processor's cache.
const PLACES: usize = 8;

/// The table grows part by part, so that growing never takes long.
const PARTS: usize = 16;

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

/// Open addressing, line by line, in parts that grow one by one.
pub(super) struct Table {
    parts: [Part; PARTS],
}

/// The tag, scaled to the number of lines, is where a search begins: so a part grows without a look at the states.
struct Part {
    lines: Lines,
    used: usize,
}

/// All lines, to look things up in them.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    parts: [&'a [Line]; PARTS],
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
    line: u32,
    part: u8,
    place: u8,
}

impl Place {
    /// That of a state that was not looked for.
    pub(super) const NOWHERE: Place = Place { line: u32::MAX, part: 0, place: 0 };
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

/// Other bits of a hash than its tag decide about its part.
#[inline]
fn part_of(hash: u64) -> usize {
    hash as usize % PARTS
}

#[inline]
fn home(tag: u32, lines: usize) -> usize {
    ((u64::from(tag) * lines as u64) >> u32::BITS) as usize
}

/// Where in a half of a line a value stands: bit k for place k.
#[inline]
fn places(half: &Half, value: u32) -> u32 {
    let bits: Half = std::array::from_fn(|k| if half[k] == value { 1 << k } else { 0 });
    bits.iter().fold(0, |all, bit| all | bit)
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

/// Stands for the number of a state that is not seen in the line where a search begins.
pub(super) const UNKNOWN: u32 = u32::MAX;

impl Table {
    pub(super) fn new() -> Self {
        let part = |_| Part { lines: Lines::Small(Vec::new()), used: 0 };
        Table { parts: std::array::from_fn(part) }
    }

    pub(super) fn bytes(&self) -> usize {
        self.parts.iter().map(|part| size_of_val(part.lines.get())).sum()
    }

    /// Makes room for states with these hashes. What it grows by is all that it claims.
    pub(super) fn reserve(
        &mut self,
        hashes: impl Iterator<Item = u64>,
        memory: &mut Memory,
    ) -> Result<(), Stopped> {
        let mut more = [0; PARTS];
        hashes.for_each(|hash| more[part_of(hash)] += 1);
        let mut parts = self.parts.iter_mut().zip(more).enumerate();
        parts.try_for_each(|(number, (part, more))| part.reserve(number, more, memory))
    }

    pub(super) fn view(&self) -> View<'_> {
        View { parts: self.parts.each_ref().map(|part| part.lines.get()) }
    }

    /// Looks for a state, which `is_it` recognises by its number. There must be room for one more.
    #[inline]
    pub(super) fn find(&self, hash: u64, is_it: impl Fn(u32) -> bool) -> Found {
        let part = part_of(hash);
        find(self.parts[part].lines.get(), part, hash, is_it)
    }

    /// Whether that place has no entry. Then what was not found when it was, is still not there, unless the table has
    /// grown since: entries stand side by side.
    #[inline]
    pub(super) fn is_free(&self, Place { line, part, place }: Place) -> bool {
        let lines = self.parts[usize::from(part)].lines.get();
        lines.get(line as usize).is_some_and(|line| line.numbers[usize::from(place)] == 0)
    }

    /// Puts a state down where it was looked for.
    #[inline]
    pub(super) fn insert(&mut self, place: Place, hash: u64, number: u32) {
        let Place { part, line, place } = place;
        let part = &mut self.parts[usize::from(part)];
        part.lines.get_mut()[line as usize].put(place.into(), tag_of(hash), number + 1);
        part.used += 1;
    }
}

impl Part {
    /// Makes room for so many states more: it gets twice as large as often as that takes. The first sizes of parts
    /// differ, so that they do not grow all at once.
    fn reserve(&mut self, number: usize, more: usize, memory: &mut Memory) -> Result<(), Stopped> {
        let (len, needed) = (self.lines.len(), (self.used + more) / FILLED_MAX + 1);
        if needed <= len || more == 0 {
            return Ok(());
        }
        let mut larger = PARTS + number;
        while larger < needed {
            larger *= 2;
        }
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
}

impl View<'_> {
    /// Has the line where a search begins brought into the cache, without waiting for it.
    #[inline]
    pub(super) fn prefetch(&self, hash: u64) {
        let lines = self.parts[part_of(hash)];
        prefetch_index(lines, home(tag_of(hash), lines.len()));
    }

    /// The number of a state that can be the one with this hash, if the line where a search begins shows one; else
    /// [`UNKNOWN`].
    #[inline]
    pub(super) fn candidate(&self, hash: u64) -> u32 {
        let (lines, tag) = (self.parts[part_of(hash)], tag_of(hash));
        let Some(line) = lines.get(home(tag, lines.len())) else { return UNKNOWN };
        let places = places(&line.tags, tag);
        let number = line.numbers[places.trailing_zeros() as usize % PLACES];
        // Where there is no entry, a tag of 0 means nothing, and the number is 0: that of none is behind all others.
        if places == 0 { UNKNOWN } else { number.wrapping_sub(1) }
    }

    /// As [`Table::find`].
    #[inline]
    pub(super) fn find(&self, hash: u64, is_it: impl Fn(u32) -> bool) -> Found {
        let part = part_of(hash);
        find(self.parts[part], part, hash, is_it)
    }
}

#[inline]
fn find(lines: &[Line], part: usize, hash: u64, is_it: impl Fn(u32) -> bool) -> Found {
    let tag = tag_of(hash);
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
            return Found::Vacant(Place { line: at as u32, part: part as u8, place: place as u8 });
        }
        at = if at + 1 == lines.len() { 0 } else { at + 1 };
    }
}

/// More lines than this a part never has, unless hashes are not spread evenly.
fn lines_max(memory: &Memory) -> usize {
    let most = 2 * (NUMBERS_MAX / FILLED_MAX) / PARTS * 2;
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
            table.reserve(keys.iter().map(|&key| hash(key)), &mut memory).unwrap();
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
        let hashes = [5 << 40, (5 << 40) + (1 << 20), (5 << 40) + (2 << 20)];
        table.reserve(hashes.into_iter().chain([0]), &mut Memory::new(None)).unwrap();
        assert_eq!(table.view().candidate(hashes[0]), UNKNOWN);
        assert_eq!(table.view().candidate(0), UNKNOWN, "an empty place has a tag of 0");
        let keys: Vec<u32> =
            (0..3).map(|k| table.number(&mut known, k, hashes[k as usize])).collect();
        assert_eq!(keys, [0, 1, 2], "hashes that share all bits of a tag are told apart");
        assert_eq!(hashes.map(|hash| table.view().candidate(hash)), [0; 3]);
    }

    #[test]
    fn a_place_is_free_until_somebody_takes_it() {
        let (mut table, mut known) = (Table::new(), Vec::new());
        let hashes: Vec<u64> = (0..12).map(|key| 1 << 63 | key << 32).collect();
        table.reserve(hashes.iter().copied(), &mut Memory::new(None)).unwrap();
        for (key, &hash) in (0..).zip(&hashes) {
            let Found::Vacant(place) = table.view().find(hash, |_| false) else { unreachable!() };
            assert!(table.is_free(place));
            assert_eq!(table.number(&mut known, key, hash), key as u32);
            assert!(!table.is_free(place));
            assert_eq!(
                table.view().find(hash, |number| number == key as u32),
                Found::Known(key as u32)
            );
        }
    }

    #[test]
    fn its_bytes_are_claimed() {
        let mut memory = Memory::new(None);
        let mut table = Table::new();
        for more in [10, 1_000, 500_000] {
            table.reserve((0..more).map(u64::mix), &mut memory).unwrap();
            assert_eq!(memory.used(), table.bytes());
            assert_eq!(memory.peak(), table.bytes(), "old and new are never held at once");
        }
        assert!(table.bytes() >= 500_000 * 4 / 3 * 8);
        let mut little = Memory::new(Some(100));
        assert_eq!(
            Table::new().reserve((0..1_000).map(u64::mix), &mut little),
            Err(Stopped::Memory(100))
        );
        assert_eq!(little.used(), 0);
    }
}
