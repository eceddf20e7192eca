//! Which subtasks an exchange connects (section 9.1).

use failproof_model::distribution::{Pattern, consumers_of, producers_of};
use quickcheck::quickcheck;

use crate::random::Choices;

/// Whether consumer `i` of `n` reads producer `k` of `m`, as section 9.1 has it; the last line
/// without its division: `i` is at least the quotient `k * n / m`, rounded up.
fn connected(pattern: Pattern, m: usize, n: usize, k: usize, i: usize) -> bool {
    match pattern {
        Pattern::AllToAll => true,
        Pattern::Pointwise if m >= n => i * m / n <= k && k < (i + 1) * m / n,
        Pattern::Pointwise => k * n <= i * m && i * m < (k + 1) * n,
    }
}

fn equals_the_formula(pattern: Pattern, m: usize, n: usize) -> bool {
    let read = (0..n).all(|i| {
        let producers: Vec<_> = (0..m).filter(|&k| connected(pattern, m, n, k, i)).collect();
        producers_of(pattern, m, n, i).eq(producers)
    });
    let written = (0..m).all(|k| {
        let consumers: Vec<_> = (0..n).filter(|&i| connected(pattern, m, n, k, i)).collect();
        consumers_of(pattern, m, n, k).eq(consumers)
    });
    read && written
}

#[test]
fn all_small_exchanges_equal_the_formula() {
    for pattern in [Pattern::Pointwise, Pattern::AllToAll] {
        for (m, n) in (1..=40).flat_map(|m| (1..=40).map(move |n| (m, n))) {
            assert!(equals_the_formula(pattern, m, n), "{pattern:?} {m} to {n}");
        }
    }
}

#[test]
fn point_wise_consumers_are_disjoint_or_share_one_partition() {
    for (m, n) in (1..=40).flat_map(|m| (1..=40).map(move |n| (m, n))) {
        let read: Vec<_> = (0..n).map(|i| producers_of(Pattern::Pointwise, m, n, i)).collect();
        assert_eq!((read[0].start, read[n - 1].end), (0, m), "{m} to {n} is covered");
        for pair in read.windows(2) {
            let next = pair[1].start == pair[0].end;
            let shared = pair[0] == pair[1] && pair[0].len() == 1 && m < n;
            assert!(next || shared, "{m} to {n}: {pair:?}");
        }
    }
}

quickcheck! {
    fn any_exchange_equals_the_formula(m: u8, n: u8, pattern: u8) -> bool {
        let pattern = Choices::new(&[pattern]).pattern();
        equals_the_formula(pattern, m as usize + 1, n as usize + 1)
    }

    fn who_reads_is_written_to(m: u8, n: u8, at: u8, pattern: u8) -> bool {
        let pattern = Choices::new(&[pattern]).pattern();
        let (m, n) = (m as usize + 1, n as usize + 1);
        let i = at as usize % n;
        producers_of(pattern, m, n, i).all(|k| consumers_of(pattern, m, n, k).contains(&i))
    }
}
