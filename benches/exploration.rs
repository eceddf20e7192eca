//! Distinct states a second, on the model by which checkers are compared.
//!
//! `cargo bench -p failproof-benches` measures size A; other sizes are for runs of their own.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use failproof_explorer::reference_models::region_failover::{A, Consistency, RegionFailover};
use failproof_explorer::{Control, Limits, explore};

/// Distinct states of size A.
const STATES: u64 = 176_691;

fn region_failover(criterion: &mut Criterion) {
    let model = RegionFailover::new(A);
    let mut group = criterion.benchmark_group("region-failover");
    group.sample_size(20).throughput(Throughput::Elements(STATES));
    group.bench_function("A", |bencher| {
        bencher.iter(|| {
            let (result, space) =
                explore(&model, &Consistency, Limits::default(), Control::default());
            assert_eq!(result.distinct as u64, STATES);
            space
        });
    });
    group.finish();
}

criterion_group!(benches, region_failover);
criterion_main!(benches);
