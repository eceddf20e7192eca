//! Properties that kill no defect alone, and why they stay nevertheless.

/// Properties and reasons. A property that does kill one alone is none of them; the command says so if it is.
pub(super) const REASONS: &[(&str, &str)] = &[
    (
        "outcome-is-transparent",
        "it is what all of this is for; the defects that make rows wrong make them wrong in one sink, or lose or \
         repeat some, which narrower properties see too",
    ),
    (
        "each-sink-is-explainable",
        "where `outcome-is-transparent` is violated it says whether one sink is wrong by itself, or only several \
         together",
    ),
    (
        "every-row-exactly-once",
        "it names the row that was lost or repeated, and compares with no other run; with each seeded defect the \
         comparison with the runs without faults fails as well",
    ),
    (
        "one-commit-per-sink-partition",
        "it also sees a second commit that changes nothing, as of a service that refuses it \
         (`master-dies-publishing-create-if-absent`); with each seeded defect a second commit does change what is \
         there",
    ),
    (
        "one-content-per-producer",
        "it is about policies that restart some readers of a re-drawn output and not others (`lineage-mixed`), \
         which no seeded defect is; only scenarios with `lineage` know",
    ),
    (
        "one-live-attempt-per-vertex",
        "it asks the TaskManagers whether an attempt still runs, where `restarts-only-what-has-ended` asks the \
         books of the master; with each seeded defect the books know",
    ),
    (
        "job-can-always-end",
        "a job that can end but not succeed violates `job-can-still-succeed` as well: the two together tell a job \
         that hangs from one that fails",
    ),
    (
        "canceled-job-ends",
        "it tells a cancellation that hangs from a job that hangs; the one seeded defect of a cancellation stops \
         everything, which others see too",
    ),
    (
        "whoever-cancels-itself-runs-again",
        "it names the tasks that nobody restarts, which takes a policy that leaves consumers out \
         (`nobody-restarts-who-cancelled-itself`); seeded defects only meet them on their way",
    ),
    (
        "ended-tasks-run-again",
        "it names the tasks that are never reset, where `job-ends-if-faults-stop` says no more than that the job \
         does not end",
    ),
    (
        "recovered-tasks-have-read-what-is-kept",
        "it is about what a master with a journal recovers, which designs get wrong (`journal-hybrid`, \
         `journal-passes-over`); no seeded defect is of a journal",
    ),
    (
        "job-that-has-ended-stays-ended",
        "it sees that a job runs again after its end, whatever its sinks make of that; with the one seeded defect \
         that makes it, sinks show it",
    ),
];
