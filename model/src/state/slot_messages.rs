//! Who believes what of the slots of a TaskManager, where they are asked for and offered by messages.

use super::packing::byte;

/// Most slots of the TaskManager.
pub const SLOTS_MAX: usize = 4;

/// What the resource manager, the TaskManager and the master each believe, and what is under way between them. Slots
/// are bits; there is one TaskManager.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct SlotMessages {
    /// Whether the resource manager has registered the TaskManager.
    pub registered: bool,
    /// Whether an older request of the TaskManager to be registered is under way, of which it expects nothing any more.
    pub older_registration: bool,
    /// The resource manager: slots that it knows.
    pub known: u8,
    /// The resource manager: those of them that it believes free.
    pub believed_free: u8,
    /// The resource manager, under a defect: the slot plus 1 on which an allocation was asked for without an answer, so
    /// that it is asked for again; or 0.
    pub unanswered: u8,
    /// The TaskManager: slots that it has allocated to the job.
    pub allocated: u8,
    /// The TaskManager: those of them that the master is known to have accepted.
    pub active: u8,
    /// The TaskManager: those of them that no answer has made active in the time for that.
    pub overdue: u8,
    /// The TaskManager, under a defect: those of them whose allocation names another slot.
    pub orphaned: u8,
    /// The master: slots in its pool.
    pub pooled: u8,
    /// Slots in its pool that the TaskManager has freed as they were overdue. Kept for `pooled-slots-are-allocated`.
    pub timed_out: u8,
    /// The master: for each slot in its pool the vertex that has it, plus 1; or 0.
    pub owners: [u8; SLOTS_MAX],
    /// The answer of the master to the latest offer.
    pub answer: OfferAnswer,
    /// Its answer to an offer of which the TaskManager expects nothing any more.
    pub late_answer: OfferAnswer,
    /// Under a defect: whether a report of the master on its slots is under way, that was made before.
    pub reporting: bool,
    /// What that says is in the pool.
    pub reported: u8,
}

/// An answer under way; none, if nothing was offered.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct OfferAnswer {
    /// What was offered.
    pub offered: u8,
    /// What of it was accepted.
    pub accepted: u8,
}

impl OfferAnswer {
    /// Whether there is one.
    pub fn is_under_way(self) -> bool {
        self.offered != 0
    }
}

impl SlotMessages {
    /// The slot in the pool that a vertex has.
    pub fn slot_of(&self, vertex: usize) -> Option<usize> {
        self.owners.iter().position(|&owner| usize::from(owner) == vertex + 1)
    }

    pub(super) fn pack(&self, out: &mut Vec<u8>) {
        let flags = [self.registered, self.older_registration, self.reporting];
        out.push(flags.into_iter().rev().fold(0, |bits, flag| bits << 1 | u8::from(flag)));
        out.extend([self.known, self.believed_free, self.unanswered]);
        out.extend([self.allocated, self.active, self.orphaned, self.pooled]);
        out.extend(self.owners);
        for answer in [self.answer, self.late_answer] {
            out.extend([answer.offered, answer.accepted]);
        }
        out.extend([self.reported, self.overdue, self.timed_out]);
    }

    pub(super) fn unpack(from: &mut &[u8]) -> Option<SlotMessages> {
        let flags = byte(from)?;
        let mut next = || byte(from);
        let messages = SlotMessages {
            registered: flags & 1 != 0,
            older_registration: flags & 2 != 0,
            reporting: flags & 4 != 0,
            known: next()?,
            believed_free: next()?,
            unanswered: next()?,
            allocated: next()?,
            active: next()?,
            orphaned: next()?,
            pooled: next()?,
            owners: [next()?, next()?, next()?, next()?],
            answer: OfferAnswer { offered: next()?, accepted: next()? },
            late_answer: OfferAnswer { offered: next()?, accepted: next()? },
            reported: next()?,
            overdue: next()?,
            timed_out: next()?,
        };
        (flags < 1 << 3).then_some(messages)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Digests of traces are made of these bytes.
    #[test]
    fn what_was_packed_is_unpacked_and_nothing_else() {
        let some = SlotMessages {
            older_registration: true,
            known: 3,
            owners: [0, 7, 0, 0],
            late_answer: OfferAnswer { offered: 2, accepted: 0 },
            reporting: true,
            reported: 1,
            overdue: 4,
            ..SlotMessages::default()
        };
        let mut bytes = Vec::new();
        some.pack(&mut bytes);
        assert_eq!(bytes, [6, 3, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 2, 0, 1, 4, 0]);
        assert_eq!(SlotMessages::unpack(&mut &bytes[..]), Some(some));
        assert_eq!(SlotMessages::unpack(&mut &bytes[..18]), None);
        bytes[0] = 8;
        assert_eq!(SlotMessages::unpack(&mut &bytes[..]), None, "there is no such flag");
        assert_eq!((some.slot_of(6), some.slot_of(0)), (Some(1), None));
    }
}
