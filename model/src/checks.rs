//! What a scenario has to be for the model to take it.

use crate::design::Registration;
use crate::failover::{Failover, ModelError};
use crate::job_graph::{JobGraph, Operator, SinkCommit};
use crate::scenario::{FaultKind, Mechanism, Scenario};
use crate::state::{SLOTS_MAX, TASK_MANAGERS_MAX};

pub(crate) fn check_size(what: &'static str, found: usize, max: usize) -> Result<(), ModelError> {
    if found > max { Err(ModelError::TooLarge { what, found, max }) } else { Ok(()) }
}

pub(crate) fn check_cluster(scenario: &Scenario) -> Result<(), ModelError> {
    let task_managers = scenario.cluster.task_managers;
    if task_managers == 0 {
        return Err(ModelError::NoTaskManager);
    }
    check_size("TaskManagers", task_managers, TASK_MANAGERS_MAX)?;
    check_placement(scenario)?;
    check_slots(scenario)?;
    let deaths = scenario.faults.limits[FaultKind::TaskManagerDies as usize];
    let deaths = usize::from(deaths.min(scenario.faults.total));
    if deaths >= task_managers && !scenario.cluster.returns {
        return Err(ModelError::NoTaskManagerLeft { task_managers });
    }
    Ok(())
}

fn check_placement(Scenario { job, cluster, .. }: &Scenario) -> Result<(), ModelError> {
    let (found, vertices) = (cluster.placement.len(), job.execution_vertices());
    if found != vertices {
        return Err(ModelError::PlacementLength { found, vertices });
    }
    let task_managers = cluster.task_managers;
    match cluster.placement.iter().position(|&t| t >= task_managers) {
        Some(v) => Err(ModelError::PlacedNowhere {
            vertex: job.subtask_name(v),
            task_manager: cluster.placement[v],
            task_managers,
        }),
        None => Ok(()),
    }
}

fn check_slots(scenario: &Scenario) -> Result<(), ModelError> {
    let Scenario { cluster, faults, grain, design, .. } = scenario;
    let fine = grain.is_fine(Mechanism::Slots);
    let (found, valid) = (cluster.slots.len(), if fine { cluster.task_managers } else { 0 });
    if found != valid {
        return Err(ModelError::SlotsOfTaskManagers { found, valid });
    }
    if fine && faults.limits[FaultKind::SlotTimesOut as usize] > 0 {
        return Err(ModelError::SlotTimesOutByItself);
    }
    let may = |kind| faults.limits[kind as usize] > 0;
    let one = cluster.task_managers == 1
        && cluster.slots.iter().all(|&slots| usize::from(slots) <= SLOTS_MAX)
        && !may(FaultKind::TaskManagerDies)
        && !may(FaultKind::LinkDrops);
    if grain.is_fine(Mechanism::SlotMessages) && !(fine && one) {
        return Err(ModelError::SlotMessages);
    }
    // The slots that the master believes to have are those of the process before.
    let unnoticed = may(FaultKind::TaskManagerDies)
        && cluster.returns
        && grain.is_fine(Mechanism::Registration)
        && design.registration == Registration::ByName;
    match fine && unnoticed {
        true => Err(ModelError::SlotsByName),
        false => Ok(()),
    }
}

/// What a TaskManager that is cut off has of slots, splits and questions is not known by any rule.
pub(crate) fn check_links(scenario: &Scenario) -> Result<(), ModelError> {
    let fine = |mechanism| scenario.grain.is_fine(mechanism);
    let breaks = scenario.faults.limits[FaultKind::LinkDrops as usize] > 0;
    let unknown = [
        (fine(Mechanism::Slots), "fine slots"),
        (fine(Mechanism::Splits), "fine splits"),
        (fine(Mechanism::PartitionRequests), "fine partition requests"),
    ];
    let links = breaks || fine(Mechanism::Links);
    match unknown.into_iter().find(|(is, _)| links && *is) {
        Some((_, what)) => Err(ModelError::LinksWith { what }),
        None => Ok(()),
    }
}

impl<const V: usize> Failover<V> {
    /// Slot messages are about the one vertex that has a slot.
    pub(crate) fn check_shared_slots(&self) -> Result<(), ModelError> {
        let shared = self.vertices.iter().any(|vertex| !vertex.shares.is_power_of_two());
        match shared && self.scenario.grain.is_fine(Mechanism::SlotMessages) {
            true => Err(ModelError::SlotMessagesShared),
            false => Ok(()),
        }
    }
}

/// A sink that shows rows as it reads them shows its input, which has to be its output.
pub(crate) fn check_sinks(job: &JobGraph) -> Result<(), ModelError> {
    for (index, vertex) in job.vertices.iter().enumerate() {
        let reads = job.inputs(index).next().is_some();
        let early = vertex.sink == Some(SinkCommit::AtOnce);
        if early && !(reads && vertex.operator == Operator::PerRow) {
            return Err(ModelError::ShownAtOnce { vertex: vertex.name.clone() });
        }
    }
    Ok(())
}
