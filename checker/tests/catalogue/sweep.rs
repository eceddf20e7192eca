//! All small jobs: the page says what a slice of the sweep finds, and what it says of single jobs is so.

use std::sync::atomic::AtomicBool;

use failproof_checker::page;
use failproof_checker::run::{Options, Reductions};
use failproof_checker::sweep::jobs::{Bounds, Job};
use failproof_checker::sweep::outcome::{Answer, Outcome, explore};
use failproof_checker::sweep::policy::Policy;
use failproof_checker::sweep::render::render;
use failproof_checker::sweep::report::Report;
use failproof_checker::sweep::run::run;
use failproof_model::job_graph::{Operator, Partitioner, ResultPartitionType};

const PAGE: &str = include_str!("../../docs/boundary.md");

/// What makes the part of the page that is explored here.
const SLICE: &str = "failproof sweep --vertices 1,2 --parallelism 1,2 --operators per-row,limit \
                     --source-operators per-row --partitioners FORWARD,HASH,REBALANCE \
                     --types blocking,pipelined";

fn bounds(vertices: &[usize]) -> Bounds {
    Bounds {
        vertices: vertices.to_vec(),
        parallelism: vec![1, 2],
        operators: vec![Operator::PerRow, Operator::Limit],
        source_operators: vec![Operator::PerRow],
        partitioners: vec![Partitioner::Forward, Partitioner::Hash, Partitioner::Rebalance],
        types: vec![ResultPartitionType::Blocking, ResultPartitionType::Pipelined],
    }
}

fn options() -> Options {
    Options { reductions: Reductions::ALL, ..Options::default() }
}

/// What is found of the jobs of a slice, until `go_on` says no.
fn sweep(jobs: &[Job], go_on: impl Fn(usize) -> bool) -> Vec<Outcome> {
    let asked: Vec<_> = jobs.iter().map(|job| (job.clone(), Policy::ALL.to_vec())).collect();
    let (mut found, mut done) = (Vec::new(), 0);
    run(&asked, 2, &options(), &AtomicBool::new(false), |outcomes| {
        found.extend(outcomes);
        done += 1;
        Ok(go_on(done))
    })
    .unwrap();
    found
}

#[test]
fn the_page_says_what_a_slice_finds() {
    let jobs: Vec<Job> = bounds(&[1, 2]).jobs().collect();
    let report = Report::of(&jobs, jobs.len(), &Policy::ALL, &sweep(&jobs, |_| true));
    assert!(report.complete);
    let fresh = page::refresh(PAGE, SLICE, render(&report).trim_end()).unwrap();
    assert_eq!(fresh, PAGE, "`{SLICE} --page checker/docs/boundary.md` writes the page anew");
}

#[test]
fn a_sweep_that_was_cut_off_is_not_complete() {
    let jobs: Vec<Job> = bounds(&[1, 2]).jobs().collect();
    let found = sweep(&jobs, |done| done < 5);
    let report = Report::of(&jobs, jobs.len(), &Policy::ALL, &found);
    assert!(!report.complete);
    assert!(report.policies.iter().all(|it| it.jobs >= 5 && it.unknown > 0));
    assert!(render(&report).contains("Not finished"));
}

#[track_caller]
fn assert_answers(job: &str, answers: &[(Policy, Answer)]) {
    let job = bounds(&[3]).jobs().find(|it| it.id == job).unwrap();
    let policies: Vec<Policy> = answers.iter().map(|(policy, _)| *policy).collect();
    let found = explore(&job, &policies, &options(), None).unwrap();
    let found: Vec<(Policy, Answer)> = found.iter().map(|it| (it.policy, it.answer)).collect();
    assert_eq!(found, answers);
}

#[test]
fn what_harms_flink_harms_none_of_the_others_that_restart_as_much() {
    let of = |always| {
        [
            (Policy::RestartAll, Answer::Safe),
            (Policy::Always, always),
            (Policy::HeldBack, Answer::Safe),
            (Policy::Affected, Answer::Safe),
        ]
    };
    assert_answers("A1 B2 C2 A>C:HASH B>C:FORWARD", &of(Answer::Hangs));
    assert_answers("A1 B2 C2 A>C:REBALANCE B>C:FORWARD", &of(Answer::WrongAndHangs));
}
