//! Writing a finished level to a checkpoint, and going on from there.

use std::io;
use std::time::Duration;

use super::checkpoint::{About, Checkpoint, Reader, Writer};
use super::explorable::Explorable;
use super::judge::{COSTS_MAX, Judge};
use super::labels::Label;
use super::limits::Stopped;
use super::reduction::Reduction;
use super::search::Search;
use super::store::Store;
use super::visited::Visited;

/// A record ends when it has so many bytes: only one is in memory at a time, however large a level is.
const RECORD_BYTES: usize = 1 << 20;

/// How far what was saved goes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Saved {
    states: usize,
    expanded: usize,
}

/// Appends a record that is large enough, or whatever there is of it, and empties it.
fn append(
    checkpoint: &mut Checkpoint,
    about: About,
    record: &mut Writer,
    enough: usize,
) -> io::Result<()> {
    if record.0.len() >= enough {
        checkpoint.append(about, &record.0)?;
        record.0.clear();
    }
    Ok(())
}

impl<M, J, S, R> Search<'_, '_, M, J, S, R>
where
    M: Explorable,
    J: Judge<M>,
    S: Store<M>,
    R: Reduction<M>,
{
    /// Appends everything that is new since the last level.
    pub(super) fn save_level(&mut self) -> Result<(), Stopped> {
        let Some(mut checkpoint) = self.checkpoint.take() else { return Ok(()) };
        self.save_states(&mut checkpoint)?;
        self.save_steps(&mut checkpoint)?;
        checkpoint.append(About::Counts, &self.counts_record().0)?;
        self.checkpoint = Some(checkpoint);
        self.note_saved();
        Ok(())
    }

    /// Takes over everything that the checkpoint has; false if it has nothing.
    pub(super) fn resume(&mut self) -> Result<bool, Stopped> {
        let Some(mut checkpoint) = self.checkpoint.take() else { return Ok(false) };
        let records = checkpoint.len();
        for number in 0..records {
            self.watch.look(&self.counts())?;
            let (about, bytes) = checkpoint.record(number)?;
            let mut record = Reader(&bytes);
            match about {
                About::States => self.read_states(&mut record)?,
                About::Steps => self.read_steps(&mut record)?,
                About::Counts => self.read_counts(&mut record)?,
            }
            // What is expanded by the next record does not wait any more.
            if about == About::Counts && number + 1 < records {
                self.visited.frontier.drop_next();
            }
        }
        self.checkpoint = Some(checkpoint);
        Ok(records > 0)
    }

    fn note_saved(&mut self) {
        let space = &self.visited.space;
        self.saved = Saved { states: space.len(), expanded: space.expanded() };
    }

    fn save_states(&mut self, checkpoint: &mut Checkpoint) -> io::Result<()> {
        let Search { sources, visited, .. } = self;
        let Visited { space, frontier, .. } = visited;
        let mut record = Writer::default();
        frontier.for_each_found(|number, rows, at| {
            record.u32(space.parent(number).unwrap_or(u32::MAX));
            let key = &space.keys[number as usize];
            if !record.bytes(|out| sources.store.save(key, rows, at, out)) {
                return Err(io::ErrorKind::Unsupported.into());
            }
            append(checkpoint, About::States, &mut record, RECORD_BYTES)
        })?;
        append(checkpoint, About::States, &mut record, 1)
    }

    fn read_states(&mut self, record: &mut Reader<'_>) -> Result<(), Stopped> {
        while !record.is_empty() {
            let parent = Some(record.u32()?).filter(|&parent| parent != u32::MAX);
            let mut rows = S::Rows::default();
            let key = self.sources.store.restore(self.sources.model, record.bytes()?, &mut rows);
            let key = key.ok_or(io::Error::from(io::ErrorKind::InvalidData))?;
            let begins_level = self.visited.space.len() == self.saved.states;
            let number = self.visited.restore(self.sources.store, key, &mut rows, parent)?;
            if begins_level {
                self.visited.space.begin_level(number);
            }
        }
        Ok(())
    }

    fn save_steps(&self, checkpoint: &mut Checkpoint) -> io::Result<()> {
        let space = &self.visited.space;
        let mut record = Writer::default();
        for state in self.saved.expanded..space.expanded() {
            if let Some(goals) = &space.goals {
                record.u64(goals[state]);
            }
            let row = space.row(state);
            record.u32(row.len() as u32);
            for edge in row.map(|edge| space.edge(edge)) {
                record.u32(edge.target);
                record.u32(edge.rule as u32);
                record.u32(edge.class.map_or(0, |class| u32::from(class) + 1));
                edge.costs.iter().take(self.costs()).for_each(|&cost| record.u32(cost));
            }
            append(checkpoint, About::Steps, &mut record, RECORD_BYTES)?;
        }
        append(checkpoint, About::Steps, &mut record, 1)
    }

    fn read_steps(&mut self, record: &mut Reader<'_>) -> Result<(), Stopped> {
        while !record.is_empty() {
            let goals = self.visited.space.goals.is_some().then(|| record.u64()).transpose()?;
            let len = record.u32()?;
            self.visited.make_room(1, len as usize, &std::iter::empty(), 0)?;
            for _ in 0..len {
                let (target, rule, class) = (record.u32()?, record.u32()?, record.u32()?);
                let class = class.checked_sub(1).map(|class| class as u8);
                let mut costs = [0; COSTS_MAX];
                for cost in costs.iter_mut().take(self.costs()) {
                    *cost = record.u32()?;
                }
                self.visited.space.push_step(
                    target,
                    Label { rule, costs, class },
                    &mut self.visited.memory,
                )?;
            }
            self.visited.space.end_row(goals);
        }
        Ok(())
    }

    /// Costs that are kept of each step.
    fn costs(&self) -> usize {
        self.sources.judge.costs().min(COSTS_MAX)
    }

    fn counts_record(&self) -> Writer {
        let mut record = Writer::default();
        record.u64(self.watch.elapsed().as_nanos() as u64);
        record.u64(self.visited.generated as u64);
        for count in &self.visited.rules {
            let counts = [count.enabled, count.fired, count.discovered];
            counts.into_iter().for_each(|count| record.u64(count));
        }
        self.visited.gauges.iter().for_each(|&gauge| record.u32(gauge));
        record.u32(self.visited.branching.len() as u32);
        self.visited.branching.iter().for_each(|&states| record.u64(states));
        self.visited.ledger.save(&mut record);
        record
    }

    fn read_counts(&mut self, record: &mut Reader<'_>) -> Result<(), Stopped> {
        self.watch.went_on_from(Duration::from_nanos(record.u64()?));
        self.visited.generated = record.u64()? as usize;
        for count in &mut self.visited.rules {
            count.enabled = record.u64()?;
            count.fired = record.u64()?;
            count.discovered = record.u64()?;
        }
        for gauge in &mut self.visited.gauges {
            *gauge = record.u32()?;
        }
        let branching = record.u32()?;
        self.visited.branching = (0..branching).map(|_| record.u64()).collect::<io::Result<_>>()?;
        self.visited.ledger.load(record)?;
        self.note_saved();
        Ok(())
    }
}
