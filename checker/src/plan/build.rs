//! Makes a job graph of the vertices of a plan.

use std::num::NonZeroUsize;

use failproof_model::job_graph::{
    JobEdge, JobGraph, JobVertex, Partitioner, ResultPartitionType, SinkCommit, SplitAssignment,
    Storage,
};

use super::assume::{self, Facts};
use super::chain::{self, Vertex};
use super::error::{PlanError, PlanProblem};
use super::name::{readable, unique, vertex_name};
use super::operator;
use super::read::{Input, Plan};
use super::scale::scale;
use super::ship::Exchange;
use super::source::Source;
use super::{ImportedPlan, JobType, Options};

/// Makes the job of a plan, and says what was decided on the way.
///
/// # Errors
/// The vertices do not make a job graph, or their parallelism is undecided and the options do not
/// give it.
pub(super) fn build(
    source: &Source<'_>,
    plan: Plan,
    options: &Options,
) -> Result<ImportedPlan, PlanError> {
    let (kind, said_type, pending_operators) = (plan.kind, plan.job_type, plan.pending_operators);
    let job_type = if said_type == JobType::Unknown { options.job_type } else { said_type };
    let name = plan.name.as_deref().map(readable).filter(|name| !name.is_empty());
    let chained = chain::vertices(source, plan)?;
    let vertices = &chained.vertices;

    let names = unique(vertices.iter().map(|it| vertex_name(&it.operators, &it.id)).collect());
    let parallelism = decide(source, vertices, &names, options.parallelism)?;
    let undefined_type = match job_type {
        JobType::Streaming => ResultPartitionType::PipelinedBounded,
        JobType::Batch | JobType::Unknown => ResultPartitionType::Blocking,
    };
    let printed = JobGraph {
        edges: edges(vertices, undefined_type),
        vertices: job_vertices(vertices, &names, &parallelism, options),
        co_location: Vec::new(),
    };
    check_forward(source, vertices, &printed)?;
    printed.validate().map_err(|error| PlanProblem::from(error).at(source.whole()))?;
    let job = options.parallelism.map_or_else(|| printed.clone(), |most| scale(&printed, most));
    let inputs: Vec<&Input> = vertices.iter().flat_map(|vertex| &vertex.inputs).collect();
    let assumptions = assume::all(&Facts {
        kind,
        job_type,
        pending_operators,
        chains_inferred: chained.chains_inferred,
        undecided: vertices.iter().map(|vertex| vertex.parallelism.is_none()).collect(),
        inputs: &inputs,
        printed: &printed,
        job: &job,
        options,
    });
    Ok(ImportedPlan {
        name: name.unwrap_or_else(|| "job".to_owned()),
        kind,
        job_type,
        job,
        assumptions,
    })
}

/// The parallelism of every vertex: as printed, else that of what FORWARD joins it with, else as
/// asked for.
fn decide(
    source: &Source<'_>,
    vertices: &[Vertex],
    names: &[String],
    asked: Option<NonZeroUsize>,
) -> Result<Vec<usize>, PlanError> {
    let printed: Vec<_> = vertices.iter().map(|vertex| vertex.parallelism).collect();
    let known = spread_along_forward(vertices, printed);
    let each = known.into_iter().zip(vertices).zip(names);
    each.map(|((known, vertex), name)| {
        known.or(asked.map(NonZeroUsize::get)).ok_or_else(|| {
            let place = source.place(&vertex.path.key("parallelism"));
            PlanProblem::Undecided { vertex: name.clone() }.at(place)
        })
    })
    .collect()
}

/// Gives undecided vertices the parallelism of what FORWARD joins them with: vertices are in
/// topological order, so once forth and once back reaches everything along a path, and it is
/// repeated until nothing changes.
fn spread_along_forward(vertices: &[Vertex], mut known: Vec<Option<usize>>) -> Vec<Option<usize>> {
    let forward: Vec<_> = vertices
        .iter()
        .enumerate()
        .flat_map(|(to, vertex)| vertex.inputs.iter().map(move |input| (input, to)))
        .filter(|(input, _)| input.ship_strategy.partitioner == Partitioner::Forward)
        .map(|(input, to)| (input.from, to))
        .collect();
    loop {
        let before = known.clone();
        for &(from, to) in forward.iter().chain(forward.iter().rev()) {
            let both = known[from].or(known[to]);
            known[from] = known[from].or(both);
            known[to] = known[to].or(both);
        }
        if known == before {
            return known;
        }
    }
}

fn job_vertices(
    vertices: &[Vertex],
    names: &[String],
    parallelism: &[usize],
    options: &Options,
) -> Vec<JobVertex> {
    let mut is_read = vec![false; vertices.len()];
    vertices.iter().flat_map(|it| &it.inputs).for_each(|input| is_read[input.from] = true);
    let job_vertex = |(index, vertex): (usize, &Vertex)| {
        let inputs: Vec<_> =
            vertex.inputs.iter().map(|input| input.ship_strategy.partitioner).collect();
        JobVertex {
            name: names[index].clone(),
            parallelism: parallelism[index],
            operator: operator::class(&vertex.operators, &inputs),
            declared: None,
            rows_per_subtask: if inputs.is_empty() { options.rows.get() } else { 0 },
            splits: SplitAssignment::Fixed,
            adaptive: false,
            sink: (!is_read[index]).then_some(SinkCommit::AtJobEnd),
        }
    };
    vertices.iter().enumerate().map(job_vertex).collect()
}

/// The exchanges, in the order of their consumers and of the inputs of each.
fn edges(vertices: &[Vertex], undefined_type: ResultPartitionType) -> Vec<JobEdge> {
    let edge = |to: usize, input: &Input| JobEdge {
        from: input.from,
        to,
        partitioner: input.ship_strategy.partitioner,
        result_type: match input.exchange {
            Exchange::Of(result_type) => result_type,
            Exchange::Undefined => undefined_type,
        },
        storage: Storage::TaskManager,
    };
    let of_vertex = |(to, vertex): (usize, &Vertex)| {
        vertex.inputs.iter().map(|input| edge(to, input)).collect::<Vec<_>>()
    };
    vertices.iter().enumerate().flat_map(of_vertex).collect()
}

/// Refuses FORWARD between unequal parallelism, with the place in the plan that
/// [`JobGraph::validate`] cannot know.
fn check_forward(
    source: &Source<'_>,
    vertices: &[Vertex],
    job: &JobGraph,
) -> Result<(), PlanError> {
    let inputs = vertices.iter().flat_map(|vertex| &vertex.inputs);
    for (edge, input) in job.edges.iter().zip(inputs) {
        let (from, to) = (&job.vertices[edge.from], &job.vertices[edge.to]);
        if edge.partitioner == Partitioner::Forward && from.parallelism != to.parallelism {
            let problem = PlanProblem::UnequalForward {
                from: from.name.clone(),
                from_parallelism: from.parallelism,
                to: to.name.clone(),
                to_parallelism: to.parallelism,
            };
            return Err(problem.at(source.place(&input.path.key("ship_strategy"))));
        }
    }
    Ok(())
}
