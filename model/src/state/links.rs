//! Where the master and a TaskManager that is alive may have different ideas of each other.

use super::packing::{byte, put, put_wide, take};
use super::{TASK_MANAGERS_MAX, VERTICES_MAX};
use crate::data::Rows;

/// Most zombies that can still make rows visible.
pub const ZOMBIES_MAX: usize = 2;

/// The connections between the master and its TaskManagers, and what runs on behind broken ones.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Links {
    /// TaskManagers that the master cannot reach, nor they the master.
    pub down: u8,
    /// TaskManagers that are alive and follow no master: they have given it up, or have only just begun. They register
    /// when they can.
    pub unregistered: u8,
    /// Those of them that are other processes than the ones that the master knows by their names.
    pub restarted: u8,
    /// Of each TaskManager, the vertices of which an attempt runs there that the master has given up. Of a vertex there
    /// is at most one: a newer one takes the place of an older one.
    pub zombies: [u16; TASK_MANAGERS_MAX],
    /// Those that can still make rows visible, by their vertices, in order.
    pub(super) showing: [Zombie; ZOMBIES_MAX],
}

/// An attempt of a sink that the master has given up, and that goes on.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Zombie {
    /// Its vertex, plus 1; 0 if there is none.
    vertex: u8,
    /// Whether its output is complete.
    pub produced: bool,
    /// Inputs that it has read.
    pub read: u16,
    /// Inputs whose descriptor names an attempt of the producer that is no longer the current one.
    pub outdated: u16,
    /// [`Zombie::rows`], in the alignment of the rest.
    rows: [u16; 8],
}

impl Zombie {
    /// One of a vertex that has read nothing.
    pub(crate) fn of(vertex: usize) -> Zombie {
        Zombie { vertex: vertex as u8 + 1, ..Zombie::default() }
    }

    /// Its vertex, if there is one.
    fn vertex(&self) -> Option<usize> {
        usize::from(self.vertex).checked_sub(1)
    }

    /// What it has read, or once its output is complete, that.
    pub fn rows(&self) -> Rows {
        let digits = self.rows.iter().rev();
        Rows::of_bits(digits.fold(0, |bits, &digit| bits << 16 | u128::from(digit)))
    }

    pub(crate) fn with_rows(mut self, rows: Rows) -> Zombie {
        let digits = self.rows.iter_mut().enumerate();
        digits.for_each(|(k, digit)| *digit = (rows.bits() >> (16 * k)) as u16);
        self
    }
}

impl Links {
    /// Whether the link to a TaskManager is down; nobody who runs nowhere is cut off.
    pub fn is_down(&self, task_manager: u8) -> bool {
        u32::from(task_manager) < u8::BITS && self.down & 1 << task_manager != 0
    }

    /// Whether a TaskManager that is alive follows no master.
    pub fn is_unregistered(&self, task_manager: usize) -> bool {
        self.unregistered & 1 << task_manager != 0
    }

    /// The TaskManager on which an attempt of a vertex runs that the master has given up.
    pub fn zombie_at(&self, vertex: usize) -> Option<usize> {
        self.zombies.iter().position(|zombies| zombies & 1 << vertex != 0)
    }

    /// What is known of a zombie that can still make rows visible.
    pub fn showing(&self, vertex: usize) -> Option<&Zombie> {
        self.showing.iter().find(|zombie| zombie.vertex() == Some(vertex))
    }

    pub(crate) fn showing_mut(&mut self, vertex: usize) -> Option<&mut Zombie> {
        self.showing.iter_mut().find(|zombie| zombie.vertex() == Some(vertex))
    }

    /// All that can still make rows visible, with their vertices.
    pub(crate) fn all_showing(&self) -> impl Iterator<Item = (usize, Zombie)> + use<> {
        self.showing.into_iter().filter_map(|zombie| Some((zombie.vertex()?, zombie)))
    }

    /// An attempt of a vertex goes on unseen.
    pub(crate) fn raise(&mut self, task_manager: usize, vertex: usize, showing: Option<Zombie>) {
        self.lay(1 << vertex);
        self.zombies[task_manager] |= 1 << vertex;
        let free = self.showing.iter_mut().find(|zombie| zombie.vertex().is_none());
        if let (Some(place), Some(zombie)) = (free, showing) {
            *place = zombie;
        }
        self.order();
    }

    /// Zombies of some vertices have ended.
    pub(crate) fn lay(&mut self, vertices: u16) {
        self.zombies.iter_mut().for_each(|zombies| *zombies &= !vertices);
        let ended = |zombie: &Zombie| zombie.vertex().is_some_and(|v| vertices & 1 << v != 0);
        let showing = self.showing.iter_mut().filter(|zombie| ended(zombie));
        showing.for_each(|zombie| *zombie = Zombie::default());
        self.order();
    }

    /// A zombie will show nothing any more.
    pub(crate) fn silence(&mut self, vertex: usize) {
        if let Some(zombie) = self.showing_mut(vertex) {
            *zombie = Zombie::default();
        }
        self.order();
    }

    /// A TaskManager is dead: nothing goes on there, and there is no link to it.
    pub(crate) fn forget(&mut self, task_manager: usize) {
        self.lay(self.zombies[task_manager]);
        let bits = [&mut self.down, &mut self.unregistered, &mut self.restarted];
        bits.into_iter().for_each(|bits| *bits &= !(1 << task_manager));
    }

    /// The empty places are the last.
    fn order(&mut self) {
        self.showing.sort_unstable_by_key(|zombie| zombie.vertex().unwrap_or(VERTICES_MAX));
    }

    pub(super) fn pack(&self, out: &mut Vec<u8>) {
        out.extend([self.down, self.unregistered, self.restarted]);
        self.zombies.iter().for_each(|&zombies| put(out, zombies.into()));
        out.push(self.all_showing().count() as u8);
        for (v, zombie) in self.all_showing() {
            out.extend([v as u8, u8::from(zombie.produced)]);
            put(out, zombie.read.into());
            put(out, zombie.outdated.into());
            put_wide(out, zombie.rows().bits());
        }
    }

    pub(super) fn unpack(from: &mut &[u8]) -> Option<Links> {
        let (down, unregistered, restarted) = (byte(from)?, byte(from)?, byte(from)?);
        let mut links = Links { down, unregistered, restarted, ..Links::default() };
        for zombies in &mut links.zombies {
            *zombies = take(from)?.try_into().ok()?;
        }
        let showing = usize::from(byte(from)?);
        for place in links.showing.get_mut(..showing)? {
            let vertex = byte(from)?;
            let mut zombie = (usize::from(vertex) < VERTICES_MAX)
                .then_some(Zombie { vertex: vertex + 1, ..Zombie::default() })?;
            zombie.produced = match byte(from)? {
                0 => false,
                1 => true,
                _ => return None,
            };
            zombie.read = take(from)?.try_into().ok()?;
            zombie.outdated = take(from)?.try_into().ok()?;
            *place = zombie.with_rows(Rows::of_bits(take(from)?));
        }
        Some(links)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some() -> Links {
        let mut links = Links { down: 1, unregistered: 2, restarted: 2, ..Links::default() };
        links.raise(0, 5, None);
        links.raise(0, 9, Some(Zombie { read: 1, ..Zombie::of(9) }));
        let rows = [3, 31].into_iter().collect();
        links.raise(1, 2, Some(Zombie { produced: true, ..Zombie::of(2) }.with_rows(rows)));
        links
    }

    #[test]
    fn there_is_one_zombie_a_vertex() {
        let mut links = some();
        assert_eq!((links.zombie_at(5), links.zombie_at(2)), (Some(0), Some(1)));
        assert_eq!(links.all_showing().map(|(v, _)| v).collect::<Vec<_>>(), [2, 9]);
        links.raise(1, 9, None);
        assert_eq!((links.zombie_at(9), links.showing(9)), (Some(1), None));
        links.lay(1 << 2 | 1 << 9);
        assert_eq!((links.zombies, links.showing), ([1 << 5, 0, 0, 0], [Zombie::default(); 2]));
    }

    #[test]
    fn rows_come_back_whole() {
        let rows: Rows = (0..24).collect();
        assert_eq!(Zombie::of(0).with_rows(rows).rows(), rows);
    }

    #[test]
    fn nowhere_is_not_cut_off() {
        let links = Links { down: u8::MAX, ..Links::default() };
        assert!(links.is_down(3) && !links.is_down(crate::state::NOWHERE));
    }

    /// Digests of traces are made of these bytes.
    #[test]
    fn what_was_packed_is_unpacked_and_nothing_else() {
        let mut bytes = Vec::new();
        some().pack(&mut bytes);
        let showing = [2, 2, 1, 0, 0, 0xe2, 0xf8, 0x01, 9, 0, 1, 0, 0];
        assert_eq!(bytes, [&[1, 2, 2, 0xa0, 4, 4, 0, 0][..], &showing].concat());
        assert_eq!(Links::unpack(&mut &bytes[..]), Some(some()));
        assert_eq!(Links::unpack(&mut &bytes[..bytes.len() - 1]), None);
        bytes[9] = VERTICES_MAX as u8;
        assert_eq!(Links::unpack(&mut &bytes[..]), None, "there is no such vertex");
    }
}
