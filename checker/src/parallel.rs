//! Work that is done several pieces at a time.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::thread;

/// Does `work` on each of `items`, on `threads` threads, each item on one of them, begun in their order. `done` is
/// handed the place of an item and what was made of it as soon as it is known, in whichever order; once it says no, no
/// further item is begun, and what was begun is not handed over.
pub(crate) fn each<T: Sync, R: Send>(
    items: &[T],
    threads: usize,
    work: impl Fn(&T) -> R + Sync,
    mut done: impl FnMut(usize, R) -> bool,
) {
    let (next, over) = (AtomicUsize::new(0), AtomicBool::new(false));
    let (sender, receiver) = channel();
    thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            let (sender, next, over, work) = (sender.clone(), &next, &over, &work);
            scope.spawn(move || {
                while !over.load(Ordering::Relaxed) {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(index) else { break };
                    // Whoever receives may have had enough.
                    if sender.send((index, work(item))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let go_on = receiver.iter().all(|(index, made)| done(index, made));
        over.store(!go_on, Ordering::Relaxed);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_item_is_done_once_by_any_number_of_threads() {
        let items: Vec<usize> = (0..100).collect();
        for threads in [0, 1, 3, 200] {
            let mut made = Vec::new();
            each(
                &items,
                threads,
                |item| item * 2,
                |index, double| {
                    made.push((index, double));
                    true
                },
            );
            made.sort_unstable();
            assert!(made.into_iter().eq(items.iter().map(|&item| (item, 2 * item))), "{threads}");
        }
    }

    #[test]
    fn nothing_is_handed_over_after_a_no() {
        let (begun, mut handed) = (AtomicUsize::new(0), 0);
        let work = |_: &usize| begun.fetch_add(1, Ordering::Relaxed);
        each(&(0..10_000).collect::<Vec<usize>>(), 2, work, |_, _| {
            handed += 1;
            handed < 3
        });
        assert_eq!(handed, 3);
    }
}
