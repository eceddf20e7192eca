//! States in few bytes, for those that wait to be expanded: what is as in [`State::default`] costs next to nothing.
//!
//! Numbers are in base 128, the lowest digits first, with the highest bit set on all but the last. [`State::encode`] is
//! another encoding, fixed for ever: digests are made of it.

use super::{
    Fine, JobStatus, NOWHERE, Restart, State, TASK_MANAGERS_MAX, Task, TaskManager, Truth,
};
use crate::data::Rows;
use crate::execution_state::ExecutionState;

/// Parts of a vertex, as bits of a byte that says which are not as at the beginning.
mod part {
    pub(super) const ROWS: u8 = 1;
    pub(super) const SHOWN: u8 = 1 << 1;
    pub(super) const PLACEMENT: u8 = 1 << 2;
    pub(super) const PLACES: u8 = 1 << 3;
    pub(super) const CAUSE: u8 = 1 << 4;
    pub(super) const INPUTS: u8 = 1 << 5;
    pub(super) const RESTART: u8 = 1 << 6;
    pub(super) const HELD: u8 = 1 << 7;
}

impl<const V: usize> State<V> {
    /// Writes a state of `vertices` execution vertices at the end of `out`.
    pub fn pack(&self, vertices: usize, out: &mut Vec<u8>) {
        (0..vertices).for_each(|v| self.pack_vertex(v, out));
        for mask in [self.stored.into(), self.tracked.into(), self.consumed] {
            put(out, mask);
        }
        for mask in [self.committed.into(), self.second, self.apart, self.stale_reports.into()] {
            put(out, mask);
        }
        out.push(self.task_managers.iter().fold(0, |byte, &t| byte << 2 | t as u8));
        out.extend([self.job as u8, self.failures, self.faults]);
        out.extend(self.faults_of);
        self.fine.pack(out);
    }

    /// The state that [`State::pack`] has written; none if it has written no such bytes.
    pub fn unpack(vertices: usize, mut bytes: &[u8]) -> Option<Self> {
        let (mut state, from) = (State::default(), &mut bytes);
        for v in 0..vertices {
            state.unpack_vertex(v, from)?;
        }
        state.stored = take(from)?.try_into().ok()?;
        state.tracked = take(from)?.try_into().ok()?;
        state.consumed = take(from)?.try_into().ok()?;
        state.committed = take(from)?.try_into().ok()?;
        state.second = take(from)?.try_into().ok()?;
        state.apart = take(from)?.try_into().ok()?;
        state.stale_reports = take(from)?.try_into().ok()?;
        let managers = byte(from)?;
        for (t, manager) in state.task_managers.iter_mut().enumerate() {
            let code = managers >> (2 * (TASK_MANAGERS_MAX - 1 - t)) & 3;
            *manager = *TaskManager::ALL.get(usize::from(code))?;
        }
        state.job = *JobStatus::ALL.get(usize::from(byte(from)?))?;
        state.failures = byte(from)?;
        state.faults = byte(from)?;
        for left in &mut state.faults_of {
            *left = byte(from)?;
        }
        state.fine = Fine::unpack(from)?;
        from.is_empty().then_some(state)
    }

    fn pack_vertex(&self, v: usize, out: &mut Vec<u8>) {
        let (task, restart) = (&self.tasks[v], self.restarts[v]);
        let present = [
            (part::ROWS, !self.rows[v].is_empty()),
            (part::SHOWN, !self.shown[v].is_empty()),
            (part::PLACEMENT, self.placement[v] != 0),
            (part::PLACES, (task.at, task.before) != (NOWHERE, NOWHERE)),
            (part::CAUSE, task.cause != 0),
            (part::INPUTS, (task.read, task.outdated) != (0, 0)),
            (part::RESTART, restart != Restart::default()),
            (part::HELD, self.held[v] != [0; 2]),
        ];
        let parts = present.into_iter().fold(0, |all, (part, is)| all | (part * u8::from(is)));
        out.extend([(task.book as u8) << 4 | task.truth as u8, parts]);
        let has = |part| parts & part != 0;
        if has(part::ROWS) {
            put_wide(out, self.rows[v].bits());
        }
        if has(part::SHOWN) {
            put_wide(out, self.shown[v].bits());
        }
        if has(part::PLACEMENT) {
            put(out, self.placement[v]);
        }
        if has(part::PLACES) {
            out.extend([task.at, task.before]);
        }
        if has(part::CAUSE) {
            out.push(task.cause);
        }
        if has(part::INPUTS) {
            put(out, task.read.into());
            put(out, task.outdated.into());
        }
        if has(part::RESTART) {
            put(out, restart.vertices.into());
            put(out, restart.cancelling.into());
        }
        if has(part::HELD) {
            self.held[v].iter().for_each(|&digest| put(out, digest));
        }
    }

    fn unpack_vertex(&mut self, v: usize, from: &mut &[u8]) -> Option<()> {
        let (states, parts) = (byte(from)?, byte(from)?);
        let has = |part| parts & part != 0;
        let mut task = Task {
            book: *ExecutionState::ALL.get(usize::from(states >> 4))?,
            truth: *Truth::ALL.get(usize::from(states & 15))?,
            ..Task::CREATED
        };
        if has(part::ROWS) {
            self.rows[v] = Rows::of_bits(take(from)?);
        }
        if has(part::SHOWN) {
            self.shown[v] = Rows::of_bits(take(from)?);
        }
        if has(part::PLACEMENT) {
            self.placement[v] = take(from)?.try_into().ok()?;
        }
        if has(part::PLACES) {
            (task.at, task.before) = (byte(from)?, byte(from)?);
        }
        if has(part::CAUSE) {
            task.cause = byte(from)?;
        }
        if has(part::INPUTS) {
            task.read = take(from)?.try_into().ok()?;
            task.outdated = take(from)?.try_into().ok()?;
        }
        if has(part::RESTART) {
            let (vertices, cancelling) =
                (take(from)?.try_into().ok()?, take(from)?.try_into().ok()?);
            self.restarts[v] = Restart { vertices, cancelling };
        }
        if has(part::HELD) {
            self.held[v] = [take(from)?.try_into().ok()?, take(from)?.try_into().ok()?];
        }
        self.tasks[v] = task;
        Some(())
    }
}

#[inline]
pub(super) fn put(out: &mut Vec<u8>, mut value: u64) {
    while value >= 1 << 7 {
        out.push(value as u8 | 1 << 7);
        value >>= 7;
    }
    out.push(value as u8);
}

/// As [`put`]: the same bytes for the same number.
pub(super) fn put_wide(out: &mut Vec<u8>, mut value: u128) {
    while value >= 1 << 7 {
        out.push(value as u8 | 1 << 7);
        value >>= 7;
    }
    out.push(value as u8);
}

pub(super) fn take(from: &mut &[u8]) -> Option<u128> {
    let mut value = 0;
    for digit in 0..19 {
        let byte = byte(from)?;
        value |= u128::from(byte & 0x7f) << (7 * digit);
        if byte < 1 << 7 {
            return Some(value);
        }
    }
    None
}

/// Writes how many bytes there are up to the last that is not 0, and these.
pub(super) fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    let last = bytes.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
    out.push(last as u8);
    out.extend(&bytes[..last]);
}

/// What [`put_bytes`] has written, if there is room for it; the rest stays as it is.
pub(super) fn take_bytes(from: &mut &[u8], into: &mut [u8]) -> Option<()> {
    let count = usize::from(byte(from)?);
    for place in into.get_mut(..count)? {
        *place = byte(from)?;
    }
    Some(())
}

pub(super) fn byte(from: &mut &[u8]) -> Option<u8> {
    let (&byte, rest) = from.split_first()?;
    *from = rest;
    Some(byte)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_come_back_and_cut_off_ones_do_not() {
        for value in [0, 1, 127, 128, 300, u128::from(u64::MAX), u128::MAX] {
            let mut bytes = Vec::new();
            put_wide(&mut bytes, value);
            if let Ok(value) = value.try_into() {
                let mut same = Vec::new();
                put(&mut same, value);
                assert_eq!(same, bytes);
            }
            assert_eq!(take(&mut &bytes[..]), Some(value));
            assert_eq!(take(&mut &bytes[..bytes.len() - 1]), None);
        }
    }

    #[test]
    fn a_beginning_is_a_few_bytes() {
        let mut bytes = Vec::new();
        State::<4>::default().pack(4, &mut bytes);
        assert_eq!(bytes.len(), 4 * 2 + 7 + 1 + 3 + 6 + 1);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            if let Some(state) = State::<4>::unpack(2, &bytes) {
                let mut again = Vec::new();
                state.pack(2, &mut again);
                prop_assert_eq!(State::unpack(2, &again), Some(state));
            }
        }
    }
}
