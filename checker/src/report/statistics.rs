//! What an exploration looked like: its rules, its levels, its branching.

use std::fmt::Write;

use super::quantity::count;
use super::style::DIM;
use super::table::{Cell, Table};
use crate::run::result::ScenarioResult;

/// Characters of the longest bar.
const BAR: u64 = 30;

/// Bars in a histogram; what would be more of them is put together.
const BARS_MAX: usize = 24;

/// The statistics of one run, for people.
pub fn statistics(result: &ScenarioResult) -> String {
    let mut text = format!("{}", rules(result));
    let levels = result.levels.iter().enumerate();
    let levels: Vec<_> = levels.map(|(level, &states)| (level + 1, states as u64)).collect();
    let _ = write!(text, "\n{}", histogram("depth", &levels));
    let branching = result.branching.iter().copied().enumerate();
    let branching: Vec<_> = branching.filter(|(_, states)| *states > 0).collect();
    let _ = write!(text, "\n{}", histogram("successors", &branching));
    text
}

fn rules(result: &ScenarioResult) -> Table {
    let mut table = Table::headed(["rule", "enabled", "fired", "new states"]);
    for rule in &result.rules {
        let numbers = [rule.enabled, rule.fired, rule.discovered];
        let numbers = numbers.map(|number| Cell::number(count(number)));
        table.push([Cell::from(rule.id.as_str())].into_iter().chain(numbers));
    }
    table
}

/// States by a number, with a bar for how many.
fn histogram(what: &str, states: &[(usize, u64)]) -> Table {
    let together = states.len().div_ceil(BARS_MAX).max(1);
    let rows: Vec<(String, u64)> = states
        .chunks(together)
        .map(|rows| (range(rows), rows.iter().map(|(_, states)| states).sum()))
        .collect();
    let most = rows.iter().map(|(_, states)| *states).max().unwrap_or(1).max(1);
    let mut table = Table::headed([what, "states", ""]);
    for (range, states) in rows {
        let bar = "#".repeat((states * BAR).div_ceil(most) as usize);
        table.push([Cell::number(range), Cell::number(count(states)), Cell::from(bar).styled(DIM)]);
    }
    table
}

/// `7`, or `7-9`.
fn range(rows: &[(usize, u64)]) -> String {
    match rows {
        [(first, _), .., (last, _)] => format!("{first}-{last}"),
        [(only, _)] => only.to_string(),
        [] => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn every_rule_and_every_level_is_told() {
        let mut result = sample::result("s", vec![]);
        result.levels = (1..=30).map(|level| level * level * 100).collect();
        let text = anstream::adapter::strip_str(&statistics(&result)).to_string();
        insta::assert_snapshot!(text);
    }
}
