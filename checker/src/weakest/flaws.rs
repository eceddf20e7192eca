//! What can go wrong after an answer, while nothing else fails by itself.

use std::fmt;

use super::sets::TaskSet;

/// What can go wrong, as bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Flaws(u16);

impl Flaws {
    /// Nothing.
    pub const NONE: Flaws = Flaws(0);
    /// Rows become visible that no run without faults can have shown.
    pub const WRONG: Flaws = Flaws(1);
    /// The job comes to where it cannot succeed any more.
    pub const HANGS: Flaws = Flaws(1 << 1);
    /// A task that did not restart turns to the attempt that a restart took away, and fails in its turn.
    pub const BEREFT: Flaws = Flaws(1 << 2);

    /// A task fails.
    pub fn fails(task: usize) -> Flaws {
        Flaws(1 << 3 << task)
    }

    /// All that the restart of a set must not lead to: also that one of the tasks `begun` fails again, for it was not
    /// given what it needs.
    pub fn against(begun: TaskSet) -> Flaws {
        let general = Flaws::WRONG.or(Flaws::HANGS).or(Flaws::BEREFT);
        begun.tasks().map(Flaws::fails).fold(general, Flaws::or)
    }

    /// Those that are in both.
    #[must_use]
    pub fn and(self, other: Flaws) -> Flaws {
        Flaws(self.0 & other.0)
    }

    /// Those of either.
    #[must_use]
    pub fn or(self, other: Flaws) -> Flaws {
        Flaws(self.0 | other.0)
    }

    /// Whether some of these are among them.
    pub fn has(self, other: Flaws) -> bool {
        self.0 & other.0 != 0
    }
}

impl fmt::Display for Flaws {
    /// The worst of them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match *self {
            flaws if flaws.has(Flaws::WRONG) => "wrong rows",
            flaws if flaws.has(Flaws::HANGS) => "the job cannot succeed any more",
            flaws if flaws.has(Flaws::BEREFT) => "a task fails that was left out",
            Flaws::NONE => "nothing",
            _ => "a restarted task fails again",
        })
    }
}
