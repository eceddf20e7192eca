//! Representatives a second: what it costs to take one state for all that differ in names alone.

use std::hint::black_box;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput};
use failproof_checker::run::{WithModel, with_model};
use failproof_model::failover::Failover;
use failproof_model::scenario::Mechanism;

use crate::samples::{reachable, scenario};

/// Subtasks with one row each, with two, and in pipelines. With fine reads all of them have symmetry.
const SCENARIOS: [&str; 3] =
    ["headline-rebalance-disk", "headline-shuffle-disk-one-more-row", "pipelines-that-exchange"];

pub(crate) fn bench(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("symmetry");
    for name in SCENARIOS {
        let mut scenario = scenario(name).scenario;
        scenario.grain.set(Mechanism::Reads, true);
        with_model(&scenario, Canonical { group: &mut group, name }).expect("the model holds it");
    }
    group.finish();
}

struct Canonical<'g, 'c> {
    group: &'g mut BenchmarkGroup<'c, WallTime>,
    name: &'g str,
}

impl WithModel for Canonical<'_, '_> {
    type Output = ();

    fn with<const V: usize>(self, model: Failover<V>) {
        let symmetry = model.symmetry();
        assert!(symmetry.order() > 1, "{} has no symmetry to measure", self.name);
        let states = reachable(&model);
        self.group.throughput(Throughput::Elements(states.len() as u64));
        self.group.bench_function(self.name, |bencher| {
            bencher.iter(|| {
                for state in &states {
                    black_box(symmetry.canonical(black_box(state)));
                }
            });
        });
    }
}
