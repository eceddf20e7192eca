//! `[[edge]]`.

use failproof_model::job_graph::{JobEdge, ResultPartitionType, Storage};

use super::places::EdgePlaces;
use super::vertex::Names;
use crate::scenario_file::mistake::Read;
use crate::scenario_file::section::Section;
use crate::scenario_file::value::Value;

const KEYS: &[&str] = &["from", "to", "partitioner", "type", "storage"];

/// An edge between vertices as the file numbers them, and where it stands.
pub(super) struct Edge {
    pub(super) edge: JobEdge,
    pub(super) places: EdgePlaces,
}

/// Reads one edge.
pub(super) fn read(table: &Value<'_>, names: &Names) -> Read<Edge> {
    let section = Section::new(table.table()?, "the edge", table.span.clone(), KEYS)?;
    let from = section.require("from", "\"A\"")?;
    let to = section.require("to", "\"B\"")?;
    let partitioner = section.require("partitioner", "\"HASH\"")?;
    let result_type = section.setting("type", "result partition type")?;
    let edge = JobEdge {
        from: names.called(&from)?,
        to: names.called(&to)?,
        partitioner: partitioner.one_of("partitioner")?,
        result_type: result_type.unwrap_or(ResultPartitionType::Blocking),
        storage: section.setting("storage", "storage")?.unwrap_or(Storage::TaskManager),
    };
    let places = EdgePlaces {
        header: table.span.clone(),
        from: from.span,
        to: to.span,
        partitioner: partitioner.span,
        result_type: section.get("type").map(|value| value.span),
        storage: section.get("storage").map(|value| value.span),
    };
    Ok(Edge { edge, places })
}
