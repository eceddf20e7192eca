//! Writing a finished level to a checkpoint, and going on from there.

use std::io;
use std::time::Duration;

use super::checkpoint::{Reader, Writer};
use super::explorable::Explorable;
use super::judge::{COSTS_MAX, Judge};
use super::labels::Label;
use super::limits::Stopped;
use super::reduction::Reduction;
use super::search::Search;
use super::store::Store;
use super::visited::Visited;

/// How far the last record goes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Saved {
    states: usize,
    expanded: usize,
}

impl<M, J, S, R> Search<'_, '_, M, J, S, R>
where
    M: Explorable,
    J: Judge<M>,
    S: Store<M>,
    R: Reduction<M>,
{
    /// Appends everything that is new since the last record.
    pub(super) fn save_level(&mut self) -> Result<(), Stopped> {
        let Some(mut checkpoint) = self.checkpoint.take() else { return Ok(()) };
        let mut record = Writer::default();
        self.write_states(&mut record)?;
        self.write_steps(&mut record);
        self.write_counts(&mut record);
        checkpoint.append(&record.0)?;
        self.saved =
            Saved { states: self.visited.space.len(), expanded: self.visited.space.expanded() };
        self.checkpoint = Some(checkpoint);
        Ok(())
    }

    /// Takes over everything that the checkpoint has; false if it has nothing.
    pub(super) fn resume(&mut self) -> Result<bool, Stopped> {
        let Some(mut checkpoint) = self.checkpoint.take() else { return Ok(false) };
        let levels = checkpoint.levels();
        for level in 0..levels {
            let bytes = checkpoint.record(level)?;
            let mut record = Reader(&bytes);
            self.visited.frontier.drop_next();
            self.read_states(&mut record)?;
            self.read_steps(&mut record)?;
            self.read_counts(&mut record)?;
        }
        self.saved =
            Saved { states: self.visited.space.len(), expanded: self.visited.space.expanded() };
        self.checkpoint = Some(checkpoint);
        Ok(levels > 0)
    }

    fn write_states(&mut self, record: &mut Writer) -> Result<(), Stopped> {
        let Search { sources, visited, saved, .. } = self;
        let Visited { space, frontier, .. } = visited;
        record.u32((space.len() - saved.states) as u32);
        frontier.for_each_found(|number, rows, at| {
            record.u32(space.parent(number).unwrap_or(u32::MAX));
            let key = &space.keys[number as usize];
            let can = record.bytes(|out| sources.store.save(key, rows, at, out));
            if can { Ok(()) } else { Err(io::ErrorKind::Unsupported.into()) }
        })?;
        Ok(())
    }

    fn read_states(&mut self, record: &mut Reader<'_>) -> Result<(), Stopped> {
        let count = record.u32()?;
        for index in 0..count {
            let parent = Some(record.u32()?).filter(|&parent| parent != u32::MAX);
            let mut rows = S::Rows::default();
            let key = self.sources.store.restore(self.sources.model, record.bytes()?, &mut rows);
            let key = key.ok_or(io::Error::from(io::ErrorKind::InvalidData))?;
            let number = self.visited.restore(self.sources.store, key, &mut rows, parent)?;
            if index == 0 {
                self.visited.space.begin_level(number);
            }
        }
        Ok(())
    }

    fn write_steps(&self, record: &mut Writer) {
        record.u32((self.visited.space.expanded() - self.saved.expanded) as u32);
        for state in self.saved.expanded..self.visited.space.expanded() {
            if let Some(goals) = &self.visited.space.goals {
                record.u64(goals[state]);
            }
            let row = self.visited.space.row(state);
            record.u32(row.len() as u32);
            for edge in row.map(|edge| self.visited.space.edge(edge)) {
                record.u32(edge.target);
                record.u32(edge.rule as u32);
                record.u32(edge.class.map_or(0, |class| u32::from(class) + 1));
                edge.costs.iter().take(self.costs()).for_each(|&cost| record.u32(cost));
            }
        }
    }

    fn read_steps(&mut self, record: &mut Reader<'_>) -> Result<(), Stopped> {
        for _ in 0..record.u32()? {
            let goals = self.visited.space.goals.is_some().then(|| record.u64()).transpose()?;
            let len = record.u32()?;
            self.visited.make_room(1, len as usize, 0)?;
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

    fn write_counts(&self, record: &mut Writer) {
        record.u64(self.watch.elapsed().as_nanos() as u64);
        record.u64(self.visited.generated as u64);
        for count in &self.visited.rules {
            let counts = [count.enabled, count.fired, count.discovered];
            counts.into_iter().for_each(|count| record.u64(count));
        }
        self.visited.gauges.iter().for_each(|&gauge| record.u32(gauge));
        record.u32(self.visited.branching.len() as u32);
        self.visited.branching.iter().for_each(|&states| record.u64(states));
        self.visited.ledger.save(record);
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
        Ok(())
    }
}
