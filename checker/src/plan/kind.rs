//! Which of Flink's formats a plan is in.

use serde::Serialize;
use serde_json::{Map, Value};

use super::error::{PlanError, PlanProblem};
use super::source::{JsonPath, Source};

/// A format in which Flink prints a job (section 9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlanKind {
    /// `POST /jars/:jarid/plan` and `GET /jobs/:jobid/plan`: a job plan under the key `plan`.
    JarPlan,
    /// The job plan itself.
    JobPlan,
    /// `GET /jobs/:jobid`: a job plan under the key `plan`, among much else.
    JobDetails,
    /// The `stream-graph` of `GET /jobs/:jobid` in 2.x: operators, of which some belong to job
    /// vertices already.
    StreamGraph,
    /// `getExecutionPlan()` of the client: operators, before they are chained.
    ExecutionPlan,
}

/// All formats, in words.
pub(super) const KINDS: &str = "the answers of Flink's REST API to /jars/:jarid/plan, \
     /jobs/:jobid/plan and /jobs/:jobid, the `plan` or `stream-graph` in them, and what \
     getExecutionPlan() returns";

impl PlanKind {
    /// Whether its nodes are operators, not job vertices.
    pub(super) fn is_of_operators(self) -> bool {
        matches!(self, PlanKind::StreamGraph | PlanKind::ExecutionPlan)
    }

    /// What it calls the inputs of a node.
    pub(super) fn inputs_key(self) -> &'static str {
        match self {
            PlanKind::ExecutionPlan => "predecessors",
            _ => "inputs",
        }
    }

    /// The way to its nodes.
    pub(super) fn nodes(self) -> JsonPath {
        let root = JsonPath::default();
        match self {
            PlanKind::JarPlan | PlanKind::JobDetails => root.key("plan").key("nodes"),
            _ => root.key("nodes"),
        }
    }
}

/// Tells the format by the keys that only it has.
///
/// # Errors
/// The text is not JSON, or no object with `nodes` or a `plan`.
pub(super) fn detect(source: &Source<'_>) -> Result<PlanKind, PlanError> {
    let value: Value = serde_json::from_str(source.text).map_err(|error| {
        let problem = without_position(&error);
        PlanProblem::NotJson { problem }.at(source.place_of(&error, String::new()))
    })?;
    let not_a_plan = |found| PlanProblem::NotAPlan { found, valid: KINDS }.at(source.whole());
    let object = match &value {
        Value::Object(object) => object,
        other => return Err(not_a_plan(format!("{} instead of an object", type_of(other)))),
    };
    if object.contains_key("plan") {
        let details = object.contains_key("vertices") || object.contains_key("state");
        return Ok(if details { PlanKind::JobDetails } else { PlanKind::JarPlan });
    }
    match object.get("nodes") {
        Some(nodes) => Ok(kind_of_nodes(object, nodes)),
        None => Err(not_a_plan(format!("an object with {}", keys_of(object)))),
    }
}

/// The format of an object that has `nodes` itself.
fn kind_of_nodes(plan: &Map<String, Value>, nodes: &Value) -> PlanKind {
    let nodes = nodes.as_array().map_or(&[][..], Vec::as_slice);
    let any_has =
        |keys: &[&str]| nodes.iter().any(|node| keys.iter().any(|&key| node.get(key).is_some()));
    if any_has(&["pact", "contents", "predecessors"]) {
        PlanKind::ExecutionPlan
    } else if plan.contains_key("jid") || any_has(&["operator_strategy", "optimizer_properties"]) {
        PlanKind::JobPlan
    } else if any_has(&["job_vertex_id", "operator"]) {
        PlanKind::StreamGraph
    } else {
        PlanKind::JobPlan
    }
}

/// What is wrong, without the line and column that serde_json appends.
pub(super) fn without_position(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let position = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&position).map(str::to_owned).unwrap_or(text)
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn keys_of(object: &Map<String, Value>) -> String {
    const SHOWN: usize = 6;
    let keys: Vec<_> =
        object.keys().take(SHOWN).map(|key| format!("`{}`", super::name::shown(key))).collect();
    match object.len() {
        0 => "no keys".to_owned(),
        count if count > SHOWN => format!("the keys {}, ...", keys.join(", ")),
        _ => format!("the keys {}", keys.join(", ")),
    }
}
