//! Which subtasks an exchange connects (section 9.1): the pure arithmetic of point-wise and all-to-all edges.

use std::ops::Range;

/// Flink's `DistributionPattern`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pattern {
    /// A consumer reads a few neighbouring producers.
    Pointwise,
    /// Every consumer reads every producer.
    AllToAll,
}

/// The producers that consumer `consumer` of `consumers` reads, out of `producers`.
///
/// Point-wise: with at least as many producers as consumers, whole partitions in blocks; with fewer, one shared
/// partition (`VertexInputInfoComputationUtils.computeVertexInputInfoForPointwise`).
pub fn producers_of(
    pattern: Pattern,
    producers: usize,
    consumers: usize,
    consumer: usize,
) -> Range<usize> {
    match pattern {
        Pattern::AllToAll => 0..producers,
        Pattern::Pointwise if producers >= consumers => {
            consumer * producers / consumers..(consumer + 1) * producers / consumers
        }
        Pattern::Pointwise => {
            let partition = (0..producers)
                .find(|&k| sharers(producers, consumers, k).contains(&consumer))
                .unwrap_or(producers - 1);
            partition..partition + 1
        }
    }
}

/// The consumers of partition `producer`.
pub fn consumers_of(
    pattern: Pattern,
    producers: usize,
    consumers: usize,
    producer: usize,
) -> Range<usize> {
    match pattern {
        Pattern::AllToAll => 0..consumers,
        Pattern::Pointwise if producers >= consumers => {
            let consumer = (0..consumers)
                .find(|&c| producers_of(pattern, producers, consumers, c).contains(&producer))
                .unwrap_or(consumers - 1);
            consumer..consumer + 1
        }
        Pattern::Pointwise => sharers(producers, consumers, producer),
    }
}

/// With fewer producers than consumers, the consumers that share partition `producer`.
fn sharers(producers: usize, consumers: usize, producer: usize) -> Range<usize> {
    let bound = |k: usize| (k * consumers).div_ceil(producers);
    bound(producer)..bound(producer + 1)
}
