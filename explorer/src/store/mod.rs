//! What is kept of a state: the whole of it, a fingerprint, or what its model packs it into.

mod byte_rows;
mod encoded;
mod fingerprints;
mod packed;
mod rows;
mod whole;

use std::borrow::Cow;
use std::hash::{BuildHasher, Hash};

use foldhash::fast::FixedState;
use stateright::Model;

pub use encoded::{Codec, Encoded, EncodedWhole};
pub use fingerprints::Fingerprints;
pub use packed::{Pack, Packed, Word};
pub use rows::Rows;
pub use whole::Whole;

/// Decides what an exploration keeps of each state.
///
/// Of every state a key is kept to the end; two states with equal keys are taken for one. What else it takes to expand
/// a state is kept in [`Store::Rows`] until that has happened.
pub trait Store<M: Model>: Sync {
    /// What is kept of a state to the end.
    type Key: Clone + Eq + Send + Sync;
    /// What is kept of states until they are expanded.
    type Rows: Rows;

    /// How many bits of a state are compared, if not all of them.
    const FINGERPRINT_BITS: Option<u32>;

    /// The key of a state; whatever else is needed to open it again is put at the end of `rows`.
    fn close(&self, model: &M, state: M::State, rows: &mut Self::Rows) -> Self::Key;

    /// As [`Store::close`], of a state that is looked at where it is, if it need not be kept; none if there is none.
    fn close_there(
        &self,
        model: &M,
        state: &mut Option<M::State>,
        rows: &mut Self::Rows,
    ) -> Option<Self::Key> {
        state.take().map(|state| self.close(model, state, rows))
    }

    /// The state of a key that stands at position `at` of `rows`.
    fn open<'a>(
        &self,
        model: &M,
        key: &'a Self::Key,
        rows: &'a Self::Rows,
        at: usize,
    ) -> Cow<'a, M::State>
    where
        M::State: Clone;

    /// Spreads keys evenly over 64 bits, in the same way on every machine.
    fn hash(&self, key: &Self::Key) -> u64;

    /// Bytes that a key occupies beside its own size, as far as the store knows.
    fn heap_bytes(&self, key: &Self::Key) -> usize {
        let _ = key;
        0
    }

    /// Writes the state of a key that stands at position `at` of `rows` at the end of `out`. False if this store
    /// cannot: then there are no checkpoints.
    fn save(&self, key: &Self::Key, rows: &Self::Rows, at: usize, out: &mut Vec<u8>) -> bool {
        let _ = (key, rows, at, out);
        false
    }

    /// As [`Store::close`], for a state that [`Store::save`] has written.
    fn restore(&self, model: &M, saved: &[u8], rows: &mut Self::Rows) -> Option<Self::Key> {
        let _ = (model, saved, rows);
        None
    }
}

/// A hash of 64 bits, the same on every run.
fn fingerprint<T: Hash + ?Sized>(value: &T) -> u64 {
    FixedState::default().hash_one(value)
}
