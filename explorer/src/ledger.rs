//! The first state or step at which each property was triggered and violated.

use super::judge::{Kind, Marks, PROPERTIES_MAX};

/// Where a mark was made: in a state, or in a step out of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) state: u32,
    /// The position of the action among those that the model lists.
    pub(super) step: Option<u32>,
    /// Actions of the shortest run that shows it.
    pub(super) steps: u32,
}

/// The first places of all marks, by number of steps and then by order of discovery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ledger {
    pub(super) triggered: Vec<Option<Place>>,
    pub(super) violated: Vec<Option<Place>>,
    safety: u64,
    settled: Settled,
}

/// Marks for which no shorter place can come, or that nobody waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Settled(Marks);

impl Settled {
    pub(super) fn marks(&self) -> Marks {
        self.0
    }
}

impl Ledger {
    pub(super) fn new(kinds: &[Kind]) -> Self {
        let known = kinds.len().min(PROPERTIES_MAX);
        let bits = |wanted: &dyn Fn(Kind) -> bool| {
            (0..known).filter(|&i| wanted(kinds[i])).fold(0, |bits, i| bits | 1 << i)
        };
        let safety: u64 = bits(&|kind| kind == Kind::Safety);
        let settled = Settled(Marks { triggered: !bits(&|_| true), violated: !safety });
        Ledger { triggered: vec![None; known], violated: vec![None; known], safety, settled }
    }

    /// Everything noted from here on takes at least as many steps as everything noted before.
    pub(super) fn begin_level(&mut self) {
        let found = |places: &[Option<Place>]| {
            let found = places.iter().enumerate().filter(|(_, place)| place.is_some());
            found.fold(0, |bits, (property, _)| bits | 1 << property)
        };
        let found = Marks { triggered: found(&self.triggered), violated: found(&self.violated) };
        self.settled = Settled(self.settled.0 | found);
    }

    /// What need not be noted any more.
    pub(super) fn settled(&self) -> Settled {
        self.settled
    }

    pub(super) fn note(&mut self, marks: Marks, place: Place) {
        let open = marks.without(self.settled.0);
        put(&mut self.triggered, open.triggered, place);
        put(&mut self.violated, open.violated & self.safety, place);
    }

    pub(super) fn triggered(&self, property: usize) -> Option<Place> {
        *self.triggered.get(property)?
    }

    pub(super) fn violated(&self, property: usize) -> Option<Place> {
        *self.violated.get(property)?
    }
}

fn put(places: &mut [Option<Place>], mut bits: u64, place: Place) {
    while bits != 0 {
        let known = &mut places[bits.trailing_zeros() as usize];
        bits &= bits - 1;
        if known.is_none_or(|known| place.steps < known.steps) {
            *known = Some(place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(state: u32, step: Option<u32>, steps: u32) -> Place {
        Place { state, step, steps }
    }

    #[test]
    fn a_shorter_place_replaces_a_longer_one_of_the_same_level() {
        let mut ledger = Ledger::new(&[Kind::Safety]);
        let violated = Marks::NONE.with(0, false, true);
        ledger.note(violated, place(7, Some(0), 3));
        ledger.note(violated, place(8, Some(1), 3));
        assert_eq!(ledger.violated(0).map(|place| place.state), Some(7));
        ledger.note(violated, place(5, None, 2));
        assert_eq!(ledger.violated(0).map(|place| (place.state, place.steps)), Some((5, 2)));
        ledger.begin_level();
        ledger.note(violated, place(1, None, 0));
        assert_eq!(ledger.violated(0).map(|place| place.state), Some(5));
        assert!(ledger.triggered(0).is_none());
    }

    #[test]
    fn marks_of_unknown_and_of_reachability_properties_are_dropped() {
        let mut ledger = Ledger::new(&[Kind::Reachability]);
        ledger.note(Marks { triggered: !0, violated: !0 }, place(0, Some(0), 1));
        assert!(ledger.triggered(0).is_some());
        assert!(ledger.violated(0).is_none());
        assert!(ledger.triggered(1).is_none());
    }
}
