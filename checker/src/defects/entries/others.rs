//! What went wrong elsewhere: groups E and F of the catalogue, other engines, and rules that nobody broke but we.

use failproof_model::scenario::Defect;

use super::{CHECKPOINTS, ELECTED_MASTERS, defect, design};
use crate::defects::{HistoricDefect, Reach};

/// Group E.
pub(super) const LEADERSHIP: &[HistoricDefect] = &[
    HistoricDefect {
        id: "standby-locks-job",
        tickets: &["FLINK-10255", "FLINK-10011"],
        happened: "a standby or a former leader held the lock of a finished job, which ran again \
                   after the next election",
        reach: ELECTED_MASTERS,
    },
    HistoricDefect {
        id: "two-masters-in-one-process",
        tickets: &["FLINK-9706", "FLINK-11400"],
        happened: "a new master of a job was started before the old one had ended, whose \
                   clean-up then took its data",
        reach: ELECTED_MASTERS,
    },
    HistoricDefect {
        id: "suspend-waits-for-tasks",
        tickets: &["FLINK-11537"],
        happened: "a master that lost its leadership waited for answers of TaskManagers that \
                   were gone",
        reach: ELECTED_MASTERS,
    },
    HistoricDefect {
        id: "application-runs-again",
        tickets: &["FLINK-21928", "FLINK-23946"],
        happened: "after an election the main method of an application ran again, though its job \
                   had ended or was running",
        reach: ELECTED_MASTERS,
    },
    HistoricDefect {
        id: "submitted-twice",
        tickets: &["FLINK-30596"],
        happened: "one job that was submitted twice while the first submission waited ran twice",
        reach: Reach::OutOfReach {
            reason: "it takes clients that submit jobs; a run of the model begins with one job",
        },
    },
    HistoricDefect {
        id: "discard-unreadable-checkpoints",
        tickets: &["FLINK-7783"],
        happened: "checkpoints that could not be read for a moment were deleted",
        reach: CHECKPOINTS,
    },
    HistoricDefect {
        id: "stale-leader-connection",
        tickets: &["FLINK-14316", "FLINK-16836", "FLINK-20047", "FLINK-18677", "FLINK-19557"],
        happened: "TaskManagers kept a connection to a former leader, dropped that to the \
                   present one, or never made another",
        reach: ELECTED_MASTERS,
    },
    HistoricDefect {
        id: "leadership-lock-order",
        tickets: &["FLINK-20008", "FLINK-25847", "FLINK-29234", "FLINK-32311", "FLINK-36451"],
        happened: "an election and a service that closed waited for each other's locks",
        reach: Reach::OutOfReach {
            reason: "it takes two threads that share locks; a step of the model is atomic, as \
                     one of an actor is",
        },
    },
    HistoricDefect {
        id: "leader-information-livelock",
        tickets: &["FLINK-27848"],
        happened: "two writers of the leader's address corrected each other for ever",
        reach: ELECTED_MASTERS,
    },
    HistoricDefect {
        id: "elector-not-restarted",
        tickets: &["FLINK-34007"],
        happened: "who had lost its leadership was never a candidate again",
        reach: ELECTED_MASTERS,
    },
];

/// Group F.
pub(super) const COORDINATORS: &[HistoricDefect] = &[
    HistoricDefect {
        id: "return-splits-twice",
        tickets: &["FLINK-20396", "FLINK-20413", "FLINK-20290"],
        happened: "splits of a failed reader were given back more than once or to the attempt \
                   that had failed, and rows were repeated",
        reach: defect(
            Defect::ReturnSplitsTwice,
            "defect-return-splits-twice",
            "each-split-is-read-once",
        ),
    },
    HistoricDefect {
        id: "coordinator-not-reset",
        tickets: &["FLINK-20222"],
        happened: "a failure of the whole job, without a checkpoint to go back to, left \
                   coordinators as they were, and the splits of all attempts were missing",
        reach: defect(
            Defect::CoordinatorNotReset,
            "defect-coordinator-not-reset",
            "each-split-is-read-once",
        ),
    },
    HistoricDefect {
        id: "cancellation-untold",
        tickets: &["FLINK-17702"],
        happened: "coordinators were not told of tasks that a failover cancelled, and kept the \
                   splits of dead attempts",
        reach: defect(
            Defect::CancellationUntold,
            "defect-cancellation-untold",
            "each-split-is-read-once",
        ),
    },
    HistoricDefect {
        id: "ignore-lost-event",
        tickets: &["FLINK-21996"],
        happened: "an event of a coordinator was lost and nobody failed, so that a split was \
                   read by nobody",
        reach: defect(
            Defect::IgnoreLostEvent,
            "defect-ignore-lost-event",
            "each-split-is-read-once",
        ),
    },
    HistoricDefect {
        id: "events-across-barriers",
        tickets: &["FLINK-16986", "FLINK-28606"],
        happened: "events of coordinators arrived on the other side of a checkpoint's barrier",
        reach: CHECKPOINTS,
    },
    HistoricDefect {
        id: "checkpoint-trigger-lost",
        tickets: &["FLINK-13256"],
        happened: "a checkpoint that was given up during a failover was the last one",
        reach: CHECKPOINTS,
    },
    HistoricDefect {
        id: "failure-after-savepoint",
        tickets: &["FLINK-26783"],
        happened: "a failure between a savepoint and its effects went back to an older \
                   checkpoint, and rows were repeated",
        reach: CHECKPOINTS,
    },
    HistoricDefect {
        id: "speculative-attempts",
        tickets: &["FLINK-35522", "FLINK-28585", "FLINK-28134"],
        happened: "a speculative attempt hung, read other splits than its rival, or ran on after \
                   the job had ended",
        reach: Reach::OutOfReach {
            reason: "it takes two attempts of one vertex on purpose; the model has one, as \
                     engines do that do not speculate",
        },
    },
    HistoricDefect {
        id: "keep-forward-partitioner",
        tickets: &["FLINK-30213"],
        happened: "an edge whose parallelism was changed kept a partitioner that sends \
                   everything to its first channel",
        reach: defect(
            Defect::KeepForwardPartitioner,
            "defect-keep-forward-partitioner",
            "outcome-is-transparent",
        ),
    },
    HistoricDefect {
        id: "stale-broadcast-flag",
        tickets: &["FLINK-37576"],
        happened: "a broadcast was not known to be one and was dealt out to its consumers, of \
                   which one read all of it",
        reach: defect(
            Defect::StaleBroadcastFlag,
            "defect-stale-broadcast-flag",
            "outcome-is-transparent",
        ),
    },
    HistoricDefect {
        id: "replay-of-another-graph",
        tickets: &["FLINK-36850", "FLINK-37082"],
        happened: "a master that recovered replayed events of vertices that its new graph did \
                   not have",
        reach: Reach::Open { needs: "a journal of adaptive jobs" },
    },
];

/// What other engines had and Flink did not.
pub(super) const OTHER_ENGINES: &[HistoricDefect] = &[
    HistoricDefect {
        id: "forbid-second-attempts",
        tickets: &["Comet #5449"],
        happened: "one guard repeated a whole stage and another refused every second attempt, so \
                   that no run with a failure could succeed",
        reach: defect(
            Defect::ForbidSecondAttempts,
            "defect-forbid-second-attempts",
            "job-can-still-succeed",
        ),
    },
    HistoricDefect {
        id: "publish-again",
        tickets: &["MAPREDUCE-4819"],
        happened: "a master that was lost while it committed the job was followed by one that ran \
                   it, and committed it, again",
        reach: design(
            "commit-marker = \"none\"\njob-result = \"told-first\"",
            "master-dies-publishing-append",
            "committed-output-never-changes",
        ),
    },
];

/// Rules of the facts that are broken to see the property fail that guards them.
pub(super) const OWN_SEEDS: &[HistoricDefect] = &[
    HistoricDefect {
        id: "accept-stale-report",
        tickets: &[],
        happened: "the master takes a late report of an older attempt for one of the current \
                   attempt",
        reach: defect(
            Defect::AcceptStaleReport,
            "defect-accept-stale-report",
            "stale-report-changes-nothing",
        ),
    },
    HistoricDefect {
        id: "schedule-unready",
        tickets: &[],
        happened: "a region is scheduled without a look at its inputs",
        reach: defect(
            Defect::ScheduleUnready,
            "defect-schedule-unready",
            "deploys-only-on-consumable-inputs",
        ),
    },
    HistoricDefect {
        id: "release-after-first-consumer",
        tickets: &[],
        happened: "a partition is released when the first of its consumers is finished",
        reach: defect(
            Defect::ReleaseAfterFirstConsumer,
            "defect-release-after-first-consumer",
            "released-only-when-consumed",
        ),
    },
    HistoricDefect {
        id: "restart-before-cancelled",
        tickets: &[],
        happened: "a restart does not wait for the tasks that it cancelled",
        reach: defect(
            Defect::RestartBeforeCancelled,
            "defect-restart-before-cancelled",
            "one-live-attempt-per-vertex",
        ),
    },
    HistoricDefect {
        id: "ignore-newer-versions",
        tickets: &[],
        happened: "a restart resets all its vertices, also those that a newer failover has taken over",
        reach: defect(
            Defect::IgnoreNewerVersions,
            "defect-ignore-newer-versions",
            "restarts-only-what-has-ended",
        ),
    },
    HistoricDefect {
        id: "commit-twice",
        tickets: &[],
        happened: "sinks that commit at the end of the job do so when their task finishes as well",
        reach: defect(Defect::CommitTwice, "defect-commit-twice", "committed-output-never-changes"),
    },
    HistoricDefect {
        id: "keep-late-registration",
        tickets: &[],
        happened: "partitions that are registered for an execution that has ended meanwhile are kept",
        reach: defect(
            Defect::KeepLateRegistration,
            "defect-keep-late-registration",
            "no-partition-is-left-behind",
        ),
    },
    HistoricDefect {
        id: "release-without-attempt",
        tickets: &[],
        happened: "a call to release that comes late takes what a newer attempt has stored",
        reach: defect(
            Defect::ReleaseWithoutAttempt,
            "defect-release-without-attempt",
            "released-only-when-consumed",
        ),
    },
    HistoricDefect {
        id: "promote-in-any-case",
        tickets: &[],
        happened: "the persistent partitions of a job that fails or is cancelled outlive it",
        reach: defect(
            Defect::PromoteInAnyCase,
            "defect-promote-in-any-case",
            "no-partition-is-left-behind",
        ),
    },
    HistoricDefect {
        id: "former-master-publishes",
        tickets: &[],
        happened: "a master that had paused published sinks when it woke, while another one led",
        reach: design(
            "fence-publication = false\nfence-result = false",
            "leader-pauses",
            "older-master-changes-nothing",
        ),
    },
    HistoricDefect {
        id: "former-master-records-result",
        tickets: &[],
        happened: "a master that had paused wrote down that the job had ended when it woke, while \
                   another one ran it",
        reach: design(
            "fence-result = false",
            "leader-pauses-result",
            "older-master-changes-nothing",
        ),
    },
];
