//! What may be said of a property after an exploration.

use serde::{Deserialize, Serialize};

use super::judge::Kind;

/// What an exploration says about a property (within the bounds of its model).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Everything was seen, the trigger among it, and no violation.
    Holds,
    /// There is a violation.
    Violated,
    /// Everything was seen, and what the property is about never happens.
    Vacuous,
    /// Not everything was seen.
    Inconclusive,
}

impl Verdict {
    /// The only place where verdicts are made: without completeness there is no way to [`Verdict::Holds`] or
    /// [`Verdict::Vacuous`], and what is about more than a state or a step needs completeness even to be violated.
    pub(super) fn of(kind: Kind, complete: bool, triggered: bool, violated: bool) -> Verdict {
        match (kind, complete) {
            (Kind::Safety, _) | (_, true) if violated => Verdict::Violated,
            (_, false) => Verdict::Inconclusive,
            (_, true) if triggered => Verdict::Holds,
            (_, true) => Verdict::Vacuous,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KINDS: [Kind; 4] = [Kind::Safety, Kind::Reachability, Kind::Eventually, Kind::LeadsTo];

    #[test]
    fn an_incomplete_run_never_says_holds_or_vacuous() {
        for kind in KINDS {
            for (triggered, violated) in
                [(false, false), (true, false), (false, true), (true, true)]
            {
                let verdict = Verdict::of(kind, false, triggered, violated);
                let expected = match (kind, violated) {
                    (Kind::Safety, true) => Verdict::Violated,
                    _ => Verdict::Inconclusive,
                };
                assert_eq!(verdict, expected, "{kind:?}, {triggered}, {violated}");
            }
        }
    }

    #[test]
    fn a_complete_run_tells_holds_from_vacuous() {
        for kind in KINDS {
            assert_eq!(Verdict::of(kind, true, true, false), Verdict::Holds);
            assert_eq!(Verdict::of(kind, true, false, false), Verdict::Vacuous);
            assert_eq!(Verdict::of(kind, true, true, true), Verdict::Violated);
            assert_eq!(Verdict::of(kind, true, false, true), Verdict::Violated);
        }
    }
}
