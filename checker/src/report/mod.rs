//! Reports of runs, one output format a file.

pub mod human;
pub mod json;
pub mod quantity;
#[cfg(test)]
pub(crate) mod sample;
pub mod shell_word;
pub mod statistics;
pub mod style;
pub mod table;
mod walks;
