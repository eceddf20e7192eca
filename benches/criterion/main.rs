//! How fast the parts are, one subject a file.
//!
//! `cargo bench -p failproof-benches` measures all, `cargo bench -p failproof-benches -- replay` one of them, and
//! `cargo bench -p failproof-benches -- --test` sees that they work.

mod encoding;
mod exploration;
mod replay;
mod samples;
mod symmetry;
mod transitions;

use criterion::{criterion_group, criterion_main};

criterion_group!(
    benches,
    transitions::bench,
    exploration::bench,
    encoding::bench,
    symmetry::bench,
    replay::bench
);
criterion_main!(benches);
