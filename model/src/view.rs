//! What nothing will read any more, left out.

use crate::failover::Failover;
use crate::scenario::FaultKind;
use crate::state::{NOWHERE, State, TaskManager};

impl<const V: usize> Failover<V> {
    /// The state without the places that nothing will ask for: once no TaskManager can die any more, whoever is on one
    /// that is alive could be anywhere. Where an attempt is matters when its TaskManager is lost, and to readers that
    /// ask whether it can be reached (sections 4.5, 4.6).
    ///
    /// States with equal views behave alike; [`Failover::normalise`] keeps the places, for people want to see them.
    /// Where something can happen that was not thought of here ([`Scenario::can_be_reduced`]), the view is the state.
    ///
    /// [`Scenario::can_be_reduced`]: crate::scenario::Scenario::can_be_reduced
    pub fn view(&self, state: &State<V>) -> State<V> {
        let mut view = *state;
        self.leave_out(&mut view);
        view
    }

    /// Makes a state its view.
    pub fn leave_out(&self, state: &mut State<V>) {
        if !self.can_be_reduced || state.left(FaultKind::TaskManagerDies) > 0 {
            return;
        }
        let task_managers = state.task_managers;
        let alive = |at: u8| task_managers.get(usize::from(at)) == Some(&TaskManager::Registered);
        for task in &mut state.tasks[..self.size()] {
            for place in [&mut task.at, &mut task.before] {
                if alive(*place) {
                    *place = NOWHERE;
                }
            }
        }
    }
}
