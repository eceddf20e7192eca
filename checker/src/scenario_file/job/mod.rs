//! The job of a scenario file: `[[vertex]]`, `[[edge]]` and `co-location`.

mod co_location;
mod edge;
mod order;
mod places;
mod vertex;

use failproof_model::job_graph::{JobGraph, JobVertex, SinkCommit};

use super::Capacity;
use super::mistake::{Mistake, MistakeKind, Mistakes, Read, Span, each};
use super::section::Section;
use co_location::CoLocation;
use edge::Edge;
use places::JobPlaces;
use vertex::{Names, Vertex};

/// A job, and where its parts stand.
pub(super) struct Job {
    pub(super) graph: JobGraph,
    places: JobPlaces,
}

/// Reads the job and checks all that a job graph must be.
///
/// # Errors
/// Mistakes in different vertices, or in different edges, are reported together.
pub(super) fn read(root: &Section<'_>, capacity: &Capacity) -> Result<Job, Mistakes> {
    let vertices = vertex::read_all(root, capacity)?;
    let names = Names::of(&vertices)?;
    let edges = match root.get("edge") {
        Some(tables) => each(tables.list()?, |table| edge::read(&table, &names))?,
        None => Vec::new(),
    };
    let co_location = co_location::read(root, &names)?;
    let order = sort(&names, &edges)?;
    let job = assemble(vertices, edges, co_location, &order);
    job.graph.validate().map_err(|error| job.places.locate(error, &job.graph))?;
    job.fits(capacity)?;
    Ok(job)
}

impl Job {
    /// The names of its vertices, in the order of the graph.
    pub(super) fn names(&self) -> Names {
        self.graph.vertices.iter().map(|vertex| vertex.name.clone()).collect()
    }

    /// The place of its first edge.
    pub(super) fn first_edge(&self) -> Option<Span> {
        self.places.edges.first().map(|places| places.header.clone())
    }

    fn fits(&self, capacity: &Capacity) -> Read<()> {
        let vertices = &self.graph.vertices;
        for (index, places) in self.places.vertices.iter().enumerate() {
            let place = places.rows.as_ref().unwrap_or(&places.name);
            within("rows", rows(&vertices[..=index]), capacity.rows, place)?;
        }
        let mut partitions = 0;
        for (edge, places) in self.graph.edges.iter().zip(&self.places.edges) {
            partitions += vertices[edge.from].parallelism;
            within("result partitions", partitions, capacity.partitions, &places.header)?;
        }
        Ok(())
    }
}

/// Rows that all subtasks of these vertices read themselves.
pub(super) fn rows(vertices: &[JobVertex]) -> usize {
    let of_vertex = |v: &JobVertex| v.parallelism.saturating_mul(v.rows_per_subtask);
    vertices.iter().map(of_vertex).fold(0, usize::saturating_add)
}

/// The model can hold `found` things; `place` says where the last of them comes from.
fn within(what: &'static str, found: usize, capacity: usize, place: &Span) -> Read<()> {
    if found <= capacity {
        return Ok(());
    }
    let kind = MistakeKind::TooLarge { what, found, capacity };
    Err(Mistake::new(kind, place.clone()).label("exceeded here"))
}

/// The topological order of the vertices, which a file may list as it likes.
fn sort(names: &Names, edges: &[Edge]) -> Read<Vec<usize>> {
    let pairs: Vec<_> = edges.iter().map(|edge| (edge.edge.from, edge.edge.to)).collect();
    order::topological_order(names.len(), &pairs).map_err(|cycle| {
        let on_cycle = |&(from, to): &(usize, usize)| {
            let next = cycle.iter().cycle().skip(1);
            cycle.iter().zip(next).any(|(&this, &next)| (from, to) == (this, next))
        };
        let mut places: Vec<_> = edges
            .iter()
            .zip(&pairs)
            .filter(|(_, pair)| on_cycle(pair))
            .map(|(edge, _)| edge.places.header.clone())
            .collect();
        let closing = places.pop().unwrap_or_default();
        let path: Vec<_> = cycle.iter().chain(cycle.first()).map(|&v| names.get(v)).collect();
        let kind = MistakeKind::Cycle { cycle: path.join(" -> ") };
        let mistake = Mistake::new(kind, closing).label("this edge closes it");
        places.into_iter().fold(mistake, |mistake, place| mistake.related(place, "on the cycle"))
    })
}

/// Puts the parts together, with the vertices in `order`.
fn assemble(
    vertices: Vec<Vertex>,
    edges: Vec<Edge>,
    co_location: Vec<CoLocation>,
    order: &[usize],
) -> Job {
    let mut position = vec![0; order.len()];
    order.iter().enumerate().for_each(|(new, &old)| position[old] = new);
    let mut sorted: Vec<_> = vertices.into_iter().zip(&position).collect();
    sorted.sort_by_key(|&(_, &position)| position);

    let mut graph = JobGraph { vertices: Vec::new(), edges: Vec::new(), co_location: Vec::new() };
    let mut places = JobPlaces::default();
    for (Vertex { vertex, places: at }, _) in sorted {
        graph.vertices.push(vertex);
        places.vertices.push(at);
    }
    for Edge { mut edge, places: at } in edges {
        (edge.from, edge.to) = (position[edge.from], position[edge.to]);
        graph.edges.push(edge);
        places.edges.push(at);
    }
    for CoLocation { members, places: at } in co_location {
        graph.co_location.push(members.iter().map(|&v| position[v]).collect());
        places.co_location.push(at);
    }
    commit_at_job_end(&mut graph);
    Job { graph, places }
}

/// What nothing reads is a sink, and commits at the end of the job if the file does not say when.
fn commit_at_job_end(graph: &mut JobGraph) {
    for vertex in 0..graph.vertices.len() {
        if graph.outputs(vertex).next().is_none() {
            graph.vertices[vertex].sink.get_or_insert(SinkCommit::AtJobEnd);
        }
    }
}
