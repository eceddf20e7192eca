//! The least cost of a run that ends, forwards from the initial states.

use std::collections::BTreeMap;

use super::limits::Stopped;
use super::memory::Memory;
use super::space::StateSpace;

/// The least total of cost `cost` over all runs of a complete state space that end in a state without successors; none
/// if no run ends. `pulse` is called once a state.
pub(super) fn least_cost<S>(
    space: &StateSpace<S>,
    cost: usize,
    memory: &mut Memory,
    mut pulse: impl FnMut() -> Result<(), Stopped>,
) -> Result<Option<u64>, Stopped> {
    let bytes = space.len() * (size_of::<u64>() + size_of::<u32>());
    memory.claim(bytes)?;
    let mut front = Front::new(space);
    let mut least = None;
    while let Some((total, state)) = front.pop() {
        pulse()?;
        let row = space.row(state as usize);
        if row.is_empty() {
            least = Some(total);
            break;
        }
        for edge in row.map(|edge| space.edge(edge)) {
            front.reach(edge.target, total.saturating_add(u64::from(edge.costs[cost])));
        }
    }
    memory.release(bytes);
    Ok(least)
}

/// Dijkstra's front, with a bucket for each total: few different totals arise, and few states are reached twice.
struct Front {
    buckets: BTreeMap<u64, Vec<u32>>,
    /// The least total by which each state was reached.
    totals: Vec<u64>,
}

impl Front {
    fn new<S>(space: &StateSpace<S>) -> Self {
        let mut front = Front { buckets: BTreeMap::new(), totals: vec![u64::MAX; space.len()] };
        for state in space.levels().next().into_iter().flatten() {
            front.reach(state as u32, 0);
        }
        front
    }

    fn reach(&mut self, state: u32, total: u64) {
        let known = &mut self.totals[state as usize];
        if total < *known {
            *known = total;
            self.buckets.entry(total).or_default().push(state);
        }
    }

    /// The next state and its total, which no run can undercut.
    fn pop(&mut self) -> Option<(u64, u32)> {
        loop {
            let mut bucket = self.buckets.first_entry()?;
            let total = *bucket.key();
            match bucket.get_mut().pop() {
                Some(state) if self.totals[state as usize] == total => {
                    return Some((total, state));
                }
                Some(_) => {}
                None => drop(bucket.remove()),
            }
        }
    }
}
