//! Rules that can be broken on purpose.

use serde::{Deserialize, Serialize};

/// A rule broken on purpose, to see the property that guards it fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Defect {
    /// The master takes a late report of an older attempt for one of the current attempt.
    AcceptStaleReport,
    /// A region is scheduled without looking at its inputs.
    ScheduleUnready,
    /// A partition is released when the first of its consumers is finished.
    ReleaseAfterFirstConsumer,
    /// A restarted vertex is deployed without waiting for its cancelled attempt.
    RestartBeforeCancelled,
    /// Restarted vertices are never reset (FLINK-14331).
    ForgetReset,
    /// Sinks that commit at the end of the job do so twice.
    CommitTwice,
    /// A consumer that does not find a partition fails without naming it (FLINK-21788).
    HideMissingPartition,
    /// The restart after a global failure waits only for the tasks that it has cancelled itself, not for those that an
    /// earlier restart is cancelling (FLINK-9788, FLINK-7216).
    GlobalRestartDoesNotWait,
    /// What the master throws while it resets vertices is lost, and they stay as they are (FLINK-13452).
    SwallowRestartException,
    /// A restart resets all its vertices, also those that a newer failover has taken over (section 3.4).
    IgnoreNewerVersions,
    /// When the last task of a job has ended that was cancelled while it was failing, the master finds that it is not
    /// failing and does nothing (FLINK-20626).
    EndExpectsFailing,
    /// A failure whose restart comes to nothing is archived by what its vertex is by then, and the master dies if that
    /// has not failed (FLINK-22276).
    ArchiveCurrentAttempt,
    /// A restart that concerns a vertex whose output is declared indeterminate fails the job (Comet 5449).
    ForbidSecondAttempts,
    /// A region is scheduled when one of its inputs is there, not all (FLINK-10945).
    ScheduleOnAnyInput,
    /// A blocking input is there when all subtasks of its producer have finished, and whenever one of them has, every
    /// region that reads any of them is scheduled: one that is not CREATED makes the master throw, and the turn is over
    /// (FLINK-21707).
    ScheduleSiblings,
    /// Who reads a hybrid partition for the second time finds nothing in it (FLINK-29238).
    HybridRereadSkips,
    /// A broadcast hybrid selective partition can be read again, and the failover strategy takes it for one that cannot
    /// (FLINK-30392).
    BroadcastSwitchedLate,
    /// A producer with REBALANCE to more or fewer consumers sends every row to the first of them, as the partitioner of
    /// an exchange from subtask to subtask does (FLINK-30213).
    KeepForwardPartitioner,
    /// A broadcast is dealt out to the consumers of an adaptive job vertex as if it were none (FLINK-37576).
    StaleBroadcastFlag,
    /// A slot goes to any of the requests for one, not to the oldest (FLINK-17019).
    SlotsInAnyOrder,
    /// A slot that is returned and given to a request that waits is counted once more (FLINK-20694).
    CountRematchedSlotTwice,
    /// A vertex that is cancelled between its slot and its deployment does not return the slot (FLINK-14859).
    LeakSlotOfOutdatedDeployment,
    /// The splits of an attempt that has ended without success are given back when it ends, and once more when its
    /// vertex is reset (FLINK-20413).
    ReturnSplitsTwice,
    /// The coordinator of a source is not told of attempts that a failover cancels: it answers them, and their splits
    /// never come back (FLINK-17702).
    CancellationUntold,
    /// An event of a coordinator that did not arrive is of no consequence (FLINK-21996).
    IgnoreLostEvent,
    /// A failure of the whole job does not reset coordinators, which keep the splits of all attempts (FLINK-20222).
    CoordinatorNotReset,
    /// A consumer that is to try again blocks the whole TaskManager (FLINK-13249).
    AnswerBlocksTaskManager,
    /// Partitions that were registered for an execution that has ended meanwhile are not released (section 4.2).
    KeepLateRegistration,
    /// The partitions of a task that finishes while it is being cancelled are not released (FLINK-13371).
    KeepPartitionsOfCancelled,
    /// What outlives a job that succeeds outlives one that does not as well (section 4.8).
    PromoteInAnyCase,
    /// Who reads what had finished before it was initialised waits for it to finish (FLINK-30188).
    CountFromInitialization,
    /// What follows from the end of a task goes on though a failover has taken the task (FLINK-34206).
    InitializeAfterReset,
    /// A TaskManager takes the answer to an older offer of slots for one to the latest (FLINK-21859).
    AcceptLateSlotAnswer,
    /// The master makes a report on its slots, and sends it when they are others (FLINK-12863).
    StaleSlotReport,
    /// A TaskManager has one allocation on two slots, and forgets the first of them (FLINK-14589).
    TwoSlotsOneAllocation,
    /// The resource manager handles a registration after a newer one, and replaces that (FLINK-12260).
    AcceptOlderRegistration,
    /// A call to release names a partition and not the attempt that wrote it (section 4.1, against it): it takes what a
    /// newer attempt has written.
    ReleaseWithoutAttempt,
    /// The books of a master that is suspended keep its TaskManagers, without their slots, and the next one has these
    /// books (FLINK-19237).
    KeepBooksWhileSuspended,
}

impl Defect {
    /// All defects, in order.
    pub const ALL: [Defect; 38] = [
        Defect::AcceptStaleReport,
        Defect::ScheduleUnready,
        Defect::ReleaseAfterFirstConsumer,
        Defect::RestartBeforeCancelled,
        Defect::ForgetReset,
        Defect::CommitTwice,
        Defect::HideMissingPartition,
        Defect::GlobalRestartDoesNotWait,
        Defect::SwallowRestartException,
        Defect::IgnoreNewerVersions,
        Defect::EndExpectsFailing,
        Defect::ArchiveCurrentAttempt,
        Defect::ForbidSecondAttempts,
        Defect::ScheduleOnAnyInput,
        Defect::ScheduleSiblings,
        Defect::HybridRereadSkips,
        Defect::BroadcastSwitchedLate,
        Defect::KeepForwardPartitioner,
        Defect::StaleBroadcastFlag,
        Defect::SlotsInAnyOrder,
        Defect::CountRematchedSlotTwice,
        Defect::LeakSlotOfOutdatedDeployment,
        Defect::ReturnSplitsTwice,
        Defect::CancellationUntold,
        Defect::IgnoreLostEvent,
        Defect::CoordinatorNotReset,
        Defect::AnswerBlocksTaskManager,
        Defect::KeepLateRegistration,
        Defect::KeepPartitionsOfCancelled,
        Defect::PromoteInAnyCase,
        Defect::CountFromInitialization,
        Defect::InitializeAfterReset,
        Defect::AcceptLateSlotAnswer,
        Defect::StaleSlotReport,
        Defect::TwoSlotsOneAllocation,
        Defect::AcceptOlderRegistration,
        Defect::ReleaseWithoutAttempt,
        Defect::KeepBooksWhileSuspended,
    ];
}
