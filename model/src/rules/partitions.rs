//! Partitions are registered before their producer is deployed, and what becomes of them when the job ends (sections
//! 4.2, 4.8).
//!
//! The master registers the partitions of a SCHEDULED vertex with the shuffle service and deploys the vertex when it
//! has got their descriptors. An execution that was cancelled meanwhile still gets them, and releases them at once.
//! At the end of a job that succeeds, what is persistent becomes a partition of the cluster; everything else is
//! released.
//!
//! That a release takes time is a mechanism of its own, `releases`.

use crate::action::Action;
use crate::failover::Failover;
use crate::scenario::{Defect, Mechanism};
use crate::state::State;

use super::failover::ones;

impl<const V: usize> Failover<V> {
    fn registers_partitions(&self) -> bool {
        self.is_fine(Mechanism::Partitions)
    }

    pub(super) fn enabled_partitions(&self, s: &State<V>, out: &mut Vec<Action>) {
        let registering = ones(s.fine.partitions.registering);
        out.extend(registering.map(|v| Action::RegisterPartitions { vertex: v as u8 }));
        let late = ones(s.fine.partitions.late);
        out.extend(late.map(|v| Action::ReleaseLateRegistration { vertex: v as u8 }));
    }

    /// Vertices have just been scheduled.
    pub(super) fn begin_registration(&self, s: &mut State<V>, scheduled: &[usize]) {
        if self.registers_partitions() {
            let produce = scheduled.iter().filter(|&&v| self.vertices[v].partitions != 0);
            s.fine.partitions.registering |= produce.fold(0, |mask, v| mask | 1 << v);
        }
    }

    pub(super) fn is_registering(&self, s: &State<V>, v: usize) -> bool {
        s.fine.partitions.registering & 1 << v != 0
    }

    pub(super) fn register_partitions(&self, s: &mut State<V>, v: usize) {
        s.fine.partitions.registering &= !(1 << v);
    }

    /// An execution is SCHEDULED no more, and was not deployed.
    pub(super) fn outdate_registration(&self, s: &mut State<V>, v: usize) {
        if self.is_registering(s, v) {
            s.fine.partitions.registering &= !(1 << v);
            s.fine.partitions.late |= 1 << v;
        }
    }

    /// Test `testLateRegisteredPartitionsWillBeReleased` of the scheduler.
    pub(super) fn release_late_registration(&self, s: &mut State<V>, v: usize) {
        s.fine.partitions.late &= !(1 << v);
        if self.scenario.defect == Some(Defect::KeepLateRegistration) {
            s.fine.partitions.leaked |= self.vertices[v].partitions;
        }
    }

    /// A task has finished while it was being cancelled: what it has stored is released as well (section 4.3). A
    /// stream is released by its TaskManager in any case.
    pub(super) fn finished_in_vain(&self, s: &mut State<V>, v: usize) {
        let keeps = self.scenario.defect == Some(Defect::KeepPartitionsOfCancelled);
        if keeps && self.registers_partitions() {
            let scheduled =
                |&&p: &&usize| self.partitions[p].result_type.is_released_by_scheduler();
            let left = self.topology.produced[v].iter().filter(scheduled);
            s.fine.partitions.leaked |= left.fold(0, |mask, p| mask | 1 << p) & s.stored;
        }
    }

    /// `stopTrackingAndReleaseOrPromotePartitions`: the job has ended.
    pub(super) fn promote_partitions(&self, s: &mut State<V>, succeeded: bool) {
        let promotes = succeeded || self.scenario.defect == Some(Defect::PromoteInAnyCase);
        if promotes && self.registers_partitions() {
            s.fine.partitions.promoted = self.persistent_partitions() & s.stored;
        }
    }

    /// Mask of the partitions that outlive a job that succeeds.
    pub fn persistent_partitions(&self) -> u32 {
        let persistent = |&p: &usize| self.partitions[p].result_type.is_persistent();
        (0..self.partitions.len()).filter(persistent).fold(0, |mask, p| mask | 1 << p)
    }
}
