//! A scenario made ready for exploration: everything that does not change from state to state, computed once.

use crate::action::Action;
use crate::checks::{check_cluster, check_links, check_sinks, check_size};
use crate::data::{DataPlane, Outcome};
use crate::job_graph::{
    JobEdge, JobGraph, JobVertex, Partitioner, ResultPartitionType, SinkCommit, SplitAssignment,
    Storage,
};
use crate::known::{Known, KnownGraphs};
use crate::regions::Regions;
use crate::rules::{check_masters, check_releases, ones};
use crate::scenario::{Defect, FaultBudget, FaultKind, Mechanism, Scenario};
use crate::slot_sharing::sharing;
use crate::state::{CHANNELS_MAX, INPUTS_MAX, PARTITIONS_MAX, State, VERTICES_MAX, ZOMBIES_MAX};
use crate::strategy::FailoverStrategy;
use crate::symmetry::{Groups, Symmetry};
use crate::topology::Topology;

pub use crate::model_error::ModelError;

/// The transition system of one scenario; `V` is the size class of its states.
pub struct Failover<const V: usize> {
    /// What it was made of.
    pub scenario: Scenario,
    /// The job, expanded.
    pub topology: Topology,
    /// Its pipelined regions.
    pub regions: Regions,
    /// What its subtasks do to rows.
    pub data: DataPlane,
    known: KnownGraphs,
    pub(crate) vertices: Vec<VertexFacts>,
    pub(crate) partitions: Vec<PartitionFacts>,
    pub(crate) groups: Groups,
    /// [`Scenario::can_be_reduced`].
    pub(crate) can_be_reduced: bool,
    adaptive: bool,
    init: State<V>,
}

/// What is fixed about an execution vertex.
pub(crate) struct VertexFacts {
    pub(crate) job_vertex: usize,
    pub(crate) subtask: usize,
    pub(crate) inputs: Vec<Input>,
    /// Mask of the splits that its job vertex gives out; 0 where each subtask has rows of its own.
    pub(crate) splits: u16,
    /// What a source makes of rows of its own, unless that depends on its siblings; else none.
    pub(crate) outcomes: Vec<Outcome>,
    /// Mask of its partitions.
    pub(crate) partitions: u32,
    /// Of these, the ones that are lost with its TaskManager; a reliable storage is elsewhere (section 1.8).
    pub(crate) local: u32,
    /// Of these, the ones that the master tracks (section 4.1).
    pub(crate) tracked: u32,
    /// Of these, the ones that can be read before it has finished.
    pub(crate) streamed: u32,
    /// Mask of the channels of its partitions.
    pub(crate) channels: u64,
    /// Whether its output can be read before it has finished.
    pub(crate) streams: bool,
    /// Whether some of its output can be read only after it has finished.
    pub(crate) blocking: bool,
    pub(crate) sink: Option<SinkCommit>,
    /// The vertices that read something of it.
    pub(crate) consumers: u16,
    /// The vertices that it shares its slot with, and itself.
    pub(crate) shares: u16,
    /// Of every vertex, mask of the inputs that it writes.
    pub(crate) inputs_of: [u16; VERTICES_MAX],
}

impl VertexFacts {
    /// Mask of its inputs.
    pub(crate) fn all_inputs(&self) -> u16 {
        ((1u32 << self.inputs.len()) - 1) as u16
    }
}

/// One partition as one vertex reads it.
#[derive(Clone, Copy)]
pub(crate) struct Input {
    pub(crate) partition: usize,
    pub(crate) producer: usize,
    pub(crate) edge: usize,
    /// Number among all channels.
    pub(crate) channel: usize,
}

/// What is fixed about a result partition.
pub(crate) struct PartitionFacts {
    pub(crate) producer: usize,
    pub(crate) result_type: ResultPartitionType,
    pub(crate) storage: Storage,
    /// Mask of its channels.
    pub(crate) channels: u64,
}

impl<const V: usize> Failover<V> {
    /// Prepares a scenario.
    ///
    /// # Errors
    /// When the scenario contradicts itself, or is more than the model can hold.
    pub fn new(scenario: Scenario) -> Result<Self, ModelError> {
        const { assert!(V <= VERTICES_MAX, "masks of vertices have sixteen bits") }
        scenario.job.validate()?;
        check_size("execution vertices", scenario.job.execution_vertices(), V)?;
        check_cluster(&scenario)?;
        check_sinks(&scenario.job)?;
        check_masters(&scenario)?;
        check_links(&scenario)?;
        check_releases(&scenario)?;
        let data = DataPlane::of(&distributed(&scenario), scenario.keys)?;
        let topology = topology(&scenario);
        check_size("result partitions", topology.partitions.len(), PARTITIONS_MAX)?;
        let regions = Regions::of(&topology, scenario.design.strategy.merges_cycles());
        let known = KnownGraphs::of(&scenario, &topology, &regions)?;
        let mut partitions = partition_facts(&scenario, &topology);
        let mut vertices = vertex_facts(&scenario, &topology, &mut partitions)?;
        for v in &mut vertices {
            let own = ones(v.partitions);
            v.channels = own.fold(0, |mask, p| mask | partitions[p].channels);
            let own_rows = v.inputs.is_empty() && v.splits == 0;
            if own_rows && !data.draws_boundary(v.job_vertex) {
                let rows = data.source_rows(v.job_vertex, v.subtask);
                v.outcomes = data.outcomes(v.job_vertex, v.subtask, rows, None);
            }
        }
        let (adaptive, init) = (scenario.job.is_adaptive(), State::default());
        let can_be_reduced = scenario.can_be_reduced();
        let mut failover = Failover {
            scenario,
            topology,
            regions,
            data,
            known,
            vertices,
            partitions,
            groups: Groups::default(),
            can_be_reduced,
            adaptive,
            init,
        };
        failover.check_zombies()?;
        failover.check_shared_slots()?;
        failover.groups = Groups::of(&failover);
        (_, failover.init) = failover.follow(failover.begin(), &failover.scenario.prefix)?;
        Ok(failover)
    }

    /// The state in which exploration begins: the job is scheduled, and the prefix is taken.
    pub fn init(&self) -> State<V> {
        self.init
    }

    /// Which states differ in names alone.
    pub fn symmetry(&self) -> Symmetry<'_, V> {
        Symmetry(self)
    }

    /// Number of execution vertices.
    pub fn size(&self) -> usize {
        self.vertices.len()
    }

    /// What a sink shows after the master has given it up has to be known of every one.
    fn check_zombies(&self) -> Result<(), ModelError> {
        let found = (0..self.size()).filter(|&v| self.shows_early(v)).count();
        let may = |kind| self.scenario.faults.limits[kind as usize] > 0;
        let lost = may(FaultKind::MasterDies) || may(FaultKind::LeaderPauses);
        let left = lost && self.is_fine(Mechanism::Links);
        let breaks = may(FaultKind::LinkDrops) || left;
        if breaks && found > ZOMBIES_MAX {
            return Err(ModelError::TooManyToShow { found });
        }
        Ok(())
    }

    /// The same scenario without faults.
    ///
    /// # Errors
    /// Those of [`Failover::new`].
    pub fn without_faults(&self) -> Result<Self, ModelError> {
        let scenario = Scenario {
            faults: FaultBudget::NONE,
            prefix: Vec::new(),
            defect: None,
            ..self.scenario.clone()
        };
        Failover::new(scenario)
    }

    /// The same, where another strategy is asked in the place of each one: such as one that looks on, or is told what
    /// to answer. What the strategy says has to depend on what it is asked alone wherever states are explored.
    #[must_use]
    pub fn with_strategy(
        self,
        replace: impl Fn(Box<dyn FailoverStrategy>) -> Box<dyn FailoverStrategy>,
    ) -> Self {
        Failover { known: self.known.with_strategies(replace), ..self }
    }

    /// The job vertex of an execution vertex.
    pub fn job_vertex(&self, v: usize) -> usize {
        self.vertices[v].job_vertex
    }

    /// Whether an execution vertex is of a source that gives out splits while it runs.
    pub fn has_dynamic_splits(&self, v: usize) -> bool {
        self.splits(v) != 0
    }

    /// The splits that the source of an execution vertex gives out while it runs, as bits.
    pub fn splits(&self, v: usize) -> u16 {
        self.vertices[v].splits
    }

    /// The partitions of an execution vertex, as a mask.
    pub fn partitions(&self, v: usize) -> u32 {
        self.vertices[v].partitions
    }

    /// The execution vertices of a job vertex, in order.
    pub(crate) fn subtasks(&self, job_vertex: usize) -> impl Iterator<Item = usize> {
        (0..self.size()).filter(move |&v| self.vertices[v].job_vertex == job_vertex)
    }

    /// Whether the graph is built up as the job runs.
    pub(crate) fn is_adaptive(&self) -> bool {
        self.adaptive
    }

    /// What the master knows of the job in a state.
    pub(crate) fn known(&self, state: &State<V>) -> &Known {
        self.known.without(state.fine.absent)
    }

    /// Whether a mechanism takes steps of its own.
    pub(crate) fn is_fine(&self, mechanism: Mechanism) -> bool {
        self.scenario.grain.is_fine(mechanism)
    }

    /// When an execution vertex commits, if it is a sink.
    pub fn sink(&self, v: usize) -> Option<SinkCommit> {
        self.vertices[v].sink
    }

    fn begin(&self) -> State<V> {
        let faults = self.scenario.faults;
        let mut state = State { faults: faults.total, ..State::default() };
        for (kind, limit) in FaultKind::ALL.into_iter().zip(faults.limits) {
            *state.left_mut(kind) = limit;
        }
        self.begin_slots(&mut state);
        self.begin_splits(&mut state);
        self.begin_scheduling(&mut state);
        self.settle(&mut state);
        self.normalise(&mut state);
        state
    }

    /// Takes steps from a state on: the actions that they stand for, and the state that they lead to.
    ///
    /// # Errors
    /// [`ModelError::Prefix`], if a step is not enabled where it is to be taken.
    pub fn follow(
        &self,
        mut state: State<V>,
        steps: &[String],
    ) -> Result<(Vec<Action>, State<V>), ModelError> {
        let mut actions = Vec::new();
        for (index, text) in steps.iter().enumerate() {
            let enabled = self.enabled(&state);
            let Some(&action) = enabled.iter().find(|&&a| self.notation(a) == *text) else {
                return Err(ModelError::Prefix {
                    step: index + 1,
                    action: text.clone(),
                    enabled: enabled.iter().map(|&a| self.notation(a)).collect(),
                });
            };
            state = self.apply(&state, action);
            actions.push(action);
        }
        Ok((actions, state))
    }
}

/// The job as the master knows it.
fn topology(scenario: &Scenario) -> Topology {
    let mut topology = Topology::of(&scenario.job);
    if scenario.defect == Some(Defect::BroadcastSwitchedLate) {
        let of_edges = scenario.job.edges.iter().zip(&mut topology.data_sets);
        of_edges.for_each(|(edge, data_set)| data_set.result_type = edge.result_type);
    }
    topology
}

/// The job as its subtasks deal out their rows.
fn distributed(scenario: &Scenario) -> JobGraph {
    let mut job = scenario.job.clone();
    if scenario.defect == Some(Defect::KeepForwardPartitioner) {
        let parallelism = |v: usize| scenario.job.vertices[v].parallelism;
        let rescaled = |edge: &&mut JobEdge| {
            edge.partitioner == Partitioner::Rebalance
                && parallelism(edge.from) != parallelism(edge.to)
        };
        // A partitioner made for one consumer has one channel.
        let kept = job.edges.iter_mut().filter(rescaled);
        kept.for_each(|edge| edge.partitioner = Partitioner::Global);
    }
    job
}

fn partition_facts(scenario: &Scenario, topology: &Topology) -> Vec<PartitionFacts> {
    topology
        .partitions
        .iter()
        .map(|partition| {
            let edge = &scenario.job.edges[partition.data_set];
            PartitionFacts {
                producer: partition.producer,
                result_type: edge.compiled_type(),
                storage: edge.storage,
                channels: 0,
            }
        })
        .collect()
}

/// Mask of the splits that a vertex gives out to its subtasks: one a row. That there are no more than bits is for the
/// data plane to say.
fn splits_of(vertex: &JobVertex) -> u16 {
    match vertex.splits {
        SplitAssignment::Fixed => 0,
        SplitAssignment::Dynamic => {
            let rows = vertex.parallelism * vertex.rows_per_subtask;
            (0..rows).fold(0, |mask, split| mask | 1 << split)
        }
    }
}

fn vertex_facts(
    scenario: &Scenario,
    topology: &Topology,
    partitions: &mut [PartitionFacts],
) -> Result<Vec<VertexFacts>, ModelError> {
    let job = &scenario.job;
    let read = (0..topology.vertices).map(|v| topology.consumed(v).count()).sum();
    check_size("pairs of a partition and a reader", read, CHANNELS_MAX)?;
    let mut channels = 0;
    let shares = sharing(job, topology, scenario.design.slot_sharing);
    let mut facts = Vec::new();
    for (job_vertex, vertex) in job.vertices.iter().enumerate() {
        for subtask in 0..vertex.parallelism {
            let v = facts.len();
            let mut inputs = Vec::new();
            for partition in topology.consumed(v) {
                partitions[partition].channels |= 1 << channels;
                inputs.push(Input {
                    partition,
                    producer: topology.partitions[partition].producer,
                    edge: topology.partitions[partition].data_set,
                    channel: channels,
                });
                channels += 1;
            }
            check_size("partitions read by one subtask", inputs.len(), INPUTS_MAX)?;
            let own = &topology.produced[v];
            let mask = |is: fn(&PartitionFacts) -> bool| {
                own.iter().filter(|&&p| is(&partitions[p])).fold(0, |mask, p| mask | 1 << p)
            };
            let mut inputs_of = [0; VERTICES_MAX];
            for (i, input) in inputs.iter().enumerate() {
                inputs_of[input.producer] |= 1 << i;
            }
            facts.push(VertexFacts {
                job_vertex,
                subtask,
                inputs,
                splits: splits_of(vertex),
                outcomes: Vec::new(),
                partitions: mask(|_| true),
                local: mask(|facts| facts.storage != Storage::Reliable),
                tracked: mask(|facts| facts.result_type.is_released_by_scheduler()),
                streamed: mask(|facts| !facts.result_type.is_blocking()),
                channels: 0,
                streams: own.iter().any(|&p| !topology.type_of(p).is_blocking()),
                blocking: own.iter().any(|&p| topology.type_of(p).is_blocking()),
                sink: vertex.sink,
                shares: shares[v],
                consumers: own
                    .iter()
                    .flat_map(|&p| topology.consumers(p))
                    .fold(0, |mask, w| mask | 1 << w),
                inputs_of,
            });
        }
    }
    Ok(facts)
}
