//! One execution vertex: what the master writes of its current attempt, and what is true of it.

use serde::Serialize;

use crate::execution_state::ExecutionState;

/// No TaskManager.
pub const NOWHERE: u8 = u8::MAX;

/// The current attempt of an execution vertex.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Task {
    /// Books: the state that the master believes it to be in.
    pub book: ExecutionState,
    /// Truth: what has become of it on its TaskManager.
    pub truth: Truth,
    /// Its TaskManager, or [`NOWHERE`].
    pub at: u8,
    /// Of a failed attempt whose report is under way, the input whose partition it names, plus 1; or 0.
    pub cause: u8,
    /// The TaskManager of the attempt before, as long as a reader is told to read that one; else [`NOWHERE`].
    pub before: u8,
    /// Inputs that it has read. Of a source whose splits are assigned dynamically: splits that it has taken, which it
    /// holds until its vertex is reset.
    pub read: u16,
    /// Inputs whose descriptor names an attempt of the producer that is no longer the current one.
    pub outdated: u16,
}

/// What has become of an attempt on its TaskManager.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, PartialOrd, Ord, Serialize)]
pub enum Truth {
    /// There is none.
    #[default]
    None,
    /// Submitted, not yet started.
    Submitted,
    /// Reading.
    Running,
    /// Its output is complete; it has not finished.
    Produced,
    /// Finished; its report is under way.
    Finished,
    /// Failed; its report is under way.
    Failed,
    /// Cancelled by itself; its report is under way.
    Canceled,
    /// Lost with its TaskManager; no report will come.
    Lost,
}

impl Truth {
    /// All eight, in order.
    pub const ALL: [Truth; 8] = [
        Truth::None,
        Truth::Submitted,
        Truth::Running,
        Truth::Produced,
        Truth::Finished,
        Truth::Failed,
        Truth::Canceled,
        Truth::Lost,
    ];

    /// Whether the attempt does something.
    pub fn is_live(self) -> bool {
        matches!(self, Truth::Submitted | Truth::Running | Truth::Produced)
    }

    /// Whether a report is under way.
    pub fn is_reporting(self) -> bool {
        matches!(self, Truth::Finished | Truth::Failed | Truth::Canceled)
    }
}

impl Task {
    /// No attempt was deployed yet.
    pub const CREATED: Task = Task {
        book: ExecutionState::Created,
        truth: Truth::None,
        at: NOWHERE,
        cause: 0,
        before: NOWHERE,
        read: 0,
        outdated: 0,
    };

    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        out.extend([self.book as u8, self.truth as u8, self.at, self.cause, self.before]);
        out.extend(self.read.to_le_bytes());
        out.extend(self.outdated.to_le_bytes());
    }
}

impl Default for Task {
    fn default() -> Self {
        Task::CREATED
    }
}
