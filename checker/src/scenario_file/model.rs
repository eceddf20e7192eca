//! What the model has against a scenario whose file is well formed: where it stands, and what would be valid.

use failproof_model::data::DataError;
use failproof_model::failover::{Failover, ModelError};
use failproof_model::regions::CoLocationError;
use failproof_model::strategy::StrategyError;
use toml_edit::Document;

use super::mistake::{Mistake, MistakeKind, Span};
use super::prefix;
use super::section::Section;
use super::{KEYS, MistakenFile, ScenarioFile};
use crate::run::{WithModel, with_model};

impl ScenarioFile {
    /// Makes the model of the scenario, which takes the prefix; `file` is what messages call the text.
    ///
    /// # Errors
    /// The model cannot hold the scenario, or a step of the prefix is not enabled where it is to be taken.
    pub fn check_model(&self, file: &str) -> Result<(), MistakenFile> {
        let Err(error) = with_model(&self.scenario, Made) else { return Ok(()) };
        Err(self.mistaken(file, *self.refusal(error)))
    }

    fn refusal(&self, error: ModelError) -> Box<Mistake> {
        let document = Document::parse(self.text.as_str()).ok();
        let root = document.as_ref().and_then(|document| {
            Section::new(document.as_table(), "the scenario", 0..0, KEYS).ok()
        });
        let place = |find: &dyn Fn(&Section<'_>) -> Option<Span>| {
            root.as_ref().and_then(find).unwrap_or_default()
        };
        match error {
            ModelError::Prefix { step, action, enabled } => {
                let place = place(&|root| step_of_prefix(root, step));
                prefix::not_enabled(place, step, action, &enabled)
            }
            ModelError::Strategy(StrategyError::CoLocation(apart)) => {
                let place = place(&|root| Some(root.get("co-location")?.span));
                Mistake::new(self.co_located_apart(apart), place).help(
                    "since Flink 1.12 co-located vertices are in one region: join them by pipelined edges",
                )
            }
            ModelError::TooLarge { what, found, max } => {
                let kind = MistakeKind::TooLarge { what, found, capacity: max };
                Mistake::new(kind, place(&last_edge)).help("use fewer edges, or less parallelism")
            }
            ModelError::NoTaskManagerLeft { .. } => {
                Mistake::new(MistakeKind::Model(error), place(&task_managers))
            }
            ModelError::ShownAtOnce { ref vertex } => {
                let place = place(&|root| of_vertex(root, vertex, "commit"));
                Mistake::new(MistakeKind::Model(error), place)
                    .help("give it inputs and `operator = \"per-row\"`, or another `commit`")
            }
            ModelError::Data(ref data) => {
                let place = place(&|root| of_vertex(root, vertex_of(data)?, "name"));
                Mistake::new(MistakeKind::Model(error), place)
            }
            _ => Mistake::new(MistakeKind::Model(error), 0..0),
        }
    }

    fn co_located_apart(
        &self,
        CoLocationError { first, other, .. }: CoLocationError,
    ) -> MistakeKind {
        let name = |vertex| self.scenario.job.subtask_name(vertex);
        MistakeKind::CoLocatedApart { one: name(first), other: name(other) }
    }
}

/// To be made is all that is asked of it.
struct Made;

impl WithModel for Made {
    type Output = ();

    fn with<const V: usize>(self, _: Failover<V>) {}
}

/// Where a step of the prefix stands; steps count from 1.
fn step_of_prefix(root: &Section<'_>, step: usize) -> Option<Span> {
    Some(root.get("prefix")?.list().ok()?.get(step - 1)?.span.clone())
}

fn last_edge(root: &Section<'_>) -> Option<Span> {
    Some(root.get("edge")?.list().ok()?.last()?.span.clone())
}

fn task_managers(root: &Section<'_>) -> Option<Span> {
    let cluster = Section::of_names(&root.get("cluster")?).ok()?;
    Some(cluster.get("task-managers")?.span)
}

/// Where a key of the vertex of that name stands.
fn of_vertex(root: &Section<'_>, name: &str, key: &str) -> Option<Span> {
    root.get("vertex")?.list().ok()?.iter().find_map(|vertex| {
        let section = Section::of_names(vertex).ok()?;
        section.get("name").filter(|it| it.text() == Ok(name))?;
        Some(section.get(key)?.span)
    })
}

fn vertex_of(error: &DataError) -> Option<&str> {
    match error {
        DataError::TooManyValues { vertex, .. }
        | DataError::TooManyRows { vertex, .. }
        | DataError::TooManyDraws { vertex, .. } => Some(vertex),
        DataError::TooManySourceRows { .. } => None,
    }
}
