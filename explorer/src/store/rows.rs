//! What is kept of states that wait to be expanded.

/// A sequence of what is kept of states until they are expanded.
pub trait Rows: Default + Send + Sync {
    /// Moves one entry of `other` to the end of this.
    fn take(&mut self, other: &mut Self, at: usize);

    /// Empties it, and keeps its buffers.
    fn clear(&mut self);

    /// Bytes that it occupies.
    fn bytes(&self) -> usize;

    /// Its entries as bytes, if they have such a form: then they can wait on a disk.
    fn save(&self) -> Option<Vec<u8>> {
        None
    }

    /// Entries from bytes that [`Rows::save`] gave.
    fn load(bytes: &[u8]) -> Option<Self> {
        let _ = bytes;
        None
    }
}

/// Nothing but keys.
impl Rows for () {
    fn take(&mut self, (): &mut (), _: usize) {}

    fn clear(&mut self) {}

    fn bytes(&self) -> usize {
        0
    }
}
