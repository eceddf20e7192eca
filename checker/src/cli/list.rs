//! `list`: what there is.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use failproof_model::action::RULES;
use failproof_model::design::{PRESETS, Strategy};

use super::case::Case;
use super::context::Context;
use super::problem::Problem;
use crate::citations::{self, Witness, sections, witnesses};
use crate::defects::{self, Reach, defects};
use crate::exit_code::ExitCode;
use crate::masters;
use crate::page::refresh;
use crate::report::quantity::count;
use crate::report::style::NAME;
use crate::report::table::{Cell, Table};
use crate::run::Options;
use crate::scenario_file::Tier;

/// List what there is: scenarios, properties, rules, strategies, presets, defects, citations, or designs of masters.
///
/// Of the defects: which tickets they had, the property that is violated with them and holds without, in which
/// scenario and in how many states; last, what went wrong, and where the model does not show it, why. Of one that is
/// only dearer, what it costs in place of a property.
///
/// Of the sections of the facts: the rules that cite each, and of each rule the smallest built-in scenario in which it
/// fires; scenarios are explored to find that out.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: failproof list properties")]
pub(super) struct Args {
    /// What to list.
    #[arg(value_enum)]
    what: What,
    /// Write the defects, the citations or the designs of masters into their place on this page of the documentation
    /// instead.
    #[arg(long, value_name = "FILE")]
    page: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum What {
    /// The built-in scenarios, of both tiers.
    Scenarios,
    /// What must hold.
    Properties,
    /// What can happen, as in the steps of a trace.
    Rules,
    /// Which tasks restart after a failure.
    Strategies,
    /// Named combinations of a strategy and its knobs.
    Presets,
    /// What went wrong in real engines, and what shows it here.
    Defects,
    /// The sections of the facts, and the rules that implement them.
    Citations,
    /// What becomes of a job whose master is lost, by what the next one makes of it.
    Masters,
}

/// A strategy, as it is listed and explained.
pub(super) struct StrategyEntry {
    /// As scenario files call it.
    pub(super) id: &'static str,
    /// What it restarts.
    pub(super) restarts: &'static str,
    /// Where it comes from.
    pub(super) source: &'static str,
}

/// The strategies.
pub(super) const STRATEGIES: &[StrategyEntry] = &[
    StrategyEntry {
        id: "restart-all",
        restarts: "every task",
        source: "section 1.6 of checker/docs/flink-failover.md",
    },
    StrategyEntry {
        id: "restart-individual",
        restarts: "the failed task alone; refuses a job with exchanges",
        source: "section 1.3 of checker/docs/flink-failover.md",
    },
    StrategyEntry {
        id: "restart-pipelined-region",
        restarts: "the region of the failed task, and what its knobs add",
        source: "sections 1.2 and 1.3 of checker/docs/flink-failover.md",
    },
    StrategyEntry {
        id: "restart-affected",
        restarts: "regions, and of their consumers those that could see a difference; our own",
        source: "checker/docs/findings.md, a rule of our own",
    },
];

/// What scenario files call a strategy.
pub(super) const fn strategy_id(strategy: Strategy) -> &'static str {
    match strategy {
        Strategy::RestartAll => STRATEGIES[0].id,
        Strategy::RestartIndividual => STRATEGIES[1].id,
        Strategy::RestartPipelinedRegion(_) => STRATEGIES[2].id,
        Strategy::RestartAffected => STRATEGIES[3].id,
    }
}

/// Lists.
pub(super) fn run(args: &Args, context: &mut Context<'_>) -> Result<ExitCode, Problem> {
    if let Some(page) = &args.page {
        return write_page(args.what, page);
    }
    let table = match args.what {
        What::Scenarios => scenarios()?,
        What::Properties => properties(),
        What::Rules => rules(),
        What::Strategies => strategies(),
        What::Presets => presets(),
        What::Defects => list_defects()?,
        What::Citations => list_citations()?,
        What::Masters => list_masters()?,
    };
    write!(context.out, "{table}")?;
    Ok(ExitCode::AsExpected)
}

fn write_page(what: What, path: &Path) -> Result<ExitCode, Problem> {
    let (command, text) = match what {
        What::Defects => (defects::COMMAND, defects::render_markdown()?),
        What::Citations => (citations::COMMAND, citations::render_markdown(&witnesses()?)),
        What::Masters => (masters::COMMAND, masters::render_markdown(&explored()?)),
        _ => {
            let only = "only defects, citations and masters have a page: `failproof list defects --page FILE`";
            return Err(Problem::Refused(only.to_owned()));
        }
    };
    let page = fs::read_to_string(path).map_err(Problem::read(path))?;
    let refused = |error| Problem::Refused(format!("{}: {error}", path.display()));
    let fresh = refresh(&page, command, &text).map_err(refused)?;
    fs::write(path, fresh).map_err(Problem::write(path))?;
    Ok(ExitCode::AsExpected)
}

fn name(text: &str) -> Cell {
    Cell::from(text).styled(NAME)
}

fn scenarios() -> Result<Table, Problem> {
    let mut table = Table::headed(["scenario", "tier", "preset", "expected", "story"]);
    for case in Case::builtin(true)? {
        let tier = match case.file.tier {
            Tier::Quick => "quick",
            Tier::Full => "full",
        };
        let expected: BTreeSet<_> =
            case.file.expectation.verdicts.iter().map(|(_, verdict)| verdict.to_string()).collect();
        let expected = expected.into_iter().collect::<Vec<_>>().join(", ");
        let (preset, story) = (case.file.preset.as_str(), case.file.scenario.story.as_str());
        table.push([name(case.name()), tier.into(), preset.into(), expected.into(), story.into()]);
    }
    Ok(table)
}

fn properties() -> Table {
    let mut table = Table::headed(["property", "kind", "statement"]);
    for about in failproof_properties::catalogue() {
        table.push([name(about.id), about.kind.name().into(), about.statement.into()]);
    }
    table
}

fn rules() -> Table {
    let mut table = Table::headed(["rule", "facts in flink-failover.md", "statement"]);
    for rule in RULES {
        table.push([name(rule.id), rule.source().into(), rule.statement.into()]);
    }
    table
}

fn strategies() -> Table {
    let mut table = Table::headed(["strategy", "restarts"]);
    STRATEGIES.iter().for_each(|it| table.push([name(it.id), it.restarts.into()]));
    table
}

/// Those that are seeded first, then those that are to come, then those that are out of reach.
fn list_defects() -> Result<Table, Problem> {
    let heading = ["defect", "tickets", "property", "scenario", "states", "without", "what"];
    let mut table = Table::headed(heading);
    let mut rest = [Vec::new(), Vec::new()];
    for defect in defects() {
        let (id, tickets) = (name(defect.id), Cell::from(defect.tickets.join(", ")));
        let mut unseeded = |place: usize, why: &str| {
            let text = format!("{}; {}: {why}", defect.happened, defect.status());
            let none = || Cell::from("");
            let cells = [id.clone(), tickets.clone(), defect.status().into()];
            rest[place].push(cells.into_iter().chain([none(), none(), none(), text.into()]));
        };
        match defect.reach {
            Reach::Seeded(how) => {
                let [with, without] = how.states()?.shown().map(Cell::number);
                let shown = [how.effect.to_string().into(), how.scenario.into(), with, without];
                let what = Cell::from(defect.happened);
                table.push([id, tickets].into_iter().chain(shown).chain([what]));
            }
            Reach::Open { needs } => unseeded(0, &format!("it needs {needs}")),
            Reach::OutOfReach { reason } => unseeded(1, reason),
        }
    }
    rest.into_iter().flatten().for_each(|row| table.push(row));
    Ok(table)
}

/// A line a section and rule; one for a section that no rule cites.
fn list_citations() -> Result<Table, Problem> {
    let mut table = Table::headed(["section", "rule", "fires in", "heading; besides rules"]);
    let witnesses = witnesses()?;
    for section in sections() {
        let besides = section.elsewhere().map(|what| format!("; {what}")).unwrap_or_default();
        let mut heading = format!("{}{besides}", section.title);
        let cites = |it: &&Witness| it.rule.sections.contains(&section.number);
        let mut cells: Vec<[Cell; 2]> = witnesses
            .iter()
            .filter(cites)
            .map(|it| [it.rule.id.into(), it.scenario.as_deref().unwrap_or("nowhere").into()])
            .collect();
        if cells.is_empty() {
            cells.push(["".into(), "".into()]);
        }
        for [rule, scenario] in cells {
            let heading = std::mem::take(&mut heading);
            table.push([name(section.number), rule, scenario, heading.into()]);
        }
    }
    Ok(table)
}

/// Every cell, with what was found of it.
fn explored() -> Result<Vec<(masters::Cell, masters::Found)>, Problem> {
    let cells = masters::cells().map_err(|error| Problem::Internal(error.to_string()))?;
    let explore = |cell: masters::Cell| {
        let found = cell.explore(&Options::default());
        let found = found.map_err(|error| Problem::Internal(error.to_string()))?;
        Ok((cell, found))
    };
    cells.into_iter().map(explore).collect()
}

/// A line a job, what is lost of it, and a design.
fn list_masters() -> Result<Table, Problem> {
    let mut table = Table::headed(["job", "lost", "design", "answer", "states"]);
    for (cell, found) in explored()? {
        let states = Cell::number(count(found.states as u64));
        let answer = found.answer.to_string();
        let names = [cell.job, cell.loss, cell.design].map(|part| Cell::from(part.name));
        table.push(names.into_iter().chain([answer.into(), states]));
    }
    Ok(table)
}

fn presets() -> Table {
    let mut table = Table::headed(["preset", "strategy", "source"]);
    for preset in PRESETS {
        let strategy = strategy_id(preset.design.strategy);
        table.push([name(preset.name), strategy.into(), preset.source.into()]);
    }
    table
}
