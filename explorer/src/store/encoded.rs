//! States that their model writes as bytes.

use std::borrow::Cow;

use stateright::Model;

use super::byte_rows::ByteRows;
use super::{Store, fingerprint};

/// Writes the states of a model as bytes.
pub trait Codec<M: Model>: Sync {
    /// Writes a state at the end of `out`: different bytes for different states, and the same on every machine.
    fn encode(&self, model: &M, state: &M::State, out: &mut Vec<u8>);

    /// The state that [`Codec::encode`] wrote; none if it wrote no such bytes.
    fn decode(&self, model: &M, bytes: &[u8]) -> Option<M::State>;
}

/// Keeps a fingerprint of 64 bits of every state, and its bytes until it is expanded.
#[derive(Clone, Copy, Debug, Default)]
pub struct Encoded<C>(pub C);

impl<M: Model, C: Codec<M>> Store<M> for Encoded<C> {
    type Key = u64;
    type Rows = ByteRows;

    const FINGERPRINT_BITS: Option<u32> = Some(64);

    fn close(&self, model: &M, state: M::State, rows: &mut ByteRows) -> u64 {
        rows.push(|out| self.0.encode(model, &state, out))
    }

    fn close_there(
        &self,
        model: &M,
        state: &mut Option<M::State>,
        rows: &mut ByteRows,
    ) -> Option<u64> {
        let state = state.as_ref()?;
        Some(rows.push(|out| self.0.encode(model, state, out)))
    }

    fn open<'a>(&self, model: &M, _: &'a u64, rows: &'a ByteRows, at: usize) -> Cow<'a, M::State>
    where
        M::State: Clone,
    {
        decoded(&self.0, model, rows.get(at))
    }

    fn hash(&self, key: &u64) -> u64 {
        *key
    }

    fn save(&self, _: &u64, rows: &ByteRows, at: usize, out: &mut Vec<u8>) -> bool {
        out.extend_from_slice(rows.get(at));
        true
    }

    fn restore(&self, model: &M, saved: &[u8], rows: &mut ByteRows) -> Option<u64> {
        self.0.decode(model, saved)?;
        Some(rows.push(|out| out.extend_from_slice(saved)))
    }
}

/// Keeps the bytes of every state, and so compares them exactly.
#[derive(Clone, Copy, Debug, Default)]
pub struct EncodedWhole<C>(pub C);

impl<M: Model, C: Codec<M>> Store<M> for EncodedWhole<C> {
    type Key = Box<[u8]>;
    type Rows = ();

    const FINGERPRINT_BITS: Option<u32> = None;

    fn close(&self, model: &M, state: M::State, (): &mut ()) -> Box<[u8]> {
        let mut bytes = Vec::new();
        self.0.encode(model, &state, &mut bytes);
        bytes.into()
    }

    fn open<'a>(&self, model: &M, key: &'a Box<[u8]>, (): &'a (), _: usize) -> Cow<'a, M::State>
    where
        M::State: Clone,
    {
        decoded(&self.0, model, key)
    }

    fn hash(&self, key: &Box<[u8]>) -> u64 {
        fingerprint(&**key)
    }

    fn heap_bytes(&self, key: &Box<[u8]>) -> usize {
        key.len().next_multiple_of(16) + 16
    }

    fn save(&self, key: &Box<[u8]>, (): &(), _: usize, out: &mut Vec<u8>) -> bool {
        out.extend_from_slice(key);
        true
    }

    fn restore(&self, model: &M, saved: &[u8], (): &mut ()) -> Option<Box<[u8]>> {
        self.0.decode(model, saved).map(|_| saved.into())
    }
}

fn decoded<'a, M, C>(codec: &C, model: &M, bytes: &[u8]) -> Cow<'a, M::State>
where
    M: Model,
    M::State: Clone,
    C: Codec<M>,
{
    match codec.decode(model, bytes) {
        Some(state) => Cow::Owned(state),
        None => unreachable!("a codec decodes what it has encoded"),
    }
}
