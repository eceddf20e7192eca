//! What may end an exploration before it is complete.

use std::time::Duration;
use std::{fmt, io};

/// How far an exploration may go. A limit that is not set does not exist.
///
/// A limit stops a run only when the run needs more than it: a model of exactly `states` states completes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Distinct states stored.
    pub states: Option<usize>,
    /// States on the longest of the shortest paths: an initial state has depth 1.
    pub depth: Option<usize>,
    /// Time from the start of the exploration.
    pub time: Option<Duration>,
    /// Bytes of the buffers of the exploration. What states keep on the heap is not counted.
    pub memory_bytes: Option<usize>,
}

/// Why an exploration ended before it was complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// There are more states than this limit.
    States(usize),
    /// There are states deeper than this limit.
    Depth(usize),
    /// This time was over.
    Time(Duration),
    /// The next allocation would have exceeded these bytes.
    Memory(usize),
    /// What was to wait on a disk could not be written or read.
    Disk(io::ErrorKind),
    /// It was told to stop.
    Interrupted,
}

impl From<io::Error> for Stopped {
    fn from(error: io::Error) -> Stopped {
        Stopped::Disk(error.kind())
    }
}

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Stopped::States(states) => write!(f, "limit of {states} states reached"),
            Stopped::Depth(depth) => write!(f, "limit of depth {depth} reached"),
            Stopped::Time(time) => write!(f, "limit of {} s reached", time.as_secs_f64()),
            Stopped::Memory(bytes) => {
                write!(f, "limit of {} MiB of memory reached", bytes.div_ceil(1 << 20))
            }
            Stopped::Disk(error) => write!(f, "stopped, as a disk said: {error}"),
            Stopped::Interrupted => write!(f, "interrupted"),
        }
    }
}
