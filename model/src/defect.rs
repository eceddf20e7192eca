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
}

impl Defect {
    /// All defects, in order.
    pub const ALL: [Defect; 7] = [
        Defect::AcceptStaleReport,
        Defect::ScheduleUnready,
        Defect::ReleaseAfterFirstConsumer,
        Defect::RestartBeforeCancelled,
        Defect::ForgetReset,
        Defect::CommitTwice,
        Defect::HideMissingPartition,
    ];
}
