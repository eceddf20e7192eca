//! What happens to rows when subtasks and source rows change places, and whether the data plane could tell.

use std::collections::{BTreeMap, BTreeSet};

use super::plane::BOUNDARY;
use super::values::row_numbers;
use super::{DataPlane, Outcome, Rows, Value};
use crate::job_graph::{JobEdge, Operator, Partitioner};

/// What each value that a job vertex can read, and each that it can produce, becomes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Renaming {
    pub(crate) input: [u8; Rows::VALUES],
    pub(crate) output: [u8; Rows::VALUES],
}

/// Every value stays what it is.
fn unchanged() -> [u8; Rows::VALUES] {
    std::array::from_fn(|value| value as u8)
}

/// The atoms of a value after they have become what `atoms` says; `None` if it says nothing of one.
fn renamed(value: &Value, atoms: &BTreeMap<&String, &String>) -> Option<BTreeMap<String, u8>> {
    value.atoms.iter().map(|(atom, &count)| Some(((*atoms.get(atom)?).clone(), count))).collect()
}

impl DataPlane {
    /// What the values of a vertex become when those of its producers become `earlier`, and when the rows of a
    /// source, counted from its first, become `rows`. `None` if its operator could tell.
    pub(crate) fn rename(
        &self,
        vertex: usize,
        rows: &[u8],
        earlier: &[Renaming],
    ) -> Option<Renaming> {
        let mut input = unchanged();
        input[..rows.len()].copy_from_slice(rows);
        for edge in self.job.inputs(vertex) {
            let (from, offset) = (self.job.edges[edge].from, self.values.offset[edge]);
            for value in 0..self.values.output[from].len() {
                input[usize::from(offset) + value] = offset + earlier[from].output[value];
            }
        }
        let output = self.rename_output(vertex, &input)?;
        Some(Renaming { input, output })
    }

    fn rename_output(&self, vertex: usize, input: &[u8]) -> Option<[u8; Rows::VALUES]> {
        let tagged = |tags: usize| {
            let mut output = unchanged();
            for value in 0..self.values.output[vertex].len() {
                output[value] = input[value / tags] * tags as u8 + (value % tags) as u8;
            }
            output
        };
        match self.job.vertices[vertex].operator {
            Operator::PerRow | Operator::Limit | Operator::Sample => Some(tagged(1)),
            Operator::FirstSeen => self.rename_keys(vertex, input).map(|_| tagged(1)),
            Operator::RowNumber => Some(tagged(row_numbers(self.rows_max[vertex]))),
            Operator::Nondeterministic => Some(tagged(2)),
            Operator::PerKey => self.rename_aggregates(vertex, input),
        }
    }

    /// What each key of the input of a vertex becomes. `None` if rows of one key become rows of several, or rows of
    /// several keys rows of one.
    fn rename_keys(&self, vertex: usize, input: &[u8]) -> Option<BTreeMap<u8, u8>> {
        let read = &self.values.input[vertex];
        let mut keys = BTreeMap::new();
        for (value, &renamed) in read.iter().zip(input) {
            let renamed = read[usize::from(renamed)].key;
            if *keys.entry(value.key).or_insert(renamed) != renamed {
                return None;
            }
        }
        let different: BTreeSet<&u8> = keys.values().collect();
        (different.len() == keys.len()).then_some(keys)
    }

    /// An aggregate becomes the one of what its atoms become. Where the order of aggregates makes a difference to
    /// those who read them, it has to stay: they leave their operator in the order of their numbers.
    fn rename_aggregates(&self, vertex: usize, input: &[u8]) -> Option<[u8; Rows::VALUES]> {
        let keys = self.rename_keys(vertex, input)?;
        let atoms = self.rename_atoms(vertex, input)?;
        let sums = &self.values.output[vertex];
        let mut output = unchanged();
        for (index, sum) in sums.iter().enumerate() {
            let (key, atoms) = (*keys.get(&sum.key)?, renamed(sum, &atoms)?);
            output[index] = sums.iter().position(|s| s.key == key && s.atoms == atoms)? as u8;
        }
        let ordered = |a: usize, b: usize| sums[a].key == sums[b].key || output[a] < output[b];
        let stays = || (0..sums.len()).all(|b| (0..b).all(|a| ordered(a, b)));
        (!self.order_matters(vertex) || stays()).then_some(output)
    }

    /// What each atom of the input of a vertex becomes, read off the values that are one atom. `None` if another
    /// value becomes something else than its atoms say.
    fn rename_atoms(&self, vertex: usize, input: &[u8]) -> Option<BTreeMap<&String, &String>> {
        let read = &self.values.input[vertex];
        let pairs = || read.iter().zip(input.iter().map(|&value| &read[usize::from(value)]));
        let mut atoms = BTreeMap::new();
        for (value, becomes) in pairs().filter(|(value, _)| value.atoms.len() == 1) {
            let (atom, becomes) = (value.atoms.keys().next()?, becomes.atoms.keys().next()?);
            if *atoms.entry(atom).or_insert(becomes) != becomes {
                return None;
            }
        }
        let as_said = |(value, becomes): (&Value, &Value)| {
            renamed(value, &atoms).is_some_and(|atoms| atoms == becomes.atoms)
        };
        pairs().all(as_said).then_some(atoms)
    }

    /// Whether the order in which a vertex writes its rows makes a difference.
    fn order_matters(&self, vertex: usize) -> bool {
        self.edges_of(vertex).any(|edge| {
            let by_position =
                matches!(edge.partitioner, Partitioner::Rescale | Partitioner::Rebalance);
            self.keeps_order[edge.to] || by_position && self.job.vertices[edge.to].parallelism > 1
        })
    }

    /// Whether each row goes to what its consumer becomes, when values become `values` and subtask k of the producer
    /// and of the consumer becomes `producers[k]` and `consumers[k]`.
    pub(crate) fn routes_alike(
        &self,
        edge: usize,
        values: &Renaming,
        producers: &[usize],
        consumers: &[usize],
    ) -> bool {
        let JobEdge { from, partitioner, .. } = self.job.edges[edge];
        if self.placed[edge].is_some() {
            let mut moves = producers.iter().enumerate();
            return moves.all(|(k, &becomes)| self.deals_alike(edge, k, becomes, consumers));
        }
        // Who overflows has no boundary of its own, and the next attempt takes that of its first sibling.
        let moved = producers.iter().enumerate().any(|(k, &becomes)| k != becomes);
        if partitioner == Partitioner::Range && moved && self.may_overflow(from) {
            return false;
        }
        let channel = |k: usize, value: u8, boundary| self.channel(edge, k, 0, value, boundary);
        let count = self.values.output[from].len();
        producers.iter().enumerate().all(|(k, &becomes)| {
            (0..count).all(|value| {
                [0, BOUNDARY].into_iter().all(|boundary| {
                    channel(k, value as u8, boundary).map(|c| consumers[c])
                        == channel(becomes, values.output[value], boundary)
                })
            })
        })
    }

    /// Of an edge whose channels are drawn: whether what producer `k` can draw becomes what `becomes` can draw.
    fn deals_alike(&self, edge: usize, k: usize, becomes: usize, consumers: &[usize]) -> bool {
        let JobEdge { from, partitioner, .. } = self.job.edges[edge];
        let (before, after) = (self.channels(edge, k), self.channels(edge, becomes));
        let count = before.len();
        if count != after.len() || !before.clone().all(|c| after.contains(&consumers[c])) {
            return false;
        }
        // A round robin shows its order in as many rows as there can be, and repeats itself after one turn.
        let rows = self.most_rows()[from].min(count);
        let turns = |start: usize, as_start: usize| {
            (0..rows).all(|i| {
                consumers[before.start + (start + i) % count]
                    == after.start + (as_start + i) % count
            })
        };
        match partitioner {
            Partitioner::Rescale => turns(0, 0),
            Partitioner::Rebalance => {
                (0..count).all(|start| (0..count).any(|as_start| turns(start, as_start)))
            }
            _ => true,
        }
    }

    /// Where each drawn channel of subtask `k` of the producer of `edge` stands among those of what the subtask
    /// becomes.
    pub(crate) fn rename_drawn(
        &self,
        edge: usize,
        k: usize,
        becomes: usize,
        consumers: &[usize],
    ) -> Vec<u8> {
        let (before, after) = (self.channels(edge, k), self.channels(edge, becomes));
        before.map(|c| (consumers[c] - after.start) as u8).collect()
    }

    /// The output of subtask `subtask` of `vertex` that `outcome` becomes; `place` renames what was drawn for a row.
    pub(crate) fn rename_outcome(
        &self,
        vertex: usize,
        subtask: usize,
        outcome: Outcome,
        values: &Renaming,
        place: impl Fn(u64) -> u64,
    ) -> Outcome {
        if outcome.rows.is_empty() || outcome.rows == Rows::OVERFLOW {
            return outcome;
        }
        let boundary = self.boundary(vertex, outcome.placement);
        let rows = outcome.rows.renamed(&values.output);
        let stride = self.placement_bits[vertex];
        if stride == 0 && !self.is_read_in_order(vertex) {
            return Outcome { rows: rows.sorted(), placement: boundary };
        }
        let mask = (1u64 << stride) - 1;
        let mut placement = 0;
        for i in (0..outcome.rows.len() as u32).filter(|_| stride > 0) {
            placement |= place(outcome.placement >> (i * stride) & mask) << (i * stride);
        }
        if rows.len() == 1 {
            return Outcome { rows, placement: placement | boundary };
        }
        let renamed = self.canonical(vertex, subtask, Outcome { rows, placement });
        Outcome { placement: renamed.placement | boundary, ..renamed }
    }

    /// The field of a row's bits in which `edge` keeps the channel of the row: how far from the right, and how wide.
    pub(crate) fn drawn_field(&self, edge: usize) -> Option<(u32, u32)> {
        self.placed[edge].map(|field| (field.shift, field.bits))
    }

    /// The most rows that a subtask of each vertex can hold, also after faults: each partition it reads may hold all
    /// that its producer can, whatever the others hold.
    fn most_rows(&self) -> Vec<usize> {
        let mut most: Vec<usize> = Vec::new();
        for (index, vertex) in self.job.vertices.iter().enumerate() {
            let inputs = self.job.inputs(index).map(|e| &self.job.edges[e]);
            let read = inputs.fold(vertex.rows_per_subtask, |sum, edge| {
                let producers = self.job.vertices[edge.from].parallelism;
                sum.saturating_add(producers.saturating_mul(most[edge.from]))
            });
            most.push(read);
        }
        most
    }

    fn may_overflow(&self, vertex: usize) -> bool {
        self.most_rows()[vertex] > self.rows_max[vertex]
    }
}
