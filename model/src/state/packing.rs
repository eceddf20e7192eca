//! States in few bytes, for those that wait to be expanded: what is as in [`State::default`] costs next to nothing.
//!
//! [`State::encode`] is another encoding, fixed for ever: digests are made of it. So is what [`Fine`] is packed into:
//! its numbers are in base 128, the lowest digits first, with the highest bit set on all but the last.

use super::bytes::{ByteReader, ByteWriter, MOST, length};
use super::{
    Fine, JobStatus, NOWHERE, Restart, State, TASK_MANAGERS_MAX, Task, TaskManager, Truth,
    VERTICES_MAX,
};
use crate::data::Rows;
use crate::execution_state::ExecutionState;

/// What every vertex begins with: the states of its attempt (four bits each), where it is and was before (three bits
/// each; all set for [`NOWHERE`]), how many bytes its rows and its placement have (five and four bits), and these:
mod head {
    /// There are inputs behind it.
    pub(super) const INPUTS: u64 = 1 << 23;
    /// There is what few vertices have at any time behind all else.
    pub(super) const RARE: u64 = 1 << 24;
}

/// Bytes that a vertex has at least.
const HEAD: usize = 4;
/// The most bytes of a vertex without what is rare.
const VERTEX: usize = HEAD + 4 + 16 + 8;
/// The most bytes of what is rare.
const RARE: usize = 1 + 16 + 4 + 1 + 8 + 8;
/// The most bytes behind the vertices.
const TAIL: usize = 4 + 7 * 8 + 10;
/// [`NOWHERE`].
const NO_PLACE: u64 = 7;

const _: () = assert!(TASK_MANAGERS_MAX <= NO_PLACE as usize);
const _: () = assert!(VERTICES_MAX * VERTEX + RARE + TAIL <= MOST);

impl<const V: usize> State<V> {
    /// Writes a state of `vertices` execution vertices at the end of `out`.
    pub fn pack(&self, vertices: usize, out: &mut Vec<u8>) {
        let mut bytes = ByteWriter::new(out);
        (0..vertices).for_each(|v| self.pack_vertex(v, &mut bytes));
        let masks = self.masks();
        let lengths = masks.iter().rev().fold(0, |all, &mask| all << 4 | length(mask) as u64);
        let has_fine = self.fine != Fine::default();
        bytes.put(u64::from(has_fine) << 28 | lengths, 4);
        masks.into_iter().for_each(|mask| bytes.put(mask, length(mask)));
        let managers = self.task_managers.iter().fold(0, |byte, &t| byte << 2 | t as u8);
        let [a, b, c, d, e, f] = self.faults_of;
        let counts = [managers, self.job as u8, self.failures, self.faults, a, b, c, d];
        bytes.put(u64::from_le_bytes(counts), 8);
        bytes.put(u64::from_le_bytes([e, f, 0, 0, 0, 0, 0, 0]), 2);
        bytes.flush();
        if has_fine {
            self.fine.pack(out);
        }
    }

    /// The state that [`State::pack`] has written; none if it has written no such bytes.
    pub fn unpack(vertices: usize, bytes: &[u8]) -> Option<Self> {
        let (mut state, mut bytes) = (State::default(), ByteReader::new(bytes));
        for v in 0..vertices {
            state.unpack_vertex(v, &mut bytes)?;
        }
        let lengths = bytes.take(4)?;
        let mut mask = |k: usize| bytes.take((lengths >> (4 * k) & 15) as usize);
        state.stored = mask(0)?.try_into().ok()?;
        state.tracked = mask(1)?.try_into().ok()?;
        state.consumed = mask(2)?;
        state.committed = mask(3)?.try_into().ok()?;
        state.second = mask(4)?;
        state.apart = mask(5)?;
        state.stale_reports = mask(6)?.try_into().ok()?;
        let [managers, job, failures, faults, a, b, c, d] = bytes.take(8)?.to_le_bytes();
        let [e, f, ..] = bytes.take(2)?.to_le_bytes();
        for (t, manager) in state.task_managers.iter_mut().enumerate() {
            let code = managers >> (2 * (TASK_MANAGERS_MAX - 1 - t)) & 3;
            *manager = *TaskManager::ALL.get(usize::from(code))?;
        }
        state.job = *JobStatus::ALL.get(usize::from(job))?;
        (state.failures, state.faults, state.faults_of) = (failures, faults, [a, b, c, d, e, f]);
        let mut rest = bytes.rest();
        if lengths >> 28 == 1 {
            state.fine = Fine::unpack(&mut rest)?;
        }
        if rest.is_empty() { Some(state) } else { None }
    }

    fn masks(&self) -> [u64; 7] {
        let State { stored, tracked, consumed, committed, second, apart, stale_reports, .. } =
            *self;
        [
            stored.into(),
            tracked.into(),
            consumed,
            committed.into(),
            second,
            apart,
            stale_reports.into(),
        ]
    }

    #[inline]
    fn pack_vertex(&self, v: usize, bytes: &mut ByteWriter<'_>) {
        let (task, restart, [held, other]) = (&self.tasks[v], self.restarts[v], self.held[v]);
        let rare = u64::from(!self.shown[v].is_empty())
            | u64::from(restart.vertices | restart.cancelling | u16::from(task.cause))
            | held
            | other;
        let rare = rare != 0;
        let (rows, placement) = (rows_length(self.rows[v]), length(self.placement[v]));
        let inputs = u64::from(task.outdated) << 16 | u64::from(task.read);
        let has_inputs = inputs != 0;
        let place = |at: u8| u64::from(at) & NO_PLACE;
        let states = (task.truth as u64) << 4 | task.book as u64;
        let places = place(task.before) << 11 | place(task.at) << 8;
        let lengths = (placement as u64) << 19 | (rows as u64) << 14;
        let present = (head::INPUTS * u64::from(has_inputs)) | (head::RARE * u64::from(rare));
        let head = states | places | lengths | present;
        bytes.put(inputs << 32 | head, HEAD + 4 * usize::from(has_inputs));
        put_rows(bytes, self.rows[v], rows);
        bytes.put(self.placement[v], placement);
        if rare {
            self.pack_rare(v, bytes);
        }
    }

    #[cold]
    fn pack_rare(&self, v: usize, bytes: &mut ByteWriter<'_>) {
        bytes.flush();
        let (restart, shown) = (self.restarts[v], rows_length(self.shown[v]));
        bytes.put(shown as u64, 1);
        put_rows(bytes, self.shown[v], shown);
        bytes.put(u64::from(restart.cancelling) << 16 | u64::from(restart.vertices), 4);
        bytes.put(self.tasks[v].cause.into(), 1);
        self.held[v].into_iter().for_each(|digest| bytes.put(digest, 8));
    }

    #[inline]
    fn unpack_vertex(&mut self, v: usize, bytes: &mut ByteReader<'_>) -> Option<()> {
        let head = bytes.take(HEAD)?;
        let code = |at: u32, bits: u32| (head >> at & ((1 << bits) - 1)) as usize;
        let place = |code: usize| if code == NO_PLACE as usize { NOWHERE } else { code as u8 };
        let inputs = if head & head::INPUTS != 0 { bytes.take(4)? } else { 0 };
        self.rows[v] = take_rows(bytes, code(14, 5))?;
        self.placement[v] = bytes.take(code(19, 4))?;
        let mut cause = 0;
        if head & head::RARE != 0 {
            let shown = bytes.take(1)? as usize;
            self.shown[v] = take_rows(bytes, shown)?;
            let restart = bytes.take(4)?;
            let (vertices, cancelling) = (restart as u16, (restart >> 16) as u16);
            self.restarts[v] = Restart { vertices, cancelling };
            cause = bytes.take(1)? as u8;
            self.held[v] = [bytes.take(8)?, bytes.take(8)?];
        }
        self.tasks[v] = Task {
            book: *ExecutionState::ALL.get(code(0, 4))?,
            truth: *Truth::ALL.get(code(4, 4))?,
            at: place(code(8, 3)),
            cause,
            before: place(code(11, 3)),
            read: inputs as u16,
            outdated: (inputs >> 16) as u16,
        };
        Some(())
    }
}

/// Bytes of rows, at most 16.
#[inline]
fn rows_length(rows: Rows) -> usize {
    (u128::BITS - rows.bits().leading_zeros()).div_ceil(8) as usize
}

#[inline]
fn put_rows(bytes: &mut ByteWriter<'_>, rows: Rows, length: usize) {
    let low = length.min(8);
    bytes.put(rows.bits() as u64, low);
    if length > low {
        bytes.put((rows.bits() >> 64) as u64, length - low);
    }
}

#[inline]
fn take_rows(bytes: &mut ByteReader<'_>, length: usize) -> Option<Rows> {
    let low = length.min(8);
    let (low, high) = (bytes.take(low)?, bytes.take(length - low)?);
    Some(Rows::of_bits(u128::from(high) << 64 | u128::from(low)))
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
        for value in [0, 1, 127, 128, 300, u64::MAX] {
            let mut bytes = Vec::new();
            put(&mut bytes, value);
            assert_eq!(take(&mut &bytes[..]), Some(value.into()));
            assert_eq!(take(&mut &bytes[..bytes.len() - 1]), None);
        }
    }

    #[test]
    fn a_beginning_is_a_few_bytes() {
        let mut bytes = Vec::new();
        State::<4>::default().pack(4, &mut bytes);
        assert_eq!(bytes.len(), 4 * HEAD + 4 + 10);
    }

    proptest! {
        #[test]
        fn rows_come_back(values in proptest::collection::vec(0..Rows::VALUES as u8, 0..=Rows::MAX)) {
            for rows in [values.into_iter().collect(), Rows::OVERFLOW] {
                let (mut bytes, length) = (Vec::new(), rows_length(rows));
                let mut writer = ByteWriter::new(&mut bytes);
                put_rows(&mut writer, rows, length);
                writer.flush();
                prop_assert_eq!(bytes.len(), length);
                prop_assert_eq!(take_rows(&mut ByteReader::new(&bytes), length), Some(rows));
            }
        }

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
