//! States of the model in one machine word.

use super::{RegionFailover, SUBTASKS_MAX, State, Status, TASKS_MAX, Task};
use crate::Pack;

/// Bits of what a first stage's task is doing, and of that and what it has read for any other.
const DOING_BITS: u32 = 4;
const READING_BITS: u32 = 7;
/// Bits of an attempt, and of each count of faults.
const ATTEMPT_BITS: u32 = 3;
const FAULT_BITS: u32 = 2;

/// What a task is doing: 11 combinations of status, executor and output, in an order that [`Task::doing`] knows.
const DOING: [(Status, u8, u8); 11] = [
    (Status::Waiting, 0, 0),
    (Status::Failed, 0, 0),
    (Status::Lost, 0, 0),
    (Status::Running, 0, 0),
    (Status::Running, 0, 1),
    (Status::Running, 1, 0),
    (Status::Running, 1, 1),
    (Status::Finished, 0, 0),
    (Status::Finished, 0, 1),
    (Status::Finished, 1, 0),
    (Status::Finished, 1, 1),
];

/// Every task that `READING_BITS` can tell, in its first attempt.
static TASKS: [Task; 11 * 9] = {
    let mut tasks = [Task::WAITING; 11 * 9];
    let mut code = 0;
    while code < tasks.len() {
        let (status, executor, output) = DOING[code / 9];
        let read = [(code % 9 / 3) as u8, (code % 3) as u8];
        tasks[code] = Task { status, attempt: 0, executor, output, read };
        code += 1;
    }
    tasks
};

impl Task {
    fn doing(&self) -> u64 {
        // Place is 0 of all but a running and a finished task.
        let place = 2 * self.executor + self.output;
        let first = match self.status {
            Status::Waiting => 0,
            Status::Failed => 1,
            Status::Lost => 2,
            Status::Running => 3,
            Status::Finished => 7,
        };
        u64::from(first + place)
    }
}

/// Appends bit fields to a word, or takes them off again in the opposite order.
struct Bits {
    word: u64,
    /// What did not fit into its field.
    excess: u64,
}

impl Bits {
    fn new(word: u64) -> Self {
        Bits { word, excess: 0 }
    }

    #[inline]
    fn put(&mut self, value: u64, bits: u32) {
        self.excess |= value >> bits;
        self.word = self.word << bits | value;
    }

    #[inline]
    fn take(&mut self, bits: u32) -> u64 {
        let value = self.word & ((1 << bits) - 1);
        self.word >>= bits;
        value
    }
}

/// At most 63 bits for three stages of two subtasks, no task of which is deployed more than eight times.
impl Pack for RegionFailover {
    type Word = u64;

    #[inline]
    fn pack(&self, state: &State) -> u64 {
        let mut bits = Bits::new(state.done.into());
        bits.put(state.up.into(), SUBTASKS_MAX as u32);
        for faults in [state.crashes, state.task_failures, state.partition_losses] {
            bits.put(faults.into(), FAULT_BITS);
        }
        for (t, task) in state.tasks[..self.tasks()].iter().enumerate() {
            if t < self.size.subtasks {
                bits.put(task.doing(), DOING_BITS);
            } else {
                let read = u64::from(3 * task.read[0] + task.read[1]);
                bits.put(9 * task.doing() + read, READING_BITS);
            }
            bits.put(task.attempt.into(), ATTEMPT_BITS);
        }
        assert!(bits.excess == 0, "no word has room for {state:?}");
        bits.word
    }

    #[inline]
    fn unpack(&self, word: u64) -> State {
        let mut bits = Bits::new(word);
        let mut tasks = [Task::WAITING; TASKS_MAX];
        for (t, task) in tasks[..self.tasks()].iter_mut().enumerate().rev() {
            let attempt = bits.take(ATTEMPT_BITS) as u8;
            let code = if t < self.size.subtasks {
                9 * bits.take(DOING_BITS) + 8
            } else {
                bits.take(READING_BITS)
            };
            *task = Task { attempt, ..TASKS[code as usize] };
        }
        let [partition_losses, task_failures, crashes] =
            std::array::from_fn(|_| bits.take(FAULT_BITS) as u8);
        let up = bits.take(SUBTASKS_MAX as u32) as u8;
        State { done: bits.word == 1, up, crashes, task_failures, partition_losses, tasks }
    }
}
