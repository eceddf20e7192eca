//! Topological order.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The nodes `0..inputs.len()`, each after its inputs; among those that could be next, the one with
/// the least key.
///
/// The order depends on the keys and not on the numbers of the nodes, as far as keys differ.
///
/// # Errors
/// A cycle: nodes, each an input of the next, and the last of the first.
pub(super) fn topological<K: Ord>(
    inputs: &[Vec<usize>],
    key: impl Fn(usize) -> K,
) -> Result<Vec<usize>, Vec<usize>> {
    let mut outputs = vec![Vec::new(); inputs.len()];
    for (node, inputs) in inputs.iter().enumerate() {
        inputs.iter().for_each(|&input| outputs[input].push(node));
    }
    let mut missing: Vec<usize> = inputs.iter().map(Vec::len).collect();
    let entry = |node| Reverse((key(node), node));
    let mut ready: BinaryHeap<_> =
        (0..inputs.len()).filter(|&node| missing[node] == 0).map(entry).collect();
    let mut order = Vec::with_capacity(inputs.len());
    while let Some(Reverse((_, node))) = ready.pop() {
        order.push(node);
        for &output in &outputs[node] {
            missing[output] -= 1;
            if missing[output] == 0 {
                ready.push(entry(output));
            }
        }
    }
    match missing.iter().position(|&count| count > 0) {
        None => Ok(order),
        Some(stuck) => Err(cycle_before(stuck, inputs, &missing)),
    }
}

/// A cycle that keeps `stuck` from being ready: from a node that is not ready to an input of it
/// that is not, until a node comes again.
fn cycle_before(stuck: usize, inputs: &[Vec<usize>], missing: &[usize]) -> Vec<usize> {
    let mut seen_at = vec![None; inputs.len()];
    let mut walked = Vec::new();
    let mut next = Some(stuck);
    while let Some(node) = next {
        if let Some(first) = seen_at[node] {
            let mut cycle: Vec<usize> = walked.split_off(first);
            cycle.reverse();
            return cycle;
        }
        seen_at[node] = Some(walked.len());
        walked.push(node);
        next = inputs[node].iter().copied().find(|&input| missing[input] > 0);
    }
    walked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_come_first_and_keys_decide_the_rest() {
        let inputs = [vec![2, 1], vec![3], vec![3], vec![], vec![]];
        assert_eq!(topological(&inputs, |n| n), Ok(vec![3, 1, 2, 0, 4]));
        assert_eq!(topological(&inputs, Reverse), Ok(vec![4, 3, 2, 1, 0]));
    }

    #[test]
    fn a_node_that_is_an_input_twice_is_counted_twice() {
        assert_eq!(topological(&[vec![1, 1], vec![]], |n| n), Ok(vec![1, 0]));
    }

    #[test]
    fn a_cycle_is_told_without_what_merely_leads_to_or_from_it() {
        let inputs = [vec![1], vec![3, 2], vec![1], vec![], vec![0]];
        assert_eq!(topological(&inputs, |n| n), Err(vec![2, 1]));
        assert_eq!(topological(&[vec![0]], |n| n), Err(vec![0]));
    }
}
