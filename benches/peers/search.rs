//! One search by a tool that is built in.

use std::process::{Command, Stdio};
use std::time::Instant;

use clap::ValueEnum;
use failproof_explorer::reference_models::region_failover::{
    Action, Consistency, RegionFailover, Size, State,
};
use failproof_explorer::{Control, Explorer, Judge, Packed, Verdict};
use stateright::{Checker, Model, Property};

use crate::cli::CommonSize;
use crate::comparison::{Counts, Measurement};
use crate::contestant::{Built, Contestant, Tool};
use crate::memory::peak_bytes;
use crate::problem::Problem;

/// Searches in a process of its own: what that occupies, the search does.
pub(crate) fn in_child(
    tool: Built,
    size: CommonSize,
    threads: usize,
) -> Result<Measurement, Problem> {
    let program = Contestant { tool: Tool::Built(tool), threads }.to_string();
    let start = |source| Problem::Start { program: program.clone(), source };
    let output = Command::new(std::env::current_exe().map_err(start)?)
        .args(["search", &name_of(&tool), &name_of(&size), &threads.to_string()])
        .stdin(Stdio::null())
        .output()
        .map_err(start)?;
    if !output.status.success() {
        return Err(Problem::failed(&program, &output));
    }
    serde_json::from_slice(&output.stdout)
        .map_err(|error| Problem::Report { program, why: error.to_string() })
}

/// As the command line has it.
pub(crate) fn name_of(value: &impl ValueEnum) -> String {
    value.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}

/// Searches in this process, which has done nothing else.
pub(crate) fn here(tool: Built, size: Size, threads: usize) -> Result<Measurement, Problem> {
    let model = RegionFailover::new(size);
    let builder = Judged(model.clone()).checker().threads(threads);
    let begun = Instant::now();
    match tool {
        Built::Failproof => explored(&model, threads, begun),
        Built::StaterightBfs => checked(tool, &builder.spawn_bfs().join(), begun),
        Built::StaterightDfs => checked(tool, &builder.spawn_dfs().join(), begun),
    }
}

fn explored(
    model: &RegionFailover,
    threads: usize,
    begun: Instant,
) -> Result<Measurement, Problem> {
    let tool = || Tool::Built(Built::Failproof).to_string();
    let explorer = Explorer::new(model, &Consistency).store(&Packed).threads(threads);
    // What is kept of the states goes away after the time was taken, as it does with the others.
    let (result, _space) = explorer.explore(Control::default());
    if let Some(stopped) = result.stopped {
        return Err(Problem::Incomplete { tool: tool(), why: stopped.to_string() });
    }
    if result.findings.iter().any(|finding| finding.verdict == Verdict::Violated) {
        return Err(Problem::Violated { tool: tool() });
    }
    let counts = Counts { distinct: result.distinct as u64, generated: result.generated as u64 };
    Ok(measured(counts, begun))
}

fn checked(
    tool: Built,
    checker: &impl Checker<Judged>,
    begun: Instant,
) -> Result<Measurement, Problem> {
    let tool = || Tool::Built(tool).to_string();
    if !checker.is_done() {
        return Err(Problem::Incomplete { tool: tool(), why: "it gave up".to_owned() });
    }
    if checker.discovery(CONSISTENCY).is_some() {
        return Err(Problem::Violated { tool: tool() });
    }
    let counts = Counts {
        distinct: checker.unique_state_count() as u64,
        generated: checker.state_count() as u64,
    };
    Ok(measured(counts, begun))
}

fn measured(counts: Counts, begun: Instant) -> Measurement {
    let seconds = begun.elapsed().as_secs_f64();
    Measurement { counts, seconds, peak_bytes: peak_bytes("self") }
}

const CONSISTENCY: &str = "consistency";

/// The model with the property that everyone checks, as Stateright wants to have it.
struct Judged(RegionFailover);

impl Model for Judged {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        self.0.init_states()
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        self.0.actions(state, actions);
    }

    fn next_state(&self, last: &State, action: Action) -> Option<State> {
        self.0.next_state(last, action)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        let consistent = |Judged(model): &Judged, state: &State| {
            Consistency.on_state(model, state).violated == 0
        };
        vec![Property::always(CONSISTENCY, consistent)]
    }
}

#[cfg(test)]
mod tests {
    use failproof_explorer::reference_models::region_failover::{A_WITH_THE_BUG, TINY};

    use super::*;

    const THREADS: [usize; 2] = [1, 2];

    #[test]
    fn every_tool_finds_the_same_states() {
        for &tool in Built::value_variants() {
            for threads in THREADS {
                let counts = here(tool, TINY, threads).unwrap().counts;
                let expected = Counts { distinct: 40_835, generated: 95_813 };
                assert_eq!(counts, expected, "{tool:?}, {threads}");
            }
        }
    }

    #[test]
    fn every_tool_checks_the_property() {
        for &tool in Built::value_variants() {
            for threads in THREADS {
                let problem = here(tool, A_WITH_THE_BUG, threads).unwrap_err();
                assert!(matches!(problem, Problem::Violated { .. }), "{tool:?}, {threads}");
            }
        }
    }
}
