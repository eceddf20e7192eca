//! Exploration: every reachable state of a [`stateright::Model`], exactly once, breadth first.
//!
//! One thread goes level by level. Whole states are stored and compared exactly, so that no two states are ever taken
//! for one; parents are kept, so that a counterexample is a shortest one (among those, the one found first); steps are
//! kept, so that what must stay possible, and what must happen at last in every fair run, can be decided when all of
//! them are known. The same model gives the same result on
//! every machine, save for times.
//!
//! What the model calls out of its boundary does not exist. Whatever else keeps a run from seeing everything ends in
//! [`Verdict::Inconclusive`], unless a violation was seen before.

mod asked;
mod backward;
mod cheapest;
mod checker;
mod checkpoint;
mod chunked;
mod components;
mod expand;
mod fairness;
mod frontier;
mod judge;
mod labels;
mod lasso;
mod ledger;
mod limits;
mod liveness;
mod memory;
mod outcome;
mod path;
mod progress;
mod random;
mod reduction;
#[doc(hidden)]
pub mod reference_models;
mod resolve;
mod resume;
mod search;
pub mod second_engine;
mod simulate;
mod space;
mod store;
mod table;
mod until;
mod verdict;
mod walk;

pub use backward::Most;
pub use checker::{Check, Checked, check};
pub use checkpoint::{Checkpoint, CheckpointError};
pub use judge::{COSTS_MAX, Judge, Kind, Marks, PROPERTIES_MAX};
pub use limits::{Limits, Stopped};
pub use outcome::{Cost, Exploration, Explored, Explorer, Finding, explore};
pub use path::{Origin, Path};
pub use progress::{Bound, Control, Progress};
pub use reduction::Reduction;
pub use search::RuleCount;
pub use simulate::{RuleUse, Simulation, WalkControl, WalkProgress, Walks, simulate};
pub use space::{Edge, StateSpace};
pub use store::{
    Codec, Encoded, EncodedWhole, Fingerprints, Pack, Packed, Rows, Store, Whole, Word,
};
pub use verdict::Verdict;
