//! The report that people read: a section a run, then a table of verdicts and what is to be said of all runs.
//!
//! Texts carry ANSI styles; the stream that they are written to takes them out where they are not wanted.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::time::Duration;

use failproof_model::state::FORMER_STEPS;

use super::quantity::{bytes, count, counted, rate, time};
use super::shell_word::shell_word;
use super::style::{self, BAD, DIM, GOOD, NAME, OPEN};
use super::table::{Cell, Table};
use super::walks;
use crate::assessment::{Assessment, OtherCount, assess, exit_code, other_counts};
use crate::exit_code::ExitCode;
use crate::run::result::{Bounds, PropertyResult, ScenarioResult, Verdict};

/// The section of one run.
pub fn section(result: &ScenarioResult, story: &str) -> String {
    let mut table = Table::indented(2);
    for property in result.properties.iter().filter(|property| is_shown(property)) {
        let verdict = Cell::from(verdict_name(property.verdict)).styled(style_of(property));
        table.push([verdict, remark(property).into()]);
    }
    if let Some(others) = others(result) {
        table.push([Cell::from("others").styled(DIM), others.into()]);
    }
    table.push([Cell::from("bounds").styled(DIM), bounds(&result.bounds).into()]);
    match &result.walks {
        Some(taken) => {
            for (label, text) in walks::rows(result, taken) {
                table.push([Cell::from(label).styled(DIM), text.into()]);
            }
        }
        None => {
            table.push([Cell::from("explored").styled(DIM), explored(result).into()]);
            if let Some(differs) = differs(result) {
                table.push([Cell::from("differs").styled(BAD), differs.into()]);
            }
            table.push([Cell::from("at most").styled(DIM), costs(result).into()]);
        }
    }
    for command in result.properties.iter().filter_map(replay_command) {
        table.push([Cell::from("replay").styled(DIM), command.into()]);
    }
    let heading = format!("{NAME}{}{NAME:#} {DIM}({}){DIM:#}", result.name, result.preset);
    let story = if story.is_empty() { String::new() } else { format!("  {story}\n") };
    format!("{heading}\n{story}{table}")
}

/// The end of a report: the table of verdicts, and what is to be said of all runs together.
pub fn summary(results: &[ScenarioResult], exit: ExitCode) -> String {
    let mut text = String::new();
    if results.is_empty() {
        text.push_str("nothing was explored\n");
    } else {
        let _ = write!(text, "{}\n{}", verdicts(results), totals(results));
    }
    let style = match exit {
        ExitCode::AsExpected => GOOD,
        ExitCode::Inconclusive | ExitCode::Vacuous | ExitCode::Interrupted => OPEN,
        _ => BAD,
    };
    let _ = writeln!(text, "{style}{}{style:#} (exit code {})", exit.meaning(), exit.number());
    text
}

/// A row a property that a scenario is about, or that is violated.
fn verdicts(results: &[ScenarioResult]) -> Table {
    let mut table =
        Table::headed(["scenario", "property", "verdict", "expected", "steps", "states", "bounds"]);
    for result in results {
        let mut rows: Vec<_> =
            result.properties.iter().filter(|it| is_shown(it)).map(property_cells).collect();
        if rows.is_empty() {
            rows.push(unnamed_cells(result));
        }
        for cells in rows {
            let states = Cell::number(count(result.states as u64));
            let bounds = Cell::from(short_bounds(&result.bounds));
            table.push(
                [Cell::from(result.name.as_str())].into_iter().chain(cells).chain([states, bounds]),
            );
        }
    }
    table
}

fn property_cells(property: &PropertyResult) -> [Cell; 4] {
    let expected = match (property.named, property.expected) {
        (_, Some(expected)) => verdict_name(expected),
        (true, None) => "holds",
        (false, None) => "",
    };
    [
        property.id.as_str().into(),
        Cell::from(verdict_name(property.verdict)).styled(style_of(property)),
        expected.into(),
        Cell::number(property.steps.map(|steps| count(steps as u64)).unwrap_or_default()),
    ]
}

/// For a scenario that is about no property in particular.
fn unnamed_cells(result: &ScenarioResult) -> [Cell; 4] {
    let (verdict, style) = match exit_code(result) {
        ExitCode::AsExpected => ("none violated", GOOD),
        ExitCode::Unexpected => ("none violated", BAD),
        ExitCode::Vacuous => ("vacuous", OPEN),
        _ => ("inconclusive", OPEN),
    };
    let all = format!("all {}", result.properties.len());
    [all.into(), Cell::from(verdict).styled(style), "".into(), "".into()]
}

fn totals(results: &[ScenarioResult]) -> String {
    let states = results.iter().map(|it| it.states).sum();
    let elapsed = results.iter().map(elapsed).sum();
    let as_expected = results.iter().filter(|it| exit_code(it) == ExitCode::AsExpected).count();
    let mut text = format!(
        "{}, {as_expected} as expected; {} in {}\n",
        counted(results.len(), "scenario"),
        counted(states, "state"),
        time(elapsed)
    );
    if results.iter().any(|result| result.walks.is_some()) {
        text.push_str(
            "states on walks are told apart by a fingerprint of 64 bits, for counting only\n",
        );
    } else {
        let _ = writeln!(text, "hash collisions: {}", collisions(results));
    }
    let never = never_fired(results);
    if !never.is_empty() {
        let _ = writeln!(text, "rules that never fired: {}", never.join(", "));
    }
    let unexpected = |result: &ScenarioResult| {
        let found = result.properties.iter().filter(|it| assess(it) == Assessment::Unexpected);
        found.filter_map(replay_command).collect::<Vec<_>>()
    };
    for command in results.iter().flat_map(unexpected) {
        let _ = writeln!(text, "to see what went wrong: {command}");
    }
    text
}

/// The chance that any run has overlooked a state.
fn collisions(results: &[ScenarioResult]) -> String {
    let chance: f64 = results.iter().map(|result| result.collision_chance).sum();
    if chance == 0.0 {
        return "none possible, states are compared as a whole".to_owned();
    }
    format!("a state was overlooked with a chance of about {chance:.0e}; of 0 with --exact")
}

/// Rules that fired in none of the runs, in their own order.
pub(super) fn never_fired(results: &[ScenarioResult]) -> Vec<&str> {
    let rules = || results.iter().flat_map(|result| &result.rules);
    let fired: BTreeSet<&str> =
        rules().filter(|rule| rule.fired > 0).map(|rule| rule.id.as_str()).collect();
    let mut never = Vec::new();
    for rule in rules().filter(|rule| !fired.contains(rule.id.as_str())) {
        if !never.contains(&rule.id.as_str()) {
            never.push(&rule.id);
        }
    }
    never
}

/// Whether a property gets a line of its own.
fn is_shown(property: &PropertyResult) -> bool {
    property.named || property.verdict == Verdict::Violated
}

/// As JSON and scenario files spell it.
pub fn verdict_name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Holds => "holds",
        Verdict::Violated => "violated",
        Verdict::Vacuous => "vacuous",
        Verdict::Inconclusive => "inconclusive",
    }
}

fn style_of(property: &PropertyResult) -> anstyle::Style {
    style::of(assess(property))
}

pub(super) fn remark(property: &PropertyResult) -> String {
    let steps = property.steps.map(|steps| match property.lasso {
        Some(lasso) if lasso + 1 < steps => {
            format!(" in {}, of which the last {} repeat", counted(steps, "step"), steps - lasso)
        }
        Some(_) => format!(" in {}, of which the last repeats", counted(steps, "step")),
        None => format!(" in {}", counted(steps, "step")),
    });
    let why = match (assess(property), property.expected) {
        (Assessment::Unexpected, Some(expected)) => {
            format!("; expected: {}", verdict_name(expected))
        }
        (Assessment::Unexpected, None) if property.named => "; expected: holds".to_owned(),
        (Assessment::Unexpected, None) => "; nobody expected that".to_owned(),
        (Assessment::AsExpected, Some(Verdict::Violated)) => ", as expected".to_owned(),
        (Assessment::Vacuous, _) => "; its trigger is never reached".to_owned(),
        _ => String::new(),
    };
    let longer = if property.shortest == Some(false) { " (there may be fewer)" } else { "" };
    format!("{}{}{longer}{why}", property.id, steps.unwrap_or_default())
}

/// How many of the properties without a line of their own have which verdict; the vacuous ones by name.
fn others(result: &ScenarioResult) -> Option<String> {
    let others = || result.properties.iter().filter(|property| !is_shown(property));
    let with = |verdict| others().filter(|it| it.verdict == verdict).collect::<Vec<_>>();
    let some = |found: Vec<&PropertyResult>, what: &str| {
        (!found.is_empty()).then(|| format!("{} {what}", found.len()))
    };
    let vacuous = with(Verdict::Vacuous);
    let ids: Vec<_> = vacuous.iter().map(|property| property.id.as_str()).collect();
    let ids = ids.join(", ");
    let parts = [
        some(with(Verdict::Holds), "hold"),
        some(with(Verdict::Inconclusive), "inconclusive"),
        some(vacuous, &format!("vacuous ({ids})")),
    ];
    let text = parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
    (!text.is_empty()).then_some(text)
}

/// All bounds, in one line.
pub fn bounds(bounds: &Bounds) -> String {
    let limits = bounds.fault_limits.iter().map(|(kind, n)| format!("{kind} {n}"));
    let limits = limits.collect::<Vec<_>>().join(", ");
    let faults = match limits.is_empty() {
        true => "no faults".to_owned(),
        false => format!("{} ({limits})", counted(bounds.faults.into(), "fault")),
    };
    let attempts = bounds.restart_attempts;
    let restarts = attempts.map(|n| format!("job fails after {}", counted(n.into(), "restart")));
    let fine = &bounds.fine;
    let grain = (!fine.is_empty()).then(|| format!("in steps of their own: {}", fine.join(", ")));
    let of_each = bounds.slots.iter().map(u8::to_string).collect::<Vec<_>>().join(", ");
    let slots = (!of_each.is_empty()).then(|| format!("slots {of_each}"));
    let prefix = bounds.prefix_steps;
    let prefix = (prefix > 0).then(|| format!("after a prefix of {}", counted(prefix, "step")));
    let pauses = bounds.fault_limits.contains_key("leader-pauses");
    let former = usize::from(FORMER_STEPS);
    let former = pauses.then(|| format!("{} of a former master", counted(former, "step")));
    let parts = [
        Some(counted(bounds.execution_vertices, "execution vertex")),
        Some(counted(bounds.task_managers, "TaskManager")),
        slots,
        Some(counted(bounds.rows, "row")),
        Some(faults),
        former,
        restarts,
        grain,
        prefix,
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// The bounds as far as they fit into a column.
fn short_bounds(bounds: &Bounds) -> String {
    let [vertices, tms, rows] = [bounds.execution_vertices, bounds.task_managers, bounds.rows];
    let faults = if bounds.fault_limits.is_empty() { 0 } else { bounds.faults };
    format!(
        "{vertices} tasks, {tms} TMs, {}, {}",
        counted(rows, "row"),
        counted(faults.into(), "fault")
    )
}

fn explored(result: &ScenarioResult) -> String {
    let elapsed = elapsed(result);
    let rate = rate(result.states, elapsed).map(|rate| format!(" ({rate})")).unwrap_or_default();
    let end = match &result.stopped_by {
        None if result.complete => "complete".to_owned(),
        None => "NOT COMPLETE".to_owned(),
        Some(limit) => format!("NOT COMPLETE: {limit}"),
    };
    let spilled = match result.spilled_bytes {
        0 => String::new(),
        spilled => format!(" and {} on a disk", bytes(spilled as usize)),
    };
    let reduced = match result.reductions.is_empty() {
        true if result.irreducible => " (cannot be reduced)".to_owned(),
        true => String::new(),
        false => format!(" (reduced: {})", result.reductions.join(", ")),
    };
    let fair = result
        .fair_states
        .map(|states| format!(", {} more for what is claimed of fair runs", count(states as u64)));
    format!(
        "{}{reduced} of {} generated, depth {}{}, in {}{rate}, {}{spilled}; {end}",
        counted(result.states, "state"),
        count(result.generated as u64),
        result.depth,
        fair.unwrap_or_default(),
        time(elapsed),
        bytes(result.memory_bytes)
    )
}

/// The counts that are not the expected ones.
fn differs(result: &ScenarioResult) -> Option<String> {
    let differs = other_counts(result).into_iter().map(|OtherCount { what, found, expected }| {
        format!("{what} {}, expected {}", count(found as u64), count(expected as u64))
    });
    let differs = differs.collect::<Vec<_>>().join("; ");
    (!differs.is_empty()).then_some(differs)
}

fn costs(result: &ScenarioResult) -> String {
    let most = |most: Option<u64>, noun: &str| match most {
        Some(n) => counted(usize::try_from(n).unwrap_or(usize::MAX), noun),
        None if result.costs_known => format!("any number of {noun}s"),
        None => format!("unknown {noun}s"),
    };
    format!(
        "{}, {}, {} stored",
        most(result.restarts_max, "restart"),
        most(result.task_reruns_max, "task rerun"),
        most(Some(result.stored_partitions_max), "partition")
    )
}

pub(super) fn elapsed(result: &ScenarioResult) -> Duration {
    Duration::from_millis(result.elapsed_ms)
}

/// The command that replays the violation of a property.
pub(super) fn replay_command(property: &PropertyResult) -> Option<String> {
    Some(format!("failproof replay {}", shell_word(property.trace.as_ref()?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;
    use crate::run::result::ExpectedCounts;

    fn plain(text: &str) -> String {
        anstream::adapter::strip_str(text).to_string()
    }

    #[test]
    fn a_section_says_everything_of_a_run() {
        let violated =
            section(&sample::violated(), "Consumers stay when their producer runs again.");
        let stopped = section(&sample::stopped(), "");
        insta::assert_snapshot!(plain(&format!("{violated}\n{stopped}")));
    }

    #[test]
    fn counts_that_are_not_the_expected_ones_are_named() {
        let holds = sample::property("p", false, Verdict::Holds, None);
        let mut result = sample::result("counted", vec![holds]);
        result.reductions.clear();
        result.expected.states = Some(result.states);
        assert!(!section(&result, "").contains("differs"));
        result.expected = ExpectedCounts { states: Some(12_346), generated: None, depth: Some(7) };
        let text = plain(&section(&result, ""));
        let line = text.lines().find(|line| line.starts_with("  differs")).unwrap();
        assert_eq!(line, "  differs   states 12,345, expected 12,346; depth 31, expected 7");
        let text = plain(&summary(&[result], ExitCode::Unexpected));
        assert!(text.contains("1 scenario, 0 as expected"), "{text}");
    }

    #[test]
    fn a_section_of_random_walks_says_which_they_were_and_what_they_left_out() {
        let mut few = sample::walked();
        if let Some(walks) = &mut few.walks {
            (walks.walks, walks.ended, walks.more_states) = (12, 12, false);
        }
        few.stopped_by = Some("random walks see a part only; interrupted".to_owned());
        few.rules.retain(|rule| rule.fired > 0);
        let [walked, few] = [sample::walked(), few].map(|result| section(&result, "A story."));
        insta::assert_snapshot!(plain(&format!("{walked}\n{few}")));
        insta::assert_snapshot!(plain(&summary(&[sample::walked()], ExitCode::Inconclusive)));
    }

    #[test]
    fn the_summary_ends_with_what_matters() {
        let unnamed = sample::property("p", false, Verdict::Holds, None);
        let vacuous = sample::property("q", true, Verdict::Vacuous, Some(Verdict::Holds));
        let results = [
            sample::violated(),
            sample::stopped(),
            sample::result("about-nothing", vec![unnamed]),
            sample::result("untested", vec![vacuous]),
        ];
        insta::assert_snapshot!(plain(&summary(&results, ExitCode::Unexpected)));
    }

    #[test]
    fn nothing_is_a_summary_too() {
        let text = plain(&summary(&[], ExitCode::Interrupted));
        assert_eq!(text, "nothing was explored\ninterrupted (exit code 130)\n");
    }

    #[test]
    fn a_path_that_a_shell_would_split_is_quoted() {
        let mut property = sample::property("p", true, Verdict::Violated, None);
        property.trace = Some("my traces/it's.json".to_owned());
        let command = replay_command(&property);
        assert_eq!(command.as_deref(), Some(r"failproof replay 'my traces/it'\''s.json'"));
    }
}
