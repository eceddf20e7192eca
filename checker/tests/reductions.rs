//! Reductions, threads and what is kept of states make no difference to a verdict, on any built-in scenario.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fmt::Write;
use std::sync::atomic::{AtomicUsize, Ordering};

use failproof_checker::explore::Control;
use failproof_checker::run::result::{ScenarioResult, Verdict};
use failproof_checker::run::{Options, Reductions, run};
use failproof_checker::scenario_file::{ScenarioFile, Surroundings, builtin, parse};
use failproof_model::scenario::Scenario;

const NONE: Reductions = Reductions::NONE;

const REDUCTIONS: [Reductions; 4] = [
    Reductions { view: true, ..NONE },
    Reductions { symmetry: true, ..NONE },
    Reductions { local_steps: true, ..NONE },
    Reductions::ALL,
];

const FAIR: [&str; 2] = ["job-ends-if-faults-stop", "lost-partition-is-recomputed"];

fn explore(scenario: &Scenario, options: &Options) -> ScenarioResult {
    run(scenario, options, Control::default()).unwrap()
}

/// Verdicts, and how long the shortest counterexamples are.
fn verdicts(result: &ScenarioResult) -> Vec<(&str, Verdict, Option<usize>)> {
    let shortest =
        |steps: Option<usize>, known: Option<bool>| steps.filter(|_| known == Some(true));
    result
        .properties
        .iter()
        .map(|it| (it.id.as_str(), it.verdict, shortest(it.steps, it.shortest)))
        .collect()
}

/// The rules that have fired.
fn fired(result: &ScenarioResult) -> Vec<&str> {
    result.rules.iter().filter(|rule| rule.fired > 0).map(|rule| rule.id.as_str()).collect()
}

/// What differs from the plain run, and how many states are left by each reduction.
fn compare(scenario: &Scenario) -> (Vec<String>, String) {
    let plain = explore(scenario, &Options::default());
    let (mut differences, mut states) =
        (Vec::new(), format!("{}: {}", scenario.name, plain.states));
    for reductions in REDUCTIONS {
        let reduced = explore(scenario, &Options { reductions, ..Options::default() });
        let names = reductions.names().join(", ");
        for (found, expected) in verdicts(&reduced).into_iter().zip(verdicts(&plain)) {
            // A reachability violation may have a longer path where local steps are taken.
            let steps = found.2.is_none() || found.2 == expected.2;
            // What is claimed of fair runs is not decided on fewer states.
            if found.1 == Verdict::Inconclusive && FAIR.contains(&found.0) {
                continue;
            }
            if (found.0, found.1) != (expected.0, expected.1) || !steps {
                differences
                    .push(format!("{}, {names}: {found:?}, not {expected:?}", scenario.name));
            }
        }
        let costs =
            |it: &ScenarioResult| (it.restarts_max, it.task_reruns_max, it.stored_partitions_max);
        if !reductions.local_steps && costs(&reduced) != costs(&plain) {
            differences.push(format!("{}, {names}: other costs", scenario.name));
        }
        assert_eq!(reduced.costs_known, !reductions.local_steps);
        if fired(&reduced) != fired(&plain) {
            differences.push(format!("{}, {names}: other rules have fired", scenario.name));
        }
        assert!(reduced.complete && reduced.states <= plain.states, "{}", scenario.name);
        let _ = write!(states, " {}", reduced.states);
    }
    (differences, states)
}

fn on_all<T: Send>(of: impl Fn(&ScenarioFile) -> T + Sync) -> Vec<T> {
    let files: Vec<ScenarioFile> =
        builtin().map(|(name, text)| parse(name, text, &Surroundings::real()).unwrap()).collect();
    let next = AtomicUsize::new(0);
    let some = || {
        let mut found = Vec::new();
        while let Some((index, file)) =
            Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|i| Some((i, files.get(i)?)))
        {
            found.push((index, of(file)));
        }
        found
    };
    let mut found: Vec<(usize, T)> = std::thread::scope(|scope| {
        let threads = [scope.spawn(some), scope.spawn(some)];
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    found.sort_by_key(|(index, _)| *index);
    found.into_iter().map(|(_, found)| found).collect()
}

/// The snapshot has a line a scenario: its states, then those that are left by view, symmetry, local steps, and all.
#[test]
fn verdicts_and_shortest_counterexamples_are_those_of_the_plain_run() {
    let (differences, states): (Vec<_>, Vec<_>) =
        on_all(|file| compare(&file.scenario)).into_iter().unzip();
    let differences = differences.concat();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    insta::assert_snapshot!(states.join("\n"));
}

#[test]
fn whole_states_and_more_threads_give_the_same_result() {
    let same = |file: &ScenarioFile| {
        let plain = explore(&file.scenario, &Options::default());
        let other = Options { exact: true, threads: 3, ..Options::default() };
        let other = explore(&file.scenario, &other);
        assert_eq!(other.collision_chance, 0.0);
        let paths = |it: &ScenarioResult| {
            let traces = it.properties.iter().map(|it| it.counterexample.clone());
            traces.collect::<Vec<_>>()
        };
        assert_eq!(verdicts(&other), verdicts(&plain), "{}", file.scenario.name);
        assert!(paths(&other) == paths(&plain), "{}: other traces", file.scenario.name);
        assert_eq!((&other.levels, &other.rules), (&plain.levels, &plain.rules));
        assert_eq!((other.generated, &other.branching), (plain.generated, &plain.branching));
    };
    on_all(same);
}
