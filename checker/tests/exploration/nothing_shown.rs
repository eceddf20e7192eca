//! A job that ends without success and has shown nothing is consistent, also if no run without faults ends.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::setup::{Setup, edge, job, sink, source, task};
use failproof_checker::explore::Control;
use failproof_checker::run::{Options, free_outcomes};
use failproof_model::action::Action;
use failproof_model::failover::Failover;
use failproof_model::job_graph::{
    Operator, Partitioner as P, ResultPartitionType as T, SinkCommit,
};
use failproof_model::scenario::FaultKind;
use failproof_model::state::{JobStatus, State};
use failproof_properties::{Facts, Judgement, Step, all};

/// Before regions on a cycle were merged (FLINK-17330) two regions of this job wait for each other.
fn hangs() -> Setup {
    let vertices = vec![
        source("S", 1, 1),
        task("P", 1, Operator::PerRow),
        task("Q", 1, Operator::PerRow),
        sink("J", 1, SinkCommit::AtJobEnd),
    ];
    let edges = vec![
        edge(0, 1, P::Forward, T::Blocking),
        edge(0, 2, P::Forward, T::Pipelined),
        edge(1, 3, P::Forward, T::Blocking),
        edge(2, 3, P::Forward, T::Pipelined),
    ];
    let kinds = [FaultKind::TaskManagerDies, FaultKind::JobCanceled];
    job(vertices, edges).preset("flink-1.9").faults(2, &kinds)
}

fn of_both(facts: &Facts<4>, step: &Step<'_, 4>) -> [Judgement; 2] {
    ["outcome-is-transparent", "each-sink-is-explainable"].map(|id| {
        let properties = all::<4>();
        properties.iter().find(|it| it.about().id == id).unwrap().on_step(facts, step)
    })
}

/// What both properties say of the last of these steps.
fn judged(facts: &Facts<4>, steps: &[&str]) -> [Judgement; 2] {
    let model = &facts.model;
    let mut state = model.init();
    let mut judged = None;
    for step in steps {
        let action = model.enabled(&state).into_iter().find(|&a| model.notation(a) == *step);
        let action = action.unwrap_or_else(|| panic!("no `{step}`"));
        let next = model.apply(&state, action);
        judged = Some(of_both(facts, &Step { state: &state, action, next: &next }));
        state = next;
    }
    judged.unwrap()
}

#[test]
fn a_job_that_hangs_and_is_cancelled_has_shown_nothing() {
    let model: Arc<Failover<4>> = Arc::new(hangs().model());
    let free = free_outcomes(&model, &Options::default(), Control::default()).unwrap().unwrap();
    assert_eq!(free, BTreeSet::new(), "no run ends");
    let facts = Facts { model, free };
    assert_eq!(judged(&facts, &["LoseTaskManager TM0", "CancelJob"]), [Judgement::Holds; 2]);
}

/// Where no run ends, whatever is shown cannot be explained; nor can a success, even of a job that has shown nothing.
#[test]
fn what_is_shown_has_to_be_explained_and_so_has_a_success() {
    let vertices = vec![source("A", 1, 1), sink("C", 1, SinkCommit::PerTask)];
    let setup = job(vertices, vec![edge(0, 1, P::Forward, T::Blocking)]);
    let facts = Facts { model: Arc::new(setup.model()), free: BTreeSet::new() };
    let steps = ["FinishTask A[0]", "ReadPartition C[0] A[0]>C", "FinishTask C[0]"];
    assert_eq!(judged(&facts, &steps), [Judgement::Violated; 2]);
    let state = facts.model.init();
    let next = State { job: JobStatus::Finished, ..state };
    let success = Step { state: &state, action: Action::FinishJob, next: &next };
    assert_eq!(of_both(&facts, &success), [Judgement::Violated; 2]);
}
