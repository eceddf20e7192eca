//! A job with its regions, and what can be asked of its edges.

use failproof_model::distribution::Pattern;
use failproof_model::job_graph::{Determinism, JobGraph};
use failproof_model::regions::{RegionId, Regions};
use failproof_model::topology::Topology;

/// A job, and who reads what in it, region by region.
pub(super) struct Subject<'a> {
    pub job: &'a JobGraph,
    /// Every way from a region to another one by which data goes, with its edge.
    reads: Vec<Read>,
    /// Of every region, as bits, those whose data it waits for, directly or through others.
    before: Vec<u64>,
}

/// A region reads what another one writes.
#[derive(Clone, Copy)]
struct Read {
    edge: usize,
    from: RegionId,
    to: RegionId,
}

impl<'a> Subject<'a> {
    pub(super) fn of(job: &'a JobGraph) -> Self {
        let topology = Topology::of(job);
        let regions = Regions::of(&topology, true);
        let mut reads = Vec::new();
        for (partition, about) in topology.partitions.iter().enumerate() {
            let from = regions.of[about.producer];
            for to in topology.consumers(partition).map(|consumer| regions.of[consumer]) {
                if from != to {
                    reads.push(Read { edge: about.data_set, from, to });
                }
            }
        }
        let mut before = vec![0_u64; regions.len()];
        // A way has no more steps than there are regions.
        for _ in 0..regions.len() {
            reads.iter().for_each(|read| before[read.to] |= before[read.from] | 1 << read.from);
        }
        Subject { job, reads, before }
    }

    fn reads_of(&self, edge: usize) -> impl Iterator<Item = Read> + '_ {
        self.reads.iter().copied().filter(move |read| read.edge == edge)
    }

    /// The reads of other regions that read what the region writes from which this one reads.
    fn others(&self, read: Read) -> impl Iterator<Item = Read> + '_ {
        let reads = self.reads.iter().copied();
        reads.filter(move |it| it.from == read.from && it.to != read.to)
    }

    pub(super) fn spans(&self, edge: usize) -> bool {
        self.reads_of(edge).next().is_some()
    }

    /// Whether a reader of the edge need not have finished when another reader of the same region runs.
    pub(super) fn is_shared(&self, edge: usize) -> bool {
        let before = |other: Read| self.before[other.to];
        self.reads_of(edge)
            .any(|read| self.others(read).any(|other| before(other) >> read.to & 1 == 0))
    }

    /// Whether a reader of the edge can still be CREATED when another one runs, and can be scheduled before the writer
    /// runs again: it waits for something else, and for nobody who reads what the writer writes.
    pub(super) fn is_unevenly_shared(&self, edge: usize) -> bool {
        self.reads_of(edge).any(|read| self.others(read).any(|other| self.is_late(read, other)))
    }

    /// The same of two readers of the edge itself, of which each gets a part of the rows, drawn at random.
    pub(super) fn is_unevenly_drawn(&self, edge: usize) -> bool {
        let same = |other: &Read| other.edge == edge;
        self.draws(edge)
            && self
                .reads_of(edge)
                .any(|read| self.others(read).filter(same).any(|other| self.is_late(read, other)))
    }

    fn is_late(&self, read: Read, other: Read) -> bool {
        let waits_for = self.before[read.to];
        let mut behind = (0..self.before.len()).filter(|&it| self.before[it] >> read.from & 1 == 1);
        waits_for & !self.before[other.to] != 0 && behind.all(|it| waits_for >> it & 1 == 0)
    }

    /// Whether readers in different regions each get a part of the rows, drawn at random.
    pub(super) fn is_drawn(&self, edge: usize) -> bool {
        let mut reads = self.reads_of(edge);
        self.draws(edge) && reads.any(|read| self.others(read).any(|other| other.edge == edge))
    }

    pub(super) fn draws(&self, edge: usize) -> bool {
        self.job.edges[edge].partitioner.determinism() == Determinism::Indeterminate
    }

    pub(super) fn is_pointwise(&self, edge: usize) -> bool {
        self.job.edges[edge].partitioner.pattern() == Pattern::Pointwise
    }

    pub(super) fn spreads_at_random(&self, edge: usize) -> bool {
        self.draws(edge) && self.job.vertices[self.job.edges[edge].to].parallelism > 1
    }

    /// Whether something is true of an edge that leads, directly or through others, to the producer of `edge`.
    pub(super) fn is_behind(&self, edge: usize, so: &dyn Fn(usize) -> bool) -> bool {
        let mut before = self.job.inputs(self.job.edges[edge].from);
        before.any(|before| so(before) || self.is_behind(before, so))
    }

    /// Whether a vertex or one before it minds the order of rows out of several partitions.
    pub(super) fn mixes_before(&self, vertex: usize) -> bool {
        let mut inputs = self.job.inputs(vertex);
        self.mixes(vertex) || inputs.any(|edge| self.mixes_before(self.job.edges[edge].from))
    }

    fn mixes(&self, vertex: usize) -> bool {
        let partitions = |edge: usize| match self.is_pointwise(edge) {
            true => 1,
            false => self.job.vertices[self.job.edges[edge].from].parallelism,
        };
        self.job.vertices[vertex].operator.determinism() != Determinism::Determinate
            && self.job.inputs(vertex).map(partitions).sum::<usize>() > 1
    }
}
