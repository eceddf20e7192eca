//! The search for all permutations that change nothing.

use crate::data::Renaming;
use crate::failover::Failover;
use crate::scenario::{Defect, FaultKind, Mechanism};
use crate::state::TASK_MANAGERS_MAX;
use crate::topology::first_subtasks;

use super::outlook::{LostAtOnce, Outlook};
use super::permutation::{Permutation, inputs, subtasks};
use super::{ORDER_MAX, STEPS_MAX};

/// For every outlook, all permutations but the one that moves nothing; those of subgroups, if some are too many.
pub(super) fn permutations<const V: usize>(failover: &Failover<V>) -> Vec<Vec<Permutation>> {
    let scenario = &failover.scenario;
    let pools = scenario.job.has_dynamic_splits();
    let unknown = !scenario.can_be_reduced();
    if unknown || scenario.lineage || pools || scenario.defect == Some(Defect::AcceptStaleReport) {
        return Outlook::ALL.map(|_| Vec::new()).into();
    }
    let vertices = scenario.job.vertices.len();
    let smaller = std::iter::once((false, vertices)).chain((0..=vertices).rev().map(|n| (true, n)));
    // The same limits for all, so that an outlook that permits more has the symmetry of one that permits less.
    let mut found = smaller.map(|(rows_stay, moving)| {
        let all = Outlook::ALL.into_iter();
        all.map(|outlook| Search::run(failover, outlook, rows_stay, moving)).collect()
    });
    found.find_map(|found| found).unwrap_or_default()
}

/// A permutation in the making: subtask by subtask, vertex by vertex.
struct Search<'a, const V: usize> {
    failover: &'a Failover<V>,
    /// Of every job vertex, its first execution vertex.
    first: Vec<usize>,
    /// Whether the rows within a source subtask stay.
    rows_stay: bool,
    /// Number of job vertices whose subtasks may move.
    moving: usize,
    lost_at_once: LostAtOnce,
    /// The most TaskManagers that can be gone at once.
    gone_max: usize,
    task_managers: [u8; TASK_MANAGERS_MAX],
    vertices: Vec<usize>,
    values: Vec<Renaming>,
    found: Vec<Permutation>,
    steps: usize,
}

/// There are more permutations, or more places to try, than are allowed.
struct TooMany;

impl<'a, const V: usize> Search<'a, V> {
    fn run(
        failover: &'a Failover<V>,
        outlook: Outlook,
        rows_stay: bool,
        moving: usize,
    ) -> Option<Vec<Permutation>> {
        let faults = failover.scenario.faults;
        let losses = faults.limits[FaultKind::TaskManagerDies as usize].min(faults.total);
        let mut search = Search {
            failover,
            first: first_subtasks(&failover.scenario.job),
            rows_stay,
            moving,
            lost_at_once: outlook.lost_at_once(),
            gone_max: outlook.gone_max(losses.into()),
            task_managers: std::array::from_fn(|t| t as u8),
            vertices: Vec::new(),
            values: Vec::new(),
            found: Vec::new(),
            steps: 0,
        };
        search.task_managers(0).ok()?;
        search.found.retain(|permutation| !permutation.is_identity());
        Some(search.found)
    }

    /// Every order of the TaskManagers, by exchanges.
    fn task_managers(&mut self, done: usize) -> Result<(), TooMany> {
        let count = self.failover.scenario.cluster.task_managers;
        if done == count {
            return self.vertex(0);
        }
        for other in done..count {
            self.task_managers.swap(done, other);
            self.task_managers(done + 1)?;
            self.task_managers.swap(done, other);
        }
        Ok(())
    }

    fn vertex(&mut self, vertex: usize) -> Result<(), TooMany> {
        if vertex < self.first.len() {
            return self.subtask(vertex, 0);
        }
        if !self.keeps_placement() {
            return Ok(());
        }
        let Search { failover, vertices, task_managers, values, .. } = self;
        self.found.extend(Permutation::new(failover, vertices, *task_managers, values));
        if self.found.len() > ORDER_MAX { Err(TooMany) } else { Ok(()) }
    }

    fn subtask(&mut self, vertex: usize, subtask: usize) -> Result<(), TooMany> {
        let first = self.first[vertex];
        let parallelism = self.failover.scenario.job.vertices[vertex].parallelism;
        if subtask == parallelism {
            return self.rows(vertex, &mut Vec::new());
        }
        for becomes in first..first + parallelism {
            self.steps += 1;
            if self.steps > STEPS_MAX {
                return Err(TooMany);
            }
            if self.may_become(vertex, first + subtask, becomes) {
                self.vertices.push(becomes);
                self.subtask(vertex, subtask + 1)?;
                self.vertices.pop();
            }
        }
        Ok(())
    }

    fn may_become(&self, vertex: usize, v: usize, becomes: usize) -> bool {
        let home = |v: usize| self.failover.scenario.cluster.placement[v];
        let before = &self.vertices[self.first[vertex]..];
        let lost_at_once = |u: usize| match self.lost_at_once {
            LostAtOnce::Any => true,
            LostAtOnce::OfOneHome => home(u) == home(v),
            LostAtOnce::None => false,
        };
        let mut siblings = (self.first[vertex]..v).zip(before);
        (vertex < self.moving || v == becomes)
            && !before.contains(&becomes)
            && usize::from(self.task_managers[home(v)]) == home(becomes)
            && siblings.all(|(u, &w)| !lost_at_once(u) || w < becomes)
            && self.keeps_inputs(v, becomes)
    }

    /// Whether `becomes` reads what `v` reads, and in the same order if that is fixed.
    fn keeps_inputs(&self, v: usize, becomes: usize) -> bool {
        let failover = self.failover;
        let any_order = failover.is_fine(Mechanism::Reads)
            || failover.data.keeps_order(failover.vertices[v].job_vertex);
        inputs(failover, &self.vertices, v, becomes)
            .is_some_and(|inputs| any_order || inputs.is_sorted())
    }

    /// Chooses what becomes of the rows of a source, subtask by subtask; other vertices have none.
    fn rows(&mut self, vertex: usize, rows: &mut Vec<u8>) -> Result<(), TooMany> {
        let job = &self.failover.scenario.job.vertices[vertex];
        let each = job.rows_per_subtask;
        if rows.len() == job.parallelism * each {
            return self.rename(vertex, rows);
        }
        let v = self.first[vertex] + rows.len() / each;
        let begin = (self.vertices[v] - self.first[vertex]) * each;
        let stay = self.rows_stay || self.failover.data.keeps_order(vertex);
        let choices = if stay {
            begin + rows.len() % each..begin + rows.len() % each + 1
        } else {
            begin..begin + each
        };
        for row in choices {
            self.steps += 1;
            if self.steps > STEPS_MAX {
                return Err(TooMany);
            }
            if !rows.contains(&(row as u8)) {
                rows.push(row as u8);
                self.rows(vertex, rows)?;
                rows.pop();
            }
        }
        Ok(())
    }

    /// Goes on to the next vertex if rows take the same ways into this one.
    fn rename(&mut self, vertex: usize, rows: &[u8]) -> Result<(), TooMany> {
        let Search { failover, vertices, values, .. } = self;
        let Some(renaming) = failover.data.rename(vertex, rows, values) else { return Ok(()) };
        let job = &failover.scenario.job;
        let consumers = subtasks(failover, vertices, vertex);
        let alike = job.inputs(vertex).all(|edge| {
            let from = job.edges[edge].from;
            let producers = subtasks(failover, vertices, from);
            failover.data.routes_alike(edge, &values[from], &producers, &consumers)
        });
        if alike {
            self.values.push(renaming);
            self.vertex(vertex + 1)?;
            self.values.pop();
        }
        Ok(())
    }

    /// Whether every vertex goes where its origin would go, whichever TaskManagers are gone. One that is nobody's
    /// home and cannot be lost has no part in anything, and stays.
    fn keeps_placement(&self) -> bool {
        let cluster = &self.failover.scenario.cluster;
        let count = cluster.task_managers;
        let becomes = |t: usize| usize::from(self.task_managers[t]);
        let unused = |t: usize| self.gone_max == 0 && !cluster.placement.contains(&t);
        let place = |gone: u8, home: usize| {
            (0..count).map(|k| (home + k) % count).find(|t| gone & 1 << t == 0)
        };
        let may_be_gone =
            |gone: &u8| gone.count_ones() as usize <= self.gone_max.min(count.saturating_sub(1));
        (0..count).all(|t| !unused(t) || becomes(t) == t)
            && (0..1u8 << count).filter(may_be_gone).all(|gone| {
                let gone_after =
                    (0..count).filter(|t| gone & 1 << t != 0).fold(0, |m, t| m | 1 << becomes(t));
                cluster
                    .placement
                    .iter()
                    .all(|&home| place(gone, home).map(becomes) == place(gone_after, becomes(home)))
            })
    }
}
