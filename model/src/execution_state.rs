//! Where an execution, one attempt of a vertex, is in its life (section 3.1).

use serde::{Deserialize, Serialize};

/// Flink's `ExecutionState`, in the order in which an attempt passes through it.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[repr(u8)]
pub enum ExecutionState {
    /// Waits to be scheduled.
    #[default]
    Created,
    /// Its slot is requested.
    Scheduled,
    /// Its deployment is under way.
    Deploying,
    /// Restores state and opens its gates.
    Initializing,
    /// Reads, computes, writes.
    Running,
    /// Declared by Flink and entered by none of its code; kept because recorded states contain it.
    Reconciling,
    /// The master has cancelled it, its TaskManager has not confirmed.
    Canceling,
    /// Has produced all its data.
    Finished,
    /// Cancelled, and known to be gone.
    Canceled,
    /// Ended by a failure.
    Failed,
}

impl ExecutionState {
    /// All ten, in order.
    pub const ALL: [ExecutionState; 10] = [
        ExecutionState::Created,
        ExecutionState::Scheduled,
        ExecutionState::Deploying,
        ExecutionState::Initializing,
        ExecutionState::Running,
        ExecutionState::Reconciling,
        ExecutionState::Canceling,
        ExecutionState::Finished,
        ExecutionState::Canceled,
        ExecutionState::Failed,
    ];

    /// Whether the attempt is over; only a new attempt follows.
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Finished | Self::Canceled | Self::Failed)
    }
}

#[cfg(test)]
mod tests {
    use super::ExecutionState as S;

    #[test]
    fn three_states_are_terminal() {
        let terminal: Vec<_> = S::ALL.into_iter().filter(|s| s.is_terminal()).collect();
        assert_eq!(terminal, [S::Finished, S::Canceled, S::Failed]);
    }

    #[test]
    fn all_is_complete_and_in_order() {
        for (index, state) in S::ALL.into_iter().enumerate() {
            assert_eq!(state as usize, index);
        }
        assert_eq!(size_of::<S>(), 1);
    }
}
