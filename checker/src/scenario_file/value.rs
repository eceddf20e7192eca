//! One value of a file: its place, and what it is taken for.

use std::ops::RangeInclusive;

use serde::de::DeserializeOwned;
use toml_edit::{ArrayOfTables, Table, TableLike};

use super::mistake::{Mistake, MistakeKind, Read, Span, listed};
use super::names::{named, names_of, similar};

/// One value of a file.
#[derive(Clone)]
pub(super) struct Value<'a> {
    /// What stands there.
    pub(super) node: Node<'a>,
    /// What messages call it.
    pub(super) key: String,
    /// Where its key stands; for an entry of a list, the entry itself.
    pub(super) key_span: Span,
    /// Where it stands itself.
    pub(super) span: Span,
}

/// The three shapes of a TOML value.
#[derive(Clone, Copy)]
pub(super) enum Node<'a> {
    /// What stands behind a `=`.
    Value(&'a toml_edit::Value),
    /// A table under a header.
    Table(&'a Table),
    /// Tables under headers in double brackets.
    Tables(&'a ArrayOfTables),
}

impl<'a> Value<'a> {
    /// A text, whatever it says.
    pub(super) fn text(&self) -> Read<&'a str> {
        self.plain().and_then(|value| value.as_str()).ok_or_else(|| self.wrong_type("a string"))
    }

    /// `true` or `false`.
    pub(super) fn boolean(&self) -> Read<bool> {
        let boolean = self.plain().and_then(|value| value.as_bool());
        boolean.ok_or_else(|| self.wrong_type("`true` or `false`"))
    }

    /// An integer, whatever its size.
    pub(super) fn integer(&self) -> Read<i64> {
        let integer = self.plain().and_then(|value| value.as_integer());
        integer.ok_or_else(|| self.wrong_type("an integer"))
    }

    /// A number of something, within bounds.
    pub(super) fn count(&self, valid: RangeInclusive<usize>) -> Read<usize> {
        let value = self.integer()?;
        let count = usize::try_from(value).ok().filter(|count| valid.contains(count));
        let (min, max) = valid.into_inner();
        count.ok_or_else(|| {
            let bound = if max == usize::MAX { "or more".into() } else { format!("to {max}") };
            let (key, valid) = (self.key.clone(), format!("{min} {bound}"));
            self.mistake(MistakeKind::OutOfRange { key, value, valid })
        })
    }

    /// A number of something that the model can hold only so many of; `what` is what messages call
    /// it.
    pub(super) fn within(&self, min: usize, capacity: usize, what: &str) -> Read<usize> {
        let hint = |mistake: Box<Mistake>| match mistake.kind {
            MistakeKind::OutOfRange { .. } => {
                mistake.help(format!("the model can hold {capacity} {what}"))
            }
            _ => mistake,
        };
        self.count(min..=capacity).map_err(hint)
    }

    /// A number of something that the model keeps in a byte.
    pub(super) fn small_count(&self, valid: RangeInclusive<u8>) -> Read<u8> {
        let (min, max) = valid.into_inner();
        let count = self.count(usize::from(min)..=usize::from(max))?;
        Ok(u8::try_from(count).unwrap_or(max))
    }

    /// One of the settings of an enum; `what` is what messages call such a setting.
    pub(super) fn one_of<T: DeserializeOwned>(&self, what: &'static str) -> Read<T> {
        let name = self.text()?;
        named(name).ok_or_else(|| self.unknown_name(what, name, names_of::<T>().iter().copied()))
    }

    /// The entries of a list, be it in brackets or of tables under headers.
    pub(super) fn list(&self) -> Read<Vec<Value<'a>>> {
        let entry = |node, span: Option<Span>| {
            let span = span.unwrap_or_else(|| self.span.clone());
            Value { node, key: self.key.clone(), key_span: span.clone(), span }
        };
        match self.node {
            Node::Tables(tables) => {
                Ok(tables.iter().map(|table| entry(Node::Table(table), table.span())).collect())
            }
            Node::Value(toml_edit::Value::Array(array)) => {
                Ok(array.iter().map(|value| entry(Node::Value(value), value.span())).collect())
            }
            _ => Err(self.wrong_type("a list")),
        }
    }

    /// A table, be it in braces or under a header.
    pub(super) fn table(&self) -> Read<&'a dyn TableLike> {
        match self.node {
            Node::Table(table) => Ok(table),
            Node::Value(toml_edit::Value::InlineTable(table)) => Ok(table),
            _ => Err(self.wrong_type("a table")),
        }
    }

    /// This value is wrong.
    pub(super) fn mistake(&self, kind: MistakeKind) -> Box<Mistake> {
        Mistake::new(kind, self.span.clone())
    }

    /// This value is none of the names that are valid.
    pub(super) fn unknown_name<'b>(
        &self,
        what: &'static str,
        name: &str,
        valid: impl Iterator<Item = &'b str> + Clone,
    ) -> Box<Mistake> {
        let suggestion = similar(name, valid.clone());
        self.mistake(MistakeKind::UnknownName { what, name: name.to_owned() })
            .help(format!("valid are {}", listed(valid)))
            .suggest(suggestion.map(quoted))
    }

    /// The key of this value is none of the names that are valid.
    pub(super) fn unknown_key_name<'b>(
        &self,
        what: &'static str,
        valid: impl Iterator<Item = &'b str> + Clone,
    ) -> Box<Mistake> {
        let suggestion = similar(&self.key, valid.clone());
        let kind = MistakeKind::UnknownName { what, name: self.key.clone() };
        Mistake::new(kind, self.key_span.clone())
            .help(format!("valid are {}", listed(valid)))
            .suggest(suggestion.map(quoted_key))
    }

    fn plain(&self) -> Option<&'a toml_edit::Value> {
        match self.node {
            Node::Value(value) => Some(value),
            Node::Table(_) | Node::Tables(_) => None,
        }
    }

    fn wrong_type(&self, expected: &'static str) -> Box<Mistake> {
        let found = match self.node {
            Node::Table(_) | Node::Value(toml_edit::Value::InlineTable(_)) => "a table",
            Node::Tables(_) | Node::Value(toml_edit::Value::Array(_)) => "a list",
            Node::Value(toml_edit::Value::String(_)) => "a string",
            Node::Value(toml_edit::Value::Integer(_)) => "an integer",
            Node::Value(toml_edit::Value::Float(_)) => "a number with a fraction",
            Node::Value(toml_edit::Value::Boolean(_)) => "a boolean",
            Node::Value(toml_edit::Value::Datetime(_)) => "a date",
        };
        self.mistake(MistakeKind::WrongType { key: self.key.clone(), found, expected })
    }
}

/// A text as TOML writes it behind a `=`.
pub(super) fn quoted(text: &str) -> String {
    toml_edit::Value::from(text).to_string()
}

/// A text as TOML writes it before a `=`.
pub(super) fn quoted_key(text: &str) -> String {
    toml_edit::Key::new(text).display_repr().into_owned()
}
