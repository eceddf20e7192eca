//! The same job with fewer subtasks.

use std::num::NonZeroUsize;

use failproof_model::job_graph::{JobGraph, Partitioner};

/// The job with at most `most` subtasks a vertex.
///
/// FORWARD and co-location keep equal parallelism. RESCALE between unequal parallelism keeps it
/// unequal, as far as `most` allows, by lowering the smaller side in proportion: 2 to 4 with `most`
/// 2 becomes 1 to 2, not 2 to 2, which would be FORWARD in disguise. A vertex that has to be
/// lowered for one exchange can leave another with nothing to choose; what changed is seen by
/// comparing the jobs.
pub fn scale(job: &JobGraph, most: NonZeroUsize) -> JobGraph {
    let class = classes_of_equal_parallelism(job);
    let mut size: Vec<_> = job.vertices.iter().map(|it| it.parallelism.min(most.get())).collect();
    while lower_one_side_of_rescale(job, &class, &mut size) {}
    let mut scaled = job.clone();
    for (vertex, &class) in scaled.vertices.iter_mut().zip(&class) {
        vertex.parallelism = size[class];
    }
    scaled
}

/// For every vertex the first of those that have to have its parallelism.
fn classes_of_equal_parallelism(job: &JobGraph) -> Vec<usize> {
    let mut class: Vec<_> = (0..job.vertices.len()).collect();
    let forward = job.edges.iter().filter(|edge| edge.partitioner == Partitioner::Forward);
    let forward = forward.map(|edge| (edge.from, edge.to));
    let co_located = job.co_location.iter().flat_map(|group| group.windows(2));
    for (one, other) in forward.chain(co_located.map(|pair| (pair[0], pair[1]))) {
        let (one, other) = (first_of(&class, one), first_of(&class, other));
        class[one.max(other)] = one.min(other);
    }
    (0..class.len()).map(|vertex| first_of(&class, vertex)).collect()
}

fn first_of(class: &[usize], vertex: usize) -> usize {
    let mut first = vertex;
    while class[first] != first {
        first = class[first];
    }
    first
}

/// Lowers the smaller side of one RESCALE whose sides became equal; false if there is none that can
/// be lowered.
fn lower_one_side_of_rescale(job: &JobGraph, class: &[usize], size: &mut [usize]) -> bool {
    for edge in job.edges.iter().filter(|edge| edge.partitioner == Partitioner::Rescale) {
        let printed = |vertex: usize| job.vertices[vertex].parallelism;
        let (smaller, larger) = match (printed(edge.from), printed(edge.to)) {
            (from, to) if from < to => (edge.from, edge.to),
            (from, to) if to < from => (edge.to, edge.from),
            _ => continue,
        };
        let now = size[class[smaller]];
        if class[smaller] != class[larger] && now == size[class[larger]] && now > 1 {
            size[class[smaller]] = in_proportion(now, printed(smaller), printed(larger));
            return true;
        }
    }
    false
}

/// `now` times `smaller` by `larger`, at least 1: less than `now`, for that is more than 1.
fn in_proportion(now: usize, smaller: usize, larger: usize) -> usize {
    let lowered = now as u128 * smaller as u128 / larger as u128;
    usize::try_from(lowered).map_or(1, |lowered| lowered.max(1))
}

#[cfg(test)]
mod tests {
    use super::super::testing::job;
    use super::*;

    /// A line of vertices of the given parallelism, with these partitioners between them.
    fn line(parallelism: &[usize], partitioners: &[Partitioner]) -> JobGraph {
        let names = ["a", "b", "c"];
        let vertices: Vec<_> = names.into_iter().zip(parallelism.iter().copied()).collect();
        let ends = names.windows(2).zip(partitioners);
        job(&vertices, &ends.map(|(ends, &it)| (ends[0], it, ends[1])).collect::<Vec<_>>())
    }

    fn scaled(job: &JobGraph, most: usize) -> Vec<usize> {
        let scaled = scale(job, NonZeroUsize::new(most).unwrap());
        scaled.validate().unwrap();
        scaled.vertices.iter().map(|it| it.parallelism).collect()
    }

    #[test]
    fn what_is_small_enough_stays() {
        let job = line(&[1, 3, 2], &[Partitioner::Hash, Partitioner::Rebalance]);
        assert_eq!(scaled(&job, 3), [1, 3, 2]);
        assert_eq!(scaled(&job, 2), [1, 2, 2]);
        assert_eq!(scaled(&job, 1), [1, 1, 1]);
    }

    #[test]
    fn rescale_between_unequal_parallelism_stays_unequal() {
        let rescale = [Partitioner::Rescale];
        assert_eq!(scaled(&line(&[2, 4], &rescale), 2), [1, 2]);
        assert_eq!(scaled(&line(&[4, 2], &rescale), 2), [2, 1]);
        assert_eq!(scaled(&line(&[3, 300], &rescale), 3), [1, 3]);
        assert_eq!(scaled(&line(&[4, 6], &rescale), 3), [2, 3]);
        assert_eq!(scaled(&line(&[4, 4], &rescale), 2), [2, 2]);
        assert_eq!(scaled(&line(&[2, 4], &rescale), 1), [1, 1]);
    }

    #[test]
    fn what_forward_joins_is_lowered_together() {
        let job = line(&[2, 2, 4], &[Partitioner::Forward, Partitioner::Rescale]);
        assert_eq!(scaled(&job, 2), [1, 1, 2]);
    }

    #[test]
    fn what_is_co_located_is_lowered_together() {
        let hash = [Partitioner::Hash, Partitioner::Rescale];
        let job = JobGraph { co_location: vec![vec![0, 1]], ..line(&[2, 2, 4], &hash) };
        assert_eq!(scaled(&job, 2), [1, 1, 2]);
    }

    #[test]
    fn rescale_after_rescale_ends() {
        let job = line(&[2, 4, 8], &[Partitioner::Rescale; 2]);
        assert_eq!(scaled(&job, 4), [1, 2, 4]);
        assert_eq!(scaled(&job, 2), [1, 1, 2]);
    }
}
