//! What a state leaves out makes no difference.
//!
//! Runs are made twice, once with everything kept and once with what no longer matters cleared after each step. They
//! must be able to do the same and show the same. So the cleared state stands for all that it was made of.

use std::collections::HashSet;

use failproof_model::action::Action;
use failproof_model::design::ConsumerPolicy;
use failproof_model::failover::Failover;
use failproof_model::job_graph::{
    Operator, Partitioner as P, ResultPartitionType as T, SinkCommit,
};
use failproof_model::scenario::{FaultKind, Mechanism};
use failproof_model::state::{JobStatus, State};
use proptest::prelude::*;

use crate::setup::{ALL_FINE, TROUBLES, edge, job, sink, source, task};
use crate::small_jobs;

fn cleared(model: &Failover<8>, state: &State<8>) -> State<8> {
    let mut cleared = *state;
    model.normalise(&mut cleared);
    cleared
}

/// Once a job is failing or being cancelled, faults would be of no consequence and are not offered; but one that is
/// failing can be cancelled, one that is being cancelled can fail, and of one that ends the master can be lost.
fn enabled(model: &Failover<8>, state: &State<8>) -> Vec<Action> {
    let mut enabled = model.enabled(state);
    let matters =
        |action| matches!(action, Action::CancelJob | Action::FailJob | Action::LoseMaster);
    let ends = matches!(state.job, JobStatus::Failing | JobStatus::Cancelling);
    enabled.retain(|&action| !ends || action.fault().is_none() || matters(action));
    enabled
}

fn check(model: &Failover<8>, kept: &State<8>) -> Vec<State<8>> {
    let clear = cleared(model, kept);
    assert_eq!(cleared(model, &clear), clear, "clearing twice is clearing once");
    assert_eq!(enabled(model, kept), enabled(model, &clear), "{kept:#?}\n{clear:#?}");
    let step = |action: Action| {
        let next = model.apply_and_keep(kept, action);
        assert_eq!(
            cleared(model, &next),
            model.apply(&clear, action),
            "{}",
            model.notation(action)
        );
        next
    };
    enabled(model, kept).into_iter().map(step).collect()
}

#[test]
fn every_state_of_every_small_job_does_what_its_cleared_form_does() {
    const KEPT_MAX: usize = 30_000;
    for (name, setup) in small_jobs::all() {
        let model: Failover<8> = setup.model();
        let mut kept = vec![model.init()];
        let mut known = HashSet::from([model.init()]);
        let mut next = 0;
        while next < kept.len() && next < KEPT_MAX {
            for successor in check(&model, &kept[next]) {
                if known.insert(successor) {
                    kept.push(successor);
                }
            }
            next += 1;
        }
        assert!(next > 100, "{name}");
    }
}

/// A consumer that has produced, and goes on running, reads nothing any more: who made its input is of no interest.
#[test]
fn a_reset_producer_is_forgotten_by_a_consumer_that_streams() {
    let vertices =
        vec![source("A", 2, 1), task("B", 2, Operator::PerRow), sink("C", 2, SinkCommit::AtJobEnd)];
    let edges = vec![edge(0, 1, P::Rebalance, T::Blocking), edge(1, 2, P::Forward, T::Pipelined)];
    let never = ConsumerPolicy::Never;
    let setup = job(vertices, edges).knobs(|knobs| knobs.consumers = never);
    let space = setup.faults(1, &[FaultKind::ReadFails]).space();
    for state in &space.states {
        assert_eq!(cleared(&space.model, state), *state, "{state:#?}");
    }
}

/// Every mechanism fine, and every fault allowed that a job goes on from.
fn check_a_long_run(job: usize, choices: &[u16]) {
    let (_, setup) = small_jobs::all().swap_remove(job);
    // Where slots are counted, requests time out by themselves; their messages are those of one TaskManager.
    let mut faults = TROUBLES.to_vec();
    for (mechanism, kind) in [
        (Mechanism::Slots, FaultKind::SlotTimesOut),
        (Mechanism::SlotMessages, FaultKind::TaskManagerDies),
    ] {
        let fine = setup.0.grain.is_fine(mechanism);
        faults.retain(|&other| !fine || other != kind);
    }
    let model: Failover<8> = setup.fine(ALL_FINE).faults(4, &faults).model();
    let mut kept = model.init();
    for &choice in choices {
        let successors = check(&model, &kept);
        if successors.is_empty() {
            break;
        }
        kept = successors[usize::from(choice) % successors.len()];
    }
}

/// A zombie that can no longer read what it would commit ends like one that has nothing to commit.
#[test]
fn a_zombie_with_nothing_left_to_read_from_ends_as_it_likes() {
    let choices = [21329, 283, 1311, 25576, 19390, 9737, 3623, 6942, 5080, 0];
    check_a_long_run(37, &choices);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn long_runs_do_so_too(
        job in 0..small_jobs::all().len(),
        choices in proptest::collection::vec(any::<u16>(), 0..120),
    ) {
        check_a_long_run(job, &choices);
    }
}
