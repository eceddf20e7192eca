//! The report of a sweep as people read it, in a terminal and on a page alike.

use std::fmt::Write;

use super::features::glossary;
use super::report::{Example, OfPolicy, Report};
use crate::report::quantity::count;

/// The report, in Markdown.
pub fn render(report: &Report) -> String {
    let mut text = extent(report);
    counts(&mut text, report);
    boundaries(&mut text, report);
    shapes(&mut text, report);
    text
}

fn extent(report: &Report) -> String {
    let Report { jobs_in_all, jobs, policies, complete, .. } = report;
    let jobs_said = match jobs == jobs_in_all {
        true => format!("All {} jobs within the bounds", count(*jobs as u64)),
        false => format!(
            "{} of {} jobs within the bounds",
            count(*jobs as u64),
            count(*jobs_in_all as u64)
        ),
    };
    let states: usize = policies.iter().map(|it| it.states).sum();
    let mut text =
        format!("{jobs_said}, {} policies, {} states.\n", policies.len(), count(states as u64));
    if !complete {
        text.push_str(
            "\nNot finished: nothing here is said of the jobs whose answer is unknown.\n",
        );
    }
    text
}

fn counts(text: &mut String, report: &Report) {
    text.push_str("\n| policy | jobs | safe | can be wrong | can hang | unknown | states |\n|---|");
    text.push_str(&"---:|".repeat(6));
    for it in &report.policies {
        let numbers = [it.jobs, it.safe, it.wrong, it.hangs, it.unknown, it.states];
        let numbers: Vec<String> = numbers.iter().map(|&n| count(n as u64)).collect();
        let _ = write!(text, "\n| {} | {} |", it.policy, numbers.join(" | "));
    }
    text.push('\n');
}

fn boundaries(text: &mut String, report: &Report) {
    for it in &report.policies {
        let OfPolicy { policy, wrong_if, hangs_if, .. } = it;
        let _ = writeln!(text, "\n- **{policy}**: wrong {wrong_if}.{}", shown(&it.smallest_wrong));
        let _ = writeln!(text, "  Hangs {hangs_if}.{}", shown(&it.smallest_hang));
    }
    let used = |word: &str| {
        let mut rules = report.policies.iter().flat_map(|it| [&it.wrong_if, &it.hangs_if]);
        rules.any(|rule| rule.contains(word))
    };
    let words: Vec<_> = glossary().filter(|(word, _)| used(word)).collect();
    if !words.is_empty() {
        text.push_str("\nWhat is said of edges:\n\n");
        words.iter().for_each(|(word, meaning)| {
            let _ = writeln!(text, "- *{word}*: {meaning}.");
        });
    }
}

fn shown(example: &Option<Example>) -> String {
    let Some(Example { job, steps, trace }) = example else { return String::new() };
    let steps = steps.map(|steps| format!(", {steps} steps")).unwrap_or_default();
    let trace = trace.as_ref().map(|trace| format!(": {trace}")).unwrap_or_default();
    format!(" Smallest: `{job}`{steps}{trace}.")
}

fn shapes(text: &mut String, report: &Report) {
    let policies: Vec<String> = report.policies.iter().map(|it| it.policy.to_string()).collect();
    let _ = write!(text, "\n| vertices joined so | jobs | {} |\n|---|---:|", policies.join(" | "));
    text.push_str(&"---|".repeat(policies.len()));
    for shape in &report.shapes {
        let jobs = shape.counts.iter().map(|counts| counts[0]).max().unwrap_or(0);
        let cell = |&[_, wrong, hangs]: &[usize; 3]| match (wrong, hangs) {
            (0, 0) => "safe".to_owned(),
            (0, hangs) => format!("{} hang", count(hangs as u64)),
            (wrong, 0) => format!("{} wrong", count(wrong as u64)),
            (wrong, hangs) => {
                format!("{} wrong, {} hang", count(wrong as u64), count(hangs as u64))
            }
        };
        let cells: Vec<String> = shape
            .counts
            .iter()
            .map(|counts| match counts[0] == jobs {
                true => cell(counts),
                false => format!("{} of {} known", cell(counts), count(counts[0] as u64)),
            })
            .collect();
        let _ =
            write!(text, "\n| {} | {} | {} |", shape.shape, count(jobs as u64), cells.join(" | "));
    }
    text.push('\n');
}
