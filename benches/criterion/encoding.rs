//! States a second into what is kept of them, and back.

use std::hint::black_box;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput};
use failproof_checker::run::{StateCodec, WithModel, with_model};
use failproof_explorer::reference_models::region_failover::{A, RegionFailover};
use failproof_explorer::{Encoded, Fingerprints, Packed, Rows, Store};
use failproof_model::failover::Failover;
use stateright::Model;

use crate::samples::{reachable, scenario};

const SCENARIO: &str = "headline-shuffle-disk-one-more-row";

pub(crate) fn bench(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("encoding/region-failover A");
    let model = RegionFailover::new(A);
    let states = reachable(&model);
    store(&mut group, "word", &Packed, &model, &states);
    store(&mut group, "fingerprint", &Fingerprints, &model, &states);
    group.finish();

    let mut group = criterion.benchmark_group(format!("encoding/{SCENARIO}"));
    let scenario = scenario(SCENARIO).scenario;
    with_model(&scenario, Encodings { group: &mut group }).expect("the model holds it");
    group.finish();
}

struct Encodings<'g, 'c> {
    group: &'g mut BenchmarkGroup<'c, WallTime>,
}

impl WithModel for Encodings<'_, '_> {
    type Output = ();

    fn with<const V: usize>(self, model: Failover<V>) {
        let states = reachable(&model);
        store(self.group, "fingerprint", &Fingerprints, &model, &states);
        store(self.group, "bytes and fingerprint", &Encoded(StateCodec), &model, &states);
        let mut bytes = Vec::new();
        self.group.bench_function("bytes for digests", |bencher| {
            bencher.iter(|| {
                for state in &states {
                    bytes.clear();
                    black_box(state).encode(&mut bytes);
                    black_box(&bytes);
                }
            });
        });
    }
}

/// Closing states, as an exploration does with every one that it generates, and hashing their keys.
fn store<M: Model, S: Store<M>>(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    store: &S,
    model: &M,
    states: &[M::State],
) where
    M::State: Clone,
{
    let mut rows = S::Rows::default();
    group.throughput(Throughput::Elements(states.len() as u64));
    group.bench_function(format!("close: {name}"), |bencher| {
        bencher.iter(|| {
            rows.clear();
            for state in states {
                let key = store.close(model, black_box(state).clone(), &mut rows);
                black_box(store.hash(&key));
            }
        });
    });
    rows.clear();
    let keys: Vec<S::Key> =
        states.iter().map(|state| store.close(model, state.clone(), &mut rows)).collect();
    group.bench_function(format!("open: {name}"), |bencher| {
        bencher.iter(|| {
            for (at, key) in keys.iter().enumerate() {
                black_box(store.open(model, black_box(key), &rows, at).into_owned());
            }
        });
    });
}
