//! Benchmarks of failproof; see `benches/`.
