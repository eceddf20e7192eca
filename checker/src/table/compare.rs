//! Recorded answers against found ones: every difference is named.

use std::fmt;

use super::cell::cells;
use super::render::describe;
use super::result::CellResult;
use crate::run::result::Verdict;

/// One cell of which something else was found than is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// Nothing is recorded of a cell.
    Unrecorded(CellResult),
    /// What is recorded is of no cell.
    NoSuchCell(CellResult),
    /// The recorded answers are others.
    Changed {
        /// What is recorded.
        recorded: CellResult,
        /// What was found now.
        found: CellResult,
    },
}

/// The differences, in the order of what was found; recorded cells that do not exist any more come last. Cells that
/// were not explored are not compared; of those that were cut off only the violations are.
pub fn compare(recorded: &[CellResult], found: &[CellResult]) -> Vec<Difference> {
    let of = |id: &str| recorded.iter().find(|it| it.id == id);
    let mut differences: Vec<Difference> = found
        .iter()
        .filter_map(|found| match of(&found.id) {
            Some(recorded) if !contradicts(recorded, found) => None,
            Some(recorded) => {
                let (recorded, found) = (recorded.clone(), found.clone());
                Some(Difference::Changed { recorded, found })
            }
            None => Some(Difference::Unrecorded(found.clone())),
        })
        .collect();
    let cells = cells();
    let exists = |it: &&CellResult| cells.iter().any(|cell| cell.id == it.id);
    let gone = recorded.iter().filter(|it| !exists(it)).cloned();
    differences.extend(gone.map(Difference::NoSuchCell));
    differences
}

fn contradicts(recorded: &CellResult, found: &CellResult) -> bool {
    let new = |recorded, found| found == Verdict::Violated && recorded != Verdict::Violated;
    match found.is_complete() {
        true => recorded != found,
        false => {
            new(recorded.transparent, found.transparent)
                || new(recorded.never_stuck, found.never_stuck)
        }
    }
}

/// What to record from now on: of every cell what was found, or what was recorded if it was not explored. What is of no
/// cell is left out.
pub fn merge(recorded: &[CellResult], found: &[CellResult]) -> Vec<CellResult> {
    let of = |id: &str| found.iter().chain(recorded).find(|it| it.id == id).cloned();
    cells().iter().filter_map(|cell| of(&cell.id)).collect()
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Difference::Unrecorded(found) => {
                write!(f, "{}: not recorded; found {}", found.id, Everything(found))
            }
            Difference::NoSuchCell(recorded) => {
                write!(f, "{}: recorded, but the table has no such cell", recorded.id)
            }
            Difference::Changed { recorded, found } => {
                let (id, recorded, found) = (&found.id, Everything(recorded), Everything(found));
                write!(f, "{id}: recorded {recorded}; found {found}")
            }
        }
    }
}

/// All that is recorded of a cell, in words.
struct Everything<'a>(&'a CellResult);

impl fmt::Display for Everything<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let CellResult { never_stuck_steps, states, generated, depth, .. } = self.0;
        write!(f, "{}", describe(self.0))?;
        if let Some(steps) = never_stuck_steps {
            write!(f, " (stuck {steps})")?;
        }
        write!(f, ", {states} states, {generated} generated, depth {depth}")
    }
}

#[cfg(test)]
mod tests {
    use std::slice::from_ref;

    use super::*;
    use crate::table::recorded;

    fn two() -> Vec<CellResult> {
        recorded().unwrap().into_iter().take(2).collect()
    }

    #[test]
    fn what_is_equal_or_was_not_explored_is_no_difference() {
        let recorded = recorded().unwrap();
        assert_eq!(compare(&recorded, &recorded), []);
        assert_eq!(compare(&recorded, &[]), []);
        assert_eq!(merge(&recorded, &[]), recorded);
    }

    #[test]
    fn what_was_cut_off_differs_only_by_what_it_has_found() {
        let [safe, _] = two().try_into().unwrap();
        assert_eq!(safe.transparent, Verdict::Holds, "{}", safe.id);
        let cut_off = CellResult {
            transparent: Verdict::Inconclusive,
            can_end: Verdict::Inconclusive,
            states: 1,
            ..safe.clone()
        };
        let of = |found: &CellResult| compare(from_ref(&safe), from_ref(found)).len();
        assert_eq!(of(&cut_off), 0);
        assert_eq!(of(&CellResult { transparent: Verdict::Violated, ..cut_off.clone() }), 1);
        assert_eq!(of(&CellResult { never_stuck: Verdict::Violated, ..cut_off }), 1);
    }

    #[test]
    fn every_difference_is_named() {
        let [first, second] = two().try_into().unwrap();
        let changed = CellResult { states: first.states + 1, ..first.clone() };
        let gone = CellResult { id: "gone".to_owned(), ..first.clone() };
        let found = [changed.clone(), second.clone()];
        let differences = compare(&[first.clone(), gone.clone()], &found);
        let expected = [
            Difference::Changed { recorded: first.clone(), found: changed.clone() },
            Difference::Unrecorded(second.clone()),
            Difference::NoSuchCell(gone.clone()),
        ];
        assert_eq!(differences, expected);
        let text = differences[0].to_string();
        let states = |states: usize| format!(" {states} states");
        assert!(text.contains(&first.id) && text.contains(&states(first.states)), "{text}");
        assert!(text.contains(&states(changed.states)), "{text}");
        assert_eq!(merge(&[first, gone], &found), found);
    }
}
