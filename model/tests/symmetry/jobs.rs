//! Small jobs with subtasks to exchange, one for every rule of what may change places.

use failproof_model::job_graph::{
    Operator, Partitioner as P, ResultPartitionType as T, SinkCommit, Storage,
};
use failproof_model::scenario::{Defect, FaultKind, Grain, Mechanism as M};

use crate::setup::{ALL_FINE, Setup, edge, job, sink, source, stored_in, task};

/// So many producers of so many rows each, so many sinks, one exchange; reads are fine.
fn exchange(subtasks: [usize; 2], rows: usize, by: P, kind: T) -> Setup {
    let vertices =
        vec![source("A", subtasks[0], rows), sink("C", subtasks[1], SinkCommit::AtJobEnd)];
    job(vertices, vec![edge(0, 1, by, kind)]).fine(&[M::Reads])
}

/// Two subtasks of three vertices; reads are fine.
fn chain(first: P, operator: Operator, second: P, commit: SinkCommit) -> Setup {
    let vertices = vec![source("A", 2, 1), task("B", 2, operator), sink("C", 2, commit)];
    let edges = vec![edge(0, 1, first, T::Blocking), edge(1, 2, second, T::Blocking)];
    job(vertices, edges).fine(&[M::Reads])
}

/// Everything runs at home, and no TaskManager can be lost.
fn together(setup: Setup) -> Setup {
    let vertices = setup.0.job.execution_vertices();
    setup.placement(1, &vec![0; vertices])
}

fn coarse(mut setup: Setup) -> Setup {
    setup.0.grain = Grain::default();
    setup
}

fn at_once(mut setup: Setup, commit: SinkCommit) -> Setup {
    setup.0.job.vertices[1].sink = Some(commit);
    setup
}

const THROWS: &[FaultKind] = &[FaultKind::TaskThrows];
const LOSSES: &[FaultKind] = &[FaultKind::PartitionLost, FaultKind::ReadFails];
const DEATHS: &[FaultKind] = &[FaultKind::TaskManagerDies];
const TROUBLE: &[FaultKind] =
    &[FaultKind::TaskThrows, FaultKind::TaskManagerDies, FaultKind::PartitionLost];

/// Every partitioner between two stages of two.
fn partitioners() -> Vec<(&'static str, Setup)> {
    let exchanged = |by| exchange([2, 2], 1, by, T::Blocking).faults(1, TROUBLE);
    vec![
        ("FORWARD", exchanged(P::Forward)),
        ("HASH", exchanged(P::Hash)),
        ("BROADCAST", exchanged(P::Broadcast)),
        ("GLOBAL", exchanged(P::Global)),
        ("RESCALE", exchange([2, 4], 2, P::Rescale, T::Blocking).faults(1, THROWS)),
        ("REBALANCE", exchanged(P::Rebalance)),
        ("SHUFFLE", exchanged(P::Shuffle)),
        ("CUSTOM", exchanged(P::Custom)),
        ("CUSTOM_RANDOM", exchanged(P::CustomRandom)),
        ("CUSTOM_MISDECLARED", exchanged(P::CustomMisdeclared)),
        ("RANGE", exchange([2, 2], 2, P::Range, T::Blocking).keys(4).faults(1, TROUBLE)),
        ("HASH, a key twice", exchange([2, 2], 2, P::Hash, T::Blocking).faults(1, LOSSES)),
        ("HASH, one key", exchange([2, 2], 1, P::Hash, T::Blocking).keys(1).faults(1, LOSSES)),
    ]
}

/// What of machines and losses may change places.
fn clusters() -> Vec<(&'static str, Setup)> {
    let shuffled = |a, c| exchange([a, c], 1, P::Shuffle, T::Blocking);
    vec![
        ("one machine", together(shuffled(2, 2)).faults(1, THROWS)),
        ("one machine, lost", together(shuffled(2, 2)).faults(1, DEATHS)),
        ("three machines", exchange([3, 3], 1, P::Forward, T::Blocking).faults(1, TROUBLE)),
        ("two of three machines lost", exchange([3, 1], 1, P::Hash, T::Blocking).faults(2, DEATHS)),
        ("both machines lost", shuffled(2, 1).faults(2, DEATHS).fine(&[M::Detection])),
        ("both machines lost, all restart", shuffled(2, 1).preset("restart-all").faults(2, DEATHS)),
        ("two machines for nobody", shuffled(1, 1).placement(4, &[0, 0]).faults(2, DEATHS)),
        ("a machine for nobody", shuffled(1, 1).placement(3, &[0, 0]).faults(2, DEATHS)),
        (
            "machines do not return",
            shuffled(2, 2).without_returns().faults(1, DEATHS).fine(&[M::Detection]),
        ),
        ("round robin of three", together(exchange([1, 3], 3, P::Rebalance, T::Blocking))),
        ("round robin of one row", together(exchange([1, 3], 1, P::Rebalance, T::Blocking))),
        ("coarse reads", coarse(shuffled(2, 2)).faults(1, THROWS)),
        ("coarse reads, two readers", coarse(together(shuffled(1, 3))).faults(1, THROWS)),
    ]
}

/// What operators tell apart, and when sinks commit.
fn operators() -> Vec<(&'static str, Setup)> {
    use Operator::{FirstSeen, Limit, Nondeterministic, PerKey, PerRow, RowNumber, Sample};
    use SinkCommit::{AtJobEnd, AtOnce, PerTask};
    let two = |by, operator| chain(by, operator, P::Hash, AtJobEnd).faults(1, THROWS);
    let keys = |keys, operator| together(two(P::Broadcast, operator).keys(keys));
    vec![
        ("per row", chain(P::Rebalance, PerRow, P::Hash, AtJobEnd).faults(1, DEATHS)),
        ("per key", two(P::Hash, PerKey)),
        ("per key, dealt out", together(chain(P::Hash, PerKey, P::Rebalance, AtJobEnd))),
        ("per key, one key", keys(1, PerKey)),
        ("limit", together(two(P::Shuffle, Limit))),
        ("row number", together(two(P::Shuffle, RowNumber))),
        ("first seen, one key", keys(1, FirstSeen)),
        ("first seen, two keys", keys(2, FirstSeen)),
        ("sample", together(two(P::Shuffle, Sample))),
        ("nondeterministic", together(two(P::Hash, Nondeterministic))),
        (
            "sinks that commit at once",
            chain(P::Hash, PerRow, P::Forward, AtOnce).faults(1, TROUBLE).fine(ALL_FINE),
        ),
        ("sinks that commit each", chain(P::Hash, PerRow, P::Forward, PerTask).faults(1, TROUBLE)),
    ]
}

/// How the engine recovers.
fn designs() -> Vec<(&'static str, Setup)> {
    let base = |name| chain(P::Hash, Operator::PerKey, P::Hash, SinkCommit::AtJobEnd).preset(name);
    let hybrid = exchange([2, 2], 1, P::Rebalance, T::HybridSelective);
    let bounded = |setup: Setup| setup.design(|design| design.restart_attempts = Some(1));
    let reliable = |mut setup: Setup| {
        setup.0.job.edges[0] = stored_in(Storage::Reliable, &setup.0.job.edges[0]);
        setup
    };
    vec![
        ("restart-all", base("restart-all").faults(1, TROUBLE)),
        ("flink-1.3", base("flink-1.3").faults(1, TROUBLE)),
        ("article-1.9", base("article-1.9").faults(1, TROUBLE)),
        ("flink-1.9", base("flink-1.9").faults(1, TROUBLE)),
        ("affected", base("affected").faults(1, TROUBLE)),
        ("two failures", together(base("affected").faults(2, LOSSES))),
        ("pipelined", exchange([2, 2], 1, P::Hash, T::Pipelined).faults(1, DEATHS)),
        ("pipelined, point-wise", exchange([2, 2], 1, P::Forward, T::Pipelined).faults(1, TROUBLE)),
        ("approximate", exchange([2, 2], 1, P::Hash, T::PipelinedApproximate).faults(1, DEATHS)),
        ("hybrid", at_once(hybrid, SinkCommit::PerTask).faults(1, TROUBLE)),
        ("bounded", bounded(exchange([2, 2], 1, P::Hash, T::HybridFull).faults(2, LOSSES))),
        ("reliable", reliable(exchange([2, 2], 1, P::Hash, T::Blocking)).faults(2, DEATHS)),
        (
            "slots and disks",
            exchange([2, 2], 1, P::Hash, T::Blocking)
                .fine(&[M::Deployment])
                .faults(2, &[FaultKind::SlotTimesOut, FaultKind::DiskFull, FaultKind::ReadFails]),
        ),
        ("fine", exchange([2, 2], 1, P::Hash, T::Blocking).fine(ALL_FINE).faults(1, TROUBLE)),
        ("a defect", base("flink-2").defect(Defect::ForgetReset).faults(1, THROWS)),
        ("stale reports", {
            let fine = exchange([2, 2], 1, P::Hash, T::Blocking).fine(ALL_FINE);
            let mut fine = fine.defect(Defect::AcceptStaleReport).faults(1, DEATHS);
            fine.0.job.vertices[1].operator = Operator::Nondeterministic;
            fine
        }),
        ("lineage", {
            let mut kept = exchange([2, 2], 1, P::Hash, T::Blocking).faults(1, THROWS);
            kept.0.lineage = true;
            kept
        }),
    ]
}

/// All of them.
pub(crate) fn all() -> Vec<(&'static str, Setup)> {
    [partitioners(), clusters(), operators(), designs()].concat()
}
