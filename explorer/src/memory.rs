//! What the buffers of an exploration occupy, and the limit on it.

use super::limits::Stopped;

/// The bytes claimed by own buffers. What a state keeps on the heap is not seen here: states should be plain data.
#[derive(Debug)]
pub(super) struct Memory {
    used: usize,
    peak: usize,
    limit: Option<usize>,
}

impl Memory {
    pub(super) const fn new(limit: Option<usize>) -> Self {
        Memory { used: 0, peak: 0, limit }
    }

    /// Asks for `bytes` before they are allocated: an error means that they must not be.
    pub(super) fn claim(&mut self, bytes: usize) -> Result<(), Stopped> {
        let wanted = self.used.saturating_add(bytes);
        if self.limit.is_some_and(|limit| wanted > limit) {
            return Err(self.refused());
        }
        self.used = wanted;
        self.peak = self.peak.max(wanted);
        Ok(())
    }

    /// Claims or gives back what makes the difference between `claimed`, which was claimed before, and `bytes`.
    pub(super) fn adjust(&mut self, claimed: &mut usize, bytes: usize) -> Result<(), Stopped> {
        if bytes > *claimed {
            self.claim(bytes - *claimed)?;
        } else {
            self.release(*claimed - bytes);
        }
        *claimed = bytes;
        Ok(())
    }

    /// Gives back `bytes` that were claimed.
    pub(super) fn release(&mut self, bytes: usize) {
        self.used = self.used.saturating_sub(bytes);
    }

    /// Why a run ends that could not get memory: for its limit, or because the machine has no more than it used.
    pub(super) fn refused(&self) -> Stopped {
        Stopped::Memory(self.limit.unwrap_or(self.used))
    }

    pub(super) const fn limit(&self) -> Option<usize> {
        self.limit
    }

    /// Whether more than three quarters of the limit are used.
    pub(super) fn is_short(&self) -> bool {
        self.limit.is_some_and(|limit| self.used > limit / 4 * 3)
    }

    pub(super) const fn used(&self) -> usize {
        self.used
    }

    pub(super) const fn peak(&self) -> usize {
        self.peak
    }
}
