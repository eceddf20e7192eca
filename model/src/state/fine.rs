//! What only some scenarios have.
//!
//! In every other scenario the block is as at the beginning of a run, and then no byte of [`State::encode`] is about
//! it: digests of traces that were written before there was such a block, or such a part of it, stay what they are.
//!
//! [`State::encode`]: super::State::encode

use crate::scenario::FaultKind;

use super::packing::{put, put_bytes, take, take_bytes};
use super::{
    Election, FAULTS_OF, Journal, Links, Masters, PartitionRequests, Partitions, Releases,
    SlotMessages, Slots, Splits,
};

/// A block of parts, each of which has a bit and says nothing while it is as at the beginning.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Fine {
    /// Faults that may still happen, of the kinds that [`State::faults_of`] has no place for.
    ///
    /// [`State::faults_of`]: super::State::faults_of
    pub faults_of: [u8; FaultKind::ALL.len() - FAULTS_OF],
    /// Vertices whose restart waits for the back-off of exponential delay (section 3.6). All of them wait for one end.
    pub backing_off: u16,
    /// Under a defect: nobody hears that the last task of a cancelled job has ended.
    pub end_unheard: bool,
    /// Under a defect: failures that are still to be archived.
    pub archive: Archive,
    /// Under a defect: the master is dead, and nothing happens any more.
    pub master_dead: bool,
    /// Who has which slot, with fine slots.
    pub slots: Slots,
    /// Splits between coordinators and subtasks, with fine splits.
    pub splits: Splits,
    /// What consumers have asked the master, with fine partition requests.
    pub requests: PartitionRequests,
    /// Partitions before their producers are deployed and after the job has ended, with fine partitions.
    pub partitions: Partitions,
    /// In an adaptive job, vertices that the graph does not have: those of job vertices that are not initialised, and
    /// what their parallelism was decided to do without (section 1.5).
    pub absent: u16,
    /// In an adaptive job, vertices that have finished, and what follows from it is still to come (section 3.7).
    pub to_follow_up: u16,
    /// What the master and its TaskManagers may think of each other, where links can break or TaskManagers restart
    /// unnoticed.
    pub links: Links,
    /// Who believes what of which slot, where slots are asked for and offered by messages.
    pub slot_messages: SlotMessages,
    /// How far the present master has come, where masters can be lost.
    pub masters: Masters,
    /// What the next master will know, where there is a journal.
    pub journal: Journal,
    /// What is being released and still there, with fine releases.
    pub releases: Releases,
    /// What a former master may still do, where a leader can pause.
    pub election: Election,
}

/// Vertices that have failed, by what has become of the restart that answers it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Archive {
    /// It is in preparation.
    pub pending: u16,
    /// Newer failovers have taken all its vertices over; its continuation is still to come.
    pub overtaken: u16,
}

/// The bits of the parts. Digests are made of them: a part keeps its bit for ever, and a new part takes the next one.
mod part {
    pub(super) const FAULTS_OF: u64 = 1;
    pub(super) const BACKING_OFF: u64 = 1 << 1;
    /// It has nothing but its bit.
    pub(super) const END_UNHEARD: u64 = 1 << 2;
    pub(super) const ARCHIVE: u64 = 1 << 3;
    /// It has nothing but its bit.
    pub(super) const MASTER_DEAD: u64 = 1 << 4;
    pub(super) const SLOTS: u64 = 1 << 5;
    pub(super) const LINKS: u64 = 1 << 6;
    pub(super) const SLOT_MESSAGES: u64 = 1 << 7;
    pub(super) const SPLITS: u64 = 1 << 10;
    pub(super) const REQUESTS: u64 = 1 << 11;
    pub(super) const PARTITIONS: u64 = 1 << 12;
    pub(super) const RELEASES: u64 = 1 << 13;
    pub(super) const ABSENT: u64 = 1 << 14;
    pub(super) const TO_FOLLOW_UP: u64 = 1 << 15;
    pub(super) const MASTERS: u64 = 1 << 16;
    pub(super) const JOURNAL: u64 = 1 << 17;
    pub(super) const ELECTION: u64 = 1 << 20;
    /// All of them.
    pub(super) const ALL: u64 = FAULTS_OF
        | BACKING_OFF
        | END_UNHEARD
        | ARCHIVE
        | MASTER_DEAD
        | SLOTS
        | SPLITS
        | REQUESTS
        | PARTITIONS
        | ABSENT
        | TO_FOLLOW_UP
        | LINKS
        | SLOT_MESSAGES
        | MASTERS
        | JOURNAL
        | RELEASES
        | ELECTION;
}

impl Fine {
    /// Writes which parts are not as at the beginning, then these.
    pub(super) fn pack(&self, out: &mut Vec<u8>) {
        let present = [
            (part::FAULTS_OF, self.faults_of != Fine::default().faults_of),
            (part::BACKING_OFF, self.backing_off != 0),
            (part::END_UNHEARD, self.end_unheard),
            (part::ARCHIVE, self.archive != Archive::default()),
            (part::MASTER_DEAD, self.master_dead),
            (part::SLOTS, self.slots != Slots::default()),
            (part::SPLITS, self.splits != Splits::default()),
            (part::REQUESTS, self.requests != PartitionRequests::default()),
            (part::PARTITIONS, self.partitions != Partitions::default()),
            (part::ABSENT, self.absent != 0),
            (part::TO_FOLLOW_UP, self.to_follow_up != 0),
            (part::LINKS, self.links != Links::default()),
            (part::SLOT_MESSAGES, self.slot_messages != SlotMessages::default()),
            (part::MASTERS, self.masters != Masters::default()),
            (part::JOURNAL, self.journal != Journal::default()),
            (part::RELEASES, self.releases != Releases::default()),
            (part::ELECTION, self.election != Election::default()),
        ];
        let parts = present.into_iter().filter(|(_, is)| *is).fold(0, |all, (part, _)| all | part);
        put(out, parts);
        let has = |part| parts & part != 0;
        if has(part::FAULTS_OF) {
            // Up to the last kind that is left: kinds that are added later change nothing.
            put_bytes(out, &self.faults_of);
        }
        if has(part::BACKING_OFF) {
            put(out, self.backing_off.into());
        }
        if has(part::ARCHIVE) {
            put(out, self.archive.pending.into());
            put(out, self.archive.overtaken.into());
        }
        if has(part::SLOTS) {
            self.slots.pack(out);
        }
        if has(part::SPLITS) {
            self.splits.pack(out);
        }
        if has(part::REQUESTS) {
            self.requests.pack(out);
        }
        if has(part::PARTITIONS) {
            self.partitions.pack(out);
        }
        if has(part::ABSENT) {
            put(out, self.absent.into());
        }
        if has(part::TO_FOLLOW_UP) {
            put(out, self.to_follow_up.into());
        }
        if has(part::LINKS) {
            self.links.pack(out);
        }
        if has(part::SLOT_MESSAGES) {
            self.slot_messages.pack(out);
        }
        if has(part::MASTERS) {
            self.masters.pack(out);
        }
        if has(part::JOURNAL) {
            self.journal.pack(out);
        }
        if has(part::RELEASES) {
            self.releases.pack(out);
        }
        if has(part::ELECTION) {
            self.election.pack(out);
        }
    }

    /// What [`Fine::pack`] has written.
    pub(super) fn unpack(from: &mut &[u8]) -> Option<Fine> {
        let parts = take(from)?;
        let has = |part| parts & u128::from(part) != 0;
        let mut fine = Fine {
            end_unheard: has(part::END_UNHEARD),
            master_dead: has(part::MASTER_DEAD),
            ..Fine::default()
        };
        if has(part::FAULTS_OF) {
            take_bytes(from, &mut fine.faults_of)?;
        }
        if has(part::BACKING_OFF) {
            fine.backing_off = take(from)?.try_into().ok()?;
        }
        if has(part::ARCHIVE) {
            fine.archive.pending = take(from)?.try_into().ok()?;
            fine.archive.overtaken = take(from)?.try_into().ok()?;
        }
        if has(part::SLOTS) {
            fine.slots = Slots::unpack(from)?;
        }
        if has(part::SPLITS) {
            fine.splits = Splits::unpack(from)?;
        }
        if has(part::REQUESTS) {
            fine.requests = PartitionRequests::unpack(from)?;
        }
        if has(part::PARTITIONS) {
            fine.partitions = Partitions::unpack(from)?;
        }
        if has(part::ABSENT) {
            fine.absent = take(from)?.try_into().ok()?;
        }
        if has(part::TO_FOLLOW_UP) {
            fine.to_follow_up = take(from)?.try_into().ok()?;
        }
        if has(part::LINKS) {
            fine.links = Links::unpack(from)?;
        }
        if has(part::SLOT_MESSAGES) {
            fine.slot_messages = SlotMessages::unpack(from)?;
        }
        if has(part::MASTERS) {
            fine.masters = Masters::unpack(from)?;
        }
        if has(part::JOURNAL) {
            fine.journal = Journal::unpack(from)?;
        }
        if has(part::RELEASES) {
            fine.releases = Releases::unpack(from)?;
        }
        if has(part::ELECTION) {
            fine.election = Election::unpack(from)?;
        }
        (parts & !u128::from(part::ALL) == 0).then_some(fine)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::State;

    fn cancels(left: u8) -> Fine {
        let mut fine = Fine::default();
        fine.faults_of[FaultKind::JobCanceled as usize - FAULTS_OF] = left;
        fine
    }

    fn packed(fine: &Fine) -> Vec<u8> {
        let mut bytes = Vec::new();
        fine.pack(&mut bytes);
        bytes
    }

    fn encoded(state: &State<4>) -> Vec<u8> {
        let mut bytes = Vec::new();
        state.encode(&mut bytes);
        bytes
    }

    /// Digests of traces are made of these bytes.
    #[test]
    fn a_part_is_its_bit_and_what_is_in_it() {
        let cancels = cancels(2);
        assert_eq!(packed(&cancels), [1, 1, 2]);
        let (plain, state) = (State::default(), State { fine: cancels, ..State::default() });
        assert_eq!(encoded(&state), [encoded(&plain), vec![1, 1, 2]].concat());
    }

    #[test]
    fn a_block_that_says_nothing_is_a_byte_of_what_waits_and_none_of_a_digest() {
        assert_eq!(packed(&Fine::default()), [0]);
        let vertex = 16 + 16 + 8 + 16 + 9 + 4;
        assert_eq!(
            encoded(&State::default()).len(),
            4 * vertex + 4 + 4 + 8 + 2 + 8 + 8 + 2 + 4 + 3 + 6
        );
    }

    #[test]
    fn what_was_packed_is_unpacked_and_nothing_else() {
        let plain = Fine::default();
        let archive = Archive { pending: 1 << 15, overtaken: 3 };
        let blocks = [
            plain,
            cancels(1),
            Fine { master_dead: true, ..cancels(255) },
            Fine { backing_off: 1 << 15 | 1, ..plain },
            Fine { end_unheard: true, archive, ..plain },
            Fine { absent: 0b110, ..plain },
            Fine { absent: 1, to_follow_up: 1 << 15, ..plain },
            Fine { slots: Slots { acquired: 7, ..Slots::default() }, ..cancels(2) },
            Fine { splits: Splits { pool: 1, ..Splits::default() }, ..cancels(2) },
            Fine { requests: PartitionRequests { questions: [5; 16] }, ..plain },
            Fine { partitions: Partitions { late: 1, ..Partitions::default() }, ..plain },
            Fine { links: Links { down: 1, ..Links::default() }, ..plain },
            Fine { slot_messages: SlotMessages { pooled: 1, ..Default::default() }, ..plain },
            Fine { masters: Masters { published: 1, ..Masters::default() }, ..plain },
            Fine { releases: Releases { under_way: 1, ..Releases::default() }, ..plain },
            Fine { election: Election { steps: 1, ..Election::default() }, ..plain },
            Fine { journal: Journal { begun: true, ..Journal::default() }, ..plain },
        ];
        for fine in blocks {
            let bytes = packed(&fine);
            assert_eq!(Fine::unpack(&mut &bytes[..]), Some(fine));
            assert_eq!(Fine::unpack(&mut &bytes[..bytes.len() - 1]), None);
        }
        let mut unknown = Vec::new();
        put(&mut unknown, part::ALL + 1);
        assert_eq!(Fine::unpack(&mut &unknown[..]), None, "no part has this bit");
        let too_many = [&[1, u8::MAX][..], &[1; u8::MAX as usize]].concat();
        assert_eq!(Fine::unpack(&mut &too_many[..]), None, "there are not so many kinds");
    }
}
