//! Of which actions somebody guarantees that they happen at last.

use std::collections::HashMap;

use failproof_model::action::Action;
use failproof_model::job_graph::{Partitioner as P, ResultPartitionType as T, SinkCommit};
use failproof_model::scenario::FaultKind;

use crate::setup::{ALL_FINE, Setup, edge, job, sink, source};

const TROUBLE: &[FaultKind] =
    &[FaultKind::TaskThrows, FaultKind::TaskManagerDies, FaultKind::PartitionLost];

fn pair(result_type: T) -> Setup {
    let vertices = vec![source("A", 2, 1), sink("B", 2, SinkCommit::AtJobEnd)];
    job(vertices, vec![edge(0, 1, P::Rebalance, result_type)])
}

/// Who acts: what two actions of one class have in common.
fn actor(action: Action) -> (&'static str, u8) {
    match action {
        Action::StartTask { vertex }
        | Action::ReadPartition { vertex, .. }
        | Action::MissPartition { vertex, .. }
        | Action::ProduceOutput { vertex, .. }
        | Action::FinishTask { vertex, .. } => ("task", vertex),
        Action::DeliverReport { vertex } => ("report", vertex),
        Action::DeliverStaleReport { vertex } => ("stale report", vertex),
        Action::AcknowledgeCancel { vertex } => ("cancellation", vertex),
        Action::RestartTasks { first } => ("back-off", first),
        Action::DeployRegion { region } => ("slots", region),
        Action::NoticeLoss { task_manager } => ("heartbeat", task_manager),
        Action::ReturnTaskManager { .. } => ("resource manager", 0),
        Action::FinishJob => ("job", 0),
        other => panic!("{other:?} is a fault"),
    }
}

#[test]
fn a_class_is_what_one_actor_does_and_faults_have_none() {
    let mut actors = HashMap::new();
    for result_type in [T::Blocking, T::Pipelined] {
        let space = pair(result_type).fine(ALL_FINE).faults(1, TROUBLE).space();
        for state in &space.states {
            for action in space.model.enabled(state) {
                let Some(class) = space.model.fairness(state, action) else {
                    let returns = matches!(action, Action::ReturnTaskManager { .. });
                    assert!(returns || action.fault().is_some(), "{action:?}");
                    continue;
                };
                assert_eq!(action.fault(), None);
                assert_eq!(*actors.entry(class).or_insert(actor(action)), actor(action));
            }
        }
    }
    let mut distinct: Vec<_> = actors.values().collect();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(distinct.len(), actors.len(), "each actor has one class: {actors:?}");
    let kinds = ["task", "report", "stale report", "cancellation", "back-off", "slots", "job"];
    assert!(kinds.iter().all(|kind| distinct.iter().any(|(seen, _)| seen == kind)), "{actors:?}");
}

#[test]
fn a_task_manager_has_to_come_back_only_if_no_other_is_left() {
    let mut story = pair(T::Blocking).faults(2, &[FaultKind::TaskManagerDies]).story();
    let class = |story: &crate::story::Story, task_manager| {
        story.model.fairness(&story.state, Action::ReturnTaskManager { task_manager })
    };
    story.take(&["LoseTaskManager TM0"]);
    assert!(story.can("ReturnTaskManager TM0"));
    assert_eq!(class(&story, 0), None, "TM1 is there, and will do");
    story.take(&["LoseTaskManager TM1"]);
    assert!(class(&story, 0).is_some());
    assert_eq!(class(&story, 0), class(&story, 1), "one worker is asked for, whichever it is");
    story.take(&["ReturnTaskManager TM1"]);
    assert_eq!(class(&story, 0), None);
}
