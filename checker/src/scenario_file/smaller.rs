//! The same scenario with less of something: what a run may be looked for in instead.

use toml_edit::{DocumentMut, Item, TableLike, Value};

use super::ScenarioFile;

/// A scenario with less in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Smaller {
    /// What there is less of, in words.
    pub what: String,
    /// The text of its file. It need not be a scenario: not everything can be left out.
    pub text: String,
}

impl ScenarioFile {
    /// Every scenario that has one fault, or one row of a source, less than this one. What is expected of it is left
    /// out: it is of this one.
    pub fn smaller(&self) -> Vec<Smaller> {
        let Ok(mut base) = self.text.parse::<DocumentMut>() else { return Vec::new() };
        base.remove("expect");
        let mut smaller = Vec::new();
        let faults = base.get("faults").and_then(Item::as_table_like);
        let kinds = faults.iter().flat_map(|faults| faults.iter());
        let kinds: Vec<String> = kinds.map(|(kind, _)| kind.to_owned()).collect();
        for kind in &kinds {
            let mut document = base.clone();
            let less = faults_of(&mut document).is_some_and(|faults| lower(faults, kind, 0));
            if less {
                smaller
                    .push(Smaller { what: format!("{kind} one less"), text: document.to_string() });
            }
        }
        for index in 0..self.scenario.job.vertices.len() {
            let mut document = base.clone();
            let vertex = document.get_mut("vertex").and_then(Item::as_array_of_tables_mut);
            let Some(vertex) = vertex.and_then(|all| all.get_mut(index)) else { continue };
            if lower(vertex, "rows", 1) {
                let name = &self.scenario.job.vertices[index].name;
                let what = format!("one row less of each {name}");
                smaller.push(Smaller { what, text: document.to_string() });
            }
        }
        smaller
    }
}

fn faults_of(document: &mut DocumentMut) -> Option<&mut dyn TableLike> {
    document.get_mut("faults").and_then(Item::as_table_like_mut)
}

/// Makes a number one less, if it is more than `least`. With the total go the limits that would be above it.
fn lower(table: &mut dyn TableLike, key: &str, least: i64) -> bool {
    let number = table.get(key).and_then(Item::as_integer);
    let Some(number) = number.filter(|&number| number > least) else { return false };
    if let Some(item) = table.get_mut(key) {
        *item = Item::Value(Value::from(number - 1));
    }
    if key == "total" {
        let kinds: Vec<String> = table.iter().map(|(kind, _)| kind.to_owned()).collect();
        for kind in kinds {
            if table.get(&kind).and_then(Item::as_integer).is_some_and(|limit| limit >= number)
                && let Some(item) = table.get_mut(&kind)
            {
                *item = Item::Value(Value::from(number - 1));
            }
        }
    }
    true
}
