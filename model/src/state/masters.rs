//! What outlives a master, and what a recovery has begun with.

use super::packing::{byte, put, take};

/// How far the present master has come with what others see or rely on.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Masters {
    /// Sinks that it has published, at the end of the job.
    pub published: u16,
    /// It has ended the job, which is not written down yet.
    pub ended: bool,
    /// It recovers the job from its journal: Flink's RECONCILING.
    pub recovers: bool,
    /// Vertices that were recovered as FINISHED and have read an attempt of a producer that was given up. Kept for
    /// `recovered-tasks-have-read-what-is-kept`.
    pub astray: u16,
}

impl Masters {
    /// Whether it does nothing but publish any more.
    pub fn is_ending(&self) -> bool {
        self.ended || self.published != 0
    }

    pub(super) fn pack(&self, out: &mut Vec<u8>) {
        put(out, self.published.into());
        out.push(u8::from(self.ended) | u8::from(self.recovers) << 1);
        put(out, self.astray.into());
    }

    pub(super) fn unpack(from: &mut &[u8]) -> Option<Masters> {
        let published = take(from)?.try_into().ok()?;
        let bits = byte(from)?;
        let astray = take(from)?.try_into().ok()?;
        let (ended, recovers) = (bits & 1 != 0, bits & 2 != 0);
        (bits < 4).then_some(Masters { published, ended, recovers, astray })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Digests of traces are made of these bytes.
    #[test]
    fn what_was_packed_is_unpacked_and_nothing_else() {
        let masters = Masters { published: 1, ended: false, recovers: true, astray: 4 };
        let mut bytes = Vec::new();
        masters.pack(&mut bytes);
        assert_eq!(bytes, [1, 2, 4]);
        assert_eq!(Masters::unpack(&mut &bytes[..]), Some(masters));
        assert_eq!(Masters::unpack(&mut &bytes[..2]), None);
        bytes[1] = 4;
        assert_eq!(Masters::unpack(&mut &bytes[..]), None, "there are two bits");
    }
}
