//! Steps a second of the models alone: what is enabled in a state, and what each action makes of it.

use std::hash::Hash;
use std::hint::black_box;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput};
use failproof_checker::run::{WithModel, with_model};
use failproof_explorer::Explorable;
use failproof_explorer::reference_models::region_failover::{A, RegionFailover};
use failproof_model::failover::Failover;

use crate::samples::{reachable, scenario};

/// A job that is one region, regions with blocking exchanges between them, and sources that share a pool of splits.
const SCENARIOS: [&str; 3] =
    ["fully-connected", "pipelines-that-exchange", "dynamic-splits-read-early"];

pub(crate) fn bench(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("transitions");
    steps(&mut group, "region-failover A", &RegionFailover::new(A));
    for name in SCENARIOS {
        let scenario = scenario(name).scenario;
        with_model(&scenario, Steps { group: &mut group, name }).expect("the model holds it");
    }
    group.finish();
}

struct Steps<'g, 'c> {
    group: &'g mut BenchmarkGroup<'c, WallTime>,
    name: &'g str,
}

impl WithModel for Steps<'_, '_> {
    type Output = ();

    fn with<const V: usize>(self, model: Failover<V>) {
        steps(self.group, self.name, &model);
    }
}

/// Takes every step out of every state of a sample.
fn steps<M>(group: &mut BenchmarkGroup<'_, WallTime>, name: &str, model: &M)
where
    M: Explorable,
    M::State: Eq + Hash,
{
    let states = reachable(model);
    let mut actions = Vec::new();
    let mut take_all = || {
        let mut steps = 0;
        for state in &states {
            model.actions(black_box(state), &mut actions);
            for action in actions.drain(..) {
                black_box(model.next_state(state, action));
                steps += 1;
            }
        }
        steps
    };
    group.throughput(Throughput::Elements(take_all()));
    group.bench_function(name, |bencher| bencher.iter(&mut take_all));
}
