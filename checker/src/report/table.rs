//! Text in columns.

use std::fmt;

use anstyle::Style;

/// One piece of text in one style.
#[derive(Clone, Debug, Default)]
pub struct Cell {
    text: String,
    style: Style,
    right: bool,
}

impl Cell {
    /// A number: aligned to the right.
    pub fn number(text: impl Into<String>) -> Cell {
        Cell { text: text.into(), style: Style::new(), right: true }
    }

    /// In this style.
    #[must_use]
    pub fn styled(self, style: Style) -> Cell {
        Cell { style, ..self }
    }

    fn width(&self) -> usize {
        self.text.chars().count()
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Cell {
        Cell { text: text.into(), ..Cell::default() }
    }
}

/// Rows of cells. Shown with two spaces between columns that are as wide as their widest cell, and none at line ends.
#[derive(Clone, Debug, Default)]
pub struct Table {
    rows: Vec<Vec<Cell>>,
    indent: usize,
}

impl Table {
    /// An empty table, every row of which begins with so many spaces.
    pub fn indented(indent: usize) -> Table {
        Table { rows: Vec::new(), indent }
    }

    /// A table with a heading.
    pub fn headed<const N: usize>(heading: [&str; N]) -> Table {
        let mut table = Table::default();
        let style = Style::new().underline();
        table.push(heading.map(|title| Cell::from(title).styled(style)));
        table
    }

    /// Adds a row.
    pub fn push(&mut self, row: impl IntoIterator<Item = Cell>) {
        self.rows.push(row.into_iter().collect());
    }

    fn widths(&self) -> Vec<usize> {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width =
            |column: usize| self.rows.iter().filter_map(|row| Some(row.get(column)?.width())).max();
        (0..columns).map(|column| width(column).unwrap_or(0)).collect()
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widths = self.widths();
        for row in &self.rows {
            let shown =
                row.iter().rposition(|cell| !cell.text.is_empty()).map_or(0, |last| last + 1);
            for (column, (cell, width)) in row[..shown].iter().zip(&widths).enumerate() {
                let (before, padding) =
                    (if column == 0 { self.indent } else { 2 }, width - cell.width());
                let left = before + if cell.right { padding } else { 0 };
                let right = if cell.right || column + 1 == shown { 0 } else { padding };
                let style = cell.style;
                write!(f, "{:left$}{style}{}{style:#}{:right$}", "", cell.text, "")?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_and_lines_end_with_text() {
        let mut table = Table::headed(["name", "states", "why"]);
        table.push(["a".into(), Cell::number("1,234"), "".into()]);
        table.push(["longer".into(), Cell::number("5"), "because".into()]);
        table.push(["b".into(), "".into(), "c".into()]);
        let text = anstream::adapter::strip_str(&table.to_string()).to_string();
        assert_eq!(
            text,
            "name    states  why\na        1,234\nlonger       5  because\nb               c\n"
        );
    }
}
