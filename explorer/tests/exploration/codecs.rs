//! States of a reference model as bytes: few of them, and many.

use failproof_explorer::reference_models::region_failover::{RegionFailover, State};
use failproof_explorer::{Codec, Pack};

/// The packed word of a state.
pub(crate) struct WordCodec;

impl Codec<RegionFailover> for WordCodec {
    fn encode(&self, model: &RegionFailover, state: &State, out: &mut Vec<u8>) {
        out.extend(model.pack(state).to_le_bytes());
    }

    fn decode(&self, model: &RegionFailover, bytes: &[u8]) -> Option<State> {
        Some(model.unpack(u64::from_le_bytes(bytes.try_into().ok()?)))
    }
}

/// Takes as much room as states of a real model.
pub(crate) struct Wide;

/// Words in what [`Wide`] writes.
pub(crate) const WORDS: usize = 60;

impl Codec<RegionFailover> for Wide {
    fn encode(&self, model: &RegionFailover, state: &State, out: &mut Vec<u8>) {
        for _ in 0..WORDS {
            WordCodec.encode(model, state, out);
        }
    }

    fn decode(&self, model: &RegionFailover, bytes: &[u8]) -> Option<State> {
        WordCodec.decode(model, bytes.get(..8)?)
    }
}
