//! What can still become of the TaskManagers. The less can, the more may change places.

use crate::failover::Failover;
use crate::scenario::FaultKind;
use crate::state::{NOWHERE, State, TaskManager};

/// How a state stands with its TaskManagers. No step leads from one outlook to another that has less symmetry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outlook {
    /// Several may still be lost, or one that may have been given any subtask.
    Losses,
    /// One may still be lost, or is dead and not missed; every subtask is at home.
    OneLoss,
    /// None can be lost any more; several are gone.
    SeveralGone,
    /// None can be lost any more; one is gone.
    OneGone,
    /// None can be lost any more, and none is gone.
    AllThere,
}

/// Which subtasks of one vertex can be lost at once.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum LostAtOnce {
    Any,
    OfOneHome,
    None,
}

impl Outlook {
    /// All, in the order of their numbers.
    pub(super) const ALL: [Outlook; 5] = [
        Outlook::Losses,
        Outlook::OneLoss,
        Outlook::SeveralGone,
        Outlook::OneGone,
        Outlook::AllThere,
    ];

    pub(super) fn of<const V: usize>(failover: &Failover<V>, s: &State<V>) -> Outlook {
        let left = usize::from(s.left(FaultKind::TaskManagerDies).min(s.faults));
        let count = |state| s.task_managers.iter().filter(|&&t| t == state).count();
        let (dead, gone) = (count(TaskManager::Dead), count(TaskManager::Gone));
        match (left + dead, gone) {
            (0, 0) => Outlook::AllThere,
            (0, 1) => Outlook::OneGone,
            (0, _) => Outlook::SeveralGone,
            (1, 0) if everybody_is_at_home(failover, s) => Outlook::OneLoss,
            _ => Outlook::Losses,
        }
    }

    pub(super) fn lost_at_once(self) -> LostAtOnce {
        match self {
            Outlook::Losses => LostAtOnce::Any,
            Outlook::OneLoss => LostAtOnce::OfOneHome,
            Outlook::SeveralGone | Outlook::OneGone | Outlook::AllThere => LostAtOnce::None,
        }
    }

    /// The most TaskManagers that can be gone at once, where `losses` can be lost in one run.
    pub(super) fn gone_max(self, losses: usize) -> usize {
        match self {
            Outlook::Losses | Outlook::SeveralGone => losses,
            Outlook::OneLoss | Outlook::OneGone => losses.min(1),
            Outlook::AllThere => 0,
        }
    }
}

fn everybody_is_at_home<const V: usize>(failover: &Failover<V>, s: &State<V>) -> bool {
    let placement = failover.scenario.cluster.placement.iter();
    s.tasks
        .iter()
        .zip(placement)
        .all(|(task, &home)| task.at == NOWHERE || usize::from(task.at) == home)
}
