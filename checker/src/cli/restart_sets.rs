//! What each strategy would restart for each failure of a job.

use std::fmt::Write;

use failproof_model::design::PRESETS;
use failproof_model::execution_state::ExecutionState;
use failproof_model::job_graph::JobGraph;
use failproof_model::regions::Regions;
use failproof_model::strategy::{
    Cause, FailoverStrategy, Failure, VertexSet, View, failover_strategy,
};
use failproof_model::topology::{PartitionId, Topology, VertexId, first_subtasks};

use crate::report::style::{DIM, NAME};
use crate::report::table::{Cell, Table};

/// The regions and restart sets of a job, by every preset that takes the job.
pub(super) fn describe(job: &JobGraph) -> String {
    let expanded = Expanded::new(job);
    let mut names = Table::indented(2);
    for (index, vertex) in job.vertices.iter().enumerate() {
        let subtasks = Cell::from(format!("x{}", vertex.parallelism)).styled(DIM);
        names.push([short(index).into(), subtasks, vertex.name.as_str().into()]);
    }
    let mut text =
        format!("{NAME}Regions{NAME:#}, since Flink 1.12\n{names}{}\n", expanded.regions());
    let _ = writeln!(
        text,
        "{NAME}What would restart{NAME:#}, when everything else has finished and all data is there\n{}",
        expanded.table()
    );
    for preset in &expanded.refusing {
        let _ = writeln!(text, "{preset} refuses the job");
    }
    text
}

/// A job vertex in few letters.
fn short(vertex: usize) -> String {
    format!("v{}", vertex + 1)
}

struct Expanded<'a> {
    job: &'a JobGraph,
    topology: Topology,
    first: Vec<usize>,
    /// Of every preset that takes the job.
    strategies: Vec<(&'static str, Box<dyn FailoverStrategy>)>,
    refusing: Vec<&'static str>,
}

impl<'a> Expanded<'a> {
    fn new(job: &'a JobGraph) -> Self {
        let topology = Topology::of(job);
        let (mut strategies, mut refusing) = (Vec::new(), Vec::new());
        for preset in PRESETS {
            match failover_strategy(preset.design.strategy, &topology) {
                Ok(strategy) => strategies.push((preset.name, strategy)),
                Err(_) => refusing.push(preset.name),
            }
        }
        Expanded { job, first: first_subtasks(job), topology, strategies, refusing }
    }

    fn regions(&self) -> String {
        let mut table = Table::indented(2);
        for (index, members) in Regions::of(&self.topology, true).members.iter().enumerate() {
            let mut set = VertexSet::with_capacity(self.topology.vertices);
            members.iter().for_each(|&member| set.insert(member));
            let heading = Cell::from(format!("region {}", index + 1)).styled(DIM);
            table.push([heading, self.names(&set).into()]);
        }
        table.to_string()
    }

    fn table(&self) -> Table {
        let mut table = Table::headed(["failure", "restarts", "by"]);
        for (what, vertex, cause) in self.failures() {
            let mut what = Cell::from(what);
            for (restarts, presets) in self.answers(vertex, cause) {
                table.push([what, restarts.into(), presets.join(", ").into()]);
                what = "".into();
            }
        }
        table
    }

    /// A task of each vertex fails; for each exchange, the first consumer misses the first partition that it reads.
    fn failures(&self) -> Vec<(String, VertexId, Cause)> {
        let tasks = self.first.iter().take(self.job.vertices.len()).enumerate();
        let tasks = tasks
            .map(|(vertex, &first)| (format!("{}[0] throws", short(vertex)), first, Cause::Task));
        let edges = self.job.edges.iter().enumerate().filter_map(|(data_set, edge)| {
            let consumer = self.first[edge.to];
            let partition = self.first_input(consumer, data_set)?;
            let (from, to) = (short(edge.from), short(edge.to));
            Some((format!("{to}[0] misses data of {from}"), consumer, Cause::Partition(partition)))
        });
        tasks.chain(edges).collect()
    }

    fn first_input(&self, consumer: VertexId, data_set: usize) -> Option<PartitionId> {
        let groups = self.topology.consumed_groups[consumer].iter();
        let mut groups = groups.map(|&group| &self.topology.groups[group]);
        groups.find(|group| group.data_set == data_set)?.partitions.first().copied()
    }

    /// Every answer to a failure, with the presets that give it.
    fn answers(&self, vertex: VertexId, cause: Cause) -> Vec<(String, Vec<&'static str>)> {
        let mut answers: Vec<(String, Vec<&'static str>)> = Vec::new();
        for (name, strategy) in &self.strategies {
            let failure = Failure { vertex, cause, view: &Late { failed: vertex } };
            let answer = self.names(&strategy.tasks_to_restart(&failure));
            match answers.iter_mut().find(|(known, _)| *known == answer) {
                Some((_, presets)) => presets.push(name),
                None => answers.push((answer, vec![name])),
            }
        }
        answers
    }

    /// `v1[0] v2-v4 v5[2 of 4]`.
    fn names(&self, restarted: &VertexSet) -> String {
        let (mut names, mut whole) = (Vec::new(), Vec::new());
        for (index, (vertex, first)) in self.job.vertices.iter().zip(&self.first).enumerate() {
            let subtasks: Vec<_> =
                (0..vertex.parallelism).filter(|k| restarted.contains(first + k)).collect();
            if subtasks.len() == vertex.parallelism {
                whole.push(index);
                continue;
            }
            names.extend(range(&std::mem::take(&mut whole)));
            match subtasks.as_slice() {
                [] => {}
                [one] => names.push(format!("{}[{one}]", short(index))),
                some => names.push(format!(
                    "{}[{} of {}]",
                    short(index),
                    some.len(),
                    vertex.parallelism
                )),
            }
        }
        names.extend(range(&whole));
        names.join(" ")
    }
}

/// Consecutive vertices: many of them as from and to.
fn range(vertices: &[usize]) -> Option<String> {
    match vertices {
        [] => None,
        [one] => Some(short(*one)),
        [one, other] => Some(format!("{} {}", short(*one), short(*other))),
        [first, .., last] => Some(format!("{}-{}", short(*first), short(*last))),
    }
}

/// Late in the life of a job: everything but the failed task has finished, and all data is there.
struct Late {
    failed: VertexId,
}

impl View for Late {
    fn state(&self, vertex: VertexId) -> ExecutionState {
        if vertex == self.failed { ExecutionState::Running } else { ExecutionState::Finished }
    }

    fn is_tracked(&self, _: PartitionId) -> bool {
        true
    }

    fn waits_for_restart(&self, _: VertexId) -> bool {
        false
    }
}
