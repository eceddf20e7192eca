//! Values as data spells them.

use serde::Serialize;

/// A value as scenario files, traces and reports spell it; nothing for one that has no name of its own.
pub(crate) fn spelt(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => text,
        _ => String::new(),
    }
}
