//! What can be said of a job in a few words: the clauses that a boundary is looked for in.

use failproof_model::job_graph::JobGraph;

use super::subject::Subject;

/// Most literals of a clause about one edge.
const LITERALS_MAX: usize = 3;

/// A clause: its words, and of how many literals it is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// As it is read after "if".
    pub words: String,
    /// So much there is to understand.
    pub literals: usize,
    about: About,
}

/// Numbers of literals.
#[derive(Clone, Debug, PartialEq, Eq)]
enum About {
    /// Some edge is all of this.
    SomeEdge(Vec<usize>),
    /// Two edges that begin in one vertex are this and that.
    Fork(usize, usize),
    /// Two edges that end in one vertex are this and that.
    Join(usize, usize),
}

/// Something that is true of an edge or not.
struct Literal {
    word: &'static str,
    /// For whoever reads a boundary; nothing where the word says it.
    meaning: &'static str,
    is: fn(&Subject<'_>, usize) -> bool,
}

/// What is said of edges.
const LITERALS: [Literal; 12] = [
    Literal {
        word: "between regions",
        meaning: "its producer and its consumer are in different pipelined regions",
        is: |it, edge| it.spans(edge),
    },
    Literal {
        word: "shared",
        meaning: "what its producer's region writes is read by two regions, of which the one that reads this edge need \
                  not have finished when the other one runs",
        is: |it, edge| it.is_shared(edge),
    },
    Literal {
        word: "unevenly shared",
        meaning: "of two regions that read what its producer's region writes, the one that reads this edge waits for \
                  something that the other one does not wait for, and for nobody else who reads it",
        is: |it, edge| it.is_unevenly_shared(edge),
    },
    Literal {
        word: "unevenly drawn",
        meaning: "unevenly shared by two regions that both read this edge, which is REBALANCE",
        is: |it, edge| it.is_unevenly_drawn(edge),
    },
    Literal {
        word: "determinate",
        meaning: "its partitioner draws nothing",
        is: |it, edge| !it.draws(edge),
    },
    Literal { word: "point-wise", meaning: "FORWARD", is: |it, edge| it.is_pointwise(edge) },
    Literal {
        word: "drawn",
        meaning: "REBALANCE, read by two regions: a producer that runs again deals out its rows anew",
        is: |it, edge| it.is_drawn(edge),
    },
    Literal {
        word: "spread at random",
        meaning: "REBALANCE to several consumers, in whatever regions",
        is: |it, edge| it.spreads_at_random(edge),
    },
    Literal {
        word: "behind a draw",
        meaning: "its producer reads, itself or through others, what is spread at random",
        is: |it, edge| it.is_behind(edge, &|before| it.spreads_at_random(before)),
    },
    Literal {
        word: "behind a mix",
        meaning: "its producer, or one before it, minds the order of rows out of several partitions",
        is: |it, edge| it.mixes_before(it.job.edges[edge].from),
    },
    Literal {
        word: "from one subtask",
        meaning: "",
        is: |it, edge| it.job.vertices[it.job.edges[edge].from].parallelism == 1,
    },
    Literal {
        word: "to one subtask",
        meaning: "",
        is: |it, edge| it.job.vertices[it.job.edges[edge].to].parallelism == 1,
    },
];

/// The words that are not plain, with what they mean.
pub fn glossary() -> impl Iterator<Item = (&'static str, &'static str)> {
    LITERALS.iter().map(|it| (it.word, it.meaning)).filter(|(_, meaning)| !meaning.is_empty())
}

/// All clauses, short ones first.
pub fn clauses() -> Vec<Clause> {
    let mut clauses = Vec::new();
    for literals in 1..=LITERALS_MAX {
        for chosen in 0..1_u32 << LITERALS.len() {
            if chosen.count_ones() as usize == literals {
                let chosen: Vec<usize> =
                    (0..LITERALS.len()).filter(|literal| chosen >> literal & 1 == 1).collect();
                let words: Vec<&str> = chosen.iter().map(|&it| LITERALS[it].word).collect();
                let words = format!("some edge is {}", words.join(" and "));
                clauses.push(Clause { words, literals, about: About::SomeEdge(chosen) });
            }
        }
    }
    for (one, literal) in LITERALS.iter().enumerate() {
        for (other, with) in LITERALS.iter().enumerate().skip(one) {
            let both = format!("one {}, one {}", literal.word, with.word);
            let fork = format!("two edges begin in one vertex, {both}");
            let join = format!("two edges end in one vertex, {both}");
            clauses.push(Clause { words: fork, literals: 3, about: About::Fork(one, other) });
            clauses.push(Clause { words: join, literals: 3, about: About::Join(one, other) });
        }
    }
    clauses
}

/// Whether each of the clauses is true of a job.
pub fn truths(clauses: &[Clause], job: &JobGraph) -> Vec<bool> {
    let subject = Subject::of(job);
    let edges = || 0..job.edges.len();
    let said: Vec<Vec<bool>> = LITERALS
        .iter()
        .map(|literal| edges().map(|edge| (literal.is)(&subject, edge)).collect())
        .collect();
    let pair = |one: usize, other: usize, at: fn(&JobGraph, usize) -> usize| {
        edges().any(|e| {
            edges().any(|f| e != f && at(job, e) == at(job, f) && said[one][e] && said[other][f])
        })
    };
    let truth = |clause: &Clause| match &clause.about {
        About::SomeEdge(all) => edges().any(|edge| all.iter().all(|&it| said[it][edge])),
        About::Fork(one, other) => pair(*one, *other, |job, edge| job.edges[edge].from),
        About::Join(one, other) => pair(*one, *other, |job, edge| job.edges[edge].to),
    };
    clauses.iter().map(truth).collect()
}
