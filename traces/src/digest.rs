//! The digest of a state: 64 bits that are the same on every machine and with every compiler.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// 64-bit FNV-1a of the encoding of a state, written as 16 hexadecimal digits.
///
/// It tells honest differences apart; it is no defence against a forged trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest(u64);

const OFFSET_BASIS: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;
const DIGITS: usize = 16;

impl Digest {
    /// The digest of an encoded state.
    pub fn of(encoding: &[u8]) -> Self {
        let step = |hash: u64, &byte: &u8| (hash ^ u64::from(byte)).wrapping_mul(PRIME);
        Digest(encoding.iter().fold(OFFSET_BASIS, step))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:0DIGITS$x}", self.0)
    }
}

impl FromStr for Digest {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, DigestError> {
        let is_digit = |c: char| matches!(c, '0'..='9' | 'a'..='f');
        let valid = text.len() == DIGITS && text.chars().all(is_digit);
        let value = valid.then(|| u64::from_str_radix(text, 16).ok()).flatten();
        value.map(Digest).ok_or_else(|| DigestError(text.to_owned()))
    }
}

impl TryFrom<String> for Digest {
    type Error = DigestError;

    fn try_from(text: String) -> Result<Self, DigestError> {
        text.parse()
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.to_string()
    }
}

/// A text that is no digest.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{0}` is not a digest; one has {DIGITS} lower-case hexadecimal digits")]
pub struct DigestError(String);

#[cfg(test)]
mod tests {
    use super::*;

    /// Published vectors of 64-bit FNV-1a: these values are part of the trace format.
    #[test]
    fn digests_are_fnv_1a() {
        assert_eq!(Digest::of(b"").to_string(), "cbf29ce484222325");
        assert_eq!(Digest::of(b"a").to_string(), "af63dc4c8601ec8c");
        assert_eq!(Digest::of(b"foobar").to_string(), "85944171f73967e8");
    }

    #[test]
    fn short_values_keep_their_leading_zeros() {
        let digest = Digest(0x2a);
        assert_eq!(digest.to_string(), "000000000000002a");
        assert_eq!(digest.to_string().parse(), Ok(digest));
    }

    #[test]
    fn only_sixteen_lower_case_digits_are_a_digest() {
        for text in ["", "2a", "+00000000000002a", "CBF29CE484222325", "cbf29ce4842223250", "ü"] {
            assert_eq!(text.parse::<Digest>(), Err(DigestError(text.to_owned())), "{text}");
        }
    }
}
