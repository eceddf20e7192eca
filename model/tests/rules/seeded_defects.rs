//! Rules that are broken on purpose: what each does that the sound rule does not. Those of a job as a whole are told
//! with their rules.

use failproof_model::execution_state::ExecutionState as E;
use failproof_model::job_graph::{
    JobVertex, Operator, Partitioner as P, ResultPartitionType as T, SinkCommit,
};
use failproof_model::scenario::{Defect, FaultKind};

use crate::setup::{Setup, edge, job, sink, source, task};
use crate::story::Story;

/// The same story with the defect and without.
fn both(setup: &Setup, defect: Defect, tell: impl Fn(&mut Story)) -> [Story; 2] {
    [setup.clone().defect(defect), setup.clone()].map(|setup| {
        let mut story = setup.story();
        tell(&mut story);
        story
    })
}

/// FLINK-10945. A source needs no input to be scheduled.
#[test]
fn any_input_is_enough_only_with_the_defect() {
    let vertices = vec![
        source("A", 1, 1),
        source("S", 1, 1),
        task("B", 1, Operator::PerRow),
        sink("C", 1, SinkCommit::AtJobEnd),
    ];
    let exchange = |from, to| edge(from, to, P::Forward, T::Blocking);
    let setup = job(vertices, vec![exchange(1, 2), exchange(0, 3), exchange(2, 3)]);
    let [any, all] = both(&setup, Defect::ScheduleOnAnyInput, |story| {
        assert_eq!(story.book("B[0]"), E::Created);
        story.take(&["FinishTask A[0]"]);
    });
    assert_eq!((any.book("C[0]"), all.book("C[0]")), (E::Running, E::Created));
}

/// FLINK-21707. The reader of the sibling comes first, and is not CREATED.
#[test]
fn a_producer_that_finishes_again_lets_its_own_readers_begin() {
    let vertices = vec![source("A", 2, 1), sink("B", 2, SinkCommit::AtJobEnd)];
    let setup = job(vertices, vec![edge(0, 1, P::Forward, T::Blocking)])
        .faults(1, &[FaultKind::PartitionLost]);
    let again = |lost: &str| {
        let steps = [
            "FinishTask A[0]".to_owned(),
            "FinishTask A[1]".to_owned(),
            format!("LosePartition A[{lost}]>B"),
            format!("MissPartition B[{lost}] A[{lost}]>B"),
            format!("RestartTasks A[{lost}]"),
            format!("FinishTask A[{lost}]"),
        ];
        let steps = steps.each_ref().map(String::as_str);
        let told = both(&setup, Defect::ScheduleSiblings, |story| {
            story.take(&steps);
        });
        told.map(|story| story.book(&format!("B[{lost}]")))
    };
    assert_eq!(again("1"), [E::Created, E::Running]);
    assert_eq!(again("0"), [E::Running; 2], "it is scheduled before its sibling throws");
    // With the defect the first wave waits for all producers.
    let [whole, own] = both(&setup, Defect::ScheduleSiblings, |story| {
        story.take(&["FinishTask A[0]"]);
    });
    assert_eq!((whole.book("B[0]"), own.book("B[0]")), (E::Created, E::Running));
}

/// FLINK-29238. What another attempt of the producer has written is read from its beginning.
#[test]
fn a_hybrid_partition_can_be_read_again() {
    let vertices = vec![source("A", 1, 1), sink("B", 1, SinkCommit::AtJobEnd)];
    let setup = job(vertices, vec![edge(0, 1, P::Forward, T::HybridFull)])
        .faults(2, &[FaultKind::TaskThrows]);
    let read = ["ProduceOutput A[0]", "ReadPartition B[0] A[0]>B"];
    let again = ["ThrowInTask B[0]", "RestartTasks B[0]", "ReadPartition B[0] A[0]>B"];
    let told = both(&setup, Defect::HybridRereadSkips, |story| {
        story.take(&read).take(&again).go_on();
    });
    assert_eq!(told.map(|story| story.shown("B")), ["[]", "[r0]"]);
    let told = both(&setup, Defect::HybridRereadSkips, |story| {
        story.take(&read).take(&["ThrowInTask A[0]", "RestartTasks A[0]"]).go_on();
    });
    assert_eq!(told.map(|story| story.shown("B")), ["[r0]"; 2]);
}

/// FLINK-30392.
#[test]
fn what_is_broadcast_can_be_read_again_and_the_strategy_knows() {
    let vertices = vec![source("A", 1, 1), sink("B", 2, SinkCommit::AtJobEnd)];
    let restarted = |partitioner| {
        let edges = vec![edge(0, 1, partitioner, T::HybridSelective)];
        let setup = job(vertices.clone(), edges).faults(1, &[FaultKind::TaskThrows]);
        let told = both(&setup, Defect::BroadcastSwitchedLate, |story| {
            story.take(&["ProduceOutput A[0]", "FinishTask A[0]", "ThrowInTask B[1]"]);
        });
        told.map(|mut story| {
            let all = story.state.restarts.iter().fold(0, |all, restart| all | restart.vertices);
            story.go_on();
            (all, story.shown("B"))
        })
    };
    let both_rows = |set| (set, "[r0 r0]".to_owned());
    assert_eq!(restarted(P::Broadcast), [both_rows(0b111), both_rows(0b100)]);
    let one_row = (0b111, "[r0]".to_owned());
    assert_eq!(restarted(P::Hash), [one_row.clone(), one_row], "no broadcast: as it was");
}

/// FLINK-30213. With as many consumers as producers it is no exchange that was changed.
#[test]
fn a_partitioner_is_kept_only_by_the_defect_and_where_consumers_became_more() {
    let first_reads = |consumers| {
        let vertices = vec![source("A", 2, 2), sink("B", consumers, SinkCommit::AtJobEnd)];
        let setup = job(vertices, vec![edge(0, 1, P::Rebalance, T::Blocking)]);
        both(&setup, Defect::KeepForwardPartitioner, |story| {
            story.go_on();
        })
        .map(|story| story.state.shown[story.vertex("B[0]")].len())
    };
    assert_eq!(first_reads(3), [4, 2]);
    assert_eq!(first_reads(2), [2, 2]);
}

/// FLINK-37576. The number of consumers is decided later; one that is given is not looked up by ranges.
#[test]
fn a_broadcast_is_dealt_out_only_by_the_defect_and_in_an_adaptive_job() {
    let shown = |partitioner, adaptive| {
        let consumer = JobVertex { adaptive, ..sink("B", 2, SinkCommit::AtJobEnd) };
        let setup =
            job(vec![source("A", 1, 2), consumer], vec![edge(0, 1, partitioner, T::Blocking)]);
        both(&setup, Defect::StaleBroadcastFlag, |story| {
            if adaptive {
                story.take(&["FinishTask A[0]", "InitializeConsumers A[0] draw 1"]);
            }
            story.go_on();
        })
        .map(|story| story.shown("B"))
    };
    assert_eq!(shown(P::Broadcast, true), ["[r0 r1]", "[r0 r0 r1 r1]"]);
    assert_eq!(shown(P::Broadcast, false), ["[r0 r0 r1 r1]"; 2]);
    assert_eq!(shown(P::Hash, true), ["[r0 r1]"; 2]);
}
