//! What is found in a graph: the same, whether local steps were taken alone or not.

use std::collections::BTreeSet;

use failproof_checker::explore::{Judge, Kind, Marks};
use failproof_checker::run::Properties;
use failproof_model::data::Rows;
use failproof_model::failover::Failover;
use failproof_model::state::JobStatus;

use super::graph::Graph;

/// All that a report says of a scenario, but for what is counted.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Findings {
    /// Which properties are triggered, and which are violated, by a state or by a step.
    marks: Marks,
    /// How the job can end, and what its sinks then show.
    ends: BTreeSet<(JobStatus, Vec<Rows>)>,
    /// Whether some state has no successor although the job has not ended.
    is_stuck: bool,
    /// Whether some state is one from which the job cannot end any more.
    is_cut_off: bool,
    /// Whether some run goes on for ever.
    is_endless: bool,
    /// Of each property that is no safety property, whether somewhere a fair run may stop short of its goal.
    stops_short: Vec<usize>,
}

impl Findings {
    pub(crate) fn of<const V: usize>(
        model: &Failover<V>,
        judge: &Properties<V>,
        graph: &Graph<V>,
    ) -> Self {
        let expanded = graph.states.iter().zip(&graph.rows);
        let of_states = expanded.map(|(state, row)| {
            let relied_on = row.iter().filter(|step| step.action.fault().is_none());
            judge.on_expanded(model, state, relied_on.count())
        });
        let of_steps = graph.rows.iter().flatten().map(|step| step.marks);
        let ended = graph.states.iter().filter(|state| state.job.is_terminal());
        Findings {
            marks: of_states.chain(of_steps).fold(Marks::NONE, |all, one| all | one),
            ends: ended.map(|state| (state.job, state.shown.to_vec())).collect(),
            is_stuck: graph
                .states
                .iter()
                .zip(&graph.rows)
                .any(|(state, row)| row.is_empty() && !state.job.is_terminal()),
            is_cut_off: is_cut_off(graph),
            is_endless: is_endless(graph),
            stops_short: stops_short(model, judge, graph),
        }
    }
}

/// Whether some state is left when states that lead to none that is left are taken away, again and again.
fn is_endless<const V: usize>(graph: &Graph<V>) -> bool {
    let predecessors = graph.predecessors();
    let mut left: Vec<usize> = graph.rows.iter().map(Vec::len).collect();
    let mut open: Vec<usize> = (0..left.len()).filter(|&state| left[state] == 0).collect();
    let mut ended = open.len();
    while let Some(target) = open.pop() {
        for &(state, _) in &predecessors[target] {
            left[state] -= 1;
            if left[state] == 0 {
                open.push(state);
                ended += 1;
            }
        }
    }
    ended < left.len()
}

/// The properties that have a goal and lack it in some state in which nobody guarantees a step.
fn stops_short<const V: usize>(
    model: &Failover<V>,
    judge: &Properties<V>,
    graph: &Graph<V>,
) -> Vec<usize> {
    let expanded = graph.states.iter().zip(&graph.rows);
    // Where a local step is taken alone, the state is passed through, and nobody stops there.
    let stops = expanded.filter(|(state, row)| {
        let all = row.len() == model.enabled(state).len();
        all && row.iter().all(|step| judge.fairness(state, &step.action).is_none())
    });
    let stops: Vec<_> = stops.map(|(state, _)| state).collect();
    let asks = (0..judge.properties()).filter(|&property| judge.kind(property) != Kind::Safety);
    asks.filter(|&property| stops.iter().any(|state| !judge.is_goal(property, model, state)))
        .collect()
}

/// Whether there is a state from which the job cannot end without a fault.
fn is_cut_off<const V: usize>(graph: &Graph<V>) -> bool {
    let predecessors = graph.predecessors();
    let mut can_end: Vec<bool> = graph.states.iter().map(|state| state.job.is_terminal()).collect();
    let mut open: Vec<usize> = (0..can_end.len()).filter(|&state| can_end[state]).collect();
    while let Some(target) = open.pop() {
        for &(state, action) in &predecessors[target] {
            if !can_end[state] && action.fault().is_none() {
                can_end[state] = true;
                open.push(state);
            }
        }
    }
    can_end.contains(&false)
}
