//! What is said of a piece.

use std::num::NonZeroUsize;

use failproof_model::job_graph::{JobGraph, JobVertex};

use super::super::words::{
    counted, edge_name, fewer_subtasks, listed, named_vertices, single_consumers,
};
use super::cut::Cut;

/// All that there is to say something of.
pub(super) struct Story<'a> {
    /// The job that was cut.
    pub(super) job: &'a JobGraph,
    pub(super) cut: &'a Cut,
    /// The piece with the parallelism of the job.
    pub(super) unscaled: &'a JobGraph,
    /// The piece.
    pub(super) scaled: &'a JobGraph,
    pub(super) parallelism: NonZeroUsize,
}

impl Story<'_> {
    /// What the piece is, what was cut away, and what stands for it.
    pub(super) fn what_it_is(&self) -> String {
        let edges = self.edges(self.cut.edges.iter().copied());
        let sentences = [
            Some(format!(
                "{}: {} of {} job vertices, {} of {}.",
                edges.unwrap_or_else(|| self.vertices()),
                self.cut.vertices.len(),
                self.job.vertices.len(),
                self.cut.edges.len(),
                counted(self.job.edges.len(), "exchange"),
            )),
            self.edges(self.cut.severed(self.job)).map(|edges| format!("Cut through: {edges}.")),
            self.that_became(|old, new| old.rows_per_subtask == 0 && new.rows_per_subtask > 0).map(
                |names| format!("Reads rows of its own instead of what comes before it: {names}."),
            ),
            self.that_became(|old, new| old.sink.is_none() && new.sink.is_some()).map(|names| {
                format!("Commits at the end of the job instead of what comes after it: {names}.")
            }),
            fewer_subtasks(self.unscaled, self.scaled).map(|changed| format!("{changed}.")),
        ];
        joined(sentences)
    }

    /// What a verdict on the piece says.
    pub(super) fn says(&self) -> String {
        format!(
            "A verdict is about every run of {}, each with at most {}, within the printed bounds: \
             `holds` means that no failure in there breaks the property, `violated` comes with a \
             run that does.",
            self.vertices(),
            counted(self.parallelism.get(), "subtask")
        )
    }

    /// What a verdict on the piece leaves open.
    pub(super) fn does_not_say(&self) -> String {
        let is_cut = self.unscaled.vertices.len() < self.job.vertices.len();
        let is_scaled = self.unscaled != self.scaled;
        let not_the_job = "It is no verdict on the whole job: restarts that reach past the piece, \
             rows that come out different before it, and what is made of a difference after it \
             are not looked at.";
        let still_to_find =
            "A violation is a run to look for in the whole job, not yet one of the whole job.";
        let all = "Nothing is cut away: it is the whole job, with its own parallelism.";
        let sentences = [
            is_cut.then(|| not_the_job.to_owned()),
            self.larger_regions(),
            is_scaled.then(|| {
                let subtasks = counted(self.parallelism.get(), "subtask");
                format!("What needs more than {subtasks} of a vertex is not seen.")
            }),
            single_consumers(self.unscaled, self.scaled).map(|edges| {
                format!("Who gets which row makes no difference with a single consumer: {edges}.")
            }),
            Some(if is_cut || is_scaled { still_to_find } else { all }.to_owned()),
        ];
        joined(sentences)
    }

    fn larger_regions(&self) -> Option<String> {
        let is_pipelined =
            |edge: &usize| self.job.edges[*edge].result_type.must_be_pipelined_consumed();
        let pipelined = self.edges(self.cut.severed(self.job).filter(is_pipelined))?;
        Some(format!(
            "In the whole job more restarts together, for the cut goes through pipelined \
             exchanges, which make regions: {pipelined}."
        ))
    }

    fn vertices(&self) -> String {
        named_vertices(self.unscaled, |_| true).unwrap_or_default()
    }

    fn edges(&self, edges: impl Iterator<Item = usize>) -> Option<String> {
        listed(edges.map(|edge| edge_name(self.job, &self.job.edges[edge])))
    }

    /// The vertices of which `changed` is true, given what they are in the job and what in the
    /// piece.
    fn that_became(&self, changed: impl Fn(&JobVertex, &JobVertex) -> bool) -> Option<String> {
        named_vertices(self.unscaled, |at| {
            changed(&self.job.vertices[self.cut.vertices[at]], &self.unscaled.vertices[at])
        })
    }
}

fn joined<const N: usize>(sentences: [Option<String>; N]) -> String {
    sentences.into_iter().flatten().collect::<Vec<_>>().join(" ")
}
