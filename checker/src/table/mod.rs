//! The generated table: which consumer policy is safe for which partitioner and which operator.
//!
//! Every cell is a small job with one fault, explored to the end. What was found is recorded in `cells.csv`, and
//! compared whenever cells are explored again; the page `checker/docs/policies.md` shows it.

mod cell;
mod compare;
mod markdown;
mod recorded;
mod render;
mod result;
mod run;
mod scenario;

pub use cell::{Cell, Job, OPERATORS, PARTITIONERS, Policy, cells};
pub use compare::{Difference, compare, merge};
pub use markdown::{refresh, render_markdown};
pub use recorded::{QUICK_STATES, RecordedError, is_quick, read, recorded, write};
pub use render::render;
pub use result::CellResult;
pub use run::run_table;
pub(crate) use scenario::one_fault;
