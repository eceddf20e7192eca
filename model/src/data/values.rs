//! The different rows that a job can hold, with where they come from; computed once a job.

use std::collections::BTreeMap;

use super::{DataError, Rows};
use crate::job_graph::{JobGraph, JobVertex, Operator};
use crate::topology::first_subtasks;

/// One row that can be in the output of a vertex, told by its provenance: which source rows it was made of and by
/// which operators. Which attempt made it is no part of it, so an equal re-draw gives the same value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Value {
    /// Chooses the channel of a keyed partitioner.
    pub key: u8,
    /// The source row that it was made of, unless it was made of several.
    pub row: Option<u8>,
    /// What it was made of, with how often: one atom, or for an aggregate all rows of the key.
    pub atoms: BTreeMap<String, u8>,
}

/// An aggregate tells one row, two equal rows, and not more of them.
const AGGREGATE_COUNT_MAX: u8 = 2;

/// Most rows that sources can read in all.
pub const SOURCE_ROWS_MAX: usize = 16;

impl Value {
    /// The value as people read it: `r0`, `r0#1`, `{r0+r2}`.
    pub fn text(&self) -> String {
        let parts: Vec<String> = self
            .atoms
            .iter()
            .flat_map(|(atom, &count)| std::iter::repeat_n(atom.clone(), usize::from(count)))
            .collect();
        if parts.len() == 1 { parts.concat() } else { format!("{{{}}}", parts.join("+")) }
    }

    fn atom(key: u8, row: Option<u8>, text: String) -> Value {
        Value { key, row, atoms: BTreeMap::from([(text, 1)]) }
    }

    /// The sum of two aggregates of one key.
    pub(super) fn add(&self, other: &Value) -> Value {
        let mut sum = Value { row: None, ..self.clone() };
        for (atom, count) in &other.atoms {
            let entry = sum.atoms.entry(atom.clone()).or_insert(0);
            *entry = (*entry + count).min(AGGREGATE_COUNT_MAX);
        }
        sum
    }
}

/// For every job vertex, the values its subtasks can read and the values they can produce.
pub(super) struct Values {
    pub(super) input: Vec<Vec<Value>>,
    pub(super) output: Vec<Vec<Value>>,
    /// Of every edge, what to add to an output value of its producer to get the input value of its consumer.
    pub(super) offset: Vec<u8>,
}

impl Values {
    pub(super) fn of(job: &JobGraph, keys: u8, rows_max: &[usize]) -> Result<Values, DataError> {
        let rows = |v: &JobVertex| v.parallelism.saturating_mul(v.rows_per_subtask);
        let count = job.vertices.iter().fold(0usize, |sum, v| sum.saturating_add(rows(v)));
        if count > SOURCE_ROWS_MAX {
            return Err(DataError::TooManySourceRows { rows: count, max: SOURCE_ROWS_MAX });
        }
        let mut values =
            Values { input: Vec::new(), output: Vec::new(), offset: vec![0; job.edges.len()] };
        for (vertex, &rows_max) in rows_max.iter().enumerate() {
            let input = values.read_by(job, vertex, keys);
            let output = produced(job.vertices[vertex].operator, &input, rows_max);
            let most = input.len().max(output.len());
            if most > Rows::VALUES {
                return Err(DataError::TooManyValues {
                    vertex: job.vertices[vertex].name.clone(),
                    values: most,
                    max: Rows::VALUES,
                });
            }
            values.input.push(input);
            values.output.push(output);
        }
        Ok(values)
    }

    fn read_by(&mut self, job: &JobGraph, vertex: usize, keys: u8) -> Vec<Value> {
        let edges: Vec<usize> = job.inputs(vertex).collect();
        if edges.is_empty() {
            let first = first_row(job, vertex);
            let rows = job.vertices[vertex].parallelism * job.vertices[vertex].rows_per_subtask;
            return (first..first + rows)
                .map(|row| {
                    let key = (row % usize::from(keys)) as u8;
                    Value::atom(key, Some(row as u8), format!("r{row}"))
                })
                .collect();
        }
        let mut input: Vec<Value> = Vec::new();
        for &edge in &edges {
            self.offset[edge] = input.len().min(usize::from(u8::MAX)) as u8;
            let producer = job.edges[edge].from;
            let name = &job.vertices[producer].name;
            let several = edges.len() > 1;
            let read = |value: &Value| if several { via(value, name) } else { value.clone() };
            input.extend(self.output[producer].iter().map(read));
        }
        input
    }
}

/// Where several inputs meet, a row also tells which of them it came by.
fn via(value: &Value, name: &str) -> Value {
    let atoms = value.atoms.iter().map(|(a, n)| (format!("{a}@{name}"), *n)).collect();
    Value { atoms, ..value.clone() }
}

/// The number of the first row of a source: rows are numbered source by source, subtask by subtask.
pub(super) fn first_row(job: &JobGraph, vertex: usize) -> usize {
    debug_assert_eq!(first_subtasks(job).len(), job.vertices.len());
    job.vertices[..vertex].iter().map(|v| v.parallelism * v.rows_per_subtask).sum()
}

/// How far a row number counts before it stays.
pub(super) fn row_numbers(rows_max: usize) -> usize {
    rows_max.clamp(1, 4)
}

fn produced(operator: Operator, input: &[Value], rows_max: usize) -> Vec<Value> {
    let tagged = |tags: usize, sign: char| {
        let tag = move |value: &Value, tag: usize| {
            Value::atom(value.key, value.row, format!("{}{sign}{tag}", value.text()))
        };
        input.iter().flat_map(move |v| (0..tags).map(move |t| tag(v, t))).collect()
    };
    match operator {
        Operator::PerRow | Operator::Limit | Operator::FirstSeen | Operator::Sample => {
            input.to_vec()
        }
        Operator::RowNumber => tagged(row_numbers(rows_max), '#'),
        Operator::Nondeterministic => tagged(2, '~'),
        Operator::PerKey => aggregates(input),
    }
}

/// Every sum of rows of one key, each atom at most [`AGGREGATE_COUNT_MAX`] times.
fn aggregates(input: &[Value]) -> Vec<Value> {
    let mut atoms: BTreeMap<u8, Vec<String>> = BTreeMap::new();
    for value in input {
        let of_key = atoms.entry(value.key).or_default();
        of_key.extend(
            value.atoms.keys().filter(|a| !of_key.contains(a)).cloned().collect::<Vec<_>>(),
        );
    }
    let mut all = Vec::new();
    for (key, atoms) in atoms {
        let mut sums = vec![BTreeMap::new()];
        // One more than fits is enough to be refused: the list must not explode before that.
        for atom in atoms.iter().take(4) {
            let with = |sum: &BTreeMap<String, u8>, count: u8| {
                let mut sum = sum.clone();
                if count > 0 {
                    sum.insert(atom.clone(), count);
                }
                sum
            };
            sums = (0..=AGGREGATE_COUNT_MAX)
                .flat_map(|count| sums.iter().map(move |sum| with(sum, count)))
                .collect();
        }
        all.extend(sums.into_iter().skip(1).map(|atoms| Value { key, row: None, atoms }));
    }
    all
}
