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
    /// Which cut it is, from 1. Pieces of the same number differ in parallelism only, the larger one first.
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

/// Cuts a valid job into pieces: every two consecutive exchanges with the vertices around them, every exchange that has
/// no neighbour, and every vertex that has no exchange; each with parallelism 2, then with 1.
///
/// What a piece begins with becomes a source, what it ends with a sink. A piece that is the same with parallelism 1 as
/// with 2 is told once.
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
