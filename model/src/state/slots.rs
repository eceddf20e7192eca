//! The slots of the TaskManagers, where a scenario counts them.

use super::packing::{byte, put, take};
use super::{TASK_MANAGERS_MAX, VERTICES_MAX};

/// Who has which slot, and who waits for one. A slot is with its TaskManager, or in the slot pool of the master; there
/// a vertex has it, or it is free.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Slots {
    /// Slots that each TaskManager has not offered to the master.
    pub unoffered: [u8; TASK_MANAGERS_MAX],
    /// Slots of each TaskManager in the pool that no vertex has.
    pub free: [u8; TASK_MANAGERS_MAX],
    /// The vertices that have a slot of each TaskManager.
    pub held: [u16; TASK_MANAGERS_MAX],
    /// Requests that are not met, the oldest first: the vertex plus 1; then 0.
    pub(super) queue: [u8; VERTICES_MAX],
    /// So many slots the pool believes to have.
    pub acquired: u8,
}

impl Slots {
    /// The TaskManager whose slot a vertex has.
    pub fn of(&self, vertex: usize) -> Option<usize> {
        self.held.iter().position(|held| held & 1 << vertex != 0)
    }

    /// The vertices that wait for a slot, the oldest request first.
    pub fn waiting(&self) -> impl Iterator<Item = usize> + '_ {
        self.queue.iter().take_while(|&&entry| entry != 0).map(|&entry| usize::from(entry) - 1)
    }

    /// Puts a request behind all others.
    pub(crate) fn request(&mut self, vertex: usize) {
        if let Some(end) = self.queue.iter_mut().find(|entry| **entry == 0) {
            *end = vertex as u8 + 1;
        }
    }

    /// Takes the requests of some vertices away.
    pub(crate) fn withdraw(&mut self, vertices: u16) {
        let mut rest = [0; VERTICES_MAX];
        let kept = self.waiting().filter(|v| vertices & 1 << v == 0);
        rest.iter_mut().zip(kept).for_each(|(entry, v)| *entry = v as u8 + 1);
        self.queue = rest;
    }

    pub(super) fn pack(&self, out: &mut Vec<u8>) {
        out.extend(self.unoffered);
        out.extend(self.free);
        self.held.iter().for_each(|&held| put(out, held.into()));
        out.push(self.waiting().count() as u8);
        out.extend(self.waiting().map(|v| v as u8));
        out.push(self.acquired);
    }

    pub(super) fn unpack(from: &mut &[u8]) -> Option<Slots> {
        let mut slots = Slots::default();
        for count in slots.unoffered.iter_mut().chain(&mut slots.free) {
            *count = byte(from)?;
        }
        for held in &mut slots.held {
            *held = take(from)?.try_into().ok()?;
        }
        let waiting = usize::from(byte(from)?);
        for entry in slots.queue.get_mut(..waiting)? {
            let vertex = byte(from)?;
            *entry = (usize::from(vertex) < VERTICES_MAX).then_some(vertex + 1)?;
        }
        slots.acquired = byte(from)?;
        Some(slots)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some() -> Slots {
        let mut slots = Slots { unoffered: [0, 1, 0, 0], acquired: 3, ..Slots::default() };
        slots.free[1] = 1;
        slots.held[0] = 0b1_0000_0010;
        [4, 0, 15].into_iter().for_each(|v| slots.request(v));
        slots
    }

    #[test]
    fn requests_stay_in_order() {
        let mut slots = some();
        slots.withdraw(0b1);
        slots.request(2);
        assert_eq!(slots.waiting().collect::<Vec<_>>(), [4, 15, 2]);
        assert_eq!((slots.of(8), slots.of(4)), (Some(0), None));
    }

    /// Digests of traces are made of these bytes.
    #[test]
    fn what_was_packed_is_unpacked_and_nothing_else() {
        let mut bytes = Vec::new();
        some().pack(&mut bytes);
        assert_eq!(bytes, [0, 1, 0, 0, 0, 1, 0, 0, 0x82, 2, 0, 0, 0, 3, 4, 0, 15, 3]);
        assert_eq!(Slots::unpack(&mut &bytes[..]), Some(some()));
        assert_eq!(Slots::unpack(&mut &bytes[..bytes.len() - 1]), None);
        bytes[16] = VERTICES_MAX as u8;
        assert_eq!(Slots::unpack(&mut &bytes[..]), None, "there is no such vertex");
    }
}
