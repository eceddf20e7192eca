//! The weakest restart sets: of a job that can be worked out by hand, and beside what the sweep finds.

use std::sync::atomic::AtomicBool;

use failproof_checker::run::{Options, Reductions};
use failproof_checker::scenario_file::{Surroundings, parse};
use failproof_checker::sweep::jobs::Bounds;
use failproof_checker::sweep::outcome::{explore, scenario};
use failproof_checker::sweep::policy::Policy;
use failproof_checker::weakest::compare::compare;
use failproof_checker::weakest::many::{jobs_within, render, summarize};
use failproof_checker::weakest::{SameBooks, TaskSet, Weakest, weakest};
use failproof_model::execution_state::ExecutionState as E;
use failproof_model::job_graph::{Operator, Partitioner, ResultPartitionType};
use failproof_model::strategy::Cause;

/// Two subtasks write for two by a blocking exchange. A task throws, or a stored partition vanishes.
fn job(partitioner: &str) -> Weakest {
    let text = format!(
        "name = \"tiny\"\nstory = \"Two write for two.\"\npreset = \"flink-2\"\n\
         [[vertex]]\nname = \"A\"\nparallelism = 2\nrows = 2\n[[vertex]]\nname = \"B\"\nparallelism = 2\n\
         [[edge]]\nfrom = \"A\"\nto = \"B\"\npartitioner = \"{partitioner}\"\n\
         [cluster]\ntask-managers = 2\n[faults]\ntotal = 1\ntask-throws = 1\npartition-lost = 1\n"
    );
    let file = parse("tiny.toml", &text, &Surroundings::real()).unwrap();
    weakest(&file.scenario, &Options::default(), None).unwrap()
}

fn set(tasks: &[usize]) -> TaskSet {
    tasks.iter().copied().collect()
}

fn asked(found: &Weakest, failed: usize, cause: Cause) -> impl Iterator<Item = &SameBooks> {
    found.books.iter().filter(move |it| (it.books.failed, it.books.cause) == (failed, cause))
}

const A0: usize = 0;
const B0: usize = 2;
const B1: usize = 3;

#[test]
fn who_fails_by_itself_restarts_alone() {
    // Nobody has read what A[0] was about to write, and what B[0] has read is still there: partitions are lost by
    // another fault, and there is one.
    for partitioner in ["HASH", "REBALANCE"] {
        let found = job(partitioner);
        for failed in [A0, B0] {
            let same: Vec<_> = asked(&found, failed, Cause::Task).collect();
            assert!(!same.is_empty());
            for it in same {
                assert_eq!(
                    it.enough.minimal(),
                    [TaskSet::of(failed)],
                    "{partitioner} {:?}",
                    it.books
                );
                assert!(it.against.is_empty(), "the empty set is no answer: {it:?}");
            }
        }
    }
}

#[test]
fn who_has_drawn_from_the_lost_partition_restarts_with_its_producer() {
    // B[0] misses what A[0] wrote, so A[0] writes again. With REBALANCE it may deal out otherwise: B[1] must not keep
    // rows that B[0] is sent now, if it has finished; if it is at work, that is so once it has read them, and before
    // it would look for what is gone.
    let found = job("REBALANCE");
    let lost: Vec<_> = asked(&found, B0, Cause::Partition(A0)).collect();
    assert!(lost.iter().any(|it| it.books.states[B1] == E::Finished));
    for it in lost {
        assert_eq!(it.enough.minimal(), [set(&[A0, B0, B1])], "{:?}", it.books);
        let sets: Vec<TaskSet> = it.against.iter().map(|against| against.set).collect();
        assert_eq!(sets, [set(&[A0, B0]), set(&[B0, B1])]);
        assert!(it.states.iter().all(|state| state.enough.minimal() == it.enough.minimal()));
    }
}

#[test]
fn who_cannot_tell_the_difference_restarts_only_if_it_is_still_to_read() {
    // With HASH A[0] sends each the same rows again. Whoever has them keeps them, which the master knows only of who
    // has finished; who has not would look for what is gone.
    let found = job("HASH");
    let lost: Vec<_> = asked(&found, B0, Cause::Partition(A0)).collect();
    let [pair, all] = [set(&[A0, B0]), set(&[A0, B0, B1])];
    for it in &lost {
        let by_state: Vec<_> = it.states.iter().map(|state| state.enough.minimal()).collect();
        match it.books.states[B1] {
            E::Finished => {
                assert_eq!((it.enough.minimal(), by_state), (vec![pair], vec![vec![pair]]));
            }
            _ => {
                assert_eq!(it.enough.minimal(), [all], "{:?}", it.books);
                assert!(
                    by_state.iter().all(|sets| *sets == [pair] || *sets == [all]),
                    "{by_state:?}"
                );
                assert!(by_state.contains(&vec![pair]) && by_state.contains(&vec![all]));
            }
        }
    }
    assert!(lost.iter().any(|it| it.books.states[B1] == E::Finished));
}

/// Small jobs in which some strategies go wrong.
fn bounds() -> Bounds {
    Bounds {
        vertices: vec![2],
        parallelism: vec![1, 2],
        operators: vec![Operator::PerRow],
        source_operators: vec![Operator::PerRow],
        partitioners: vec![Partitioner::Hash, Partitioner::Rebalance],
        types: vec![ResultPartitionType::Blocking],
    }
}

#[test]
fn a_strategy_is_wrong_or_hangs_where_its_jobs_do() {
    // Another way to the same: whole jobs run under one strategy, and nothing is known of single answers.
    let options = Options { reductions: Reductions::ALL, ..Options::default() };
    for job in bounds().jobs() {
        let found = weakest(&scenario(&job, Policy::Affected), &Options::default(), None).unwrap();
        let compared = compare(&found);
        for outcome in explore(&job, &Policy::ALL, &options, None).unwrap() {
            let name = outcome.policy.to_string();
            let Some(it) = compared.iter().find(|it| it.strategy == name) else { continue };
            let (wrong, hangs) = (it.wrong > 0, it.hangs > 0);
            assert_eq!(
                (wrong, hangs),
                (outcome.answer.is_wrong(), outcome.answer.hangs()),
                "{} under {name}",
                job.id
            );
        }
    }
}

const PAGE: &str = include_str!("../../docs/weakest.md");

/// The part of the page that is made by this command.
fn part(command: &str) -> &'static str {
    let (_, part) = PAGE.split_once(&format!("<!-- generated by `{command}` -->\n\n")).unwrap();
    part.split_once("\n<!-- end of what is generated -->").unwrap().0
}

#[test]
fn the_page_says_what_is_found_of_a_slice() {
    let summary =
        summarize(&jobs_within(&bounds()), &Options::default(), 2, &AtomicBool::new(false), |_| ())
            .unwrap();
    let command = "failproof weakest --sweep --vertices 2 --parallelism 1,2 --operators per-row \
                   --source-operators per-row --partitioners HASH,REBALANCE --types blocking";
    assert_eq!(part(command), render(&summary).trim_end());
}
