//! What a sweep comes to: how many jobs each policy is safe for, and the boundary between those and the others.

use std::collections::{BTreeMap, HashMap};

use failproof_model::job_graph::JobGraph;
use serde::Serialize;

use super::boundary::Boundaries;
use super::jobs::Job;
use super::outcome::{Answer, Outcome};
use super::policy::Policy;

/// What was found; the JSON of `failproof sweep`, to which keys are only added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Of the keys.
    pub version: u32,
    /// Jobs within the bounds.
    pub jobs_in_all: usize,
    /// Those that were asked for: all, or a shard.
    pub jobs: usize,
    /// Whether all that was asked for is answered. If not, nothing here is said of all jobs.
    pub complete: bool,
    /// One a policy.
    pub policies: Vec<OfPolicy>,
    /// One a way in which vertices are joined.
    pub shapes: Vec<OfShape>,
}

/// What was found of one policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OfPolicy {
    /// Which.
    pub policy: Policy,
    /// Jobs of which the answer is known.
    pub jobs: usize,
    /// Those that one fault does nothing to.
    pub safe: usize,
    /// Those that can end with wrong rows.
    pub wrong: usize,
    /// Those that can come to where they cannot end.
    pub hangs: usize,
    /// Jobs without an answer: not begun, larger than the limits or than the model.
    pub unknown: usize,
    /// Distinct states of all explorations.
    pub states: usize,
    /// When a job can end with wrong rows.
    pub wrong_if: String,
    /// When a job can come to where it cannot end.
    pub hangs_if: String,
    /// A smallest job that can end with wrong rows.
    pub smallest_wrong: Option<Example>,
    /// A smallest job that can come to where it cannot end.
    pub smallest_hang: Option<Example>,
}

/// A smallest job of its kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Example {
    /// Its name.
    pub job: String,
    /// Actions of the shortest run that shows it; `None`: it has not been explored again.
    pub steps: Option<usize>,
    /// Where that run was written.
    pub trace: Option<String>,
}

/// What was found of all jobs whose vertices are joined alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OfShape {
    /// `A>B B>C`.
    pub shape: String,
    /// Of each policy, in their order: how many jobs have an answer, can be wrong, can hang.
    pub counts: Vec<[usize; 3]>,
}

impl Report {
    /// Puts together what was found of `jobs`, out of `in_all`.
    pub fn of(jobs: &[Job], in_all: usize, policies: &[Policy], outcomes: &[Outcome]) -> Report {
        let known: HashMap<(&str, Policy), &Outcome> = outcomes
            .iter()
            .filter(|it| it.answer != Answer::Unknown)
            .map(|it| ((it.job.as_str(), it.policy), it))
            .collect();
        let of = |policy: &Policy| OfPolicy::of(*policy, jobs, &known);
        let policies_found: Vec<OfPolicy> = policies.iter().map(of).collect();
        Report {
            version: 1,
            jobs_in_all: in_all,
            jobs: jobs.len(),
            complete: policies_found.iter().all(|it| it.unknown == 0),
            policies: policies_found,
            shapes: shapes(jobs, policies, &known),
        }
    }
}

type Known<'a> = HashMap<(&'a str, Policy), &'a Outcome>;

impl OfPolicy {
    fn of(policy: Policy, jobs: &[Job], known: &Known<'_>) -> OfPolicy {
        let found: Vec<(&Job, &Outcome)> = jobs
            .iter()
            .filter_map(|job| Some((job, *known.get(&(job.id.as_str(), policy))?)))
            .collect();
        let wrong: Vec<bool> = found.iter().map(|(_, it)| it.answer.is_wrong()).collect();
        let hangs: Vec<bool> = found.iter().map(|(_, it)| it.answer.hangs()).collect();
        let graphs: Vec<&JobGraph> = found.iter().map(|(job, _)| &job.graph).collect();
        let boundaries = Boundaries::of(&graphs);
        let smallest = |so: &[bool]| {
            let jobs = found.iter().zip(so).filter(|(_, so)| **so).map(|((job, _), _)| *job);
            let job = jobs.min_by_key(|job| size(job))?;
            Some(Example { job: job.id.clone(), steps: None, trace: None })
        };
        let count = |so: &[bool]| so.iter().filter(|so| **so).count();
        OfPolicy {
            policy,
            jobs: found.len(),
            safe: found.iter().filter(|(_, it)| it.answer == Answer::Safe).count(),
            wrong: count(&wrong),
            hangs: count(&hangs),
            unknown: jobs.len() - found.len(),
            states: found.iter().map(|(_, it)| it.states).sum(),
            wrong_if: boundaries.find(&wrong).to_string(),
            hangs_if: boundaries.find(&hangs).to_string(),
            smallest_wrong: smallest(&wrong),
            smallest_hang: smallest(&hangs),
        }
    }
}

/// By which jobs are compared: subtasks, then edges, then whatever is said of it besides.
fn size(job: &Job) -> (usize, usize, usize, &str) {
    (job.graph.execution_vertices(), job.graph.edges.len(), job.id.len(), &job.id)
}

fn shapes(jobs: &[Job], policies: &[Policy], known: &Known<'_>) -> Vec<OfShape> {
    let mut shapes: BTreeMap<(usize, String), Vec<[usize; 3]>> = BTreeMap::new();
    for job in jobs {
        let name = |v: usize| job.graph.vertices[v].name.as_str();
        let edges = job.graph.edges.iter().map(|e| format!("{}>{}", name(e.from), name(e.to)));
        let shape = match job.graph.vertices.as_slice() {
            [only] => only.name.clone(),
            _ => edges.collect::<Vec<_>>().join(" "),
        };
        let counts = shapes
            .entry((job.graph.vertices.len(), shape))
            .or_insert_with(|| vec![[0; 3]; policies.len()]);
        for (count, policy) in counts.iter_mut().zip(policies) {
            if let Some(outcome) = known.get(&(job.id.as_str(), *policy)) {
                count[0] += 1;
                count[1] += usize::from(outcome.answer.is_wrong());
                count[2] += usize::from(outcome.answer.hangs());
            }
        }
    }
    shapes.into_iter().map(|((_, shape), counts)| OfShape { shape, counts }).collect()
}
