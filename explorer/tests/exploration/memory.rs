//! The limit on memory is kept, by any number of threads and whatever is kept of states; what has to wait waits on a
//! disk.

use failproof_explorer::reference_models::region_failover::{
    A_WITH_THE_BUG, Consistency, RegionFailover, TINY,
};
use failproof_explorer::{
    Control, Encoded, EncodedWhole, Explorer, Limits, Packed, StateSpace, Stopped, Store, Verdict,
    Whole,
};

use crate::codecs::{WORDS, Wide, WordCodec};
use crate::resume::{Found, assert_same};

fn explore<S: Store<RegionFailover>>(
    model: &RegionFailover,
    store: &S,
    limits: Limits,
    threads: usize,
) -> (Found, StateSpace<S::Key>) {
    let explorer = Explorer::new(model, &Consistency).store(store).limits(limits).threads(threads);
    explorer.explore(Control::default())
}

fn within(memory_bytes: usize) -> Limits {
    Limits { memory_bytes: Some(memory_bytes), ..Limits::default() }
}

/// Whatever the limit, it is kept, and what was seen is what the run without one saw first.
fn is_kept<S: Store<RegionFailover>>(store: &S) {
    let model = RegionFailover::new(TINY);
    for threads in [1, 2, 3] {
        let (free, all) = explore(&model, store, Limits::default(), threads);
        assert_eq!(free.stopped, None);
        let used = free.memory_bytes;
        let mut distinct = 0;
        for limit in [0, used / 100, used / 10, used / 3] {
            let (found, seen) = explore(&model, store, within(limit), threads);
            assert_eq!(found.stopped, Some(Stopped::Memory(limit)));
            assert_eq!(found.findings[0].verdict, Verdict::Inconclusive);
            assert!(found.memory_bytes <= limit, "{threads} threads: {found:?}");
            assert!(found.distinct >= distinct, "more memory, more states");
            distinct = found.distinct;
            assert!(seen.keys().eq(all.keys().take(distinct)));
        }
        assert!(distinct > 1_000, "{distinct} states in {} bytes", used / 3);
    }
}

#[test]
fn the_limit_is_kept_whatever_is_kept_of_states() {
    is_kept(&Whole);
    is_kept(&Packed);
    is_kept(&EncodedWhole(WordCodec));
}

#[test]
fn what_a_run_used_is_enough() {
    let model = RegionFailover::new(TINY);
    let (free, _) = explore(&model, &Whole, Limits::default(), 1);
    let (again, _) = explore(&model, &Whole, within(free.memory_bytes), 1);
    assert_same(&again, &free);
}

#[test]
fn what_keys_keep_elsewhere_counts_also_where_a_run_is_cut_off() {
    let model = RegionFailover::new(TINY);
    let bytes = 8 * WORDS;
    for states in [1, 2, 5, 50, 500, 5_000] {
        let limits = Limits { states: Some(states), ..Limits::default() };
        let (found, _) = explore(&model, &EncodedWhole(Wide), limits, 1);
        assert_eq!(found.stopped, Some(Stopped::States(states)));
        assert!(found.memory_bytes > states * bytes, "{states}: {}", found.memory_bytes);
    }
    let limit = 4 << 20;
    let (found, _) = explore(&model, &EncodedWhole(Wide), within(limit), 1);
    assert_eq!(found.stopped, Some(Stopped::Memory(limit)));
    assert!(found.distinct * bytes < limit && found.distinct * bytes > limit / 3, "{found:?}");
}

#[test]
fn what_does_not_fit_waits_on_a_disk() {
    let model = RegionFailover::new(A_WITH_THE_BUG);
    let (free, _) = explore(&model, &Encoded(Wide), Limits::default(), 1);
    assert_eq!((free.distinct, free.stopped, free.spilled_bytes), (287_893, None, 0));
    let limit = free.memory_bytes * 2 / 3;
    for threads in [1, 2, 3] {
        let (spilled, _) = explore(&model, &Encoded(Wide), within(limit), threads);
        assert!(spilled.spilled_bytes > 0 && spilled.memory_bytes <= limit, "{threads} threads");
        assert_same(&spilled, &free);
    }
    let (too_little, _) = explore(&model, &Encoded(Wide), within(free.memory_bytes / 20), 1);
    assert!(matches!(too_little.stopped, Some(Stopped::Memory(_))));
}
