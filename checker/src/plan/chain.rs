//! Puts the nodes of a plan together into job vertices, in topological order.

use std::collections::HashMap;

use failproof_model::job_graph::Partitioner;

use super::error::{PlanError, PlanProblem};
use super::name::{operators_of, operators_of_html, shown, vertex_name};
use super::order::topological;
use super::read::{Input, Node, Plan};
use super::source::{JsonPath, Source};

/// A job vertex of a plan.
pub(super) struct Vertex {
    pub(super) id: String,
    /// At least 1; `None` where Flink has not decided it.
    pub(super) parallelism: Option<usize>,
    /// Descriptions of what it runs, in order.
    pub(super) operators: Vec<String>,
    /// `from` is the index of a vertex before this one.
    pub(super) inputs: Vec<Input>,
    pub(super) path: JsonPath,
}

/// The job vertices of a plan.
pub(super) struct Vertices {
    /// In an order that does not depend on the order of the nodes.
    pub(super) vertices: Vec<Vertex>,
    /// Whether operators were chained although the plan does not say that they are.
    pub(super) chains_inferred: bool,
}

/// Makes job vertices of the nodes of a plan, whether they are that already or operators that run
/// in chains.
///
/// # Errors
/// The inputs form a cycle, or the operators of one job vertex differ in parallelism.
pub(super) fn vertices(source: &Source<'_>, plan: Plan) -> Result<Vertices, PlanError> {
    let operators: Vec<_> = plan.nodes.iter().map(|node| operators_in(node, &plan)).collect();
    let graph = Graph { source, nodes: &plan.nodes, operators: &operators };
    let inputs: Vec<Vec<_>> = plan.nodes.iter().map(input_nodes).collect();
    let order = topological(&inputs, |node| id_key(&plan.nodes[node].id))
        .map_err(|cycle| graph.cycle(&cycle, |node| node))?;
    let chains = Chains::of(&plan, &order);
    graph.check_parallelism(&chains)?;

    let members = chains.members(&order);
    let inputs: Vec<Vec<_>> = members.iter().map(|nodes| chains.inputs(nodes, &inputs)).collect();
    let id = |chain: usize| chain_id(&plan.nodes[members[chain][0]]);
    let order = topological(&inputs, |chain| id_key(id(chain)))
        .map_err(|cycle| graph.cycle(&cycle, |node| chains.of_node[node]))?;

    let mut position = vec![0; order.len()];
    order.iter().enumerate().for_each(|(index, &chain)| position[chain] = index);
    let position_of_node: Vec<_> = chains.of_node.iter().map(|&chain| position[chain]).collect();
    let chains_inferred = chains.inferred;
    let mut nodes: Vec<_> = plan.nodes.into_iter().zip(operators).map(Some).collect();
    let vertices = order
        .iter()
        .map(|&chain| members[chain].iter().filter_map(|&node| nodes[node].take()).collect())
        .enumerate()
        .filter_map(|(index, nodes)| vertex(index, nodes, &position_of_node))
        .collect();
    Ok(Vertices { vertices, chains_inferred })
}

/// Joins the nodes of a chain, of which the first is its head.
fn vertex(index: usize, nodes: Vec<(Node, Vec<String>)>, of_node: &[usize]) -> Option<Vertex> {
    let (head, _) = nodes.first()?;
    let (id, parallelism) = (chain_id(head).to_owned(), head.parallelism);
    let path = head.path.clone();
    let (mut operators, mut inputs) = (Vec::new(), Vec::new());
    for (node, more) in nodes {
        operators.extend(more);
        let outside = node.inputs.into_iter().filter(|input| of_node[input.from] != index);
        inputs.extend(outside.map(|input| Input { from: of_node[input.from], ..input }));
    }
    Some(Vertex { id, parallelism, operators, inputs, path })
}

/// Which chain every node is in.
struct Chains {
    of_node: Vec<usize>,
    count: usize,
    inferred: bool,
}

impl Chains {
    /// Operators of one job vertex are a chain; those of none yet are chained as Flink would.
    fn of(plan: &Plan, order: &[usize]) -> Chains {
        let mut chains = Chains { of_node: vec![0; order.len()], count: 0, inferred: false };
        let mut of_job_vertex = HashMap::new();
        for &node in order {
            let known = match &plan.nodes[node].job_vertex {
                Some(id) => of_job_vertex.get(id).copied(),
                None => chains.continued(plan, node),
            };
            chains.of_node[node] = known.unwrap_or(chains.count);
            chains.count += usize::from(known.is_none());
            if let Some(id) = &plan.nodes[node].job_vertex {
                of_job_vertex.insert(id, chains.of_node[node]);
            }
        }
        chains
    }

    /// The chain that an operator of no job vertex continues: that of its only input, if FORWARD
    /// joins them with equal parallelism (section 9.5, and
    /// `StreamingJobGraphGenerator.isChainable`).
    fn continued(&mut self, plan: &Plan, node: usize) -> Option<usize> {
        let node = &plan.nodes[node];
        let [input] = node.inputs.as_slice() else { return None };
        let before = &plan.nodes[input.from];
        let chained = plan.kind.is_of_operators()
            && before.job_vertex.is_none()
            && input.ship_strategy.partitioner == Partitioner::Forward
            && before.parallelism == node.parallelism;
        self.inferred |= chained;
        chained.then(|| self.of_node[input.from])
    }

    /// The nodes of every chain, in the given order.
    fn members(&self, order: &[usize]) -> Vec<Vec<usize>> {
        let mut members = vec![Vec::new(); self.count];
        order.iter().for_each(|&node| members[self.of_node[node]].push(node));
        members
    }

    /// The chains that the given nodes of one chain read, other than it.
    fn inputs(&self, nodes: &[usize], inputs: &[Vec<usize>]) -> Vec<usize> {
        let inputs =
            nodes.iter().flat_map(|&node| inputs[node].iter().map(move |&from| (node, from)));
        let inputs = inputs.map(|(node, from)| (self.of_node[node], self.of_node[from]));
        inputs.filter(|(own, from)| own != from).map(|(_, from)| from).collect()
    }
}

/// What errors about several nodes need.
struct Graph<'a> {
    source: &'a Source<'a>,
    nodes: &'a [Node],
    operators: &'a [Vec<String>],
}

impl Graph<'_> {
    fn check_parallelism(&self, chains: &Chains) -> Result<(), PlanError> {
        let printed = |node: &Node| node.parallelism.map_or(-1, |decided| decided as i64);
        let mut first = vec![None; chains.count];
        for (index, node) in self.nodes.iter().enumerate() {
            let other = *first[chains.of_node[index]].get_or_insert(printed(node));
            if other != printed(node) {
                let (id, parallelism) = (shown(chain_id(node)), printed(node));
                let place = self.source.place(&node.path.key("parallelism"));
                return Err(PlanProblem::UnequalChain { id, parallelism, other }.at(place));
            }
        }
        Ok(())
    }

    /// The error for a cycle of what `part` makes of nodes.
    fn cycle(&self, cycle: &[usize], part: impl Fn(usize) -> usize) -> PlanError {
        const SHOWN: usize = 8;
        let name = |wanted: usize| {
            let node = (0..self.nodes.len()).find(|&node| part(node) == wanted).unwrap_or(wanted);
            format!("`{}`", vertex_name(&self.operators[node], &self.nodes[node].id))
        };
        let mut path: Vec<_> = cycle.iter().take(SHOWN).map(|&it| name(it)).collect();
        if cycle.len() > SHOWN {
            path.push("...".to_owned());
        }
        path.push(name(cycle[0]));
        let (last, first) = (cycle[cycle.len() - 1], cycle[0]);
        let closing = self
            .nodes
            .iter()
            .enumerate()
            .filter(|&(node, _)| part(node) == first)
            .flat_map(|(_, node)| &node.inputs)
            .find(|input| part(input.from) == last);
        let place = match closing {
            Some(input) => self.source.place(&input.path.key("id")),
            None => self.source.whole(),
        };
        PlanProblem::Cycle { path: path.join(" -> ") }.at(place)
    }
}

/// The operators that a node describes: a chain if it is a job vertex, else itself.
fn operators_in(node: &Node, plan: &Plan) -> Vec<String> {
    if plan.kind.is_of_operators() {
        operators_of(&node.description)
    } else {
        operators_of_html(&node.description)
    }
}

fn input_nodes(node: &Node) -> Vec<usize> {
    node.inputs.iter().map(|input| input.from).collect()
}

/// The id of the chain that begins with `head`.
fn chain_id(head: &Node) -> &str {
    head.job_vertex.as_deref().unwrap_or(&head.id)
}

/// Numbers in their order, before and apart from everything else.
fn id_key(id: &str) -> (u64, &str) {
    (id.parse().unwrap_or(u64::MAX), id)
}
