//! Reports of runs, one output format a file.

pub mod columns;
mod found;
pub mod github;
pub mod human;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod quantity;
#[cfg(test)]
pub(crate) mod sample;
pub mod sarif;
pub mod shell_word;
pub mod statistics;
pub mod style;
pub mod table;
mod walks;
