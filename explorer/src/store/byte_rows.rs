//! States as bytes, until they are expanded.

use super::{Rows, fingerprint};

/// States as bytes, one behind the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ByteRows {
    bytes: Vec<u8>,
    ends: Vec<u32>,
}

impl ByteRows {
    /// Adds a row of what `write` puts at the end, and gives its fingerprint.
    pub(super) fn push(&mut self, write: impl FnOnce(&mut Vec<u8>)) -> u64 {
        let start = self.bytes.len();
        write(&mut self.bytes);
        self.ends.push(self.bytes.len() as u32);
        fingerprint(&self.bytes[start..])
    }

    pub(super) fn get(&self, at: usize) -> &[u8] {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        &self.bytes[start..self.ends[at] as usize]
    }
}

impl Rows for ByteRows {
    fn take(&mut self, other: &mut Self, at: usize) {
        self.bytes.extend_from_slice(other.get(at));
        self.ends.push(self.bytes.len() as u32);
    }

    fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
    }

    fn bytes(&self) -> usize {
        self.bytes.capacity() + self.ends.capacity() * size_of::<u32>()
    }

    fn save(&self) -> Option<Vec<u8>> {
        let mut saved = (self.ends.len() as u32).to_le_bytes().to_vec();
        saved.extend(self.ends.iter().flat_map(|end| end.to_le_bytes()));
        saved.extend(&self.bytes);
        Some(saved)
    }

    fn load(saved: &[u8]) -> Option<Self> {
        let (len, rest) = saved.split_first_chunk::<4>()?;
        let (ends, bytes) = rest.split_at_checked(4 * u32::from_le_bytes(*len) as usize)?;
        let ends: Vec<u32> =
            ends.as_chunks::<4>().0.iter().map(|end| u32::from_le_bytes(*end)).collect();
        let in_order = ends.windows(2).all(|pair| pair[0] <= pair[1]);
        let whole = ends.last().map_or(0, |&end| end as usize) == bytes.len();
        (in_order && whole).then(|| ByteRows { bytes: bytes.to_vec(), ends })
    }
}
