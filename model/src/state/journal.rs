//! The journal of a job, from which the next master learns which tasks have finished (section 5.6).
//!
//! A journal is a sequence of events, and whoever reads it makes of them a list of the tasks that have finished. Two
//! sequences that make the same list are one journal here.

use super::VERTICES_MAX;
use super::packing::{byte, put, put_wide, take};
use crate::data::Rows;

/// Most sinks that commit at the end of a job that has a journal.
pub const STAGING_MAX: usize = 4;

/// What has been written, and what of it is kept if the master is lost now.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Journal {
    /// Of the events that are kept, with whatever else the next master will know.
    pub kept: Ledger,
    /// Of all events that were written.
    pub written: Ledger,
    /// Whether the present master has written that a task has finished.
    pub begun: bool,
    /// Of the sinks that commit at the end of the job, in order: what the attempt in `kept` has staged, if it is not
    /// the current one.
    pub(super) staged: Staged,
}

/// Rows by sink, in the alignment of the rest of a state.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub(super) struct Staged([[u16; 8]; STAGING_MAX]);

impl Staged {
    pub(super) fn get(&self, sink: usize) -> Rows {
        let digits = self.0[sink].iter().rev();
        Rows::of_bits(digits.fold(0, |bits, &digit| bits << 16 | u128::from(digit)))
    }

    pub(super) fn set(&mut self, sink: usize, rows: Rows) {
        let digits = self.0[sink].iter_mut().enumerate();
        digits.for_each(|(k, digit)| *digit = (rows.bits() >> (16 * k)) as u16);
    }
}

/// The tasks that have finished, in the order in which a reader has them: whoever finishes again keeps the place that
/// the task has, and who was reset has none.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Ledger {
    /// The vertices, plus 1; then zeros.
    order: [u8; VERTICES_MAX],
    /// Those whose event carries a snapshot.
    snapshots: u16,
    /// Those of which another attempt than the one that has finished is the current one.
    pub outdated: u16,
    /// Those that have read an attempt of a producer that is not in the list any more.
    pub astray: u16,
}

impl Ledger {
    /// The vertices, in order.
    pub fn vertices(&self) -> impl Iterator<Item = usize> {
        self.order.into_iter().map_while(|vertex| usize::from(vertex).checked_sub(1))
    }

    /// The vertices, as a mask.
    pub fn mask(&self) -> u16 {
        self.vertices().fold(0, |mask, v| mask | 1 << v)
    }

    /// What is left when a reader has dropped all behind the last snapshot.
    pub fn recoverable(&self) -> u16 {
        let (mut kept, mut all) = (0, 0);
        for v in self.vertices() {
            all |= 1 << v;
            if self.snapshots & 1 << v != 0 {
                kept = all;
            }
        }
        kept
    }

    /// The current attempt of a vertex has finished; `readers` are those who read it.
    pub(crate) fn put(&mut self, vertex: usize, snapshot: bool, readers: u16) {
        let (bit, all) = (1 << vertex, self.mask());
        if all & bit == 0 {
            self.order[all.count_ones() as usize] = vertex as u8 + 1;
        } else if self.outdated & bit != 0 {
            self.astray |= readers & all;
        }
        self.outdated &= !bit;
        self.astray &= !bit;
        self.snapshots = self.snapshots & !bit | u16::from(snapshot) << vertex;
    }

    /// Vertices are reset; `readers` are those who read some of them.
    pub(crate) fn remove(&mut self, vertices: u16, readers: u16) {
        let left = self.vertices().filter(|&v| vertices & 1 << v == 0);
        let mut order = [0; VERTICES_MAX];
        order.iter_mut().zip(left).for_each(|(place, v)| *place = v as u8 + 1);
        self.order = order;
        let left = self.mask();
        self.astray |= readers;
        [&mut self.snapshots, &mut self.outdated, &mut self.astray]
            .into_iter()
            .for_each(|mask| *mask &= left);
    }

    fn pack(&self, out: &mut Vec<u8>) {
        out.push(self.vertices().count() as u8);
        out.extend(self.vertices().map(|v| v as u8));
        put(out, self.snapshots.into());
        put(out, self.outdated.into());
        put(out, self.astray.into());
    }

    fn unpack(from: &mut &[u8]) -> Option<Ledger> {
        let mut ledger = Ledger::default();
        let count = usize::from(byte(from)?);
        for place in ledger.order.get_mut(..count)? {
            let vertex = byte(from)?;
            *place = (usize::from(vertex) < VERTICES_MAX).then_some(vertex + 1)?;
        }
        ledger.snapshots = take(from)?.try_into().ok()?;
        ledger.outdated = take(from)?.try_into().ok()?;
        ledger.astray = take(from)?.try_into().ok()?;
        Some(ledger)
    }
}

impl Journal {
    /// What the attempt of a sink has staged that `kept` speaks of.
    pub fn staged(&self, sink: usize) -> Rows {
        self.staged.get(sink)
    }

    pub(crate) fn stage(&mut self, sink: usize, rows: Rows) {
        self.staged.set(sink, rows);
    }

    pub(super) fn pack(&self, out: &mut Vec<u8>) {
        self.kept.pack(out);
        out.push(u8::from(self.begun) | u8::from(self.written != self.kept) << 1);
        if self.written != self.kept {
            self.written.pack(out);
        }
        (0..STAGING_MAX).for_each(|sink| put_wide(out, self.staged(sink).bits()));
    }

    pub(super) fn unpack(from: &mut &[u8]) -> Option<Journal> {
        let kept = Ledger::unpack(from)?;
        let bits = byte(from).filter(|bits| *bits < 4)?;
        let written = if bits & 2 != 0 { Ledger::unpack(from)? } else { kept };
        let mut journal = Journal { kept, written, begun: bits & 1 != 0, ..Journal::default() };
        for sink in 0..STAGING_MAX {
            journal.stage(sink, Rows::of_bits(take(from)?));
        }
        Some(journal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ledger(events: &[(usize, bool)]) -> Ledger {
        let mut ledger = Ledger::default();
        events.iter().for_each(|&(v, snapshot)| ledger.put(v, snapshot, 0));
        ledger
    }

    #[test]
    fn what_follows_the_last_snapshot_is_dropped() {
        assert_eq!(Ledger::default().recoverable(), 0);
        assert_eq!(ledger(&[(4, false)]).recoverable(), 0);
        assert_eq!(ledger(&[(4, true), (1, false), (0, true), (3, false)]).recoverable(), 0b1_0011);
    }

    #[test]
    fn who_finishes_again_keeps_its_place() {
        let mut ledger = ledger(&[(2, true), (0, true), (1, false)]);
        ledger.put(0, false, 0);
        assert_eq!(ledger.vertices().collect::<Vec<_>>(), [2, 0, 1]);
        assert_eq!(ledger.recoverable(), 0b100);
        ledger.remove(0b1, 0);
        ledger.put(0, true, 0);
        assert_eq!(ledger.vertices().collect::<Vec<_>>(), [2, 1, 0]);
    }

    #[test]
    fn who_has_read_what_was_replaced_is_astray() {
        let mut ledger = ledger(&[(0, true), (1, true), (2, true)]);
        ledger.put(0, true, 0b110);
        assert_eq!(ledger.astray, 0, "the same attempt");
        ledger.outdated = 0b011;
        ledger.put(0, true, 0b1110);
        assert_eq!((ledger.outdated, ledger.astray), (0b010, 0b110));
        ledger.put(1, true, 0);
        assert_eq!((ledger.outdated, ledger.astray), (0, 0b100));
        ledger.remove(0b101, 0b110);
        assert_eq!((ledger.mask(), ledger.astray), (0b010, 0b010));
    }

    /// Digests of traces are made of these bytes.
    #[test]
    fn what_was_packed_is_unpacked_and_nothing_else() {
        let mut journal = Journal { kept: ledger(&[(3, true), (0, false)]), ..Journal::default() };
        journal.written = journal.kept;
        let mut bytes = Vec::new();
        journal.pack(&mut bytes);
        assert_eq!(bytes, [2, 3, 0, 8, 0, 0, 0, 0, 0, 0, 0]);
        journal.written.put(1, false, 0);
        journal.begun = true;
        journal.stage(1, [5].into_iter().collect());
        bytes.clear();
        journal.pack(&mut bytes);
        assert_eq!(Journal::unpack(&mut &bytes[..]), Some(journal));
        assert_eq!(Journal::unpack(&mut &bytes[..bytes.len() - 1]), None);
        bytes[1] = VERTICES_MAX as u8;
        assert_eq!(Journal::unpack(&mut &bytes[..]), None, "there is no such vertex");
    }
}
