//! States of the model in one machine word.

use super::{ATTEMPT_BITS, RegionFailover, SUBTASKS_MAX, Size, State, TASKS_MAX};
use crate::Pack;

/// Bits of a set of tasks, and of a set of those that read.
const TASKS: u32 = TASKS_MAX as u32;
const READERS: u32 = (TASKS_MAX - SUBTASKS_MAX) as u32;

/// Where fields stand, from the lowest bit. First what every task is doing, in four sets: a task that neither runs nor
/// has finished is nowhere and has no output, so the sets of those tell instead whether it has failed or is lost.
const ATTEMPTS: u32 = 4 * TASKS;
const READ: u32 = ATTEMPTS + TASKS * ATTEMPT_BITS as u32;
const DONE: u32 = READ + 4 * READERS;
const UP: u32 = DONE + 1;
/// The rest is for counts of faults.
const FAULTS: u32 = UP + 2;

/// Where the counts of faults stand, and where the last one ends.
pub(super) fn faults(size: &Size) -> [u32; 4] {
    let bits = |most: u8| u8::BITS - most.leading_zeros();
    let failures = FAULTS + bits(size.crashes);
    let losses = failures + bits(size.task_failures);
    [FAULTS, failures, losses, losses + bits(size.partition_losses)]
}

/// For two subtasks a stage, and faults that can be counted in 3 bits.
impl Pack for RegionFailover {
    type Word = u64;

    #[inline]
    fn pack(&self, state: &State) -> u64 {
        let [crashes, failures, losses, end] = self.faults;
        let has_room = end <= u64::BITS && self.size.subtasks == SUBTASKS_MAX;
        assert!(has_room, "no word has room for states of {:?}", self.size);
        let sets = [
            state.running,
            state.finished,
            state.elsewhere | state.failed,
            state.output | state.lost,
        ];
        let readers = [state.read, state.ones].map(u16::to_le_bytes);
        let mut word = u64::from(state.attempts) << ATTEMPTS;
        for (k, set) in (0..).zip(sets) {
            word |= u64::from(set) << (k * TASKS);
        }
        for (k, set) in (0..).zip(readers.as_flattened()) {
            word |= u64::from(set >> SUBTASKS_MAX) << (READ + k * READERS);
        }
        word | u64::from(state.done) << DONE
            | u64::from(state.up) << UP
            | u64::from(state.crashes) << crashes
            | u64::from(state.task_failures).unbounded_shl(failures)
            | u64::from(state.partition_losses).unbounded_shl(losses)
    }

    #[inline]
    fn unpack(&self, word: u64) -> State {
        let field = |at: u32, bits: u32| word.unbounded_shr(at) as u8 & ((1 << bits) - 1);
        let [running, finished, third, fourth] = [0, 1, 2, 3].map(|k| field(k * TASKS, TASKS));
        let placed = running | finished;
        let readers = [0, 1, 2, 3].map(|k| field(READ + k * READERS, READERS) << SUBTASKS_MAX);
        let [crashes, failures, losses, end] = self.faults;
        State {
            done: field(DONE, 1) == 1,
            up: field(UP, FAULTS - UP),
            crashes: field(crashes, failures - crashes),
            task_failures: field(failures, losses - failures),
            partition_losses: field(losses, end - losses),
            running,
            finished,
            failed: third & !placed,
            lost: fourth & !placed,
            elsewhere: third & placed,
            output: fourth & placed,
            read: u16::from_le_bytes([readers[0], readers[1]]),
            ones: u16::from_le_bytes([readers[2], readers[3]]),
            attempts: (word >> ATTEMPTS) as u32 & ((1 << (READ - ATTEMPTS)) - 1),
        }
    }
}
