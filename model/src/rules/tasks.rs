//! What tasks do on their TaskManagers: the truth, of which the master only hears.

use std::borrow::Cow;

use crate::action::Action;
use crate::data::{Outcome, Rows};
use crate::execution_state::ExecutionState;
use crate::failover::{Failover, Input};
use crate::job_graph::{ResultPartitionType, SinkCommit};
use crate::scenario::{Defect, Mechanism};
use crate::state::{Census, NOWHERE, State, TaskManager, Truth};

use super::failover::ones;
use super::links::is_heard;

/// The inputs that a task may turn to now, by what it finds: masks of them.
#[derive(Clone, Copy, Default)]
pub(super) struct Turns {
    /// Data.
    pub(super) data: u16,
    /// Nothing, and nothing will come.
    pub(super) nothing: u16,
}

/// What a task finds when it turns to one of its inputs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    /// Data.
    Data,
    /// Not yet anything, but there may come something.
    Later,
    /// Nothing, and nothing will come.
    Nothing,
}

impl<const V: usize> Failover<V> {
    pub(super) fn enabled_tasks(
        &self,
        s: &State<V>,
        census: &Census,
        turns: &[Turns; V],
        out: &mut Vec<Action>,
    ) {
        let running = census.truth(Truth::Running);
        for v in ones(running) {
            let read = |input| Action::ReadPartition { vertex: v as u8, input: input as u8 };
            out.extend(ones(turns[v].data).map(read));
        }
        self.enabled_splits(s, out);
        // A task that is being cancelled and fails ends as if cancelled (section 3.2), so it need not miss anything.
        for v in ones(running & census.book(ExecutionState::Running)) {
            let missed = ones(turns[v].nothing).filter(|&input| self.misses_at_once(s, v, input));
            let miss = |input| Action::MissPartition { vertex: v as u8, input: input as u8 };
            out.extend(missed.map(miss));
        }
        let mut streamed = false;
        for v in ones(running).filter(|&v| self.has_read_all(s, v) && self.can_stream(s, v)) {
            let draws = 0..self.outcomes_of(s, v) as u16;
            let streams = self.vertices[v].streams;
            streamed |= streams;
            let vertex = v as u8;
            out.extend(draws.map(|draw| match streams {
                true => Action::ProduceOutput { vertex, draw },
                false => Action::FinishTask { vertex, draw },
            }));
        }
        for v in ones(census.truth(Truth::Produced)) {
            out.push(Action::FinishTask { vertex: v as u8, draw: 0 });
        }
        // Actions are listed in the order of their rules.
        if streamed {
            out.sort_by_key(|action| action.rule());
        }
    }

    /// What every running task finds in the inputs that it may turn to now: any that it has not read, or the first of
    /// them if the order makes no difference and the scenario does not ask for every order.
    pub(super) fn turns(&self, s: &State<V>, census: &Census) -> [Turns; V] {
        let mut turns = [Turns::default(); V];
        for v in ones(census.truth(Truth::Running)) {
            let facts = &self.vertices[v];
            let any = self.is_fine(Mechanism::Reads) || self.data.keeps_order(facts.job_vertex);
            let done = s.tasks[v].read | self.missing_inputs(s, v);
            let unread = ones(facts.all_inputs() & !done);
            for input in unread.take(if any { usize::MAX } else { 1 }) {
                match self.found(s, v, input) {
                    Found::Data => turns[v].data |= 1 << input,
                    Found::Later => {}
                    Found::Nothing => turns[v].nothing |= 1 << input,
                }
            }
        }
        turns
    }

    /// Whether there is nothing left for it to read. Of splits that is so when nobody can have one: it may end without
    /// any, and while a failed sibling still holds its own. With fine splits it has to be told.
    pub(super) fn has_read_all(&self, s: &State<V>, v: usize) -> bool {
        match self.vertices[v].splits {
            0 => {
                let done = s.tasks[v].read | self.missing_inputs(s, v);
                done.count_ones() as usize == self.vertices[v].inputs.len()
            }
            _ if self.has_coordinators() => self.is_exhausted(s, v),
            _ => is_heard(s, v) && self.unassigned_splits(s, v) == 0,
        }
    }

    fn found(&self, s: &State<V>, v: usize, input: usize) -> Found {
        if s.tasks[v].outdated & 1 << input != 0 {
            return match self.former_output(s, v, input) {
                Some(_) => Found::Data,
                None => Found::Nothing,
            };
        }
        if self.is_unfinished(s, v, input) {
            return Found::Later;
        }
        if self.has_data(s, v, input) {
            return Found::Data;
        }
        use ExecutionState as E;
        let producer = self.vertices[v].inputs[input].producer;
        let (task, consumed) = (s.tasks[producer], self.is_consumed(s, v, input));
        let awaited = match task.truth {
            Truth::Submitted | Truth::Running => true,
            Truth::None => matches!(task.book, E::Created | E::Scheduled),
            _ => false,
        };
        if awaited && !consumed { Found::Later } else { Found::Nothing }
    }

    /// Who was deployed before its producer was FINISHED is still to be told where to read (section 4.2, step 4).
    fn is_unfinished(&self, s: &State<V>, v: usize, input: usize) -> bool {
        let Input { partition, producer, .. } = self.vertices[v].inputs[input];
        let blocking = self.partitions[partition].result_type.is_blocking();
        blocking && s.tasks[producer].book != ExecutionState::Finished
    }

    fn is_consumed(&self, s: &State<V>, v: usize, input: usize) -> bool {
        let Input { partition, channel, .. } = self.vertices[v].inputs[input];
        s.consumed & 1 << channel != 0 && !self.can_be_joined(partition)
    }

    /// Whether an attempt of `v` that is told to read the current attempt of a producer can do so.
    pub(super) fn has_data(&self, s: &State<V>, v: usize, input: usize) -> bool {
        let partition = self.vertices[v].inputs[input].partition;
        s.stored & 1 << partition != 0
            && !self.is_unfinished(s, v, input)
            && !self.is_consumed(s, v, input)
    }

    /// How many outcomes the current attempt of `v` can have.
    fn outcomes_of(&self, s: &State<V>, v: usize) -> usize {
        match self.data.draws(self.vertices[v].job_vertex) {
            true => self.outcomes(s, v).len(),
            false => 1,
        }
    }

    /// All outcomes that the current attempt of `v` can have.
    fn outcomes(&self, s: &State<V>, v: usize) -> Cow<'_, [Outcome]> {
        self.outcomes_after(s, v, s.rows[v])
    }

    /// All outcomes that an attempt of `v` can have that has read `rows`.
    pub(super) fn outcomes_after(&self, s: &State<V>, v: usize, rows: Rows) -> Cow<'_, [Outcome]> {
        let facts = &self.vertices[v];
        if !facts.outcomes.is_empty() {
            return Cow::Borrowed(&facts.outcomes);
        }
        let siblings = (0..self.size()).filter(|&w| {
            w != v && self.vertices[w].job_vertex == facts.job_vertex && self.has_drawn(s, w)
        });
        let boundary = siblings.map(|w| s.placement[w]).next();
        Cow::Owned(self.data.outcomes(facts.job_vertex, facts.subtask, rows, boundary))
    }

    /// Whether what the current attempt of `v` has drawn binds its siblings: its output is there, or was streamed.
    pub(crate) fn has_drawn(&self, s: &State<V>, v: usize) -> bool {
        s.stored & self.vertices[v].partitions != 0 || self.has_streamed(s, v)
    }

    /// Whether the current attempt of `v` has completed an output that is read while it goes on; it may be gone.
    pub(crate) fn has_streamed(&self, s: &State<V>, v: usize) -> bool {
        let task = s.tasks[v];
        let produced = matches!(task.truth, Truth::Produced | Truth::Finished)
            || task.book == ExecutionState::Finished;
        produced && self.vertices[v].streams
    }

    pub(super) fn read(&self, s: &mut State<V>, v: usize, input: usize) {
        let current = s.output(self.vertices[v].inputs[input].producer);
        let outdated = s.tasks[v].outdated & 1 << input != 0;
        let former = self.former_output(s, v, input).filter(|_| outdated);
        let output = former.unwrap_or(current);
        self.note_lineage(s, v, input, output);
        let content = self.consume(s, v, input, output);
        s.rows[v] = self.data.read(self.vertices[v].job_vertex, s.rows[v], content);
        s.tasks[v].read |= 1 << input;
        s.tasks[v].outdated &= !(1 << input);
    }

    /// Takes what this output, in an input, has for an attempt of `v`. A sink that shows rows at once does so.
    pub(super) fn consume(
        &self,
        s: &mut State<V>,
        v: usize,
        input: usize,
        output: Outcome,
    ) -> Rows {
        let Input { partition, producer, edge, channel } = self.vertices[v].inputs[input];
        let from = self.vertices[producer].subtask;
        let again = s.consumed & 1 << channel != 0;
        let content = match again {
            // A consumer that reconnects to an approximate partition has lost what was sent before (section 4.7).
            true => Rows::EMPTY,
            false => self.subpartitions(s, v, edge).fold(Rows::EMPTY, |rows, subpartition| {
                let more = self.data.content(edge, from, subpartition, output);
                rows.extend(more, Rows::MAX)
            }),
        };
        if !self.partitions[partition].result_type.is_reconsumable()
            || self.can_be_joined(partition)
        {
            s.consumed |= 1 << channel;
            self.drop_if_consumed(s, partition);
        }
        if self.vertices[v].sink == Some(SinkCommit::AtOnce) {
            self.show(s, v, content);
        }
        content
    }

    /// Whether a consumer can turn to it again and then has lost what was sent before.
    fn can_be_joined(&self, partition: usize) -> bool {
        match self.partitions[partition].result_type {
            ResultPartitionType::PipelinedApproximate => true,
            ResultPartitionType::HybridFull => {
                self.scenario.defect == Some(Defect::HybridRereadSkips)
            }
            _ => false,
        }
    }

    /// What is streamed is gone once every consumer has read it. An approximate stream can be joined again.
    fn drop_if_consumed(&self, s: &mut State<V>, partition: usize) {
        let facts = &self.partitions[partition];
        if !self.can_be_joined(partition) && facts.channels & !s.consumed == 0 {
            s.stored &= !(1 << partition);
        }
    }

    /// Section 4.6. What a task reports that does not find its input depends on why it is not there.
    pub(super) fn miss(&self, s: &mut State<V>, v: usize, input: usize) {
        let Input { partition, producer, .. } = self.vertices[v].inputs[input];
        if self.has_given_up(s, v, input) {
            return self.fail_unfound(s, v, input);
        }
        let disposed = match s.tasks[v].outdated & 1 << input != 0 {
            true => !is_down(s, s.tasks[producer].before),
            false => self.says_that_it_failed(s, producer),
        };
        if disposed {
            // The master answers that the producer's attempt is not the current one
            // (`PartitionProducerDisposedException`) or has failed, or its TaskManager says so
            // (`ProducerFailedException`): the consumer is cancelled, and nobody starts a failover.
            self.cancel_itself(s, v);
        } else if self.partitions[partition].result_type.must_be_pipelined_consumed() {
            // `RemoteTransportException` is no `PartitionException`.
            self.fail_task(s, v, 0);
        } else {
            self.fail_unfound(s, v, input);
        }
    }

    /// `PartitionNotFoundException` or `PartitionConnectionException`.
    fn fail_unfound(&self, s: &mut State<V>, v: usize, input: usize) {
        let named = self.scenario.defect != Some(Defect::HideMissingPartition);
        self.fail_task(s, v, if named { input as u8 + 1 } else { 0 });
    }

    /// Whether the attempt of a producer has ended without success, and its TaskManager is there to say so.
    pub(super) fn says_that_it_failed(&self, s: &State<V>, producer: usize) -> bool {
        use ExecutionState as E;
        let task = s.tasks[producer];
        let failed = match task.truth {
            Truth::Failed | Truth::Canceled => true,
            Truth::None => matches!(task.book, E::Canceled | E::Failed),
            _ => false,
        };
        failed && !is_down(s, s.tasks[producer].at)
    }

    /// An attempt has ended without success. It leaves its TaskManager, if that is there to see it.
    pub(super) fn leave(&self, s: &mut State<V>, v: usize) {
        if !is_down(s, s.tasks[v].at) {
            s.tasks[v].at = NOWHERE;
        }
    }

    /// Fault: the data is there and cannot be read. Of a stored partition the consumer says which one it could not
    /// connect to; a stream that breaks says nothing (section 1.2).
    pub(super) fn fail_read(&self, s: &mut State<V>, v: usize, input: usize) {
        let partition = self.vertices[v].inputs[input].partition;
        let named = !self.partitions[partition].result_type.must_be_pipelined_consumed();
        self.fail_task(s, v, if named { input as u8 + 1 } else { 0 });
    }

    /// The output of a task that streams is complete; consumers may read it while the task goes on.
    pub(super) fn produce(&self, s: &mut State<V>, v: usize, draw: usize) {
        let facts = &self.vertices[v];
        let Outcome { rows, placement } = match self.data.draws(facts.job_vertex) {
            true => self.outcomes(s, v)[draw],
            false => self.data.only_outcome(facts.job_vertex, facts.subtask, s.rows[v]),
        };
        s.rows[v] = rows;
        s.placement[v] = placement;
        s.tasks[v].truth = Truth::Produced;
        s.stored |= self.vertices[v].streamed;
    }

    pub(super) fn finish(&self, s: &mut State<V>, v: usize, draw: usize) {
        if s.tasks[v].truth == Truth::Running {
            self.produce(s, v, draw);
        }
        s.tasks[v].truth = Truth::Finished;
        // Streamed partitions exist since they were produced, and may be gone by now.
        s.stored |= self.vertices[v].partitions & !self.vertices[v].streamed;
        if self.commits_by_itself(v) {
            s.committed |= 1 << v;
            let rows = s.rows[v];
            self.show(s, v, rows);
        }
    }

    fn commits_by_itself(&self, v: usize) -> bool {
        match self.vertices[v].sink {
            Some(SinkCommit::PerTask) => true,
            Some(SinkCommit::AtJobEnd) => self.scenario.defect == Some(Defect::CommitTwice),
            _ => false,
        }
    }

    /// Makes rows visible for good.
    pub(super) fn show(&self, s: &mut State<V>, v: usize, rows: Rows) {
        s.shown[v] = s.shown[v].extend(rows, Rows::MAX).sorted();
    }

    /// A task fails; the report names an input (plus 1) or none. Its TaskManager drops what it has produced.
    pub(super) fn fail_task(&self, s: &mut State<V>, v: usize, cause: u8) {
        s.tasks[v].truth = Truth::Failed;
        s.tasks[v].cause = cause;
        s.stored &= !self.vertices[v].partitions;
    }

    pub(super) fn cancel_itself(&self, s: &mut State<V>, v: usize) {
        s.tasks[v].truth = Truth::Canceled;
        s.stored &= !self.vertices[v].partitions;
    }
}

/// Whether a TaskManager cannot be reached; who has left its TaskManager has none that could be down.
pub(super) fn is_down<const V: usize>(s: &State<V>, task_manager: u8) -> bool {
    let state = s.task_managers.get(usize::from(task_manager));
    matches!(state, Some(TaskManager::Dead | TaskManager::Gone))
}
