//! Who explores, and how long that takes.

use std::fmt::Write;
use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use failproof_checker::explore::{Control, Explorer};
use failproof_checker::report::quantity::count;
use failproof_checker::run::{
    Options, Properties, Reductions, WithModel, free_outcomes, run, with_model,
};
use failproof_checker::scenario_file::{Surroundings, builtin, parse};
use failproof_model::failover::Failover;
use failproof_model::scenario::Scenario;
use failproof_model::state::State;
use failproof_properties::Facts;
use stateright::{Checker, Model};

use crate::judged::Judged;

type Problem = Box<dyn std::error::Error>;

/// What one of them has counted: distinct states, and generated ones.
type Counts = (usize, usize);

/// A pass over the scenario by one of them, with what it has counted.
type Pass<'a> = (&'static str, Box<dyn Fn() -> Result<Counts, Problem> + 'a>);

/// Explores the scenario by everyone whose name begins with `only`, so many times in turn.
pub(crate) fn table(name: &str, only: &str, runs: u32) -> Result<String, Problem> {
    let (_, text) = builtin()
        .find(|(builtin, _)| *builtin == name)
        .ok_or_else(|| format!("there is no built-in scenario `{name}`"))?;
    let file = parse(name, text, &Surroundings::real()).map_err(|_| "the scenario is wrong")?;
    with_model(&file.scenario, Passes { scenario: &file.scenario, only, runs })?
}

struct Passes<'a> {
    scenario: &'a Scenario,
    only: &'a str,
    runs: u32,
}

impl WithModel for Passes<'_> {
    type Output = Result<String, Problem>;

    fn with<const V: usize>(self, model: Failover<V>) -> Self::Output {
        let Passes { scenario, only, runs } = self;
        let free = free_outcomes(&model, &Options::default(), Control::default())?;
        let free = free.map_err(|stopped| stopped.to_string())?;
        let model = Arc::new(model);
        let judge = Arc::new(Properties::new(Facts { model: Arc::clone(&model), free }));
        let passes = passes(scenario, &model, &judge);
        let passes: Vec<_> = passes.iter().filter(|(who, _)| who.starts_with(only)).collect();
        let mut least = vec![Duration::MAX; passes.len()];
        let mut counts = vec![(0, 0); passes.len()];
        for _ in 0..runs {
            for (index, (_, pass)) in passes.iter().enumerate() {
                let begun = Instant::now();
                counts[index] = pass()?;
                least[index] = begun.elapsed().min(least[index]);
            }
        }
        let mut table =
            String::from("| who | states | generated | seconds |\n|---|---:|---:|---:|\n");
        for (((who, _), (distinct, generated)), least) in passes.iter().zip(counts).zip(least) {
            let (distinct, generated) = (count(distinct as u64), count(generated as u64));
            let seconds = least.as_secs_f64();
            // A text takes whatever it is given.
            let _ = writeln!(table, "| {who} | {distinct} | {generated} | {seconds:.3} |");
        }
        Ok(table)
    }
}

fn passes<'a, const V: usize>(
    scenario: &'a Scenario,
    model: &'a Arc<Failover<V>>,
    judge: &'a Arc<Properties<V>>,
) -> Vec<Pass<'a>> {
    let checked = |reductions| {
        let options = Options { reductions, ..Options::default() };
        Box::new(move || {
            let result = run(scenario, &options, Control::default())?;
            Ok((result.states, result.generated))
        })
    };
    let judged = || {
        let violated = Arc::new(AtomicU64::new(0));
        let judged = Judged {
            model: Arc::clone(model),
            judge: Arc::clone(judge),
            violated: Arc::clone(&violated),
        };
        let checker = judged.checker().spawn_bfs().join();
        black_box(violated.load(Ordering::Relaxed));
        Ok((checker.unique_state_count(), checker.state_count()))
    };
    let (_, space) = Explorer::new(&**model, &()).explore(Control::default());
    let states: Vec<State<V>> = space.keys().copied().collect();
    vec![
        ("failproof", checked(Reductions::NONE)),
        ("failproof, reduced", checked(Reductions::ALL)),
        ("Stateright BFS", Box::new(judged)),
        ("the model alone", Box::new(move || Ok(alone(model, &states)))),
    ]
}

/// Lists and takes all steps out of these states.
fn alone<const V: usize>(model: &Failover<V>, states: &[State<V>]) -> Counts {
    let (mut generated, mut actions) = (1, Vec::new());
    for state in states {
        actions.clear();
        model.actions(state, &mut actions);
        for &action in &actions {
            black_box(model.next_state(state, action));
        }
        generated += actions.len();
    }
    (states.len(), generated)
}
