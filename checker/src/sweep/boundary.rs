//! The smallest rule that separates the jobs of which something is true from all others.

use std::fmt;

use failproof_model::job_graph::JobGraph;

use super::features::{clauses, truths};

/// Most parts of a rule, joined by "or".
const PARTS_MAX: usize = 3;

/// What separates jobs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Boundary {
    /// It is true of none of them.
    Never,
    /// It is true of all of them.
    Always,
    /// It is true exactly if one of these parts is.
    Exactly(Vec<String>),
    /// No rule of so few parts is exact. It is true if one of these parts is, and of so many jobs besides.
    AtLeast {
        /// The parts.
        parts: Vec<String>,
        /// Of how many jobs it is true though none of the parts is.
        others: usize,
    },
}

impl fmt::Display for Boundary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Boundary::Never => f.write_str("never"),
            Boundary::Always => f.write_str("always"),
            Boundary::Exactly(parts) => write!(f, "exactly if {}", parts.join("; or ")),
            Boundary::AtLeast { parts, others } if parts.is_empty() => {
                write!(f, "{others} jobs, without a short rule")
            }
            Boundary::AtLeast { parts, others } => {
                write!(f, "if {}; and {others} jobs besides", parts.join("; or "))
            }
        }
    }
}

/// A set of jobs.
#[derive(Clone, PartialEq, Eq)]
struct Set(Vec<u64>);

impl Set {
    fn of(truths: impl ExactSizeIterator<Item = bool>) -> Set {
        let mut words = vec![0; truths.len().div_ceil(64)];
        for (index, truth) in truths.enumerate() {
            words[index / 64] |= u64::from(truth) << (index % 64);
        }
        Set(words)
    }

    fn zip(&self, other: &Set, f: impl Fn(u64, u64) -> u64) -> Set {
        Set(self.0.iter().zip(&other.0).map(|(&one, &other)| f(one, other)).collect())
    }

    fn and(&self, other: &Set) -> Set {
        self.zip(other, |one, other| one & other)
    }

    fn or(&self, other: &Set) -> Set {
        self.zip(other, |one, other| one | other)
    }

    fn without(&self, other: &Set) -> Set {
        self.zip(other, |one, other| one & !other)
    }

    fn is_in(&self, other: &Set) -> bool {
        self.0.iter().zip(&other.0).all(|(one, other)| one & !other == 0)
    }

    fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }
}

/// A part of a rule: true of no job but those that are looked for.
struct Part {
    words: String,
    cost: usize,
    jobs: Set,
}

/// The jobs of a sweep with what can be said of them; asked for as many boundaries as one likes.
pub struct Boundaries {
    jobs: usize,
    /// Words, cost and jobs of every clause and of its contrary, no two of the same jobs.
    clauses: Vec<(String, usize, Set)>,
}

impl Boundaries {
    /// Of these jobs.
    pub fn of(jobs: &[&JobGraph]) -> Self {
        let clauses = clauses();
        let truths: Vec<Vec<bool>> = jobs.iter().map(|job| truths(&clauses, job)).collect();
        let all = Set::of(jobs.iter().map(|_| true));
        let mut kept: Vec<(String, usize, Set)> = Vec::new();
        let mut keep = |words: String, cost: usize, set: Set| {
            if set.len() > 0 && !kept.iter().any(|(_, _, other)| *other == set) {
                kept.push((words, cost, set));
            }
        };
        let sets: Vec<Set> = (0..clauses.len())
            .map(|clause| Set::of(truths.iter().map(|truths| truths[clause])))
            .collect();
        for (clause, set) in clauses.iter().zip(&sets) {
            keep(clause.words.clone(), clause.literals, set.clone());
        }
        for (clause, set) in clauses.iter().zip(&sets) {
            keep(format!("not: {}", clause.words), clause.literals + 1, all.without(set));
        }
        Boundaries { jobs: jobs.len(), clauses: kept }
    }

    /// What separates the jobs of which it is true from the others; one truth a job, in their order.
    pub fn find(&self, truths: &[bool]) -> Boundary {
        let target = Set::of(truths.iter().copied());
        match target.len() {
            0 => return Boundary::Never,
            all if all == self.jobs => return Boundary::Always,
            _ => {}
        }
        let parts = self.parts(&target);
        exact(&parts, &target).unwrap_or_else(|| at_least(&parts, &target))
    }

    /// Clauses, and pairs of clauses, that are true of no other job; of two of which one says more, that one.
    fn parts(&self, target: &Set) -> Vec<Part> {
        let mut parts: Vec<Part> = Vec::new();
        for (index, (words, cost, jobs)) in self.clauses.iter().enumerate() {
            if jobs.is_in(target) {
                push(&mut parts, Part { words: words.clone(), cost: *cost, jobs: jobs.clone() });
                continue;
            }
            for (more, also, others) in &self.clauses[index + 1..] {
                let both = jobs.and(others);
                if both.len() > 0 && both.is_in(target) {
                    let words = format!("{words}, and {more}");
                    push(&mut parts, Part { words, cost: cost + also, jobs: both });
                }
            }
        }
        parts
    }
}

fn push(parts: &mut Vec<Part>, part: Part) {
    let says_less = |one: &Part, other: &Part| {
        one.jobs.is_in(&other.jobs) && (one.jobs != other.jobs || one.cost >= other.cost)
    };
    if parts.iter().any(|other| says_less(&part, other)) {
        return;
    }
    parts.retain(|other| !says_less(other, &part));
    parts.push(part);
}

/// The cheapest rule of the fewest parts that is true of all jobs that are looked for.
fn exact(parts: &[Part], target: &Set) -> Option<Boundary> {
    for count in 1..=PARTS_MAX {
        let mut best: Option<(usize, Vec<usize>)> = None;
        let empty = Set(vec![0; target.0.len()]);
        cover(parts, target, count, (0, Vec::new(), empty), &mut best);
        if let Some((_, chosen)) = best {
            let words = chosen.iter().map(|&part| parts[part].words.clone()).collect();
            return Some(Boundary::Exactly(words));
        }
    }
    None
}

/// Tries `count` more parts, each of which has to be true of the first job that is still missing.
fn cover(
    parts: &[Part],
    target: &Set,
    count: usize,
    (cost, chosen, covered): (usize, Vec<usize>, Set),
    best: &mut Option<(usize, Vec<usize>)>,
) {
    if best.as_ref().is_some_and(|(least, _)| *least <= cost) {
        return;
    }
    let missing = target.without(&covered);
    let Some(word) = missing.0.iter().position(|&word| word != 0) else {
        *best = Some((cost, chosen));
        return;
    };
    if count == 0 {
        return;
    }
    let first = missing.0[word] & missing.0[word].wrapping_neg();
    for (index, part) in parts.iter().enumerate().filter(|(_, part)| part.jobs.0[word] & first != 0)
    {
        let chosen = chosen.iter().copied().chain([index]).collect();
        let next = (cost + part.cost, chosen, covered.or(&part.jobs));
        cover(parts, target, count - 1, next, best);
    }
}

/// Part after part, each the one that is true of most jobs that are missing.
fn at_least(parts: &[Part], target: &Set) -> Boundary {
    let (mut missing, mut words) = (target.clone(), Vec::new());
    while words.len() < PARTS_MAX {
        let gain = |part: &&Part| part.jobs.and(&missing).len();
        let best = parts.iter().max_by_key(|part| (gain(part), usize::MAX - part.cost));
        let Some(best) = best.filter(|part| gain(part) > 0) else { break };
        words.push(best.words.clone());
        missing = missing.without(&best.jobs);
    }
    Boundary::AtLeast { parts: words, others: missing.len() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sweep::jobs::Bounds;
    use failproof_model::job_graph::{JobEdge, Operator, Partitioner, ResultPartitionType};

    fn jobs() -> Vec<JobGraph> {
        let bounds = Bounds {
            vertices: vec![1, 2, 3],
            parallelism: vec![1, 2],
            operators: vec![Operator::PerRow],
            source_operators: vec![Operator::PerRow],
            partitioners: vec![Partitioner::Hash, Partitioner::Rebalance],
            types: vec![ResultPartitionType::Blocking],
        };
        bounds.jobs().map(|job| job.graph).collect()
    }

    fn find(so: impl Fn(&JobGraph) -> bool) -> Boundary {
        let jobs = jobs();
        let truths: Vec<bool> = jobs.iter().map(so).collect();
        Boundaries::of(&jobs.iter().collect::<Vec<_>>()).find(&truths)
    }

    #[test]
    fn what_is_true_of_none_or_all_needs_no_rule() {
        assert_eq!(find(|_| false), Boundary::Never);
        assert_eq!(find(|_| true), Boundary::Always);
    }

    #[test]
    fn the_rule_is_the_shortest_that_separates() {
        let drawn = |job: &JobGraph| {
            let is_drawn = |edge: &JobEdge| {
                edge.partitioner == Partitioner::Rebalance && job.vertices[edge.to].parallelism > 1
            };
            job.edges.iter().any(is_drawn)
        };
        let exactly =
            |parts: &[&str]| Boundary::Exactly(parts.iter().map(|&it| it.into()).collect());
        assert_eq!(find(drawn), exactly(&["some edge is drawn"]));
        let hash = |job: &JobGraph| job.edges.iter().any(|it| it.partitioner == Partitioner::Hash);
        assert_eq!(
            find(|job| hash(job) && drawn(job)),
            exactly(&["some edge is determinate, and some edge is drawn"])
        );
        let single = |job: &JobGraph| job.edges.is_empty();
        assert_eq!(find(single), exactly(&["not: some edge is between regions"]));
    }

    #[test]
    fn where_no_rule_is_exact_the_rest_is_counted() {
        let named =
            |job: &JobGraph| job.vertices.iter().filter(|it| it.parallelism == 2).count() == 2;
        let Boundary::AtLeast { others, .. } = find(named) else { panic!("{:?}", find(named)) };
        assert!(others > 0);
    }
}
