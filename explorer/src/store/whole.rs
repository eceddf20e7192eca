//! Whole states, compared exactly.

use std::borrow::Cow;
use std::hash::Hash;

use stateright::Model;

use super::{Store, fingerprint};

/// Keeps and compares whole states.
#[derive(Clone, Copy, Debug, Default)]
pub struct Whole;

impl<M> Store<M> for Whole
where
    M: Model,
    M::State: Clone + Eq + Hash + Send + Sync,
{
    type Key = M::State;
    type Rows = ();

    const FINGERPRINT_BITS: Option<u32> = None;

    fn close(&self, _: &M, state: M::State, (): &mut ()) -> M::State {
        state
    }

    fn open<'a>(&self, _: &M, key: &'a M::State, (): &'a (), _: usize) -> Cow<'a, M::State> {
        Cow::Borrowed(key)
    }

    fn hash(&self, key: &M::State) -> u64 {
        fingerprint(key)
    }
}
