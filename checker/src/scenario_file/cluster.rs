//! `[cluster]`: the TaskManagers, and which subtask runs where.

use failproof_model::job_graph::JobGraph;
use failproof_model::scenario::{Cluster, FaultBudget, FaultKind, Grain, Mechanism};
use failproof_model::state::VERTICES_MAX;
use failproof_model::topology::first_subtasks;

use super::Capacity;
use super::job::Job;
use super::mistake::{Mistake, MistakeKind, Mistakes, Read, Span, each};
use super::section::Section;
use super::value::Value;

const KEYS: &[&str] = &["task-managers", "returns", "placement", "slots"];

/// Reads the cluster that `job` runs on.
pub(super) fn read(
    root: &Section<'_>,
    job: &Job,
    capacity: &Capacity,
) -> Result<Cluster, Mistakes> {
    let table = root.require("cluster", "{ task-managers = 2 }")?;
    let section = Section::of(&table, KEYS)?;
    let count = section.require("task-managers", "2")?;
    let task_managers = count.within(1, capacity.task_managers, "TaskManagers")?;
    let mut placement = default_placement(&job.graph, task_managers);
    if let Some(table) = section.get("placement") {
        let first = first_subtasks(&job.graph);
        let names = job.names();
        each(Section::of_names(&table)?.entries(), |entry| {
            let vertex = names.called_by_key(&entry)?;
            let subtasks = first[vertex]..first[vertex] + job.graph.vertices[vertex].parallelism;
            read_placement(&entry, &mut placement[subtasks], task_managers, &count.span)
        })?;
    }
    let returns = section.boolean("returns")?.unwrap_or(true);
    let slots = match section.get("slots") {
        Some(value) => read_slots(&value, task_managers, &count.span)?,
        None => Vec::new(),
    };
    Ok(Cluster { task_managers, returns, placement, slots })
}

/// Subtask k of every vertex on TaskManager k modulo their number.
pub(super) fn default_placement(job: &JobGraph, task_managers: usize) -> Vec<usize> {
    let of_vertex = |parallelism| (0..parallelism).map(|subtask| subtask % task_managers.max(1));
    job.vertices.iter().flat_map(|vertex| of_vertex(vertex.parallelism)).collect()
}

/// Checks that slots are given if and only if they are counted, and time out in one way.
pub(super) fn check_slots(
    root: &Section<'_>,
    cluster: &Cluster,
    grain: Grain,
    faults: &FaultBudget,
) -> Read<()> {
    let (given, counted) = (!cluster.slots.is_empty(), grain.is_fine(Mechanism::Slots));
    let (key, kind, help) = if counted && !given {
        let help = "add `slots` to [cluster], such as `slots = [2, 1]` for two TaskManagers";
        ("grain", MistakeKind::SlotsMissing, help)
    } else if given && !counted {
        let help = "add `slots` to the list `fine` of [grain], or remove it here";
        ("cluster", MistakeKind::SlotsNotFine, help)
    } else if counted && faults.limits[FaultKind::SlotTimesOut as usize] > 0 {
        ("faults", MistakeKind::SlotTimesOutByItself, "remove `slot-times-out`")
    } else {
        return Ok(());
    };
    let place = root.get(key).map_or_else(Span::default, |table| table.key_span);
    Err(Mistake::new(kind, place).help(help))
}

fn read_slots(value: &Value<'_>, task_managers: usize, count: &Span) -> Read<Vec<u8>> {
    let slots = value.list()?;
    if slots.len() != task_managers {
        let kind = MistakeKind::SlotsLength { task_managers, found: slots.len() };
        let mistake = value.mistake(kind).related(count.clone(), "there are so many");
        return Err(mistake.help("list the number of slots of each TaskManager"));
    }
    slots.iter().map(|slots| slots.small_count(1..=VERTICES_MAX as u8)).collect()
}

fn read_placement(
    entry: &Value<'_>,
    subtasks: &mut [usize],
    task_managers: usize,
    count: &Span,
) -> Read<()> {
    let places = entry.list()?;
    if places.len() != subtasks.len() {
        let (vertex, parallelism) = (entry.key.clone(), subtasks.len());
        let kind = MistakeKind::PlacementLength { vertex, parallelism, found: places.len() };
        return Err(entry.mistake(kind).help("list one TaskManager a subtask"));
    }
    for (subtask, place) in subtasks.iter_mut().zip(&places) {
        let found = place.integer()?;
        let task_manager = usize::try_from(found).ok().filter(|&found| found < task_managers);
        *subtask = task_manager.ok_or_else(|| {
            let help = format!("valid are 0 to {}", task_managers - 1);
            place
                .mistake(MistakeKind::NoSuchTaskManager { found })
                .related(count.clone(), "there are so many")
                .help(help)
        })?;
    }
    Ok(())
}
