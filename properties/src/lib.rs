//! What must hold of a failover, one property a file.
//!
//! A property is about a state, about one step, or about what stays reachable or is reached; never about a history. It
//! says of what it sees whether its trigger has happened, so that a property that could never have failed is called
//! vacuous.

mod budget_outlasts_its_faults;
mod canceled_job_ends;
mod committed_output_never_changes;
mod deploys_only_on_consumable_inputs;
mod each_sink_is_explainable;
mod each_split_is_read_once;
mod ended_tasks_run_again;
mod every_row_exactly_once;
mod facts;
mod job_can_always_end;
mod job_can_still_succeed;
mod job_ends_if_faults_stop;
mod job_that_has_ended_stays_ended;
mod lost_partition_is_recomputed;
mod no_partition_is_left_behind;
mod no_state_is_stuck;
mod older_master_changes_nothing;
mod one_commit_per_sink_partition;
mod one_content_per_producer;
mod one_live_attempt_per_vertex;
mod outcome_is_transparent;
mod pooled_slots_are_allocated;
mod property;
mod recovered_tasks_have_read_what_is_kept;
mod released_only_when_consumed;
mod restarts_only_what_has_ended;
mod slots_add_up;
mod stale_report_changes_nothing;
mod whoever_cancels_itself_runs_again;

pub use facts::{Committed, Facts, committed};
pub use property::{About, Judgement, Kind, Property, Step, Steps};

/// All properties, in the order in which they are listed everywhere.
pub fn all<const V: usize>() -> Vec<Box<dyn Property<V>>> {
    vec![
        Box::new(outcome_is_transparent::OutcomeIsTransparent),
        Box::new(each_sink_is_explainable::EachSinkIsExplainable),
        Box::new(every_row_exactly_once::EveryRowExactlyOnce),
        Box::new(committed_output_never_changes::CommittedOutputNeverChanges),
        Box::new(one_commit_per_sink_partition::OneCommitPerSinkPartition),
        Box::new(one_content_per_producer::OneContentPerProducer),
        Box::new(deploys_only_on_consumable_inputs::DeploysOnlyOnConsumableInputs),
        Box::new(one_live_attempt_per_vertex::OneLiveAttemptPerVertex),
        Box::new(stale_report_changes_nothing::StaleReportChangesNothing),
        Box::new(released_only_when_consumed::ReleasedOnlyWhenConsumed),
        Box::new(no_state_is_stuck::NoStateIsStuck),
        Box::new(job_can_always_end::JobCanAlwaysEnd),
        Box::new(job_ends_if_faults_stop::JobEndsIfFaultsStop),
        Box::new(lost_partition_is_recomputed::LostPartitionIsRecomputed),
        Box::new(restarts_only_what_has_ended::RestartsOnlyWhatHasEnded),
        Box::new(canceled_job_ends::CanceledJobEnds),
        Box::new(job_can_still_succeed::JobCanStillSucceed),
        Box::new(budget_outlasts_its_faults::BudgetOutlastsItsFaults),
        Box::new(slots_add_up::SlotsAddUp),
        Box::new(each_split_is_read_once::EachSplitIsReadOnce),
        Box::new(whoever_cancels_itself_runs_again::WhoeverCancelsItselfRunsAgain),
        Box::new(no_partition_is_left_behind::NoPartitionIsLeftBehind),
        Box::new(ended_tasks_run_again::EndedTasksRunAgain),
        Box::new(pooled_slots_are_allocated::PooledSlotsAreAllocated),
        Box::new(recovered_tasks_have_read_what_is_kept::RecoveredTasksHaveReadWhatIsKept),
        Box::new(job_that_has_ended_stays_ended::JobThatHasEndedStaysEnded),
        Box::new(older_master_changes_nothing::OlderMasterChangesNothing),
    ]
}

/// What is said about all properties, in the same order.
pub fn catalogue() -> Vec<&'static About> {
    all::<1>().iter().map(|property| property.about()).collect()
}
