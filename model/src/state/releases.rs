//! What is being released and still there, where a scenario has releases take time.

use crate::data::{Outcome, Rows};

use super::packing::{byte, put, put_wide, take};

/// Most subtasks whose partitions are released in steps of their own.
pub const FORMER_MAX: usize = 2;

/// Calls to release partitions that are under way.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Releases {
    /// Partitions of current attempts that the master has released, and whose data exists.
    pub under_way: u32,
    /// Of attempts that were replaced, what somebody can still read, by their vertices. Of a vertex there is at most
    /// one: the latest that has stored something.
    pub(super) former: [Former; FORMER_MAX],
}

/// What an attempt that was replaced has stored.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Former {
    /// Its vertex, plus 1; 0 if there is none.
    vertex: u8,
    /// Its TaskManager, if any of that is there.
    pub at: u8,
    /// Vertices whose attempts were told to read it, and have not done so yet.
    pub readers: u16,
    /// Its partitions.
    pub partitions: u32,
    /// [`Former::output`], in the alignment of the rest: rows, then placement.
    content: [u32; 6],
}

impl Former {
    pub(crate) fn of(vertex: usize, at: u8, output: Outcome) -> Former {
        let rows = (0..4).map(|k| (output.rows.bits() >> (32 * k)) as u32);
        let placement = (0..2).map(|k| (output.placement >> (32 * k)) as u32);
        let mut content = [0; 6];
        content.iter_mut().zip(rows.chain(placement)).for_each(|(to, from)| *to = from);
        Former { vertex: vertex as u8 + 1, at, content, ..Former::default() }
    }

    /// Its vertex, if there is one.
    fn vertex(&self) -> Option<usize> {
        usize::from(self.vertex).checked_sub(1)
    }

    /// What it has written.
    pub fn output(&self) -> Outcome {
        let wide =
            |digits: &[u32]| digits.iter().rev().fold(0u128, |all, &d| all << 32 | u128::from(d));
        let (rows, placement) = self.content.split_at(4);
        Outcome { rows: Rows::of_bits(wide(rows)), placement: wide(placement) as u64 }
    }

    fn pack(&self, out: &mut Vec<u8>) {
        put(out, self.vertex.into());
        if self.vertex != 0 {
            let output = self.output();
            out.push(self.at);
            put(out, self.readers.into());
            put(out, self.partitions.into());
            put_wide(out, output.rows.bits());
            put_wide(out, output.placement.into());
        }
    }

    fn unpack(from: &mut &[u8]) -> Option<Former> {
        let Some(vertex) = usize::from(u8::try_from(take(from)?).ok()?).checked_sub(1) else {
            return Some(Former::default());
        };
        let at = byte(from)?;
        let (readers, partitions) = (take(from)?.try_into().ok()?, take(from)?.try_into().ok()?);
        let rows = Rows::of_bits(take(from)?);
        let output = Outcome { rows, placement: take(from)?.try_into().ok()? };
        Some(Former { readers, partitions, ..Former::of(vertex, at, output) })
    }
}

impl Releases {
    /// What an attempt of a vertex has stored that was replaced, if it matters.
    pub fn former(&self, vertex: usize) -> Option<&Former> {
        self.former.iter().find(|former| former.vertex() == Some(vertex))
    }

    /// The vertices of which there is one, ascending.
    pub fn replaced(&self) -> impl Iterator<Item = usize> + use<> {
        self.former.into_iter().filter_map(|former| former.vertex())
    }

    /// Takes up what was stored by an attempt of a vertex, in the place of what was by an older one.
    pub(crate) fn keep(&mut self, vertex: usize, former: Former) {
        self.change(|old| if old.vertex() == Some(vertex) { Former::default() } else { old });
        if let Some(free) = self.former.iter_mut().find(|former| former.vertex().is_none()) {
            *free = former;
        }
        self.change(|former| former);
    }

    pub(crate) fn forget(&mut self, vertex: usize) {
        self.change(|old| if old.vertex() == Some(vertex) { Former::default() } else { old });
    }

    /// Changes all, and keeps them in order, those that are left first.
    pub(crate) fn change(&mut self, change: impl Fn(Former) -> Former) {
        self.former = self.former.map(|former| match former.vertex() {
            Some(_) => change(former),
            None => former,
        });
        self.former.sort_unstable_by_key(|former| former.vertex.wrapping_sub(1));
    }

    pub(super) fn pack(&self, out: &mut Vec<u8>) {
        put(out, self.under_way.into());
        self.former.iter().for_each(|former| former.pack(out));
    }

    pub(super) fn unpack(from: &mut &[u8]) -> Option<Releases> {
        let mut releases =
            Releases { under_way: take(from)?.try_into().ok()?, ..Releases::default() };
        for former in &mut releases.former {
            *former = Former::unpack(from)?;
        }
        Some(releases)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn former(vertex: usize) -> Former {
        let output = Outcome { rows: [1, 2].into_iter().collect(), placement: 1 << 40 | 3 };
        Former { readers: 4, partitions: 1, ..Former::of(vertex, 1, output) }
    }

    #[test]
    fn a_vertex_has_one_former_attempt_and_they_are_in_order() {
        let mut releases = Releases::default();
        releases.keep(3, former(3));
        releases.keep(0, former(0));
        releases.keep(3, Former { readers: 8, ..former(3) });
        assert_eq!(releases.replaced().collect::<Vec<_>>(), [0, 3]);
        assert_eq!(releases.former(3).map(|former| former.readers), Some(8));
        releases.forget(0);
        assert_eq!(releases.replaced().collect::<Vec<_>>(), [3]);
        releases.forget(3);
        assert_eq!(releases, Releases::default());
    }

    /// Digests of traces are made of these bytes.
    #[test]
    fn what_was_packed_is_unpacked_and_nothing_else() {
        let mut some = Releases { under_way: 2, ..Releases::default() };
        some.keep(1, former(1));
        let mut bytes = Vec::new();
        some.pack(&mut bytes);
        assert_eq!(bytes[..5], [2, 2, 1, 4, 1]);
        assert_eq!(Releases::unpack(&mut &bytes[..]), Some(some));
        assert_eq!(Releases::unpack(&mut &bytes[..bytes.len() - 1]), None);
        let output = some.former(1).map(Former::output);
        assert_eq!(output, Some(former(1).output()));
        assert_eq!(output.map(|output| output.placement), Some(1 << 40 | 3));
    }
}
