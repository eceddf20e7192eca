//! Our own strategy: of the consumers, only those restart that could tell the new data from the
//! old.
//!
//! # The rule
//!
//! Beginning with the failed region, until nothing changes:
//!
//! 1. A restarted vertex reads its inputs again. The producer of an input that is unavailable (as
//!    in Flink 1.16 and later) restarts; so does a producer that waits for an earlier restart,
//!    because its present output is about to go.
//! 2. A consumer of a restarted vertex restarts unless it is *settled* (FINISHED, and no earlier
//!    restart is going to reset it). A consumer that is not settled may hold the address of the old
//!    attempt's partition, or may be given it before the producer is reset. That is why vertices in
//!    CREATED are in the answer: they lose nothing, and a vertex that waits for a restart is not
//!    scheduled.
//! 3. A settled consumer restarts if the new output *may differ* from the one that it read, in a
//!    way that matters to it.
//!
//! # What may differ
//!
//! Of every partition that is written again, [`Change`] says what can differ from the partition it
//! replaces: nothing, the order of its rows, or the rows. Declarations turn what differs in the
//! input into what differs in the output: determinate code keeps it as it is; order-sensitive code
//! makes other rows of another order; of indeterminate code nothing can be said. First the operator
//! does so, then the partitioner of each output.
//!
//! The input of a restarted vertex differs in whatever its restarted producers may write
//! differently. Also, who reads more than one partition reads them in another order than before,
//! and who reads an approximate partition misses what was sent before. A source whose splits are
//! assigned dynamically reads them in another order if it is alone, and other ones if they can go to
//! its siblings; its author's declaration has no say in that. An order that differs is
//! never lost on the way by claim of a declaration: rows that arrive in another order leave in
//! another order.
//!
//! # Why order alone matters to some
//!
//! Let P write the same rows in another order, let two consumers keep the first row they see, and
//! let one of them be settled. It kept the first row of the old order, the other one will keep the
//! first row of the new order; without failures both keep the same row. So a settled consumer
//! restarts for a difference in order if it *observes order*: it or something downstream of it, by
//! operator or by partitioner, is declared less than determinate.
//!
//! # Why this is enough
//!
//! It maintains: every settled consumer has read, of each input, what the producer's present
//! attempt wrote or will write, up to an order that neither it nor anything after it observes. A
//! restart of the producer that could break this restarts the consumer in the same set; and sets
//! that overlap never separate a restarting producer from such a consumer, since by 1 and 2 the
//! later set takes both or leaves both to the earlier one. Splits go back only with a reset, so the
//! present attempts of a source hold each split once. When all are settled, one run without
//! failures explains all that was read. What is declared wrongly breaks this.

use fixedbitset::FixedBitSet;

use super::closure::{Closure, is_available};
use super::{FailoverStrategy, Failure, StrategyError, VertexSet, View, failover_regions};
use crate::design::{AvailabilityRule, Strategy};
use crate::execution_state::ExecutionState;
use crate::job_graph::{Determinism, ResultPartitionType};
use crate::regions::{RegionId, Regions};
use crate::topology::{Topology, VertexId};

/// Restarts the failed region, producers of what is gone, and consumers that are under way or may
/// see a difference.
#[derive(Clone, Debug)]
pub struct RestartAffected {
    topology: Topology,
    regions: Regions,
    /// Of every vertex, what reading the very same partitions, or its splits, again can change.
    reading_again: Vec<Change>,
    observes_order: VertexSet,
}

/// In what the output of a new attempt may differ from that of the old one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Change {
    Nothing,
    Order,
    Rows,
}

impl Change {
    /// What comes out of code that is declared `code` when its input may differ in `self`.
    fn through(self, code: Determinism) -> Change {
        match code {
            Determinism::Determinate => self,
            Determinism::OrderSensitive if self == Change::Nothing => Change::Nothing,
            Determinism::OrderSensitive | Determinism::Indeterminate => Change::Rows,
        }
    }
}

impl RestartAffected {
    /// The strategy for `topology`.
    ///
    /// # Errors
    /// A co-location group spans two regions.
    pub fn new(topology: &Topology) -> Result<Self, StrategyError> {
        Ok(RestartAffected {
            regions: failover_regions(Strategy::RestartAffected, topology)?,
            reading_again: (0..topology.vertices).map(|v| reading_again(topology, v)).collect(),
            observes_order: observes_order(topology),
            topology: topology.clone(),
        })
    }

    /// Whether `vertex`, a consumer of a partition that is written again with this change, has to
    /// restart.
    fn is_affected(&self, vertex: VertexId, change: Change, view: &dyn View) -> bool {
        let settled =
            view.state(vertex) == ExecutionState::Finished && !view.waits_for_restart(vertex);
        !settled
            || match change {
                Change::Nothing => false,
                Change::Order => self.observes_order.contains(vertex),
                Change::Rows => true,
            }
    }
}

impl FailoverStrategy for RestartAffected {
    fn tasks_to_restart(&self, failure: &Failure<'_>) -> VertexSet {
        let mut search = Search {
            strategy: self,
            failure,
            closure: Closure::from(self.regions.of[failure.vertex], &self.regions),
            consumed: FixedBitSet::with_capacity(self.topology.groups.len()),
            arriving: vec![None; self.topology.groups.len()],
            raised: Vec::new(),
        };
        loop {
            // All regions come first, so that whoever is in the closure has been looked at when a
            // change arrives.
            if let Some(region) = search.closure.next_unseen() {
                search.restart(region);
            } else if let Some(group) = search.raised.pop() {
                search.deliver(group);
            } else {
                return search.closure.into_vertices(&self.regions);
            }
        }
    }
}

/// One search for a fixed point. Changes only ever grow, each group's at most three times.
struct Search<'a> {
    strategy: &'a RestartAffected,
    failure: &'a Failure<'a>,
    closure: Closure,
    /// Groups whose producers have been looked at.
    consumed: FixedBitSet,
    /// Of every group, what its partitions may differ in; `None` while none of its producers
    /// restarts.
    arriving: Vec<Option<Change>>,
    /// Groups whose change has grown and whose consumers do not know yet.
    raised: Vec<usize>,
}

impl Search<'_> {
    fn restart(&mut self, region: RegionId) {
        let strategy = self.strategy;
        for &vertex in &strategy.regions.members[region] {
            for &group in &strategy.topology.consumed_groups[vertex] {
                if !self.consumed.put(group) {
                    self.add_producers(group);
                }
            }
            self.run_again(vertex);
        }
    }

    fn add_producers(&mut self, group: usize) {
        let RestartAffected { topology, regions, .. } = self.strategy;
        for &partition in &topology.groups[group].partitions {
            let producer = topology.partitions[partition].producer;
            let rule = AvailabilityRule::TrackedAndReconsumable;
            let stays = is_available(partition, rule, topology, self.failure)
                && !self.failure.view.waits_for_restart(producer);
            if !stays {
                self.closure.add(regions.of[producer]);
            }
        }
    }

    /// Works out what the outputs of a restarted vertex may differ in, from what is known of its
    /// inputs by now.
    fn run_again(&mut self, vertex: VertexId) {
        let topology = &self.strategy.topology;
        let inputs = topology.consumed_groups[vertex].iter().filter_map(|&g| self.arriving[g]);
        let input = inputs.fold(self.strategy.reading_again[vertex], Change::max);
        let output = input.through(topology.declared[vertex]);
        for &partition in &topology.produced[vertex] {
            let data_set = &topology.data_sets[topology.partitions[partition].data_set];
            let change = Some(output.through(data_set.partitioner));
            for &group in &topology.groups_of_partition[partition] {
                if self.arriving[group] < change {
                    self.arriving[group] = change;
                    self.raised.push(group);
                }
            }
        }
    }

    fn deliver(&mut self, group: usize) {
        let strategy = self.strategy;
        let Some(change) = self.arriving[group] else { return };
        for &consumer in &strategy.topology.groups[group].consumers {
            let region = strategy.regions.of[consumer];
            if self.closure.contains(region) {
                self.run_again(consumer);
            } else if strategy.is_affected(consumer, change, self.failure.view) {
                self.closure.add(region);
            }
        }
    }
}

fn reading_again(topology: &Topology, vertex: VertexId) -> Change {
    let groups = || topology.consumed_groups[vertex].iter().map(|&g| &topology.groups[g]);
    let approximate = ResultPartitionType::PipelinedApproximate;
    let splits = topology.splits_again[vertex];
    if splits == Determinism::Indeterminate
        || groups().any(|group| topology.data_sets[group.data_set].result_type == approximate)
    {
        Change::Rows
    } else if splits == Determinism::OrderSensitive
        || groups().map(|group| group.partitions.len()).sum::<usize>() > 1
    {
        Change::Order
    } else {
        Change::Nothing
    }
}

/// The vertices to which it can matter, themselves or through what they feed, in which order rows
/// arrive.
fn observes_order(topology: &Topology) -> VertexSet {
    let mut observers = VertexSet::with_capacity(topology.vertices);
    let mut groups = FixedBitSet::with_capacity(topology.groups.len());
    let mut unseen = Vec::new();
    let mut add = |vertex: VertexId, unseen: &mut Vec<VertexId>| {
        if !observers.put(vertex) {
            unseen.push(vertex);
        }
    };
    (0..topology.vertices)
        .filter(|&vertex| is_sensitive(topology, vertex))
        .for_each(|vertex| add(vertex, &mut unseen));
    while let Some(vertex) = unseen.pop() {
        for &group in &topology.consumed_groups[vertex] {
            if !groups.put(group) {
                let partitions = topology.groups[group].partitions.iter();
                partitions.for_each(|&p| add(topology.partitions[p].producer, &mut unseen));
            }
        }
    }
    observers
}

/// Whether the vertex itself, by operator or by partitioner, is declared less than determinate.
fn is_sensitive(topology: &Topology, vertex: VertexId) -> bool {
    let data_sets = topology.produced[vertex].iter().map(|&p| topology.partitions[p].data_set);
    let mut code = data_sets.map(|d| topology.data_sets[d].partitioner);
    topology.declared[vertex] != Determinism::Determinate
        || code.any(|partitioner| partitioner != Determinism::Determinate)
}
