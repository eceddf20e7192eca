//! A TaskManager that follows no master registers at it (sections 5.2, 5.3 and 12).
//!
//! Since FLINK-25849 it says by its session which process it is. The master that counts in that very process has
//! nothing to do, as the request is one that was repeated; where it counts in another one of the same name, that one is
//! gone.

use crate::action::Action;
use crate::design::Registration;
use crate::failover::Failover;
use crate::scenario::{Defect, Mechanism};
use crate::state::{State, TaskManager};

use super::links::can_register;

impl<const V: usize> Failover<V> {
    pub(super) fn enabled_registration(&self, s: &State<V>, out: &mut Vec<Action>) {
        let able = (0..self.scenario.cluster.task_managers).filter(|&t| can_register(s, t));
        out.extend(able.map(|t| Action::RegisterTaskManager { task_manager: t as u8 }));
    }

    pub(super) fn register(&self, s: &mut State<V>, t: usize) {
        let counted_in = s.task_managers[t] == TaskManager::Registered;
        if counted_in && self.has_defect(Defect::KeepBooksWhileSuspended) {
            // It is told that it is registered, and nobody takes what it offers.
            return;
        }
        let links = &mut s.fine.links;
        let restarted = links.restarted & 1 << t != 0;
        links.unregistered &= !(1 << t);
        links.restarted &= !(1 << t);
        let known = match self.scenario.design.registration {
            Registration::ByName => true,
            Registration::BySession => !restarted,
            Registration::ByConnection => false,
        };
        if counted_in {
            if known {
                return;
            }
            self.notice_loss(s, t);
        }
        s.task_managers[t] = TaskManager::Registered;
        self.register_slots(s, t);
    }

    /// Whether a TaskManager that has died can be there again: with fine registration also before it was missed.
    pub(super) fn can_return(&self, s: &State<V>, t: usize) -> bool {
        let missing = match s.task_managers[t] {
            TaskManager::Gone => true,
            TaskManager::Dead => self.is_fine(Mechanism::Registration),
            TaskManager::Registered | TaskManager::Forgotten => false,
        };
        missing && self.scenario.cluster.returns
    }

    /// It comes back empty, and at its old address: who still asks there for what it stored is told that it has none
    /// (section 4.6), where before it could not connect.
    pub(super) fn come_back(&self, s: &mut State<V>, t: usize) {
        let links = &mut s.fine.links;
        links.unregistered |= 1 << t;
        s.task_managers[t] = match s.task_managers[t] {
            TaskManager::Dead => {
                links.restarted |= 1 << t;
                TaskManager::Registered
            }
            _ => TaskManager::Forgotten,
        };
    }
}
