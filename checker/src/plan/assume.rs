//! What a plan does not say, and what is taken instead: a sentence each.

use failproof_model::job_graph::{JobGraph, Operator, Partitioner};
use serde::Serialize;

use super::kind::PlanKind;
use super::read::Input;
use super::scenario::TASK_MANAGERS;
use super::ship::Exchange;
use super::words::{
    counted, edge_name, fewer_subtasks, listed, named_edges, named_vertices, single_consumers,
};
use super::{JobType, Options};

/// Something that the plan does not say and that was decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Assumption {
    /// What it is about.
    pub topic: Topic,
    /// What is assumed, for people: it names the vertices and exchanges that it is about.
    pub sentence: String,
}

/// What an assumption is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Topic {
    /// Parts of the job that the plan does not have.
    Completeness,
    /// Batch or streaming.
    JobType,
    /// Which operators run in one vertex.
    Chaining,
    /// Number of subtasks.
    Parallelism,
    /// Types of exchanges.
    Exchange,
    /// Which subtasks an exchange connects.
    DistributionPattern,
    /// How rows choose their consumer.
    Partitioner,
    /// Which exchanges read the same data.
    DataSetIdentity,
    /// Where stored data lives.
    Storage,
    /// What operators do to rows.
    Operator,
    /// Whether operators do the same again.
    Determinism,
    /// What sources read.
    Source,
    /// When sinks make rows visible.
    SinkCommit,
    /// Where subtasks run.
    Placement,
    /// Slot sharing and co-location.
    SlotSharing,
}

/// Everything that assumptions are made from.
pub(super) struct Facts<'a> {
    pub(super) kind: PlanKind,
    pub(super) job_type: JobType,
    pub(super) pending_operators: u64,
    pub(super) chains_inferred: bool,
    /// Of every vertex, whether Flink had not decided its parallelism.
    pub(super) undecided: Vec<bool>,
    /// Of every edge, what the plan says.
    pub(super) inputs: &'a [&'a Input],
    /// With the parallelism of the plan.
    pub(super) printed: &'a JobGraph,
    /// With the parallelism that was asked for.
    pub(super) job: &'a JobGraph,
    pub(super) options: &'a Options,
}

/// All assumptions, in the order of [`Topic`].
pub(super) fn all(facts: &Facts<'_>) -> Vec<Assumption> {
    use Topic as T;
    let job = facts.job;
    let topics: [(Topic, Vec<Option<String>>); 15] = [
        (T::Completeness, vec![completeness(facts)]),
        (T::JobType, vec![job_type(facts)]),
        (T::Chaining, vec![chaining(facts)]),
        (T::Parallelism, vec![undecided(facts), scaled(facts), no_choice(facts)]),
        (T::Exchange, vec![exchange(facts)]),
        (T::DistributionPattern, vec![distribution_pattern(job)]),
        (T::Partitioner, vec![custom(job), range(job), fixed_start(facts)]),
        (T::DataSetIdentity, vec![data_set_identity(job)]),
        (T::Storage, vec![storage(job)]),
        (T::Operator, vec![by_key(job), first_rows(job), row_by_row(job)]),
        (T::Determinism, vec![Some(determinism(job))]),
        (T::Source, vec![Some(source(facts))]),
        (T::SinkCommit, vec![Some(sink_commit(job))]),
        (T::Placement, vec![Some(placement())]),
        (T::SlotSharing, vec![Some(slot_sharing())]),
    ];
    let of_topic = |(topic, sentences): (Topic, Vec<Option<String>>)| {
        let sentences = sentences.into_iter().flatten();
        sentences.map(move |sentence| Assumption { topic, sentence })
    };
    topics.into_iter().flat_map(of_topic).collect()
}

fn completeness(facts: &Facts<'_>) -> Option<String> {
    let pending = facts.pending_operators;
    (pending > 0).then(|| {
        let pending = counted(usize::try_from(pending).unwrap_or(usize::MAX), "operator");
        format!(
            "Flink had not yet made job vertices of all operators when it printed the plan: \
             {pending} left out."
        )
    })
}

fn job_type(facts: &Facts<'_>) -> Option<String> {
    (facts.job_type == JobType::Unknown).then(|| {
        "The plan does not say whether this is a batch or a streaming job: it is taken for a \
         batch job."
            .to_owned()
    })
}

fn chaining(facts: &Facts<'_>) -> Option<String> {
    facts.chains_inferred.then(|| {
        "The plan shows operators before they are chained: an operator whose only input reaches \
         it by FORWARD with equal parallelism is taken to run in the vertex of that input, as \
         Flink does unless chaining is switched off or slot sharing groups differ."
            .to_owned()
    })
}

fn undecided(facts: &Facts<'_>) -> Option<String> {
    let undecided = named_vertices(facts.printed, |index| facts.undecided[index])?;
    Some(format!(
        "Flink had not decided every parallelism: taken is that of a vertex joined by FORWARD, or \
         else what was asked for, for {undecided}."
    ))
}

fn scaled(facts: &Facts<'_>) -> Option<String> {
    let changed = fewer_subtasks(facts.printed, facts.job)?;
    Some(format!(
        "The job is smaller than in the plan, as asked for: {changed}. What needs more subtasks \
         is not seen."
    ))
}

fn no_choice(facts: &Facts<'_>) -> Option<String> {
    let lost = single_consumers(facts.printed, facts.job)?;
    Some(format!("With a single consumer left the partitioner has nothing to choose: {lost}."))
}

fn exchange(facts: &Facts<'_>) -> Option<String> {
    let undefined = |index: usize| facts.inputs[index].exchange == Exchange::Undefined;
    let edges = facts.printed.edges.iter().enumerate().filter(|&(index, _)| undefined(index));
    let open = listed(edges.map(|(_, edge)| edge_name(facts.printed, edge)))?;
    let taken = match facts.job_type {
        JobType::Streaming => "pipelined_bounded, the type of streaming jobs",
        JobType::Batch | JobType::Unknown => {
            "blocking, the default of batch jobs (`execution.batch-shuffle-mode`)"
        }
    };
    let why = match facts.kind {
        PlanKind::ExecutionPlan => "This kind of plan does not tell the types of exchanges",
        _ => "The plan leaves the types of exchanges undefined",
    };
    Some(format!("{why}: taken is {taken}, for {open}."))
}

fn distribution_pattern(job: &JobGraph) -> Option<String> {
    (!job.edges.is_empty()).then(|| {
        "The plan does not say which subtasks an exchange connects: FORWARD and RESCALE are taken \
         as point-wise, all others as all-to-all."
            .to_owned()
    })
}

fn custom(job: &JobGraph) -> Option<String> {
    let custom = named_edges(job, |edge| edge.partitioner == Partitioner::Custom)?;
    Some(format!("CUSTOM is user code, taken as a function of the row: {custom}."))
}

fn range(job: &JobGraph) -> Option<String> {
    let range = named_edges(job, |edge| edge.partitioner == Partitioner::Range)?;
    Some(format!(
        "The boundaries of key ranges are taken to come from a sample that is drawn anew when the \
         producer starts from nothing: {range}."
    ))
}

fn fixed_start(facts: &Facts<'_>) -> Option<String> {
    let fixed = |index: usize| facts.inputs[index].ship_strategy.fixed_start;
    let edges = facts.printed.edges.iter().enumerate().filter(|&(index, _)| fixed(index));
    let fixed = listed(edges.map(|(_, edge)| edge_name(facts.printed, edge)))?;
    Some(format!(
        "The round robin of a DataSet program begins at the same consumer in every attempt; it is \
         taken for REBALANCE with a random start, which can do all of that and more: {fixed}."
    ))
}

fn data_set_identity(job: &JobGraph) -> Option<String> {
    let shared = named_vertices(job, |vertex| job.outputs(vertex).count() > 1)?;
    Some(format!(
        "The plan does not say whether consumers share a data set: taken is one data set for each \
         exchange, of {shared}."
    ))
}

fn storage(job: &JobGraph) -> Option<String> {
    job.edges.iter().any(|edge| edge.result_type.is_released_by_scheduler()).then(|| {
        "The plan does not say where data is stored: taken is the disk of the TaskManager that \
         produced it, not a remote shuffle service."
            .to_owned()
    })
}

fn by_key(job: &JobGraph) -> Option<String> {
    let by_key = named_vertices(job, |v| job.vertices[v].operator == Operator::PerKey)?;
    Some(format!(
        "Taken to make one row of each key, for the name says so and the only input is by HASH: \
         {by_key}."
    ))
}

fn first_rows(job: &JobGraph) -> Option<String> {
    let limits = named_vertices(job, |v| job.vertices[v].operator == Operator::Limit)?;
    Some(format!(
        "Taken to keep the row that arrives first, for it runs the Limit of the SQL planner: \
         {limits}."
    ))
}

fn row_by_row(job: &JobGraph) -> Option<String> {
    let per_row = named_vertices(job, |v| job.vertices[v].operator == Operator::PerRow)?;
    Some(format!(
        "The plan does not say what operators do. Taken to treat every row by itself, whatever \
         the order in which rows arrive: {per_row}."
    ))
}

fn determinism(job: &JobGraph) -> String {
    let ordered = named_vertices(job, |v| job.vertices[v].operator == Operator::Limit);
    let but = ordered.map_or(String::new(), |names| format!(" (of {names}: in the same order)"));
    format!(
        "Every operator is taken to produce the same rows again from the same rows{but}: no \
         clock, no random number, no look-up outside."
    )
}

fn source(facts: &Facts<'_>) -> String {
    let rows = counted(facts.options.rows.get(), "row");
    format!(
        "Each subtask of a source is taken to read {rows}, the same in every attempt, although \
         Flink may assign splits anew; every row has a key of its own."
    )
}

fn sink_commit(job: &JobGraph) -> String {
    let sinks = named_vertices(job, |v| job.vertices[v].sink.is_some()).unwrap_or_default();
    format!(
        "The plan does not say when sinks commit: taken is the end of the job, when all rows \
         become visible, for {sinks}."
    )
}

fn placement() -> String {
    format!(
        "The plan does not say where subtasks run: subtask k of every vertex is on TaskManager k \
         modulo {TASK_MANAGERS}, of {TASK_MANAGERS}."
    )
}

fn slot_sharing() -> String {
    "The plan does not tell slot sharing and co-location: there are slots for all subtasks, and \
     none are co-located."
        .to_owned()
}
