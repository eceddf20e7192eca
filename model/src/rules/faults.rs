//! Which faults can happen. A fault has an effect, or it is not offered: it would only be a smaller budget.

use crate::action::Action;
use crate::execution_state::ExecutionState;
use crate::failover::Failover;
use crate::job_graph::Storage;
use crate::scenario::FaultKind;
use crate::state::{Census, State, TaskManager, Truth};

use super::failover::ones;
use super::tasks::Turns;

impl<const V: usize> Failover<V> {
    pub(super) fn enabled_faults(
        &self,
        s: &State<V>,
        census: &Census,
        turns: &[Turns; V],
        out: &mut Vec<Action>,
    ) {
        if s.faults == 0 {
            return;
        }
        for kind in FaultKind::ALL.into_iter().filter(|&kind| s.left(kind) > 0) {
            match kind {
                FaultKind::TaskThrows => throws(census, out),
                FaultKind::TaskManagerDies => self.deaths(s, out),
                FaultKind::PartitionLost => self.losses(s, out),
                FaultKind::DiskFull => self.full_disks(s, census, out),
                FaultKind::ReadFails => failing_reads(census, turns, out),
                FaultKind::SlotTimesOut => slot_time_outs(census, out),
                FaultKind::JobCanceled => self.cancellations(s, out),
                FaultKind::JobFails => self.global_failures(s, out),
                FaultKind::MasterThrows => self.throws_in_restarts(s, out),
                // Listed with what they disturb: actions stand in the order of their rules.
                FaultKind::CallLost
                | FaultKind::LinkDrops
                | FaultKind::AskTimesOut
                | FaultKind::MasterDies
                | FaultKind::RemoteStorageFails
                | FaultKind::LeaderPauses => {}
            }
        }
    }

    fn deaths(&self, s: &State<V>, out: &mut Vec<Action>) {
        // One that follows no master may have what the next one counts on.
        let recovers = s.fine.masters.recovers;
        let alive = |&t: &usize| match s.task_managers[t] {
            TaskManager::Registered => true,
            TaskManager::Forgotten => recovers,
            TaskManager::Dead | TaskManager::Gone => false,
        };
        out.extend(
            (0..self.scenario.cluster.task_managers)
                .filter(alive)
                .map(|t| Action::LoseTaskManager { task_manager: t as u8 }),
        );
    }

    /// A file is lost or what is held in memory is evicted. What a reliable storage holds, and what is streamed,
    /// is not.
    fn losses(&self, s: &State<V>, out: &mut Vec<Action>) {
        let losable = |&p: &usize| {
            let facts = &self.partitions[p];
            facts.storage != Storage::Reliable && facts.result_type.is_released_by_scheduler()
        };
        let lost = ones(s.stored).filter(losable);
        out.extend(lost.map(|p| Action::LosePartition { partition: p as u8 }));
    }

    /// Writing fails when a producer has read its input and stores its output on its TaskManager.
    fn full_disks(&self, s: &State<V>, census: &Census, out: &mut Vec<Action>) {
        let writes = |&p: &usize| {
            let facts = &self.partitions[p];
            facts.result_type.is_reconsumable() && facts.storage == Storage::TaskManager
        };
        let writing = undisturbed(census) & census.truth(Truth::Running);
        let vertices = ones(writing)
            .filter(|&v| self.has_read_all(s, v) && self.topology.produced[v].iter().any(writes));
        out.extend(vertices.map(|v| Action::FillDisk { vertex: v as u8 }));
    }
}

/// A task that is being cancelled and throws ends as if cancelled (section 3.2): no step of its own.
fn undisturbed(census: &Census) -> u16 {
    let at_work = census.truth(Truth::Running) | census.truth(Truth::Produced);
    census.book(ExecutionState::Running) & at_work
}

fn throws(census: &Census, out: &mut Vec<Action>) {
    out.extend(ones(undisturbed(census)).map(|v| Action::ThrowInTask { vertex: v as u8 }));
}

fn failing_reads<const V: usize>(census: &Census, turns: &[Turns; V], out: &mut Vec<Action>) {
    for v in ones(undisturbed(census) & census.truth(Truth::Running)) {
        let fail = |input| Action::FailRead { vertex: v as u8, input: input as u8 };
        out.extend(ones(turns[v].data).map(fail));
    }
}

fn slot_time_outs(census: &Census, out: &mut Vec<Action>) {
    let scheduled = ones(census.book(ExecutionState::Scheduled));
    out.extend(scheduled.map(|v| Action::TimeOutSlotRequest { vertex: v as u8 }));
}
