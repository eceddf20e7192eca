//! The link between the master and a TaskManager breaks while both go on (sections 5.1, 5.2 and 12).
//!
//! As long as it is down, nothing that either says arrives: reports and answers wait or are lost, and either side may
//! give the other up. TaskManagers still reach each other. Heartbeats are modelled by their consequence.

use crate::action::Action;
use crate::execution_state::ExecutionState;
use crate::failover::Failover;
use crate::scenario::{FaultKind, Mechanism};
use crate::state::{Links, State, TaskManager, Truth};
use crate::strategy::Cause;

impl<const V: usize> Failover<V> {
    pub(super) fn enabled_links(&self, s: &State<V>, out: &mut Vec<Action>) {
        let of = |t: usize| t as u8;
        let all = || 0..self.scenario.cluster.task_managers;
        if s.faults > 0 && s.left(FaultKind::LinkDrops) > 0 {
            let up = all().filter(|&t| is_connected(s, t));
            out.extend(up.map(|t| Action::DropLink { task_manager: of(t) }));
        }
        if !self.is_fine(Mechanism::Links) && !self.is_fine(Mechanism::Registration) {
            return;
        }
        let down = |&t: &usize| s.fine.links.is_down(of(t));
        out.extend(all().filter(down).map(|t| Action::HealLink { task_manager: of(t) }));
        let unheard = all().filter(|&t| is_unheard(s, t));
        out.extend(unheard.map(|t| Action::TimeOutTaskManager { task_manager: of(t) }));
        let left_alone = all().filter(|&t| is_left_alone(s, t));
        out.extend(left_alone.map(|t| Action::TimeOutJobMaster { task_manager: of(t) }));
        self.enabled_registration(s, out);
        let vertices = || (0..self.size()).map(|v| v as u8);
        let cut_off = |v: &u8| {
            let task = s.tasks[usize::from(*v)];
            task.truth.is_reporting() && s.fine.links.is_down(task.at)
        };
        out.extend(vertices().filter(cut_off).map(|vertex| Action::LoseReport { vertex }));
        let unanswered = vertices().filter(|&v| is_unanswered(s, v.into()));
        out.extend(unanswered.map(|vertex| Action::TimeOutCall { vertex }));
        let missing = vertices().filter(|&v| is_missing(s, v.into()));
        out.extend(missing.map(|vertex| Action::ReconcileDeployment { vertex }));
        self.enabled_zombies(s, out);
    }

    /// What a task is told at last in `deploy` and `reports`, it is told now.
    pub(super) fn heal_link(&self, s: &mut State<V>, t: usize) {
        s.fine.links.down &= !(1 << t);
        for task in s.tasks.iter_mut().filter(|task| usize::from(task.at) == t) {
            let runs = matches!(task.truth, Truth::Running | Truth::Produced);
            if task.book == ExecutionState::Deploying && runs {
                task.book = ExecutionState::Running;
            }
        }
    }

    /// Section 5.2: its tasks fail, what it stores is dropped unless there is a journal, and it follows no master. It
    /// tells the master so, which never hears of it: it is only done where the link is down, or the master has
    /// forgotten the TaskManager.
    pub(super) fn time_out_job_master(&self, s: &mut State<V>, t: usize) {
        let zombies = s.fine.links.zombies[t];
        s.fine.links.lay(zombies);
        s.fine.links.unregistered |= 1 << t;
        for v in self.at(s, t) {
            if s.tasks[v].truth.is_live() {
                self.fail_task(s, v, 0);
            }
            if !self.has_journal() {
                s.stored &= !self.vertices[v].local;
            }
        }
    }

    /// The master gives the current attempt of a vertex up: where its TaskManager lives, it goes on.
    pub(super) fn give_up(&self, s: &mut State<V>, v: usize) {
        let task = s.tasks[v];
        if task.truth == Truth::Finished {
            s.stale_reports |= 1 << v;
        }
        if task.truth.is_live() {
            self.raise_zombie(s, v);
        }
        (s.tasks[v].truth, s.tasks[v].cause) = (Truth::None, 0);
    }

    /// Section 3.2: an execution whose deployment is not answered fails; one whose cancellation is not, three times,
    /// counts as cancelled.
    pub(super) fn time_out_call(&self, s: &mut State<V>, v: usize) {
        self.give_up(s, v);
        self.end_attempt(s, v);
    }

    /// Section 5.1: what is expected on a TaskManager and is not there is taken for failed.
    pub(super) fn reconcile_deployment(&self, s: &mut State<V>, v: usize) {
        s.tasks[v].truth = Truth::None;
        self.end_attempt(s, v);
    }

    fn end_attempt(&self, s: &mut State<V>, v: usize) {
        match s.tasks[v].book {
            ExecutionState::Canceling => self.cancelled(s, v),
            _ => self.failed(s, v, Cause::Task),
        }
    }

    /// Links that are coarse break and are mended at once, when both sides have given each other up.
    pub(super) fn settle_links(&self, s: &mut State<V>) {
        let all = 0..self.scenario.cluster.task_managers;
        let followed = |t: usize| s.task_managers[t] != TaskManager::Forgotten;
        if s.fine.links == Links::default() && all.clone().all(followed) {
            return;
        }
        for t in all {
            if s.fine.links.is_down(t as u8) && !self.is_fine(Mechanism::Links) {
                self.notice_loss(s, t);
                self.time_out_job_master(s, t);
                self.heal_link(s, t);
            }
            if is_left_alone(s, t) && !self.is_fine(Mechanism::Links) {
                self.time_out_job_master(s, t);
            }
            if !self.is_fine(Mechanism::Registration) && can_register(s, t) {
                self.register(s, t);
            }
        }
    }
}

/// Whether the master and a TaskManager that lives know and reach each other.
pub(super) fn is_connected<const V: usize>(s: &State<V>, t: usize) -> bool {
    let links = &s.fine.links;
    s.task_managers[t] == TaskManager::Registered
        && !links.is_down(t as u8)
        && !links.is_unregistered(t)
}

/// Whether what a task says arrives at the master, and the other way round.
pub(super) fn is_heard<const V: usize>(s: &State<V>, v: usize) -> bool {
    !s.fine.links.is_down(s.tasks[v].at)
}

/// Whether a TaskManager that follows no master can register at one.
pub(super) fn can_register<const V: usize>(s: &State<V>, t: usize) -> bool {
    s.fine.links.is_unregistered(t) && !s.fine.links.is_down(t as u8)
}

/// Whether no heartbeat of a TaskManager that the master counts in arrives, although it lives.
fn is_unheard<const V: usize>(s: &State<V>, t: usize) -> bool {
    s.task_managers[t] == TaskManager::Registered && !is_connected(s, t)
}

/// Whether a TaskManager waits for heartbeats that do not come.
fn is_left_alone<const V: usize>(s: &State<V>, t: usize) -> bool {
    let forgotten = s.task_managers[t] == TaskManager::Forgotten;
    !s.fine.links.is_unregistered(t) && (forgotten || s.fine.links.is_down(t as u8))
}

/// Whether a call of the master about a task has no answer. To one that is dead it has none either, but that is soon
/// enough missed as a whole.
fn is_unanswered<const V: usize>(s: &State<V>, v: usize) -> bool {
    let task = s.tasks[v];
    let alive = s.task_managers.get(usize::from(task.at)) == Some(&TaskManager::Registered);
    alive
        && match task.book {
            ExecutionState::Deploying => task.truth == Truth::Lost || !is_heard(s, v),
            ExecutionState::Canceling => !is_heard(s, v),
            _ => false,
        }
}

/// Whether a TaskManager says that it does not have an execution that the master expects there. One whose deployment
/// has no answer yet is not expected.
fn is_missing<const V: usize>(s: &State<V>, v: usize) -> bool {
    let task = s.tasks[v];
    let t = usize::from(task.at);
    let expected = matches!(task.book, ExecutionState::Running | ExecutionState::Canceling);
    expected && task.truth == Truth::Lost && t < s.task_managers.len() && is_connected(s, t)
}
