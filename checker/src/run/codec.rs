//! States as bytes.

use failproof_model::failover::Failover;
use failproof_model::state::State;

use crate::explore::Codec;

/// Packs the states of a scenario: see `State::pack`.
#[derive(Clone, Copy, Debug, Default)]
pub struct StateCodec;

impl<const V: usize> Codec<Failover<V>> for StateCodec {
    fn encode(&self, model: &Failover<V>, state: &State<V>, out: &mut Vec<u8>) {
        state.pack(model.size(), out);
    }

    fn decode(&self, model: &Failover<V>, bytes: &[u8]) -> Option<State<V>> {
        State::unpack(model.size(), bytes)
    }
}
