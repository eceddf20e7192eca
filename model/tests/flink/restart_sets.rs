//! Regions and restart sets that three releases of Flink computed.

use failproof_model::design::{Strategy, preset};
use failproof_model::execution_state::ExecutionState;
use failproof_model::strategy::{Cause, Failure, failover_regions, failover_strategy};
use failproof_model::topology::VertexId;
use serde::Deserialize;

use crate::recorded::{PartitionOfDataSet, RecordedTopology, lines};
use crate::view::Books;

#[derive(Deserialize)]
struct Line {
    #[serde(flatten)]
    job: RecordedTopology,
    states: Option<Vec<ExecutionState>>,
    queries: Vec<Query>,
}

#[derive(Deserialize)]
struct Query {
    failed: VertexId,
    cause: RecordedCause,
    lost: Vec<PartitionOfDataSet>,
    strategy: Option<String>,
    restart: Vec<VertexId>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RecordedCause {
    Partition(PartitionOfDataSet),
    Word(String),
}

impl Line {
    fn cause(&self, query: &Query) -> Cause {
        match &query.cause {
            RecordedCause::Partition(partition) => Cause::Partition(self.job.partition(*partition)),
            RecordedCause::Word(word) if word == "task" => Cause::Task,
            RecordedCause::Word(other) => panic!("unknown cause {other}"),
        }
    }

    fn view(&self, query: &Query, vertices: usize) -> Books {
        let running = || vec![ExecutionState::Running; vertices];
        Books {
            states: self.states.clone().unwrap_or_else(running),
            lost: query.lost.iter().map(|&p| self.job.partition(p)).collect(),
        }
    }
}

/// Compares every line of a file with the strategy of a preset, and returns the number of
/// topologies and of restart sets.
fn compare(file: &str, preset_name: &str) -> (usize, usize) {
    let region = preset(preset_name).unwrap().design.strategy;
    let lines: Vec<Line> = lines(file);
    for (index, line) in lines.iter().enumerate() {
        let at = format!("line {}", index + 1);
        let topology = line.job.topology();
        let regions = failover_regions(region, &topology).unwrap();
        assert_eq!(regions.members, line.job.regions, "regions of {at}");
        for query in &line.queries {
            let strategy = match query.strategy.as_deref() {
                None => region,
                Some("full") => Strategy::RestartAll,
                Some(other) => panic!("unknown strategy {other} in {at}"),
            };
            let strategy = failover_strategy(strategy, &topology).unwrap();
            let view = line.view(query, topology.vertices);
            let failure = Failure { vertex: query.failed, cause: line.cause(query), view: &view };
            let restart = strategy.tasks_to_restart(&failure);
            let restart: Vec<_> = restart.ones().collect();
            assert_eq!(restart, query.restart, "{} of {at}", query.failed);
        }
    }
    (lines.len(), lines.iter().map(|line| line.queries.len()).sum())
}

#[test]
fn restart_sets_equal_those_of_flink_2_3_0() {
    assert_eq!(compare("restart-sets.flink-2.3.0.jsonl", "flink-2"), (3_000, 3_000));
}

#[test]
fn restart_sets_equal_those_of_flink_1_12_5() {
    assert_eq!(compare("restart-sets.flink-1.12.5.jsonl", "flink-1.12"), (700, 2_800));
}

#[test]
fn restart_sets_equal_those_of_flink_1_9_3() {
    assert_eq!(compare("restart-sets.flink-1.9.3.jsonl", "flink-1.9"), (700, 2_760));
}
