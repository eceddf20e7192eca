//! The table of known states: a hash table in parts that grow one at a time.

use memmap2::{Advice, MmapMut};

use super::limits::Stopped;
use super::memory::Memory;

/// Parts of the table, chosen by the highest bits of the hash: each belongs to one thread at a time, and only one at a
/// time is held twice, while it grows.
pub(super) const PARTS: usize = 16;
const PART_BITS: u32 = PARTS.trailing_zeros();

/// A slot that holds the number of a state that was found in this round and is not counted yet.
const FRESH: u32 = 1 << 31;

/// States are numbered in 31 bits.
pub(super) const NUMBERS_MAX: usize = FRESH as usize - 2;

/// From this size on it is worth asking for huge pages.
const HUGE_BYTES: usize = 2 << 20;

/// The part that a hash belongs to.
#[inline]
pub(super) fn part_of(hash: u64) -> usize {
    (hash >> (u64::BITS - PART_BITS)) as usize
}

/// One part: open addressing with linear probing.
///
/// A slot is empty (0), or 32 bits of the hash above the number of a state plus 1. The same 32 bits, scaled to the
/// number of slots, are where the search begins: so a part grows without a look at the states, slot by slot in order.
pub(super) struct Part {
    slots: Slots,
    used: usize,
    /// Where the states found in this round stand, in the order in which they were found.
    fresh: Vec<u32>,
}

/// What the table says of a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// The state of that number.
    Known(u32),
    /// A state that was found in this round, the so-manieth of this part.
    Fresh(u32),
}

/// The slots of a part, in huge pages where the system has them.
enum Slots {
    Small(Vec<u64>),
    Large(MmapMut),
}

impl Slots {
    fn new(len: usize) -> Option<Slots> {
        if len * size_of::<u64>() >= HUGE_BYTES
            && let Ok(map) = MmapMut::map_anon(len * size_of::<u64>())
        {
            // Where there are no huge pages, small ones do.
            let _ = map.advise(Advice::HugePage);
            return Some(Slots::Large(map));
        }
        let mut slots = Vec::new();
        slots.try_reserve_exact(len).ok()?;
        slots.resize(len, 0);
        Some(Slots::Small(slots))
    }

    #[inline]
    fn get(&self) -> &[u64] {
        match self {
            Slots::Small(slots) => slots,
            Slots::Large(map) => bytemuck::cast_slice(map),
        }
    }

    #[inline]
    fn get_mut(&mut self) -> &mut [u64] {
        match self {
            Slots::Small(slots) => slots,
            Slots::Large(map) => bytemuck::cast_slice_mut(map),
        }
    }
}

#[inline]
fn tag_of(hash: u64) -> u64 {
    hash >> (u32::BITS - PART_BITS) & u64::from(u32::MAX)
}

#[inline]
fn home(tag: u64, len: usize) -> usize {
    ((tag * len as u64) >> u32::BITS) as usize
}

#[inline]
fn slot(tag: u64, value: u32) -> u64 {
    tag << u32::BITS | u64::from(value + 1)
}

/// The state in a slot that stands where a search for `hash` begins, if it can be the one and has a number.
#[inline]
pub(super) fn known_in(slot: u64, hash: u64) -> Option<u32> {
    let number = (slot as u32).wrapping_sub(1);
    (slot >> u32::BITS == tag_of(hash) && number < FRESH).then_some(number)
}

#[inline]
fn found(slot: u64) -> Found {
    let value = slot as u32 - 1;
    if value & FRESH == 0 { Found::Known(value) } else { Found::Fresh(value & !FRESH) }
}

impl Part {
    pub(super) fn new() -> Self {
        Part { slots: Slots::Small(Vec::new()), used: 0, fresh: Vec::new() }
    }

    pub(super) fn bytes(&self) -> usize {
        size_of_val(self.slots.get())
    }

    /// Makes room for so many states more, so that the part is never more than three quarters full.
    pub(super) fn reserve(&mut self, more: usize, memory: &mut Memory) -> Result<(), Stopped> {
        let (len, needed) = (self.slots.get().len(), (self.used + more) * 4 / 3 + 1);
        if needed <= len {
            return Ok(());
        }
        let larger = needed.max(len + len / 2);
        memory.claim(larger * size_of::<u64>())?;
        let mut slots = Slots::new(larger).ok_or(memory.refused())?;
        spread(self.slots.get(), slots.get_mut());
        memory.release(self.bytes());
        self.slots = slots;
        Ok(())
    }

    /// What stands where a search for each of the hashes begins. Loads that do not wait for each other, with nothing
    /// between them that depends on what they give: by the time the last is asked for, the first has arrived.
    #[inline]
    pub(super) fn look_ahead(&self, hashes: &[u64], heads: &mut [u64]) {
        let slots = self.slots.get();
        for (head, &hash) in heads.iter_mut().zip(hashes) {
            *head = slots[home(tag_of(hash), slots.len())];
        }
    }

    /// Looks for a state, which `is_it` recognises, and if it is not there, puts it in as a fresh one.
    #[inline]
    pub(super) fn find_or_insert(&mut self, hash: u64, is_it: impl Fn(Found) -> bool) -> Found {
        let tag = tag_of(hash);
        let slots = self.slots.get_mut();
        let mut at = home(tag, slots.len());
        loop {
            let slot = slots[at];
            if slot == 0 {
                let ordinal = self.fresh.len() as u32;
                slots[at] = self::slot(tag, ordinal | FRESH);
                self.fresh.push(at as u32);
                self.used += 1;
                return Found::Fresh(ordinal);
            }
            if slot >> u32::BITS == tag && is_it(found(slot)) {
                return found(slot);
            }
            at += 1;
            if at == slots.len() {
                at = 0;
            }
        }
    }

    /// Gives the fresh state of that hash its number.
    #[inline]
    pub(super) fn settle(&mut self, ordinal: u32, hash: u64, number: u32) {
        let at = self.fresh[ordinal as usize] as usize;
        self.slots.get_mut()[at] = slot(tag_of(hash), number);
    }

    /// Ends a round: every fresh state has its number.
    pub(super) fn end_round(&mut self) {
        self.fresh.clear();
    }
}

/// Puts the entries of a part into a larger one.
fn spread(from: &[u64], into: &mut [u64]) {
    for &slot in from.iter().filter(|&&slot| slot != 0) {
        let mut at = home(slot >> u32::BITS, into.len());
        while into[at] != 0 {
            at = if at + 1 == into.len() { 0 } else { at + 1 };
        }
        into[at] = slot;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::store::Word;

    /// Numbers `keys` in the order of their first appearance, `round` at a time.
    fn number(keys: &[u64], round: usize, memory: &mut Memory) -> Vec<u32> {
        let mut part = Part::new();
        let (mut known, mut numbers): (Vec<u64>, Vec<u32>) = (Vec::new(), Vec::new());
        for keys in keys.chunks(round) {
            part.reserve(keys.len(), memory).unwrap();
            let mut fresh: Vec<u64> = Vec::new();
            let answers: Vec<Found> = keys
                .iter()
                .map(|&key| {
                    let answer = part.find_or_insert(key.mix(), |found| match found {
                        Found::Known(number) => known[number as usize] == key,
                        Found::Fresh(ordinal) => fresh[ordinal as usize] == key,
                    });
                    if answer == Found::Fresh(fresh.len() as u32) {
                        fresh.push(key);
                    }
                    answer
                })
                .collect();
            let first = known.len() as u32;
            known.extend(&fresh);
            for (ordinal, key) in (0..).zip(&fresh) {
                part.settle(ordinal, key.mix(), first + ordinal);
            }
            part.end_round();
            numbers.extend(answers.into_iter().map(|answer| match answer {
                Found::Known(number) => number,
                Found::Fresh(ordinal) => first + ordinal,
            }));
        }
        numbers
    }

    #[test]
    fn every_key_keeps_its_number_whatever_the_rounds() {
        let keys: Vec<u64> = (0..60_000u64).map(|i| (i * i) % 40_009).collect();
        let mut expected: HashMap<u64, u32> = HashMap::new();
        let expected: Vec<u32> = keys
            .iter()
            .map(|&key| {
                let next = expected.len() as u32;
                *expected.entry(key).or_insert(next)
            })
            .collect();
        for round in [1, 7, 1_000, 60_000] {
            assert_eq!(number(&keys, round, &mut Memory::new(None)), expected);
        }
    }

    #[test]
    fn keys_whose_hashes_share_all_bits_of_a_slot_are_told_apart() {
        let mut part = Part::new();
        part.reserve(3, &mut Memory::new(None)).unwrap();
        let hashes = [5 << 40, (5 << 40) + 1, (5 << 40) + 2];
        for (ordinal, hash) in hashes.into_iter().enumerate() {
            assert_eq!(tag_of(hash), tag_of(hashes[0]));
            assert_eq!(part.find_or_insert(hash, |_| false), Found::Fresh(ordinal as u32));
        }
        let second = |found| found == Found::Fresh(1);
        assert_eq!(part.find_or_insert(hashes[1], second), Found::Fresh(1));
        let known = |part: &Part| {
            let mut heads = [0; 3];
            part.look_ahead(&hashes, &mut heads);
            heads.map(|head| known_in(head, hashes[0]))
        };
        assert_eq!(known(&part), [None; 3], "the first of them has no number yet");
        part.settle(0, hashes[0], 7);
        assert_eq!(known(&part), [Some(7); 3], "it stands where the search for each begins");
        assert_eq!(known_in(0, 0), None, "nobody is in an empty slot");
    }

    #[test]
    fn its_bytes_are_claimed_and_old_ones_given_back() {
        let mut memory = Memory::new(None);
        let mut part = Part::new();
        for more in [10, 1_000, 500_000] {
            part.reserve(more, &mut memory).unwrap();
            assert_eq!(memory.used(), part.bytes());
        }
        assert!(part.bytes() >= 500_000 * 4 / 3 * 8);
        let mut little = Memory::new(Some(100));
        assert_eq!(Part::new().reserve(1_000, &mut little), Err(Stopped::Memory(100)));
        assert_eq!(little.used(), 0);
    }
}
