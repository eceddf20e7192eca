//! Reading a table key by key, with the place of everything that is read.

use serde::de::DeserializeOwned;
use toml_edit::{Item, Key, TableLike};

use super::mistake::{Mistake, MistakeKind, Read, Span, listed};
use super::names::similar;
use super::value::{Node, Value};

/// One table of a file.
pub(super) struct Section<'a> {
    table: &'a dyn TableLike,
    /// What messages call it.
    name: String,
    /// Its header.
    pub(super) span: Span,
    /// The table that says what this one does not.
    below: Option<Box<Section<'a>>>,
}

impl<'a> Section<'a> {
    /// A table that has no other keys than `keys`.
    pub(super) fn new(
        table: &'a dyn TableLike,
        name: impl Into<String>,
        span: Span,
        keys: &[&'static str],
    ) -> Read<Self> {
        let section = Section { table, name: name.into(), span, below: None };
        match section.entries().find(|entry| !keys.contains(&entry.key.as_str())) {
            Some(entry) => Err(section.unknown_key(&entry, keys)),
            None => Ok(section),
        }
    }

    /// The table that `value` is, with no other keys than `keys`.
    pub(super) fn of(value: &Value<'a>, keys: &[&'static str]) -> Read<Self> {
        Section::new(value.table()?, format!("[{}]", value.key), value.key_span.clone(), keys)
    }

    /// The table that `value` is, whose keys are names of something.
    pub(super) fn of_names(value: &Value<'a>) -> Read<Self> {
        let (table, name) = (value.table()?, format!("[{}]", value.key));
        Ok(Section { table, name, span: value.key_span.clone(), below: None })
    }

    /// Laid over another table, which says what this one does not.
    pub(super) fn over(self, below: Option<Section<'a>>) -> Self {
        Section { below: below.map(Box::new), ..self }
    }

    /// Everything in it, in the order of the file; of a table below it nothing.
    pub(super) fn entries(&self) -> impl Iterator<Item = Value<'a>> + use<'a> {
        let (table, fallback) = (self.table, self.span.clone());
        table.iter().filter_map(move |(key, _)| entry(table.get_key_value(key)?, &fallback))
    }

    /// The value of a key, if it is there.
    pub(super) fn get(&self, key: &str) -> Option<Value<'a>> {
        let below = || self.below.as_ref()?.get(key);
        self.table.get_key_value(key).and_then(|found| entry(found, &self.span)).or_else(below)
    }

    /// The value of a key that has to be there; `valid` tells whoever forgot it what to write.
    pub(super) fn require(&self, key: &'static str, valid: &str) -> Read<Value<'a>> {
        self.get(key).ok_or_else(|| self.missing(key).help(format!("add `{key} = {valid}`")))
    }

    /// A key that has to be there is not.
    pub(super) fn missing(&self, key: &'static str) -> Box<Mistake> {
        Mistake::new(MistakeKind::MissingKey { table: self.name.clone(), key }, self.span.clone())
    }

    /// One of the settings of an enum, if its key is there; `what` is what messages call such a
    /// setting.
    pub(super) fn setting<T: DeserializeOwned>(
        &self,
        key: &str,
        what: &'static str,
    ) -> Read<Option<T>> {
        self.get(key).map(|value| value.one_of(what)).transpose()
    }

    /// The same, or `base` where nothing is said.
    pub(super) fn setting_over<T: DeserializeOwned>(
        &self,
        key: &str,
        what: &'static str,
        base: T,
    ) -> Read<T> {
        Ok(self.setting(key, what)?.unwrap_or(base))
    }

    /// `true` or `false`, if its key is there.
    pub(super) fn boolean(&self, key: &str) -> Read<Option<bool>> {
        self.get(key).map(|value| value.boolean()).transpose()
    }

    fn unknown_key(&self, entry: &Value<'_>, keys: &[&'static str]) -> Box<Mistake> {
        let kind = MistakeKind::UnknownKey { table: self.name.clone(), key: entry.key.clone() };
        Mistake::new(kind, entry.key_span.clone())
            .help(format!("valid keys are {}", listed(keys.iter().copied())))
            .suggest(similar(&entry.key, keys.iter().copied()).map(str::to_owned))
    }
}

fn entry<'a>((key, item): (&Key, &'a Item), fallback: &Span) -> Option<Value<'a>> {
    let node = match item {
        Item::None => return None,
        Item::Value(value) => Node::Value(value),
        Item::Table(table) => Node::Table(table),
        Item::ArrayOfTables(tables) => Node::Tables(tables),
    };
    // A table that only its sub-tables mention has no place of its own.
    let key_span = key.span().or_else(|| item.span()).unwrap_or_else(|| fallback.clone());
    let span = item.span().unwrap_or_else(|| key_span.clone());
    Some(Value { node, key: key.get().to_owned(), key_span, span })
}
