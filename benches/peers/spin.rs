//! Spin: the verifier that it writes in C for the model in Promela, compiled and run.
//!
//! States are compared whole. Its hash-compact modes are no peers: they are allowed to miss states.

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use failproof_explorer::reference_models::region_failover::Size;
use tempfile::TempDir;

use crate::comparison::{Counts, Measurement};
use crate::contestant::Tool;
use crate::memory::peak_bytes;
use crate::problem::Problem;
use crate::promela::promela;

/// MiB beyond which the verifier gives up.
const MEMORY_MAX_MIB: usize = 14_000;

/// How many states are expected where nobody has counted them.
const STATES_UNKNOWN: u64 = 1 << 23;

/// How often the peak of the verifier is looked at: the most that it can have grown since then is a few MiB.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// Whether Spin takes part.
pub(crate) enum Spin {
    Installed(Verifier),
    /// This program is not there.
    Lacks(&'static str),
}

/// A compiled verifier, `pan`, in a folder that goes away with it.
pub(crate) struct Verifier {
    folder: TempDir,
}

impl Spin {
    /// Makes the verifier of the common model of that size, if there is all that it takes.
    pub(crate) fn of(size: &Size) -> Result<Spin, Problem> {
        for (program, asks) in [("spin", "-V"), ("gcc", "--version")] {
            if !is_installed(program, asks)? {
                return Ok(Spin::Lacks(program));
            }
        }
        let folder = tempfile::tempdir().map_err(Problem::Folder)?;
        fs::write(folder.path().join("m.pml"), promela(size)).map_err(Problem::Folder)?;
        // With o2, variables that are written and never read stay in the state, as they do for everyone else.
        run("spin", &["-o2", "-a", "m.pml"], folder.path())?;
        let memory = format!("-DMEMLIM={MEMORY_MAX_MIB}");
        run("gcc", &["-O2", "-DSAFETY", &memory, "-o", "pan", "pan.c"], folder.path())?;
        Ok(Spin::Installed(Verifier { folder }))
    }
}

fn is_installed(program: &str, asks: &str) -> Result<bool, Problem> {
    let mut command = Command::new(program);
    command.arg(asks).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    match command.status() {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(source) => Err(Problem::Start { program: program.to_owned(), source }),
    }
}

fn run(program: &str, args: &[&str], folder: &Path) -> Result<(), Problem> {
    let start = |source| Problem::Start { program: program.to_owned(), source };
    let mut command = Command::new(program);
    let output = command.args(args).current_dir(folder).stdin(Stdio::null()).output();
    let output = output.map_err(start)?;
    if output.status.success() { Ok(()) } else { Err(Problem::failed(program, &output)) }
}

impl Verifier {
    /// Searches. The table gets two slots for each state that is `expected`: a smaller one is slower, and a larger one
    /// slower as well and a waste of memory.
    pub(crate) fn search(&self, expected: Option<Counts>) -> Result<Measurement, Problem> {
        let start = |source| Problem::Start { program: "pan".to_owned(), source };
        let report = self.folder.path().join("report");
        let states = expected.map_or(STATES_UNKNOWN, |counts| counts.distinct);
        let slots = format!("-w{}", (2 * states).next_power_of_two().ilog2());
        let mut child = Command::new(self.folder.path().join("pan"))
            // A job that has ended, or that waits for ever, is no error of the model.
            .args(["-E", &slots])
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(File::create(&report).map_err(Problem::Folder)?)
            .stderr(Stdio::null())
            .spawn()
            .map_err(start)?;
        let process = child.id().to_string();
        let mut peak = None;
        let status = loop {
            peak = peak.max(peak_bytes(&process));
            match child.try_wait().map_err(start)? {
                Some(status) => break status,
                None => sleep(LOOK_EVERY),
            }
        };
        let report = fs::read_to_string(report).map_err(Problem::Folder)?;
        if !status.success() {
            return Err(Problem::Failed { program: "pan".to_owned(), status, said: report });
        }
        let (counts, seconds) = read_report(&report)?;
        Ok(Measurement { counts, seconds, peak_bytes: peak })
    }
}

/// The counts and the seconds that the verifier tells. Before the initial state it has one of its own, which is taken
/// off, with the step out of it.
fn read_report(report: &str) -> Result<(Counts, f64), Problem> {
    let tool = || Tool::Spin.to_string();
    if number::<u64>(report, "errors: ", "")? > 0 {
        return Err(Problem::Violated { tool: tool() });
    }
    if let Some(why) = report.lines().find(|line| is_truncation(line)) {
        return Err(Problem::Incomplete { tool: tool(), why: why.trim().to_owned() });
    }
    let counts = Counts {
        distinct: number::<u64>(report, "", " states, stored")?.saturating_sub(1),
        generated: number::<u64>(report, "", " transitions (= stored+matched)")?.saturating_sub(1),
    };
    Ok((counts, number(report, "pan: elapsed time ", " seconds")?))
}

fn is_truncation(line: &str) -> bool {
    let marks = ["Search not completed", "search depth too small", "DMEMLIM", "out of memory"];
    marks.iter().any(|mark| line.contains(mark))
}

/// The number between these texts in the first line that has both; `after` is the end of the line.
fn number<N: std::str::FromStr>(report: &str, before: &str, after: &str) -> Result<N, Problem> {
    let between = |line: &'_ str| {
        let line = line.trim().strip_suffix(after)?;
        Some(line[line.find(before)? + before.len()..].trim().to_owned())
    };
    let unreadable = |why| Problem::Report { program: "pan".to_owned(), why };
    let found = report.lines().find_map(between);
    let found = found.ok_or_else(|| unreadable(format!("no line has `{before}N{after}`")))?;
    found.parse().map_err(|_| unreadable(format!("`{found}` is no number")))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What matters of a report of the real one.
    const REPORT: &str = "
(Spin Version 6.5.2 -- 6 December 2019)

State-vector 36 byte, depth reached 24, errors: 0
    40836 states, stored
    54978 states, matched
    95814 transitions (= stored+matched)
        0 atomic steps

Stats on memory usage (in Megabytes):
    2.492\tequivalent memory usage for states (stored*(State-vector + overhead))

pan: elapsed time 0.03 seconds
pan: rate   1361200 states/second
";

    #[test]
    fn the_state_before_the_first_does_not_count() {
        let (counts, seconds) = read_report(REPORT).unwrap();
        assert_eq!((counts.distinct, counts.generated, seconds), (40_835, 95_813, 0.03));
    }

    #[track_caller]
    fn refused(report: &str) -> String {
        read_report(report).unwrap_err().to_string()
    }

    #[test]
    fn a_search_that_was_cut_short_has_no_counts() {
        for line in [
            "error: max search depth too small",
            "Warning: Search not completed",
            "pan: reached -DMEMLIM bound",
        ] {
            assert_eq!(
                refused(&format!("{line}\n{REPORT}")),
                format!("Spin has not searched everything: {line}")
            );
        }
    }

    #[test]
    fn a_violation_is_not_taken_for_a_cut() {
        let report = REPORT.replace("errors: 0", "errors: 1");
        let report = format!("Warning: Search not completed\n{report}");
        assert_eq!(
            refused(&report),
            "Spin says that the model violates its property, which it does not"
        );
    }

    #[test]
    fn counts_that_are_not_told_exactly_are_not_guessed() {
        let rounded = REPORT.replace("40836 states", "1.2345679e+08 states");
        assert_eq!(
            refused(&rounded),
            "cannot read what `pan` reports: `1.2345679e+08` is no number"
        );
        let lacking = REPORT.replace("elapsed", "passed");
        assert_eq!(
            refused(&lacking),
            "cannot read what `pan` reports: no line has `pan: elapsed time N seconds`"
        );
    }
}
