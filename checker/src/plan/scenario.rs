//! The scenario in which an imported job is checked.

use failproof_model::job_graph::JobGraph;
use failproof_model::scenario::{Cluster, FaultBudget, FaultKind, Grain, Scenario};

use super::words::counted;
use super::{ImportedPlan, Options};

/// TaskManagers of an imported job: one to lose and one that remains.
pub const TASK_MANAGERS: usize = 2;

/// Longest name of a scenario, in characters.
const NAME_MAX: usize = 40;

/// The scenario of an imported job: two TaskManagers that come back, and one fault of the three
/// that every job meets.
pub fn to_scenario(plan: &ImportedPlan, options: &Options) -> Scenario {
    let job = &plan.job;
    let story = format!(
        "The job `{}` as Flink planned it, of {} and {}.",
        plan.name,
        counted(job.execution_vertices(), "subtask"),
        counted(job.edges.len(), "exchange")
    );
    job_scenario(&short_name(&plan.name), &story, job.clone(), options)
}

/// The scenario of any job, such as a [`Piece`](super::Piece), as [`to_scenario`] makes it.
pub fn job_scenario(name: &str, story: &str, job: JobGraph, options: &Options) -> Scenario {
    let placement = placement(&job);
    Scenario {
        name: name.to_owned(),
        story: story.to_owned(),
        keys: keys(&job),
        job,
        cluster: Cluster {
            task_managers: TASK_MANAGERS,
            returns: true,
            placement,
            slots: Vec::new(),
        },
        design: options.preset.design,
        faults: one_fault(),
        grain: Grain::default(),
        outcome_by_subtask: false,
        lineage: false,
        defect: None,
        prefix: Vec::new(),
    }
}

/// The TaskManager of every execution vertex of an imported job: subtask k is on TaskManager k,
/// round robin.
pub fn placement(job: &JobGraph) -> Vec<usize> {
    let subtasks = job.vertices.iter().flat_map(|vertex| 0..vertex.parallelism);
    subtasks.map(|subtask| subtask % TASK_MANAGERS).collect()
}

/// One key a source row, as in scenario files.
fn keys(job: &JobGraph) -> u8 {
    let rows = job.vertices.iter().map(|it| it.rows_per_subtask.saturating_mul(it.parallelism));
    let rows = rows.fold(0_usize, usize::saturating_add);
    u8::try_from(rows).unwrap_or(u8::MAX)
}

fn one_fault() -> FaultBudget {
    let possible = [FaultKind::TaskThrows, FaultKind::TaskManagerDies, FaultKind::PartitionLost];
    FaultBudget { total: 1, limits: FaultKind::ALL.map(|kind| possible.contains(&kind).into()) }
}

/// A name of a job as a name of a scenario: short, of lower case letters, digits and hyphens.
pub(super) fn short_name(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let joined = words.collect::<Vec<_>>().join("-").to_ascii_lowercase();
    let kept: String = joined.chars().take(NAME_MAX).collect();
    match kept.trim_end_matches('-') {
        "" => "job".to_owned(),
        kept => kept.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_jobs_become_names_of_scenarios() {
        let sql = "insert-into_default_catalog.default_database.s";
        assert_eq!(short_name(sql), "insert-into-default-catalog-default-data");
        assert_eq!(short_name("Word Count!"), "word-count");
        assert_eq!(short_name("作业"), "job");
    }

    #[test]
    fn one_fault_of_three_kinds() {
        use FaultKind::{PartitionLost, TaskManagerDies, TaskThrows};
        let FaultBudget { total, limits } = one_fault();
        let possible = FaultKind::ALL.into_iter().filter(|&kind| limits[kind as usize] > 0);
        assert!(possible.eq([TaskThrows, TaskManagerDies, PartitionLost]));
        assert_eq!((total, limits.iter().sum()), (1, 3_u8));
    }
}
