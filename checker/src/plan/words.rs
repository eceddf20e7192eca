//! Parts of sentences about jobs.

use failproof_model::job_graph::{JobEdge, JobGraph};

use super::ship::partitioner_name;

/// `1 row`, `2 rows`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// Some items, separated by commas; the first few if they are many, and `None` if there are none.
pub(super) fn listed(items: impl Iterator<Item = String>) -> Option<String> {
    const SHOWN: usize = 12;
    let items: Vec<_> = items.collect();
    match items.len() {
        0 => None,
        count if count <= SHOWN => Some(items.join(", ")),
        count => Some(format!("{} and {} more", items[..SHOWN].join(", "), count - SHOWN)),
    }
}

/// The vertices of which `is_named` is true; `None` if it is of none.
pub(super) fn named_vertices(job: &JobGraph, is_named: impl Fn(usize) -> bool) -> Option<String> {
    let named = (0..job.vertices.len()).filter(|&vertex| is_named(vertex));
    listed(named.map(|vertex| format!("`{}`", job.vertices[vertex].name)))
}

/// The edges of which `is_named` is true; `None` if it is of none.
pub(super) fn named_edges(job: &JobGraph, is_named: impl Fn(&JobEdge) -> bool) -> Option<String> {
    listed(job.edges.iter().filter(|edge| is_named(edge)).map(|edge| edge_name(job, edge)))
}

/// An edge, as people write it.
pub(super) fn edge_name(job: &JobGraph, edge: &JobEdge) -> String {
    let (from, to) = (&job.vertices[edge.from].name, &job.vertices[edge.to].name);
    format!("`{from}` -{}-> `{to}`", partitioner_name(edge.partitioner))
}

/// The vertices that have another parallelism in `after`, the same job scaled down.
pub(super) fn fewer_subtasks(before: &JobGraph, after: &JobGraph) -> Option<String> {
    let both = before.vertices.iter().zip(&after.vertices);
    let changed = both.filter(|(before, after)| before.parallelism != after.parallelism);
    listed(changed.map(|(before, after)| {
        let subtasks = counted(after.parallelism, "subtask");
        format!("`{}` has {subtasks} instead of {}", after.name, before.parallelism)
    }))
}

/// The edges that have a single consumer in `after`, the same job scaled down, and more in
/// `before`.
pub(super) fn single_consumers(before: &JobGraph, after: &JobGraph) -> Option<String> {
    let consumers = |job: &JobGraph, edge: &JobEdge| job.vertices[edge.to].parallelism;
    named_edges(after, |edge| consumers(after, edge) == 1 && consumers(before, edge) > 1)
}
