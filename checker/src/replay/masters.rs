//! What a step changed of what outlives a master, in words.

use failproof_model::failover::Failover;
use failproof_model::state::{Ledger, State};

use super::changes::names;

/// What is different in `after` of what was published, of the job's end, and of the journal.
pub(super) fn master_changes<const V: usize>(
    model: &Failover<V>,
    before: &State<V>,
    after: &State<V>,
) -> Vec<String> {
    let (old, new) = (before.fine.masters, after.fine.masters);
    let mut changes = Vec::new();
    if new.ended && !old.ended {
        changes.push("the job has ended, which is not written down".to_owned());
    }
    match (old.recovers, new.recovers) {
        (false, true) => changes.push("the master recovers the job".to_owned()),
        (true, false) => changes.push("the job is recovered".to_owned()),
        _ => {}
    }
    if new.astray & !old.astray != 0 {
        let astray = names(model, new.astray & !old.astray);
        changes.push(format!("{astray} recovered, and read what is given up"));
    }
    if after.fine.election.recorded && !before.fine.election.recorded {
        changes.push("a former master wrote down that the job has ended".to_owned());
    }
    let (old, new) = (&before.fine.journal, &after.fine.journal);
    if after.fine.faults_of == before.fine.faults_of || new.kept.mask() != 0 {
        let unflushed = new.written != new.kept;
        let differs = |old: Ledger, new: Ledger| told(old) != told(new);
        if unflushed && differs(old.written, new.written) {
            changes.push(format!("written, and not flushed: {}", list(model, new.written)));
        }
        if differs(old.kept, new.kept) {
            changes.push(format!("journal: {}", list(model, new.kept)));
        }
    }
    changes
}

/// What people are told of a ledger.
fn told(ledger: Ledger) -> (Vec<usize>, u16, u16) {
    (ledger.vertices().collect(), ledger.recoverable(), ledger.outdated)
}

/// Who has finished by the journal, in order.
fn list<const V: usize>(model: &Failover<V>, ledger: Ledger) -> String {
    let recoverable = ledger.recoverable();
    let entry = |v: usize| {
        let name = model.vertex_name(v);
        let bit = |mask: u16| mask & 1 << v != 0;
        match (bit(ledger.outdated), bit(recoverable)) {
            (false, true) => name,
            (true, true) => format!("{name} (an older attempt)"),
            (false, false) => format!("{name} (no snapshot yet)"),
            (true, false) => format!("{name} (an older attempt, no snapshot yet)"),
        }
    };
    let entries: Vec<String> = ledger.vertices().map(entry).collect();
    if entries.is_empty() { "nothing has finished".to_owned() } else { entries.join(", ") }
}
