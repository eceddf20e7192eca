//! What subtasks make of rows, and which rows reach which consumer (sections 8.1 and 8.3).

use failproof_model::data::{DataError, DataPlane, Outcome, Rows};
use failproof_model::job_graph::{
    JobGraph, Operator, Partitioner as P, ResultPartitionType as T, SinkCommit,
};
use proptest::prelude::*;

use crate::setup::{edge, sink, source, task};

const PARTITIONERS: [P; 10] = [
    P::Hash,
    P::Broadcast,
    P::Global,
    P::Rescale,
    P::Rebalance,
    P::Shuffle,
    P::Custom,
    P::CustomRandom,
    P::CustomMisdeclared,
    P::Range,
];

const OPERATORS: [Operator; 7] = [
    Operator::PerRow,
    Operator::PerKey,
    Operator::Limit,
    Operator::RowNumber,
    Operator::FirstSeen,
    Operator::Sample,
    Operator::Nondeterministic,
];

fn rows(values: &[u8]) -> Rows {
    values.iter().copied().collect()
}

/// A source of four rows, and two or three consumers that do `operator`.
fn exchange(partitioner: P, consumers: usize, operator: Operator) -> JobGraph {
    let mut consumer = task("C", consumers, operator);
    consumer.sink = Some(SinkCommit::AtJobEnd);
    JobGraph {
        vertices: vec![source("A", 1, 4), consumer],
        edges: vec![edge(0, 1, partitioner, T::Blocking)],
        co_location: Vec::new(),
    }
}

/// Every way in which rows 0 to 3, of keys 0 1 0 1 or 0 1 2 0, can reach two or three consumers.
fn dealt(partitioner: P, consumers: usize, keys: u8) -> Vec<Vec<Rows>> {
    let data = DataPlane::of(&exchange(partitioner, consumers, Operator::Limit), keys).unwrap();
    channels(&data, consumers, &data.outcomes(0, 0, rows(&[0, 1, 2, 3]), None))
}

fn channels(data: &DataPlane, consumers: usize, outcomes: &[Outcome]) -> Vec<Vec<Rows>> {
    let of = |outcome: &Outcome| (0..consumers).map(|c| data.content(0, 0, c, *outcome)).collect();
    outcomes.iter().map(of).collect()
}

#[test]
fn each_partitioner_deals_out_rows_as_its_class_in_flink_does() {
    let two = |first: &[u8], second: &[u8]| vec![rows(first), rows(second)];
    assert_eq!(dealt(P::Hash, 2, 2), [two(&[0, 2], &[1, 3])]);
    assert_eq!(dealt(P::Custom, 2, 2), [two(&[1, 3], &[0, 2])]);
    assert_eq!(dealt(P::Broadcast, 2, 2), [two(&[0, 1, 2, 3], &[0, 1, 2, 3])]);
    assert_eq!(dealt(P::Global, 2, 2), [two(&[0, 1, 2, 3], &[])]);
    assert_eq!(dealt(P::Rescale, 2, 2), [two(&[0, 2], &[1, 3])], "begins with the first");
    let starts = dealt(P::Rebalance, 2, 2);
    assert_eq!(starts.len(), 2, "begins anywhere");
    assert!(starts.contains(&two(&[0, 2], &[1, 3])) && starts.contains(&two(&[1, 3], &[0, 2])));
    for partitioner in [P::Shuffle, P::CustomRandom, P::CustomMisdeclared] {
        let draws = dealt(partitioner, 2, 2);
        assert_eq!(draws.len(), 16, "two channels for each of four rows: {partitioner:?}");
        assert!(draws.contains(&two(&[], &[0, 1, 2, 3])) && draws.contains(&two(&[0, 3], &[1, 2])));
    }
}

#[test]
fn range_boundaries_move_one_key() {
    let drawn = dealt(P::Range, 2, 4);
    assert_eq!(drawn, [[rows(&[0, 1]), rows(&[2, 3])], [rows(&[0]), rows(&[1, 2, 3])]]);
}

#[test]
fn three_consumers_get_their_turn() {
    let starts = dealt(P::Rebalance, 3, 3);
    assert_eq!(starts.len(), 3);
    assert!(starts.contains(&vec![rows(&[1]), rows(&[2]), rows(&[0, 3])]));
    assert_eq!(dealt(P::Hash, 3, 3), [[rows(&[0, 3]), rows(&[1]), rows(&[2])]]);
    assert_eq!(dealt(P::Shuffle, 3, 3).len(), 81);
}

#[test]
fn forward_and_rescale_connect_neighbours() {
    let of = |partitioner, producers, consumers| {
        let vertices = vec![source("A", producers, 2), sink("C", consumers, SinkCommit::AtJobEnd)];
        let edges = vec![edge(0, 1, partitioner, T::Blocking)];
        DataPlane::of(&JobGraph { vertices, edges, co_location: Vec::new() }, 2).unwrap()
    };
    let forward = of(P::Forward, 2, 2);
    let [outcome] = forward.outcomes(0, 1, forward.source_rows(0, 1), None)[..] else { panic!() };
    assert_eq!(forward.content(0, 1, 0, outcome), Rows::EMPTY);
    assert_eq!(forward.content(0, 1, 1, outcome), rows(&[2, 3]));
    let rescale = of(P::Rescale, 2, 4);
    let [outcome] = rescale.outcomes(0, 1, rescale.source_rows(0, 1), None)[..] else { panic!() };
    let contents = [0, 1, 2, 3].map(|c| rescale.content(0, 1, c, outcome));
    assert_eq!(contents, [Rows::EMPTY, Rows::EMPTY, rows(&[2]), rows(&[3])]);
}

/// All outputs, as text, of one subtask that reads rows 3 0 2 (keys 1 0 0).
fn made(operator: Operator) -> Vec<Vec<String>> {
    let mut worker = task("B", 1, operator);
    worker.sink = Some(SinkCommit::AtJobEnd);
    let vertices = vec![source("A", 1, 4), worker];
    let edges = vec![edge(0, 1, P::Global, T::Blocking)];
    let data = DataPlane::of(&JobGraph { vertices, edges, co_location: Vec::new() }, 2).unwrap();
    let read =
        [3, 0, 2].into_iter().fold(Rows::EMPTY, |so_far, row| data.read(1, so_far, rows(&[row])));
    let text = |value: u8| data.output_value(1, value).unwrap().text();
    let outcomes = data.outcomes(1, 0, read, None);
    outcomes.iter().map(|outcome| outcome.rows.iter().map(text).collect()).collect()
}

#[test]
fn each_operator_makes_of_its_rows_what_it_is_named_after() {
    assert_eq!(made(Operator::PerRow), [["r0", "r2", "r3"]], "nobody minds the order");
    assert_eq!(made(Operator::PerKey), [["{r0+r2}", "r3"]]);
    assert_eq!(made(Operator::Limit), [["r3"]], "the first to arrive");
    assert_eq!(made(Operator::FirstSeen), [["r0", "r3"]]);
    assert_eq!(made(Operator::Sample), [["r2", "r3"]], "the first and the third");
    assert_eq!(made(Operator::RowNumber), [["r0#1", "r2#2", "r3#0"]]);
    let drawn = made(Operator::Nondeterministic);
    assert_eq!(drawn.len(), 8);
    assert!(drawn.contains(&["r0~1", "r2~0", "r3~1"].map(str::to_owned).to_vec()));
}

#[test]
fn order_is_kept_exactly_where_it_makes_a_difference() {
    let keeps = |second: P, operator, last| {
        let mut end = task("C", 2, last);
        end.sink = Some(SinkCommit::AtJobEnd);
        let vertices = vec![source("A", 2, 1), task("B", 1, operator), end];
        let edges = vec![edge(0, 1, P::Global, T::Blocking), edge(1, 2, second, T::Blocking)];
        let job = JobGraph { vertices, edges, co_location: Vec::new() };
        let data = DataPlane::of(&job, 2).unwrap();
        (data.keeps_order(1), data.keeps_order(2))
    };
    use Operator::{Limit, PerKey, PerRow};
    assert_eq!(keeps(P::Hash, PerRow, PerRow), (false, false));
    assert_eq!(keeps(P::Hash, Limit, PerRow), (true, false), "its operator minds");
    assert_eq!(keeps(P::Hash, PerRow, Limit), (true, true), "its consumer minds");
    assert_eq!(keeps(P::Hash, PerKey, Limit), (false, true), "and gets sums in the order of keys");
    assert_eq!(keeps(P::Rebalance, PerRow, PerRow), (true, false), "dealt out by position");
    assert_eq!(keeps(P::Shuffle, PerRow, PerRow), (false, false), "each row draws for itself");
}

#[test]
fn sums_tell_one_row_from_two_and_not_two_from_three() {
    let data = DataPlane::of(&exchange(P::Hash, 2, Operator::PerKey), 2).unwrap();
    let sum = |input: &[u8]| {
        let [outcome] = data.outcomes(1, 0, rows(input), None)[..] else { panic!() };
        outcome.rows
    };
    assert_ne!(sum(&[0, 2]), sum(&[0, 0, 2]), "a repeated row");
    assert_ne!(sum(&[0, 2]), sum(&[0]), "a missing row");
    assert_eq!(sum(&[2, 0]), sum(&[0, 2]), "in any order");
    assert_eq!(sum(&[0, 0, 0]), sum(&[0, 0]));
}

#[test]
fn more_rows_than_fit_stay_more_than_fit() {
    let data = DataPlane::of(&exchange(P::Hash, 2, Operator::Nondeterministic), 2).unwrap();
    let nine = (0..9).fold(Rows::EMPTY, |rows_so_far, _| data.read(1, rows_so_far, rows(&[0])));
    assert_eq!(nine, Rows::OVERFLOW, "eight rows draw in 256 ways");
    let [outcome] = data.outcomes(1, 0, nine, None)[..] else { panic!() };
    assert_eq!(outcome.rows, Rows::OVERFLOW);
    assert_eq!(data.content(0, 0, 0, outcome), Rows::OVERFLOW);
}

#[test]
fn what_cannot_fit_is_refused() {
    let of = |rows, partitioner, operator| {
        let mut job = exchange(partitioner, 2, operator);
        job.vertices[0].rows_per_subtask = rows;
        DataPlane::of(&job, 2).map(|_| ()).unwrap_err()
    };
    let too_many =
        |vertex: &str, rows, max| DataError::TooManyRows { vertex: vertex.to_owned(), rows, max };
    assert_eq!(of(9, P::Shuffle, Operator::PerRow), too_many("A", 9, 8));
    assert_eq!(of(9, P::Hash, Operator::Nondeterministic), too_many("C", 9, 8));
    assert_eq!(
        of(17, P::Hash, Operator::PerRow),
        DataError::TooManySourceRows { rows: 17, max: 16 }
    );
    let error = of(8, P::Hash, Operator::PerKey).to_string();
    assert_eq!(
        error,
        "vertex `C` can make 160 different rows; the model holds 32: use fewer rows, or more keys"
    );
}

proptest! {
    /// Each row goes to exactly one consumer, or by BROADCAST to each.
    #[test]
    fn rows_are_conserved(
        partitioner in 0..PARTITIONERS.len(),
        consumers in 1usize..4,
        operator in 0..OPERATORS.len(),
        keys in 1u8..5,
        input in proptest::collection::vec(0u8..4, 0..5),
    ) {
        let partitioner = PARTITIONERS[partitioner];
        let job = exchange(partitioner, consumers, OPERATORS[operator]);
        let Ok(data) = DataPlane::of(&job, keys) else { return Ok(()) };
        let outcomes = data.outcomes(0, 0, rows(&input), None);
        prop_assert!(!outcomes.is_empty() && outcomes.is_sorted());
        for (outcome, contents) in outcomes.iter().zip(channels(&data, consumers, &outcomes)) {
            let copies = if partitioner == P::Broadcast { consumers } else { 1 };
            let mut expected = input.repeat(copies);
            let mut arrived: Vec<u8> = contents.iter().flat_map(|rows| rows.iter()).collect();
            expected.sort_unstable();
            arrived.sort_unstable();
            prop_assert_eq!(&arrived, &expected, "{:?}", outcome);
        }
    }

    /// Two outcomes that no consumer could tell apart are one. A RANGE partitioner's also tell the siblings something.
    #[test]
    fn outcomes_differ_in_what_some_consumer_reads(
        partitioner in 0..PARTITIONERS.len() - 1,
        consumers in 1usize..4,
        operator in 0..OPERATORS.len(),
        input in proptest::collection::vec(0u8..4, 0..5),
    ) {
        let job = exchange(PARTITIONERS[partitioner], consumers, OPERATORS[operator]);
        let Ok(data) = DataPlane::of(&job, 3) else { return Ok(()) };
        let outcomes = data.outcomes(0, 0, rows(&input), None);
        let read_as = |contents: Vec<Rows>| -> Vec<Rows> {
            contents.into_iter().map(|rows| data.read(1, Rows::EMPTY, rows)).collect()
        };
        let mut contents: Vec<_> =
            channels(&data, consumers, &outcomes).into_iter().map(read_as).collect();
        let count = contents.len();
        contents.sort_unstable();
        contents.dedup();
        prop_assert_eq!(contents.len(), count, "{:?}", outcomes);
    }

    /// Where order makes no difference, it makes none: every order of the same rows has the same outcomes.
    #[test]
    fn what_keeps_no_order_depends_on_none(
        partitioner in 0..PARTITIONERS.len(),
        operator in 0..OPERATORS.len(),
        first in proptest::collection::vec(0u8..4, 0..5),
        swaps in proptest::collection::vec(any::<u8>(), 5),
    ) {
        let data = DataPlane::of(&exchange(PARTITIONERS[partitioner], 2, OPERATORS[operator]), 4);
        let Ok(data) = data else { return Ok(()) };
        let mut second = first.clone();
        for (i, swap) in swaps.iter().enumerate().take(second.len()) {
            let other = usize::from(*swap) % second.len();
            second.swap(i, other);
        }
        for vertex in [0, 1] {
            let read = |values: &[u8]| data.read(vertex, Rows::EMPTY, rows(values));
            if !data.keeps_order(vertex) {
                prop_assert_eq!(read(&first), read(&second));
                let outcomes = |values: &[u8]| data.outcomes(vertex, 0, rows(values), None);
                if OPERATORS[operator] != Operator::Nondeterministic {
                    prop_assert_eq!(outcomes(&first), outcomes(&second));
                }
            }
        }
    }
}
