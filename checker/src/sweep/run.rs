//! Exploring many jobs, several at a time.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::thread;

use thiserror::Error;

use super::jobs::Job;
use super::outcome::{Outcome, explore};
use super::policy::Policy;
use crate::run::{Options, RunError};

/// A job, and the policies under which it is to be explored.
pub type Asked = (Job, Vec<Policy>);

/// Why a sweep cannot go on.
#[derive(Debug, Error)]
pub enum SweepError {
    /// The model refuses a job.
    #[error(transparent)]
    Run(#[from] RunError),
    /// What was found cannot be written down.
    #[error(transparent)]
    Csv(#[from] csv::Error),
    /// A file cannot be written.
    #[error(transparent)]
    Write(#[from] std::io::Error),
}

/// Explores jobs, each under some policies, on `threads` threads, each job on one of them. `found` is handed what was
/// found of each job as soon as it is known, in whichever order; what it says no to ends the sweep. So does
/// `interrupted`: what was not seen to the end by then is not handed over.
///
/// # Errors
/// When the model refuses a job for another reason than its size, or when `found` fails.
pub fn run(
    jobs: &[Asked],
    threads: usize,
    options: &Options,
    interrupted: &AtomicBool,
    mut found: impl FnMut(Vec<Outcome>) -> Result<bool, SweepError>,
) -> Result<(), SweepError> {
    let (next, over) = (AtomicUsize::new(0), AtomicBool::new(false));
    let is_over = || over.load(Ordering::Relaxed) || interrupted.load(Ordering::Relaxed);
    let (sender, receiver) = channel();
    thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            let (sender, next, is_over) = (sender.clone(), &next, &is_over);
            scope.spawn(move || {
                while let Some((job, policies)) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if is_over() {
                        break;
                    }
                    let outcomes = explore(job, policies, options, Some(interrupted));
                    if interrupted.load(Ordering::Relaxed) || sender.send(outcomes).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let mut all = receiver.iter().map(|outcomes| found(outcomes?));
        let ended = all.find(|go_on| !matches!(go_on, Ok(true)));
        over.store(true, Ordering::Relaxed);
        ended.map_or(Ok(()), |ended| ended.map(|_| ()))
    })
}
