//! A job that is too large to explore, cut into pieces that are not.

mod cut;
mod story;

use std::num::NonZeroUsize;

use failproof_model::job_graph::JobGraph;
use failproof_model::scenario::Scenario;

use self::cut::{Cut, cuts};
use self::story::Story;
use super::Options;
use super::scale::scale;
use super::scenario::{job_scenario, short_name};

/// Parallelism of pieces, in the order in which to try them.
const PARALLELISM: [NonZeroUsize; 2] = [NonZeroUsize::MIN.saturating_add(1), NonZeroUsize::MIN];

/// A part of a job that is small enough to explore.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Which cut it is, from 1. Pieces of the same number differ in parallelism only, the larger
    /// one first.
    pub number: usize,
    /// Most subtasks of a vertex.
    pub parallelism: usize,
    /// Unique among the pieces of a job, as in `piece-3-of-7-parallelism-2`.
    pub name: String,
    /// The piece as a job of its own.
    pub job: JobGraph,
    /// What it is and what was cut away, in a few sentences.
    pub cut: String,
    /// What a verdict on it says.
    pub says: String,
    /// What a verdict on it does not say.
    pub does_not_say: String,
}

impl Piece {
    /// The scenario of this piece of the job `of`.
    pub fn to_scenario(&self, of: &str, options: &Options) -> Scenario {
        let story = format!("A piece of the job `{of}`: {}", self.cut);
        let name = format!("{}-{}", short_name(of), self.name);
        job_scenario(&name, &story, self.job.clone(), options)
    }
}

/// Cuts a valid job into pieces: every two consecutive exchanges with the vertices around them,
/// every exchange that has no neighbour, and every vertex that has no exchange; each with
/// parallelism 2, then with 1.
///
/// What a piece begins with becomes a source, what it ends with a sink. A piece that is the same
/// with parallelism 1 as with 2 is told once.
pub fn pieces(job: &JobGraph) -> Vec<Piece> {
    let cuts = cuts(job);
    let of_cut = |(index, cut): (usize, &Cut)| {
        let [two, one] = PARALLELISM.map(|most| piece(job, cut, (index + 1, cuts.len()), most));
        let differ = two.job != one.job;
        [Some(two), differ.then_some(one)].into_iter().flatten()
    };
    cuts.iter().enumerate().flat_map(of_cut).collect()
}

fn piece(
    job: &JobGraph,
    cut: &Cut,
    (number, count): (usize, usize),
    parallelism: NonZeroUsize,
) -> Piece {
    let unscaled = cut.job(job);
    let scaled = scale(&unscaled, parallelism);
    let story = Story { job, cut, unscaled: &unscaled, scaled: &scaled, parallelism };
    Piece {
        number,
        parallelism: parallelism.get(),
        name: format!("piece-{number}-of-{count}-parallelism-{parallelism}"),
        cut: story.what_it_is(),
        says: story.says(),
        does_not_say: story.does_not_say(),
        job: scaled,
    }
}

#[cfg(test)]
mod tests {
    use failproof_model::job_graph::Partitioner::{Forward, Hash, Rebalance, Rescale};
    use failproof_model::job_graph::{ResultPartitionType, SinkCommit};

    use super::super::testing::{edges_of, job};
    use super::*;

    /// The edges of every cut of a job.
    fn cut(job: &JobGraph) -> Vec<Vec<String>> {
        let mut pieces = pieces(job);
        pieces.iter().for_each(|piece| piece.job.validate().unwrap());
        pieces.dedup_by_key(|piece| piece.number);
        pieces.iter().map(|piece| edges_of(&piece.job)).collect()
    }

    #[test]
    fn every_two_consecutive_exchanges_are_a_piece() {
        let line = job(
            &[("a", 2), ("b", 2), ("c", 2), ("d", 2)],
            &[("a", Hash, "b"), ("b", Hash, "c"), ("c", Hash, "d")],
        );
        assert_eq!(cut(&line), [["a-b", "b-c"], ["b-c", "c-d"]]);
    }

    #[test]
    fn a_single_exchange_is_the_piece_and_so_is_a_single_vertex() {
        let one = job(&[("a", 2), ("b", 2)], &[("a", Hash, "b")]);
        assert_eq!(cut(&one), [["a-b"]]);
        assert_eq!(pieces(&one)[0].job, one);
        let apart = job(&[("a", 2), ("b", 2), ("c", 2)], &[("a", Hash, "c")]);
        assert_eq!(cut(&apart), [vec!["a-c".to_owned()], vec![]]);
        assert!(pieces(&job(&[], &[])).is_empty());
    }

    #[test]
    fn a_join_stays_a_join_and_is_told_once() {
        let join = job(
            &[("a", 1), ("b", 1), ("c", 1), ("d", 1)],
            &[("a", Hash, "c"), ("b", Hash, "c"), ("c", Hash, "d")],
        );
        assert_eq!(cut(&join), [["a-c", "b-c", "c-d"]]);
        let end = job(&[("a", 1), ("b", 1), ("c", 1)], &[("a", Hash, "c"), ("b", Hash, "c")]);
        assert_eq!(cut(&end), [["a-c", "b-c"]]);
    }

    #[test]
    fn of_many_inputs_a_piece_has_two_and_every_input_is_in_one() {
        let union = job(
            &[("a", 1), ("b", 1), ("c", 1), ("u", 1), ("s", 1)],
            &[("a", Hash, "u"), ("b", Hash, "u"), ("c", Hash, "u"), ("u", Hash, "s")],
        );
        assert_eq!(cut(&union), [["a-u", "b-u", "u-s"], ["a-u", "c-u", "u-s"]]);
    }

    #[test]
    fn exchanges_between_the_vertices_of_a_piece_are_in_it() {
        let diamond = job(
            &[("a", 1), ("b", 1), ("c", 1)],
            &[("a", Hash, "b"), ("a", Rebalance, "b"), ("b", Hash, "c"), ("a", Hash, "c")],
        );
        assert_eq!(cut(&diamond), [["a-b", "a-b", "b-c", "a-c"]]);
    }

    #[test]
    fn rescale_stays_point_wise_and_unequal_until_there_is_one_subtask() {
        let rescale =
            job(&[("a", 2), ("b", 4), ("c", 2)], &[("a", Rescale, "b"), ("b", Hash, "c")]);
        let parallelism = |piece: &Piece| {
            piece.job.vertices.iter().map(|vertex| vertex.parallelism).collect::<Vec<_>>()
        };
        let pieces = pieces(&rescale);
        assert_eq!(pieces.iter().map(|piece| piece.parallelism).collect::<Vec<_>>(), [2, 1]);
        assert_eq!(pieces.iter().map(parallelism).collect::<Vec<_>>(), [[1, 2, 2], [1, 1, 1]]);
    }

    #[test]
    fn what_a_piece_begins_with_reads_rows_and_what_it_ends_with_commits() {
        let mut line = job(
            &[("a", 1), ("b", 1), ("c", 1), ("d", 1)],
            &[("a", Forward, "b"), ("b", Hash, "c"), ("c", Hash, "d")],
        );
        line.vertices[0].rows_per_subtask = 3;
        line.vertices[3].sink = Some(SinkCommit::PerTask);
        let pieces = pieces(&line);
        let rows = |piece: &Piece| piece.job.vertices[0].rows_per_subtask;
        assert_eq!(pieces.iter().map(rows).collect::<Vec<_>>(), [3, 3]);
        let commit = |piece: &Piece| piece.job.vertices[2].sink;
        assert_eq!(commit(&pieces[0]), Some(SinkCommit::AtJobEnd));
        assert_eq!(commit(&pieces[1]), Some(SinkCommit::PerTask));
    }

    #[test]
    fn co_located_vertices_stay_so_if_both_are_in_the_piece() {
        let edges = [("a", Hash, "b"), ("b", Hash, "c"), ("c", Hash, "d")];
        let line = job(&[("a", 1), ("b", 1), ("c", 1), ("d", 1)], &edges);
        let pieces = pieces(&JobGraph { co_location: vec![vec![1, 3]], ..line });
        assert!(pieces[0].job.co_location.is_empty());
        assert_eq!(pieces[1].job.co_location, [[0, 2]]);
    }

    #[test]
    fn a_piece_says_whether_it_is_the_whole_job() {
        let whole = job(&[("a", 1), ("b", 2)], &[("a", Hash, "b")]);
        let [two, one] = pieces(&whole).try_into().unwrap();
        assert_eq!(
            two.does_not_say,
            "Nothing is cut away: it is the whole job, with its own parallelism."
        );
        assert!(one.cut.contains("`b` has 1 subtask instead of 2."), "{}", one.cut);
        assert!(one.does_not_say.contains("more than 1 subtask"), "{}", one.does_not_say);
        assert!(!one.does_not_say.contains("Nothing is cut away"));
    }

    #[test]
    fn a_cut_through_a_region_is_told() {
        let edges = [("a", Hash, "b"), ("b", Hash, "c"), ("c", Rebalance, "d")];
        let mut line = job(&[("a", 1), ("b", 1), ("c", 1), ("d", 1)], &edges);
        line.edges[2].result_type = ResultPartitionType::Pipelined;
        let [first, second] = pieces(&line).try_into().unwrap();
        assert!(first.does_not_say.contains("regions: `c` -REBALANCE-> `d`."));
        assert!(!second.does_not_say.contains("regions"));
    }
}
