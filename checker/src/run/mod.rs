//! Runs one scenario: from its text to what is said of it.

pub mod result;
