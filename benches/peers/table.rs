//! The comparison in Markdown.

use std::fmt::Write;

use failproof_checker::report::quantity::{bytes, count};

use crate::comparison::{Comparison, Row};

/// The first lines of the table.
const HEADING: &str = "\
| checker | threads | distinct states | seconds | states/s | peak memory | bytes/state | times Stateright BFS |
|---|---:|---:|---:|---:|---:|---:|---:|
";

/// One row for everyone who was measured. The last column is how many times faster than the fastest breadth-first
/// search by Stateright.
pub(crate) fn table(comparison: &Comparison) -> String {
    let mut table = HEADING.to_owned();
    let Some(counts) = comparison.counts() else { return table };
    let states = counts.distinct;
    let stateright = comparison.stateright_seconds();
    for row in comparison.rows() {
        let cells = cells(row, states, stateright);
        // A text takes whatever it is given.
        let _ = writeln!(table, "| {} |", cells.join(" | "));
    }
    table
}

fn cells(row: &Row, states: u64, stateright: Option<f64>) -> [String; 8] {
    let (seconds, (shortest, longest)) = (row.seconds(), row.range());
    let or_unknown = |text: Option<String>| text.unwrap_or_else(|| "unknown".to_owned());
    let peak = row.peak_bytes();
    [
        row.contestant.tool.to_string(),
        row.contestant.threads.to_string(),
        count(states),
        format!("{seconds:.2} ({shortest:.2}–{longest:.2})"),
        or_unknown(rate(states, seconds)),
        or_unknown(peak.map(|peak| bytes(peak as usize))),
        or_unknown(peak.map(|peak| format!("{:.1}", peak as f64 / states as f64))),
        or_unknown(stateright.and_then(|best| times(best, seconds))),
    ]
}

/// States a second; none if that took no time that could be measured.
fn rate(states: u64, seconds: f64) -> Option<String> {
    let rate = states as f64 / seconds;
    rate.is_finite().then(|| count(rate as u64))
}

fn times(slower: f64, faster: f64) -> Option<String> {
    let times = slower / faster;
    times.is_finite().then(|| format!("{times:.2}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::comparison::{Counts, Measurement};
    use crate::contestant::{Built, Contestant, Tool};

    fn contestant(tool: Tool, threads: usize) -> Contestant {
        Contestant { tool, threads }
    }

    #[test]
    fn a_row_for_each() {
        let (bfs, dfs) = (Tool::Built(Built::StaterightBfs), Tool::Built(Built::StaterightDfs));
        let measured = [
            (contestant(Tool::Built(Built::Failproof), 2), [1.0, 2.0, 1.25], Some(200 << 20)),
            (contestant(bfs, 1), [10.0, 11.0, 12.0], Some(829 << 20)),
            (contestant(bfs, 2), [10.0, 12.0, 11.5], Some(900 << 20)),
            (contestant(dfs, 1), [6.0, 6.0, 6.0], None),
            (contestant(Tool::Spin, 1), [0.0, 0.0, 0.01], Some(724 << 20)),
        ];
        let mut comparison = Comparison::default();
        for (contestant, times, peak_bytes) in measured {
            for seconds in times {
                let counts = Counts { distinct: 7_876_133, generated: 19_923_395 };
                let measurement = Measurement { counts, seconds, peak_bytes };
                comparison.add(contestant, measurement).unwrap();
            }
        }
        insta::assert_snapshot!(table(&comparison), @r"
        | checker | threads | distinct states | seconds | states/s | peak memory | bytes/state | times Stateright BFS |
        |---|---:|---:|---:|---:|---:|---:|---:|
        | failproof | 2 | 7,876,133 | 1.25 (1.00–2.00) | 6,300,906 | 200.0 MiB | 26.6 | 8.80 |
        | Stateright BFS | 1 | 7,876,133 | 11.00 (10.00–12.00) | 716,012 | 829.0 MiB | 110.4 | 1.00 |
        | Stateright BFS | 2 | 7,876,133 | 11.50 (10.00–12.00) | 684,881 | 900.0 MiB | 119.8 | 0.96 |
        | Stateright DFS | 1 | 7,876,133 | 6.00 (6.00–6.00) | 1,312,688 | unknown | unknown | 1.83 |
        | Spin | 1 | 7,876,133 | 0.00 (0.00–0.01) | unknown | 724.0 MiB | 96.4 | unknown |
        ");
    }

    #[test]
    fn the_readme_has_such_a_table() {
        let readme = include_str!("../../README.md");
        assert!(readme.contains(HEADING), "the README should contain\n\n{HEADING}");
    }
}
