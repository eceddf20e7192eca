//! Numbers of a few bytes each, one behind the other, written without asking how long they are.
//!
//! What is asked for each number of each state is guessed wrong as often as not, which costs more than to write a whole
//! word and to overwrite what is not needed.

/// The most bytes that are written between two times of [`ByteWriter::flush`].
pub(super) const MOST: usize = 1 << 10;

/// Writes numbers at the end of some bytes, the lowest byte first.
pub(super) struct ByteWriter<'a> {
    out: &'a mut Vec<u8>,
    /// A whole word is written, of which the last number may need no byte.
    buffer: [u8; MOST + size_of::<u64>()],
    /// Where the next number begins.
    at: usize,
}

impl<'a> ByteWriter<'a> {
    pub(super) fn new(out: &'a mut Vec<u8>) -> Self {
        ByteWriter { out, buffer: [0; MOST + size_of::<u64>()], at: 0 }
    }

    /// Writes the lowest `bytes` bytes of a number that has no others.
    #[inline]
    pub(super) fn put(&mut self, value: u64, bytes: usize) {
        debug_assert!(self.at + bytes <= MOST);
        // The mask changes nothing: with it, the compiler sees that the place is there.
        let at = self.at & (MOST - 1);
        self.buffer[at..at + size_of::<u64>()].copy_from_slice(&value.to_le_bytes());
        self.at += bytes;
    }

    /// Hands over what was written.
    pub(super) fn flush(&mut self) {
        self.out.extend_from_slice(&self.buffer[..self.at]);
        self.at = 0;
    }
}

/// Reads what a [`ByteWriter`] has written; none where there is nothing more.
pub(super) struct ByteReader<'a>(&'a [u8]);

impl<'a> ByteReader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        ByteReader(bytes)
    }

    /// A number of so many bytes; no number has more than eight.
    #[inline]
    pub(super) fn take(&mut self, bytes: usize) -> Option<u64> {
        if bytes > 8 {
            return None;
        }
        let word = match self.0.first_chunk() {
            Some(word) => u64::from_le_bytes(*word),
            None => self.0.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte)),
        };
        self.0 = self.0.get(bytes..)?;
        Some(word & low_bytes(bytes))
    }

    /// What was not read.
    pub(super) fn rest(self) -> &'a [u8] {
        self.0
    }
}

/// The lowest so many bytes, at most eight.
fn low_bytes(bytes: usize) -> u64 {
    u64::MAX.checked_shr(64 - 8 * bytes as u32).unwrap_or(0)
}

/// How many bytes a number has.
#[inline]
pub(super) fn length(value: u64) -> usize {
    (u64::BITS - value.leading_zeros()).div_ceil(8) as usize
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn numbers_come_back_and_cut_off_ones_do_not(
            numbers in proptest::collection::vec((any::<u64>(), 0..=8usize), 0..40),
            before in proptest::collection::vec(any::<u8>(), 0..9),
        ) {
            let short = |(value, bytes): (u64, usize)| value & low_bytes(bytes);
            let mut bytes = before.clone();
            let mut writer = ByteWriter::new(&mut bytes);
            numbers.iter().for_each(|&number| writer.put(short(number), number.1));
            writer.flush();
            let used: usize = numbers.iter().map(|(_, bytes)| bytes).sum();
            prop_assert_eq!(bytes.len(), before.len() + used);
            let written = &bytes[before.len()..];
            let mut reader = ByteReader::new(written);
            for &number in &numbers {
                prop_assert!(length(short(number)) <= number.1);
                prop_assert_eq!(reader.take(number.1), Some(short(number)));
            }
            prop_assert_eq!(reader.rest(), &[0; 0]);
            let mut cut_off = ByteReader::new(&written[..used.saturating_sub(1)]);
            let all = numbers.iter().all(|(_, bytes)| cut_off.take(*bytes).is_some());
            prop_assert!(!all || used == 0);
        }
    }

    #[test]
    fn a_number_has_as_many_bytes_as_it_takes() {
        let lengths = [0, 1, 255, 256, 1 << 55, 1 << 56, u64::MAX].map(length);
        assert_eq!(lengths, [0, 1, 1, 2, 7, 8, 8]);
    }
}
