//! The first state or step at which each property was triggered and violated.

use super::judge::{Kind, Marks, PROPERTIES_MAX};

/// Where a mark was made: in a state, or in a step out of it.
#[derive(Clone, Debug)]
pub(super) struct Place<A> {
    pub(super) state: u32,
    pub(super) action: Option<A>,
    /// Actions of the shortest run that shows it.
    pub(super) steps: usize,
}

/// The first places of all marks, by number of steps and then by order of discovery.
pub(super) struct Ledger<A> {
    triggered: Firsts<A>,
    violated: Firsts<A>,
    safety: u64,
}

struct Firsts<A> {
    places: Vec<Option<Place<A>>>,
    /// Properties for which no shorter place can come.
    settled: u64,
}

impl<A: Clone> Ledger<A> {
    pub(super) fn new(kinds: &[Kind]) -> Self {
        let known = kinds.len().min(PROPERTIES_MAX);
        let bits = |wanted: &dyn Fn(Kind) -> bool| {
            (0..known).filter(|&i| wanted(kinds[i])).fold(0, |bits, i| bits | 1 << i)
        };
        Ledger {
            triggered: Firsts::new(known, bits(&|_| true)),
            violated: Firsts::new(known, bits(&|_| true)),
            safety: bits(&|kind| kind == Kind::Safety),
        }
    }

    /// Everything noted from here on takes at least as many steps as everything noted before.
    pub(super) fn begin_level(&mut self) {
        self.triggered.settle();
        self.violated.settle();
    }

    #[inline]
    pub(super) fn note(&mut self, marks: Marks, state: u32, action: Option<&A>, steps: usize) {
        self.triggered.note(marks.triggered, state, action, steps);
        self.violated.note(marks.violated & self.safety, state, action, steps);
    }

    pub(super) fn triggered(&self, property: usize) -> Option<&Place<A>> {
        self.triggered.places.get(property)?.as_ref()
    }

    pub(super) fn violated(&self, property: usize) -> Option<&Place<A>> {
        self.violated.places.get(property)?.as_ref()
    }
}

impl<A: Clone> Firsts<A> {
    fn new(properties: usize, watched: u64) -> Self {
        Firsts { places: vec![None; properties], settled: !watched }
    }

    fn settle(&mut self) {
        for (property, place) in self.places.iter().enumerate() {
            self.settled |= u64::from(place.is_some()) << property;
        }
    }

    #[inline]
    fn note(&mut self, bits: u64, state: u32, action: Option<&A>, steps: usize) {
        let mut open = bits & !self.settled;
        while open != 0 {
            let property = open.trailing_zeros() as usize;
            open &= open - 1;
            let place = &mut self.places[property];
            if place.as_ref().is_none_or(|place| steps < place.steps) {
                *place = Some(Place { state, action: action.cloned(), steps });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shorter_place_replaces_a_longer_one_of_the_same_level() {
        let mut ledger = Ledger::new(&[Kind::Safety]);
        let violated = Marks::NONE.with(0, false, true);
        ledger.note(violated, 7, Some(&'a'), 3);
        ledger.note(violated, 8, Some(&'b'), 3);
        assert_eq!(ledger.violated(0).map(|place| place.state), Some(7));
        ledger.note(violated, 5, None, 2);
        assert_eq!(ledger.violated(0).map(|place| (place.state, place.steps)), Some((5, 2)));
        ledger.begin_level();
        ledger.note(violated, 1, None, 0);
        assert_eq!(ledger.violated(0).map(|place| place.state), Some(5));
        assert!(ledger.triggered(0).is_none());
    }

    #[test]
    fn marks_of_unknown_and_of_reachability_properties_are_dropped() {
        let mut ledger = Ledger::new(&[Kind::Reachability]);
        ledger.note(Marks { triggered: !0, violated: !0 }, 0, Some(&()), 1);
        assert!(ledger.triggered(0).is_some());
        assert!(ledger.violated(0).is_none());
        assert!(ledger.triggered(1).is_none());
    }
}
