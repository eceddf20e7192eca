//! What a valid file means.

use failproof_model::design::{ConsumerPolicy, RestartBackoff, Strategy, preset};
use failproof_model::job_graph::{
    Operator, ResultPartitionType, SinkCommit, SplitAssignment, Storage,
};
use failproof_model::scenario::{FaultBudget, FaultKind, Grain, Mechanism};

use super::{BASE, read, with};
use crate::scenario_file::{Expectation, ExpectedVerdict, Tier};

/// As little as a file can say.
const SHORT: &str = r#"
name = "short"
story = "As little as a file can say."
preset = "flink-1.3"
vertex = [{ name = "A", parallelism = 3, rows = 2 }]
cluster = { task-managers = 2 }
"#;

#[test]
fn every_default() {
    let file = read(SHORT);
    let scenario = &file.scenario;
    assert_eq!(
        (file.tier, file.preset.as_str(), file.text.as_str()),
        (Tier::Quick, "flink-1.3", SHORT)
    );
    assert_eq!(file.expectation, Expectation::default());
    assert_eq!(scenario.keys, 6, "a key of its own for every row");
    assert!(!scenario.outcome_by_subtask);
    assert_eq!((scenario.defect, scenario.prefix.len()), (None, 0));
    assert_eq!(Some(scenario.design), preset("flink-1.3").map(|preset| preset.design));
    let vertex = &scenario.job.vertices[0];
    assert_eq!((vertex.operator, vertex.declared), (Operator::PerRow, None));
    assert_eq!((vertex.splits, vertex.sink), (SplitAssignment::Fixed, Some(SinkCommit::AtJobEnd)));
    assert_eq!(scenario.cluster.placement, [0, 1, 0]);
    assert!(scenario.cluster.returns);
    assert_eq!((scenario.faults, scenario.grain), (FaultBudget::NONE, Grain::default()));
}

#[test]
fn every_part() {
    let file = read(BASE);
    let scenario = &file.scenario;
    assert_eq!(scenario.design.restart_attempts, Some(3));
    assert_eq!(scenario.job.co_location, [[0, 1]]);
    let first = &scenario.job.edges[0];
    assert_eq!((first.from, first.to), (0, 1));
    assert_eq!(
        (first.result_type, first.storage),
        (ResultPartitionType::HybridFull, Storage::Reliable)
    );
    let second = &scenario.job.edges[1];
    assert_eq!(second.result_type, ResultPartitionType::Blocking);
    assert_eq!(second.storage, Storage::TaskManager);
    assert_eq!(scenario.job.vertices[2].sink, Some(SinkCommit::PerTask));
    assert_eq!(scenario.cluster.placement, [0, 1, 0, 1, 0, 1, 1]);
    assert_eq!(scenario.faults.total, 1);
    let dies = FaultKind::ALL.iter().position(|&kind| kind == FaultKind::TaskManagerDies).unwrap();
    assert_eq!(scenario.faults.limits.iter().sum::<u8>(), scenario.faults.limits[dies]);
    assert_eq!(scenario.faults.limits[dies], 1);
    assert_eq!(scenario.grain, [Mechanism::Deployment].into_iter().collect());
    assert_eq!((file.expectation.states, file.expectation.depth), (Some(1234), None));
    assert_eq!(file.expectation.verdict("outcome-is-transparent"), Some(ExpectedVerdict::Violated));
    assert_eq!(file.expectation.verdict("no-state-is-stuck"), None);
}

#[test]
fn a_source_says_how_its_splits_are_assigned() {
    let splits = |said: &str| {
        let text = with("rows = 1\n", &format!("rows = 1\nsplits = \"{said}\"\n"));
        read(&text).scenario.job.vertices[0].splits
    };
    assert_eq!(splits("dynamic"), SplitAssignment::Dynamic);
    assert_eq!(splits("fixed"), SplitAssignment::Fixed);
}

#[test]
fn every_mechanism_has_its_switch() {
    let some = r#""reads", "deployment", "cancellation", "detection", "reports", "slots""#;
    let more = r#""back-off", "splits", "partition-requests", "partitions""#;
    let last = r#""slot-messages", "job-end", "journal", "release""#;
    let all = format!(r#"[{some}, {more}, "links", "registration", {last}]"#);
    let counted = with("task-managers = 2", "task-managers = 2\nslots = [1, 16]");
    let scenario = read(&counted.replace(r#"["deployment"]"#, &all)).scenario;
    assert_eq!(scenario.cluster.slots, [1, 16]);
    let grain = scenario.grain;
    assert_eq!(grain, Mechanism::ALL.into_iter().collect());
    assert!(Mechanism::ALL.into_iter().all(|mechanism| grain.is_fine(mechanism)));
    assert_eq!(read(&with(r#"["deployment"]"#, "[]")).scenario.grain, Grain::default());
    let grain = read(&with(r#"["deployment"]"#, r#"["detection"]"#)).scenario.grain;
    assert_eq!(grain.fine().collect::<Vec<_>>(), [Mechanism::Detection]);
}

#[test]
fn every_kind_of_fault_has_its_limit() {
    for (index, name) in [
        "task-throws",
        "task-manager-dies",
        "partition-lost",
        "disk-full",
        "read-fails",
        "slot-times-out",
        "job-canceled",
        "job-fails",
        "master-throws",
        "call-lost",
        "link-drops",
        "ask-times-out",
        "master-dies",
        "remote-storage-fails",
        "leader-pauses",
    ]
    .into_iter()
    .enumerate()
    {
        let named = with("task-manager-dies", name);
        let fine = r#"["deployment", "slot-messages"]"#;
        let faults = read(&named.replace(r#"["deployment"]"#, fine)).scenario.faults;
        let mut limits = [0; FaultKind::ALL.len()];
        limits[index] = 1;
        assert_eq!(faults, FaultBudget { total: 1, limits });
    }
}

#[test]
fn the_design_is_the_preset_and_what_is_changed_in_it() {
    let changed = with(
        "restart-attempts = 3",
        "consumers = \"never\"\nrelease-during-job = false\nrestart-backoff = \"exponential-delay\"",
    );
    let design = read(&changed).scenario.design;
    let base = preset("flink-2").unwrap().design;
    let (Strategy::RestartPipelinedRegion(knobs), Strategy::RestartPipelinedRegion(of_base)) =
        (design.strategy, base.strategy)
    else {
        panic!("{design:?}")
    };
    assert_eq!(knobs.consumers, ConsumerPolicy::Never);
    assert_eq!((knobs.backtrack, knobs.availability), (of_base.backtrack, of_base.availability));
    assert!(!design.release_during_job);
    assert_eq!(design.restart_backoff, RestartBackoff::ExponentialDelay);
    assert_eq!(base.restart_backoff, RestartBackoff::FixedDelay);
    assert_eq!(design.restart_attempts, base.restart_attempts);
}

#[test]
fn another_strategy_takes_none_of_the_knobs_of_its_preset() {
    let changed = with("restart-attempts = 3", "strategy = \"restart-affected\"");
    assert_eq!(read(&changed).scenario.design.strategy, Strategy::RestartAffected);
}

#[test]
fn vertices_and_edges_come_in_any_order() {
    let consumers_first = r#"
name = "any-order"
story = "The sink is listed first."
preset = "flink-2"
co-location = [["C", "A"]]
[[edge]]
from = "B"
to = "C"
partitioner = "HASH"
[[vertex]]
name = "C"
parallelism = 2
[[vertex]]
name = "D"
parallelism = 1
rows = 1
[[vertex]]
name = "A"
parallelism = 2
rows = 1
[[edge]]
from = "A"
to = "B"
partitioner = "REBALANCE"
[[vertex]]
name = "B"
parallelism = 3
[cluster]
task-managers = 3
[cluster.placement]
C = [2, 2]
"#;
    let scenario = read(consumers_first).scenario;
    let names: Vec<_> = scenario.job.vertices.iter().map(|v| v.name.as_str()).collect();
    assert_eq!(names, ["D", "A", "B", "C"]);
    let ends: Vec<_> = scenario.job.edges.iter().map(|edge| (edge.from, edge.to)).collect();
    assert_eq!(
        ends,
        [(2, 3), (1, 2)],
        "edges keep the order of the file: it is that of the inputs"
    );
    assert_eq!(scenario.job.co_location, [[3, 1]]);
    assert_eq!(scenario.cluster.placement, [0, 0, 1, 0, 1, 2, 2, 2]);
    assert_eq!(scenario.job.vertices[0].sink, Some(SinkCommit::AtJobEnd), "nothing reads D");
}

#[test]
fn the_prefix_stays_as_it_is_written() {
    let text = with(
        "preset = \"flink-2\"",
        "preset = \"flink-2\"\nprefix = [\"LoseTaskManager 1\", \"x\"]",
    );
    assert_eq!(read(&text).scenario.prefix, ["LoseTaskManager 1", "x"]);
}

#[test]
fn line_ends_of_windows_and_a_byte_order_mark_do_no_harm() {
    let file = read(&format!("\u{feff}{}", BASE.replace('\n', "\r\n")));
    assert_eq!(file.scenario, read(BASE).scenario);
}
