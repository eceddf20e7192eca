//! The command line of failproof.
fn main() {}
