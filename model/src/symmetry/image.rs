//! The image of a state, part by part: most images are told from the best one so far by their first parts.

use std::cmp::Ordering;

use crate::data::{Outcome, Rows};
use crate::failover::Failover;
use crate::state::{Restart, State, TASK_MANAGERS_MAX, Task, TaskManager, Truth};

use super::permutation::Permutation;

/// What `state` becomes.
#[derive(Clone, Copy)]
pub(super) struct Image<'a, const V: usize> {
    pub(super) failover: &'a Failover<V>,
    pub(super) permutation: &'a Permutation,
    pub(super) state: &'a State<V>,
}

impl<const V: usize> Image<'_, V> {
    /// Whether the image comes before another state in the order in which representatives are chosen: any total
    /// order would do; this one looks first at what differs most.
    pub(super) fn is_less(&self, other: &State<V>) -> bool {
        let vertices = || 0..self.failover.size();
        let tasks = || {
            let task = |w: usize| compare(&self.task(w), &other.tasks[w]);
            vertices().map(task).find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
        };
        let data = || {
            let rows = |w: usize| {
                let (Outcome { rows, placement }, shown) = (self.rows(w), self.shown(w));
                (rows, placement, shown).cmp(&(other.rows[w], other.placement[w], other.shown[w]))
            };
            vertices().map(rows).find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
        };
        let restarts = || {
            let key = |restarts: [Restart; V]| restarts.map(|r| (r.vertices, r.cancelling));
            key(self.restarts()).cmp(&key(other.restarts))
        };
        let order = tasks()
            .then_with(|| self.task_managers().cmp(&other.task_managers))
            .then_with(|| self.masks().cmp(&masks(other)))
            .then_with(restarts)
            .then_with(data);
        order.is_lt()
    }

    /// The image itself.
    pub(super) fn whole(&self) -> State<V> {
        let mut image = *self.state;
        for w in 0..self.failover.size() {
            let Outcome { rows, placement } = self.rows(w);
            image.rows[w] = rows;
            image.placement[w] = placement;
            image.shown[w] = self.shown(w);
            image.tasks[w] = self.task(w);
        }
        image.restarts = self.restarts();
        image.task_managers = self.task_managers();
        let Masks { stored, tracked, consumed, committed, stale_reports } = self.masks();
        State { stored, tracked, consumed, committed, stale_reports, ..image }
    }

    fn task(&self, w: usize) -> Task {
        let v = self.permutation.origins[w];
        let task = self.state.tasks[v];
        let inputs = &self.permutation.inputs[v];
        Task {
            at: self.permutation.task_manager(task.at),
            before: self.permutation.task_manager(task.before),
            cause: match task.cause {
                0 => 0,
                input => inputs[usize::from(input) - 1] + 1,
            },
            read: moved(task.read.into(), |i| inputs[i].into()) as u16,
            outdated: moved(task.outdated.into(), |i| inputs[i].into()) as u16,
            ..task
        }
    }

    /// What a task that is at work has read, or what it has produced.
    fn rows(&self, w: usize) -> Outcome {
        let v = self.permutation.origins[w];
        let outcome = self.state.output(v);
        let facts = &self.failover.vertices[w];
        let values = &self.permutation.values[facts.job_vertex];
        let data = &self.failover.data;
        if matches!(self.state.tasks[v].truth, Truth::Submitted | Truth::Running) {
            let rows = outcome.rows.renamed(&values.input);
            let ordered = data.keeps_order(facts.job_vertex);
            return Outcome { rows: if ordered { rows } else { rows.sorted() }, ..outcome };
        }
        let place = |bits: u64| {
            self.permutation.drawn[v].iter().fold(0, |all, drawn| {
                let channel = (bits >> drawn.shift) & ((1 << drawn.bits) - 1);
                all | u64::from(drawn.becomes[channel as usize]) << drawn.shift
            })
        };
        data.rename_outcome(facts.job_vertex, facts.subtask, outcome, values, place)
    }

    fn shown(&self, w: usize) -> Rows {
        let values = &self.permutation.values[self.failover.vertices[w].job_vertex];
        self.state.shown[self.permutation.origins[w]].renamed(&values.output).sorted()
    }

    fn restarts(&self) -> [Restart; V] {
        let vertices = |mask: u16| moved(mask.into(), |v| self.permutation.vertices[v]) as u16;
        let mut restarts = [Restart::default(); V];
        for restart in self.state.restarts.iter().filter(|restart| restart.vertices != 0) {
            let moved = Restart {
                vertices: vertices(restart.vertices),
                cancelling: vertices(restart.cancelling),
            };
            restarts[moved.vertices.trailing_zeros() as usize] = moved;
        }
        restarts
    }

    fn task_managers(&self) -> [TaskManager; TASK_MANAGERS_MAX] {
        let mut image = [TaskManager::default(); TASK_MANAGERS_MAX];
        for (t, &becomes) in self.permutation.task_managers.iter().enumerate() {
            image[usize::from(becomes)] = self.state.task_managers[t];
        }
        image
    }

    fn masks(&self) -> Masks {
        let Permutation { vertices, partitions, channels, .. } = self.permutation;
        let Masks { stored, tracked, consumed, committed, stale_reports } = masks(self.state);
        Masks {
            stored: moved(stored.into(), |p| partitions[p].into()) as u32,
            tracked: moved(tracked.into(), |p| partitions[p].into()) as u32,
            consumed: moved(consumed, |c| channels[c].into()),
            committed: moved(committed.into(), |v| vertices[v]) as u16,
            stale_reports: moved(stale_reports.into(), |v| vertices[v]) as u16,
        }
    }
}

/// The parts of a state that are masks.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Masks {
    stored: u32,
    tracked: u32,
    consumed: u64,
    committed: u16,
    stale_reports: u16,
}

fn masks<const V: usize>(s: &State<V>) -> Masks {
    Masks {
        stored: s.stored,
        tracked: s.tracked,
        consumed: s.consumed,
        committed: s.committed,
        stale_reports: s.stale_reports,
    }
}

fn compare(one: &Task, other: &Task) -> Ordering {
    let key = |t: &Task| (t.book, t.truth, t.at, t.read, t.outdated, t.before, t.cause);
    key(one).cmp(&key(other))
}

/// What becomes of a set.
fn moved(mut mask: u64, becomes: impl Fn(usize) -> usize) -> u64 {
    let mut image = 0;
    while mask != 0 {
        image |= 1 << becomes(mask.trailing_zeros() as usize);
        mask &= mask - 1;
    }
    image
}
