//! A release takes time (sections 4.2, 4.4 and 12), and a remote storage fails (section 1.8).
//!
//! The master tracks a partition no longer and tells its TaskManager, or its shuffle service, to release it: a call
//! that nobody answers. Until it arrives the data is there for whoever was told to read it. It names the attempt, so
//! one that arrives late does nothing to what a newer attempt has written. One that is lost is one that comes late.
//!
//! Bounds: of each vertex only the latest attempt that has stored something and was replaced is held, as if the call
//! of an older one had arrived by then; and what a task has stored whose end crosses its cancellation is gone at once.

use crate::action::Action;
use crate::data::Outcome;
use crate::design::{MasterFailover, RemoteLosses};
use crate::failover::{Failover, Input, ModelError};
use crate::job_graph::Storage;
use crate::scenario::{Defect, FaultKind, Mechanism, Scenario};
use crate::state::{FORMER_MAX, Former, State, Truth};

use super::failover::ones;

impl<const V: usize> Failover<V> {
    pub(super) fn enabled_releases(&self, s: &State<V>, out: &mut Vec<Action>) {
        let fails = s.left(FaultKind::RemoteStorageFails).min(s.faults) > 0;
        if fails && s.stored & self.remote_partitions() != 0 {
            out.push(Action::FailRemoteStorage);
        }
        let under_way = ones(s.fine.releases.under_way);
        out.extend(under_way.map(|p| Action::ReleasePartition { partition: p as u8 }));
        let replaced = s.fine.releases.replaced();
        out.extend(replaced.map(|v| Action::ReleaseFormerPartitions { vertex: v as u8 }));
    }

    fn remote_partitions(&self) -> u32 {
        self.mask_of_partitions(|p| {
            let facts = &self.partitions[p];
            facts.storage == Storage::Reliable && facts.result_type.is_released_by_scheduler()
        })
    }

    fn mask_of_partitions(&self, is: impl Fn(usize) -> bool) -> u32 {
        (0..self.partitions.len()).filter(|&p| is(p)).fold(0, |mask, p| mask | 1 << p)
    }

    /// Fault: everything that the shuffle service holds is gone. With FLIP-184 it tells the master, which thus restarts
    /// all producers that are needed when the first of them is missed.
    pub(super) fn fail_remote_storage(&self, s: &mut State<V>) {
        let remote = self.remote_partitions();
        if self.scenario.design.remote_losses == RemoteLosses::Told {
            s.tracked &= !(s.stored & remote);
        }
        s.stored &= !remote;
        self.lose_former(s, remote, |_| true);
    }

    /// The release strategy gives partitions up.
    pub(super) fn release(&self, s: &mut State<V>, released: u32) {
        s.tracked &= !released;
        match self.is_fine(Mechanism::Release) {
            true => s.fine.releases.under_way |= released & s.stored,
            false => s.stored &= !released,
        }
    }

    /// The current attempt of a vertex is about to be replaced, and its partitions to be released.
    pub(super) fn keep_former(&self, s: &mut State<V>, v: usize) {
        if !self.is_fine(Mechanism::Release) {
            return;
        }
        let facts = &self.vertices[v];
        s.fine.releases.under_way &= !facts.partitions;
        let again = self.mask_of_partitions(|p| self.partitions[p].result_type.is_reconsumable());
        let partitions = s.stored & facts.partitions & again;
        if partitions == 0 {
            return;
        }
        let told = |&w: &usize| {
            let task = s.tasks[w];
            task.truth.is_live() && self.vertices[w].inputs_of[v] & !task.read & !task.outdated != 0
        };
        let readers = ones(facts.consumers).filter(told).fold(0, |mask, w| mask | 1 << w);
        let mut former = Former::of(v, s.tasks[v].at, s.output(v));
        (former.readers, former.partitions) = (readers, partitions);
        s.fine.releases.keep(v, former);
    }

    /// What `v` finds in an input whose descriptor names an attempt that was replaced, as long as it is there.
    pub(super) fn former_output(&self, s: &State<V>, v: usize, input: usize) -> Option<Outcome> {
        let Input { partition, producer, .. } = self.vertices[v].inputs[input];
        let former = s.fine.releases.former(producer)?;
        let readable = former.readers & 1 << v != 0 && former.partitions & 1 << partition != 0;
        readable.then(|| former.output())
    }

    pub(super) fn release_partition(&self, s: &mut State<V>, partition: usize) {
        s.fine.releases.under_way &= !(1 << partition);
        s.stored &= !(1 << partition);
    }

    pub(super) fn release_former(&self, s: &mut State<V>, v: usize) {
        let former = s.fine.releases.former(v).copied().unwrap_or_default();
        s.fine.releases.forget(v);
        if self.scenario.defect == Some(Defect::ReleaseWithoutAttempt) {
            let there = former.at == s.tasks[v].at;
            let kept = if there { 0 } else { self.vertices[v].local };
            s.stored &= !(former.partitions & !kept);
        }
    }

    /// A TaskManager has died with what it has stored of attempts that were replaced.
    pub(super) fn lose_former_at(&self, s: &mut State<V>, task_manager: usize) {
        let local = self.mask_of_partitions(|p| self.partitions[p].storage != Storage::Reliable);
        self.lose_former(s, local, |former| usize::from(former.at) == task_manager);
    }

    fn lose_former(&self, s: &mut State<V>, lost: u32, of: impl Fn(&Former) -> bool) {
        s.fine.releases.change(|mut former| {
            former.partitions &= if of(&former) { !lost } else { u32::MAX };
            former
        });
    }

    /// What was replaced matters as long as somebody is going to read it; with a call that does not name its attempt,
    /// as long as it is there.
    pub(super) fn normalise_releases(&self, s: &mut State<V>) {
        s.fine.releases.under_way &= s.stored;
        for v in s.fine.releases.replaced() {
            let Some(mut former) = s.fine.releases.former(v).copied() else { continue };
            let reads = |&w: &usize| {
                let task = s.tasks[w];
                let at_work = matches!(task.truth, Truth::Submitted | Truth::Running);
                at_work && self.vertices[w].inputs_of[v] & task.outdated & !task.read != 0
            };
            former.readers = ones(former.readers).filter(reads).fold(0, |mask, w| mask | 1 << w);
            let matters =
                former.readers != 0 || self.scenario.defect == Some(Defect::ReleaseWithoutAttempt);
            match matters && former.partitions != 0 {
                true => s.fine.releases.keep(v, former),
                false => s.fine.releases.forget(v),
            }
        }
    }
}

/// What of a scenario does not go together with releases that take time.
pub(crate) fn check_releases(scenario: &Scenario) -> Result<(), ModelError> {
    let fine = |mechanism| scenario.grain.is_fine(mechanism);
    if !fine(Mechanism::Release) {
        return Ok(());
    }
    let may = |kind| scenario.faults.limits[kind as usize] > 0;
    let journal = scenario.design.master_failover == MasterFailover::Journal;
    let unknown = [
        (fine(Mechanism::Links) || may(FaultKind::LinkDrops), "links that break"),
        (journal || may(FaultKind::MasterDies), "masters that die"),
        (scenario.job.is_adaptive(), "vertices whose parallelism is decided as the job runs"),
    ];
    if let Some((_, what)) = unknown.into_iter().find(|(is, _)| *is) {
        return Err(ModelError::ReleaseWith { what });
    }
    let job = &scenario.job;
    let stores = |v: &usize| {
        job.edges.iter().any(|edge| edge.from == *v && edge.compiled_type().is_reconsumable())
    };
    let stored = (0..job.vertices.len()).filter(stores);
    let found = stored.map(|v| job.vertices[v].parallelism).sum();
    let what = "subtasks whose partitions are released in steps of their own";
    match found > FORMER_MAX {
        true => Err(ModelError::TooLarge { what, found, max: FORMER_MAX }),
        false => Ok(()),
    }
}
