//! What becomes of a job whose master is lost, design by design.
//!
//! A cell is a small job, a number of masters and TaskManagers that are lost, and a design. Each is a scenario that is
//! explored to its end, so that designs are compared within the same bounds.

mod page;
mod spared;

use std::fmt;

use failproof_model::scenario::Scenario;

use crate::explore::Control;
use crate::run::result::{ScenarioResult, Verdict};
use crate::run::{Options, RunError, run};
use crate::scenario_file::{MistakenFile, Surroundings, parse};

pub use page::{COMMAND, render_markdown};

/// A part of a scenario file, and what people call it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// As it stands in the table.
    pub name: &'static str,
    /// As it stands in a scenario file.
    text: &'static str,
}

/// What the next master makes of the job.
pub const DESIGNS: [Part; 3] = [
    Part { name: "restart the job", text: "" },
    Part { name: "journal", text: "master-failover = \"journal\"\n" },
    Part {
        name: "journal, mended",
        text: "master-failover = \"journal\"\nresets-in-recovery = \"written\"\n\
               recovered-tasks = \"finished-with-inputs\"\n",
    },
];

/// What is lost, at any moment.
pub const LOSSES: [Part; 4] = [
    Part { name: "one master", text: "total = 1\nmaster-dies = 1\n" },
    Part {
        name: "one master and a TaskManager",
        text: "total = 2\nmaster-dies = 1\ntask-manager-dies = 1\n",
    },
    Part { name: "two masters", text: "total = 2\nmaster-dies = 2\n" },
    Part {
        name: "two masters and a TaskManager",
        text: "total = 3\nmaster-dies = 2\ntask-manager-dies = 1\n",
    },
];

/// The jobs. Rows are dealt out by REBALANCE, so that a producer that runs again makes a difference.
pub const JOBS: [Part; 5] = [
    Part { name: "chain", text: include_str!("jobs/chain.toml") },
    Part { name: "chain, hybrid", text: include_str!("jobs/chain-hybrid.toml") },
    Part { name: "two sinks", text: include_str!("jobs/two-sinks.toml") },
    Part { name: "two sources", text: include_str!("jobs/two-sources.toml") },
    Part { name: "point-wise", text: include_str!("jobs/point-wise.toml") },
];

/// A job whose masters are lost, under a design.
pub struct Cell {
    /// One of [`JOBS`].
    pub job: Part,
    /// One of [`LOSSES`].
    pub loss: Part,
    /// One of [`DESIGNS`].
    pub design: Part,
    scenario: Scenario,
}

/// What was found of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// What goes wrong, if anything does.
    pub answer: Answer,
    /// Distinct states.
    pub states: usize,
    /// Task runs beyond the first of each task, in the worst run; none if there can be any number.
    pub reruns_max: Option<u64>,
    /// Those of the run in which the first master is lost when all tasks but the last have finished, and nothing
    /// else goes wrong.
    pub reruns_late: u64,
}

/// What can go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Nothing.
    Safe,
    /// After so many steps, at the earliest, an outcome is there that no run without faults has.
    Wrong(usize),
    /// After so many steps, at the earliest, the job can never end any more.
    Hangs(usize),
    /// Exploration did not come to its end.
    Unfinished,
}

/// All cells, job by job.
///
/// # Errors
/// A part of one is no part of a scenario file, which would be a mistake in this module.
pub fn cells() -> Result<Vec<Cell>, Box<MistakenFile>> {
    let mut cells = Vec::new();
    for job in JOBS {
        for loss in LOSSES {
            for design in DESIGNS {
                let text = text(job, loss, design);
                let file = parse("masters.toml", &text, &Surroundings::real()).map_err(Box::new)?;
                cells.push(Cell { job, loss, design, scenario: file.scenario });
            }
        }
    }
    Ok(cells)
}

/// The scenario file of a cell. Fine is what the journal and its recovery are about.
fn text(job: Part, loss: Part, design: Part) -> String {
    format!(
        "name = \"cell\"\nstory = \"{}: {}, {}.\"\npreset = \"flink-2\"\n\n[design]\n{}\n{}\n\
         [cluster]\ntask-managers = 2\n\n[faults]\n{}\n[grain]\n\
         fine = [\"reports\", \"registration\", \"journal\"]\n",
        job.name, loss.name, design.name, design.text, job.text, loss.text
    )
}

impl Cell {
    /// Explores it.
    ///
    /// # Errors
    /// The model refuses it.
    pub fn explore(&self, options: &Options) -> Result<Found, RunError> {
        let result = run(&self.scenario, options, Control::default())?;
        Ok(Found {
            answer: answer(&result),
            states: result.states,
            reruns_max: result.task_reruns_max,
            reruns_late: spared::reruns_late(&self.scenario)?,
        })
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Answer::Safe => f.write_str("safe"),
            Answer::Wrong(steps) => write!(f, "wrong {steps}"),
            Answer::Hangs(steps) => write!(f, "hangs {steps}"),
            Answer::Unfinished => f.write_str("unfinished"),
        }
    }
}

fn answer(result: &ScenarioResult) -> Answer {
    let steps = |id: &str| {
        let property = result.properties.iter().find(|property| property.id == id);
        property.filter(|it| it.verdict == Verdict::Violated).and_then(|it| it.steps)
    };
    match (steps("outcome-is-transparent"), steps("job-can-always-end")) {
        _ if !result.complete => Answer::Unfinished,
        (Some(steps), _) => Answer::Wrong(steps),
        (None, Some(steps)) => Answer::Hangs(steps),
        (None, None) => Answer::Safe,
    }
}
