//! What the master knows of a job whose graph is built up while it runs (section 1.5, dynamic graphs).
//!
//! A job vertex that is not initialised has no subtasks yet, and one whose parallelism was decided below its most has
//! fewer. All of them have their places in a state all the same; here is what a failover and a release strategy are
//! told of those that exist. It is computed once for each way in which a graph can stand.

use crate::failover::ModelError;
use crate::job_graph::JobGraph;
use crate::regions::Regions;
use crate::release::PartitionRelease;
use crate::scenario::Scenario;
use crate::strategy::{FailoverStrategy, failover_strategy};
use crate::topology::{Topology, first_subtasks};

/// Most ways in which the graph of one job can stand.
const GRAPHS_MAX: usize = 1024;

/// What the strategies were made of while some vertices do not exist.
pub(crate) struct Known {
    pub(crate) strategy: Box<dyn FailoverStrategy>,
    pub(crate) release: PartitionRelease,
}

/// For every way in which a graph can stand, the vertices that do not exist, ascending, and what is known then.
pub(crate) struct KnownGraphs(Vec<(u16, Known)>);

impl KnownGraphs {
    /// All of one scenario: a single one, unless some parallelism is decided later.
    pub(crate) fn of(
        scenario: &Scenario,
        topology: &Topology,
        regions: &Regions,
    ) -> Result<KnownGraphs, ModelError> {
        let mut graphs = if scenario.job.is_adaptive() { absences(&scenario.job) } else { vec![0] };
        if graphs.len() > GRAPHS_MAX {
            let (what, found) = ("ways in which parallelisms can be decided", graphs.len());
            return Err(ModelError::TooLarge { what, found, max: GRAPHS_MAX });
        }
        graphs.sort_unstable();
        let known = |absent: u16| {
            let topology = topology.restricted_to(|v| absent & 1 << v == 0);
            let strategy = failover_strategy(scenario.design.strategy, &topology)?;
            let release = PartitionRelease::new(&topology, regions);
            Ok((absent, Known { strategy, release }))
        };
        Ok(KnownGraphs(graphs.into_iter().map(known).collect::<Result<_, ModelError>>()?))
    }

    /// The same with other strategies, each made of the one that it takes the place of.
    pub(crate) fn with_strategies(
        self,
        replace: impl Fn(Box<dyn FailoverStrategy>) -> Box<dyn FailoverStrategy>,
    ) -> KnownGraphs {
        let replaced = |known: Known| Known { strategy: replace(known.strategy), ..known };
        KnownGraphs(self.0.into_iter().map(|(absent, known)| (absent, replaced(known))).collect())
    }

    /// What is known while these vertices do not exist; the graph can stand so.
    pub(crate) fn without(&self, absent: u16) -> &Known {
        let found = self.0.binary_search_by_key(&absent, |(absent, _)| *absent);
        &self.0[found.unwrap_or_default()].1
    }
}

/// All sets of vertices that can be missing: of each job vertex its last subtasks, or if a producer of it is not
/// initialised, all of them.
fn absences(job: &JobGraph) -> Vec<u16> {
    let first = first_subtasks(job);
    let mut found = vec![0];
    for (index, vertex) in job.vertices.iter().enumerate() {
        let bit = |subtask: usize| 1u16 << (first[index] + subtask);
        let from = |subtask: usize| (subtask..vertex.parallelism).fold(0, |all, k| all | bit(k));
        let least = if vertex.adaptive { 1 } else { vertex.parallelism };
        let is_possible = |absent: u16| {
            let mut producers = job.inputs(index).map(|e| job.edges[e].from);
            producers.all(|u| absent & 1 << first[u] == 0)
        };
        let extended = |&absent: &u16| {
            let decided = least..vertex.parallelism + 1;
            let decided = decided.filter(move |_| is_possible(absent));
            std::iter::once(0).chain(decided).map(move |subtasks| absent | from(subtasks))
        };
        found = found.iter().flat_map(extended).collect();
        if found.len() > GRAPHS_MAX {
            break;
        }
    }
    found
}
