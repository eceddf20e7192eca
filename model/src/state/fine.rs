//! What only some scenarios have.
//!
//! In every other scenario the block is as at the beginning of a run, and then no byte of [`State::encode`] is about
//! it: digests of traces that were written before there was such a block, or such a part of it, stay what they are.
//!
//! [`State::encode`]: super::State::encode

use crate::scenario::FaultKind;

use super::FAULTS_OF;
use super::packing::{byte, put, take};

/// A block of parts, each of which has a bit and says nothing while it is as at the beginning.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Fine {
    /// Faults that may still happen, of the kinds that [`State::faults_of`] has no place for.
    ///
    /// [`State::faults_of`]: super::State::faults_of
    pub faults_of: [u8; FaultKind::ALL.len() - FAULTS_OF],
}

/// The bits of the parts. Digests are made of them: a part keeps its bit for ever, and a new part takes the next one.
mod part {
    pub(super) const FAULTS_OF: u64 = 1;
    /// All of them.
    pub(super) const ALL: u64 = FAULTS_OF;
}

impl Fine {
    /// Writes which parts are not as at the beginning, then these.
    pub(super) fn pack(&self, out: &mut Vec<u8>) {
        let present = [(part::FAULTS_OF, self.faults_of != Fine::default().faults_of)];
        let parts = present.into_iter().filter(|(_, is)| *is).fold(0, |all, (part, _)| all | part);
        put(out, parts);
        let has = |part| parts & part != 0;
        if has(part::FAULTS_OF) {
            // Up to the last kind that is left: kinds that are added later change nothing.
            let kinds =
                self.faults_of.iter().rposition(|&left| left > 0).map_or(0, |last| last + 1);
            out.push(kinds as u8);
            out.extend(&self.faults_of[..kinds]);
        }
    }

    /// What [`Fine::pack`] has written.
    pub(super) fn unpack(from: &mut &[u8]) -> Option<Fine> {
        let parts = take(from)?;
        let has = |part| parts & u128::from(part) != 0;
        let mut fine = Fine::default();
        if has(part::FAULTS_OF) {
            let kinds = usize::from(byte(from)?);
            for left in fine.faults_of.get_mut(..kinds)? {
                *left = byte(from)?;
            }
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
        for fine in [Fine::default(), cancels(1), cancels(255)] {
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
