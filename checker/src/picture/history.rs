//! What states need not remember: which attempt is which, who has read whom, and who was given what.

use failproof_model::action::Action;
use failproof_model::data::Rows;
use failproof_model::execution_state::ExecutionState as E;
use failproof_model::failover::Failover;
use failproof_model::job_graph::SplitAssignment;
use failproof_model::state::{State, Truth};
use failproof_traces::Replayed;

/// What has happened up to each state of a run.
pub(super) struct History {
    /// One entry a state.
    pub(super) until: Vec<Moment>,
    /// All outputs that were completed, in order.
    pub(super) outputs: Vec<Output>,
}

/// What has happened up to a state.
#[derive(Clone, Default)]
pub(super) struct Moment {
    /// Of each vertex, the number of its current attempt, from 0 on.
    pub(super) attempts: Vec<usize>,
    /// Of each vertex and each of its inputs, what the current attempt has read.
    pub(super) reads: Vec<Vec<Option<Read>>>,
    /// Of each vertex, how many attempts there were.
    begun: Vec<usize>,
    /// Of each vertex, the attempt that the journal has, and what it has read.
    kept: Vec<(usize, Vec<Option<Read>>)>,
}

/// What was read of a partition.
#[derive(Clone, Copy)]
pub(super) struct Read {
    /// The attempt of the producer that had written it.
    pub(super) attempt: usize,
    pub(super) rows: Rows,
}

/// What an attempt has written for one reader.
pub(super) struct Output {
    pub(super) producer: usize,
    pub(super) attempt: usize,
    pub(super) reader: usize,
    /// The input of the reader.
    pub(super) input: usize,
    pub(super) rows: Rows,
}

impl History {
    pub(super) fn of<const V: usize>(
        model: &Failover<V>,
        run: &Replayed<State<V>, Action>,
    ) -> History {
        let reads = (0..model.size()).map(|v| vec![None; model.topology.consumed(v).count()]);
        let mut history = History { until: Vec::new(), outputs: Vec::new() };
        let mut moment = Moment {
            attempts: vec![0; model.size()],
            reads: reads.collect(),
            begun: vec![1; model.size()],
            kept: vec![Default::default(); model.size()],
        };
        let nothing = State::default();
        let before = std::iter::once(&nothing).chain(&run.states);
        let actions = std::iter::once(None).chain(run.actions.iter().map(Some));
        for ((before, after), action) in before.zip(&run.states).zip(actions) {
            // At the end of a job its tasks are forgotten; what they were is of interest then.
            if !after.job.is_terminal() {
                let lost = matches!(action, Some(Action::LoseMaster | Action::PauseLeader));
                for v in 0..model.size() {
                    match lost {
                        true => moment.take_over(before, after, v),
                        false => moment.go_on(before, after, v),
                    }
                    history.pass(model, &mut moment, (before, after), v);
                }
            }
            history.until.push(moment.clone());
        }
        history
    }

    /// What a step was for one vertex.
    fn pass<const V: usize>(
        &mut self,
        model: &Failover<V>,
        moment: &mut Moment,
        (before, after): (&State<V>, &State<V>),
        v: usize,
    ) {
        if has_output(after, v) && !has_output(before, v) {
            self.note_output(model, moment.attempts[v], after, v);
        }
        let dynamic = model.scenario.job.vertices[model.job_vertex(v)].splits;
        if dynamic == SplitAssignment::Dynamic {
            return;
        }
        for (input, partition) in model.topology.consumed(v).enumerate() {
            let is_read = |state: &State<V>| state.tasks[v].read >> input & 1 == 1;
            if is_read(after) && !is_read(before) {
                let producer = model.topology.partitions[partition].producer;
                let rows = content(model, before, v, partition);
                let attempt = moment.attempts[producer];
                moment.reads[v][input] = Some(Read { attempt, rows });
            }
        }
        let kept = after.fine.journal.kept;
        if kept.mask() & !kept.outdated & 1 << v != 0 {
            moment.kept[v] = (moment.attempts[v], moment.reads[v].clone());
        }
    }

    fn note_output<const V: usize>(
        &mut self,
        model: &Failover<V>,
        attempt: usize,
        state: &State<V>,
        v: usize,
    ) {
        for reader in 0..model.size() {
            for (input, partition) in model.topology.consumed(reader).enumerate() {
                if model.topology.partitions[partition].producer == v {
                    let rows = content(model, state, reader, partition);
                    self.outputs.push(Output { producer: v, attempt, reader, input, rows });
                }
            }
        }
    }
}

impl Moment {
    /// The same master as before has made a step, or hears of one.
    fn go_on<const V: usize>(&mut self, before: &State<V>, after: &State<V>, v: usize) {
        if is_new_attempt(before.tasks[v].book, after.tasks[v].book) {
            self.begin_attempt(v);
        }
    }

    /// Another master leads. What it has from the journal may be an older attempt.
    fn take_over<const V: usize>(&mut self, before: &State<V>, after: &State<V>, v: usize) {
        let outdated = before.fine.journal.kept.outdated & 1 << v != 0;
        match after.tasks[v].book {
            E::Finished if outdated => {
                (self.attempts[v], self.reads[v]) = self.kept[v].clone();
            }
            E::Finished => {}
            _ if before.tasks[v].book != E::Created => self.begin_attempt(v),
            _ => {}
        }
    }

    fn begin_attempt(&mut self, v: usize) {
        self.attempts[v] = self.begun[v];
        self.begun[v] += 1;
        self.reads[v].fill(None);
    }
}

/// Whether the books begin a new attempt of a vertex.
fn is_new_attempt(before: E, after: E) -> bool {
    let ended = before.is_terminal() || before == E::Canceling;
    let fresh = !after.is_terminal() && after != E::Canceling;
    fresh && (ended || before != E::Created && after == E::Created)
}

/// Whether the output of the current attempt is complete.
pub(super) fn has_output<const V: usize>(state: &State<V>, v: usize) -> bool {
    let task = state.tasks[v];
    matches!(task.truth, Truth::Produced | Truth::Finished) || task.book == E::Finished
}

/// What `reader` would read of a partition, if the output of its producer is as in this state.
pub(super) fn content<const V: usize>(
    model: &Failover<V>,
    state: &State<V>,
    reader: usize,
    partition: usize,
) -> Rows {
    let subtask =
        |v: usize| v - (0..v).filter(|&w| model.job_vertex(w) < model.job_vertex(v)).count();
    let facts = model.topology.partitions[partition];
    let output = state.output(facts.producer);
    model.data.content(facts.data_set, subtask(facts.producer), subtask(reader), output)
}
