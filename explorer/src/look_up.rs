//! How successors are looked up, all of a chunk together, so that their loads do not wait for each other.

use stateright::Model;

use super::chunk::{Chunk, Open};
use super::chunked::Chunked;
use super::store::Store;
use super::table::{Found, Table, UNKNOWN, View};

/// Successors whose lines are brought into the cache ahead of their turn.
const AHEAD: usize = 32;

impl<M: Model, S: Store<M>> Chunk<M, S> {
    /// Looks up its successors. Those that stay open are new, or the same as others that are.
    pub(super) fn look_up(&mut self, table: &Table, known: &Chunked<S::Key>) {
        let view = table.view();
        self.find_candidates(&view, known);
        let Chunk { open, targets, keys, hashes, .. } = self;
        open.retain_mut(|open| {
            let at = open.at as usize;
            let (target, key) = (&mut targets[at], &keys[at]);
            if *target != UNKNOWN && known[*target as usize] == *key {
                return false;
            }
            match view.find(hashes[at], |number| known[number as usize] == *key) {
                Found::Known(number) => {
                    *target = number;
                    false
                }
                Found::Vacant(place) => {
                    open.place = place;
                    true
                }
            }
        });
    }

    /// Takes for the target of each step what can be it at the first look. Meanwhile memory is asked for what the next
    /// ones need, and for what the second look needs.
    fn find_candidates(&mut self, table: &View<'_>, known: &Chunked<S::Key>) {
        let hash = |open: &Open| self.hashes[open.at as usize];
        self.open.iter().take(AHEAD).for_each(|open| table.prefetch(hash(open)));
        for (k, open) in self.open.iter().enumerate() {
            if let Some(ahead) = self.open.get(k + AHEAD) {
                table.prefetch(hash(ahead));
            }
            let candidate = table.candidate(hash(open));
            known.prefetch(candidate as usize);
            self.targets[open.at as usize] = candidate;
        }
    }
}
