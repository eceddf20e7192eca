//! Exploration: every reachable state of a [`stateright::Model`], exactly once, breadth first.
//!
//! [`Explorer`] goes level by level, with as many threads as it is given: what it finds depends neither on them nor on
//! the machine. A [`Store`] says what is kept of a state: all of it, a word that it packs into, its bytes, or a
//! fingerprint, and then the chance is told that a state was overlooked. Parents are kept, so that a counterexample is
//! a shortest one (among those, the one found first); steps are kept where they are needed to decide what must stay
//! possible, and what must happen at last in every fair run.
//!
//! What the model calls out of its boundary does not exist. Whatever else keeps a run from seeing everything ends in
//! [`Verdict::Inconclusive`], unless a violation was seen before.
//!
//! # In place of Stateright's checkers
//!
//! [`check`] stands where `model.checker().spawn_bfs().join()` stood, and gives a [`stateright::Checker`]:
//!
//! ```
//! use failproof_explorer::{Pack, Packed, check};
//! use stateright::{Checker, Model, Property};
//!
//! struct Clock;
//!
//! impl Model for Clock {
//!     type State = u8;
//!     type Action = ();
//!     fn init_states(&self) -> Vec<u8> { vec![12] }
//!     fn actions(&self, _: &u8, actions: &mut Vec<()>) { actions.push(()); }
//!     fn next_state(&self, hour: &u8, (): ()) -> Option<u8> { Some(hour % 12 + 1) }
//!     fn properties(&self) -> Vec<Property<Self>> {
//!         vec![
//!             Property::always("is an hour", |_, hour| (1..=12).contains(hour)),
//!             Property::sometimes("has a break", |_, hour| *hour == 3),
//!             Property::eventually("ends", |_, hour| *hour == 6),
//!         ]
//!     }
//! }
//!
//! let checker = check(Clock).threads(2).run();
//! checker.assert_properties();
//! checker.assert_discovery("has a break", vec![(), (), ()]);
//! assert_eq!(checker.unique_state_count(), 12);
//!
//! // States that fit into a word are kept as one: exactly, and in a fraction of the memory.
//! impl Pack for Clock {
//!     type Word = u64;
//!     fn pack(&self, hour: &u8) -> u64 { (*hour).into() }
//!     fn unpack(&self, word: u64) -> u8 { word as u8 }
//! }
//!
//! check(Clock).store(Packed).run().assert_properties();
//! ```
//!
//! Larger states can be written as bytes ([`Codec`], for [`Encoded`] and [`EncodedWhole`]); a model that says neither
//! is explored with [`Whole`] states or [`Fingerprints`]. What [`check`] does not offer (steps, costs, reductions,
//! checkpoints, properties of steps) is for [`Explorer`] and a [`Judge`].

mod analysis;
mod asked;
mod backward;
mod cheapest;
mod checker;
mod checkpoint;
mod chunk;
mod chunked;
mod components;
mod expand;
mod explorable;
mod explorer;
mod fairness;
mod finding;
mod frontier;
mod judge;
mod labels;
mod lasso;
mod ledger;
mod limits;
mod liveness;
mod look_up;
mod memory;
mod outcome;
mod path;
mod progress;
mod random;
mod reduction;
#[doc(hidden)]
pub mod reference_models;
mod resume;
mod search;
pub mod second_engine;
mod simulate;
mod space;
mod store;
mod table;
mod until;
mod verdict;
mod visited;
mod walk;

pub use backward::Most;
pub use checker::{Check, Checked, check};
pub use checkpoint::{Checkpoint, CheckpointError};
pub use explorable::Explorable;
pub use explorer::{Explored, Explorer, explore};
pub use judge::{COSTS_MAX, Judge, Kind, Marks, PROPERTIES_MAX};
pub use limits::{Limits, Stopped};
pub use outcome::{Cost, Exploration, Finding};
pub use path::{Origin, Path};
pub use progress::{Bound, Control, Progress};
pub use random::SplitMix64;
pub use reduction::{FairRuns, Reduction};
pub use search::RuleCount;
pub use simulate::{RuleUse, Simulation, WalkControl, WalkProgress, Walks, simulate};
pub use space::{Edge, StateSpace};
pub use store::{
    Codec, Encoded, EncodedWhole, Fingerprints, Pack, Packed, Rows, Store, Whole, Word,
};
pub use verdict::Verdict;
