//! `SchedulingPipelinedRegionComputeUtilTest` (section 10.2).

use failproof_model::job_graph::ResultPartitionType::{Blocking, Pipelined, PipelinedApproximate};
use failproof_model::regions::Regions;

use crate::job::{Edge, topology};

/// The regions of a topology, vertices counted from 1.
fn regions(vertices: usize, edges: &[Edge<'_>]) -> Vec<Vec<usize>> {
    let from_one = |region: Vec<usize>| region.into_iter().map(|v| v + 1).collect();
    Regions::of(&topology(vertices, edges), true).members.into_iter().map(from_one).collect()
}

fn one_of(vertices: usize) -> Vec<Vec<usize>> {
    vec![(1..=vertices).collect()]
}

#[test]
fn individual_vertices() {
    assert_eq!(regions(3, &[]), [[1], [2], [3]]);
}

#[test]
fn embarrassingly_parallel() {
    let edges: &[Edge<'_>] =
        &[(&[1], &[4], Pipelined), (&[2], &[5], Pipelined), (&[3], &[6], Pipelined)];
    assert_eq!(regions(6, edges), [[1, 4], [2, 5], [3, 6]]);
}

#[test]
fn one_component_via_two_exchanges() {
    let edges: &[Edge<'_>] = &[(&[1, 2], &[3, 4], Pipelined), (&[3, 4], &[5, 6], Pipelined)];
    assert_eq!(regions(6, edges), one_of(6));
}

#[test]
fn cascade_of_joins() {
    let edges: &[Edge<'_>] =
        &[(&[1, 2], &[5], Pipelined), (&[3, 4], &[6], Pipelined), (&[5, 6], &[7], Pipelined)];
    assert_eq!(regions(7, edges), one_of(7));
}

#[test]
fn one_source() {
    let edges: &[Edge<'_>] =
        &[(&[1], &[2, 3], Pipelined), (&[2], &[4, 5], Pipelined), (&[3], &[6, 7], Pipelined)];
    assert_eq!(regions(7, edges), one_of(7));
}

#[test]
fn two_components_via_blocking() {
    let edges: &[Edge<'_>] =
        &[(&[1, 2], &[3, 4], Pipelined), (&[3], &[5], Blocking), (&[4], &[6], Blocking)];
    assert_eq!(regions(6, edges), [vec![1, 2, 3, 4], vec![5], vec![6]]);
}

#[test]
fn two_components_via_blocking_2() {
    let edges: &[Edge<'_>] = &[(&[1, 2], &[3, 4], Pipelined), (&[3, 4], &[5, 6], Blocking)];
    assert_eq!(regions(6, edges), [vec![1, 2, 3, 4], vec![5], vec![6]]);
}

#[test]
fn multiple_components_cascade() {
    let edges: &[Edge<'_>] =
        &[(&[1, 2], &[5], Pipelined), (&[3, 4], &[6], Pipelined), (&[5, 6], &[7], Blocking)];
    assert_eq!(regions(7, edges), [vec![1, 2, 5], vec![3, 4, 6], vec![7]]);
}

#[test]
fn diamond_with_mixed_pipelined_and_blocking() {
    let edges: &[Edge<'_>] = &[
        (&[1], &[2], Blocking),
        (&[1], &[3], Pipelined),
        (&[2], &[4], Pipelined),
        (&[3], &[4], Pipelined),
    ];
    assert_eq!(regions(4, edges), one_of(4));
}

#[test]
fn cyclic_dependent_regions_are_merged() {
    let edges: &[Edge<'_>] = &[
        (&[1], &[2], Blocking),
        (&[2], &[4], Blocking),
        (&[1], &[3], Pipelined),
        (&[3], &[4], Pipelined),
    ];
    assert_eq!(regions(4, edges), one_of(4));
    let before_1_12 = Regions::of(&topology(4, edges), false);
    assert_eq!(before_1_12.members, [vec![0, 2, 3], vec![1]]);
}

#[test]
fn pipelined_approximate() {
    let edges: &[Edge<'_>] = &[
        (&[1], &[2], PipelinedApproximate),
        (&[1], &[3], PipelinedApproximate),
        (&[2], &[4], PipelinedApproximate),
        (&[3], &[4], PipelinedApproximate),
    ];
    assert_eq!(regions(4, edges), [[1], [2], [3], [4]]);
}
