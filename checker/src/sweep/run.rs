//! Exploring many jobs, several at a time.

use std::sync::atomic::{AtomicBool, Ordering};

use thiserror::Error;

use super::jobs::Job;
use super::outcome::{Outcome, explore};
use super::policy::Policy;
use crate::parallel::each;
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
    let stopped = || interrupted.load(Ordering::Relaxed);
    let work = |(job, policies): &Asked| match stopped() {
        true => Ok(Vec::new()),
        false => explore(job, policies, options, Some(interrupted)),
    };
    let mut ended = Ok(true);
    each(jobs, threads, work, |_, outcomes| {
        if !stopped() {
            ended = outcomes.map_err(SweepError::from).and_then(&mut found);
        }
        !stopped() && matches!(ended, Ok(true))
    });
    ended.map(|_| ())
}
