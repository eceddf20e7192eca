//! What a former master may still do that does not know yet that another one leads (section 5.4).

use super::STAGING_MAX;
use super::journal::Staged;
use super::packing::{byte, put, put_wide, take};
use crate::data::Rows;

/// Steps that a former master takes at most after it has woken.
pub const FORMER_STEPS: u8 = 2;

/// A former master, which was about to end the job when it paused, and what it has left behind.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Election {
    /// Steps that it may still take. With none it is gone.
    pub steps: u8,
    /// Sinks that it is still going to publish.
    pub unpublished: u16,
    /// It has written down that the job has ended, which the present master has not noticed.
    pub recorded: bool,
    /// What these sinks had staged for it, in their order among those that commit at the end of the job.
    pub(super) staged: Staged,
}

impl Election {
    /// What a sink had staged for the former master.
    pub fn staged(&self, sink: usize) -> Rows {
        self.staged.get(sink)
    }

    pub(crate) fn stage(&mut self, sink: usize, rows: Rows) {
        self.staged.set(sink, rows);
    }

    /// The former master does nothing any more.
    pub(crate) fn stop(&mut self) {
        *self = Election { recorded: self.recorded, ..Election::default() };
    }

    pub(super) fn pack(&self, out: &mut Vec<u8>) {
        out.push(self.steps << 1 | u8::from(self.recorded));
        put(out, self.unpublished.into());
        (0..STAGING_MAX).for_each(|sink| put_wide(out, self.staged(sink).bits()));
    }

    pub(super) fn unpack(from: &mut &[u8]) -> Option<Election> {
        let bits = byte(from)?;
        let unpublished = take(from)?.try_into().ok()?;
        let (steps, recorded) = (bits >> 1, bits & 1 != 0);
        let mut election = Election { steps, unpublished, recorded, ..Election::default() };
        for sink in 0..STAGING_MAX {
            election.stage(sink, Rows::of_bits(take(from)?));
        }
        (steps <= FORMER_STEPS).then_some(election)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Digests of traces are made of these bytes.
    #[test]
    fn what_was_packed_is_unpacked_and_nothing_else() {
        let mut election = Election { steps: 2, unpublished: 6, ..Election::default() };
        let mut bytes = Vec::new();
        election.pack(&mut bytes);
        assert_eq!(bytes, [4, 6, 0, 0, 0, 0]);
        election.recorded = true;
        election.stage(1, [5].into_iter().collect());
        bytes.clear();
        election.pack(&mut bytes);
        assert_eq!(Election::unpack(&mut &bytes[..]), Some(election));
        assert_eq!(Election::unpack(&mut &bytes[..bytes.len() - 1]), None);
        bytes[0] = (FORMER_STEPS + 1) << 1;
        assert_eq!(Election::unpack(&mut &bytes[..]), None, "it never has so many steps");
    }
}
