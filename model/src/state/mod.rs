//! The state of a job and its cluster: plain data of fixed size, and nothing that can no longer matter.
//!
//! The books of the master (`book`, `tracked`, `restarts`) and the truth on the executors (`truth`, `stored`) are
//! different fields. They meet only when a report is delivered or the loss of a TaskManager is noticed.

mod bytes;
mod census;
mod election;
mod fine;
mod journal;
mod links;
mod masters;
mod packing;
mod partition_requests;
mod partitions;
mod releases;
mod slot_messages;
mod slots;
mod splits;
mod task;

pub(crate) use census::Census;
pub use election::{Election, FORMER_STEPS};
pub use fine::{Archive, Fine};
pub use journal::{Journal, Ledger, STAGING_MAX};
pub use links::{Links, ZOMBIES_MAX, Zombie};
pub use masters::Masters;
pub use partition_requests::{Answer, PartitionRequests, Question};
pub use partitions::Partitions;
pub use releases::{FORMER_MAX, Former, Releases};
pub use slot_messages::{OfferAnswer, SLOTS_MAX, SlotMessages};
pub use slots::Slots;
pub use splits::{SplitEvent, Splits};
pub use task::{NOWHERE, Task, Truth};

use serde::Serialize;

use crate::data::{Outcome, Rows};
use crate::scenario::FaultKind;

/// Most execution vertices, of any size class: masks of them have so many bits.
pub const VERTICES_MAX: usize = 16;
/// Most TaskManagers.
pub const TASK_MANAGERS_MAX: usize = 4;
/// Most result partitions.
pub const PARTITIONS_MAX: usize = 32;
/// Most partitions that one vertex reads.
pub const INPUTS_MAX: usize = 16;
/// Most pairs of a partition and a vertex that reads it.
pub const CHANNELS_MAX: usize = 64;
/// So many kinds of faults, the first of [`FaultKind::ALL`], are counted in every state; the others are in [`Fine`].
pub const FAULTS_OF: usize = 6;

/// Everything that can still matter; `V` is the size class, the most execution vertices that fit.
///
/// Equality, hash and encoding come from the same fields. What no longer matters is cleared by
/// [`crate::failover::Failover::normalise`], so that two states that behave alike are one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct State<const V: usize> {
    /// Rows of each vertex: what the current attempt has read, and once it has produced, its output.
    pub rows: [Rows; V],
    /// Rows that each sink subtask has made visible for good.
    pub shown: [Rows; V],
    /// Channels drawn for `rows`, once the attempt has produced.
    pub placement: [u64; V],
    /// The rest of each vertex.
    pub tasks: [Task; V],
    /// Restarts in preparation, each in the place of its first vertex.
    pub restarts: [Restart; V],
    /// Truth: partitions of the current attempts whose data exists.
    pub stored: u32,
    /// Books: partitions of the current attempts that the master believes to exist (section 4.1).
    pub tracked: u32,
    /// Channels whose rows were read and cannot be read again.
    pub consumed: u64,
    /// Sink subtasks that have committed their partition by themselves. Kept for `one-commit-per-sink-partition` and
    /// `committed-output-never-changes`.
    pub committed: u16,
    /// Digests of up to two different outputs of each vertex that readers hold rows of. Kept, with the next two, for
    /// `one-content-per-producer`, and only where the scenario asks for it; else 0.
    pub held: [[u64; 2]; V],
    /// Channels whose reader holds the second of them.
    pub second: u64,
    /// Channels whose reader holds neither of them.
    pub apart: u64,
    /// Vertices of which a report of an older attempt is under way.
    pub stale_reports: u16,
    /// The TaskManagers.
    pub task_managers: [TaskManager; TASK_MANAGERS_MAX],
    /// The job as a whole.
    pub job: JobStatus,
    /// Failures that were answered with a restart, where the design bounds them; else 0.
    pub failures: u8,
    /// Faults that may still happen, in all.
    pub faults: u8,
    /// Faults of the first kinds that may still happen; of any kind, see [`State::left`].
    pub faults_of: [u8; FAULTS_OF],
    /// What only some scenarios have.
    pub fine: Fine,
}

/// A TaskManager: its process, and whether the master counts it in.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, PartialOrd, Ord, Serialize)]
pub enum TaskManager {
    /// Alive and registered.
    #[default]
    Registered,
    /// Dead; the master has not noticed.
    Dead,
    /// Dead, and the master has forgotten it.
    Gone,
    /// Alive, and the master has forgotten it.
    Forgotten,
}

/// Flink's `JobStatus`, as far as a batch job within one master's life has it. RESTARTING is RUNNING with a
/// restart in preparation.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, PartialOrd, Ord, Serialize)]
pub enum JobStatus {
    /// Running, or restarting.
    #[default]
    Running,
    /// Out of restarts; waits for its tasks to be cancelled.
    Failing,
    /// Ended without success.
    Failed,
    /// Ended with success.
    Finished,
    /// Cancelled by its user; waits for its tasks to be cancelled.
    Cancelling,
    /// Ended because its user wanted it to.
    Canceled,
}

/// A restart that waits for its tasks to be cancelled and for its back-off (section 3.4).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Restart {
    /// Vertices to restart. A newer restart takes away the vertices that it touches: what the version check finds
    /// when this restart comes to its end.
    pub vertices: u16,
    /// Vertices whose cancelled attempt has not ended yet, also those that were taken away.
    pub cancelling: u16,
}

impl TaskManager {
    /// All four, in order: digests are made of their numbers, so a new one is the last.
    pub const ALL: [TaskManager; 4] =
        [TaskManager::Registered, TaskManager::Dead, TaskManager::Gone, TaskManager::Forgotten];

    /// Whether its process lives.
    pub fn is_alive(self) -> bool {
        matches!(self, TaskManager::Registered | TaskManager::Forgotten)
    }

    /// Whether the master counts it in; it may be dead.
    pub fn is_counted_in(self) -> bool {
        matches!(self, TaskManager::Registered | TaskManager::Dead)
    }
}

impl JobStatus {
    /// All six, in order: digests are made of their numbers, so a new one is the last.
    pub const ALL: [JobStatus; 6] = [
        JobStatus::Running,
        JobStatus::Failing,
        JobStatus::Failed,
        JobStatus::Finished,
        JobStatus::Cancelling,
        JobStatus::Canceled,
    ];

    /// Whether nothing can happen any more.
    pub fn is_terminal(self) -> bool {
        matches!(self, JobStatus::Failed | JobStatus::Finished | JobStatus::Canceled)
    }
}

impl<const V: usize> Default for State<V> {
    fn default() -> Self {
        State {
            rows: [Rows::EMPTY; V],
            shown: [Rows::EMPTY; V],
            placement: [0; V],
            tasks: [Task::CREATED; V],
            restarts: [Restart::default(); V],
            stored: 0,
            tracked: 0,
            consumed: 0,
            committed: 0,
            held: [[0; 2]; V],
            second: 0,
            apart: 0,
            stale_reports: 0,
            task_managers: Default::default(),
            job: JobStatus::default(),
            failures: 0,
            faults: 0,
            faults_of: Default::default(),
            fine: Fine::default(),
        }
    }
}

impl<const V: usize> State<V> {
    /// What vertex `v` produced.
    pub fn output(&self, v: usize) -> Outcome {
        Outcome { rows: self.rows[v], placement: self.placement[v] }
    }

    /// Whether some restart is in preparation, in Flink's words: whether the job is RESTARTING.
    pub fn is_restarting(&self) -> bool {
        self.restarts.iter().any(|restart| restart.vertices != 0)
    }

    /// Faults of a kind that may still happen.
    pub fn left(&self, kind: FaultKind) -> u8 {
        let kind = kind as usize;
        self.faults_of.get(kind).copied().unwrap_or_else(|| self.fine.faults_of[kind - FAULTS_OF])
    }

    /// As [`State::left`], to be changed.
    pub(crate) fn left_mut(&mut self, kind: FaultKind) -> &mut u8 {
        match kind as usize {
            kind if kind < FAULTS_OF => &mut self.faults_of[kind],
            kind => &mut self.fine.faults_of[kind - FAULTS_OF],
        }
    }

    /// A fixed encoding, the same on every machine, for digests.
    pub fn encode(&self, out: &mut Vec<u8>) {
        for v in 0..V {
            for rows in [self.rows[v], self.shown[v]] {
                out.extend(rows.bits().to_le_bytes());
            }
            out.extend(self.placement[v].to_le_bytes());
            out.extend(self.held[v].into_iter().flat_map(u64::to_le_bytes));
            self.tasks[v].encode(out);
            out.extend(self.restarts[v].vertices.to_le_bytes());
            out.extend(self.restarts[v].cancelling.to_le_bytes());
        }
        out.extend(self.stored.to_le_bytes());
        out.extend(self.tracked.to_le_bytes());
        out.extend(self.consumed.to_le_bytes());
        out.extend(self.committed.to_le_bytes());
        out.extend(self.second.to_le_bytes());
        out.extend(self.apart.to_le_bytes());
        out.extend(self.stale_reports.to_le_bytes());
        out.extend(self.task_managers.map(|t| t as u8));
        out.extend([self.job as u8, self.failures, self.faults]);
        out.extend(self.faults_of);
        if self.fine != Fine::default() {
            self.fine.pack(out);
        }
    }
}
