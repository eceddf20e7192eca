//! The order of the vertices: a file may list them in any, the model wants them topologically
//! sorted.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The vertices `0..vertices`, producers before consumers and otherwise as they were: a list that
/// is sorted already does not change.
///
/// # Errors
/// The vertices of a cycle, each followed by one of its consumers and the last by the first.
pub(super) fn topological_order(
    vertices: usize,
    edges: &[(usize, usize)],
) -> Result<Vec<usize>, Vec<usize>> {
    let mut missing_inputs = vec![0_usize; vertices];
    let mut consumers = vec![Vec::new(); vertices];
    for &(from, to) in edges {
        missing_inputs[to] += 1;
        consumers[from].push(to);
    }
    let mut ready: BinaryHeap<_> =
        (0..vertices).filter(|&v| missing_inputs[v] == 0).map(Reverse).collect();
    let mut order = Vec::with_capacity(vertices);
    while let Some(Reverse(vertex)) = ready.pop() {
        order.push(vertex);
        for &consumer in &consumers[vertex] {
            missing_inputs[consumer] -= 1;
            if missing_inputs[consumer] == 0 {
                ready.push(Reverse(consumer));
            }
        }
    }
    match (0..vertices).find(|&v| missing_inputs[v] > 0) {
        None => Ok(order),
        Some(vertex) => Err(cycle_before(vertex, edges, &missing_inputs)),
    }
}

/// The cycle that one finds by going backwards from `vertex`: each vertex that was not sorted has
/// such a producer.
fn cycle_before(vertex: usize, edges: &[(usize, usize)], missing_inputs: &[usize]) -> Vec<usize> {
    let mut path = vec![vertex];
    loop {
        let last = path[path.len() - 1];
        let producer = edges.iter().find(|&&(from, to)| to == last && missing_inputs[from] > 0);
        let Some(&(producer, _)) = producer else { return path };
        if let Some(start) = path.iter().position(|&v| v == producer) {
            let mut cycle = path.split_off(start);
            cycle.reverse();
            return cycle;
        }
        path.push(producer);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_sorted_list_does_not_change() {
        assert_eq!(topological_order(4, &[(0, 3), (1, 2), (2, 3)]), Ok(vec![0, 1, 2, 3]));
    }

    #[test]
    fn a_consumer_listed_first_moves_behind_its_producers_only() {
        assert_eq!(topological_order(3, &[(2, 0)]), Ok(vec![1, 2, 0]));
    }

    #[test]
    fn a_cycle_is_named_without_what_leads_to_it_or_from_it() {
        let edges = [(0, 1), (1, 2), (2, 3), (3, 1), (3, 4)];
        assert_eq!(topological_order(5, &edges), Err(vec![2, 3, 1]));
        assert_eq!(topological_order(1, &[(0, 0)]), Err(vec![0]));
    }

    fn graphs() -> impl Strategy<Value = (usize, Vec<(usize, usize)>)> {
        (1..8_usize).prop_flat_map(|n| (Just(n), prop::collection::vec((0..n, 0..n), 0..10)))
    }

    proptest! {
        #[test]
        fn what_is_sorted_is_sorted_and_what_is_called_a_cycle_is_one((n, edges) in graphs()) {
            match topological_order(n, &edges) {
                Ok(order) => {
                    let position = |v: usize| order.iter().position(|&w| w == v);
                    prop_assert!((0..n).all(|v| position(v).is_some()) && order.len() == n);
                    prop_assert!(edges.iter().all(|&(from, to)| position(from) < position(to)));
                }
                Err(cycle) => {
                    prop_assert!(!cycle.is_empty());
                    let next = cycle.iter().cycle().skip(1);
                    for (&from, &to) in cycle.iter().zip(next) {
                        prop_assert!(edges.contains(&(from, to)));
                    }
                }
            }
        }
    }
}
