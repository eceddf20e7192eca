//! `co-location`: groups of vertices whose subtasks of equal index share a slot.

use super::vertex::Names;
use crate::scenario_file::mistake::{Mistake, MistakeKind, Read, Span};
use crate::scenario_file::section::Section;
use crate::scenario_file::value::Value;

/// One group.
pub(super) struct CoLocation {
    /// As the file numbers the vertices.
    pub(super) members: Vec<usize>,
    /// Where each of them is named.
    pub(super) places: Vec<Span>,
}

/// Reads the groups; a vertex is in one of them at most.
pub(super) fn read(root: &Section<'_>, names: &Names) -> Read<Vec<CoLocation>> {
    let Some(value) = root.get("co-location") else { return Ok(Vec::new()) };
    let mut seen = vec![None; names.len()];
    value.list()?.iter().map(|group| read_group(group, names, &mut seen)).collect()
}

fn read_group(group: &Value<'_>, names: &Names, seen: &mut [Option<Span>]) -> Read<CoLocation> {
    let entries = group.list()?;
    let mut members = Vec::new();
    for entry in &entries {
        let vertex = names.called(entry)?;
        if let Some(first) = seen[vertex].replace(entry.span.clone()) {
            let (what, name) = ("co-located vertex", names.get(vertex).to_owned());
            return Err(Mistake::new(MistakeKind::NamedTwice { what, name }, entry.span.clone())
                .related(first, "first here")
                .help("a vertex is in one co-location group at most, once"));
        }
        members.push(vertex);
    }
    if members.len() < 2 {
        return Err(group.mistake(MistakeKind::SmallCoLocation { members: members.len() }));
    }
    Ok(CoLocation { members, places: entries.into_iter().map(|entry| entry.span).collect() })
}
