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
    /// A slot goes to any of the requests for one, not to the oldest (FLINK-17019).
    SlotsInAnyOrder,
    /// A slot that is returned and given to a request that waits is counted once more (FLINK-20694).
    CountRematchedSlotTwice,
    /// A vertex that is cancelled between its slot and its deployment does not return the slot (FLINK-14859).
    LeakSlotOfOutdatedDeployment,
    /// A region is scheduled when any of its inputs is consumable, instead of all (FLINK-10945).
    ScheduleOnAnyInput,
}

impl Defect {
    /// All defects, in order.
    pub const ALL: [Defect; 11] = [
        Defect::AcceptStaleReport,
        Defect::ScheduleUnready,
        Defect::ReleaseAfterFirstConsumer,
        Defect::RestartBeforeCancelled,
        Defect::ForgetReset,
        Defect::CommitTwice,
        Defect::HideMissingPartition,
        Defect::SlotsInAnyOrder,
        Defect::CountRematchedSlotTwice,
        Defect::LeakSlotOfOutdatedDeployment,
        Defect::ScheduleOnAnyInput,
    ];
}
