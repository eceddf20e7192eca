//! The recorded answers: a line a cell, so that a review sees what changed.

use thiserror::Error;

use super::cell::Cell;
use super::result::CellResult;

/// A cell that was recorded with fewer states than this is in the quick tier.
pub const QUICK_STATES: usize = 100_000;

/// Recorded answers that cannot be read or written.
#[derive(Debug, Error)]
#[error(
    "the recorded cells (checker/src/table/cells.csv): {0}; `failproof table --bless` writes them anew"
)]
pub struct RecordedError(#[from] csv::Error);

/// The answers that were recorded when this program was built.
///
/// # Errors
/// A line is not one of a cell.
pub fn recorded() -> Result<Vec<CellResult>, RecordedError> {
    read(include_str!("cells.csv"))
}

/// Reads what [`write()`] has written.
///
/// # Errors
/// A line is not one of a cell.
pub fn read(text: &str) -> Result<Vec<CellResult>, RecordedError> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    Ok(reader.deserialize().collect::<Result<_, _>>()?)
}

/// The text of `cells.csv`: a head line, then a line a cell.
///
/// # Errors
/// None that can happen in memory.
pub fn write(results: &[CellResult]) -> Result<String, RecordedError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for result in results {
        writer.serialize(result)?;
    }
    let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Whether a cell is in the quick tier. One that was never recorded is: how large it is remains to be seen.
pub fn is_quick(cell: &Cell, recorded: &[CellResult]) -> bool {
    recorded.iter().find(|found| found.id == cell.id).is_none_or(|it| it.states < QUICK_STATES)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::cells;

    #[test]
    fn every_cell_is_recorded_once_and_in_order() {
        let recorded: Vec<String> = recorded().unwrap().into_iter().map(|it| it.id).collect();
        assert_eq!(recorded, cells().into_iter().map(|cell| cell.id).collect::<Vec<_>>());
    }

    #[test]
    fn nothing_was_recorded_of_a_cell_that_was_not_explored_to_the_end() {
        let cut_off: Vec<_> =
            recorded().unwrap().into_iter().filter(|it| !it.is_complete()).collect();
        assert_eq!(cut_off, []);
    }

    #[test]
    fn recorded_answers_are_written_as_they_were_read() {
        assert_eq!(write(&recorded().unwrap()).unwrap(), include_str!("cells.csv"));
    }

    #[test]
    fn an_unreadable_line_is_named_with_what_to_do() {
        let head = include_str!("cells.csv").lines().next().unwrap();
        let error = read(&format!("{head}\na,holds,,perhaps,,holds,,1,1,1\n")).unwrap_err();
        let text = error.to_string();
        assert!(text.contains("line: 2") && text.contains("perhaps"), "{text}");
        assert!(text.contains("failproof table --bless"), "{text}");
    }
}
