//! Rewriting what a scenario is expected to turn out as, and nothing else of its file.

use std::fmt;

use toml_edit::{DocumentMut, Item, Table, TableLike, TomlError, Value};

use super::MistakenFile;
use super::expectation::Expectation;
use super::mistake::{Mistake, MistakeKind, Mistakes};

/// The file with another expectation. Comments, layout and all other keys stay as they are; what
/// did not change is not touched.
///
/// # Errors
/// The text is no TOML, or what it calls `expect` is no table.
pub fn bless(file: &str, text: &str, expectation: &Expectation) -> Result<String, MistakenFile> {
    rewrite(text, |document| rewrite_table(document, "expect", expectation))
        .map_err(|mistake| mistaken(file, text, mistake))
}

/// The file with another `[expect.without]`: what is expected of the twin of a scenario, whose own expectation is
/// `expectation`. See [`bless`].
///
/// # Errors
/// As those of [`bless`].
pub fn bless_without(
    file: &str,
    text: &str,
    expectation: &Expectation,
    twin: &Expectation,
) -> Result<String, MistakenFile> {
    let said = expectation.said_without(twin);
    rewrite(text, |document| rewrite_table(table_at(document, "expect")?, "without", &said))
        .map_err(|mistake| mistaken(file, text, mistake))
}

fn mistaken(file: &str, text: &str, mistake: Box<Mistake>) -> MistakenFile {
    let mistakes = Mistakes::from(mistake).sorted();
    MistakenFile { file: file.to_owned(), text: text.to_owned(), mistakes }
}

fn rewrite(
    text: &str,
    change: impl FnOnce(&mut dyn TableLike) -> Result<(), Box<Mistake>>,
) -> Result<String, Box<Mistake>> {
    let parsed: Result<DocumentMut, TomlError> = text.parse();
    let mut document = parsed.map_err(|error| Mistake::not_toml(&error))?;
    change(document.as_table_mut())?;
    if let Some(in_braces) = document.get_mut("expect").and_then(Item::as_inline_table_mut) {
        in_braces.fmt();
    }
    Ok(with_line_ends_of(text, &document.to_string()))
}

/// Rewrites the table `key` of `parent`.
fn rewrite_table(
    parent: &mut dyn TableLike,
    key: &str,
    expectation: &Expectation,
) -> Result<(), Box<Mistake>> {
    if *expectation == Expectation::default() && !parent.contains_key(key) {
        return Ok(());
    }
    let expect = table_at(parent, key)?;
    for (key, count) in expectation.counts() {
        // TOML knows no larger integers, and no exploration comes near.
        let count = count.map(|count| i64::try_from(count).unwrap_or(i64::MAX));
        set(expect, key, count.map(Value::from));
    }
    if !expectation.verdicts.is_empty() || expect.contains_key("verdicts") {
        rewrite_verdicts(table_at(expect, "verdicts")?, expectation);
    }
    Ok(())
}

/// `rewritten` with the line ends of Windows, if all of `text` has them: only `\n` is written.
fn with_line_ends_of(text: &str, rewritten: &str) -> String {
    let rewritten = rewritten.replace("\r\n", "\n");
    let windows = text.contains('\n') && text.matches('\n').count() == text.matches("\r\n").count();
    if windows { rewritten.replace('\n', "\r\n") } else { rewritten }
}

fn rewrite_verdicts(table: &mut dyn TableLike, expectation: &Expectation) {
    let ids: Vec<_> = table.iter().map(|(id, _)| id.to_owned()).collect();
    for id in ids.iter().filter(|&id| expectation.verdict(id).is_none()) {
        table.remove(id);
    }
    for (id, verdict) in &expectation.verdicts {
        set(table, id, Some(verdict.to_string().into()));
    }
}

/// The table of that name; if there is none, it is made at the end of the file.
fn table_at<'a>(
    parent: &'a mut dyn TableLike,
    key: &str,
) -> Result<&'a mut dyn TableLike, Box<Mistake>> {
    let item = parent.entry(key).or_insert_with(|| {
        let mut table = Table::new();
        table.set_position(Some(isize::MAX));
        Item::Table(table)
    });
    item.as_table_like_mut().ok_or_else(|| {
        let (key, found, expected) = (key.to_owned(), "something else", "a table");
        Mistake::new(MistakeKind::WrongType { key, found, expected }, 0..0)
    })
}

/// Gives `key` that value, or none, and leaves the spaces and comments around it alone.
fn set(table: &mut dyn TableLike, key: &str, value: Option<Value>) {
    match (value, table.get_mut(key)) {
        (None, _) => drop(table.remove(key)),
        (Some(value), Some(Item::Value(old))) => {
            if !same(old, &value) {
                let decor = old.decor().clone();
                *old = value;
                *old.decor_mut() = decor;
            }
        }
        (Some(value), _) => drop(table.insert(key, Item::Value(value))),
    }
}

/// Whether two values say the same, however they are written.
fn same(one: &Value, other: &Value) -> bool {
    (one.as_integer(), one.as_str()) == (other.as_integer(), other.as_str())
}

/// One difference between two expectations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// `states`, `generated`, `depth` or the id of a property.
    pub what: String,
    /// What was expected; `None`: nothing.
    pub before: Option<String>,
    /// What is expected now; `None`: nothing.
    pub after: Option<String>,
}

impl fmt::Display for Change {
    /// `states: 1234 -> 1240`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |side: &Option<String>| side.clone().unwrap_or_else(|| "none".to_owned());
        write!(f, "{}: {} -> {}", self.what, shown(&self.before), shown(&self.after))
    }
}

impl Expectation {
    /// What has to change to make `after` of this: counts, then properties. Empty: nothing.
    pub fn changes(&self, after: &Expectation) -> Vec<Change> {
        let counts = self.counts().into_iter().zip(after.counts());
        let counts = counts.map(|((key, before), (_, after))| {
            let shown = |count: Option<usize>| count.map(|count| count.to_string());
            Change { what: key.to_owned(), before: shown(before), after: shown(after) }
        });
        let added = after.verdicts.iter().filter(|(id, _)| self.verdict(id).is_none());
        let verdicts = self.verdicts.iter().chain(added).map(|(id, _)| {
            let shown = |side: &Expectation| side.verdict(id).map(|verdict| verdict.to_string());
            Change { what: id.clone(), before: shown(self), after: shown(after) }
        });
        counts.chain(verdicts).filter(|change| change.before != change.after).collect()
    }
}
