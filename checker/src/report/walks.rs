//! What people read of random walks: which they were, what they have seen, and which rules they never took.

use super::human::{elapsed, never_fired};
use super::quantity::{count, counted, rate, time};
use crate::run::result::{ScenarioResult, WalksResult};

/// Rows of the section of a result, each with its label.
pub(super) fn rows(result: &ScenarioResult, walks: &WalksResult) -> Vec<(&'static str, String)> {
    let mut rows = vec![
        ("walked", walked(walks)),
        ("seen", seen(result, walks)),
        ("coverage", coverage(result)),
        ("explored", format!("NOT COMPLETE: {}", result.stopped_by.as_deref().unwrap_or_default())),
    ];
    rows.extend(walks.repeat.clone().map(|command| ("repeat", command)));
    rows
}

fn walked(walks: &WalksResult) -> String {
    let of = match walks.walks == walks.walks_max {
        true => String::new(),
        false => format!(" of {}", count(walks.walks_max)),
    };
    format!(
        "{}{of} walks of at most {} steps, seed {}; {} came to an end by themselves",
        count(walks.walks),
        count(walks.steps_max as u64),
        walks.seed,
        count(walks.ended)
    )
}

fn seen(result: &ScenarioResult, walks: &WalksResult) -> String {
    let more = if walks.more_states { "more than " } else { "" };
    let elapsed = elapsed(result);
    let rate = rate(result.generated, elapsed).map(|rate| format!(" ({rate})")).unwrap_or_default();
    format!(
        "{more}{} in {} steps, the longest walk {}, in {}{rate}",
        counted(result.states, "state"),
        count(walks.steps),
        counted(walks.longest, "step"),
        time(elapsed)
    )
}

fn coverage(result: &ScenarioResult) -> String {
    let never = never_fired(std::slice::from_ref(result));
    let all = result.rules.len();
    let fired = all - never.len();
    match never.is_empty() {
        true => format!("all {} fired", counted(all, "rule")),
        false => format!("{fired} of {} fired; never: {}", counted(all, "rule"), never.join(", ")),
    }
}
