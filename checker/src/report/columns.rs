//! Runs in columns: a row a step, a column a process, and in it only what changed there.
//!
//! Where the columns would be too narrow to be read, the processes stand below each other.

use std::fmt::Write;

use anstyle::Style;

use super::style::{DIM, NAME};

/// Below this a column of changes cannot be read.
const NARROWEST: usize = 16;
/// Between two columns.
const GAP: usize = 2;

/// A step: its number, its action, and the changes in each process.
#[derive(Clone, Debug)]
pub struct Row {
    /// 0 for the beginning of a run.
    pub step: usize,
    /// In the notation of traces.
    pub action: String,
    /// For each process, a text a change.
    pub changes: Vec<Vec<String>>,
}

/// The text of a run on a terminal of that width, in columns if they fit.
pub fn columns(processes: &[String], rows: &[Row], width: usize) -> String {
    match widths(processes, rows, width) {
        Some(widths) => in_columns(processes, rows, &widths),
        None => stacked(processes, rows, width),
    }
}

/// The width of each column: what it needs, or where that is too much a fair share. None, if that cannot be read.
fn widths(processes: &[String], rows: &[Row], width: usize) -> Option<Vec<usize>> {
    let longest = |texts: &mut dyn Iterator<Item = usize>| texts.max().unwrap_or(0);
    let step = longest(&mut rows.iter().map(|row| row.step.to_string().len())).max("step".len());
    let action = longest(&mut rows.iter().map(|row| row.action.chars().count()));
    let mut wanted = vec![action.max("action".len())];
    for (process, name) in processes.iter().enumerate() {
        let texts = rows.iter().flat_map(|row| &row.changes[process]);
        let text = longest(&mut texts.map(|text| text.chars().count()));
        wanted.push(text.max(name.chars().count()));
    }
    let mut left = width.checked_sub(step + GAP * wanted.len())?;
    // Narrow columns take what they need, the others share what is left.
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by_key(|&column| wanted[column]);
    let mut given = vec![0; wanted.len()];
    for (served, &column) in order.iter().enumerate() {
        let share = left / (wanted.len() - served);
        given[column] = wanted[column].min(share);
        left -= given[column];
        if given[column] < wanted[column] && given[column] < NARROWEST {
            return None;
        }
    }
    Some([vec![step], given].concat())
}

fn in_columns(processes: &[String], rows: &[Row], widths: &[usize]) -> String {
    let mut text = String::new();
    let head = ["step", "action"].into_iter().chain(processes.iter().map(String::as_str));
    let head: Vec<Vec<String>> = head.map(|name| vec![name.to_owned()]).collect();
    put_lines(&mut text, &head, widths, Style::new().underline());
    for row in rows {
        let step = vec![format!("{:>1$}", row.step, widths[0])];
        let action = wrapped(&row.action, widths[1]);
        let changes = row.changes.iter().zip(&widths[2..]);
        let changes = changes.map(|(texts, &width)| {
            texts.iter().flat_map(|text| wrapped(text, width)).collect::<Vec<_>>()
        });
        let cells: Vec<_> = [step, action].into_iter().chain(changes).collect();
        put_lines(&mut text, &cells, widths, Style::new());
    }
    text
}

/// Writes cells of several lines side by side.
fn put_lines(text: &mut String, cells: &[Vec<String>], widths: &[usize], style: Style) {
    for line in 0..cells.iter().map(Vec::len).max().unwrap_or(0) {
        let last = cells.iter().rposition(|cell| cell.len() > line).unwrap_or(0);
        for (column, (cell, &width)) in cells[..=last].iter().zip(widths).enumerate() {
            let part = cell.get(line).map_or("", String::as_str);
            let padding = if column == last { 0 } else { width + GAP - part.chars().count() };
            let _ = write!(text, "{style}{part}{style:#}{:padding$}", "");
        }
        text.push('\n');
    }
}

fn stacked(processes: &[String], rows: &[Row], width: usize) -> String {
    let mut text = String::new();
    let longest = processes.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    for row in rows {
        let _ = writeln!(text, "{:>3}  {NAME}{}{NAME:#}", row.step, row.action);
        for (name, changes) in processes.iter().zip(&row.changes) {
            for change in changes {
                let indent = 5 + longest + GAP;
                let mut lines =
                    wrapped(change, width.saturating_sub(indent).max(NARROWEST)).into_iter();
                let first = lines.next().unwrap_or_default();
                let _ = writeln!(text, "     {DIM}{name:<longest$}{DIM:#}  {first}");
                lines.for_each(|line| {
                    let _ = writeln!(text, "{:indent$}{line}", "");
                });
            }
        }
    }
    text
}

/// A text in lines of at most that width, broken between words where it can be.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let (mut lines, mut line) = (Vec::new(), String::new());
    for word in text.split(' ') {
        let mut word: Vec<char> = word.chars().collect();
        let taken = line.chars().count();
        if taken > 0 && taken + 1 + word.len() > width {
            lines.push(std::mem::take(&mut line));
        }
        while word.len() > width {
            lines.push(word.drain(..width).collect());
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.extend(word);
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use anstream::adapter::strip_str;

    use super::*;

    fn run() -> (Vec<String>, Vec<Row>) {
        let row = |step, action: &str, changes: [&[&str]; 3]| {
            let texts = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
            Row { step, action: action.to_owned(), changes: changes.map(texts).into() }
        };
        let rows = vec![
            row(0, "(the run begins)", [&["A[0] RUNNING"], &["A[0] [Running], on TM0"], &[]]),
            row(
                1,
                "FinishTask A[0]",
                [&["A[0] FINISHED"], &["A[0]>C stored"], &["C[1] has read [r0 r1]"]],
            ),
        ];
        (["master", "TM0", "TM1"].map(str::to_owned).into(), rows)
    }

    fn shown(width: usize) -> String {
        let (processes, rows) = run();
        strip_str(&columns(&processes, &rows, width)).to_string()
    }

    #[test]
    fn what_changed_stands_below_its_process() {
        insta::assert_snapshot!("columns_100", shown(100));
    }

    #[test]
    fn wide_columns_share_what_is_left() {
        insta::assert_snapshot!("columns_80", shown(80));
    }

    #[test]
    fn where_columns_are_too_narrow_processes_are_stacked() {
        insta::assert_snapshot!("columns_40", shown(40));
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        for width in 40..140 {
            let text = shown(width);
            let longest = text.lines().map(|line| line.chars().count()).max().unwrap();
            assert!(longest <= width, "{width}: {text}");
        }
    }
}
