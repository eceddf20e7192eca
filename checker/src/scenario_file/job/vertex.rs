//! `[[vertex]]`.

use failproof_model::job_graph::{JobVertex, Operator, SplitAssignment};

use super::places::VertexPlaces;
use super::within;
use crate::scenario_file::Capacity;
use crate::scenario_file::mistake::{Mistake, MistakeKind, Mistakes, Read, each};
use crate::scenario_file::section::Section;
use crate::scenario_file::value::Value;

const KEYS: &[&str] =
    &["name", "parallelism", "adaptive", "operator", "declared", "rows", "splits", "commit"];

/// A vertex and where it stands.
pub(super) struct Vertex {
    pub(super) vertex: JobVertex,
    pub(super) places: VertexPlaces,
}

/// Reads the vertices: at least one, and no more than the model can hold.
pub(super) fn read_all(root: &Section<'_>, capacity: &Capacity) -> Result<Vec<Vertex>, Mistakes> {
    let tables = root.require("vertex", "[{ name = \"A\", parallelism = 2, rows = 1 }]")?;
    let vertices = each(tables.list()?, |table| read(&table, capacity))?;
    if vertices.is_empty() {
        let help = "add a `[[vertex]]` with `name`, `parallelism` and `rows`";
        return Err(tables.mistake(MistakeKind::NoVertex).help(help).into());
    }
    let mut found = 0;
    for Vertex { vertex, places } in &vertices {
        found += vertex.parallelism;
        within("execution vertices", found, capacity.execution_vertices, &places.parallelism)?;
    }
    Ok(vertices)
}

fn read(table: &Value<'_>, capacity: &Capacity) -> Read<Vertex> {
    let section = Section::new(table.table()?, "the vertex", table.span.clone(), KEYS)?;
    let name = section.require("name", "\"A\"")?;
    let parallelism = section.require("parallelism", "2")?;
    let rows = section.get("rows");
    let splits = section.get("splits");
    let commit = section.get("commit");
    let vertex = JobVertex {
        name: read_name(&name)?,
        parallelism: parallelism.within(1, capacity.execution_vertices, "execution vertices")?,
        adaptive: section.boolean("adaptive")?.unwrap_or(false),
        operator: section.setting("operator", "operator")?.unwrap_or(Operator::PerRow),
        declared: section.setting("declared", "determinism")?,
        rows_per_subtask: rows
            .as_ref()
            .map_or(Ok(0), |rows| rows.within(0, capacity.rows, "rows"))?,
        splits: section.setting("splits", "split assignment")?.unwrap_or(SplitAssignment::Fixed),
        sink: commit.as_ref().map(|commit| commit.one_of("way to commit")).transpose()?,
    };
    let places = VertexPlaces {
        name: name.span,
        parallelism: parallelism.span,
        rows: rows.map(|rows| rows.span),
        splits: splits.map(|splits| splits.span),
        commit: commit.map(|commit| commit.span),
    };
    Ok(Vertex { vertex, places })
}

fn read_name(value: &Value<'_>) -> Read<String> {
    let name = value.text()?;
    if name.trim().is_empty() || name.contains(char::is_control) {
        let kind = MistakeKind::BadName { what: "name of a vertex", name: name.to_owned() };
        return Err(value
            .mistake(kind)
            .help("valid is one line that is not empty, without control characters"));
    }
    Ok(name.to_owned())
}

/// The names of all vertices; each vertex is called by its name elsewhere in the file.
pub(in crate::scenario_file) struct Names(Vec<String>);

impl Names {
    /// The names of `vertices`, which have to differ.
    pub(super) fn of(vertices: &[Vertex]) -> Read<Self> {
        for (index, Vertex { vertex, places }) in vertices.iter().enumerate() {
            let first = vertices[..index].iter().find(|other| other.vertex.name == vertex.name);
            if let Some(first) = first {
                let kind = MistakeKind::NamedTwice { what: "vertex", name: vertex.name.clone() };
                return Err(Mistake::new(kind, places.name.clone())
                    .related(first.places.name.clone(), "first here")
                    .help("the name of a vertex is unique in its job"));
            }
        }
        Ok(vertices.iter().map(|vertex| vertex.vertex.name.clone()).collect())
    }

    /// Number of vertices.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The name of a vertex.
    pub(super) fn get(&self, vertex: usize) -> &str {
        &self.0[vertex]
    }

    /// The vertex that a value names.
    pub(super) fn called(&self, value: &Value<'_>) -> Read<usize> {
        let name = value.text()?;
        self.position(name).ok_or_else(|| value.unknown_name("vertex", name, self.iter()))
    }

    /// The vertex that the key of a value names.
    pub(in crate::scenario_file) fn called_by_key(&self, value: &Value<'_>) -> Read<usize> {
        self.position(&value.key).ok_or_else(|| value.unknown_key_name("vertex", self.iter()))
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.0.iter().position(|known| known == name)
    }

    fn iter(&self) -> impl Iterator<Item = &str> + Clone {
        self.0.iter().map(String::as_str)
    }
}

impl FromIterator<String> for Names {
    fn from_iter<I: IntoIterator<Item = String>>(names: I) -> Self {
        Names(names.into_iter().collect())
    }
}
