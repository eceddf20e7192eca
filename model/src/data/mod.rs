//! The data plane of a batch job: rows, what operators make of them, and how they choose their consumers.
//!
//! It stands behind one interface, [`DataPlane`], so that streaming can become another one.

mod plane;
mod renaming;
mod rows;
mod values;

pub use plane::{DataPlane, Outcome};
pub(crate) use renaming::Renaming;
pub use rows::Rows;
pub use values::{SOURCE_ROWS_MAX, Value};

use thiserror::Error;

/// A job whose data is more than the model can hold.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[allow(missing_docs, reason = "the message of a variant says what its fields are")]
pub enum DataError {
    #[error(
        "vertex `{vertex}` can make {values} different rows; the model holds {max}: use fewer rows, or more keys"
    )]
    TooManyValues { vertex: String, values: usize, max: usize },
    #[error(
        "one subtask of vertex `{vertex}` can get {rows} rows; with its partitioners the model holds {max}: \
         use fewer rows, or fewer edges that multiply them or draw a channel for each"
    )]
    TooManyRows { vertex: String, rows: usize, max: usize },
    #[error(
        "vertex `{vertex}` can deal out its rows in {draws} ways, whatever they are; the model holds {max}: \
         use fewer REBALANCE or RANGE edges, or less parallel consumers"
    )]
    TooManyDraws { vertex: String, draws: usize, max: usize },
    #[error("the job has {rows} source rows; the model holds {max}")]
    TooManySourceRows { rows: usize, max: usize },
}
