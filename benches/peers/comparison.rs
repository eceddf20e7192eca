//! What was measured, side by side: of the same states, or not at all.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use failproof_checker::report::quantity::count;

use crate::contestant::{Built, Contestant, Tool};

/// How large a state space is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Counts {
    /// Distinct states.
    pub(crate) distinct: u64,
    /// The initial state and all steps.
    pub(crate) generated: u64,
}

/// One search.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Measurement {
    pub(crate) counts: Counts,
    /// Time of the search alone, as the tool takes it.
    pub(crate) seconds: f64,
    /// The most memory that its process occupied, where that is known.
    pub(crate) peak_bytes: Option<u64>,
}

/// Tools that have searched different things.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "counts differ, so nothing is compared: {first} found {}, {other} {}",
    shown(.first_counts), shown(.other_counts)
)]
pub(crate) struct CountsDiffer {
    first: String,
    first_counts: Counts,
    other: String,
    other_counts: Counts,
}

fn shown(counts: &Counts) -> String {
    let Counts { distinct, generated } = *counts;
    format!("{} distinct states of {}", count(distinct), count(generated))
}

/// All searches of all contestants.
#[derive(Clone, Debug, Default)]
pub(crate) struct Comparison {
    rows: Vec<Row>,
}

/// All searches of one contestant, at least one.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) contestant: Contestant,
    measurements: Vec<Measurement>,
}

impl Comparison {
    /// Adds a search, if it has found what all others have.
    pub(crate) fn add(
        &mut self,
        contestant: Contestant,
        measurement: Measurement,
    ) -> Result<(), CountsDiffer> {
        if let Some((first, first_counts)) = self.first()
            && first_counts != measurement.counts
        {
            let (first, other) = (first.to_string(), contestant.to_string());
            return Err(CountsDiffer {
                first,
                first_counts,
                other,
                other_counts: measurement.counts,
            });
        }
        match self.rows.iter_mut().find(|row| row.contestant == contestant) {
            Some(row) => row.measurements.push(measurement),
            None => self.rows.push(Row { contestant, measurements: vec![measurement] }),
        }
        Ok(())
    }

    /// What all searches have found, as soon as there is one.
    pub(crate) fn counts(&self) -> Option<Counts> {
        self.first().map(|(_, counts)| counts)
    }

    fn first(&self) -> Option<(Contestant, Counts)> {
        let row = self.rows.first()?;
        Some((row.contestant, row.measurements.first()?.counts))
    }

    /// In the order in which they were first measured.
    pub(crate) fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The median time of the fastest breadth-first search by Stateright.
    pub(crate) fn stateright_seconds(&self) -> Option<f64> {
        let is_peer = |row: &&Row| row.contestant.tool == Tool::Built(Built::StaterightBfs);
        self.rows.iter().filter(is_peer).map(Row::seconds).min_by(f64::total_cmp)
    }
}

impl Row {
    /// The median time.
    pub(crate) fn seconds(&self) -> f64 {
        let times = self.times();
        let middle = times.len() / 2;
        match times.len() % 2 {
            1 => times[middle],
            _ => (times[middle - 1] + times[middle]) / 2.0,
        }
    }

    /// The shortest and the longest time.
    pub(crate) fn range(&self) -> (f64, f64) {
        let times = self.times();
        (times[0], times[times.len() - 1])
    }

    fn times(&self) -> Vec<f64> {
        let mut times: Vec<f64> = self.measurements.iter().map(|it| it.seconds).collect();
        times.sort_by(f64::total_cmp);
        times
    }

    /// The most memory that any of the searches occupied; none if it is not known of all.
    pub(crate) fn peak_bytes(&self) -> Option<u64> {
        let peaks: Option<Vec<u64>> = self.measurements.iter().map(|it| it.peak_bytes).collect();
        peaks?.into_iter().max()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: Contestant = Contestant { tool: Tool::Built(Built::Failproof), threads: 2 };
    const SPIN: Contestant = Contestant { tool: Tool::Spin, threads: 1 };

    fn stateright(threads: usize) -> Contestant {
        Contestant { tool: Tool::Built(Built::StaterightBfs), threads }
    }

    fn of(distinct: u64, generated: u64, seconds: f64) -> Measurement {
        let counts = Counts { distinct, generated };
        Measurement { counts, seconds, peak_bytes: Some((seconds * 1000.0) as u64) }
    }

    #[test]
    fn who_has_found_something_else_is_not_compared() {
        let mut comparison = Comparison::default();
        comparison.add(OURS, of(1_000, 3_000, 1.0)).unwrap();
        comparison.add(stateright(1), of(1_000, 3_000, 2.0)).unwrap();
        let mut refused = |contestant, distinct, generated| {
            comparison.add(contestant, of(distinct, generated, 2.0)).unwrap_err().to_string()
        };
        insta::assert_snapshot!(refused(SPIN, 1_001, 3_000), @r"counts differ, so nothing is compared: failproof with 2 threads found 1,000 distinct states of 3,000, Spin with 1 thread 1,001 distinct states of 3,000");
        assert!(
            refused(SPIN, 1_000, 2_999)
                .ends_with("Spin with 1 thread 1,000 distinct states of 2,999")
        );
        assert!(
            refused(OURS, 999, 3_000)
                .ends_with("failproof with 2 threads 999 distinct states of 3,000")
        );
        let measured: Vec<_> = comparison.rows().iter().map(|row| row.contestant).collect();
        assert_eq!(measured, [OURS, stateright(1)]);
    }

    #[test]
    fn medians_ranges_and_peaks() {
        let mut comparison = Comparison::default();
        assert_eq!((comparison.counts(), comparison.stateright_seconds()), (None, None));
        for seconds in [3.0, 1.0, 10.0] {
            comparison.add(OURS, of(5, 9, seconds)).unwrap();
        }
        for (one, two) in [(40.0, 30.0), (20.0, 31.0)] {
            comparison.add(stateright(1), of(5, 9, one)).unwrap();
            comparison.add(stateright(2), of(5, 9, two)).unwrap();
        }
        let row = &comparison.rows()[0];
        assert_eq!(
            (row.seconds(), row.range(), row.peak_bytes()),
            (3.0, (1.0, 10.0), Some(10_000))
        );
        assert_eq!(comparison.stateright_seconds(), Some(30.0));
        assert_eq!(comparison.counts(), Some(Counts { distinct: 5, generated: 9 }));
    }

    #[test]
    fn a_peak_is_known_if_all_are() {
        let mut comparison = Comparison::default();
        comparison.add(SPIN, of(5, 9, 1.0)).unwrap();
        comparison.add(SPIN, Measurement { peak_bytes: None, ..of(5, 9, 1.0) }).unwrap();
        assert_eq!(comparison.rows()[0].peak_bytes(), None);
    }
}
