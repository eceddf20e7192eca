//! Telling how far an exploration is, and asking whether it may go on.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::limits::{Limits, Stopped};

/// Time between two reports.
const REPORT_EVERY: Duration = Duration::from_millis(100);

/// States, or other small pieces of work, between two looks at the clock.
const LOOK_EVERY: usize = 16;

/// How far an exploration is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// Distinct states so far.
    pub distinct: usize,
    /// Initial states and steps so far, with duplicates.
    pub generated: usize,
    /// States whose successors are not known yet.
    pub frontier: usize,
    /// Depth of the deepest state, in states.
    pub depth: usize,
    /// States of the level that is expanded whose successors are not known yet.
    pub level_left: usize,
    /// Bytes of the buffers.
    pub memory_bytes: usize,
    /// Time in which the rest of the level is expanded, if it goes on as it did.
    pub level_time: Option<Duration>,
    /// Time since the start.
    pub elapsed: Duration,
    /// The limit that is nearest, if there is any.
    pub bound: Option<Bound>,
}

/// How much of a limit is used up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bound {
    /// How the run ends if it reaches this limit.
    pub stopped: Stopped,
    /// Between 0 and 1.
    pub used: f64,
}

/// How the caller takes part in an exploration.
#[derive(Default)]
pub struct Control<'a> {
    /// Set from outside, for example by a signal: the exploration stops soon.
    pub interrupted: Option<&'a AtomicBool>,
    /// Called about ten times a second.
    pub progress: Option<&'a mut dyn FnMut(&Progress)>,
}

/// Watches the clock and the interruption flag while an exploration runs.
pub(super) struct Watch<'a> {
    control: Control<'a>,
    limits: Limits,
    started: Instant,
    /// Time that the run took before it was interrupted.
    before: Duration,
    reported: Duration,
    until_look: usize,
}

/// When a thread has to give up.
#[derive(Clone, Copy)]
pub(super) struct Deadline<'a> {
    interrupted: Option<&'a AtomicBool>,
    at: Option<Instant>,
}

impl Deadline<'_> {
    pub(super) fn has_passed(&self) -> bool {
        self.interrupted.is_some_and(|flag| flag.load(Ordering::Relaxed))
            || self.at.is_some_and(|at| Instant::now() >= at)
    }
}

/// What the exploration itself knows of its [`Progress`].
#[derive(Clone, Copy)]
pub(super) struct Counts {
    pub(super) distinct: usize,
    pub(super) generated: usize,
    pub(super) expanded: usize,
    pub(super) depth: usize,
    pub(super) level_left: usize,
    pub(super) memory_bytes: usize,
}

impl<'a> Watch<'a> {
    pub(super) fn new(limits: Limits, control: Control<'a>) -> Self {
        let (started, before, reported) = (Instant::now(), Duration::ZERO, Duration::ZERO);
        Watch { control, limits, started, before, reported, until_look: 0 }
    }

    pub(super) fn elapsed(&self) -> Duration {
        self.before + self.started.elapsed()
    }

    /// The run goes on from where it was after so much time.
    pub(super) fn went_on_from(&mut self, before: Duration) {
        self.before = before;
    }

    /// Called after `done` small pieces of work; an error means that the run must end.
    #[inline]
    pub(super) fn pulse(
        &mut self,
        done: usize,
        counts: impl FnOnce() -> Counts,
    ) -> Result<(), Stopped> {
        if self.until_look > done {
            self.until_look -= done;
            return Ok(());
        }
        self.until_look = LOOK_EVERY;
        self.look(&counts())
    }

    /// What other threads can watch.
    pub(super) fn deadline(&self) -> Deadline<'a> {
        Deadline {
            interrupted: self.control.interrupted,
            at: (self.limits.time)
                .and_then(|time| self.started.checked_add(time.saturating_sub(self.before))),
        }
    }

    #[cold]
    pub(super) fn look(&mut self, counts: &Counts) -> Result<(), Stopped> {
        if self.control.interrupted.is_some_and(|flag| flag.load(Ordering::Relaxed)) {
            return Err(Stopped::Interrupted);
        }
        let elapsed = self.elapsed();
        if let Some(limit) = self.limits.time.filter(|&limit| elapsed >= limit) {
            return Err(Stopped::Time(limit));
        }
        if elapsed.saturating_sub(self.reported) >= REPORT_EVERY {
            self.reported = elapsed;
            let bound = self.nearest_bound(counts, elapsed);
            if let Some(report) = &mut self.control.progress {
                report(&counts.progress(elapsed, bound));
            }
        }
        Ok(())
    }

    fn nearest_bound(&self, counts: &Counts, elapsed: Duration) -> Option<Bound> {
        let limits = &self.limits;
        let used = |part: f64, whole: f64| (part / whole).clamp(0.0, 1.0);
        let bounds = [
            limits.states.map(|n| (Stopped::States(n), used(counts.distinct as f64, n as f64))),
            limits.depth.map(|n| (Stopped::Depth(n), used(counts.depth as f64, n as f64))),
            limits.time.map(|t| (Stopped::Time(t), used(elapsed.as_secs_f64(), t.as_secs_f64()))),
            limits
                .memory_bytes
                .map(|n| (Stopped::Memory(n), used(counts.memory_bytes as f64, n as f64))),
        ];
        let bounds = bounds.into_iter().flatten().map(|(stopped, used)| Bound { stopped, used });
        bounds.max_by(|a, b| a.used.total_cmp(&b.used))
    }
}

impl Counts {
    fn progress(&self, elapsed: Duration, bound: Option<Bound>) -> Progress {
        let each = elapsed.as_secs_f64() / self.expanded as f64;
        let level_time = Duration::try_from_secs_f64(each * self.level_left as f64).ok();
        Progress {
            distinct: self.distinct,
            generated: self.generated,
            frontier: self.distinct.saturating_sub(self.expanded),
            depth: self.depth,
            level_left: self.level_left,
            level_time,
            memory_bytes: self.memory_bytes,
            elapsed,
            bound,
        }
    }
}
