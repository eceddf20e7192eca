//! The least cost of a run that ends, forwards from the initial states.

use std::collections::BTreeMap;

use super::limits::Stopped;
use super::memory::Memory;
use super::space::StateSpace;

/// The least total of cost `cost` over all runs of a complete state space that end in a state without successors; none
/// if no run ends. `pulse` is called once a state.
///
/// Dijkstra's algorithm with a bucket a total: few different totals arise, and few states are seen twice.
pub(super) fn least_cost<S>(
    space: &StateSpace<S>,
    cost: usize,
    memory: &mut Memory,
    mut pulse: impl FnMut() -> Result<(), Stopped>,
) -> Result<Option<u64>, Stopped> {
    let bytes = space.len() * (size_of::<u64>() + size_of::<u32>());
    memory.claim(bytes)?;
    let initial: Vec<u32> =
        space.levels().next().into_iter().flatten().map(|state| state as u32).collect();
    let mut totals = vec![u64::MAX; space.len()];
    initial.iter().for_each(|&state| totals[state as usize] = 0);
    let mut buckets = BTreeMap::from([(0, initial)]);
    let mut least = None;
    'found: while let Some((total, mut bucket)) = buckets.pop_first() {
        while let Some(state) = bucket.pop() {
            pulse()?;
            if totals[state as usize] < total {
                continue;
            }
            let row = space.row(state as usize);
            if row.is_empty() {
                least = Some(total);
                break 'found;
            }
            for edge in row.map(|edge| space.edge(edge)) {
                let reached = total.saturating_add(u64::from(edge.costs[cost]));
                let known = &mut totals[edge.target as usize];
                if reached >= *known {
                    continue;
                }
                *known = reached;
                let next = if reached == total {
                    &mut bucket
                } else {
                    buckets.entry(reached).or_default()
                };
                next.push(edge.target);
            }
        }
    }
    memory.release(bytes);
    Ok(least)
}
