//! Small scenarios put together at random, out of everything that a scenario can be made of.

use failproof_model::design::{PRESETS, Preset};
use failproof_model::failover::Failover;
use failproof_model::job_graph::{
    JobEdge, JobVertex, Operator, Partitioner as P, ResultPartitionType, SinkCommit, Storage,
};
use failproof_model::scenario::{FaultKind, Grain, Scenario};
use proptest::prelude::*;
use proptest::sample::select;

use crate::setup::{ALL_FINE, Setup, TROUBLES, edge, job, sink, source, task};

const PARTITIONERS: &[P] =
    &[P::Forward, P::Hash, P::Broadcast, P::Rescale, P::Rebalance, P::Shuffle, P::Range];
const OPERATORS: &[Operator] = &[
    Operator::PerRow,
    Operator::PerKey,
    Operator::Limit,
    Operator::FirstSeen,
    Operator::Nondeterministic,
];
const COMMITS: &[SinkCommit] = &[SinkCommit::AtJobEnd, SinkCommit::PerTask, SinkCommit::AtOnce];

/// Between which positions there are edges; the last vertex is the sink, and those that no edge leads to are sources.
const SHAPES: &[&[(usize, usize)]] = &[
    &[(0, 1)],
    &[(0, 1), (1, 2)],
    &[(0, 2), (1, 2)],
    &[(0, 1), (0, 2), (1, 2)],
    &[(0, 1), (0, 2), (1, 3), (2, 3)],
];

/// What does not belong to the job.
#[derive(Clone, Copy, Debug)]
struct Settings {
    preset: Preset,
    grain: Grain,
    attempts: Option<u8>,
    lineage: bool,
    returns: bool,
    releases: bool,
}

/// Scenarios that the model takes.
pub(crate) fn scenarios() -> impl Strategy<Value = Scenario> {
    (vertices_and_edges(), settings(), faults())
        .prop_map(|((vertices, edges), settings, (total, kinds))| {
            settings.apply(job(vertices, edges)).faults(total, &kinds).0
        })
        .prop_filter("the model takes it", |scenario| Failover::<8>::new(scenario.clone()).is_ok())
}

impl Settings {
    fn apply(self, setup: Setup) -> Setup {
        let mut setup = setup.preset(self.preset.name).design(|design| {
            design.restart_attempts = self.attempts;
            design.release_during_job &= self.releases;
        });
        (setup.0.lineage, setup.0.cluster.returns) = (self.lineage, self.returns);
        setup.0.grain = self.grain;
        setup
    }
}

fn vertices_and_edges() -> impl Strategy<Value = (Vec<JobVertex>, Vec<JobEdge>)> {
    let edges = proptest::collection::vec(
        (select(PARTITIONERS), select(&ResultPartitionType::ALL[..]), any::<bool>()),
        4,
    );
    let vertices = proptest::collection::vec((1..=2usize, select(OPERATORS)), 3);
    let sink_of = (1..=2usize, select(COMMITS));
    (select(SHAPES), edges, vertices, sink_of, 1..=2usize).prop_map(
        |(shape, kinds, inner, (parallelism, commit), rows)| {
            let last = shape.iter().map(|&(_, to)| to).max().unwrap_or_default();
            let vertex = |v: usize| {
                let name = ["A", "B", "C", "D"][v];
                let is_source = shape.iter().all(|&(_, to)| to != v);
                let (parallelism_of_inner, operator) = inner[v.min(2)];
                match (v == last, is_source) {
                    (true, _) => sink(name, parallelism, commit),
                    (false, true) => source(name, parallelism_of_inner, rows),
                    (false, false) => task(name, parallelism_of_inner, operator),
                }
            };
            let edges = shape.iter().zip(kinds).map(|(&(from, to), (partitioner, kind, away))| {
                let edge = edge(from, to, partitioner, kind);
                let reliable = away && kind.storages().contains(&Storage::Reliable);
                JobEdge { storage: if reliable { Storage::Reliable } else { edge.storage }, ..edge }
            });
            ((0..=last).map(vertex).collect(), edges.collect())
        },
    )
}

fn settings() -> impl Strategy<Value = Settings> {
    let grain = proptest::array::uniform5(proptest::bool::weighted(0.3)).prop_map(|fine| {
        ALL_FINE.iter().zip(fine).filter_map(|(&it, fine)| fine.then_some(it)).collect::<Grain>()
    });
    let attempts = prop_oneof![3 => Just(None), 1 => Just(Some(0)), 1 => Just(Some(1))];
    (select(PRESETS), grain, attempts, any::<[bool; 3]>()).prop_map(
        |(preset, grain, attempts, [lineage, returns, releases])| Settings {
            preset,
            grain,
            attempts,
            lineage,
            returns,
            releases,
        },
    )
}

/// How many faults, and of which kinds.
fn faults() -> impl Strategy<Value = (u8, Vec<FaultKind>)> {
    (0..=2u8, proptest::sample::subsequence(TROUBLES.to_vec(), 1..=3))
}
