//! Which subtasks share a slot (section 3.7).
//!
//! Of a batch job, the job vertices that pipelined exchanges connect are one slot sharing group
//! (`buildVertexRegionSlotSharingGroups`). A slot takes one subtask of each of its vertices, and a consumer is where
//! one of its producers is as long as there is room (`LocalInputPreferredSlotSharingStrategy`).

use crate::design::SlotSharing;
use crate::job_graph::JobGraph;
use crate::topology::{Topology, VertexId, first_subtasks};

/// Of every vertex, those with which it shares its slot, and itself, as a mask.
pub(crate) fn sharing(job: &JobGraph, topology: &Topology, design: SlotSharing) -> Vec<u16> {
    let slots = match design {
        SlotSharing::None => (0..topology.vertices).map(|v| vec![v]).collect(),
        SlotSharing::Regions => slots(job, topology),
    };
    let mut masks = vec![0; topology.vertices];
    for members in slots {
        let mask = members.iter().fold(0, |mask, v| mask | 1u16 << v);
        members.into_iter().for_each(|v| masks[v] = mask);
    }
    masks
}

/// The members of every slot, if all subtasks ran at once.
fn slots(job: &JobGraph, topology: &Topology) -> Vec<Vec<VertexId>> {
    let groups = groups(job);
    let first = first_subtasks(job);
    let job_vertex = |v: VertexId| first.partition_point(|&first| first <= v) - 1;
    let mut slots: Vec<Vec<VertexId>> = Vec::new();
    let mut of: Vec<Option<usize>> = vec![None; topology.vertices];
    for (index, vertex) in job.vertices.iter().enumerate() {
        let subtasks = first[index]..first[index] + vertex.parallelism;
        let has_room = |slots: &[Vec<VertexId>], slot: usize| {
            let members = &slots[slot];
            groups[job_vertex(members[0])] == groups[index]
                && members.iter().all(|&w| job_vertex(w) != index)
        };
        // With a producer first, all of them; then wherever there is room.
        for v in subtasks.clone() {
            let producers = topology.consumed(v).map(|p| topology.partitions[p].producer);
            let mut near = producers.filter_map(|u| of[u]);
            of[v] = near.find(|&slot| has_room(&slots, slot));
            if let Some(slot) = of[v] {
                slots[slot].push(v);
            }
        }
        for v in subtasks.filter(|&v| of[v].is_none()).collect::<Vec<_>>() {
            let any = (0..slots.len()).find(|&slot| has_room(&slots, slot));
            let slot = any.unwrap_or(slots.len());
            if any.is_none() {
                slots.push(Vec::new());
            }
            slots[slot].push(v);
            of[v] = Some(slot);
        }
    }
    slots
}

/// Of every job vertex, the first one of those that pipelined exchanges connect with it.
fn groups(job: &JobGraph) -> Vec<usize> {
    let mut group: Vec<usize> = (0..job.vertices.len()).collect();
    for edge in &job.edges {
        if edge.compiled_type().must_be_pipelined_consumed() {
            let (kept, given_up) = (group[edge.from], group[edge.to]);
            group.iter_mut().filter(|it| **it == given_up).for_each(|it| *it = kept);
        }
    }
    group
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job_graph::{
        JobEdge, JobVertex, Operator, Partitioner as P, ResultPartitionType as T, SplitAssignment,
        Storage,
    };

    fn shared(parallelism: [usize; 3], edges: &[(usize, usize, P, T)]) -> Vec<u16> {
        let vertex = |parallelism| JobVertex {
            name: String::new(),
            parallelism,
            adaptive: false,
            operator: Operator::PerRow,
            declared: None,
            rows_per_subtask: 0,
            splits: SplitAssignment::Fixed,
            sink: None,
        };
        let edge = |&(from, to, partitioner, result_type): &(usize, usize, P, T)| JobEdge {
            from,
            to,
            partitioner,
            result_type,
            storage: Storage::TaskManager,
        };
        let job = JobGraph {
            vertices: parallelism.map(vertex).to_vec(),
            edges: edges.iter().map(edge).collect(),
            co_location: Vec::new(),
        };
        sharing(&job, &Topology::of(&job), SlotSharing::Regions)
    }

    #[test]
    fn a_slot_takes_one_subtask_of_each_vertex_that_pipelined_exchanges_connect() {
        let chain = [(0, 1, P::Forward, T::Pipelined), (1, 2, P::Forward, T::Blocking)];
        assert_eq!(shared([2, 2, 2], &chain), [0b101, 0b1010, 0b101, 0b1010, 1 << 4, 1 << 5]);
    }

    /// A0 feeds B0 and B1, A1 feeds B2 and B3: B0 and B2 are with their producers, and all slots have a B then.
    #[test]
    fn who_finds_no_room_with_its_producer_has_a_slot_of_its_own() {
        let wide = [(0, 1, P::Rescale, T::Pipelined)];
        let masks = shared([2, 4, 1], &wide);
        assert_eq!(masks, [0b101, 0b1_0010, 0b101, 1 << 3, 0b1_0010, 1 << 5, 1 << 6]);
    }

    #[test]
    fn groups_that_meet_later_are_one() {
        let two = [(0, 2, P::Hash, T::Pipelined), (1, 2, P::Hash, T::PipelinedBounded)];
        assert_eq!(shared([1, 2, 1], &two), [0b1011, 0b1011, 1 << 2, 0b1011]);
    }
}
