//! A coarse mechanism does a part of what its fine form does; and at the smallest size, which part it leaves out.

use failproof_model::data::Rows;
use failproof_model::design::RestartBackoff;
use failproof_model::execution_state::ExecutionState as E;
use failproof_model::job_graph::{Partitioner as P, ResultPartitionType as T, SinkCommit};
use failproof_model::scenario::{FaultKind, Mechanism as M};
use failproof_model::state::JobStatus;

use crate::setup::{ALL_FINE, Setup, edge, job, sink, source};

const GRAINS: [(&str, &[M]); 9] = [
    ("deployment", &[M::Deployment]),
    ("reports", &[M::Reports]),
    ("cancellation", &[M::Cancellation]),
    ("detection", &[M::Detection]),
    ("reads", &[M::Reads]),
    ("back-off", &[M::BackOff]),
    ("links", &[M::Links]),
    ("links and registration", &[M::Links, M::Registration]),
    ("all", ALL_FINE),
];

/// Two rows that two consumers can divide among them in two ways, and one restart.
fn smallest(result_type: T, commit: SinkCommit) -> Setup {
    let vertices = vec![source("A", 1, 2), sink("C", 2, commit)];
    job(vertices, vec![edge(0, 1, P::Rebalance, result_type)])
        .design(|design| design.restart_attempts = Some(1))
}

/// A sink that shows at once reads two partitions; one failure fails the job.
fn two_producers() -> Setup {
    let vertices = vec![source("A", 2, 1), sink("C", 1, SinkCommit::AtOnce)];
    job(vertices, vec![edge(0, 1, P::Hash, T::Blocking)])
        .design(|design| design.restart_attempts = Some(0))
        .faults(1, &[FaultKind::TaskThrows])
}

/// Both can fail, and the job may restart once: twice, if the second failure comes before the delay of the first has
/// passed.
fn two_pipelines() -> Setup {
    let vertices = vec![source("A", 2, 1), sink("C", 2, SinkCommit::PerTask)];
    job(vertices, vec![edge(0, 1, P::Forward, T::Pipelined)])
        .design(|design| design.restart_attempts = Some(1))
        .design(|design| design.restart_backoff = RestartBackoff::ExponentialDelay)
        .faults(2, &[FaultKind::TaskThrows])
}

fn jobs() -> Vec<(&'static str, Setup)> {
    use FaultKind::{LinkDrops, PartitionLost, TaskManagerDies, TaskThrows};
    let two = |setup: Setup| setup.faults(2, &[TaskThrows, TaskManagerDies, PartitionLost]);
    vec![
        ("blocking", two(smallest(T::Blocking, SinkCommit::AtJobEnd))),
        ("blocking, per task", two(smallest(T::Blocking, SinkCommit::PerTask))),
        ("pipelined, per task", two(smallest(T::Pipelined, SinkCommit::PerTask))),
        ("hybrid, per task", two(smallest(T::HybridFull, SinkCommit::PerTask))),
        ("two producers, at once", two_producers()),
        ("two pipelines, exponential delay", two_pipelines()),
        ("a link", smallest(T::Blocking, SinkCommit::AtJobEnd).faults(1, &[LinkDrops])),
        ("a link, per task", smallest(T::Blocking, SinkCommit::PerTask).faults(1, &[LinkDrops])),
    ]
}

/// Of every job and every mechanism, how many ends and how many views only the fine form reaches. Fails if the coarse
/// form reaches one that the fine form does not.
fn left_out() -> Vec<(&'static str, &'static str, usize, usize)> {
    let mut left_out = Vec::new();
    for (name, setup) in jobs() {
        let coarse = setup.space();
        for (grain, change) in GRAINS {
            let fine = setup.clone().fine(change).space();
            assert!(coarse.ends().is_subset(&fine.ends()), "{name}, {grain}");
            assert!(coarse.views().is_subset(&fine.views()), "{name}, {grain}");
            let ends = fine.ends().difference(&coarse.ends()).count();
            let views = fine.views().difference(&coarse.views()).count();
            if ends + views > 0 {
                left_out.push((name, grain, ends, views));
            }
        }
    }
    left_out
}

#[test]
fn a_coarse_form_reaches_a_part_and_leaves_out_exactly_this() {
    let expected = [
        ("blocking, per task", "reports", 11, 3),
        ("blocking, per task", "all", 11, 3),
        ("two producers, at once", "reads", 1, 1),
        ("two producers, at once", "all", 1, 1),
        ("two pipelines, exponential delay", "back-off", 1, 1),
        ("a link, per task", "deployment", 4, 7),
        ("a link, per task", "reports", 6, 4),
        ("a link, per task", "links", 8, 4),
        ("a link, per task", "links and registration", 8, 4),
        ("a link, per task", "all", 8, 7),
    ];
    assert_eq!(left_out(), expected);
}

#[test]
fn read_in_one_order_only_a_job_that_fails_has_not_shown_the_second_partition_alone() {
    let shows_second_alone = |setup: &Setup| {
        let space = setup.space();
        let second: Rows = [1].into_iter().collect();
        let failed = space.ends().into_iter().filter(|(job, _)| *job == JobStatus::Failed);
        failed.into_iter().any(|(_, shown)| shown[2] == second)
    };
    assert!(!shows_second_alone(&two_producers()));
    assert!(shows_second_alone(&two_producers().fine(&[M::Reads])));
}

/// A task that commits when it finishes has committed even if its report meets a cancellation, and then commits again.
#[test]
fn reported_at_once_no_sink_is_cancelled_that_has_committed() {
    let (_, setup) = jobs().swap_remove(1);
    let mut story = setup.fine(&[M::Reports, M::Detection]).story();
    story.take(&["FinishTask A[0]", "DeliverReport A[0]", "ReadPartition C[0] A[0]>C"]);
    story.take(&["FinishTask C[0]", "LoseTaskManager TM0", "NoticeLoss TM0"]);
    assert_eq!((story.book("C[0]"), story.shown("C").as_str()), (E::Failed, "[r1]"));
}
