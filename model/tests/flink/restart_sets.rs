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

/// Compares every line of a file with the strategy of a preset, and returns the number of
/// topologies and of restart sets.
fn compare(file: &str, preset_name: &str) -> (usize, usize) {
    let region = preset(preset_name).unwrap().design.strategy;
    let lines: Vec<Line> = lines(file);
    let mut sets = 0;
    for (index, line) in lines.iter().enumerate() {
        let topology = line.job.topology();
        let regions = failover_regions(region, &topology).unwrap();
        assert_eq!(regions.members, line.job.regions, "regions of line {}", index + 1);
        let running = || vec![ExecutionState::Running; topology.vertices];
        let states = line.states.clone().unwrap_or_else(running);
        for query in &line.queries {
            let strategy = match query.strategy.as_deref() {
                None => region,
                Some("full") => Strategy::RestartAll,
                Some(other) => panic!("unknown strategy {other} in line {}", index + 1),
            };
            let lost = query.lost.iter().map(|&p| line.job.partition(p)).collect();
            let view = Books { states: states.clone(), lost };
            let cause = match &query.cause {
                RecordedCause::Partition(partition) => {
                    Cause::Partition(line.job.partition(*partition))
                }
                RecordedCause::Word(word) => {
                    assert_eq!(word, "task", "cause in line {}", index + 1);
                    Cause::Task
                }
            };
            let failure = Failure { vertex: query.failed, cause, view: &view };
            let restart =
                failover_strategy(strategy, &topology).unwrap().tasks_to_restart(&failure);
            let restart: Vec<_> = restart.ones().collect();
            assert_eq!(restart, query.restart, "{} of line {}", query.failed, index + 1);
            sets += 1;
        }
    }
    (lines.len(), sets)
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
