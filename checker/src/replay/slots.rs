//! What a step changed of the slots of a TaskManager, where they are asked for and offered by messages.

use failproof_model::state::{SLOTS_MAX, State};

use super::changes::word;

/// What is different in `after`, slot by slot.
pub(super) fn slot_changes<const V: usize>(before: &State<V>, after: &State<V>) -> Vec<String> {
    let (old, new) = (&before.fine.slot_messages, &after.fine.slot_messages);
    let mut changes = Vec::new();
    if !old.registered && new.registered {
        changes.push("registered at the resource manager".to_owned());
    }
    for slot in 0..SLOTS_MAX {
        let of = |old: u8, new: u8| (old >> slot & 1 == 1, new >> slot & 1 == 1);
        let words = [
            word(of(old.believed_free, new.believed_free), "believed free", "asked for"),
            word(of(old.allocated, new.allocated), "allocated", "freed"),
            word(of(old.active, new.active), "active", "no longer active"),
            word(of(old.orphaned, new.orphaned), "of no allocation any more", ""),
            word(of(old.pooled, new.pooled), "in the pool", "no longer in the pool"),
        ];
        let words: Vec<_> = words.into_iter().flatten().collect();
        if !words.is_empty() {
            changes.push(format!("slot {slot} {}", words.join(", ")));
        }
    }
    changes
}
