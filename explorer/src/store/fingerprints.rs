//! Fingerprints of states that have no form but their own.

use std::borrow::Cow;
use std::hash::Hash;

use stateright::Model;

use super::{Rows, Store, fingerprint};

/// Keeps a fingerprint of 64 bits of every state, and whole states only until they are expanded.
#[derive(Clone, Copy, Debug, Default)]
pub struct Fingerprints;

impl<M> Store<M> for Fingerprints
where
    M: Model,
    M::State: Clone + Hash + Send + Sync,
{
    type Key = u64;
    type Rows = Vec<Option<M::State>>;

    const FINGERPRINT_BITS: Option<u32> = Some(64);

    fn close(&self, _: &M, state: M::State, rows: &mut Self::Rows) -> u64 {
        let key = fingerprint(&state);
        rows.push(Some(state));
        key
    }

    fn open<'a>(&self, _: &M, _: &'a u64, rows: &'a Self::Rows, at: usize) -> Cow<'a, M::State> {
        match &rows[at] {
            Some(state) => Cow::Borrowed(state),
            None => unreachable!("a state is opened before it is taken away"),
        }
    }

    fn hash(&self, key: &u64) -> u64 {
        *key
    }
}

/// Whole states that wait for their turn; empty where one was taken away.
impl<S: Send + Sync> Rows for Vec<Option<S>> {
    fn take(&mut self, other: &mut Self, at: usize) {
        self.push(other[at].take());
    }

    fn clear(&mut self) {
        Vec::clear(self);
    }

    fn bytes(&self) -> usize {
        self.capacity() * size_of::<Option<S>>()
    }
}
