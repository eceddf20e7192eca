//! Where no failure can happen any more.
//!
//! Faults are spent, no failure is under way, and nobody is going to miss a partition. The rest is known: restarts
//! that are in preparation come to their end, tasks read what they find, finish, and let others begin. Only the order
//! is open, what is drawn, and when TaskManagers come back.

use crate::execution_state::ExecutionState as E;
use crate::failover::{Failover, Input};
use crate::rules::ones;
use crate::scenario::FaultKind;
use crate::state::{JobStatus, State, TaskManager, Truth};

/// What is going to happen to vertices where all is calm. Masks of vertices.
pub(super) struct Plans<const V: usize> {
    /// Of every vertex, the restart in preparation that is going to reset it, itself included; else 0.
    sets: [u16; V],
    /// Whoever is going to be reset.
    pub(super) restarting: u16,
    /// Whoever is going to be deployed; perhaps never, if it waits for what never comes.
    pub(super) to_deploy: u16,
    /// Of these, whoever is placed elsewhere until a TaskManager comes back.
    pub(super) unplaced: u16,
}

impl<const V: usize> Plans<V> {
    pub(super) fn restarts(&self, v: usize) -> bool {
        self.sets[v] != 0
    }
}

impl<const V: usize> Failover<V> {
    /// What is going to happen, if no failure is going to happen.
    pub(super) fn calm(&self, s: &State<V>) -> Option<Plans<V>> {
        let spent = FaultKind::ALL.into_iter().all(|kind| s.left(kind) == 0);
        let missed = s.task_managers.contains(&TaskManager::Dead);
        if !spent || missed || s.job != JobStatus::Running {
            return None;
        }
        let plans = self.plans(s);
        let calm = (0..self.size()).all(|v| {
            let fails = s.tasks[v].truth == Truth::Failed && s.tasks[v].book != E::Canceling;
            !fails && self.finds_all(s, &plans, v)
        });
        (calm && self.releases_late(s, &plans)).then_some(plans)
    }

    fn plans(&self, s: &State<V>) -> Plans<V> {
        let mut plans = Plans { sets: [0; V], restarting: 0, to_deploy: 0, unplaced: 0 };
        for restart in s.restarts.iter().filter(|restart| restart.vertices != 0) {
            plans.restarting |= restart.vertices;
            ones(restart.vertices).for_each(|v| plans.sets[v] = restart.vertices);
        }
        for v in 0..self.size() {
            let waits = matches!(s.tasks[v].book, E::Created | E::Scheduled);
            if waits || plans.restarts(v) {
                plans.to_deploy |= 1 << v;
                let home = s.task_managers[self.scenario.cluster.placement[v]];
                let moves = self.scenario.cluster.returns && home == TaskManager::Gone;
                plans.unplaced |= u16::from(moves) << v;
            }
        }
        plans
    }

    /// Whether `v` finds whatever it is going to read, or waits for it for ever.
    fn finds_all(&self, s: &State<V>, plans: &Plans<V>, v: usize) -> bool {
        let inputs = self.vertices[v].inputs.iter().enumerate();
        let mut read_later = inputs.filter(|&(i, _)| reads_later(s, plans, v, i));
        read_later.all(|(i, input)| self.finds(s, plans, v, i, input))
    }

    fn finds(&self, s: &State<V>, plans: &Plans<V>, v: usize, i: usize, input: &Input) -> bool {
        let Input { partition, producer, channel, .. } = *input;
        let result_type = self.partitions[partition].result_type;
        let (reader, writer) = (s.tasks[v], s.tasks[producer]);
        if plans.restarts(v) && plans.sets[v] == plans.sets[producer] {
            return true;
        }
        let live = reader.truth.is_live() && !plans.restarts(v);
        if plans.restarts(producer) {
            // Who is deployed before the reset is told to read the old attempt.
            let begins_later = plans.restarts(v) || reader.book == E::Created;
            return begins_later && result_type.is_blocking() && writer.book != E::Finished;
        }
        if live && reader.outdated & 1 << i != 0 {
            return false;
        }
        if !result_type.is_reconsumable() && (plans.restarts(v) || s.consumed & 1 << channel != 0) {
            return false;
        }
        let stored = s.stored & 1 << partition != 0;
        match (writer.truth, writer.book) {
            (Truth::Submitted | Truth::Running, _) => true,
            (Truth::None, E::Created | E::Scheduled) => true,
            (Truth::Produced, _) => stored || result_type.is_blocking(),
            (Truth::Finished, _) | (Truth::None, E::Finished) => stored,
            _ => result_type.is_blocking(),
        }
    }

    /// Whether what is released does not depend on the order in which tasks finish and restarts come to their end.
    fn releases_late(&self, s: &State<V>, plans: &Plans<V>) -> bool {
        !self.scenario.design.release_during_job
            || self.regions.members.iter().all(|members| {
                let settled = |&v: &usize| s.tasks[v].book.is_terminal() && !plans.restarts(v);
                members.iter().all(settled)
                    || members.iter().all(|&v| self.reads_before_release(s, plans, v))
            })
    }

    /// Whether all that `v` reads is written before it can be released, and is not released before `v` has read it.
    fn reads_before_release(&self, s: &State<V>, plans: &Plans<V>, v: usize) -> bool {
        self.vertices[v].inputs.iter().enumerate().all(|(i, input)| {
            let result_type = self.partitions[input.partition].result_type;
            if !result_type.is_released_by_scheduler() {
                true
            } else if !reads_later(s, plans, v, i) {
                let writer = s.tasks[input.producer];
                let written = match result_type.is_blocking() {
                    true => writer.book == E::Finished,
                    false => self.has_streamed(s, input.producer),
                };
                written && !plans.restarts(input.producer)
            } else if plans.restarts(v) && s.tasks[v].book == E::Finished {
                self.restarts_with_all(s, plans, v, input.partition)
            } else {
                true
            }
        })
    }

    /// Whether nobody that `partition` waits for can finish before `v`, whose books still say that it has, is reset.
    fn restarts_with_all(
        &self,
        s: &State<V>,
        plans: &Plans<V>,
        v: usize,
        partition: usize,
    ) -> bool {
        let regions = self.topology.consumers(partition).map(|w| self.regions.of[w]);
        let mut awaited = regions.flat_map(|region| &self.regions.members[region]);
        awaited.all(|&w| s.tasks[w].book == E::Finished || plans.sets[v] & 1 << w != 0)
    }
}

/// Whether the current attempt of `v`, or the next one, is going to read input `i`.
fn reads_later<const V: usize>(s: &State<V>, plans: &Plans<V>, v: usize, i: usize) -> bool {
    let task = s.tasks[v];
    plans.restarts(v)
        || matches!(task.book, E::Created | E::Scheduled)
        || matches!(task.truth, Truth::Submitted | Truth::Running) && task.read & 1 << i == 0
}
