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

use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};

/// Enough to tell a change of some percent, and all of it in some minutes.
fn quick() -> Criterion {
    let criterion = Criterion::default().sample_size(20);
    criterion.warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(3))
}

criterion_group! {
    name = benches;
    config = quick();
    targets =
        transitions::bench, exploration::bench, encoding::bench, symmetry::bench, replay::bench
}
criterion_main!(benches);
