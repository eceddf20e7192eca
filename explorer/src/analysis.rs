//! What only a complete state space can decide.

use super::asked::Asked;
use super::backward::{Backward, look_back};
use super::cheapest::least_cost;
use super::explorable::Explorable;
use super::judge::{COSTS_MAX, Judge, PROPERTIES_MAX};
use super::limits::Stopped;
use super::liveness::{Lasso, lacks_goal_where_runs_stop, violation};
use super::outcome::Cost;
use super::reduction::{FairRuns, Reduction};
use super::search::Search;
use super::store::Store;

/// What going through a complete state space again has shown.
pub(super) struct Analysis {
    pub(super) backward: Backward,
    pub(super) costs: Vec<Cost>,
    /// One of each property.
    pub(super) fair_runs: Vec<Decided>,
}

/// What is known of the fair runs that a property is about.
#[derive(Clone, Debug)]
pub(super) enum Decided {
    /// It is about none, or nothing.
    Unknown,
    /// They are as it claims.
    Comply,
    /// One of them is not.
    Violate(Lasso),
}

/// Whether costs are added up: of runs that differ in the order of steps alone, local steps leave one, and without
/// what they cost themselves.
pub(super) fn adds_up<M, J, R>(judge: &J, reduction: &R) -> bool
where
    M: Explorable,
    J: Judge<M>,
    R: Reduction<M>,
{
    judge.costs() > 0 && !reduction.has_local_steps()
}

/// Decides what only a complete state space can decide.
pub(super) fn analyse<M, J, S, R>(
    search: &mut Search<'_, '_, M, J, S, R>,
) -> Result<Analysis, Stopped>
where
    M: Explorable,
    J: Judge<M>,
    S: Store<M>,
    R: Reduction<M>,
{
    let judge = search.sources.judge;
    let asked = Asked::of(judge);
    let mut costs = vec![Cost::Unknown; judge.costs()];
    let adds_up = adds_up(judge, search.sources.reduction);
    if asked.is_nothing() && !adds_up {
        return Ok(Analysis { backward: Backward::NOTHING, costs, fair_runs: Vec::new() });
    }
    let snapshot = search.counts();
    let (space, watch) = (&search.visited.space, &mut search.watch);
    let mut pulse = move || watch.pulse(1, || snapshot);
    let wanted = asked.to_stay_reachable();
    let is_mishap = |rule| judge.is_mishap(rule);
    let backward = look_back(space, wanted, is_mishap, &mut search.visited.memory, &mut pulse)?;
    for (k, cost) in costs.iter_mut().enumerate().take(COSTS_MAX).filter(|_| adds_up) {
        let least = least_cost(space, k, &mut search.visited.memory, &mut pulse)?;
        *cost = match (least, backward.most[k]) {
            (Some(least), Some(most)) => Cost::Total { least, most },
            _ => Cost::Endless,
        };
    }
    let mut fair_runs = vec![Decided::Unknown; judge.properties().min(PROPERTIES_MAX)];
    let kept = search.sources.reduction.fair_runs();
    for (property, runs) in fair_runs.iter_mut().enumerate() {
        let Some(claim) = asked.claim(property).filter(|_| kept != FairRuns::Lost) else {
            continue;
        };
        // Where every run ends, fair ones end where nobody guarantees a step.
        if !backward.has_cycles && !lacks_goal_where_runs_stop(space, claim) {
            *runs = Decided::Comply;
        } else if kept == FairRuns::Kept {
            let violation = violation(space, claim, &mut search.visited.memory, &mut pulse)?;
            *runs = violation.map_or(Decided::Comply, Decided::Violate);
        }
    }
    Ok(Analysis { backward, costs, fair_runs })
}
