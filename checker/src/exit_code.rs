//! Exit codes: an interface, tested one by one.

use std::process::Termination;

/// How a command ends. The numbers never change their meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum ExitCode {
    /// Every verdict is as expected (where nothing is expected: holds) and every run is complete; of `replay`:
    /// reproduced as recorded.
    AsExpected = 0,
    /// Some verdict or some count is not the expected one; of `gate` also: some committed trace is not; of
    /// `export`: the witness that was asked for would be a violation; of `diff`: the two differ; of `mutate`: some
    /// defect is seen by no property.
    Unexpected = 1,
    /// A mistake in the command line, in a scenario, in a plan or in the text of a trace, or a file that cannot be
    /// read or written.
    Mistake = 2,
    /// Not everything was seen: a limit was reached before, or only random walks were taken.
    Inconclusive = 3,
    /// A property that the scenario is about, or of which a witness was asked for, was never put to the test.
    Vacuous = 4,
    /// A replay came out differently than recorded.
    Diverged = 5,
    /// An internal error, worth a report.
    Internal = 70,
    /// Interrupted; the report of what was done is written.
    Interrupted = 130,
}

/// Of several codes the first in this order is returned. A trace is replayed alone, so the place of `Diverged` does
/// not matter.
pub const PRECEDENCE: [ExitCode; 8] = [
    ExitCode::Internal,
    ExitCode::Interrupted,
    ExitCode::Mistake,
    ExitCode::Unexpected,
    ExitCode::Inconclusive,
    ExitCode::Vacuous,
    ExitCode::Diverged,
    ExitCode::AsExpected,
];

impl ExitCode {
    /// The number that the process ends with.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// What it means, in a few words.
    pub const fn meaning(self) -> &'static str {
        match self {
            ExitCode::AsExpected => "everything is as expected",
            ExitCode::Unexpected => "something is not as expected",
            ExitCode::Mistake => "a mistake in what was given",
            ExitCode::Inconclusive => "inconclusive, not everything was seen",
            ExitCode::Vacuous => "vacuous, a property was never put to the test",
            ExitCode::Diverged => "the replay diverged from its trace",
            ExitCode::Internal => "an internal error",
            ExitCode::Interrupted => "interrupted",
        }
    }

    /// Whichever of the two comes first in [`PRECEDENCE`].
    #[must_use]
    pub fn or_worse(self, other: ExitCode) -> ExitCode {
        let found = PRECEDENCE.into_iter().find(|&code| code == self || code == other);
        found.unwrap_or(self)
    }
}

impl Termination for ExitCode {
    fn report(self) -> std::process::ExitCode {
        self.number().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_an_interface() {
        let mut numbers = PRECEDENCE.map(ExitCode::number);
        numbers.sort_unstable();
        assert_eq!(numbers, [0, 1, 2, 3, 4, 5, 70, 130]);
    }

    #[test]
    fn of_several_the_first_counts() {
        let order = [70, 130, 2, 1, 3, 4, 5, 0];
        assert_eq!(PRECEDENCE.map(ExitCode::number), order);
        for (i, one) in PRECEDENCE.into_iter().enumerate() {
            for (j, other) in PRECEDENCE.into_iter().enumerate() {
                assert_eq!(one.or_worse(other), PRECEDENCE[i.min(j)]);
            }
        }
    }
}
