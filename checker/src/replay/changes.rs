//! What a step changed, in words.

use failproof_model::execution_state::ExecutionState;
use failproof_model::failover::Failover;
use failproof_model::job_graph::SplitAssignment;
use failproof_model::state::{Answer, NOWHERE, Restart, SplitEvent, State, Truth};

use crate::spelling::spelt;

use super::masters::master_changes;
use super::slots::slot_changes;

/// What is different in `after`: vertices first, then partitions, restarts, TaskManagers and the job. What the master
/// believes of a vertex is written as Flink writes it (`RUNNING`), what is true on its TaskManager in brackets.
pub fn describe_changes<const V: usize>(
    model: &Failover<V>,
    before: &State<V>,
    after: &State<V>,
) -> Vec<String> {
    if after.job.is_terminal() {
        return ending(model, before, after);
    }
    let mut changes = Vec::new();
    for v in 0..model.size() {
        let book = book_change(before, after, v);
        let parts: Vec<_> = book.into_iter().chain(task_changes(model, before, after, v)).collect();
        if !parts.is_empty() {
            changes.push(format!("{} {}", model.vertex_name(v), parts.join(", ")));
        }
    }
    for p in 0..model.topology.partitions.len() {
        let words: Vec<_> = partition_changes(before, after, p).into_iter().flatten().collect();
        if !words.is_empty() {
            changes.push(format!("{} {}", model.partition_name(p), words.join(", ")));
        }
    }
    changes.extend(other_changes(model, before, after));
    changes
}

/// What is different of all that is neither a vertex nor a partition.
pub(super) fn other_changes<const V: usize>(
    model: &Failover<V>,
    before: &State<V>,
    after: &State<V>,
) -> Vec<String> {
    let mut changes = Vec::new();
    restart_changes(model, before, after, &mut changes);
    for (index, (old, new)) in before.task_managers.iter().zip(&after.task_managers).enumerate() {
        if old != new {
            changes.push(format!("TM{index} {}", spelt(new)));
        }
    }
    let new = before.fine.absent & !after.fine.absent;
    if new != 0 {
        changes.push(format!("the graph has {} now", names(model, new)));
    }
    link_changes(model, before, after, &mut changes);
    release_changes(model, before, after, &mut changes);
    changes.extend(slot_changes(before, after));
    changes.extend(master_changes(model, before, after));
    if before.fine.backing_off == 0 && after.fine.backing_off != 0 {
        changes.push("restarts wait for their delay".to_owned());
    }
    if after.fine.archive.overtaken & !before.fine.archive.overtaken != 0 {
        let left = after.fine.archive.overtaken & !before.fine.archive.overtaken;
        changes.push(format!("still to archive the failure of {}", names(model, left)));
    }
    if before.fine.master_dead != after.fine.master_dead {
        changes.push("the master dies".to_owned());
    }
    if before.job != after.job {
        changes.push(format!("job {}", spelt(&after.job)));
    }
    changes
}

/// At the end of a job everything is cleared but what can be seen of it.
pub(super) fn ending<const V: usize>(
    model: &Failover<V>,
    before: &State<V>,
    after: &State<V>,
) -> Vec<String> {
    let shown = (0..model.size()).filter(|&v| before.shown[v] != after.shown[v]);
    let shown = shown.map(|v| {
        format!("{} SHOWS {}", model.vertex_name(v), model.rows_text(v, after.shown[v], true))
    });
    let job = (before.job != after.job).then(|| format!("job {}", spelt(&after.job)));
    shown.chain(job).collect()
}

/// What the master believes of a vertex now.
pub(super) fn book_change<const V: usize>(
    before: &State<V>,
    after: &State<V>,
    v: usize,
) -> Option<String> {
    let new = after.tasks[v].book;
    (before.tasks[v].book != new).then(|| spelt(&new))
}

/// What is true of a vertex now.
pub(super) fn task_changes<const V: usize>(
    model: &Failover<V>,
    before: &State<V>,
    after: &State<V>,
    v: usize,
) -> Vec<String> {
    let (old, new) = (before.tasks[v], after.tasks[v]);
    let mut parts = Vec::new();
    if old.truth != new.truth && new.truth != Truth::None {
        parts.push(format!("[{}]", spelt(&new.truth)));
    }
    if old.at != new.at && new.at != NOWHERE {
        parts.push(format!("on TM{}", new.at));
    }
    parts.extend(slot_change(before, after, v));
    parts.extend(event_change(model, before, after, v));
    parts.extend(question_change(before, after, v));
    let rows = after.rows[v];
    let is_done = |truth, book| {
        matches!(truth, Truth::Produced | Truth::Finished) || book == ExecutionState::Finished
    };
    let (was_done, is_done) = (is_done(old.truth, old.book), is_done(new.truth, new.book));
    if is_done && !was_done {
        parts.push(format!("wrote {}", model.output_text(after, v)));
    } else if !is_done && before.rows[v] != rows && !rows.is_empty() {
        parts.push(format!("has read {}", model.rows_text(v, rows, false)));
    } else if old.read.count_ones() < new.read.count_ones() && !is_sent(after, v) {
        parts.push("found no row for it".to_owned());
    }
    let given_back = splits(model, before, v) & !splits(model, after, v);
    if given_back != 0 {
        let rows = (0..u16::BITS as u8).filter(|split| given_back >> split & 1 == 1).collect();
        parts.push(format!("gives back {}", model.rows_text(v, rows, false)));
    }
    if before.shown[v] != after.shown[v] {
        parts.push(format!("SHOWS {}", model.rows_text(v, after.shown[v], true)));
    }
    let reports_late = |state: &State<V>| state.stale_reports >> v & 1 == 1;
    if reports_late(before) != reports_late(after) {
        let what = if reports_late(after) { "old report under way" } else { "old report arrived" };
        parts.push(what.to_owned());
    }
    parts
}

/// What the master and its TaskManagers no longer know of each other, and what runs on unseen.
fn link_changes<const V: usize>(
    model: &Failover<V>,
    before: &State<V>,
    after: &State<V>,
    changes: &mut Vec<String>,
) {
    let (old, new) = (&before.fine.links, &after.fine.links);
    for t in 0..model.scenario.cluster.task_managers {
        let bit = |bits: u8| bits >> t & 1 == 1;
        let down = word((bit(old.down), bit(new.down)), "down", "mended");
        changes.extend(down.map(|what| format!("link to TM{t} {what}")));
        let follows = (bit(old.unregistered), bit(new.unregistered));
        let follows = word(follows, "follows no master", "follows the master");
        changes.extend(follows.map(|what| format!("TM{t} {what}")));
        let (were, are) = (old.zombies[t], new.zombies[t]);
        for (those, what) in [(are & !were, "goes on"), (were & !are, "goes on no longer")] {
            if those != 0 {
                changes.push(format!("{} {what} on TM{t}, given up", names(model, those)));
            }
        }
    }
    for v in 0..model.size() {
        if let (Some(old), Some(new)) = (old.showing(v), new.showing(v))
            && old.read != new.read
        {
            let rows = model.rows_text(v, new.rows(), false);
            changes.push(format!("{} of before has read {rows}", model.vertex_name(v)));
        }
    }
}

/// What has become of the slot of a vertex, or of its request for one.
fn slot_change<const V: usize>(before: &State<V>, after: &State<V>, v: usize) -> Option<String> {
    let waits = |state: &State<V>| state.fine.slots.waiting().any(|waiting| waiting == v);
    match (before.fine.slots.of(v), after.fine.slots.of(v)) {
        (old, Some(t)) if old != Some(t) => Some(format!("has a slot of TM{t}")),
        (Some(_), None) => Some("has no slot any more".to_owned()),
        _ => (waits(after) && !waits(before)).then(|| "waits for a slot".to_owned()),
    }
}

/// What the coordinator of a source has sent to a vertex, or what has become of it; a split that arrives is read.
fn event_change<const V: usize>(
    model: &Failover<V>,
    before: &State<V>,
    after: &State<V>,
    v: usize,
) -> Option<String> {
    let told = |state: &State<V>| state.fine.splits.exhausted >> v & 1 == 1;
    match (before.fine.splits.event(v), after.fine.splits.event(v)) {
        (None, Some(SplitEvent::Add(split))) => {
            let row = model.rows_text(v, [split].into_iter().collect(), false);
            Some(format!("is sent {row}"))
        }
        (None, Some(SplitEvent::NoMore)) => Some("is sent that no split is left".to_owned()),
        (Some(SplitEvent::Add(_) | SplitEvent::NoMore), Some(SplitEvent::Lost)) => {
            Some("is not going to get what was sent".to_owned())
        }
        (Some(SplitEvent::Lost), Some(SplitEvent::Missed)) => {
            Some("waits for it for ever".to_owned())
        }
        _ => (told(after) && !told(before)).then(|| "knows that no split is left".to_owned()),
    }
}

/// What a vertex that has asked for a producer is going to be told, or what it does now that it was told.
fn question_change<const V: usize>(
    before: &State<V>,
    after: &State<V>,
    v: usize,
) -> Option<String> {
    let (old, new) = [before, after].map(|state| state.fine.requests.question(v)).into();
    if old == new {
        return None;
    }
    let text = match new?.answer {
        None => "tries again",
        Some(Answer::TryAgain) => "is going to be told to try again",
        Some(Answer::Cancel) => "is going to be told that its producer is gone",
        Some(Answer::Fail) => "is going to be told that its producer never began",
    };
    Some(text.to_owned())
}

/// Whether a split is under way to a vertex.
fn is_sent<const V: usize>(state: &State<V>, v: usize) -> bool {
    matches!(state.fine.splits.event(v), Some(SplitEvent::Add(_)))
}

/// The splits that the current attempt of a vertex has taken.
fn splits<const V: usize>(model: &Failover<V>, state: &State<V>, v: usize) -> u16 {
    match model.scenario.job.vertices[model.job_vertex(v)].splits {
        SplitAssignment::Fixed => 0,
        SplitAssignment::Dynamic => state.tasks[v].read,
    }
}

/// Whether a partition is stored or gone now, and whether it is tracked.
pub(super) fn partition_changes<const V: usize>(
    before: &State<V>,
    after: &State<V>,
    p: usize,
) -> [Option<&'static str>; 2] {
    let bit = |bits: u32| bits >> p & 1 == 1;
    let stored = (bit(before.stored), bit(after.stored));
    let tracked = (bit(before.tracked), bit(after.tracked));
    [word(stored, "stored", "gone"), word(tracked, "tracked", "no longer tracked")]
}

/// What is to be released and still there.
fn release_changes<const V: usize>(
    model: &Failover<V>,
    before: &State<V>,
    after: &State<V>,
    changes: &mut Vec<String>,
) {
    let (old, new) = (&before.fine.releases, &after.fine.releases);
    let begun = new.under_way & !old.under_way;
    for p in (0..model.topology.partitions.len()).filter(|p| begun >> p & 1 == 1) {
        changes.push(format!("{} is to be released", model.partition_name(p)));
    }
    for v in 0..model.size() {
        let kept = (old.former(v).is_some(), new.former(v).is_some());
        let what = word(kept, "is still there", "does not matter any more");
        let name = model.vertex_name(v);
        changes.extend(what.map(|what| format!("what {name} of before has stored {what}")));
    }
}

pub(super) fn word(
    change: (bool, bool),
    begins: &'static str,
    ends: &'static str,
) -> Option<&'static str> {
    match change {
        (false, true) => Some(begins),
        (true, false) => Some(ends),
        _ => None,
    }
}

fn restart_changes<const V: usize>(
    model: &Failover<V>,
    before: &State<V>,
    after: &State<V>,
    changes: &mut Vec<String>,
) {
    for (old, new) in before.restarts.iter().zip(&after.restarts) {
        if old.vertices != new.vertices && new.vertices != 0 {
            changes.push(format!("will restart {}", names(model, new.vertices)));
        }
    }
    let waits_no_longer = of_all(before, |it| it.cancelling) & !of_all(after, |it| it.cancelling);
    let left = waits_no_longer & in_book(model, after, |book| book == ExecutionState::Canceling);
    if left != 0 && after.job == before.job {
        changes.push(format!("no longer waits for {}", names(model, left)));
    }
    let restarts_no_longer = of_all(before, |it| it.vertices) & !of_all(after, |it| it.vertices);
    let left = restarts_no_longer & in_book(model, after, ExecutionState::is_terminal);
    if left != 0 && after.job == before.job {
        changes.push(format!("leaves {} as it is", names(model, left)));
    }
}

/// Whoever is in some restart in preparation.
fn of_all<const V: usize>(state: &State<V>, of: fn(&Restart) -> u16) -> u16 {
    state.restarts.iter().map(of).fold(0, |all, mask| all | mask)
}

fn in_book<const V: usize>(
    model: &Failover<V>,
    state: &State<V>,
    is: impl Fn(ExecutionState) -> bool,
) -> u16 {
    let vertices = (0..model.size()).filter(|&v| is(state.tasks[v].book));
    vertices.fold(0, |mask, v| mask | 1 << v)
}

pub(super) fn names<const V: usize>(model: &Failover<V>, vertices: u16) -> String {
    let members = (0..model.size()).filter(|v| vertices >> v & 1 == 1);
    members.map(|v| model.vertex_name(v)).collect::<Vec<_>>().join(" ")
}
