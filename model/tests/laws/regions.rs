//! Pipelined regions against reachability, computed the slow way (section 1.5).

use failproof_model::regions::Regions;
use failproof_model::topology::{Topology, VertexId};
use quickcheck::quickcheck;

use crate::random::{Choices, reads};

/// Which vertex reaches which, itself included, along `edges`.
fn reach(vertices: usize, edges: &[(VertexId, VertexId)]) -> Vec<Vec<bool>> {
    let mut reach = vec![vec![false; vertices]; vertices];
    (0..vertices).for_each(|v| reach[v][v] = true);
    edges.iter().for_each(|&(from, to)| reach[from][to] = true);
    for over in 0..vertices {
        for from in 0..vertices {
            for to in 0..vertices {
                reach[from][to] |= reach[from][over] && reach[over][to];
            }
        }
    }
    reach
}

/// Two vertices are together if pipelined edges connect them in any direction, or if each reaches
/// the other along edges that one follows downstream, or both ways if they are pipelined.
fn together(topology: &Topology, merge_cycles: bool) -> Vec<Vec<bool>> {
    let mut edges = Vec::new();
    for (producer, partition, consumer) in reads(topology) {
        if topology.type_of(partition).must_be_pipelined_consumed() {
            edges.extend([(producer, consumer), (consumer, producer)]);
        } else if merge_cycles {
            edges.push((producer, consumer));
        }
    }
    let reach = reach(topology.vertices, &edges);
    let mutual = |a: usize| (0..topology.vertices).map(|b| reach[a][b] && reach[b][a]).collect();
    (0..topology.vertices).map(mutual).collect()
}

quickcheck! {
    fn regions_are_what_reaches_each_other(bytes: Vec<u8>, merge_cycles: bool) -> bool {
        let topology = Choices::new(&bytes).topology();
        let regions = Regions::of(&topology, merge_cycles);
        let together = together(&topology, merge_cycles);
        (0..topology.vertices).all(|a| {
            (0..topology.vertices).all(|b| together[a][b] == (regions.of[a] == regions.of[b]))
        })
    }

    fn regions_are_numbered_by_their_lowest_vertex(bytes: Vec<u8>, merge_cycles: bool) -> bool {
        let topology = Choices::new(&bytes).topology();
        let regions = Regions::of(&topology, merge_cycles);
        let in_order = regions.members.is_sorted_by_key(|members| members[0])
            && regions.members.iter().all(|members| members.is_sorted());
        let mut members = regions.members.iter().enumerate();
        let agree = members.all(|(r, members)| members.iter().all(|&v| regions.of[v] == r));
        let all = regions.members.iter().map(Vec::len).sum::<usize>() == topology.vertices;
        in_order && agree && all
    }

    fn co_location_is_refused_exactly_where_it_spans_regions(bytes: Vec<u8>) -> bool {
        let mut choices = Choices::new(&bytes);
        let mut topology = choices.topology();
        let group: Vec<_> = (0..3).map(|_| choices.below(topology.vertices)).collect();
        let regions = Regions::of(&topology, true);
        let spans = group.iter().any(|&v| regions.of[v] != regions.of[group[0]]);
        topology.co_located = vec![Vec::new(), group];
        match regions.check_co_location(&topology) {
            Ok(()) => !spans,
            Err(error) => {
                spans
                    && regions.of[error.first] == error.first_region
                    && regions.of[error.other] == error.other_region
                    && error.first_region != error.other_region
            }
        }
    }
}

/// A search that recursed would not survive this.
#[test]
fn a_chain_of_a_hundred_thousand_regions() {
    use failproof_model::job_graph::{Determinism, ResultPartitionType};
    use failproof_model::topology::{DataSet, PartitionGroup, ResultPartition};
    let vertices = 100_000;
    let blocking = DataSet {
        result_type: ResultPartitionType::Blocking,
        partitioner: Determinism::Determinate,
    };
    let producers = 0..vertices - 1;
    let topology = Topology::new(
        vertices,
        vec![blocking; vertices - 1],
        producers.clone().map(|v| ResultPartition { data_set: v, producer: v }).collect(),
        producers
            .map(|v| PartitionGroup { data_set: v, partitions: vec![v], consumers: vec![v + 1] })
            .collect(),
        Vec::new(),
    );
    assert_eq!(Regions::of(&topology, true).len(), vertices);
}
