//! Plans as they are written: the fields that matter, of all formats together.

use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, Error, Visitor};

use super::error::{PlanError, PlanProblem};
use super::kind::without_position;
use super::name::shown;
use super::ship;
use super::source::Source;

/// An object with a plan in it.
#[derive(Deserialize)]
#[serde(expecting = "an object with a `plan`")]
pub(super) struct WireDetails {
    pub(super) plan: WirePlan,
    #[serde(rename = "job-type")]
    pub(super) job_type: Option<String>,
    #[serde(rename = "pending-operators")]
    pub(super) pending_operators: Option<u64>,
}

/// A plan.
#[derive(Deserialize)]
#[serde(expecting = "an object with `nodes`")]
pub(super) struct WirePlan {
    pub(super) name: Option<String>,
    #[serde(rename = "type")]
    pub(super) job_type: Option<String>,
    pub(super) nodes: Vec<WireNode>,
}

/// A node of a plan.
#[derive(Deserialize)]
#[serde(expecting = "an object with `id` and `parallelism`")]
pub(super) struct WireNode {
    pub(super) id: Id,
    pub(super) parallelism: i64,
    #[serde(alias = "contents")]
    pub(super) description: Option<String>,
    pub(super) job_vertex_id: Option<Id>,
    #[serde(alias = "predecessors")]
    pub(super) inputs: Option<Vec<WireInput>>,
}

/// An input of a node.
#[derive(Deserialize)]
#[serde(expecting = "an object with `id` and `ship_strategy`")]
pub(super) struct WireInput {
    pub(super) id: Id,
    pub(super) num: Option<u64>,
    pub(super) ship_strategy: Option<String>,
    pub(super) exchange: Option<String>,
}

/// An id: hexadecimal digits of a job vertex, or the number of an operator, with or without quotes.
pub(super) struct Id(pub(super) String);

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        struct IdVisitor;

        impl Visitor<'_> for IdVisitor {
            type Value = Id;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or a whole number")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Id, E> {
                Ok(Id(text.to_owned()))
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Id, E> {
                Ok(Id(number.to_string()))
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Id, E> {
                Ok(Id(number.to_string()))
            }
        }

        json.deserialize_any(IdVisitor)
    }
}

/// Reads the text as a `T`, and tells the way to what is not as it should be.
pub(super) fn deserialize<T: DeserializeOwned>(source: &Source<'_>) -> Result<T, PlanError> {
    let json = &mut serde_json::Deserializer::from_str(source.text);
    serde_path_to_error::deserialize(json).map_err(|error| {
        let path = match error.path().to_string() {
            root if root == "." => String::new(),
            path => path,
        };
        let problem = without_position(error.inner());
        let field = field_of(&problem).unwrap_or_else(|| path.rsplit('.').next().unwrap_or(""));
        let valid = valid_for(field);
        let problem = shown(&problem);
        PlanProblem::WrongType { problem, valid }.at(source.place_of(error.inner(), path))
    })
}

/// The field that serde names as missing or as standing twice.
fn field_of(problem: &str) -> Option<&str> {
    let rest = ["missing field `", "duplicate field `"]
        .iter()
        .find_map(|start| problem.strip_prefix(start))?;
    rest.split('`').next()
}

/// What a field of a plan has to be, in words.
fn valid_for(field: &str) -> &'static str {
    match field.split('[').next().unwrap_or(field) {
        "parallelism" => "a whole number from 1 to 32768, or -1 where Flink has not decided it",
        "id" | "job_vertex_id" => {
            "a string or a whole number, as Flink prints it, in every node and input"
        }
        "nodes" => "a list of objects, one a node, each with `id` and `parallelism`",
        "inputs" | "predecessors" => "a list of objects, each with `id` and `ship_strategy`",
        "plan" => "an object with `nodes`",
        "num" | "pending-operators" => "a whole number from 0",
        "ship_strategy" => ship::SHIP_STRATEGIES,
        "exchange" => ship::EXCHANGES,
        "type" | "job-type" => JOB_TYPES,
        "name" | "description" | "contents" => "a string",
        _ => "what Flink prints",
    }
}

/// What stands for the type of a job, in words.
pub(super) const JOB_TYPES: &str = "BATCH or STREAMING";
