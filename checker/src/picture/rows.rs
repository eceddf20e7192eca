//! Which rows are lost, which are there too often, and whose doing that is.

use failproof_model::data::Rows;
use failproof_model::failover::Failover;
use failproof_model::state::State;

use super::history::{History, Moment, Output};

/// A sentence for each row that a sink has not shown as often as it should, when the job has ended.
pub(super) fn misplaced<const V: usize>(
    model: &Failover<V>,
    history: &History,
    end: &State<V>,
) -> Vec<String> {
    let Some(moment) = history.until.last() else { return Vec::new() };
    let telling = Telling { model, history, moment };
    let sinks = model.scenario.job.vertices.iter().enumerate();
    let sinks = sinks.filter(|(_, vertex)| vertex.sink.is_some());
    sinks.flat_map(|(sink, _)| telling.misplaced_at(sink, end)).collect()
}

struct Telling<'a, const V: usize> {
    model: &'a Failover<V>,
    history: &'a History,
    moment: &'a Moment,
}

impl<const V: usize> Telling<'_, V> {
    /// Of one sink; nothing where an operator on the way drops or joins rows.
    fn misplaced_at(&self, sink: usize, end: &State<V>) -> Vec<String> {
        let Some(expected) = self.model.data.row_counts(sink) else { return Vec::new() };
        let rows = expected.iter().enumerate().map(|(row, &expected)| {
            let shown = self.subtasks(sink).map(|v| (v, self.count(sink, end.shown[v], row)));
            let shown: Vec<(usize, usize)> = shown.filter(|&(_, count)| count > 0).collect();
            let found: usize = shown.iter().map(|&(_, count)| count).sum();
            match found {
                _ if found == expected => None,
                0 => Some(self.lost(sink, row)),
                _ => Some(self.repeated(sink, row, (found, expected), &shown)),
            }
        });
        rows.flatten().collect()
    }

    fn lost(&self, sink: usize, row: usize) -> String {
        let mut stage = sink;
        // What the sink lacks may have been lost further up.
        while let Some(before) = self.producer_without(stage, row) {
            stage = before;
        }
        let sent = self.history.outputs.iter().filter(|output| {
            self.model.job_vertex(output.reader) == stage && self.has(stage, output.rows, row)
        });
        let sent: Vec<String> = sent.map(|output| self.sent(output)).collect();
        let name = &self.model.scenario.job.vertices[sink].name;
        match sent.is_empty() {
            true => format!("Row r{row} is lost: nobody sent it to {name}."),
            false => format!("Row r{row} is lost: {}.", sent.join("; ")),
        }
    }

    /// A producer of `stage` of which no subtask holds the row in the end.
    fn producer_without(&self, stage: usize, row: usize) -> Option<usize> {
        let job = &self.model.scenario.job;
        job.inputs(stage).map(|edge| job.edges[edge].from).find(|&before| {
            let reads = job.inputs(before).next().is_some();
            reads && !self.subtasks(before).any(|v| self.holds(v, row))
        })
    }

    fn sent(&self, output: &Output) -> String {
        let &Output { producer, attempt, reader, input, .. } = output;
        let to = format!(
            "{} sent it to {}",
            self.attempt(producer, attempt),
            self.model.vertex_name(reader)
        );
        match self.moment.reads[reader][input] {
            Some(read) if read.attempt == attempt => {
                format!("{to}, which has read that partition and does not have it")
            }
            Some(read) => format!("{to}, which read {}", self.attempt(producer, read.attempt)),
            None => format!("{to}, which has not read it"),
        }
    }

    fn repeated(
        &self,
        sink: usize,
        row: usize,
        (found, expected): (usize, usize),
        shown: &[(usize, usize)],
    ) -> String {
        let often = match (found, expected) {
            (2, 1) => "twice".to_owned(),
            (_, 1) => format!("{found} times"),
            _ => format!("{found} times instead of {expected} times"),
        };
        let by: Vec<String> = shown.iter().map(|&(v, _)| self.shower(sink, v, row)).collect();
        format!("Row r{row} is committed {often}: by {}.", by.join(", and by "))
    }

    /// A sink subtask, and from whom it has the row.
    fn shower(&self, sink: usize, v: usize, row: usize) -> String {
        let inputs = self.model.topology.consumed(v).zip(&self.moment.reads[v]);
        let from = inputs.filter_map(|(partition, read)| {
            let producer = self.model.topology.partitions[partition].producer;
            let read = (*read)?;
            self.has(sink, read.rows, row).then(|| self.attempt(producer, read.attempt))
        });
        let from: Vec<String> = from.collect();
        let shower = self.attempt(v, self.moment.attempts[v]);
        match from.is_empty() {
            true => shower,
            false => format!("{shower} from {}", from.join(" and ")),
        }
    }

    /// Whether the last attempt of a vertex has read the row.
    fn holds(&self, v: usize, row: usize) -> bool {
        let job_vertex = self.model.job_vertex(v);
        self.moment.reads[v].iter().flatten().any(|read| self.has(job_vertex, read.rows, row))
    }

    /// Whether rows that a job vertex reads have a source row among them.
    fn has(&self, job_vertex: usize, rows: Rows, row: usize) -> bool {
        let value = |value| self.model.data.input_value(job_vertex, value);
        rows.iter().filter_map(value).any(|value| value.row.map(usize::from) == Some(row))
    }

    fn count(&self, sink: usize, shown: Rows, row: usize) -> usize {
        let value = |value| self.model.data.output_value(sink, value);
        let rows = shown.iter().filter_map(value);
        rows.filter(|value| value.row.map(usize::from) == Some(row)).count()
    }

    fn subtasks(&self, job_vertex: usize) -> impl Iterator<Item = usize> + use<'_, V> {
        (0..self.model.size()).filter(move |&v| self.model.job_vertex(v) == job_vertex)
    }

    fn attempt(&self, v: usize, attempt: usize) -> String {
        format!("{}#{attempt}", self.model.vertex_name(v))
    }
}
