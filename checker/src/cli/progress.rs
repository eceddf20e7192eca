//! Showing how far an exploration is: a line that changes on a terminal, else a line every few seconds.

use std::io::Write;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::explore::{Bound, Progress, Stopped, WalkProgress};
use crate::report::quantity::{bytes, count, rate, time};

/// Time between two lines where nobody watches.
const LINE_EVERY: Duration = Duration::from_secs(5);

/// Shows the progress of one run, until it is dropped.
pub(super) enum ProgressDisplay<'a> {
    /// On a terminal.
    Bar(ProgressBar),
    /// In a log.
    Lines {
        /// Where to.
        err: &'a mut dyn Write,
        /// Time of the run at which the next line is due.
        due: Duration,
    },
}

impl<'a> ProgressDisplay<'a> {
    /// A display of its own kind for each kind of stream.
    pub(super) fn new(err: &'a mut dyn Write, is_terminal: bool) -> Self {
        if !is_terminal {
            return ProgressDisplay::Lines { err, due: LINE_EVERY };
        }
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg}") {
            bar.set_style(style);
        }
        ProgressDisplay::Bar(bar)
    }

    /// Shows it, if it is time; `name` is what is being explored.
    pub(super) fn show(&mut self, name: &str, progress: &Progress) {
        self.show_line(progress.elapsed, || line(name, progress));
    }

    /// The same for random walks.
    pub(super) fn show_walks(&mut self, name: &str, progress: &WalkProgress) {
        self.show_line(progress.elapsed, || walks_line(name, progress));
    }

    /// The same for the cells of a table.
    pub(super) fn show_cells(&mut self, done: usize, of: usize, elapsed: Duration) {
        self.show_line(elapsed, || {
            format!("{} of {} cells, {}", count(done as u64), count(of as u64), time(elapsed))
        });
    }

    /// The same for the jobs of a sweep.
    pub(super) fn show_jobs(&mut self, done: usize, of: usize, elapsed: Duration) {
        self.show_line(elapsed, || {
            format!("{} of {} jobs, {}", count(done as u64), count(of as u64), time(elapsed))
        });
    }

    /// The same for scenarios into which defects are put.
    pub(super) fn show_scenarios(&mut self, done: usize, of: usize, elapsed: Duration) {
        self.show_line(elapsed, || {
            format!("{} of {} scenarios, {}", count(done as u64), count(of as u64), time(elapsed))
        });
    }

    fn show_line(&mut self, elapsed: Duration, line: impl FnOnce() -> String) {
        match self {
            ProgressDisplay::Bar(bar) => {
                bar.set_message(line());
                bar.tick();
            }
            ProgressDisplay::Lines { err, due } => {
                if elapsed >= *due {
                    *due = elapsed + LINE_EVERY;
                    // A log that cannot be written to is no reason to stop exploring.
                    let _ = writeln!(err, "{}", line());
                }
            }
        }
    }
}

impl Drop for ProgressDisplay<'_> {
    fn drop(&mut self) {
        if let ProgressDisplay::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}

fn line(name: &str, progress: &Progress) -> String {
    let rate = rate(progress.distinct, progress.elapsed);
    format!(
        "{name}: {} states ({}), frontier {}, depth {} ({} left{}), {}, {}{}",
        count(progress.distinct as u64),
        rate.unwrap_or_default(),
        count(progress.frontier as u64),
        progress.depth,
        count(progress.level_left as u64),
        progress.level_time.map(|it| format!(", about {}", time(it))).unwrap_or_default(),
        bytes(progress.memory_bytes),
        time(progress.elapsed),
        progress.bound.as_ref().map(nearest).unwrap_or_default()
    )
}

fn walks_line(name: &str, progress: &WalkProgress) -> String {
    format!(
        "{name}: {} of {} walks, {} steps, {} states seen, {}",
        count(progress.walks),
        count(progress.walks_max),
        count(progress.steps),
        count(progress.distinct as u64),
        time(progress.elapsed)
    )
}

fn nearest(bound: &Bound) -> String {
    let limit = match bound.stopped {
        Stopped::States(states) => format!("{} states", count(states as u64)),
        Stopped::Depth(depth) => format!("depth {depth}"),
        Stopped::Time(limit) => time(limit),
        Stopped::Memory(limit) => bytes(limit),
        Stopped::Disk(_) | Stopped::Interrupted => return String::new(),
    };
    format!("; stops at {limit} ({:.0} % used)", bound.used * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn progress(seconds: u64) -> Progress {
        Progress {
            distinct: 1_200_000,
            generated: 5_000_000,
            frontier: 34_567,
            depth: 21,
            level_left: 12_345,
            level_time: Some(Duration::from_millis(1_234)),
            memory_bytes: 300 << 20,
            elapsed: Duration::from_secs(seconds),
            bound: Some(Bound { stopped: Stopped::Memory(4 << 30), used: 0.0732 }),
        }
    }

    #[test]
    fn a_log_gets_a_line_every_few_seconds() {
        let mut log = Vec::new();
        let mut display = ProgressDisplay::new(&mut log, false);
        for seconds in [1, 4, 6, 7, 12] {
            display.show("wide", &progress(seconds));
        }
        drop(display);
        let line = |rate, elapsed| {
            format!(
                "wide: 1,200,000 states ({rate} states/s), frontier 34,567, \
                 depth 21 (12,345 left, about 1.23 s), 300.0 MiB, {elapsed}; \
                 stops at 4.0 GiB (7 % used)\n"
            )
        };
        let expected = line("200,000", "6.00 s") + &line("100,000", "12.0 s");
        assert_eq!(String::from_utf8(log).unwrap(), expected);
    }

    #[test]
    fn a_table_says_how_many_cells_are_done() {
        let mut log = Vec::new();
        let mut display = ProgressDisplay::new(&mut log, false);
        for seconds in [4, 6, 7, 12] {
            display.show_cells(seconds as usize * 100, 1_280, Duration::from_secs(seconds));
        }
        drop(display);
        let expected = "600 of 1,280 cells, 6.00 s\n1,200 of 1,280 cells, 12.0 s\n";
        assert_eq!(String::from_utf8(log).unwrap(), expected);
    }

    #[test]
    fn walks_say_how_many_are_done() {
        let mut log = Vec::new();
        let mut display = ProgressDisplay::new(&mut log, false);
        for seconds in [4, 6] {
            let now = WalkProgress {
                walks: 1_000 * seconds,
                walks_max: 10_000,
                steps: 123_456,
                distinct: 7_890,
                elapsed: Duration::from_secs(seconds),
            };
            display.show_walks("wide", &now);
        }
        drop(display);
        let expected = "wide: 6,000 of 10,000 walks, 123,456 steps, 7,890 states seen, 6.00 s\n";
        assert_eq!(String::from_utf8(log).unwrap(), expected);
    }
}
