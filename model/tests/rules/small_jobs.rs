//! Small jobs of every kind, and the exact sizes of their state spaces.

use failproof_model::design::{MasterFailover, Publication, RestartBackoff, Snapshots};
use failproof_model::job_graph::{
    JobGraph, JobVertex, Operator, Partitioner as P, ResultPartitionType as T, SinkCommit,
};
use failproof_model::scenario::{FaultKind, Mechanism as M};

use crate::setup::{ALL_FINE, Setup, edge, job, pulling, sink, source, task};

/// One or two producers, two consumers, REBALANCE.
pub(crate) fn rebalanced(producers: usize, result_type: T, commit: SinkCommit) -> Setup {
    let vertices = vec![source("A", producers, 1), sink("C", 2, commit)];
    job(vertices, vec![edge(0, 1, P::Rebalance, result_type)])
}

/// Three stages of one or two subtasks.
pub(crate) fn chained(first: T, second: T) -> Setup {
    let vertices =
        vec![source("A", 1, 2), task("B", 2, Operator::PerKey), sink("C", 1, SinkCommit::AtJobEnd)];
    job(vertices, vec![edge(0, 1, P::Hash, first), edge(1, 2, P::Hash, second)])
}

/// A to B and C, and both to D.
pub(crate) fn diamond(left: T, right: T) -> Setup {
    let vertices = vec![
        source("A", 1, 1),
        task("B", 1, Operator::PerRow),
        task("C", 1, Operator::Nondeterministic),
        sink("D", 1, SinkCommit::AtJobEnd),
    ];
    let edges = vec![
        edge(0, 1, P::Forward, left),
        edge(0, 2, P::Forward, right),
        edge(1, 3, P::Forward, left),
        edge(2, 3, P::Forward, right),
    ];
    job(vertices, edges)
}

/// Two slices that share their slots, before Flink 1.12: one region.
pub(crate) fn co_located() -> Setup {
    let vertices = vec![source("A", 2, 1), sink("C", 2, SinkCommit::AtJobEnd)];
    let mut setup = job(vertices, vec![edge(0, 1, P::Forward, T::Pipelined)]);
    setup.0.job = JobGraph { co_location: vec![vec![0, 1]], ..setup.0.job };
    setup
}

/// Two subtasks that pull their splits, and an exchange by which each consumer reads one or both of them.
pub(crate) fn pulled(partitioner: P, result_type: T, operator: Operator) -> Setup {
    let consumer = JobVertex { operator, ..sink("C", 2, SinkCommit::AtJobEnd) };
    job(vec![pulling("A", 2, 1), consumer], vec![edge(0, 1, partitioner, result_type)])
}

/// The same with a journal.
fn journalled(setup: Setup) -> Setup {
    setup.design(|design| {
        design.master_failover = MasterFailover::Journal;
        design.snapshots = Snapshots::Always;
    })
}

const THROWS: &[FaultKind] = &[FaultKind::TaskThrows];
const TROUBLE: &[FaultKind] =
    &[FaultKind::TaskThrows, FaultKind::TaskManagerDies, FaultKind::PartitionLost];

/// Sources and consumers of which there are one or two each.
fn decided_later() -> Setup {
    let adaptive = |vertex: JobVertex| JobVertex { adaptive: true, ..vertex };
    let vertices = vec![adaptive(pulling("A", 2, 1)), adaptive(sink("C", 2, SinkCommit::AtJobEnd))];
    job(vertices, vec![edge(0, 1, P::Rebalance, T::HybridFull)])
}

/// Scenarios that differ in everything, each of at most some ten thousand states.
pub(crate) fn all() -> Vec<(&'static str, Setup)> {
    use SinkCommit::{AtJobEnd, AtOnce, PerTask};
    let fails = |setup: Setup| setup.design(|design| design.restart_attempts = Some(1));
    vec![
        ("blocking", rebalanced(2, T::Blocking, AtJobEnd).faults(1, TROUBLE)),
        ("blocking, fine", rebalanced(1, T::Blocking, AtJobEnd).fine(ALL_FINE).faults(1, TROUBLE)),
        ("blocking, per task", fails(rebalanced(1, T::Blocking, PerTask)).faults(2, TROUBLE)),
        ("blocking, at once", fails(rebalanced(2, T::Blocking, AtOnce)).faults(1, TROUBLE)),
        ("pipelined", rebalanced(2, T::Pipelined, AtJobEnd).faults(1, TROUBLE)),
        ("pipelined, fine", chained(T::Pipelined, T::Pipelined).fine(ALL_FINE).faults(1, THROWS)),
        ("hybrid full", rebalanced(2, T::HybridFull, AtJobEnd).faults(1, TROUBLE)),
        ("hybrid selective", rebalanced(2, T::HybridSelective, AtJobEnd).faults(1, TROUBLE)),
        (
            "hybrid, fine, fails",
            fails(rebalanced(1, T::HybridFull, PerTask)).fine(ALL_FINE).faults(2, THROWS),
        ),
        ("approximate", rebalanced(2, T::PipelinedApproximate, AtOnce).faults(1, TROUBLE)),
        (
            "approximate, alone",
            rebalanced(1, T::PipelinedApproximate, AtJobEnd)
                .knobs(|k| k.availability = failproof_model::design::AvailabilityRule::Unnamed)
                .faults(2, TROUBLE),
        ),
        ("chain", chained(T::Blocking, T::HybridFull).faults(1, TROUBLE)),
        ("merged diamond", diamond(T::Blocking, T::Pipelined).fine(ALL_FINE).faults(1, THROWS)),
        ("blocking diamond", diamond(T::Blocking, T::Blocking).faults(2, TROUBLE)),
        (
            "no consumers",
            rebalanced(2, T::Blocking, AtJobEnd).preset("flink-1.3").faults(1, TROUBLE),
        ),
        (
            "no consumers, hybrid",
            rebalanced(1, T::HybridFull, AtJobEnd)
                .preset("flink-1.3")
                .fine(ALL_FINE)
                .faults(1, TROUBLE),
        ),
        (
            "article",
            rebalanced(2, T::HybridFull, AtJobEnd).preset("article-1.9").faults(1, TROUBLE),
        ),
        ("all", chained(T::Blocking, T::Pipelined).preset("restart-all").faults(2, TROUBLE)),
        ("affected", chained(T::Blocking, T::Blocking).preset("affected").faults(2, TROUBLE)),
        ("co-location", co_located().preset("flink-1.9").fine(ALL_FINE).faults(1, THROWS)),
        (
            "slots and disks",
            rebalanced(2, T::Blocking, AtJobEnd)
                .fine(&[M::Deployment])
                .faults(2, &[FaultKind::SlotTimesOut, FaultKind::DiskFull, FaultKind::ReadFails]),
        ),
        ("splits", pulled(P::Hash, T::Blocking, Operator::PerRow).faults(2, TROUBLE)),
        (
            "splits, fine, fails",
            fails(pulled(P::Forward, T::Pipelined, Operator::PerRow))
                .fine(ALL_FINE)
                .faults(1, THROWS),
        ),
        (
            "splits in order, affected",
            pulled(P::Hash, T::HybridFull, Operator::Limit).preset("affected").faults(1, TROUBLE),
        ),
        (
            "canceled",
            fails(rebalanced(1, T::HybridFull, PerTask))
                .fine(&[M::Reports, M::Cancellation])
                .faults(3, &[FaultKind::TaskThrows, FaultKind::JobCanceled]),
        ),
        (
            "fails as a whole",
            fails(rebalanced(1, T::Pipelined, AtJobEnd))
                .fine(&[M::Cancellation])
                .faults(2, &[FaultKind::TaskThrows, FaultKind::JobFails, FaultKind::MasterThrows]),
        ),
        (
            "exponential delay",
            fails(rebalanced(2, T::HybridFull, AtJobEnd))
                .design(|design| design.restart_backoff = RestartBackoff::ExponentialDelay)
                .fine(&[M::Cancellation, M::BackOff])
                .faults(2, THROWS),
        ),
        (
            "slots",
            fails(rebalanced(2, T::HybridFull, AtJobEnd))
                .fine(&[M::Deployment, M::Detection])
                .faults(1, TROUBLE)
                .slots(&[1, 1]),
        ),
        (
            "splits as events",
            fails(pulled(P::Forward, T::Pipelined, Operator::PerRow))
                .fine(&[M::Reports, M::Cancellation, M::Splits])
                .faults(1, &[FaultKind::TaskThrows, FaultKind::JobFails, FaultKind::CallLost]),
        ),
        (
            "partition requests",
            rebalanced(2, T::HybridFull, AtJobEnd)
                .fine(&[M::Reports, M::PartitionRequests])
                .faults(1, &[FaultKind::TaskThrows, FaultKind::PartitionLost, FaultKind::CallLost]),
        ),
        (
            "registered partitions",
            chained(T::HybridFull, T::Blocking)
                .fine(&[M::Cancellation, M::Partitions])
                .faults(1, THROWS),
        ),
        ("adaptive", decided_later().faults(1, TROUBLE)),
        ("adaptive, fine", decided_later().fine(ALL_FINE).faults(1, THROWS)),
        (
            "links",
            fails(rebalanced(1, T::HybridFull, PerTask))
                .fine(&[M::Links, M::Registration])
                .faults(1, &[FaultKind::LinkDrops]),
        ),
        (
            "links, fine",
            fails(rebalanced(1, T::Pipelined, AtOnce))
                .fine(&[M::Links, M::Deployment, M::Reports])
                .faults(1, &[FaultKind::LinkDrops]),
        ),
        (
            "restarts unnoticed",
            rebalanced(1, T::Blocking, AtJobEnd)
                .fine(&[M::Registration, M::Detection, M::Deployment])
                .faults(1, &[FaultKind::TaskManagerDies]),
        ),
        (
            "slot messages",
            fails(rebalanced(1, T::Blocking, AtJobEnd))
                .placement(1, &[0; 3])
                .slots(&[2])
                .fine(&[M::SlotMessages])
                .faults(2, &[FaultKind::TaskThrows, FaultKind::AskTimesOut]),
        ),
        (
            "masters",
            rebalanced(1, T::Pipelined, PerTask)
                .fine(&[M::Links, M::Registration])
                .faults(2, &[FaultKind::MasterDies]),
        ),
        (
            "masters that publish",
            fails(rebalanced(1, T::Blocking, AtJobEnd))
                .fine(&[M::JobEnd, M::Cancellation])
                .design(|design| design.publication = Publication::CreateIfAbsent)
                .faults(2, &[FaultKind::MasterDies, FaultKind::JobCanceled]),
        ),
        (
            "journal",
            journalled(rebalanced(1, T::Blocking, AtJobEnd))
                .fine(&[M::Registration, M::Detection])
                .faults(3, &[FaultKind::MasterDies, FaultKind::TaskManagerDies]),
        ),
        (
            "journal, fine",
            journalled(rebalanced(1, T::HybridFull, AtJobEnd))
                .fine(&[M::Journal, M::Registration, M::Reports])
                .faults(2, &[FaultKind::MasterDies, FaultKind::PartitionLost]),
        ),
    ]
}

/// A change of these numbers is a change of what is modelled: say why in the commit that makes it.
#[test]
fn their_state_spaces_have_exactly_these_states_and_steps() {
    let counts: Vec<_> =
        all().iter().map(|(name, setup)| (*name, setup.space().counts())).collect();
    let expected = [
        ("blocking", (976, 2150)),
        ("blocking, fine", (1909, 5053)),
        ("blocking, per task", (1351, 4026)),
        ("blocking, at once", (2250, 4497)),
        ("pipelined", (2466, 7254)),
        ("pipelined, fine", (3998, 12492)),
        ("hybrid full", (3132, 10093)),
        ("hybrid selective", (3057, 8665)),
        ("hybrid, fine, fails", (5410, 15140)),
        ("approximate", (14039, 40874)),
        ("approximate, alone", (2030, 6127)),
        ("chain", (449, 1101)),
        ("merged diamond", (1648, 5027)),
        ("blocking diamond", (815, 2174)),
        ("no consumers", (1010, 2248)),
        ("no consumers, hybrid", (25694, 92420)),
        ("article", (3132, 10093)),
        ("all", (1333, 4013)),
        ("affected", (824, 2030)),
        ("co-location", (2625, 8412)),
        ("slots and disks", (692, 1495)),
        ("splits", (5587, 15728)),
        ("splits, fine, fails", (8144, 26304)),
        ("splits in order, affected", (5821, 20736)),
        ("canceled", (7786, 23688)),
        ("fails as a whole", (551, 1810)),
        ("exponential delay", (3514, 12344)),
        ("slots", (15464, 37125)),
        ("splits as events", (11720, 38872)),
        ("partition requests", (12280, 41409)),
        ("registered partitions", (438, 1340)),
        ("adaptive", (16224, 47705)),
        ("adaptive, fine", (7559, 21535)),
        ("links", (7359, 26800)),
        ("links, fine", (32752, 140627)),
        ("restarts unnoticed", (955, 2411)),
        ("slot messages", (24092, 94212)),
        ("masters", (31737, 116186)),
        ("masters that publish", (458, 1099)),
        ("journal", (10683, 42882)),
        ("journal, fine", (15429, 63155)),
    ];
    assert_eq!(counts, expected);
}

#[test]
fn only_jobs_whose_consumers_are_left_alone_can_hang() {
    let hangs = |(_, setup): &(&str, Setup)| setup.space().stuck() > 0;
    let names: Vec<_> = all().iter().filter(|job| hangs(job)).map(|(name, _)| *name).collect();
    assert_eq!(names, ["no consumers, hybrid"]);
}
