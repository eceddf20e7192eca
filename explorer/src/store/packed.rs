//! Words that small states are packed into.

use std::borrow::Cow;

use stateright::Model;

use super::Store;

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

    /// Its bytes, the lowest first.
    fn bytes(self) -> impl AsRef<[u8]>;

    /// The word of these bytes.
    fn of_bytes(bytes: &[u8]) -> Option<Self>;
}

impl Word for u64 {
    /// The finaliser of MurmurHash3, which has an inverse.
    #[inline]
    fn mix(self) -> u64 {
        let word = (self ^ (self >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        let word = (word ^ (word >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
        word ^ (word >> 33)
    }

    fn bytes(self) -> impl AsRef<[u8]> {
        self.to_le_bytes()
    }

    fn of_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self::from_le_bytes)
    }
}

impl Word for u128 {
    #[inline]
    fn mix(self) -> u64 {
        let high = ((self >> 64) as u64).wrapping_add(0x9e37_79b9_7f4a_7c15).mix();
        (self as u64 ^ high).mix()
    }

    fn bytes(self) -> impl AsRef<[u8]> {
        self.to_le_bytes()
    }

    fn of_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self::from_le_bytes)
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

    fn save(&self, key: &M::Word, (): &(), _: usize, out: &mut Vec<u8>) -> bool {
        out.extend_from_slice(key.bytes().as_ref());
        true
    }

    fn restore(&self, _: &M, saved: &[u8], (): &mut ()) -> Option<M::Word> {
        M::Word::of_bytes(saved)
    }
}
