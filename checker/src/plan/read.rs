//! Gives the nodes of a plan their meaning. The formats differ in a few names; what a node means is
//! the same in all.

use std::collections::HashMap;

use super::JobType;
use super::error::{PlanError, PlanProblem};
use super::kind::PlanKind;
use super::name::shown;
use super::ship::{self, Exchange, ShipStrategy};
use super::source::{JsonPath, Source};
use super::wire::{JOB_TYPES, WireDetails, WireInput, WireNode, WirePlan, deserialize};

/// More subtasks than Flink takes (`KeyGroupRangeAssignment.UPPER_BOUND_MAX_PARALLELISM`).
const PARALLELISM_MAX: i64 = 1 << 15;

/// What Flink prints where the parallelism is not decided.
const UNDECIDED: i64 = -1;

/// A plan, checked node by node.
pub(super) struct Plan {
    pub(super) kind: PlanKind,
    pub(super) name: Option<String>,
    pub(super) job_type: JobType,
    /// Operators that Flink had not made into job vertices: they are in no node.
    pub(super) pending_operators: u64,
    pub(super) nodes: Vec<Node>,
}

/// A job vertex, or an operator.
pub(super) struct Node {
    pub(super) id: String,
    /// At least 1; `None` where Flink has not decided it.
    pub(super) parallelism: Option<usize>,
    pub(super) description: String,
    /// The job vertex that an operator belongs to, if it is decided.
    pub(super) job_vertex: Option<String>,
    pub(super) inputs: Vec<Input>,
    pub(super) path: JsonPath,
}

/// An input of a node.
pub(super) struct Input {
    /// Index of the node that it comes from.
    pub(super) from: usize,
    pub(super) ship_strategy: ShipStrategy,
    pub(super) exchange: Exchange,
    pub(super) path: JsonPath,
}

/// Reads a plan of the given format.
///
/// # Errors
/// A field is missing, of the wrong type or has no meaning; an id stands twice, or an input names
/// none.
pub(super) fn read(source: &Source<'_>, kind: PlanKind) -> Result<Plan, PlanError> {
    let (wire, details_type, pending) = match kind {
        PlanKind::JarPlan | PlanKind::JobDetails => {
            let details: WireDetails = deserialize(source)?;
            (details.plan, details.job_type, details.pending_operators)
        }
        PlanKind::JobPlan | PlanKind::StreamGraph | PlanKind::ExecutionPlan => {
            (deserialize::<WirePlan>(source)?, None, None)
        }
    };
    let reader = Reader { source, kind, ids: ids(source, kind, &wire.nodes)? };
    let type_path = match kind {
        PlanKind::JarPlan | PlanKind::JobDetails => JsonPath::default().key("plan").key("type"),
        _ => JsonPath::default().key("type"),
    };
    let job_type = match (&wire.job_type, &details_type) {
        (Some(text), _) => reader.job_type(text, &type_path)?,
        (None, Some(text)) => reader.job_type(text, &JsonPath::default().key("job-type"))?,
        (None, None) => JobType::Unknown,
    };
    let nodes = wire.nodes.into_iter().enumerate();
    let nodes = nodes.map(|(index, node)| reader.node(index, node)).collect::<Result<_, _>>()?;
    Ok(Plan { kind, name: wire.name, job_type, pending_operators: pending.unwrap_or(0), nodes })
}

/// The index of every id.
fn ids(
    source: &Source<'_>,
    kind: PlanKind,
    nodes: &[WireNode],
) -> Result<HashMap<String, usize>, PlanError> {
    if nodes.is_empty() {
        return Err(PlanProblem::Empty.at(source.place(&kind.nodes())));
    }
    let mut ids = HashMap::new();
    for (index, node) in nodes.iter().enumerate() {
        if ids.insert(node.id.0.clone(), index).is_some() {
            let place = source.place(&kind.nodes().index(index).key("id"));
            return Err(PlanProblem::DuplicateId { id: shown(&node.id.0) }.at(place));
        }
    }
    Ok(ids)
}

/// What is needed to give a node its meaning.
struct Reader<'a> {
    source: &'a Source<'a>,
    kind: PlanKind,
    ids: HashMap<String, usize>,
}

impl Reader<'_> {
    fn job_type(&self, text: &str, path: &JsonPath) -> Result<JobType, PlanError> {
        match text {
            "BATCH" => Ok(JobType::Batch),
            "STREAMING" => Ok(JobType::Streaming),
            _ => Err(self.unknown(path, "job type", text, JOB_TYPES)),
        }
    }

    fn node(&self, index: usize, node: WireNode) -> Result<Node, PlanError> {
        let path = self.kind.nodes().index(index);
        let of_operators = self.kind.is_of_operators();
        let parallelism = match node.parallelism {
            UNDECIDED => None,
            decided => Some(self.parallelism(decided, &path.key("parallelism"))?),
        };
        let mut inputs =
            node.inputs.unwrap_or_default().into_iter().enumerate().collect::<Vec<_>>();
        inputs.sort_by_key(|(position, input)| input.num.unwrap_or(*position as u64));
        let inputs_path = path.key(self.kind.inputs_key());
        let inputs = inputs.into_iter();
        let inputs = inputs
            .map(|(position, input)| self.input(&input, inputs_path.index(position)))
            .collect::<Result<_, _>>()?;
        Ok(Node {
            id: node.id.0,
            parallelism,
            description: node.description.unwrap_or_default(),
            job_vertex: node.job_vertex_id.filter(|_| of_operators).map(|id| id.0),
            inputs,
            path,
        })
    }

    fn parallelism(&self, decided: i64, path: &JsonPath) -> Result<usize, PlanError> {
        usize::try_from(decided)
            .ok()
            .filter(|_| (1..=PARALLELISM_MAX).contains(&decided))
            .ok_or_else(|| {
                let most = PARALLELISM_MAX;
                PlanProblem::Parallelism { parallelism: decided, most }.at(self.source.place(path))
            })
    }

    fn input(&self, input: &WireInput, path: JsonPath) -> Result<Input, PlanError> {
        let from = self.ids.get(&input.id.0).copied();
        let from = from.ok_or_else(|| self.dangling(&input.id.0, &path.key("id")))?;
        let strategy_path = path.key("ship_strategy");
        let text = input.ship_strategy.as_deref();
        let text =
            text.ok_or_else(|| self.missing(&strategy_path, "partitioner", ship::SHIP_STRATEGIES))?;
        let ship_strategy = ShipStrategy::parse(text).ok_or_else(|| {
            self.unknown(&strategy_path, "partitioner", text, ship::SHIP_STRATEGIES)
        })?;
        let exchange = self.exchange(input.exchange.as_deref(), &path.key("exchange"))?;
        Ok(Input { from, ship_strategy, exchange, path })
    }

    fn exchange(&self, text: Option<&str>, path: &JsonPath) -> Result<Exchange, PlanError> {
        const FIELD: &str = "type of the exchange";
        let (parse, valid): (fn(&str) -> Option<Exchange>, _) = match self.kind {
            PlanKind::ExecutionPlan => return Ok(Exchange::Undefined),
            PlanKind::StreamGraph => (ship::stream_exchange, ship::STREAM_EXCHANGES),
            _ => (ship::exchange, ship::EXCHANGES),
        };
        let text = text.ok_or_else(|| self.missing(path, FIELD, valid))?;
        parse(text).ok_or_else(|| self.unknown(path, FIELD, text, valid))
    }

    fn missing(&self, path: &JsonPath, field: &'static str, valid: &'static str) -> PlanError {
        PlanProblem::Missing { field, valid }.at(self.source.place(path))
    }

    fn unknown(
        &self,
        path: &JsonPath,
        what: &'static str,
        value: &str,
        valid: &'static str,
    ) -> PlanError {
        PlanProblem::Unknown { what, value: shown(value), valid }.at(self.source.place(path))
    }

    fn dangling(&self, id: &str, path: &JsonPath) -> PlanError {
        const SHOWN: usize = 4;
        let mut known: Vec<_> = self.ids.keys().collect();
        known.sort();
        let mut valid: Vec<_> = known.iter().take(SHOWN).map(|id| shown(id)).collect();
        if known.len() > SHOWN {
            valid.push("...".to_owned());
        }
        let place = self.source.place(path);
        PlanProblem::DanglingInput { id: shown(id), valid: valid.join(", ") }.at(place)
    }
}
