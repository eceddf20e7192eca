//! Arguments of commands, as they are typed.

use std::borrow::Cow;

/// An argument that a shell takes as one word.
pub fn shell_word(argument: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_alphanumeric() || "-_./:\\".contains(c);
    match argument.chars().all(plain) {
        true => argument.into(),
        false => format!("'{}'", argument.replace('\'', r"'\''")).into(),
    }
}
