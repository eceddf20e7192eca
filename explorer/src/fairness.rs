//! Classes of actions of which somebody guarantees that something happens.

use super::space::StateSpace;

/// A set of classes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Classes([u64; 4]);

impl Classes {
    pub(super) const NONE: Classes = Classes([0; 4]);
    pub(super) const ALL: Classes = Classes([u64::MAX; 4]);

    /// The classes of which a step is possible in a state.
    pub(super) fn possible_in<S>(space: &StateSpace<S>, state: u32) -> Classes {
        let classes = space.edges(state).filter_map(|edge| edge.class);
        classes.fold(Classes::NONE, Classes::with)
    }

    pub(super) fn with(mut self, class: u8) -> Classes {
        self.0[usize::from(class) / 64] |= 1 << (class % 64);
        self
    }

    pub(super) fn has(self, class: u8) -> bool {
        self.0[usize::from(class) / 64] >> (class % 64) & 1 == 1
    }

    pub(super) fn is_empty(self) -> bool {
        self == Classes::NONE
    }

    /// Those that are in `other` as well.
    #[must_use]
    pub(super) fn and(self, other: Classes) -> Classes {
        Classes(std::array::from_fn(|k| self.0[k] & other.0[k]))
    }

    /// Those that are not in `other`.
    #[must_use]
    pub(super) fn without(self, other: Classes) -> Classes {
        Classes(std::array::from_fn(|k| self.0[k] & !other.0[k]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_is_one_of_its_own() {
        for class in 0..=u8::MAX {
            let one = Classes::NONE.with(class);
            assert!((0..=u8::MAX).all(|other| one.has(other) == (other == class)));
            assert!(!Classes::ALL.without(one).has(class));
            assert_eq!(Classes::ALL.and(one), one);
            assert!(one.without(one).is_empty());
        }
    }
}
