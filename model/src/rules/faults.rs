//! Which faults can happen. A fault has an effect, or it is not offered: it would only be a smaller budget.

use crate::action::Action;
use crate::execution_state::ExecutionState;
use crate::failover::Failover;
use crate::job_graph::Storage;
use crate::scenario::FaultKind;
use crate::state::{State, TaskManager, Truth};

use super::tasks::Found;

impl<const V: usize> Failover<V> {
    pub(super) fn enabled_faults(&self, s: &State<V>, out: &mut Vec<Action>) {
        if s.faults == 0 {
            return;
        }
        for kind in FaultKind::ALL.into_iter().filter(|&kind| s.left(kind) > 0) {
            match kind {
                FaultKind::TaskThrows => self.throws(s, out),
                FaultKind::TaskManagerDies => self.deaths(s, out),
                FaultKind::PartitionLost => self.losses(s, out),
                FaultKind::DiskFull => self.full_disks(s, out),
                FaultKind::ReadFails => self.failing_reads(s, out),
                FaultKind::SlotTimesOut => self.slot_time_outs(s, out),
                FaultKind::JobCanceled => self.cancellations(s, out),
                FaultKind::JobFails => self.global_failures(s, out),
                FaultKind::MasterThrows => self.throws_in_restarts(s, out),
                // Listed with what they disturb: actions stand in the order of their rules.
                FaultKind::CallLost | FaultKind::LinkDrops | FaultKind::AskTimesOut => {}
            }
        }
    }

    /// A task that is being cancelled and throws ends as if cancelled (section 3.2): no step of its own.
    fn undisturbed(&self, s: &State<V>, v: usize) -> bool {
        s.tasks[v].book == ExecutionState::Running
            && matches!(s.tasks[v].truth, Truth::Running | Truth::Produced)
    }

    fn throws(&self, s: &State<V>, out: &mut Vec<Action>) {
        let vertices = (0..self.size()).filter(|&v| self.undisturbed(s, v));
        out.extend(vertices.map(|v| Action::ThrowInTask { vertex: v as u8 }));
    }

    fn deaths(&self, s: &State<V>, out: &mut Vec<Action>) {
        let alive = |&t: &usize| s.task_managers[t] == TaskManager::Registered;
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
            s.stored & 1 << p != 0
                && facts.storage != Storage::Reliable
                && facts.result_type.is_released_by_scheduler()
        };
        out.extend(
            (0..self.partitions.len())
                .filter(losable)
                .map(|p| Action::LosePartition { partition: p as u8 }),
        );
    }

    /// Writing fails when a producer has read its input and stores its output on its TaskManager.
    fn full_disks(&self, s: &State<V>, out: &mut Vec<Action>) {
        let writes = |&&p: &&usize| {
            let facts = &self.partitions[p];
            facts.result_type.is_reconsumable() && facts.storage == Storage::TaskManager
        };
        let vertices = (0..self.size()).filter(|&v| {
            self.undisturbed(s, v)
                && s.tasks[v].truth == Truth::Running
                && self.has_read_all(s, v)
                && self.topology.produced[v].iter().any(|p| writes(&p))
        });
        out.extend(vertices.map(|v| Action::FillDisk { vertex: v as u8 }));
    }

    fn failing_reads(&self, s: &State<V>, out: &mut Vec<Action>) {
        for v in (0..self.size()).filter(|&v| self.undisturbed(s, v)) {
            if s.tasks[v].truth == Truth::Running {
                let inputs = self.next_inputs(s, v, Found::Data);
                out.extend(inputs.map(|i| Action::FailRead { vertex: v as u8, input: i as u8 }));
            }
        }
    }

    fn slot_time_outs(&self, s: &State<V>, out: &mut Vec<Action>) {
        let scheduled = |&v: &usize| s.tasks[v].book == ExecutionState::Scheduled;
        out.extend(
            (0..self.size())
                .filter(scheduled)
                .map(|v| Action::TimeOutSlotRequest { vertex: v as u8 }),
        );
    }
}
