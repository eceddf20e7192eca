//! What the subtasks of a batch job do to rows, and which rows reach which consumer.

use super::values::{Values, first_row, row_numbers};
use super::{DataError, Rows, Value};
use crate::distribution::consumers_of;
use crate::job_graph::{Determinism, JobEdge, JobGraph, Operator, Partitioner, SplitAssignment};

/// The data plane of one job: pure functions of rows and draws.
pub struct DataPlane {
    pub(super) job: JobGraph,
    keys: u8,
    pub(super) values: Values,
    /// Of every job vertex, the most rows that one subtask can hold.
    pub(super) rows_max: Vec<usize>,
    /// Of every job vertex, whether the order in which rows arrive makes a difference.
    pub(super) keeps_order: Vec<bool>,
    /// Of every edge, whether the place of a row is kept with the row, because it cannot be told from its value.
    pub(super) placed: Vec<Option<Field>>,
    /// Bits of all placed edges of a job vertex.
    pub(super) placement_bits: Vec<u32>,
    /// Of every job vertex, whether there can be more than one outcome of the same input.
    draws: Vec<bool>,
}

/// Where the channel of a row stands among the bits that belong to the row.
#[derive(Clone, Copy)]
pub(super) struct Field {
    pub(super) shift: u32,
    pub(super) bits: u32,
}

/// What an attempt produces: its rows, and for each the channel that was drawn for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Outcome {
    /// The rows after the operator.
    pub rows: Rows,
    /// Drawn channels; its highest bit is the boundary of a range partitioner.
    pub placement: u64,
}

pub(super) const BOUNDARY: u64 = 1 << 63;

/// Most different ways in which the rows of one attempt draw, each for itself.
const ROW_DRAWS_MAX: usize = 256;

/// Most different ways in which an attempt draws once for all its rows. The product of both numbers an outcome, in the
/// sixteen bits that an action has for it.
const START_DRAWS_MAX: usize = 255;

impl DataPlane {
    /// Prepares a valid job.
    ///
    /// # Errors
    /// When its rows are more than the model can hold.
    pub fn of(job: &JobGraph, keys: u8) -> Result<DataPlane, DataError> {
        if let Some(vertex) =
            (0..job.vertices.len()).find(|&v| start_draws(job, v) > START_DRAWS_MAX)
        {
            return Err(DataError::TooManyDraws {
                vertex: job.vertices[vertex].name.clone(),
                draws: start_draws(job, vertex),
                max: START_DRAWS_MAX,
            });
        }
        let (placed, placement_bits) = placed_edges(job);
        let rows_max: Vec<usize> =
            (0..job.vertices.len()).map(|v| rows_max(job, v, placement_bits[v])).collect();
        for (vertex, bound) in failure_free_bounds(job).into_iter().enumerate() {
            if bound > rows_max[vertex] {
                return Err(DataError::TooManyRows {
                    vertex: job.vertices[vertex].name.clone(),
                    rows: bound,
                    max: rows_max[vertex],
                });
            }
        }
        let keys = keys.max(1);
        let values = Values::of(job, keys, &rows_max)?;
        let keeps_order = keeps_order(job);
        let draws = (0..job.vertices.len()).map(|v| draws(job, v)).collect();
        let job = job.clone();
        Ok(DataPlane { job, keys, values, rows_max, keeps_order, placed, placement_bits, draws })
    }

    /// The number of the first row of a source among the rows of all sources.
    pub(crate) fn first_row(&self, vertex: usize) -> usize {
        first_row(&self.job, vertex)
    }

    /// The rows that subtask `subtask` of a source with fixed splits reads.
    pub fn source_rows(&self, vertex: usize, subtask: usize) -> Rows {
        let rows = self.job.vertices[vertex].rows_per_subtask;
        let first = first_row(&self.job, vertex);
        debug_assert!(first + (subtask + 1) * rows <= Rows::VALUES);
        (subtask * rows..(subtask + 1) * rows).map(|row| row as u8).collect()
    }

    /// Whether the order in which a subtask reads its partitions or splits makes a difference to it.
    pub fn keeps_order(&self, vertex: usize) -> bool {
        self.keeps_order[vertex]
    }

    /// What a subtask holds that held `so_far` and has read `content`.
    pub fn read(&self, vertex: usize, so_far: Rows, content: Rows) -> Rows {
        let rows = so_far.extend(content, self.rows_max[vertex]);
        if self.keeps_order[vertex] { rows } else { rows.sorted() }
    }

    /// Whether a vertex draws range boundaries.
    pub fn draws_boundary(&self, vertex: usize) -> bool {
        self.edges_of(vertex).any(|e| e.partitioner == Partitioner::Range)
    }

    /// What a placement says of range boundaries; 0 for a vertex that draws none.
    pub fn boundary(&self, vertex: usize, placement: u64) -> u64 {
        if self.draws_boundary(vertex) { placement & BOUNDARY } else { 0 }
    }

    /// Whether there can be more than one outcome of the same input.
    pub fn draws(&self, vertex: usize) -> bool {
        self.draws[vertex]
    }

    /// All different outcomes of an attempt that has read `input`, in ascending order; never none.
    ///
    /// `boundary` is the placement of a sibling that still holds an output: its range boundaries are used again.
    pub fn outcomes(
        &self,
        vertex: usize,
        subtask: usize,
        input: Rows,
        boundary: Option<u64>,
    ) -> Vec<Outcome> {
        if input == Rows::OVERFLOW {
            return vec![Outcome { rows: Rows::OVERFLOW, placement: 0 }];
        }
        if !self.draws(vertex) {
            return vec![self.only_outcome(vertex, subtask, input)];
        }
        let boundaries: &[u64] = match boundary {
            _ if !self.draws_boundary(vertex) => &[0],
            Some(placement) if placement & BOUNDARY == 0 => &[0],
            Some(_) => &[BOUNDARY],
            None => &[0, BOUNDARY],
        };
        let mut outcomes = Vec::new();
        for rows in self.operate(vertex, input) {
            let placements = self.placements(vertex, subtask, rows.len());
            for (placement, boundary) in
                placements.into_iter().flat_map(|p| boundaries.iter().map(move |&b| (p, b)))
            {
                let drawn = self.canonical(vertex, subtask, Outcome { rows, placement });
                outcomes.push(Outcome { placement: drawn.placement | boundary, ..drawn });
            }
        }
        outcomes.sort_unstable();
        outcomes.dedup();
        outcomes
    }

    /// The outcome of an attempt that draws nothing.
    pub fn only_outcome(&self, vertex: usize, subtask: usize, input: Rows) -> Outcome {
        if input == Rows::OVERFLOW {
            return Outcome { rows: Rows::OVERFLOW, placement: 0 };
        }
        let rows = self.operate(vertex, input).pop().unwrap_or_default();
        self.canonical(vertex, subtask, Outcome { rows, placement: 0 })
    }

    /// What consumer `consumer` of `edge` reads of the partition of producer subtask `producer`.
    pub fn content(&self, edge: usize, producer: usize, consumer: usize, output: Outcome) -> Rows {
        if output.rows == Rows::OVERFLOW {
            return Rows::OVERFLOW;
        }
        let offset = self.values.offset[edge];
        let reaches = |&(position, value): &(usize, u8)| {
            self.channel(edge, producer, position, value, output.placement)
                .is_none_or(|channel| channel == consumer)
        };
        output.rows.iter().enumerate().filter(reaches).map(|(_, value)| value + offset).collect()
    }

    /// A row of the output of `vertex`.
    pub fn output_value(&self, vertex: usize, value: u8) -> Option<&Value> {
        self.values.output[vertex].get(usize::from(value))
    }

    /// A row of the input of `vertex`.
    pub fn input_value(&self, vertex: usize, value: u8) -> Option<&Value> {
        self.values.input[vertex].get(usize::from(value))
    }

    /// How often each source row reaches a job vertex in a failure-free run, summed over its subtasks: once a path,
    /// and once a consumer of each broadcast on it. `None` where an operator on the way drops or joins rows,
    /// or where the number of consumers is not known.
    pub fn row_counts(&self, vertex: usize) -> Option<Vec<usize>> {
        let keeps = |operator| {
            matches!(operator, Operator::PerRow | Operator::RowNumber | Operator::Nondeterministic)
        };
        if !keeps(self.job.vertices[vertex].operator) {
            return None;
        }
        let mut counts = vec![0; Rows::VALUES];
        let rows =
            self.job.vertices[vertex].rows_per_subtask * self.job.vertices[vertex].parallelism;
        let first = first_row(&self.job, vertex);
        counts[first..first + rows].iter_mut().for_each(|count| *count += 1);
        for edge in self.job.inputs(vertex).map(|e| &self.job.edges[e]) {
            let copies = match edge.partitioner {
                Partitioner::Broadcast if self.job.vertices[vertex].adaptive => return None,
                Partitioner::Broadcast => self.job.vertices[vertex].parallelism,
                _ => 1,
            };
            let from = self.row_counts(edge.from)?;
            counts.iter_mut().zip(from).for_each(|(count, more)| *count += copies * more);
        }
        Some(counts)
    }

    pub(super) fn edges_of(&self, vertex: usize) -> impl Iterator<Item = &JobEdge> {
        self.job.edges.iter().filter(move |e| e.from == vertex)
    }

    /// The consumer subtask that a row goes to; `None`: to all of them.
    pub(super) fn channel(
        &self,
        edge: usize,
        producer: usize,
        position: usize,
        value: u8,
        placement: u64,
    ) -> Option<usize> {
        let JobEdge { from, to, partitioner, .. } = self.job.edges[edge];
        let consumers = self.job.vertices[to].parallelism;
        let key = usize::from(self.values.output[from][usize::from(value)].key);
        match partitioner {
            Partitioner::Broadcast => None,
            Partitioner::Forward => Some(producer),
            Partitioner::Global => Some(0),
            Partitioner::Hash => Some(key % consumers),
            // Any other function of the row would do as well; it differs from HASH so that both can be told apart.
            Partitioner::Custom => Some((key + 1) % consumers),
            Partitioner::Range => {
                let shifted = key + usize::from(placement & BOUNDARY != 0);
                Some((shifted * consumers / usize::from(self.keys)).min(consumers - 1))
            }
            Partitioner::Rescale
            | Partitioner::Rebalance
            | Partitioner::Shuffle
            | Partitioner::CustomRandom
            | Partitioner::CustomMisdeclared => {
                let field = self.placed[edge]?;
                let shift = position as u32 * self.placement_bits[from] + field.shift;
                let drawn = (placement >> shift) & ((1 << field.bits) - 1);
                Some(self.channels(edge, producer).start + drawn as usize)
            }
        }
    }

    pub(super) fn channels(&self, edge: usize, producer: usize) -> std::ops::Range<usize> {
        let JobEdge { from, to, partitioner, .. } = self.job.edges[edge];
        let parallelism = |v: usize| self.job.vertices[v].parallelism;
        consumers_of(partitioner.pattern(), parallelism(from), parallelism(to), producer)
    }

    /// What the operator can make of its input.
    fn operate(&self, vertex: usize, input: Rows) -> Vec<Rows> {
        let key = |value: u8| self.values.input[vertex][usize::from(value)].key;
        match self.job.vertices[vertex].operator {
            Operator::PerRow => vec![input],
            Operator::PerKey => vec![self.aggregate(vertex, input)],
            Operator::Limit => vec![input.iter().take(1).collect()],
            Operator::Sample => vec![input.iter().step_by(2).collect()],
            Operator::FirstSeen => {
                let mut seen = [false; 256];
                let mut first =
                    |&value: &u8| !std::mem::replace(&mut seen[usize::from(key(value))], true);
                vec![input.iter().filter(|value| first(value)).collect()]
            }
            Operator::RowNumber => {
                let tags = row_numbers(self.rows_max[vertex]);
                let tag = |(i, value): (usize, u8)| value * tags as u8 + i.min(tags - 1) as u8;
                vec![input.iter().enumerate().map(tag).collect()]
            }
            Operator::Nondeterministic => (0..1u32 << input.len())
                .map(|bits| {
                    let tag = |(i, value): (usize, u8)| value * 2 + (bits >> i & 1) as u8;
                    input.iter().enumerate().map(tag).collect()
                })
                .collect(),
        }
    }

    fn aggregate(&self, vertex: usize, input: Rows) -> Rows {
        let read = &self.values.input[vertex];
        let mut sums: Vec<Value> = Vec::new();
        for value in input.iter().map(|value| &read[usize::from(value)]) {
            match sums.iter_mut().find(|sum| sum.key == value.key) {
                Some(sum) => *sum = sum.add(value),
                None => sums.push(Value { row: None, ..value.clone() }),
            }
        }
        let output = &self.values.output[vertex];
        let index = |sum: &Value| output.iter().position(|value| value == sum);
        sums.iter().filter_map(index).map(|value| value as u8).collect::<Rows>().sorted()
    }

    /// All ways to draw the channels of `rows` rows.
    fn placements(&self, vertex: usize, subtask: usize, rows: usize) -> Vec<u64> {
        let mut all = vec![0u64];
        for (edge, JobEdge { partitioner, .. }) in
            self.job.edges.iter().enumerate().filter(|(_, e)| e.from == vertex)
        {
            let Some(field) = self.placed[edge] else { continue };
            let channels = self.channels(edge, subtask).len();
            let stride = self.placement_bits[vertex];
            let put = |position: usize, channel: usize| {
                (channel as u64) << (position as u32 * stride + field.shift)
            };
            let robin = |start: usize| {
                (0..rows).map(|i| put(i, (start + i) % channels)).fold(0, |all, one| all | one)
            };
            let draws: Vec<u64> = match partitioner {
                Partitioner::Rescale => vec![robin(0)],
                Partitioner::Rebalance => (0..channels).map(robin).collect(),
                _ => (0..rows).fold(vec![0], |draws, i| {
                    let each = |draw: u64| (0..channels).map(move |c| draw | put(i, c));
                    draws.into_iter().flat_map(each).collect()
                }),
            };
            all = all.iter().flat_map(|a| draws.iter().map(move |d| a | d)).collect();
        }
        all
    }

    /// Whether somebody minds the order in which a vertex has written its rows.
    pub(super) fn is_read_in_order(&self, vertex: usize) -> bool {
        self.edges_of(vertex).any(|edge| self.keeps_order[edge.to])
    }

    /// Outcomes that no consumer can tell apart become one: rows are sorted where nobody minds their order, and
    /// where a single edge gives each row one consumer, they are grouped by it.
    pub(super) fn canonical(&self, vertex: usize, subtask: usize, outcome: Outcome) -> Outcome {
        let stride = self.placement_bits[vertex];
        let bits = |i: usize| {
            if stride == 0 {
                0
            } else {
                (outcome.placement >> (i as u32 * stride)) & ((1 << stride) - 1)
            }
        };
        let mut rows = [(0u8, 0u64); Rows::MAX];
        let rows = &mut rows[..outcome.rows.len()];
        for (i, (row, value)) in rows.iter_mut().zip(outcome.rows.iter()).enumerate() {
            *row = (value, bits(i));
        }
        let mut edges = self.job.outputs(vertex);
        let only = edges.next().filter(|_| edges.next().is_none());
        if !self.is_read_in_order(vertex) {
            rows.sort_unstable();
        } else if let Some(edge) = only
            && self.job.edges[edge].partitioner != Partitioner::Range
        {
            rows.sort_by_key(|&(value, bits)| self.channel(edge, subtask, 0, value, bits));
        }
        let mut placement = 0;
        for (i, &(_, bits)) in rows.iter().enumerate().filter(|(_, (_, bits))| *bits != 0) {
            placement |= bits << (i as u32 * stride);
        }
        Outcome { rows: rows.iter().map(|&(value, _)| value).collect(), placement }
    }
}

/// Whether an operator or a partitioner of a vertex leaves something to chance.
fn draws(job: &JobGraph, vertex: usize) -> bool {
    let open = |partitioner: Partitioner| {
        partitioner == Partitioner::Range || partitioner.determinism() != Determinism::Determinate
    };
    job.vertices[vertex].operator == Operator::Nondeterministic
        || job.outputs(vertex).any(|edge| open(job.edges[edge].partitioner))
}

/// Which edges keep the channel of each row, where in its bits, and how many bits a row of each vertex has.
fn placed_edges(job: &JobGraph) -> (Vec<Option<Field>>, Vec<u32>) {
    let mut bits_of_vertex = vec![0; job.vertices.len()];
    let placed = job
        .edges
        .iter()
        .map(|edge| {
            let drawn = match edge.partitioner {
                Partitioner::Range => false,
                partitioner => partitioner.determinism() != Determinism::Determinate,
            };
            let consumers = job.vertices[edge.to].parallelism;
            let shift = bits_of_vertex[edge.from];
            let bits = usize::BITS - (consumers - 1).leading_zeros();
            bits_of_vertex[edge.from] += if drawn { bits } else { 0 };
            drawn.then_some(Field { shift, bits })
        })
        .collect();
    (placed, bits_of_vertex)
}

/// The most rows that one subtask of a vertex can hold, given the bits and the outcomes that each costs.
fn rows_max(job: &JobGraph, vertex: usize, placement_bits: u32) -> usize {
    let by_bits = (u64::BITS - 1).checked_div(placement_bits).map_or(Rows::MAX, |n| n as usize);
    let mut per_row = 1usize;
    if job.vertices[vertex].operator == Operator::Nondeterministic {
        per_row *= 2;
    }
    for edge in job.edges.iter().filter(|e| e.from == vertex) {
        use Partitioner as P;
        if matches!(edge.partitioner, P::Shuffle | P::CustomRandom | P::CustomMisdeclared) {
            per_row = per_row.saturating_mul(job.vertices[edge.to].parallelism);
        }
    }
    let by_draws = if per_row == 1 { Rows::MAX } else { ROW_DRAWS_MAX.ilog(per_row) as usize };
    by_bits.min(by_draws).min(Rows::MAX)
}

/// In how many ways an attempt of a vertex can draw what it draws once: the start of each round robin, and boundaries.
fn start_draws(job: &JobGraph, vertex: usize) -> usize {
    let outputs = || job.outputs(vertex).map(|e| &job.edges[e]);
    let starts = outputs()
        .filter(|edge| edge.partitioner == Partitioner::Rebalance)
        .fold(1usize, |all, edge| all.saturating_mul(job.vertices[edge.to].parallelism));
    let draws_boundary = outputs().any(|edge| edge.partitioner == Partitioner::Range);
    starts.saturating_mul(if draws_boundary { 2 } else { 1 })
}

/// The most rows that a subtask of each vertex gets in a failure-free run: all that its producers have together, or
/// all splits of its source.
fn failure_free_bounds(job: &JobGraph) -> Vec<usize> {
    let mut totals: Vec<usize> = Vec::new();
    let mut bounds = Vec::new();
    for (index, vertex) in job.vertices.iter().enumerate() {
        let mut total = vertex.rows_per_subtask.saturating_mul(vertex.parallelism);
        let mut bound = match vertex.splits {
            SplitAssignment::Fixed => vertex.rows_per_subtask,
            SplitAssignment::Dynamic => total,
        };
        for edge in job.inputs(index).map(|e| &job.edges[e]) {
            let copies =
                if edge.partitioner == Partitioner::Broadcast { vertex.parallelism } else { 1 };
            bound = bound.saturating_add(totals[edge.from]);
            total = total.saturating_add(totals[edge.from].saturating_mul(copies));
        }
        totals.push(total);
        bounds.push(bound);
    }
    bounds
}

/// The order of arrival is kept where the operator minds it, where rows are dealt out by position, and where a
/// consumer minds the order in which it is sent rows.
fn keeps_order(job: &JobGraph) -> Vec<bool> {
    let mut keeps = vec![false; job.vertices.len()];
    for (index, vertex) in job.vertices.iter().enumerate().rev() {
        let by_position =
            |p: Partitioner| matches!(p, Partitioner::Rescale | Partitioner::Rebalance);
        let passed_on = vertex.operator != Operator::PerKey;
        keeps[index] = vertex.operator.determinism() == Determinism::OrderSensitive
            || job.outputs(index).map(|e| &job.edges[e]).any(|edge| {
                passed_on
                    && (keeps[edge.to]
                        || by_position(edge.partitioner) && job.vertices[edge.to].parallelism > 1)
            });
    }
    keeps
}
