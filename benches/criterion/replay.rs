//! Traces: reading one, and taking its steps again.

use std::hint::black_box;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput};
use failproof_checker::run::{WithModel, encode, with_model};
use failproof_checker::scenario_file::{Surroundings, parse};
use failproof_model::failover::Failover;
use failproof_traces::{Trace, replay};

/// The longest of the committed traces.
const TEXT: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../traces/corpus/article-order-sensitive.outcome-is-transparent.json"
));

pub(crate) fn bench(criterion: &mut Criterion) {
    let trace = Trace::read(TEXT).expect("a committed trace");
    let file = parse("the trace", &trace.scenario, &Surroundings::real());
    let scenario = file.expect("a committed trace holds a scenario").scenario;
    let mut group = criterion.benchmark_group("replay");
    group.throughput(Throughput::Elements(trace.steps.len() as u64));
    group.bench_function("read", |bencher| bencher.iter(|| Trace::read(black_box(TEXT))));
    let replaying = Replaying { group: &mut group, trace: &trace };
    with_model(&scenario, replaying).expect("the model holds it");
    group.finish();
}

struct Replaying<'g, 'c> {
    group: &'g mut BenchmarkGroup<'c, WallTime>,
    trace: &'g Trace,
}

impl WithModel for Replaying<'_, '_> {
    type Output = ();

    fn with<const V: usize>(self, model: Failover<V>) {
        self.group.bench_function("take the steps", |bencher| {
            bencher.iter(|| {
                let replayed = replay(&model, black_box(self.trace), encode);
                replayed.expect("a committed trace replays")
            });
        });
    }
}
