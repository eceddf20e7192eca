//! Attempts that the master has given up and that go on, behind a link that is or was down (sections 3.3, 5.1, 5.2).
//!
//! What a zombie produces nobody reads, for its partitions carry its number. What it shows is shown, so of sinks that
//! show rows before the job ends it is known what they have read; of all others, only that they will report. Bounds:
//! of each vertex there is one zombie, the latest; it reads only what current attempts have stored, not what a broken
//! link keeps from being released; it gets no splits; and what it does after the job has ended is not seen.

use crate::action::Action;
use crate::data::Rows;
use crate::failover::Failover;
use crate::job_graph::SinkCommit;
use crate::scenario::Mechanism;
use crate::state::{State, Truth, Zombie};

use super::failover::ones;
use super::links::is_connected;

impl<const V: usize> Failover<V> {
    pub(super) fn enabled_zombies(&self, s: &State<V>, out: &mut Vec<Action>) {
        for (v, zombie) in s.fine.links.all_showing() {
            let readable = self.next_of_zombie(v, &zombie);
            let readable = readable.filter(|&i| self.has_data(s, v, i));
            out.extend(readable.map(|i| Action::ReadAsZombie { vertex: v as u8, input: i as u8 }));
        }
        for v in self.zombies(s) {
            let draws = 0..self.ends_of_zombie(s, v) as u16;
            out.extend(draws.map(|draw| Action::FinishAsZombie { vertex: v as u8, draw }));
        }
        let reported = |&v: &usize| s.fine.links.zombie_at(v).is_some_and(|t| is_connected(s, t));
        out.extend(
            self.zombies(s).filter(reported).map(|v| Action::StopZombie { vertex: v as u8 }),
        );
    }

    fn zombies(&self, s: &State<V>) -> impl Iterator<Item = usize> {
        ones(s.fine.links.zombies.iter().fold(0, |all, zombies| all | zombies))
    }

    /// The current attempt of a vertex becomes one.
    pub(super) fn raise_zombie(&self, s: &mut State<V>, v: usize) {
        let task = s.tasks[v];
        let shows = self.shows_early(v) && self.vertices[v].splits == 0;
        let showing = shows.then(|| {
            let mut zombie = Zombie::of(v).with_rows(s.rows[v]);
            zombie.produced = task.truth == Truth::Produced;
            (zombie.read, zombie.outdated) = (task.read, task.outdated);
            zombie
        });
        s.fine.links.raise(task.at.into(), v, showing);
    }

    /// Whether a vertex shows rows before the job ends.
    pub(crate) fn shows_early(&self, v: usize) -> bool {
        matches!(self.vertices[v].sink, Some(SinkCommit::PerTask | SinkCommit::AtOnce))
    }

    /// The inputs that it may turn to next.
    fn next_of_zombie(&self, v: usize, zombie: &Zombie) -> impl Iterator<Item = usize> {
        let facts = &self.vertices[v];
        let any = self.is_fine(Mechanism::Reads) || self.data.keeps_order(facts.job_vertex);
        let (read, outdated) = (zombie.read, zombie.outdated);
        let left = if zombie.produced { 0 } else { facts.inputs.len() };
        let unread = (0..left).filter(move |&i| read & 1 << i == 0);
        unread.take(if any { usize::MAX } else { 1 }).filter(move |&i| outdated & 1 << i == 0)
    }

    pub(super) fn read_as_zombie(&self, s: &mut State<V>, v: usize, input: usize) {
        let output = s.output(self.vertices[v].inputs[input].producer);
        let content = self.consume(s, v, input, output);
        let job_vertex = self.vertices[v].job_vertex;
        if let Some(zombie) = s.fine.links.showing_mut(v) {
            let rows = self.data.read(job_vertex, zombie.rows(), content);
            zombie.read |= 1 << input;
            *zombie = zombie.with_rows(rows);
        }
    }

    /// In how many ways it can end. One of which nothing will be shown ends as soon as it likes.
    fn ends_of_zombie(&self, s: &State<V>, v: usize) -> usize {
        match self.committing(s, v) {
            Some(zombie) => self.outputs_of_zombie(s, v, &zombie).len(),
            None => usize::from(self.is_fine(Mechanism::Reports)),
        }
    }

    /// The zombie of a vertex, if it commits rows when it finishes.
    fn committing(&self, s: &State<V>, v: usize) -> Option<Zombie> {
        let commits = self.vertices[v].sink == Some(SinkCommit::PerTask);
        let zombie = s.fine.links.showing(v).filter(|_| commits).copied();
        zombie.filter(|zombie| self.will_show(v, zombie))
    }

    /// Whether it can show anything yet: what it still has to read for that, it can read.
    fn will_show(&self, v: usize, zombie: &Zombie) -> bool {
        let unread = (0..self.vertices[v].inputs.len()).filter(|&i| zombie.read & 1 << i == 0);
        match self.vertices[v].sink {
            Some(SinkCommit::PerTask) => {
                zombie.produced || unread.into_iter().all(|i| zombie.outdated & 1 << i == 0)
            }
            _ => self.next_of_zombie(v, zombie).next().is_some(),
        }
    }

    /// What it can commit when it finishes now.
    fn outputs_of_zombie(&self, s: &State<V>, v: usize, zombie: &Zombie) -> Vec<Rows> {
        let read = zombie.read.count_ones() as usize;
        if zombie.produced {
            vec![zombie.rows()]
        } else if read < self.vertices[v].inputs.len() {
            Vec::new()
        } else {
            let outcomes = self.outcomes_after(s, v, zombie.rows());
            outcomes.iter().map(|outcome| outcome.rows).collect()
        }
    }

    pub(super) fn finish_as_zombie(&self, s: &mut State<V>, v: usize, draw: usize) {
        if let Some(zombie) = self.committing(s, v) {
            let rows = self.outputs_of_zombie(s, v, &zombie)[draw];
            s.committed |= 1 << v;
            self.show(s, v, rows);
        }
        s.fine.links.lay(1 << v);
        s.stale_reports |= u16::from(self.is_fine(Mechanism::Reports)) << v;
    }

    /// A zombie that will neither show nor report anything makes no difference.
    pub(super) fn normalise_zombies(&self, s: &mut State<V>) {
        for (v, zombie) in s.fine.links.all_showing() {
            if !self.will_show(v, &zombie) {
                s.fine.links.silence(v);
            }
        }
        if !self.is_fine(Mechanism::Reports) {
            let silent = self.zombies(s).filter(|&v| s.fine.links.showing(v).is_none());
            let silent = silent.fold(0, |mask, v| mask | 1 << v);
            s.fine.links.lay(silent);
        }
    }
}
