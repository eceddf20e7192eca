//! One change of places, and what follows from it for everything that a state mentions.

use crate::data::Renaming;
use crate::failover::Failover;
use crate::state::{NOWHERE, TASK_MANAGERS_MAX};

/// What becomes of everything that has a number.
pub struct Permutation {
    /// What each execution vertex becomes.
    pub(super) vertices: Vec<usize>,
    /// What each execution vertex comes from.
    pub(super) origins: Vec<usize>,
    pub(super) task_managers: [u8; TASK_MANAGERS_MAX],
    pub(super) partitions: Vec<u8>,
    pub(super) channels: Vec<u8>,
    /// Of each execution vertex, its inputs.
    pub(super) inputs: Vec<Vec<u8>>,
    /// Of each job vertex, the values of its rows.
    pub(super) values: Vec<Renaming>,
    /// Of each execution vertex, the channels that it draws for a row.
    pub(super) drawn: Vec<Vec<Drawn>>,
}

/// The channel of a row on one edge, kept among the bits that belong to the row.
pub(super) struct Drawn {
    pub(super) shift: u32,
    pub(super) bits: u32,
    pub(super) becomes: Vec<u8>,
}

impl Permutation {
    /// What each execution vertex becomes.
    pub fn vertices(&self) -> &[usize] {
        &self.vertices
    }

    /// What follows from what becomes of vertices, TaskManagers and values. `None` if somebody reads others then.
    pub(super) fn new<const V: usize>(
        failover: &Failover<V>,
        vertices: &[usize],
        task_managers: [u8; TASK_MANAGERS_MAX],
        values: &[Renaming],
    ) -> Option<Permutation> {
        let mut origins = vec![0; vertices.len()];
        vertices.iter().enumerate().for_each(|(v, &w)| origins[w] = v);
        let count = failover.topology.partitions.len();
        let partitions: Option<Vec<u8>> =
            (0..count).map(|p| partition(failover, vertices, p).map(|q| q as u8)).collect();
        let inputs: Option<Vec<Vec<u8>>> =
            vertices.iter().enumerate().map(|(v, &w)| inputs(failover, vertices, v, w)).collect();
        let inputs = inputs?;
        let mut channels = vec![0; failover.vertices.iter().map(|v| v.inputs.len()).sum()];
        for (v, facts) in failover.vertices.iter().enumerate() {
            for (input, &becomes) in facts.inputs.iter().zip(&inputs[v]) {
                let becomes = failover.vertices[vertices[v]].inputs[usize::from(becomes)];
                channels[input.channel] = becomes.channel as u8;
            }
        }
        Some(Permutation {
            vertices: vertices.to_vec(),
            origins,
            task_managers,
            partitions: partitions?,
            channels,
            inputs,
            values: values.to_vec(),
            drawn: (0..vertices.len()).map(|v| drawn(failover, vertices, v)).collect(),
        })
    }

    /// What a TaskManager that is mentioned becomes.
    pub(super) fn task_manager(&self, task_manager: u8) -> u8 {
        match task_manager {
            NOWHERE => NOWHERE,
            t => self.task_managers[usize::from(t)],
        }
    }

    /// Whether nothing moves.
    pub(super) fn is_identity(&self) -> bool {
        self.vertices.is_sorted()
            && self.task_managers.is_sorted()
            && self.values.iter().all(|v| v.input.is_sorted() && v.output.is_sorted())
    }
}

/// The partition that `p` becomes.
fn partition<const V: usize>(
    failover: &Failover<V>,
    vertices: &[usize],
    p: usize,
) -> Option<usize> {
    let partitions = &failover.topology.partitions;
    let producer = vertices[partitions[p].producer];
    let same = |q: &usize| {
        partitions[*q].data_set == partitions[p].data_set && partitions[*q].producer == producer
    };
    (0..partitions.len()).find(same)
}

/// Where each input of `v` stands among those of `w`, when producers become `vertices`; `None` if `w` reads others.
pub(super) fn inputs<const V: usize>(
    failover: &Failover<V>,
    vertices: &[usize],
    v: usize,
    w: usize,
) -> Option<Vec<u8>> {
    let (before, after) = (&failover.vertices[v].inputs, &failover.vertices[w].inputs);
    if before.len() != after.len() {
        return None;
    }
    before
        .iter()
        .map(|input| {
            let producer = vertices[input.producer];
            let same = |i: &crate::failover::Input| i.edge == input.edge && i.producer == producer;
            after.iter().position(same).map(|i| i as u8)
        })
        .collect()
}

fn drawn<const V: usize>(failover: &Failover<V>, vertices: &[usize], v: usize) -> Vec<Drawn> {
    let facts = &failover.vertices[v];
    let becomes = failover.vertices[vertices[v]].subtask;
    let edges = failover.scenario.job.outputs(facts.job_vertex);
    edges
        .filter_map(|edge| {
            let (shift, bits) = failover.data.drawn_field(edge)?;
            let consumers = subtasks(failover, vertices, failover.scenario.job.edges[edge].to);
            let becomes = failover.data.rename_drawn(edge, facts.subtask, becomes, &consumers);
            Some(Drawn { shift, bits, becomes })
        })
        .collect()
}

/// What each subtask of a job vertex becomes.
pub(super) fn subtasks<const V: usize>(
    failover: &Failover<V>,
    vertices: &[usize],
    job_vertex: usize,
) -> Vec<usize> {
    let becomes = failover.vertices.iter().zip(vertices);
    let own = becomes.filter(|(facts, _)| facts.job_vertex == job_vertex);
    own.map(|(_, &w)| failover.vertices[w].subtask).collect()
}
