//! Which output of each producer its readers hold rows of. Nothing reads it but `one-content-per-producer`, and only a
//! scenario with `lineage` keeps it.
//!
//! An output is known by a digest of its rows and of where they went, never by its attempt: an equal re-draw is no
//! other output. Two different outputs a producer are told apart; a reader of a third is only marked.

use crate::data::Outcome;
use crate::execution_state::ExecutionState;
use crate::failover::Failover;
use crate::state::{State, Truth};

impl<const V: usize> Failover<V> {
    /// Notes that `reader` is about to read this output in `input`.
    pub(super) fn note_lineage(
        &self,
        s: &mut State<V>,
        reader: usize,
        input: usize,
        output: Outcome,
    ) {
        if !self.scenario.lineage {
            return;
        }
        let input = self.vertices[reader].inputs[input];
        let (u, me) = (input.producer, 1u64 << input.channel);
        let digest = digest(output);
        s.second &= !me;
        s.apart &= !me;
        if s.held[u][0] == digest || s.held[u][0] == 0 {
            s.held[u][0] = digest;
        } else if s.held[u][1] == digest || s.held[u][1] == 0 {
            s.held[u][1] = digest;
            s.second |= me;
        } else {
            s.apart |= me;
        }
    }

    /// Forgets outputs of which nobody holds rows any more, and orders the two that are left.
    pub(super) fn normalise_lineage(&self, s: &mut State<V>) {
        if !self.scenario.lineage {
            return;
        }
        let held = self.held_channels(s);
        s.second &= held;
        s.apart &= held;
        for u in 0..self.size() {
            let channels = self.channels_of(u);
            let first = held & channels & !s.second & !s.apart;
            if first == 0 {
                s.held[u][0] = 0;
            }
            if s.second & channels == 0 {
                s.held[u][1] = 0;
            }
            let [one, other] = s.held[u];
            // The empty slot last, else the smaller digest first.
            if other != 0 && (one == 0 || other < one) {
                s.held[u] = [other, one];
                s.second = s.second & !channels | first;
            }
        }
    }

    /// Every channel whose reader, in its current attempt, holds rows that it has read.
    fn held_channels(&self, s: &State<V>) -> u64 {
        let mut held = 0;
        for (w, facts) in self.vertices.iter().enumerate() {
            let task = s.tasks[w];
            let all = task.book == ExecutionState::Finished
                || matches!(task.truth, Truth::Produced | Truth::Finished);
            for (i, input) in facts.inputs.iter().enumerate() {
                held |= u64::from(all || task.read & 1 << i != 0) << input.channel;
            }
        }
        held
    }

    fn channels_of(&self, u: usize) -> u64 {
        self.topology.produced[u].iter().fold(0, |mask, &p| mask | self.partitions[p].channels)
    }
}

/// FNV-1a; never 0, which stands for no output.
fn digest(output: Outcome) -> u64 {
    let rows = output.rows.bits().to_le_bytes();
    let bytes = rows.into_iter().chain(output.placement.to_le_bytes());
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    hash.max(1)
}
