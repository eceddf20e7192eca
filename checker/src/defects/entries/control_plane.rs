//! What went wrong within the life of one master: groups A to D of the catalogue.

use failproof_model::scenario::Defect;

use super::{ADAPTIVE_SCHEDULER, defect, design};
use crate::defects::{Effect, HistoricDefect, Reach, Seed, Seeded};

/// Group A.
pub(super) const SCHEDULING: &[HistoricDefect] = &[
    HistoricDefect {
        id: "unmerged-region-cycle",
        tickets: &["FLINK-17330"],
        happened: "two regions waited for each other through blocking edges, and nothing was \
                   scheduled",
        reach: design("merge-cycles = false", "region-cycle", "no-state-is-stuck"),
    },
    HistoricDefect {
        id: "slots-per-vertex",
        tickets: &["FLINK-16430"],
        happened: "slots were asked for vertex by vertex, so that half of each pipeline held \
                   what the other half needed",
        reach: design(
            "slot-allocation = \"per-vertex\"",
            "slots-per-vertex",
            "job-ends-if-faults-stop",
        ),
    },
    HistoricDefect {
        id: "slots-in-any-order",
        tickets: &["FLINK-17019"],
        happened: "the pool met requests in any order, so that two regions got a part of their \
                   slots each",
        reach: defect(Defect::SlotsInAnyOrder, "defect-slots-in-any-order", "no-state-is-stuck"),
    },
    HistoricDefect {
        id: "schedule-on-any-input",
        tickets: &["FLINK-10945"],
        happened: "a consumer was scheduled when one of its inputs was ready, and held the slot \
                   that its other producers needed",
        reach: defect(
            Defect::ScheduleOnAnyInput,
            "defect-schedule-on-any-input-with-slots",
            "no-state-is-stuck",
        ),
    },
    HistoricDefect {
        id: "schedule-siblings",
        tickets: &["FLINK-21707"],
        happened: "a producer that ran again made the strategy schedule a consumer that had not \
                   been reset, which failed the whole turn",
        reach: defect(Defect::ScheduleSiblings, "defect-schedule-siblings", "no-state-is-stuck"),
    },
    HistoricDefect {
        id: "forget-reset",
        tickets: &["FLINK-14331"],
        happened: "restarted vertices were handed to the scheduler before their reset, which \
                   left them alone for ever",
        reach: defect(Defect::ForgetReset, "defect-forget-reset", "no-state-is-stuck"),
    },
    HistoricDefect {
        id: "count-rematched-slot-twice",
        tickets: &["FLINK-20694"],
        happened: "a freed slot that met another request was counted twice, so that offers were \
                   refused that were still needed",
        reach: defect(
            Defect::CountRematchedSlotTwice,
            "defect-count-rematched-slot-twice",
            "slots-add-up",
        ),
    },
    HistoricDefect {
        id: "producer-state-for-partition-state",
        tickets: &["FLINK-14362"],
        happened: "whether an input could be read was told from the state of its producer, not of \
                   the partition",
        reach: Reach::OutOfReach {
            reason: "the two say the same where regions are scheduled; they differed under a \
                     scheduling by sources that releases up to 1.11 had",
        },
    },
    HistoricDefect {
        id: "count-from-initialization",
        tickets: &["FLINK-30188"],
        happened: "partitions that were finished before their consumer was initialized were \
                   never counted, so that it never ran",
        reach: defect(
            Defect::CountFromInitialization,
            "defect-count-from-initialization",
            "no-state-is-stuck",
        ),
    },
];

/// Group B.
pub(super) const PARTITIONS: &[HistoricDefect] = &[
    HistoricDefect {
        id: "hide-missing-partition",
        tickets: &["FLINK-21788", "FLINK-29056", "Ballista #2027"],
        happened: "a failure for want of data lost its type on the way and named no partition, \
                   so that the consumer alone restarted, for ever",
        reach: defect(
            Defect::HideMissingPartition,
            "defect-hide-missing-partition",
            "lost-partition-is-recomputed",
        ),
    },
    HistoricDefect {
        id: "one-failover-per-lost-partition",
        tickets: &["FLINK-14439", "FLINK-13055"],
        happened: "only the partition that a failure named counted as lost, so that many lost \
                   ones cost many restarts of the budget",
        reach: design(
            "availability = \"unnamed\"",
            "one-failover-per-lost-partition",
            "budget-outlasts-its-faults",
        ),
    },
    HistoricDefect {
        id: "tracked-is-available",
        tickets: &["FLINK-28701"],
        happened: "a partition that was tracked counted as available, also when its type allows \
                   one read and it had been read",
        reach: design(
            "availability = \"tracked\"",
            "hybrid-selective-tracked-only",
            "job-ends-if-faults-stop",
        ),
    },
    HistoricDefect {
        id: "hybrid-read-by-several",
        tickets: &["FLINK-29034", "FLINK-29975"],
        happened: "hybrid partitions could not be read by several at once, for which reading them \
                   again was switched off and on",
        reach: Reach::OutOfReach {
            reason: "it is about readers of one partition at one time, which the model gives the \
                     same rows; what it may be read again is a type, \
                     and both types are there",
        },
    },
    HistoricDefect {
        id: "hybrid-reread-skips",
        tickets: &["FLINK-29238"],
        happened: "a second reader of a hybrid partition was not given all that the first one had \
                   read",
        reach: defect(
            Defect::HybridRereadSkips,
            "defect-hybrid-reread-skips",
            "every-row-exactly-once",
        ),
    },
    HistoricDefect {
        id: "broadcast-switched-late",
        tickets: &["FLINK-30392"],
        happened: "TaskManagers could read a broadcast partition again and the master thought \
                   that they could not, so that producers restarted for nothing",
        reach: Reach::Seeded(Seeded {
            seed: Seed::Defect(Defect::BroadcastSwitchedLate),
            scenario: "defect-broadcast-switched-late",
            effect: Effect::TaskReruns { with: 2, without: 0 },
        }),
    },
    HistoricDefect {
        id: "answer-blocks-task-manager",
        tickets: &["FLINK-13249"],
        happened: "the answer to a consumer that asked for its producer was worked on where it \
                   blocked the whole TaskManager",
        reach: defect(
            Defect::AnswerBlocksTaskManager,
            "defect-answer-blocks-task-manager",
            "budget-outlasts-its-faults",
        ),
    },
    HistoricDefect {
        id: "keep-partitions-of-cancelled",
        tickets: &["FLINK-13371"],
        happened: "the partitions of a task that finished while it was being cancelled were \
                   not released by anybody",
        reach: defect(
            Defect::KeepPartitionsOfCancelled,
            "defect-keep-partitions-of-cancelled",
            "no-partition-is-left-behind",
        ),
    },
];

/// Group C.
pub(super) const ATTEMPTS: &[HistoricDefect] = &[
    HistoricDefect {
        id: "leak-slot-of-outdated-deployment",
        tickets: &["FLINK-14859"],
        happened: "a deployment that came too late kept the slot that it had got",
        reach: defect(
            Defect::LeakSlotOfOutdatedDeployment,
            "defect-leak-slot-of-outdated-deployment",
            "slots-add-up",
        ),
    },
    HistoricDefect {
        id: "global-restart-does-not-wait",
        tickets: &["FLINK-9788", "FLINK-7216"],
        happened: "a failure of the whole job during a restart began another one that did not \
                   wait for the tasks that the first had cancelled",
        reach: defect(
            Defect::GlobalRestartDoesNotWait,
            "defect-global-restart-does-not-wait",
            "restarts-only-what-has-ended",
        ),
    },
    HistoricDefect {
        id: "end-expects-failing",
        tickets: &["FLINK-20626"],
        happened: "a job that was cancelled while it failed waited for an end that only a \
                   failing job has",
        reach: defect(Defect::EndExpectsFailing, "defect-end-expects-failing", "canceled-job-ends"),
    },
    HistoricDefect {
        id: "archive-current-attempt",
        tickets: &["FLINK-22276"],
        happened: "the history of failures looked at the current attempt of a vertex that \
                   another restart had replaced, and the master died of it",
        reach: defect(
            Defect::ArchiveCurrentAttempt,
            "defect-archive-current-attempt",
            "no-state-is-stuck",
        ),
    },
    HistoricDefect {
        id: "swallow-restart-exception",
        tickets: &["FLINK-13452"],
        happened: "what went wrong while vertices were reset was swallowed, and they stayed \
                   cancelled for ever",
        reach: defect(
            Defect::SwallowRestartException,
            "defect-swallow-restart-exception",
            "no-state-is-stuck",
        ),
    },
    HistoricDefect {
        id: "initialize-after-reset",
        tickets: &["FLINK-34206"],
        happened: "what follows from the end of a task went on after a failover had taken the \
                   task, and vertices were initialized and scheduled on what was going away",
        reach: defect(
            Defect::InitializeAfterReset,
            "defect-initialize-after-reset",
            "no-state-is-stuck",
        ),
    },
    HistoricDefect {
        id: "adaptive-cancel-while-restarting",
        tickets: &["FLINK-22574"],
        happened: "the adaptive scheduler could not be cancelled while it restarted",
        reach: ADAPTIVE_SCHEDULER,
    },
    HistoricDefect {
        id: "suspended-as-canceled",
        tickets: &["FLINK-34518"],
        happened: "a master that lost its leadership while it restarted reported the job as \
                   cancelled, for good",
        reach: ADAPTIVE_SCHEDULER,
    },
    HistoricDefect {
        id: "slot-hijack",
        tickets: &["FLINK-19142"],
        happened: "after a failover tasks took each other's former slots, and local state was of \
                   no use",
        reach: Reach::OutOfReach {
            reason: "it moves tasks away from local state, which batch tasks do not have; no \
                     outcome differs",
        },
    },
];

/// Group D.
pub(super) const TASK_MANAGERS: &[HistoricDefect] = &[
    HistoricDefect {
        id: "stale-slot-report",
        tickets: &["FLINK-12863"],
        happened: "a report on slots that was made before a request was applied after it, and \
                   freed a slot in use",
        reach: defect(
            Defect::StaleSlotReport,
            "defect-stale-slot-report",
            "pooled-slots-are-allocated",
        ),
    },
    HistoricDefect {
        id: "stale-report-to-resource-manager",
        tickets: &["FLINK-12865"],
        happened: "the resource manager took a slot in use for free, from a report that was made \
                   before the slot was requested",
        reach: Reach::OutOfReach {
            reason: "the TaskManager refuses what is requested twice and the next report says \
                     what is so: nothing differs that a property or a measure sees",
        },
    },
    HistoricDefect {
        id: "accept-older-registration",
        tickets: &["FLINK-12260"],
        happened: "a registration that had timed out was handled after a newer one, and replaced \
                   it",
        reach: defect(
            Defect::AcceptOlderRegistration,
            "defect-accept-older-registration",
            "job-can-always-end",
        ),
    },
    HistoricDefect {
        id: "take-restart-for-duplicate",
        tickets: &["FLINK-25849"],
        happened: "a TaskManager that had restarted under its name was taken for the one from \
                   before",
        reach: design(
            "registration = \"by-name\"",
            "restarted-under-its-name",
            "budget-outlasts-its-faults",
        ),
    },
    HistoricDefect {
        id: "keep-books-while-suspended",
        tickets: &["FLINK-19237"],
        happened: "a master that was suspended kept its books on TaskManagers, and refused their \
                   slots when it was leader again",
        reach: defect(
            Defect::KeepBooksWhileSuspended,
            "defect-keep-books-while-suspended",
            "job-can-always-end",
        ),
    },
    HistoricDefect {
        id: "accept-late-slot-answer",
        tickets: &["FLINK-21859"],
        happened: "an answer to an older offer changed a slot that had been freed and given away \
                   since",
        reach: defect(
            Defect::AcceptLateSlotAnswer,
            "defect-accept-late-slot-answer",
            "pooled-slots-are-allocated",
        ),
    },
    HistoricDefect {
        id: "late-slot-confirmation",
        tickets: &["FLINK-21874"],
        happened: "the resource manager met a confirmation of a slot that had been freed and \
                   allocated again since with an exception",
        reach: Reach::OutOfReach {
            reason: "there, a slot is requested and confirmed in one step; what is confirmed \
                     twice changes no slot of the job",
        },
    },
    HistoricDefect {
        id: "two-slots-one-allocation",
        tickets: &["FLINK-14589"],
        happened: "one allocation was asked for on two slots, of which one was never given back",
        reach: defect(
            Defect::TwoSlotsOneAllocation,
            "defect-two-slots-one-allocation",
            "job-can-always-end",
        ),
    },
    HistoricDefect {
        id: "loss-untold",
        tickets: &["FLINK-34526"],
        happened: "the resource manager knew that a TaskManager was gone and told nobody, who \
                   waited for heartbeats instead",
        reach: Reach::OutOfReach {
            reason: "it costs time, and the model has no clock: the heartbeat is missed in the \
                     end, with the same outcome",
        },
    },
];
