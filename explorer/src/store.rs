//! What is kept of a state: the whole of it, a fingerprint, or what its model packs it into.

use std::borrow::Cow;
use std::hash::{BuildHasher, Hash};

use foldhash::fast::FixedState;
use stateright::Model;

/// Decides what an exploration keeps of each state.
///
/// Of every state a key is kept to the end; two states with equal keys are taken for one. What else it takes to expand
/// a state is kept in [`Store::Rows`] until that has happened.
pub trait Store<M: Model>: Sync {
    /// What is kept of a state to the end.
    type Key: Clone + Eq + Send + Sync;
    /// What is kept of states until they are expanded.
    type Rows: Rows;

    /// How many bits of a state are compared, if not all of them.
    const FINGERPRINT_BITS: Option<u32>;

    /// The key of a state; whatever else is needed to open it again is put at the end of `rows`.
    fn close(&self, model: &M, state: M::State, rows: &mut Self::Rows) -> Self::Key;

    /// The state of a key that stands at position `at` of `rows`.
    fn open<'a>(
        &self,
        model: &M,
        key: &'a Self::Key,
        rows: &'a Self::Rows,
        at: usize,
    ) -> Cow<'a, M::State>
    where
        M::State: Clone;

    /// Spreads keys evenly over 64 bits, in the same way on every machine.
    fn hash(&self, key: &Self::Key) -> u64;
}

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

/// Whole states that wait for their turn; empty where one was taken away.
impl<S: Send + Sync> Rows for Vec<Option<S>> {
    fn take(&mut self, other: &mut Self, at: usize) {
        self.push(other[at].take());
    }

    fn clear(&mut self) {
        Vec::clear(self);
    }

    fn bytes(&self) -> usize {
        self.capacity() * size_of::<Option<S>>()
    }
}

/// Keeps and compares whole states.
#[derive(Clone, Copy, Debug, Default)]
pub struct Whole;

impl<M> Store<M> for Whole
where
    M: Model,
    M::State: Clone + Eq + Hash + Send + Sync,
{
    type Key = M::State;
    type Rows = ();

    const FINGERPRINT_BITS: Option<u32> = None;

    fn close(&self, _: &M, state: M::State, (): &mut ()) -> M::State {
        state
    }

    fn open<'a>(&self, _: &M, key: &'a M::State, (): &'a (), _: usize) -> Cow<'a, M::State> {
        Cow::Borrowed(key)
    }

    fn hash(&self, key: &M::State) -> u64 {
        fingerprint(key)
    }
}

/// Keeps a fingerprint of 64 bits of every state, and whole states only until they are expanded.
#[derive(Clone, Copy, Debug, Default)]
pub struct Fingerprints;

impl<M> Store<M> for Fingerprints
where
    M: Model,
    M::State: Clone + Hash + Send + Sync,
{
    type Key = u64;
    type Rows = Vec<Option<M::State>>;

    const FINGERPRINT_BITS: Option<u32> = Some(64);

    fn close(&self, _: &M, state: M::State, rows: &mut Self::Rows) -> u64 {
        let key = fingerprint(&state);
        rows.push(Some(state));
        key
    }

    fn open<'a>(&self, _: &M, _: &'a u64, rows: &'a Self::Rows, at: usize) -> Cow<'a, M::State> {
        match &rows[at] {
            Some(state) => Cow::Borrowed(state),
            None => unreachable!("a state is opened before it is taken away"),
        }
    }

    fn hash(&self, key: &u64) -> u64 {
        *key
    }
}

/// A model whose states fit into one or two machine words.
pub trait Pack: Model {
    /// `u64` or `u128`.
    type Word: Word;

    /// A word for each state: different ones for different states.
    fn pack(&self, state: &Self::State) -> Self::Word;

    /// The state of a word that [`Pack::pack`] gave.
    fn unpack(&self, word: Self::Word) -> Self::State;
}

/// What a small state is packed into.
pub trait Word: Copy + Eq + Send + Sync {
    /// Spreads words evenly over 64 bits; one to one, where there are no more.
    fn mix(self) -> u64;
}

impl Word for u64 {
    /// The finaliser of MurmurHash3, which has an inverse.
    #[inline]
    fn mix(self) -> u64 {
        let word = (self ^ (self >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        let word = (word ^ (word >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
        word ^ (word >> 33)
    }
}

impl Word for u128 {
    #[inline]
    fn mix(self) -> u64 {
        let high = ((self >> 64) as u64).wrapping_add(0x9e37_79b9_7f4a_7c15).mix();
        (self as u64 ^ high).mix()
    }
}

/// Keeps what the model packs its states into, and so compares them exactly.
#[derive(Clone, Copy, Debug, Default)]
pub struct Packed;

impl<M: Pack> Store<M> for Packed {
    type Key = M::Word;
    type Rows = ();

    const FINGERPRINT_BITS: Option<u32> = None;

    #[inline]
    fn close(&self, model: &M, state: M::State, (): &mut ()) -> M::Word {
        model.pack(&state)
    }

    #[inline]
    fn open<'a>(&self, model: &M, key: &'a M::Word, (): &'a (), _: usize) -> Cow<'a, M::State>
    where
        M::State: Clone,
    {
        Cow::Owned(model.unpack(*key))
    }

    #[inline]
    fn hash(&self, key: &M::Word) -> u64 {
        key.mix()
    }
}

/// A model that can write its states as bytes.
pub trait Encode: Model {
    /// Writes a state at the end of `out`: different bytes for different states, and the same on every machine.
    fn encode(&self, state: &Self::State, out: &mut Vec<u8>);

    /// The state that [`Encode::encode`] wrote; none if it wrote no such bytes.
    fn decode(&self, bytes: &[u8]) -> Option<Self::State>;
}

/// Keeps a fingerprint of 64 bits of every state, and its bytes until it is expanded.
#[derive(Clone, Copy, Debug, Default)]
pub struct Encoded;

impl<M: Encode> Store<M> for Encoded {
    type Key = u64;
    type Rows = ByteRows;

    const FINGERPRINT_BITS: Option<u32> = Some(64);

    fn close(&self, model: &M, state: M::State, rows: &mut ByteRows) -> u64 {
        let start = rows.bytes.len();
        model.encode(&state, &mut rows.bytes);
        rows.ends.push(rows.bytes.len() as u32);
        fingerprint(&rows.bytes[start..])
    }

    fn open<'a>(&self, model: &M, _: &'a u64, rows: &'a ByteRows, at: usize) -> Cow<'a, M::State>
    where
        M::State: Clone,
    {
        match model.decode(rows.get(at)) {
            Some(state) => Cow::Owned(state),
            None => unreachable!("a model decodes what it has encoded"),
        }
    }

    fn hash(&self, key: &u64) -> u64 {
        *key
    }
}

/// States as bytes, one behind the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ByteRows {
    bytes: Vec<u8>,
    ends: Vec<u32>,
}

impl ByteRows {
    fn get(&self, at: usize) -> &[u8] {
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

/// A hash of 64 bits, the same on every run.
fn fingerprint<T: Hash + ?Sized>(value: &T) -> u64 {
    FixedState::default().hash_one(value)
}
