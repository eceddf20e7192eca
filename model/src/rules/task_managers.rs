//! TaskManagers die, are missed by the master, and come back empty (section 4.5).

use crate::action::Action;
use crate::design::TaskManagerLossOrder;
use crate::execution_state::ExecutionState;
use crate::failover::Failover;
use crate::state::{State, TaskManager, Truth};
use crate::strategy::Cause;

impl<const V: usize> Failover<V> {
    pub(super) fn enabled_task_managers(&self, s: &State<V>, out: &mut Vec<Action>) {
        let all = || 0..self.scenario.cluster.task_managers;
        out.extend(
            all()
                .filter(|&t| s.task_managers[t] == TaskManager::Dead)
                .map(|t| Action::NoticeLoss { task_manager: t as u8 }),
        );
        out.extend(
            all()
                .filter(|&t| self.can_return(s, t))
                .map(|t| Action::ReturnTaskManager { task_manager: t as u8 }),
        );
    }

    /// Fault: the process dies with its tasks and with what it stores. Reports that were sent before are still under
    /// way; nobody is told of anything else.
    pub(super) fn die(&self, s: &mut State<V>, task_manager: usize) {
        s.task_managers[task_manager] = match s.task_managers[task_manager] {
            TaskManager::Forgotten => TaskManager::Gone,
            _ => TaskManager::Dead,
        };
        s.fine.links.forget(task_manager);
        self.lose_former_at(s, task_manager);
        for v in self.at(s, task_manager) {
            if s.tasks[v].truth.is_live() {
                s.tasks[v].truth = Truth::Lost;
            }
            s.stored &= !self.vertices[v].local;
        }
    }

    /// The vertices whose current attempt was deployed there.
    pub(super) fn at(&self, s: &State<V>, task_manager: usize) -> Vec<usize> {
        (0..self.size()).filter(|&v| usize::from(s.tasks[v].at) == task_manager).collect()
    }

    /// `JobMaster.disconnectTaskManager`, one turn of the master. Flink fails the executions first, each with its own
    /// restart set, while the partitions of FINISHED producers are still tracked; only then it forgets these. The
    /// executions are failed in the order of their vertices; Flink's own order is that of a hash map.
    pub(super) fn notice_loss(&self, s: &mut State<V>, task_manager: usize) {
        s.task_managers[task_manager] = match s.task_managers[task_manager].is_alive() {
            true => TaskManager::Forgotten,
            false => TaskManager::Gone,
        };
        let mut lost = self.at(s, task_manager);
        lost.extend(self.lose_slots(s, task_manager));
        lost.sort_unstable();
        lost.dedup();
        let untrack = |s: &mut State<V>| {
            let finished = |&&v: &&usize| s.tasks[v].book == ExecutionState::Finished;
            let gone: u32 = lost.iter().filter(finished).map(|&v| self.vertices[v].local).sum();
            s.tracked &= !gone;
        };
        match self.scenario.design.task_manager_loss {
            TaskManagerLossOrder::FailThenUntrack => {
                self.fail_executions(s, &lost);
                untrack(s);
            }
            TaskManagerLossOrder::UntrackThenFail => {
                untrack(s);
                self.fail_executions(s, &lost);
            }
        }
    }

    fn fail_executions(&self, s: &mut State<V>, lost: &[usize]) {
        use ExecutionState as E;
        for &v in lost {
            self.give_up(s, v);
            match s.tasks[v].book {
                E::Canceling => self.cancelled(s, v),
                // One that is SCHEDULED has its slot there, or it would not be among them.
                E::Scheduled | E::Deploying | E::Initializing | E::Running => {
                    self.failed(s, v, Cause::Task);
                }
                E::Created | E::Reconciling | E::Finished | E::Canceled | E::Failed => {}
            }
        }
    }

    /// Whether it was dead.
    pub(super) fn notice_if_dead(&self, s: &mut State<V>, task_manager: usize) -> bool {
        let dead = s.task_managers[task_manager] == TaskManager::Dead;
        if dead {
            self.notice_loss(s, task_manager);
        }
        dead
    }
}
