//! Writing a scenario as a file that a person likes to read and to change.

use failproof_model::design::{Preset, RecoveryDesign, RegionKnobs, Strategy};
use failproof_model::job_graph::{
    JobEdge, JobGraph, JobVertex, SinkCommit, SplitAssignment, Storage,
};
use failproof_model::scenario::{Cluster, FaultBudget, FaultKind, Grain, Scenario};
use failproof_model::topology::first_subtasks;

use super::Tier;
use super::cluster::default_placement;
use super::default_keys;
use super::design::StrategyName;
use super::expectation::Expectation;
use super::names::name_of;
use super::value::{quoted, quoted_key};

/// The file of a valid scenario: [`super::parse`] makes the same scenario of it again.
///
/// The design is written as `preset` and what differs from it. What is as it would be anyhow is
/// left out.
pub fn to_toml(
    scenario: &Scenario,
    preset: &Preset,
    tier: Tier,
    expectation: &Expectation,
) -> String {
    let mut file = Writer::default();
    write_about(&mut file, scenario, preset, tier);
    write_design(&mut file, &scenario.design, &preset.design);
    write_job(&mut file, &scenario.job);
    write_cluster(&mut file, &scenario.cluster, &scenario.job);
    write_faults(&mut file, &scenario.faults);
    if scenario.grain != Grain::default() {
        file.comment("These take steps of their own; everything else happens at once.");
        file.header("[grain]");
        file.entry("fine", list(scenario.grain.fine().map(|mechanism| quoted(name_of(mechanism)))));
    }
    write_expectation(&mut file, expectation);
    file.text
}

/// A file that grows line by line.
#[derive(Default)]
struct Writer {
    text: String,
    /// Whether the last line was a comment, to which the next header belongs.
    commented: bool,
}

impl Writer {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn comment(&mut self, comment: &str) {
        self.line(&format!("\n# {comment}"));
        self.commented = true;
    }

    fn header(&mut self, header: &str) {
        if !std::mem::take(&mut self.commented) {
            self.line("");
        }
        self.line(header);
    }

    fn entry(&mut self, key: &str, value: impl AsRef<str>) {
        self.line(&format!("{key} = {}", value.as_ref()));
    }

    fn entry_if(&mut self, condition: bool, key: &str, value: impl AsRef<str>) {
        if condition {
            self.entry(key, value);
        }
    }
}

fn list(values: impl IntoIterator<Item = String>) -> String {
    format!("[{}]", values.into_iter().collect::<Vec<_>>().join(", "))
}

fn write_about(file: &mut Writer, scenario: &Scenario, preset: &Preset, tier: Tier) {
    file.entry("name", quoted(&scenario.name));
    file.entry("story", quoted(&scenario.story));
    file.entry_if(tier != Tier::Quick, "tier", quoted(name_of(tier)));
    file.line(&format!("# {}", preset.source));
    file.entry("preset", quoted(preset.name));
    let job = &scenario.job;
    if scenario.keys != default_keys(job) {
        file.line("# Row r has key r modulo this.");
        file.entry("keys", scenario.keys.to_string());
    }
    file.entry_if(scenario.outcome_by_subtask, "outcome", quoted("by-subtask"));
    file.entry_if(scenario.lineage, "lineage", "true");
    let members = |group: &Vec<usize>| list(group.iter().map(|&v| quoted(&job.vertices[v].name)));
    let groups = list(job.co_location.iter().map(members));
    file.entry_if(!job.co_location.is_empty(), "co-location", groups);
    if let Some(defect) = scenario.defect {
        file.line("# Broken on purpose.");
        file.entry("defect", quoted(name_of(defect)));
    }
    let actions = list(scenario.prefix.iter().map(|action| quoted(action)));
    file.entry_if(!scenario.prefix.is_empty(), "prefix", actions);
}

fn write_design(file: &mut Writer, design: &RecoveryDesign, preset: &RecoveryDesign) {
    let mut changes = strategy_changes(design.strategy, preset.strategy);
    if let (Some(attempts), true) =
        (design.restart_attempts, design.restart_attempts != preset.restart_attempts)
    {
        changes.push(("restart-attempts", attempts.to_string()));
    }
    let both = settings(design).into_iter().zip(settings(preset));
    changes.extend(both.filter(|(new, old)| new != old).map(|(new, _)| new));
    if changes.is_empty() {
        return;
    }
    file.comment("What differs from the preset.");
    file.header("[design]");
    changes.iter().for_each(|(key, value)| file.entry(key, value));
}

/// All that is set in any design, besides its strategy.
fn settings(design: &RecoveryDesign) -> [(&'static str, String); 17] {
    [
        ("task-manager-loss", quoted(name_of(design.task_manager_loss))),
        ("release-during-job", design.release_during_job.to_string()),
        ("restart-backoff", quoted(name_of(design.restart_backoff))),
        ("slot-allocation", quoted(name_of(design.slot_allocation))),
        ("slot-sharing", quoted(name_of(design.slot_sharing))),
        ("consumable-inputs", quoted(name_of(design.consumable_inputs))),
        ("registration", quoted(name_of(design.registration))),
        ("master-failover", quoted(name_of(design.master_failover))),
        ("snapshots", quoted(name_of(design.snapshots))),
        ("resets-in-recovery", quoted(name_of(design.resets_in_recovery))),
        ("recovered-tasks", quoted(name_of(design.recovered_tasks))),
        ("publication", quoted(name_of(design.publication))),
        ("commit-marker", quoted(name_of(design.commit_marker))),
        ("job-result", quoted(name_of(design.job_result))),
        ("remote-losses", quoted(name_of(design.remote_losses))),
        ("fence-publication", design.fence_publication.to_string()),
        ("fence-result", design.fence_result.to_string()),
    ]
}

fn strategy_changes(design: Strategy, preset: Strategy) -> Vec<(&'static str, String)> {
    let mut changes = Vec::new();
    let name = StrategyName::from(design);
    if name != StrategyName::from(preset) {
        changes.push(("strategy", quoted(name_of(name))));
    }
    let Strategy::RestartPipelinedRegion(knobs) = design else { return changes };
    let settings = knob_settings(knobs);
    match preset {
        Strategy::RestartPipelinedRegion(base) => {
            let base = knob_settings(base);
            changes.extend(settings.into_iter().filter(|setting| !base.contains(setting)));
        }
        _ => changes.extend(settings),
    }
    changes
}

fn knob_settings(knobs: RegionKnobs) -> [(&'static str, String); 5] {
    [
        ("consumers", quoted(name_of(knobs.consumers))),
        ("backtrack", knobs.backtrack.to_string()),
        ("skip-created", knobs.skip_created.to_string()),
        ("merge-cycles", knobs.merge_cycles.to_string()),
        ("availability", quoted(name_of(knobs.availability))),
    ]
}

fn write_job(file: &mut Writer, job: &JobGraph) {
    file.comment("The job, producers before consumers.");
    job.vertices.iter().for_each(|vertex| write_vertex(file, vertex));
    job.edges.iter().for_each(|edge| write_edge(file, edge, job));
}

fn write_vertex(file: &mut Writer, vertex: &JobVertex) {
    file.header("[[vertex]]");
    file.entry("name", quoted(&vertex.name));
    file.entry("parallelism", vertex.parallelism.to_string());
    file.entry_if(vertex.adaptive, "adaptive", "true");
    file.entry_if(vertex.rows_per_subtask > 0, "rows", vertex.rows_per_subtask.to_string());
    if vertex.splits != SplitAssignment::Fixed {
        file.entry("splits", quoted(name_of(vertex.splits)));
    }
    file.entry("operator", quoted(name_of(vertex.operator)));
    if let Some(declared) = vertex.declared {
        file.entry("declared", quoted(name_of(declared)));
    }
    if let Some(commit) = vertex.sink.filter(|&commit| commit != SinkCommit::AtJobEnd) {
        file.entry("commit", quoted(name_of(commit)));
    }
}

fn write_edge(file: &mut Writer, edge: &JobEdge, job: &JobGraph) {
    file.header("[[edge]]");
    file.entry("from", quoted(&job.vertices[edge.from].name));
    file.entry("to", quoted(&job.vertices[edge.to].name));
    file.entry("partitioner", quoted(name_of(edge.partitioner)));
    file.entry("type", quoted(name_of(edge.result_type)));
    let chosen = edge.storage != Storage::TaskManager;
    file.entry_if(chosen, "storage", quoted(name_of(edge.storage)));
}

fn write_cluster(file: &mut Writer, cluster: &Cluster, job: &JobGraph) {
    file.header("[cluster]");
    file.entry("task-managers", cluster.task_managers.to_string());
    if !cluster.returns {
        file.line("# A TaskManager that is lost stays lost.");
        file.entry("returns", "false");
    }
    if !cluster.slots.is_empty() {
        file.line("# The slots of each TaskManager.");
        file.entry("slots", list(cluster.slots.iter().map(u8::to_string)));
    }
    let default = default_placement(job, cluster.task_managers);
    if cluster.placement == default {
        return;
    }
    file.comment("The TaskManager of every subtask.");
    file.header("[cluster.placement]");
    for (vertex, first) in job.vertices.iter().zip(first_subtasks(job)) {
        let subtasks = first..first + vertex.parallelism;
        let placement = &cluster.placement[subtasks.clone()];
        if *placement != default[subtasks] {
            file.entry(&quoted_key(&vertex.name), list(placement.iter().map(usize::to_string)));
        }
    }
}

fn write_faults(file: &mut Writer, faults: &FaultBudget) {
    if *faults == FaultBudget::NONE {
        return;
    }
    file.comment("At most so many in one run: in all, and of each kind.");
    file.header("[faults]");
    file.entry("total", faults.total.to_string());
    for (kind, limit) in FaultKind::ALL.into_iter().zip(faults.limits) {
        file.entry_if(limit > 0, name_of(kind), limit.to_string());
    }
}

fn write_expectation(file: &mut Writer, expectation: &Expectation) {
    let counts = expectation.counts();
    if *expectation == Expectation::default() {
        return;
    }
    file.header("[expect]");
    for (key, count) in counts {
        if let Some(count) = count {
            file.entry(key, count.to_string());
        }
    }
    if !expectation.verdicts.is_empty() {
        file.comment("The properties that this scenario is about.");
        file.header("[expect.verdicts]");
        for (property, verdict) in &expectation.verdicts {
            file.entry(&quoted_key(property), quoted(name_of(*verdict)));
        }
    }
}
