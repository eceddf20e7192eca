//! One job under one policy, explored to the end.

use std::collections::BTreeSet;

use failproof_model::scenario::Scenario;
use failproof_properties::Committed;
use serde::{Deserialize, Serialize};

use super::jobs::Job;
use super::policy::Policy;
use crate::explore::{Control, Stopped};
use crate::run::result::Verdict;
use crate::run::{Options, RunError, free_of, verdicts};
use crate::table::one_fault;

/// What is asked of every job, in the order of the catalogue.
const ASKED: [&str; 3] = ["outcome-is-transparent", "no-state-is-stuck", "job-can-always-end"];

/// What was found of a job under a policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The job.
    pub job: String,
    /// The policy.
    pub policy: Policy,
    /// What it comes to.
    pub answer: Answer,
    /// Distinct states, with reductions where there are any.
    pub states: usize,
}

/// What one fault can do to a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// Nothing: all runs were seen, and each ends, or can, as one without faults could have ended.
    Safe,
    /// It can come to where it cannot end any more.
    Hangs,
    /// It can end with rows with which it cannot end without faults.
    Wrong,
    /// Both.
    WrongAndHangs,
    /// Not all runs were seen, or the model does not hold the job: nothing is said.
    Unknown,
}

impl Answer {
    /// Whether it can end with wrong rows.
    pub fn is_wrong(self) -> bool {
        matches!(self, Answer::Wrong | Answer::WrongAndHangs)
    }

    /// Whether it can come to where it cannot end.
    pub fn hangs(self) -> bool {
        matches!(self, Answer::Hangs | Answer::WrongAndHangs)
    }

    fn of(verdicts: &[Verdict], stopped: Option<Stopped>) -> Answer {
        let [transparent, others @ ..] = verdicts else { return Answer::Unknown };
        if stopped.is_some() || verdicts.contains(&Verdict::Inconclusive) {
            return Answer::Unknown;
        }
        match (*transparent == Verdict::Violated, others.contains(&Verdict::Violated)) {
            (false, false) if verdicts.contains(&Verdict::Vacuous) => Answer::Unknown,
            (false, false) => Answer::Safe,
            (false, true) => Answer::Hangs,
            (true, false) => Answer::Wrong,
            (true, true) => Answer::WrongAndHangs,
        }
    }
}

/// What is explored: one fault of any of four kinds, at any moment, every mechanism coarse, the placement fixed.
pub fn scenario(job: &Job, policy: Policy) -> Scenario {
    let story = format!("{}: one fault of any kind, at any moment.", job.id);
    one_fault(&format!("sweep-{policy}"), &story, job.graph.clone(), policy.design())
}

/// Explores a job under each of some policies.
///
/// # Errors
/// The model cannot explore it for another reason than its size.
pub fn explore(
    job: &Job,
    policies: &[Policy],
    options: &Options,
    interrupted: Option<&std::sync::atomic::AtomicBool>,
) -> Result<Vec<Outcome>, RunError> {
    let control = || Control { interrupted, progress: None };
    let unknown =
        |policy| Outcome { job: job.id.clone(), policy, answer: Answer::Unknown, states: 0 };
    let Some(&first) = policies.first() else { return Ok(Vec::new()) };
    let free: BTreeSet<Committed> = match free_of(&scenario(job, first), options, control()) {
        Ok(Ok(free)) => free,
        // Said of the job, and counted: no sweep passes over it in silence.
        Ok(Err(_)) | Err(RunError::Model(_)) => {
            return Ok(policies.iter().copied().map(unknown).collect());
        }
        Err(error) => return Err(error),
    };
    let mut outcomes = Vec::new();
    for &policy in policies {
        let found = verdicts(&scenario(job, policy), &ASKED, &free, options, control())?;
        let answer = Answer::of(&found.verdicts, found.stopped);
        outcomes.push(Outcome { job: job.id.clone(), policy, answer, states: found.states });
    }
    Ok(outcomes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_all_seen_is_never_safe() {
        use Verdict as V;
        let of = |verdicts: [V; 3], stopped| Answer::of(&verdicts, stopped);
        assert_eq!(of([V::Holds; 3], None), Answer::Safe);
        assert_eq!(of([V::Holds; 3], Some(Stopped::Interrupted)), Answer::Unknown);
        assert_eq!(of([V::Holds, V::Holds, V::Inconclusive], None), Answer::Unknown);
        assert_eq!(of([V::Vacuous, V::Holds, V::Holds], None), Answer::Unknown);
        assert_eq!(of([V::Violated, V::Holds, V::Holds], None), Answer::Wrong);
        assert_eq!(of([V::Holds, V::Violated, V::Violated], None), Answer::Hangs);
        assert_eq!(of([V::Violated, V::Holds, V::Violated], None), Answer::WrongAndHangs);
    }
}
