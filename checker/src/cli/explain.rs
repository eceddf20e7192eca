//! `explain`: what an id stands for.

use std::fmt::Write;

use failproof_model::action::{RULES, Rule};
use failproof_model::design::{PRESETS, Preset, Strategy, preset};
use failproof_properties::About;
use failproof_traces::Trace;

use super::case::Case;
use super::context::Context;
use super::list::{STRATEGIES, StrategyEntry, strategy_id};
use super::problem::Problem;
use super::replay::repeats;
use super::session::explore;
use crate::defects::{Effect, HistoricDefect, Reach, defects, seed_text};
use crate::exit_code::ExitCode;
use crate::explore::Limits;
use crate::report::style::{DIM, NAME};
use crate::report::table::{Cell, Table};
use crate::scenario_file::ExpectedVerdict;
use crate::spelling::spelt;

/// Enough for the scenario of a property's counterexample, and soon over.
const LIMITS: Limits =
    Limits { states: Some(2_000_000), depth: None, time: None, memory_bytes: Some(2 << 30) };

/// Explain a property, a rule, a strategy, a preset, a defect or a built-in scenario.
///
/// Of a property: what it claims, where that comes from, and the story of the shortest counterexample, found anew in
/// the smallest built-in scenario that violates it. Of a defect: what went wrong, and the same in its own scenario.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: failproof explain outcome-is-transparent")]
pub(super) struct Args {
    /// What `failproof list` shows in its first column.
    id: String,
}

/// Explains.
pub(super) fn run(args: &Args, context: &mut Context<'_>) -> Result<ExitCode, Problem> {
    let id = args.id.as_str();
    let cases = Case::builtin(true)?;
    let catalogue = failproof_properties::catalogue();
    let mut texts = Vec::new();
    // An id may stand for several things, such as a strategy, the preset of it and a scenario about it.
    if let Some(about) = catalogue.iter().find(|about| about.id == id) {
        texts.push(property(about, &cases, context)?);
    }
    texts.extend(RULES.iter().find(|rule| rule.id == id).map(rule_text));
    texts.extend(STRATEGIES.iter().find(|it| it.id == id).map(strategy_text));
    texts.extend(preset(id).map(preset_text));
    if let Some(defect) = defects().find(|defect| defect.id == id) {
        texts.push(defect_text(defect, &cases, context)?);
    }
    texts.extend(cases.iter().find(|case| case.name() == id).map(scenario_text));
    if texts.is_empty() {
        let rules = RULES.iter().map(|rule| rule.id);
        let strategies = STRATEGIES.iter().map(|it| it.id);
        let presets = PRESETS.iter().map(|preset| preset.name);
        let ids = catalogue.iter().map(|about| about.id).chain(rules).chain(strategies);
        let ids = ids.chain(presets).chain(defects().map(|defect| defect.id));
        let ids = ids.chain(cases.iter().map(Case::name));
        let valid = "`failproof list --help` says what can be listed and explained";
        let what = "property, rule, strategy, preset, defect or scenario";
        return Err(Problem::unknown(what, id, ids, valid));
    }
    write!(context.out, "{}", texts.join("\n"))?;
    Ok(ExitCode::AsExpected)
}

/// A heading and lines with what they are about.
fn entry(heading: &str, lines: &[(&str, &str)]) -> String {
    let mut table = Table::indented(2);
    for (what, text) in lines {
        table.push([Cell::from(*what).styled(DIM), (*text).into()]);
    }
    format!("{NAME}{heading}{NAME:#}\n{table}")
}

fn property(about: &About, cases: &[Case], context: &mut Context<'_>) -> Result<String, Problem> {
    let kind = match about.kind {
        failproof_properties::Kind::Safety => "safety: violated by one state or one step",
        failproof_properties::Kind::Reachability => "reachability: violated where no goal is ahead",
        failproof_properties::Kind::Eventually => {
            "eventually: violated by a fair run without a goal"
        }
        failproof_properties::Kind::LeadsTo => {
            "leads-to: violated by a fair run that after the trigger never comes to a goal"
        }
    };
    let source = match about.source.contains("section") {
        true => format!("{}; sections of checker/docs/flink-failover.md", about.source),
        false => about.source.to_owned(),
    };
    let lines = [
        ("claims", about.statement),
        ("source", &source),
        ("kind", kind),
        ("trigger", about.trigger),
        ("broken by", about.breaks),
    ];
    let mut text = entry(about.id, &lines);
    let violated =
        |case: &&Case| case.file.expectation.verdict(about.id) == Some(ExpectedVerdict::Violated);
    // A design that breaks it says more than a defect that was seeded to break it, and a story from the beginning more
    // than one that begins in the middle.
    let simplest = |case: &&Case| {
        let states = case.file.expectation.states.unwrap_or(usize::MAX);
        let scenario = &case.file.scenario;
        (scenario.defect.is_some(), !scenario.prefix.is_empty(), states)
    };
    match cases.iter().filter(violated).min_by_key(simplest) {
        None => text.push_str("\nNo built-in scenario is expected to violate it.\n"),
        Some(case) => text.push_str(&story(about.id, case, context)?),
    }
    Ok(text)
}

fn defect_text(
    defect: &HistoricDefect,
    cases: &[Case],
    context: &mut Context<'_>,
) -> Result<String, Problem> {
    let tickets = match defect.tickets {
        [] => "none: a rule that is broken to see what guards it".to_owned(),
        tickets => tickets.join(", "),
    };
    let mut lines = vec![("went wrong", defect.happened), ("tickets", tickets.as_str())];
    let how = match defect.reach {
        Reach::Open { needs } => {
            lines.push(("not yet", needs));
            return Ok(entry(defect.id, &lines));
        }
        Reach::OutOfReach { reason } => {
            lines.push(("out of reach", reason));
            return Ok(entry(defect.id, &lines));
        }
        Reach::Seeded(how) => how,
    };
    let seed = seed_text(how.seed);
    let [with, without] = how.states()?.shown();
    let violated = format!("{}, in {} ({with} states)", how.effect, how.scenario);
    let sound = format!("failproof check {} --without-defect ({without} states)", how.scenario);
    lines.extend([("seed", seed.as_str()), ("violates", violated.as_str())]);
    let Effect::Violates(property) = how.effect else {
        lines.push(("without", &sound));
        return Ok(entry(defect.id, &lines));
    };
    lines.push(("holds without", &sound));
    let mut text = entry(defect.id, &lines);
    if let Some(case) = cases.iter().find(|case| case.name() == how.scenario) {
        text.push_str(&story(property, case, context)?);
    }
    Ok(text)
}

/// The counterexample that a scenario has, as a story.
fn story(property: &str, case: &Case, context: &mut Context<'_>) -> Result<String, Problem> {
    let result = explore(context, case, &LIMITS.into())?;
    let found = result.properties.into_iter().find(|it| it.id == property);
    let shortest = found.as_ref().and_then(|found| found.shortest);
    let Some(trace) = found.and_then(|property| property.counterexample) else {
        return Ok(format!("\n`{}` is expected to violate it, and does not.\n", case.name()));
    };
    let story = &case.file.scenario.story;
    let way = if shortest == Some(true) { "A shortest way" } else { "A way" };
    let mut text = format!("\n{way} to break it, in `{}`:\n{story}\n", case.name());
    if trace.steps.is_empty() {
        text.push_str("  It is broken where the run begins: no step is needed.\n");
    }
    let _ = write!(text, "{}", actions(&trace));
    if let Some(repeats) = repeats(&trace) {
        let _ = writeln!(text, "From here on {repeats}.");
    }
    let _ = writeln!(
        text,
        "To follow every state: failproof check {}, then the replay it names.",
        case.name()
    );
    Ok(text)
}

fn actions(trace: &Trace) -> Table {
    let mut table = Table::indented(2);
    for (index, step) in trace.steps.iter().enumerate() {
        table.push([Cell::number((index + 1).to_string()), step.action.as_str().into()]);
    }
    table
}

fn scenario_text(case: &Case) -> String {
    let lines = [("scenario", case.file.scenario.story.as_str())];
    format!("{}\n{}", entry(case.name(), &lines), case.file.text)
}

fn rule_text(rule: &Rule) -> String {
    let facts = format!("{} of checker/docs/flink-failover.md", rule.source());
    entry(
        rule.id,
        &[
            ("rule", rule.statement),
            ("facts", &facts),
            ("in traces", "a step that begins with this name"),
        ],
    )
}

/// The knobs of restart-pipelined-region, and what each decides.
const KNOBS: [(&str, &str); 5] = [
    (
        "consumers",
        "which consumers restart with a region: `always`, `only-if-nondeterministic` (behind a partitioner that is \
         declared so) or `never`",
    ),
    ("backtrack", "whether the producers of what cannot be read any more restart as well"),
    ("skip-created", "whether vertices in CREATED are left out (FLINK-19712)"),
    ("merge-cycles", "whether regions that wait for each other are one (FLINK-17330)"),
    (
        "availability",
        "what can be read again, besides what the failure names: `tracked-and-reconsumable` (FLINK-28701), `tracked` \
         (FLINK-14439) or `unnamed`, which is everything",
    ),
];

fn strategy_text(strategy: &StrategyEntry) -> String {
    let presets = PRESETS.iter().filter(|it| strategy_id(it.design.strategy) == strategy.id);
    let presets = presets.map(|preset| preset.name).collect::<Vec<_>>().join(", ");
    let mut lines = vec![
        ("strategy", "which tasks restart after a failure"),
        ("restarts", strategy.restarts),
        ("source", strategy.source),
        ("presets", &presets),
    ];
    if strategy.id == "restart-pipelined-region" {
        lines.extend(KNOBS);
    }
    entry(strategy.id, &lines)
}

fn preset_text(preset: &Preset) -> String {
    let design = &preset.design;
    let attempts = design.restart_attempts.map(|n| n.to_string());
    let mut lines = vec![
        ("preset", preset.source.to_owned()),
        ("strategy", strategy_id(design.strategy).to_owned()),
    ];
    if let Strategy::RestartPipelinedRegion(knobs) = design.strategy {
        lines.extend([
            ("consumers", spelt(&knobs.consumers)),
            ("backtrack", knobs.backtrack.to_string()),
            ("skip-created", knobs.skip_created.to_string()),
            ("merge-cycles", knobs.merge_cycles.to_string()),
            ("availability", spelt(&knobs.availability)),
        ]);
    }
    lines.extend([
        ("restart-attempts", attempts.unwrap_or_else(|| "any number".to_owned())),
        ("task-manager-loss", spelt(&design.task_manager_loss)),
        ("release-during-job", design.release_during_job.to_string()),
        ("restart-backoff", spelt(&design.restart_backoff)),
    ]);
    let lines: Vec<_> = lines.iter().map(|(what, text)| (*what, text.as_str())).collect();
    entry(preset.name, &lines)
}
