//! A consumer that does not find its partition asks the master for the state of the producer (section 4.6).
//!
//! The TaskManager of the producer says that the partition is not there. The consumer asks the master, and the
//! answer, which may be outdated when it arrives, says whether to try again. Who has tried often enough fails with a
//! `PartitionNotFoundException`. Whoever does not reach that TaskManager fails without asking, and a stream whose
//! producer fails says so itself. The question takes no time, for it could have been asked later; the answer does.
//!
//! Left out: questions about a producer that is about to begin. That takes less time than to try a few times.

use crate::action::Action;
use crate::execution_state::ExecutionState;
use crate::failover::{Failover, Input};
use crate::scenario::{Defect, FaultKind, Mechanism};
use crate::state::{Answer, Census, Question, State, TaskManager, Truth};

use super::failover::ones;
use super::tasks::{Turns, is_down};

/// So often a consumer asks for one producer: with twice, an answer can have been outdated once.
const ASKED_MAX: u8 = 2;

impl<const V: usize> Failover<V> {
    pub(super) fn enabled_partition_requests(
        &self,
        s: &State<V>,
        census: &Census,
        turns: &[Turns; V],
        out: &mut Vec<Action>,
    ) {
        if !self.is_fine(Mechanism::PartitionRequests) {
            return;
        }
        let reading = census.truth(Truth::Running) & census.book(ExecutionState::Running);
        for v in ones(reading) {
            let missing = ones(turns[v].nothing).filter(|&i| self.asks(s, v, i));
            out.extend(
                missing.map(|input| Action::AskForProducer { vertex: v as u8, input: input as u8 }),
            );
        }
        let answer = |v: usize| s.fine.requests.question(v).and_then(|question| question.answer);
        let answered = || ones(reading).filter(|&v| answer(v).is_some());
        out.extend(answered().map(|v| Action::DeliverAnswer { vertex: v as u8 }));
        if s.left(FaultKind::CallLost).min(s.faults) > 0 {
            let telling = answered().filter(|&v| answer(v) != Some(Answer::TryAgain));
            out.extend(telling.map(|v| Action::LoseAnswer { vertex: v as u8 }));
        }
    }

    /// Whether a task that does not find an input asks for its producer now: the TaskManager that it turns to is
    /// there to say that it has no such partition.
    fn asks(&self, s: &State<V>, v: usize, input: usize) -> bool {
        let producer = s.tasks[self.vertices[v].inputs[input].producer];
        let outdated = s.tasks[v].outdated & 1 << input != 0;
        let host = if outdated { producer.before } else { producer.at };
        let again = s.fine.requests.question(v).is_none_or(|question| {
            question.input == input && question.answer.is_none() && question.asked < ASKED_MAX
        });
        !is_down(s, host) && again
    }

    /// Whether a task that does not find an input comes to its end for that now, without an answer of the master.
    pub(super) fn misses_at_once(&self, s: &State<V>, v: usize, input: usize) -> bool {
        if !self.is_fine(Mechanism::PartitionRequests) || self.has_given_up(s, v, input) {
            return true;
        }
        let Input { partition, producer, .. } = self.vertices[v].inputs[input];
        let task = s.tasks[producer];
        if s.tasks[v].outdated & 1 << input != 0 {
            return is_down(s, task.before);
        }
        // Whoever has asked is not connected.
        let connected = !self.partitions[partition].result_type.is_blocking()
            && s.fine.requests.question(v).is_none();
        is_down(s, task.at) || connected && self.says_that_it_failed(s, producer)
    }

    /// Whether a task has tried an input often enough: `PartitionNotFoundException`.
    pub(super) fn has_given_up(&self, s: &State<V>, v: usize, input: usize) -> bool {
        s.fine.requests.question(v).is_some_and(|question| {
            question.input == input && question.answer.is_none() && question.asked == ASKED_MAX
        })
    }

    /// `ExecutionGraphHandler.requestPartitionState`, and what `RemoteChannelStateChecker` makes of the answer.
    pub(super) fn ask_for_producer(&self, s: &mut State<V>, v: usize, input: usize) {
        use ExecutionState as E;
        let outdated = s.tasks[v].outdated & 1 << input != 0;
        let answer = match s.tasks[self.vertices[v].inputs[input].producer].book {
            _ if outdated => Answer::Cancel,
            E::Scheduled | E::Deploying | E::Initializing | E::Running | E::Finished => {
                Answer::TryAgain
            }
            E::Canceling | E::Canceled | E::Failed => Answer::Cancel,
            E::Created | E::Reconciling => Answer::Fail,
        };
        let asked = s.fine.requests.question(v).map_or(0, |question| question.asked) + 1;
        s.fine.requests.put(v, Some(Question { input, asked, answer: Some(answer) }));
    }

    pub(super) fn deliver_answer(&self, s: &mut State<V>, v: usize) {
        let Some(question) = s.fine.requests.question(v) else { return };
        s.fine.requests.put(v, Some(Question { answer: None, ..question }));
        match question.answer {
            Some(Answer::TryAgain)
                if self.scenario.defect == Some(Defect::AnswerBlocksTaskManager) =>
            {
                self.block(s, v);
            }
            Some(Answer::TryAgain) | None => {}
            Some(Answer::Cancel) => self.cancel_itself(s, v),
            Some(Answer::Fail) => self.fail_task(s, v, 0),
        }
    }

    /// The thread that handles all messages to the TaskManager of `v` waits for a lock: nothing that it runs goes on,
    /// no heartbeat is answered, and to everybody else it is dead.
    fn block(&self, s: &mut State<V>, v: usize) {
        let at = usize::from(s.tasks[v].at);
        if s.task_managers.get(at) == Some(&TaskManager::Registered) {
            self.die(s, at);
        }
    }

    /// A time-out counts as an answer that the producer is RUNNING.
    pub(super) fn lose_answer(&self, s: &mut State<V>, v: usize) {
        if let Some(question) = s.fine.requests.question(v) {
            let answer = Some(Answer::TryAgain);
            s.fine.requests.put(v, Some(Question { answer, ..question }));
        }
    }

    /// A question is forgotten with its attempt, and when the input was read in the end.
    pub(super) fn normalise_question(&self, s: &mut State<V>, v: usize) {
        let Some(question) = s.fine.requests.question(v) else { return };
        let task = s.tasks[v];
        let reads = task.truth == Truth::Running && task.book == ExecutionState::Running;
        if !reads || task.read & 1 << question.input != 0 {
            s.fine.requests.put(v, None);
        }
    }
}
