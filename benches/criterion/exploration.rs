//! Distinct states a second: of the model by which checkers are compared, and of scenarios with all their properties.

use criterion::{Criterion, Throughput};
use failproof_checker::explore::Control;
use failproof_checker::run::{Options, Reductions, run};
use failproof_explorer::reference_models::region_failover::{A, Consistency, RegionFailover};
use failproof_explorer::{Explorer, Packed};

use crate::samples::scenario;

/// Distinct states of size A.
const STATES: usize = 176_691;

/// A job that is one region, one whose sources share a pool of splits, and the one of the most states.
const SCENARIOS: [&str; 3] =
    ["fully-connected", "article-dynamic-splits", "headline-shuffle-disk-one-more-subtask"];

pub(crate) fn bench(criterion: &mut Criterion) {
    region_failover(criterion);
    scenarios(criterion);
}

fn region_failover(criterion: &mut Criterion) {
    let model = RegionFailover::new(A);
    let mut group = criterion.benchmark_group("exploration/region-failover A");
    group.throughput(Throughput::Elements(STATES as u64));
    for threads in [1, 2] {
        group.bench_function(format!("threads {threads}"), |bencher| {
            bencher.iter(|| {
                let explorer = Explorer::new(&model, &Consistency).store(&Packed).threads(threads);
                let (result, space) = explorer.explore(Control::default());
                assert_eq!(result.distinct, STATES);
                space
            });
        });
    }
    group.finish();
}

/// As `failproof check` explores them. With reductions the states are still those that there are: they are settled,
/// though not visited.
fn scenarios(criterion: &mut Criterion) {
    for name in SCENARIOS {
        let file = scenario(name);
        let states = file.expectation.states.expect("pinned by the gate");
        let mut group = criterion.benchmark_group(format!("exploration/{name}"));
        group.sample_size(10).throughput(Throughput::Elements(states as u64));
        for (title, reductions) in [("all states", Reductions::NONE), ("reduced", Reductions::ALL)]
        {
            let options = Options { reductions, ..Options::default() };
            group.bench_function(title, |bencher| {
                bencher.iter(|| {
                    let result = run(&file.scenario, &options, Control::default());
                    let result = result.expect("the model holds it");
                    assert!(result.complete);
                    assert!(reductions != Reductions::NONE || result.states == states);
                    result
                });
            });
        }
        group.finish();
    }
}
