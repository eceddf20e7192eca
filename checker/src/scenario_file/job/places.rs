//! Where the parts of a job stand in its file, and so where a mistake that the job graph itself
//! reports is.

use failproof_model::job_graph::{JobGraph, JobGraphError};

use crate::scenario_file::mistake::{Mistake, MistakeKind, Span, listed};
use crate::scenario_file::names::name_of;

/// The places of all parts, in the order of the [`JobGraph`].
#[derive(Default)]
pub(super) struct JobPlaces {
    pub(super) vertices: Vec<VertexPlaces>,
    pub(super) edges: Vec<EdgePlaces>,
    /// The names in each co-location group.
    pub(super) co_location: Vec<Vec<Span>>,
}

/// The values of one vertex.
pub(super) struct VertexPlaces {
    pub(super) name: Span,
    pub(super) parallelism: Span,
    pub(super) rows: Option<Span>,
    pub(super) splits: Option<Span>,
    pub(super) commit: Option<Span>,
}

/// The values of one edge.
pub(super) struct EdgePlaces {
    pub(super) header: Span,
    pub(super) from: Span,
    pub(super) to: Span,
    pub(super) partitioner: Span,
    pub(super) result_type: Option<Span>,
    pub(super) storage: Option<Span>,
}

impl JobPlaces {
    /// The mistake that the job graph reports, at the value that it is about.
    pub(super) fn locate(&self, error: JobGraphError, job: &JobGraph) -> Box<Mistake> {
        match error {
            JobGraphError::NoSubtask { vertex, .. } => {
                Mistake::new(MistakeKind::Job(error), self.vertices[vertex].parallelism.clone())
            }
            JobGraphError::SameName { vertex, .. }
            | JobGraphError::DeadEnd { vertex, .. }
            | JobGraphError::AdaptiveFixedSplits { vertex, .. } => {
                Mistake::new(MistakeKind::Job(error), self.vertices[vertex].name.clone())
            }
            JobGraphError::SourceWithoutRows { vertex, .. } => {
                let places = &self.vertices[vertex];
                let place = places.rows.as_ref().unwrap_or(&places.name).clone();
                Mistake::new(MistakeKind::Job(error), place)
                    .help("add `rows = 1`, or an `[[edge]]` that ends in this vertex")
            }
            JobGraphError::RowsWithInputs { vertex, .. } => {
                let places = &self.vertices[vertex];
                let place = places.rows.as_ref().unwrap_or(&places.name).clone();
                let mistake = Mistake::new(MistakeKind::Job(error), place).help("remove `rows`");
                self.related_edge(mistake, job.inputs(vertex).next(), |edge| &edge.to, "an input")
            }
            JobGraphError::SplitsWithInputs { vertex, .. } => {
                let places = &self.vertices[vertex];
                let place = places.splits.as_ref().unwrap_or(&places.name).clone();
                let mistake = Mistake::new(MistakeKind::Job(error), place).help("remove `splits`");
                self.related_edge(mistake, job.inputs(vertex).next(), |edge| &edge.to, "an input")
            }
            JobGraphError::SinkWithOutputs { vertex, .. } => {
                let places = &self.vertices[vertex];
                let place = places.commit.as_ref().unwrap_or(&places.name).clone();
                let mistake = Mistake::new(MistakeKind::Job(error), place).help("remove `commit`");
                let output = job.outputs(vertex).next();
                self.related_edge(mistake, output, |edge| &edge.from, "an output")
            }
            JobGraphError::Cyclic { edge, .. } => {
                Mistake::new(MistakeKind::Job(error), self.edges[edge].header.clone())
            }
            JobGraphError::UnequalForward { edge, from_parallelism, to_parallelism, .. } => {
                let (from, to) = (job.edges[edge].from, job.edges[edge].to);
                let from = self.vertices[from].parallelism.clone();
                let to = self.vertices[to].parallelism.clone();
                Mistake::new(MistakeKind::Job(error), self.edges[edge].partitioner.clone())
                    .related(from, format!("{from_parallelism} producers"))
                    .related(to, format!("{to_parallelism} consumers"))
            }
            JobGraphError::AdaptivePointwise { edge, .. } => {
                Mistake::new(MistakeKind::Job(error), self.edges[edge].partitioner.clone())
            }
            JobGraphError::PipelinedInAdaptive { edge, .. } => {
                let places = &self.edges[edge];
                let place = places.result_type.as_ref().unwrap_or(&places.header).clone();
                Mistake::new(MistakeKind::Job(error), place)
            }
            JobGraphError::StorageOfType { edge, result_type, storage, valid } => {
                let places = &self.edges[edge];
                let kind = MistakeKind::StorageOfType {
                    result_type: name_of(result_type),
                    storage: name_of(storage),
                };
                let place = places.storage.as_ref().unwrap_or(&places.header).clone();
                let mistake = Mistake::new(kind, place).help(format!(
                    "with this type, valid are {}",
                    listed(valid.iter().copied().map(name_of))
                ));
                match &places.result_type {
                    Some(place) => mistake.related(place.clone(), "the type"),
                    None => mistake,
                }
            }
            JobGraphError::UnequalCoLocation { ref first, ref other } => {
                let parallelism = |name: &String| job.vertices.iter().find(|v| v.name == *name);
                let label = |name| match parallelism(name) {
                    Some(vertex) => format!("parallelism {}", vertex.parallelism),
                    None => String::new(),
                };
                let (first_label, other_label) = (label(first), label(other));
                let first = self.co_located(job, first);
                let other = self.co_located(job, other);
                Mistake::new(MistakeKind::Job(error), other)
                    .label(other_label)
                    .related(first, first_label)
            }
        }
    }

    fn related_edge(
        &self,
        mistake: Box<Mistake>,
        edge: Option<usize>,
        place: impl Fn(&EdgePlaces) -> &Span,
        label: &str,
    ) -> Box<Mistake> {
        match edge {
            Some(edge) => mistake.related(place(&self.edges[edge]).clone(), label),
            None => mistake,
        }
    }

    /// Where a vertex is named as a member of a co-location group.
    fn co_located(&self, job: &JobGraph, name: &str) -> Span {
        let members = job.co_location.iter().flatten().zip(self.co_location.iter().flatten());
        members
            .filter(|&(&member, _)| job.vertices[member].name == name)
            .map(|(_, place)| place.clone())
            .next()
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every value of the vertex or edge at a place of its own.
    fn places() -> JobPlaces {
        let vertex = |at| VertexPlaces {
            name: at..at + 1,
            parallelism: at + 1..at + 2,
            rows: None,
            splits: None,
            commit: None,
        };
        let edge = EdgePlaces {
            header: 50..51,
            from: 51..52,
            to: 52..53,
            partitioner: 53..54,
            result_type: None,
            storage: None,
        };
        let vertices = vec![vertex(10), vertex(20)];
        JobPlaces { vertices, edges: vec![edge], co_location: Vec::new() }
    }

    /// What a file cannot bring about, because something else is noticed first, has a place too.
    #[test]
    fn every_mistake_of_a_job_graph_has_a_place() {
        let job = JobGraph { vertices: Vec::new(), edges: Vec::new(), co_location: Vec::new() };
        let (vertex, name) = (1, String::new());
        let place = |error| places().locate(error, &job).span;
        assert_eq!(place(JobGraphError::NoSubtask { vertex, name: name.clone() }), 21..22);
        assert_eq!(place(JobGraphError::SameName { vertex, name: name.clone() }), 20..21);
        assert_eq!(place(JobGraphError::DeadEnd { vertex, name: name.clone() }), 20..21);
        let (from, to) = (name.clone(), name);
        assert_eq!(place(JobGraphError::Cyclic { edge: 0, from, to }), 50..51);
    }
}
