//! A short sequence of rows in sixteen bytes.

use std::fmt;

/// Rows in the order in which they arrived, or sorted where that order makes no difference.
///
/// A row is the index of a [`super::Value`]. More rows than fit are [`Rows::OVERFLOW`], which no failure-free run
/// can produce: the data plane refuses a job whose failure-free contents do not fit.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Rows(u128);

const WIDTH: u32 = 5;
const MASK: u128 = (1 << WIDTH) - 1;

impl Rows {
    /// No rows.
    pub const EMPTY: Rows = Rows(0);
    /// More rows than fit.
    pub const OVERFLOW: Rows = Rows(MASK);
    /// Most rows that fit.
    pub const MAX: usize = 24;
    /// Number of different values that a row can be.
    pub const VALUES: usize = 1 << WIDTH;

    /// Number of rows; of [`Rows::OVERFLOW`] none can be read.
    pub fn len(self) -> usize {
        if self == Rows::OVERFLOW { 0 } else { (self.0 & MASK) as usize }
    }

    /// Whether there are no rows at all.
    pub fn is_empty(self) -> bool {
        self == Rows::EMPTY
    }

    /// The rows in order.
    pub fn iter(self) -> impl Iterator<Item = u8> {
        (0..self.len()).map(move |index| self.get(index))
    }

    /// The sixteen bytes themselves, for encodings.
    pub fn bits(self) -> u128 {
        self.0
    }

    /// The rows of the sixteen bytes that [`Rows::bits`] gave; of others, anything.
    pub fn of_bits(bits: u128) -> Rows {
        Rows(bits)
    }

    fn get(self, index: usize) -> u8 {
        ((self.0 >> (WIDTH * (index as u32 + 1))) & MASK) as u8
    }

    /// With one row more at the end; [`Rows::OVERFLOW`] where there would be more than `max`.
    #[must_use]
    pub fn push(self, value: u8, max: usize) -> Rows {
        let len = self.len();
        if self == Rows::OVERFLOW || len >= max.min(Rows::MAX) {
            return Rows::OVERFLOW;
        }
        debug_assert!(usize::from(value) < Rows::VALUES);
        let entry = u128::from(value) << (WIDTH * (len as u32 + 1));
        Rows((self.0 | entry) + 1)
    }

    /// With `more` at the end.
    #[must_use]
    pub fn extend(self, more: Rows, max: usize) -> Rows {
        if more == Rows::OVERFLOW {
            return Rows::OVERFLOW;
        }
        more.iter().fold(self, |rows, value| rows.push(value, max))
    }

    /// What the rows become when each value becomes `becomes[value]`.
    #[must_use]
    pub(crate) fn renamed(self, becomes: &[u8; Rows::VALUES]) -> Rows {
        if self == Rows::EMPTY || self == Rows::OVERFLOW {
            return self;
        }
        self.iter().map(|value| becomes[usize::from(value)]).collect()
    }

    /// The same rows in ascending order.
    #[must_use]
    pub fn sorted(self) -> Rows {
        if self == Rows::OVERFLOW || self.len() < 2 {
            return self;
        }
        let mut values = [0u8; Rows::MAX];
        let len = self.len();
        self.iter().enumerate().for_each(|(index, value)| values[index] = value);
        values[..len].sort_unstable();
        values[..len].iter().copied().collect()
    }

    /// Whether `self`, as a multiset, is contained in `other`. Both have to be sorted.
    pub fn is_part_of(self, other: Rows) -> bool {
        if self == Rows::OVERFLOW || other == Rows::OVERFLOW {
            return self.is_empty();
        }
        let mut candidates = other.iter();
        self.iter().all(|value| candidates.any(|candidate| candidate == value))
    }
}

impl FromIterator<u8> for Rows {
    fn from_iter<I: IntoIterator<Item = u8>>(values: I) -> Self {
        values.into_iter().fold(Rows::EMPTY, |rows, value| rows.push(value, Rows::MAX))
    }
}

impl fmt::Debug for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Rows::OVERFLOW {
            return f.write_str("overflow");
        }
        f.debug_list().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn values(max: usize) -> impl Strategy<Value = Vec<u8>> {
        proptest::collection::vec(0..Rows::VALUES as u8, 0..=max)
    }

    proptest! {
        #[test]
        fn a_sequence_comes_back_as_it_was_pushed(values in values(Rows::MAX)) {
            let rows: Rows = values.iter().copied().collect();
            prop_assert_eq!(rows.iter().collect::<Vec<_>>(), values);
        }

        #[test]
        fn equal_sequences_and_only_they_are_equal(a in values(4), b in values(4)) {
            let rows = |values: &[u8]| values.iter().copied().collect::<Rows>();
            prop_assert_eq!(a == b, rows(&a) == rows(&b));
        }

        #[test]
        fn sorting_keeps_the_multiset(values in values(Rows::MAX)) {
            let mut expected = values.clone();
            expected.sort_unstable();
            let sorted = values.into_iter().collect::<Rows>().sorted();
            prop_assert_eq!(sorted.iter().collect::<Vec<_>>(), expected);
        }

        #[test]
        fn a_part_is_what_can_be_completed(part in values(5), rest in values(5), other in values(6)) {
            let whole: Rows = part.iter().chain(&rest).copied().collect::<Rows>().sorted();
            let part: Rows = part.into_iter().collect::<Rows>().sorted();
            prop_assert!(part.is_part_of(whole));
            let other_rows: Rows = other.iter().copied().collect::<Rows>().sorted();
            let contained = (0..Rows::VALUES as u8).all(|value| {
                let count = |rows: Rows| rows.iter().filter(|&v| v == value).count();
                count(other_rows) <= count(whole)
            });
            prop_assert_eq!(other_rows.is_part_of(whole), contained);
        }
    }

    #[test]
    fn what_does_not_fit_overflows_and_stays_so() {
        let full: Rows = (0..Rows::MAX as u8).collect();
        assert_eq!(full.len(), Rows::MAX);
        let over = full.push(1, Rows::MAX);
        assert_eq!(over, Rows::OVERFLOW);
        assert_eq!(over.push(1, Rows::MAX), Rows::OVERFLOW);
        assert_eq!(Rows::EMPTY.extend(over, 3), Rows::OVERFLOW);
        assert_eq!(over.sorted(), Rows::OVERFLOW);
        assert!(!over.is_part_of(full) && !over.is_empty());
    }
}
