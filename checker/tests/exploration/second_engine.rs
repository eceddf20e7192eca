//! Our explorer and Stateright agree on scenarios: on states, on steps, on depth, and on every safety verdict.

use std::sync::Arc;

use crate::setup::{ALL_FINE, Setup, edge, job, sink, source, stored_in, task};
use failproof_checker::explore::{Control, Kind, Limits, Verdict, explore, second_engine};
use failproof_checker::run::{Options, Properties, free_outcomes};
use failproof_model::design::RestartBackoff;
use failproof_model::failover::Failover;
use failproof_model::job_graph::{
    Operator, Partitioner as P, ResultPartitionType as T, SinkCommit, Storage,
};
use failproof_model::scenario::{Defect, FaultKind, Mechanism as M};
use failproof_properties::{Facts, catalogue};

const THROWS: &[FaultKind] = &[FaultKind::TaskThrows];
const TROUBLE: &[FaultKind] =
    &[FaultKind::TaskThrows, FaultKind::TaskManagerDies, FaultKind::PartitionLost];

/// What a wrong outcome violates.
const OUTCOME: &[&str] =
    &["outcome-is-transparent", "each-sink-is-explainable", "every-row-exactly-once"];
/// What a second commit violates.
const COMMITS: &[&str] = &["committed-output-never-changes", "one-commit-per-sink-partition"];

fn violated(ids: &[&[&'static str]]) -> Vec<&'static str> {
    ids.concat()
}

/// Explores in both ways, and returns the number of states and the ids of the violated safety properties.
fn agreed<const V: usize>(setup: &Setup) -> (usize, Vec<&'static str>) {
    let model: Arc<Failover<V>> = Arc::new(setup.model());
    let free = free_outcomes(&model, &Options::default(), Control::default()).unwrap().unwrap();
    let judge = Arc::new(Properties::new(Facts { model: Arc::clone(&model), free }));
    let (ours, _) = explore(&*model, &*judge, Limits::default(), Control::default());
    assert_eq!(ours.stopped, None);

    let theirs = second_engine::count(Arc::clone(&model));
    assert_eq!(
        (ours.distinct, ours.generated, ours.depth),
        (theirs.distinct, theirs.generated, theirs.depth)
    );
    let theirs = second_engine::violated(model, judge);
    let mut ids = Vec::new();
    for ((finding, theirs), about) in ours.findings.iter().zip(theirs).zip(catalogue()) {
        let ours = finding.kind == Kind::Safety && finding.verdict == Verdict::Violated;
        assert_eq!(ours, theirs, "{}", about.id);
        if ours {
            ids.push(about.id);
        }
    }
    (ours.distinct, ids)
}

/// Producers and two consumers, REBALANCE.
fn pair(producers: usize, result_type: T, commit: SinkCommit) -> Setup {
    let vertices = vec![source("A", producers, 1), sink("C", 2, commit)];
    job(vertices, vec![edge(0, 1, P::Rebalance, result_type)])
}

/// Three stages; the middle one adds up the rows of each key.
fn stages(first: T, second: T) -> Setup {
    let vertices =
        vec![source("A", 2, 1), task("B", 2, Operator::PerKey), sink("C", 2, SinkCommit::AtJobEnd)];
    job(vertices, vec![edge(0, 1, P::Hash, first), edge(1, 2, P::Rebalance, second)])
}

/// Both subtasks of C read A, dealt out at random; those of C and D read the subtask of B beside them. All is stored
/// before it is read. Two failovers of C and of D can overlap in C (section 3.4).
fn overlapping() -> Setup {
    let vertices = vec![
        source("A", 1, 1),
        source("B", 2, 1),
        sink("C", 2, SinkCommit::AtJobEnd),
        sink("D", 2, SinkCommit::AtJobEnd),
    ];
    let edges = vec![
        edge(0, 2, P::Rebalance, T::Blocking),
        edge(1, 2, P::Forward, T::Blocking),
        edge(1, 3, P::Forward, T::Blocking),
    ];
    job(vertices, edges).faults(2, &[FaultKind::ReadFails])
}

macro_rules! agree {
    ($($name:ident: $size:literal, $setup:expr => $expected:expr;)*) => {
        $(#[test] fn $name() { assert_eq!(agreed::<$size>(&$setup), $expected); })*
    };
}

agree! {
    no_fault: 4, pair(2, T::Blocking, SinkCommit::AtJobEnd)
        => (73, vec![]);
    blocking: 4, pair(2, T::Blocking, SinkCommit::AtJobEnd).faults(2, TROUBLE)
        => (3985, vec![]);
    large: 4, pair(2, T::Blocking, SinkCommit::AtJobEnd).fine(ALL_FINE).faults(2, TROUBLE)
        => (91_236, vec![]);
    fine: 4, pair(1, T::Blocking, SinkCommit::AtJobEnd).fine(ALL_FINE).faults(2, TROUBLE)
        => (13497, vec![]);
    pipelined: 8, stages(T::Pipelined, T::Blocking).faults(1, TROUBLE)
        => (4354, vec![]);
    hybrid: 4, pair(2, T::HybridFull, SinkCommit::AtJobEnd).fine(&[M::Reports])
        .faults(1, TROUBLE)
        => (30858, vec![]);
    selective_per_task: 4, pair(2, T::HybridSelective, SinkCommit::PerTask).faults(1, TROUBLE)
        => (18198, violated(&[OUTCOME, COMMITS]));
    approximate: 4, pair(2, T::PipelinedApproximate, SinkCommit::AtOnce).faults(1, THROWS)
        => (3327, violated(&[OUTCOME]));
    three_stages: 8, stages(T::Blocking, T::Blocking).faults(1, TROUBLE)
        => (1427, vec![]);
    only_the_region: 4, pair(2, T::HybridFull, SinkCommit::AtJobEnd).preset("flink-1.3")
        .faults(1, TROUBLE)
        => (14330, violated(&[OUTCOME, &["no-state-is-stuck"]]));
    article: 4, pair(2, T::Blocking, SinkCommit::AtJobEnd).preset("article-1.9")
        .fine(&[M::Detection]).faults(2, TROUBLE)
        => (5114, vec![]);
    affected: 8, stages(T::Blocking, T::HybridFull).preset("affected").faults(1, THROWS)
        => (944, vec![]);
    reliable: 12, {
        let mut setup = stages(T::Blocking, T::Blocking).faults(1, TROUBLE);
        setup.0.job.edges = setup.0.job.edges.into_iter()
            .map(|edge| stored_in(Storage::Reliable, &edge)).collect();
        setup
    }
        => (578, vec![]);
    overlapping_failovers: 8, overlapping()
        => (12217, violated(&[OUTCOME, &["no-state-is-stuck"]]));
    forgets_reset: 4, pair(1, T::Blocking, SinkCommit::AtJobEnd).defect(Defect::ForgetReset)
        .faults(1, THROWS)
        => (47, vec!["no-state-is-stuck"]);
    schedules_unready: 4, pair(1, T::Blocking, SinkCommit::AtJobEnd)
        .defect(Defect::ScheduleUnready).faults(1, THROWS)
        => (55, vec!["deploys-only-on-consumable-inputs"]);
    accepts_stale_reports: 4, pair(2, T::Blocking, SinkCommit::AtJobEnd).fine(ALL_FINE)
        .defect(Defect::AcceptStaleReport).faults(1, &[FaultKind::TaskManagerDies])
        => (9928, violated(&[OUTCOME, &["stale-report-changes-nothing"]]));
    releases_early: 4, pair(1, T::Blocking, SinkCommit::AtJobEnd)
        .defect(Defect::ReleaseAfterFirstConsumer).faults(1, TROUBLE)
        => (207, vec!["released-only-when-consumed"]);
    does_not_wait: 4, pair(2, T::Pipelined, SinkCommit::AtJobEnd)
        .fine(&[M::Cancellation]).defect(Defect::RestartBeforeCancelled)
        .faults(1, THROWS)
        => (2422, vec!["one-live-attempt-per-vertex", "restarts-only-what-has-ended"]);
    commits_twice: 4, pair(1, T::Blocking, SinkCommit::AtJobEnd).defect(Defect::CommitTwice)
        .faults(1, TROUBLE)
        => (451, violated(&[OUTCOME, COMMITS]));
    fails_as_a_whole: 4, pair(1, T::Pipelined, SinkCommit::AtJobEnd).fine(&[M::Cancellation])
        .faults(2, &[FaultKind::TaskThrows, FaultKind::JobFails, FaultKind::MasterThrows])
        => (661, vec![]);
    merges_failures: 4, pair(2, T::HybridFull, SinkCommit::AtJobEnd).fine(&[M::BackOff])
        .design(|design| design.restart_attempts = Some(1))
        .design(|design| design.restart_backoff = RestartBackoff::ExponentialDelay)
        .faults(2, THROWS)
        => (1586, vec![]);
    archives_what_runs_again: 4, pair(1, T::HybridFull, SinkCommit::AtJobEnd)
        .defect(Defect::ArchiveCurrentAttempt).faults(2, THROWS)
        => (307, vec!["no-state-is-stuck"]);
    ends_unheard: 4, pair(1, T::Pipelined, SinkCommit::AtJobEnd).fine(&[M::Cancellation])
        .design(|design| design.restart_attempts = Some(0))
        .defect(Defect::EndExpectsFailing)
        .faults(2, &[FaultKind::TaskThrows, FaultKind::JobCanceled])
        => (370, vec!["no-state-is-stuck"]);
    whole_job_on_sixteen: 16, pair(2, T::Blocking, SinkCommit::AtJobEnd).preset("restart-all")
        .design(|design| design.restart_attempts = Some(1)).faults(2, TROUBLE)
        => (2560, vec![]);
}
