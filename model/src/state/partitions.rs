//! Partitions before their producer is deployed, and after their job has ended, where a scenario asks for it.

use super::packing::{put, take};

/// What is neither tracked nor stored for an attempt: registrations under way, and what is left.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Partitions {
    /// Vertices that are SCHEDULED and whose partitions the shuffle service has not registered yet.
    pub registering: u16,
    /// Vertices with an attempt that has ended before its partitions were registered, which they still will be.
    pub late: u16,
    /// Partitions that exist, or are registered, and that nobody is going to release. Only a defect leaves any: kept
    /// for `no-partition-is-left-behind`.
    pub leaked: u32,
    /// After the end of the job: partitions that outlive it, as cluster partitions. Kept for the same.
    pub promoted: u32,
}

impl Partitions {
    pub(super) fn pack(&self, out: &mut Vec<u8>) {
        put(out, self.registering.into());
        put(out, self.late.into());
        put(out, self.leaked.into());
        put(out, self.promoted.into());
    }

    pub(super) fn unpack(from: &mut &[u8]) -> Option<Partitions> {
        Some(Partitions {
            registering: take(from)?.try_into().ok()?,
            late: take(from)?.try_into().ok()?,
            leaked: take(from)?.try_into().ok()?,
            promoted: take(from)?.try_into().ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Digests of traces are made of these bytes.
    #[test]
    fn what_was_packed_is_unpacked_and_nothing_else() {
        let some = Partitions { registering: 1, late: 1 << 7, leaked: 0, promoted: 3 };
        let mut bytes = Vec::new();
        some.pack(&mut bytes);
        assert_eq!(bytes, [1, 0x80, 1, 0, 3]);
        assert_eq!(Partitions::unpack(&mut &bytes[..]), Some(some));
        assert_eq!(Partitions::unpack(&mut &bytes[..4]), None);
    }
}
