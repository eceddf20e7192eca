//! Which vertices are how far, told in one pass over them.

use super::{State, Truth};
use crate::execution_state::ExecutionState;

/// Of every state of an attempt, by the books and in truth, the vertices that are in it.
pub(crate) struct Census {
    books: [u16; ExecutionState::ALL.len()],
    truths: [u16; Truth::ALL.len()],
    /// Those of which nothing arrives at the master, and the other way round: their link is down.
    unheard: u16,
}

impl Census {
    /// Of the first `vertices` of a state.
    #[inline]
    pub(crate) fn of<const V: usize>(s: &State<V>, vertices: usize) -> Census {
        let mut census = Census {
            books: [0; ExecutionState::ALL.len()],
            truths: [0; Truth::ALL.len()],
            unheard: 0,
        };
        for (v, task) in s.tasks[..vertices].iter().enumerate() {
            census.books[task.book as usize] |= 1 << v;
            census.truths[task.truth as usize] |= 1 << v;
        }
        if s.fine.links.down != 0 {
            let tasks = s.tasks[..vertices].iter().enumerate();
            let unheard = tasks.filter(|(_, task)| s.fine.links.is_down(task.at));
            census.unheard = unheard.fold(0, |mask, (v, _)| mask | 1 << v);
        }
        census
    }

    /// The vertices that the books say to be in this state.
    #[inline]
    pub(crate) fn book(&self, state: ExecutionState) -> u16 {
        self.books[state as usize]
    }

    /// The vertices of which this is true.
    #[inline]
    pub(crate) fn truth(&self, truth: Truth) -> u16 {
        self.truths[truth as usize]
    }

    /// Those whose report is under way and can arrive: see [`Truth::is_reporting`].
    #[inline]
    pub(crate) fn reporting(&self) -> u16 {
        let reporting =
            self.truth(Truth::Finished) | self.truth(Truth::Failed) | self.truth(Truth::Canceled);
        reporting & !self.unheard
    }

    /// Those that are cancelled, can hear of it, and whose attempt does something still: see [`Truth::is_live`].
    #[inline]
    pub(crate) fn cancelling(&self) -> u16 {
        let live =
            self.truth(Truth::Submitted) | self.truth(Truth::Running) | self.truth(Truth::Produced);
        self.book(ExecutionState::Canceling) & live & !self.unheard
    }
}
