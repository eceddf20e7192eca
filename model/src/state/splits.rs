//! Splits between the coordinators of sources and their subtasks, where a scenario has them under way.

use super::VERTICES_MAX;
use super::packing::{byte, put, put_bytes, take, take_bytes};

/// Where splits are that no subtask has read. Which ones a coordinator has assigned to a subtask is written in
/// [`Task::read`].
///
/// [`Task::read`]: super::Task::read
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Splits {
    /// Splits that are with their coordinators: a bit a source row. Two copies of one, which only a defect makes, are
    /// one here.
    pub pool: u16,
    /// Of each vertex, the code of the event that is under way to its attempt.
    pub(super) events: [u8; VERTICES_MAX],
    /// Attempts that were told that there is no split left for them.
    pub exhausted: u16,
    /// Whether the restart in preparation answers a failure of the whole job, after which coordinators begin anew.
    pub global: bool,
}

/// An event of a coordinator on its way to an attempt.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SplitEvent {
    /// A split that was assigned, as a number among those of its source.
    Add(u8),
    /// There is no split left.
    NoMore,
    /// It will not arrive, and the master is going to hear that.
    Lost,
    /// It did not arrive, and the master, under a defect, has taken no notice: the attempt waits for it for ever.
    Missed,
}

const NO_MORE: u8 = u8::MAX;
const LOST: u8 = u8::MAX - 1;
const MISSED: u8 = u8::MAX - 2;

impl Splits {
    /// What is under way to the attempt of a vertex: at most one event, for it asks again when it has got that.
    pub fn event(&self, vertex: usize) -> Option<SplitEvent> {
        match self.events[vertex] {
            0 => None,
            NO_MORE => Some(SplitEvent::NoMore),
            LOST => Some(SplitEvent::Lost),
            MISSED => Some(SplitEvent::Missed),
            split => Some(SplitEvent::Add(split - 1)),
        }
    }

    pub(crate) fn put_event(&mut self, vertex: usize, event: Option<SplitEvent>) {
        self.events[vertex] = match event {
            None => 0,
            Some(SplitEvent::Add(split)) => split + 1,
            Some(SplitEvent::NoMore) => NO_MORE,
            Some(SplitEvent::Lost) => LOST,
            Some(SplitEvent::Missed) => MISSED,
        };
    }

    pub(super) fn pack(&self, out: &mut Vec<u8>) {
        put(out, self.pool.into());
        put(out, self.exhausted.into());
        out.push(self.global.into());
        put_bytes(out, &self.events);
    }

    pub(super) fn unpack(from: &mut &[u8]) -> Option<Splits> {
        let (pool, exhausted) = (take(from)?.try_into().ok()?, take(from)?.try_into().ok()?);
        let global = match byte(from)? {
            0 => false,
            1 => true,
            _ => return None,
        };
        let mut splits = Splits { pool, exhausted, global, ..Splits::default() };
        take_bytes(from, &mut splits.events)?;
        Some(splits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some() -> Splits {
        let mut splits = Splits { pool: 0b1000_0000, exhausted: 2, ..Splits::default() };
        splits.put_event(0, Some(SplitEvent::Add(0)));
        splits.put_event(1, Some(SplitEvent::NoMore));
        splits.put_event(3, Some(SplitEvent::Lost));
        splits.put_event(4, Some(SplitEvent::Missed));
        splits
    }

    #[test]
    fn an_event_is_what_was_put() {
        let mut splits = some();
        splits.put_event(1, None);
        let events = [0, 1, 2, 3, 4].map(|v| splits.event(v));
        let [add, lost, missed] =
            [SplitEvent::Add(0), SplitEvent::Lost, SplitEvent::Missed].map(Some);
        assert_eq!(events, [add, None, None, lost, missed]);
    }

    /// Digests of traces are made of these bytes.
    #[test]
    fn what_was_packed_is_unpacked_and_nothing_else() {
        let mut bytes = Vec::new();
        some().pack(&mut bytes);
        assert_eq!(bytes, [0x80, 1, 2, 0, 5, 1, 255, 0, 254, 253]);
        assert_eq!(Splits::unpack(&mut &bytes[..]), Some(some()));
        assert_eq!(Splits::unpack(&mut &bytes[..bytes.len() - 1]), None);
        bytes[3] = 2;
        assert_eq!(Splits::unpack(&mut &bytes[..]), None, "it is global or not");
        bytes[3] = 0;
        bytes[4] = VERTICES_MAX as u8 + 1;
        assert_eq!(Splits::unpack(&mut &bytes[..]), None, "there are not so many vertices");
    }
}
