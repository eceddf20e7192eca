//! Where a job is cut.

use std::collections::BTreeSet;

use failproof_model::job_graph::{JobGraph, SinkCommit};

/// Most inputs of the vertex in the middle: a join stays one.
const INPUTS_MAX: usize = 2;

/// Vertices and edges that stay together, by their indices in the job, ascending.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cut {
    pub(super) vertices: Vec<usize>,
    pub(super) edges: Vec<usize>,
}

/// All cuts of a job, each once, in the order of the vertices in their middle.
pub(super) fn cuts(job: &JobGraph) -> Vec<Cut> {
    Cutter::new(job).cuts()
}

/// A job with its look-ups.
struct Cutter<'a> {
    job: &'a JobGraph,
    inputs: Vec<Vec<usize>>,
    outputs: Vec<Vec<usize>>,
}

impl<'a> Cutter<'a> {
    fn new(job: &'a JobGraph) -> Self {
        let (mut inputs, mut outputs) = (vec![Vec::new(); job.vertices.len()], Vec::new());
        outputs.clone_from(&inputs);
        for (index, edge) in job.edges.iter().enumerate() {
            inputs[edge.to].push(index);
            outputs[edge.from].push(index);
        }
        Cutter { job, inputs, outputs }
    }

    fn cuts(&self) -> Vec<Cut> {
        let (mut cuts, mut seen) = (Vec::new(), BTreeSet::new());
        let mut covered = vec![false; self.job.edges.len()];
        let mut add = |cut: Cut, covered: &mut [bool]| {
            cut.edges.iter().for_each(|&edge| covered[edge] = true);
            if seen.insert(cut.clone()) {
                cuts.push(cut);
            }
        };
        for middle in 0..self.job.vertices.len() {
            for &before in &self.inputs[middle] {
                for &after in &self.outputs[middle] {
                    add(self.around(middle, before, Some(after)), &mut covered);
                }
            }
        }
        for (edge, end) in self.job.edges.iter().map(|edge| edge.to).enumerate() {
            if !covered[edge] {
                add(self.around(end, edge, None), &mut covered);
            }
        }
        for vertex in 0..self.job.vertices.len() {
            if self.inputs[vertex].is_empty() && self.outputs[vertex].is_empty() {
                add(Cut { vertices: vec![vertex], edges: Vec::new() }, &mut covered);
            }
        }
        cuts
    }

    /// The vertex `middle`, where the edge `before` comes from, other inputs of it as long as they
    /// are few, where the edge `after` leads to, and all edges between these.
    fn around(&self, middle: usize, before: usize, after: Option<usize>) -> Cut {
        let first = self.job.edges[before].from;
        let mut producers = vec![first];
        for &edge in &self.inputs[middle] {
            let from = self.job.edges[edge].from;
            if producers.len() < INPUTS_MAX && !producers.contains(&from) {
                producers.push(from);
            }
        }
        let mut vertices: BTreeSet<_> = producers.into_iter().chain([middle]).collect();
        vertices.extend(after.map(|edge| self.job.edges[edge].to));
        let inside = |&edge: &usize| vertices.contains(&self.job.edges[edge].from);
        let edges = vertices.iter().flat_map(|&vertex| self.inputs[vertex].iter().copied());
        let mut edges: Vec<_> = edges.filter(inside).collect();
        edges.sort_unstable();
        Cut { vertices: vertices.into_iter().collect(), edges }
    }
}

impl Cut {
    /// The piece as a job, with the parallelism that it has.
    pub(super) fn job(&self, job: &JobGraph) -> JobGraph {
        let rows = job.vertices.iter().map(|vertex| vertex.rows_per_subtask).max();
        let rows = rows.unwrap_or(1).max(1);
        let mut vertices: Vec<_> = self.vertices.iter().map(|&v| job.vertices[v].clone()).collect();
        for (vertex, &index) in vertices.iter_mut().zip(&self.vertices) {
            if !self.edges.iter().any(|&edge| job.edges[edge].to == index) {
                let own = Some(vertex.rows_per_subtask).filter(|&own| own > 0);
                vertex.rows_per_subtask = own.unwrap_or(rows);
            }
            if !self.edges.iter().any(|&edge| job.edges[edge].from == index) {
                vertex.sink = vertex.sink.or(Some(SinkCommit::AtJobEnd));
            }
        }
        let mut edges: Vec<_> = self.edges.iter().map(|&edge| job.edges[edge].clone()).collect();
        for edge in &mut edges {
            edge.from = self.position(edge.from).unwrap_or(edge.from);
            edge.to = self.position(edge.to).unwrap_or(edge.to);
        }
        let within = |group: &Vec<usize>| group.iter().filter_map(|&v| self.position(v)).collect();
        let co_location = job.co_location.iter().map(within);
        let co_location = co_location.filter(|group: &Vec<usize>| group.len() > 1).collect();
        JobGraph { vertices, edges, co_location }
    }

    /// The index in the piece of a vertex of the job.
    pub(super) fn position(&self, vertex: usize) -> Option<usize> {
        self.vertices.binary_search(&vertex).ok()
    }

    /// The edges of which one end is in the piece.
    pub(super) fn severed<'a>(&'a self, job: &'a JobGraph) -> impl Iterator<Item = usize> + 'a {
        let inside = |vertex| self.position(vertex).is_some();
        (0..job.edges.len()).filter(move |&edge| {
            let edge = &job.edges[edge];
            inside(edge.from) != inside(edge.to)
        })
    }
}
