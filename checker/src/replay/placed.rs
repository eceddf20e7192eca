//! What a step changed, process by process.

use failproof_model::failover::Failover;
use failproof_model::state::{NOWHERE, State};

use super::changes::{book_change, ending, other_changes, partition_changes, task_changes};

/// A process in which something changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// The master: what it believes, and whatever is of no TaskManager.
    Master,
    /// The TaskManager of this number: what is true there.
    TaskManager(usize),
}

/// A change, and where it took place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Where.
    pub place: Place,
    /// What is different, in words.
    pub text: String,
}

/// What is different in `after`, in the words of [`super::describe_changes`], but each with the process in which it is
/// so.
pub fn place_changes<const V: usize>(
    model: &Failover<V>,
    before: &State<V>,
    after: &State<V>,
) -> Vec<Placed> {
    let mut placed = Vec::new();
    let mut put = |place, text| placed.push(Placed { place, text });
    if after.job.is_terminal() {
        ending(model, before, after).into_iter().for_each(|text| put(Place::Master, text));
        return placed;
    }
    for v in 0..model.size() {
        let name = model.vertex_name(v);
        if let Some(book) = book_change(before, after, v) {
            put(Place::Master, format!("{name} {book}"));
        }
        let parts = task_changes(model, before, after, v);
        if !parts.is_empty() {
            put(place_of(before, after, v), format!("{name} {}", parts.join(", ")));
        }
    }
    for (p, facts) in model.topology.partitions.iter().enumerate() {
        let [stored, tracked] = partition_changes(before, after, p);
        let name = model.partition_name(p);
        if let Some(stored) = stored {
            put(place_of(before, after, facts.producer), format!("{name} {stored}"));
        }
        if let Some(tracked) = tracked {
            put(Place::Master, format!("{name} {tracked}"));
        }
    }
    for text in other_changes(model, before, after) {
        put(told_of(&text), text);
    }
    placed
}

/// Where a vertex is, or was until this step.
fn place_of<const V: usize>(before: &State<V>, after: &State<V>, v: usize) -> Place {
    let at = [after.tasks[v].at, before.tasks[v].at].into_iter().find(|&at| at != NOWHERE);
    at.map_or(Place::Master, |at| Place::TaskManager(at.into()))
}

/// A text that begins with the name of a TaskManager is about that one.
fn told_of(text: &str) -> Place {
    let name = text.split(' ').next().and_then(|word| word.strip_prefix("TM"));
    let number = name.and_then(|number| number.parse().ok());
    number.map_or(Place::Master, Place::TaskManager)
}
