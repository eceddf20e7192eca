//! What must hold of every state and step of every small job.

use std::collections::HashSet;

use failproof_model::action::Action;
use failproof_model::execution_state::ExecutionState as E;
use failproof_model::failover::Failover;
use failproof_model::job_graph::SplitAssignment;
use failproof_model::scenario::{FaultKind, Mechanism};
use failproof_model::state::{Fine, JobStatus, State, TaskManager, Truth};

use crate::small_jobs;
use crate::space::Space;

fn spaces() -> impl Iterator<Item = (&'static str, Space)> {
    small_jobs::all().into_iter().map(|(name, setup)| (name, setup.space()))
}

/// Calls `check` with every step of every small job.
fn each_step(check: impl Fn(&Failover<8>, &State<8>, Action, &State<8>)) {
    for (_, space) in spaces() {
        for state in &space.states {
            for action in space.model.enabled(state) {
                check(&space.model, state, action, &space.model.apply(state, action));
            }
        }
    }
}

#[test]
fn enabled_actions_are_ordered_by_rule_and_told_apart_by_their_notation() {
    for (name, space) in spaces() {
        for state in &space.states {
            let enabled = space.model.enabled(state);
            assert!(enabled.is_sorted_by_key(|action| action.rule()), "{name}: {enabled:?}");
            let texts: HashSet<_> = enabled.iter().map(|&a| space.model.notation(a)).collect();
            assert_eq!(texts.len(), enabled.len(), "{name}: {enabled:?}");
        }
    }
}

#[test]
fn an_end_is_an_end_and_holds_nothing_but_what_it_shows() {
    for (name, space) in spaces() {
        for state in space.states.iter().filter(|state| state.job.is_terminal()) {
            assert_eq!(space.model.enabled(state), [], "{name}");
            let rest = State { shown: state.shown, job: state.job, ..State::default() };
            assert_eq!(*state, rest, "{name}");
        }
    }
}

#[test]
fn different_states_have_different_encodings_of_one_length_but_for_what_only_some_have() {
    for (name, space) in spaces() {
        let encode = |state: &State<8>| {
            let mut bytes = Vec::new();
            state.encode(&mut bytes);
            bytes
        };
        let encodings: HashSet<_> = space.states.iter().map(encode).collect();
        assert_eq!(encodings.len(), space.states.len(), "{name}");
        let plain = |state: &&State<8>| state.fine == Fine::default();
        let length = |state| encode(state).len();
        let lengths: HashSet<_> = space.states.iter().filter(plain).map(length).collect();
        assert_eq!(lengths.len(), 1, "{name}");
        assert_eq!(encodings.iter().map(Vec::len).min(), lengths.into_iter().next(), "{name}");
    }
}

#[test]
fn faults_are_spent_and_never_come_back() {
    each_step(|_, state, action, next| {
        assert!(next.faults <= state.faults);
        for kind in FaultKind::ALL {
            assert!(next.left(kind) <= state.left(kind));
            assert!(next.left(kind) <= next.faults);
        }
        if action.fault().is_some() {
            assert!(next.faults < state.faults);
        }
    });
}

fn links_break(model: &Failover<8>) -> bool {
    model.scenario.faults.limits[FaultKind::LinkDrops as usize] > 0
}

#[test]
fn at_most_one_restart_owns_a_vertex_and_it_stands_in_the_place_of_its_first() {
    each_step(|_, _, _, next| {
        let mut owned = 0;
        for (place, restart) in next.restarts.iter().enumerate() {
            assert_eq!(owned & restart.vertices, 0);
            owned |= restart.vertices;
            let first = restart.vertices.trailing_zeros() as usize;
            assert!(restart.vertices == 0 || first == place);
            assert!(restart.vertices != 0 || restart.cancelling == 0);
        }
    });
}

#[test]
fn whoever_waits_for_a_restart_has_ended_or_is_being_cancelled_for_it() {
    each_step(|model, _, _, next| {
        for restart in next.restarts {
            for v in (0..model.size()).filter(|&v| restart.vertices & 1 << v != 0) {
                let book = next.tasks[v].book;
                let cancelling = restart.cancelling & 1 << v != 0;
                assert!(book.is_terminal() || book == E::Canceling && cancelling, "{book:?}");
                assert_eq!(cancelling, book == E::Canceling);
            }
        }
    });
}

#[test]
fn a_finished_producer_has_the_rows_of_whatever_it_stores() {
    each_step(|model, _, _, next| {
        for (p, partition) in model.topology.partitions.iter().enumerate() {
            let task = next.tasks[partition.producer];
            if next.stored & 1 << p == 0 {
                continue;
            }
            // A report that says so may be lost with a link.
            let unheard = links_break(model) && task.truth == Truth::Lost;
            let produced = matches!(task.truth, Truth::Produced | Truth::Finished)
                || unheard
                || task.book == E::Finished && task.truth == Truth::None;
            assert!(produced, "{task:?}");
            // Every source row of the small jobs reaches some output of each vertex but an idle key's.
            let source = &model.scenario.job.vertices[model.job_vertex(partition.producer)];
            let read_any = source.rows_per_subtask > 0
                && (source.splits == SplitAssignment::Fixed || task.read != 0);
            assert!(!read_any || !next.rows[partition.producer].is_empty(), "{task:?}");
        }
    });
}

#[test]
fn books_and_truth_of_a_task_fit_together() {
    each_step(|model, _, _, next| {
        for task in &next.tasks[..model.size()] {
            let fits = match task.book {
                E::Created | E::Scheduled | E::Canceled | E::Failed => task.truth == Truth::None,
                E::Finished => task.truth == Truth::None,
                // While a link is down, the master does not hear that it has begun.
                E::Deploying if links_break(model) => task.truth != Truth::None,
                E::Deploying => matches!(task.truth, Truth::Submitted | Truth::Lost),
                E::Running => !matches!(task.truth, Truth::None | Truth::Submitted),
                E::Canceling => task.truth != Truth::None,
                E::Initializing | E::Reconciling => false,
            };
            assert!(fits, "{task:?}");
            let dead =
                next.task_managers.get(usize::from(task.at)) != Some(&TaskManager::Registered);
            assert!(!task.truth.is_live() || !dead, "{task:?}");
        }
    });
}

#[test]
fn what_is_tracked_belongs_to_an_attempt_that_may_have_it() {
    each_step(|model, _, _, next| {
        for (p, partition) in model.topology.partitions.iter().enumerate() {
            let book = next.tasks[partition.producer].book;
            let ended = matches!(book, E::Created | E::Scheduled | E::Canceled | E::Failed);
            assert!(!ended || (next.tracked | next.stored) & 1 << p == 0, "{book:?}");
        }
    });
}

#[test]
fn what_a_sink_shows_never_shrinks_and_a_job_that_waits_shows_nothing_before_its_end() {
    use failproof_model::job_graph::SinkCommit;
    each_step(|model, state, _, next| {
        for v in 0..model.size() {
            assert!(state.shown[v].is_part_of(next.shown[v]));
            let at_once = !model.scenario.grain.is_fine(Mechanism::JobEnd);
            let waits = model.sink(v) == Some(SinkCommit::AtJobEnd) && at_once;
            assert!(!waits || next.job == JobStatus::Finished || next.shown[v].is_empty());
        }
    });
}
