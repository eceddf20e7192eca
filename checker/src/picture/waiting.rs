//! Who waits for what, where a job does not get on.

use failproof_model::execution_state::ExecutionState as E;
use failproof_model::failover::Failover;
use failproof_model::state::{State, Truth};

use crate::spelling::spelt;

/// A sentence for each subtask that has not finished: what it waits for.
pub(crate) fn waiting<const V: usize>(model: &Failover<V>, state: &State<V>) -> Vec<String> {
    (0..model.size()).filter_map(|v| of_vertex(model, state, v)).collect()
}

fn of_vertex<const V: usize>(model: &Failover<V>, state: &State<V>, v: usize) -> Option<String> {
    let (name, task) = (model.vertex_name(v), state.tasks[v]);
    let restarting = state.restarts.iter().any(|restart| restart.vertices >> v & 1 == 1);
    Some(match task.book {
        E::Finished => return None,
        E::Scheduled if state.fine.slots.waiting().any(|waiting| waiting == v) => {
            format!("{name} is {}: it waits for a slot.", spelt(&task.book))
        }
        E::Created | E::Scheduled => match unfinished(model, state, v) {
            inputs if inputs.is_empty() => {
                format!(
                    "{name} is {}: its inputs are finished, and nobody deploys it.",
                    spelt(&task.book)
                )
            }
            inputs => {
                format!("{name} is {}: it waits for {}.", spelt(&task.book), inputs.join(", "))
            }
        },
        book if book.is_terminal() && restarting => {
            format!("{name} is {}, and its restart does not come.", spelt(&book))
        }
        book if book.is_terminal() => {
            format!("{name} is {}, and nothing restarts it.", spelt(&book))
        }
        book => match unread(model, state, v) {
            inputs if inputs.is_empty() => {
                format!("{name} is {} and in truth {}.", spelt(&book), spelt(&task.truth))
            }
            inputs => format!("{name} is {}: {}.", spelt(&book), inputs.join("; ")),
        },
    })
}

/// The producers that `v` waits for, each with what the master believes of it.
fn unfinished<const V: usize>(model: &Failover<V>, state: &State<V>, v: usize) -> Vec<String> {
    let producers = model.topology.consumed(v).map(|p| model.topology.partitions[p].producer);
    let mut producers: Vec<usize> =
        producers.filter(|&u| state.tasks[u].book != E::Finished).collect();
    producers.dedup();
    let text = |u| format!("{} ({})", model.vertex_name(u), spelt(&state.tasks[u].book));
    producers.into_iter().map(text).collect()
}

/// The inputs that a running attempt has not read, each with what keeps it.
fn unread<const V: usize>(model: &Failover<V>, state: &State<V>, v: usize) -> Vec<String> {
    let task = state.tasks[v];
    if !matches!(task.truth, Truth::Submitted | Truth::Running) {
        return Vec::new();
    }
    let inputs = model.topology.consumed(v).enumerate();
    let unread = inputs.filter(|(input, _)| task.read >> input & 1 == 0);
    unread
        .map(|(input, partition)| {
            let name = model.partition_name(partition);
            match (task.outdated >> input & 1 == 1, state.stored >> partition & 1 == 1) {
                (true, _) => format!("it looks for {name} at a former attempt"),
                (false, true) => format!("it has not read {name}, which is there"),
                (false, false) => format!("it has not read {name}, which is not there"),
            }
        })
        .collect()
}
