//! Plans of shapes that the recorded ones do not have.

use std::num::NonZeroUsize;

use failproof_checker::plan::{ImportedPlan, JobType, Options, PlanKind, Topic, import};
use failproof_model::design::preset;
use failproof_model::job_graph::{Partitioner, ResultPartitionType};

fn options() -> Options {
    Options::new(preset("flink-2").unwrap())
}

fn imported(text: &str) -> ImportedPlan {
    imported_with(text, &options())
}

fn imported_with(text: &str, options: &Options) -> ImportedPlan {
    import("plan.json", text, options).unwrap_or_else(|error| panic!("{error}"))
}

fn vertices(plan: &ImportedPlan) -> Vec<(&str, usize)> {
    plan.job.vertices.iter().map(|it| (it.name.as_str(), it.parallelism)).collect()
}

fn edges(plan: &ImportedPlan) -> Vec<(&str, Partitioner, &str)> {
    let name = |vertex: usize| plan.job.vertices[vertex].name.as_str();
    plan.job.edges.iter().map(|it| (name(it.from), it.partitioner, name(it.to))).collect()
}

fn sentences(plan: &ImportedPlan, topic: Topic) -> String {
    let about = plan.assumptions.iter().filter(|it| it.topic == topic);
    about.map(|it| it.sentence.as_str()).collect::<Vec<_>>().join(" ")
}

/// Operators before they are chained: `a` chains with `b`, that with `c` and `d`, which `e` reads.
const TREE: &str = r#"{"nodes": [
  {"id": 5, "contents": "e", "parallelism": 2, "predecessors": [
    {"id": 3, "ship_strategy": "FORWARD"}, {"id": 4, "ship_strategy": "FORWARD"}]},
  {"id": 4, "contents": "d", "parallelism": 2, "predecessors": [{"id": 2, "ship_strategy": "FORWARD"}]},
  {"id": 3, "contents": "c", "parallelism": 2, "predecessors": [{"id": 2, "ship_strategy": "FORWARD"}]},
  {"id": 2, "contents": "b", "parallelism": 2, "predecessors": [{"id": 1, "ship_strategy": "FORWARD"}]},
  {"id": 1, "contents": "a", "parallelism": 2},
  {"id": 6, "contents": "f", "parallelism": 2, "predecessors": [{"id": 5, "ship_strategy": "REBALANCE"}]},
  {"id": 10, "contents": "g", "parallelism": 2, "predecessors": [{"id": 6, "ship_strategy": "FORWARD"}]}
]}"#;

#[test]
fn operators_are_chained_along_forward_but_not_into_one_with_two_inputs() {
    let plan = imported(TREE);
    assert_eq!(plan.kind, PlanKind::ExecutionPlan);
    assert_eq!(vertices(&plan), [("a -> b -> c -> d", 2), ("e", 2), ("f -> g", 2)]);
    use Partitioner::{Forward, Rebalance};
    assert_eq!(
        edges(&plan),
        [
            ("a -> b -> c -> d", Forward, "e"),
            ("a -> b -> c -> d", Forward, "e"),
            ("e", Rebalance, "f -> g"),
        ]
    );
    assert!(sentences(&plan, Topic::Chaining).contains("equal parallelism"));
    assert!(sentences(&plan, Topic::DataSetIdentity).ends_with("of `a -> b -> c -> d`."));
}

#[test]
fn exchanges_that_are_left_open_are_those_of_the_type_of_the_job() {
    for (job_type, expected) in [
        (JobType::Unknown, ResultPartitionType::Blocking),
        (JobType::Batch, ResultPartitionType::Blocking),
        (JobType::Streaming, ResultPartitionType::PipelinedBounded),
    ] {
        let plan = imported_with(TREE, &Options { job_type, ..options() });
        assert_eq!(plan.job_type, job_type);
        assert!(plan.job.edges.iter().all(|edge| edge.result_type == expected));
        let asked = sentences(&plan, Topic::JobType);
        assert_eq!(asked.is_empty(), job_type != JobType::Unknown, "{asked}");
    }
}

#[test]
fn the_type_of_the_job_in_a_plan_counts_more_than_the_option() {
    let text = r#"{"type": "BATCH", "jid": "1", "nodes": [{"id": "a", "parallelism": 1}]}"#;
    let plan = imported_with(text, &Options { job_type: JobType::Streaming, ..options() });
    assert_eq!(plan.job_type, JobType::Batch);
}

#[test]
fn a_stream_graph_is_chained_as_far_as_flink_decided_and_then_as_it_would() {
    let asked = Options { parallelism: NonZeroUsize::new(2), ..options() };
    let plan = imported_with(
        r#"{"nodes": [
          {"id": "1", "operator": "a", "description": "a", "parallelism": 1, "job_vertex_id": "f0", "inputs": []},
          {"id": "2", "operator": "b", "description": "b", "parallelism": 1, "job_vertex_id": "f0", "inputs": [
            {"num": 0, "id": "1", "ship_strategy": "FORWARD", "exchange": "UNDEFINED"}]},
          {"id": "3", "operator": "c", "description": "c", "parallelism": 1, "job_vertex_id": "f1", "inputs": [
            {"num": 0, "id": "2", "ship_strategy": "FORWARD", "exchange": "BATCH"}]},
          {"id": "4", "operator": "d", "description": "d", "parallelism": -1, "inputs": [
            {"num": 0, "id": "3", "ship_strategy": "HASH", "exchange": "HYBRID_FULL"}]},
          {"id": "5", "operator": "e", "description": "e", "parallelism": -1, "inputs": [
            {"num": 0, "id": "4", "ship_strategy": "FORWARD", "exchange": "PIPELINED"}]},
          {"id": "6", "operator": "f", "description": "f", "parallelism": 1, "inputs": [
            {"num": 0, "id": "5", "ship_strategy": "GLOBAL", "exchange": "HYBRID_SELECTIVE"}]},
          {"id": "7", "operator": "g", "description": "g", "parallelism": 1, "inputs": [
            {"num": 0, "id": "3", "ship_strategy": "FORWARD", "exchange": "PIPELINED"}]}
        ]}"#,
        &asked,
    );
    assert_eq!(plan.kind, PlanKind::StreamGraph);
    assert_eq!(vertices(&plan), [("a -> b", 1), ("c", 1), ("d -> e", 2), ("f", 1), ("g", 1)]);
    use ResultPartitionType as T;
    let types: Vec<_> = plan.job.edges.iter().map(|edge| edge.result_type).collect();
    assert_eq!(types, [T::Blocking, T::HybridFull, T::HybridSelective, T::PipelinedBounded]);
    assert!(!sentences(&plan, Topic::Chaining).is_empty());
    assert!(sentences(&plan, Topic::Exchange).is_empty());
}

/// What an adaptive batch job looks like while it runs.
const DETAILS: &str = r#"{
  "jid": "1f", "name": "never read", "state": "RUNNING", "job-type": "BATCH", "pending-operators": 1,
  "vertices": [{"id": "x", "parallelism": "many"}],
  "plan": {"jid": "1f", "name": "adaptive", "nodes": [
    {"id": "c", "parallelism": -1, "description": "c", "inputs": [
      {"num": 0, "id": "b", "ship_strategy": "FORWARD", "exchange": "blocking"}]},
    {"id": "b", "parallelism": 3, "description": "b &amp; &lt;b&gt;", "inputs": [
      {"num": 0, "id": "a", "ship_strategy": "HASH", "exchange": "blocking"},
      {"num": 1, "id": "e", "ship_strategy": "FORWARD", "exchange": "blocking"}]},
    {"id": "e", "parallelism": -1, "description": "e"},
    {"id": "d", "parallelism": -1, "description": "c", "inputs": [
      {"num": 0, "id": "c", "ship_strategy": "HASH", "exchange": "blocking"}]},
    {"id": "a", "parallelism": 2, "description": "a", "inputs": null}
  ]}}"#;

#[test]
fn the_details_of_a_running_job_hold_a_plan() {
    let asked = Options { parallelism: NonZeroUsize::new(8), ..options() };
    let plan = imported_with(DETAILS, &asked);
    assert_eq!((plan.kind, plan.job_type), (PlanKind::JobDetails, JobType::Batch));
    assert_eq!(plan.name, "adaptive");
    assert_eq!(vertices(&plan), [("a", 2), ("e", 3), ("b & <b>", 3), ("c", 3), ("c #2", 8)]);
    assert!(sentences(&plan, Topic::Completeness).contains("1 operator left out"));
    assert!(sentences(&plan, Topic::Parallelism).ends_with("for `e`, `c`, `c #2`."));
}

#[test]
fn a_data_set_program_is_read_with_its_own_words() {
    let plan = imported(
        r#"{"plan": {"jid": "1", "name": "sort", "nodes": [
          {"id": "1", "parallelism": 2, "operator": "Data Source", "description": "at main()<br/> -&gt; Map"},
          {"id": "2", "parallelism": 2, "operator": "Sort", "description": "sort", "inputs": [
            {"id": "1", "num": 0, "ship_strategy": "Range Partition on [0:ASC]", "local_strategy": "Sort",
             "exchange": "blocking"}]},
          {"id": "3", "parallelism": 2, "operator": "Sink", "description": "out", "inputs": [
            {"id": "2", "num": 0, "ship_strategy": "Redistribute", "exchange": "pipelined"}]}]}}"#,
    );
    assert_eq!(plan.job_type, JobType::Unknown);
    assert_eq!(vertices(&plan), [("at main() -> Map", 2), ("sort", 2), ("out", 2)]);
    use Partitioner::{Range, Rebalance};
    assert_eq!(edges(&plan), [("at main() -> Map", Range, "sort"), ("sort", Rebalance, "out")]);
    let partitioners = sentences(&plan, Topic::Partitioner);
    assert!(partitioners.contains("sample") && partitioners.contains("`sort` -REBALANCE-> `out`"));
}

#[test]
fn inputs_are_in_the_order_of_their_numbers() {
    let plan = imported(
        r#"{"jid": "1", "nodes": [
          {"id": "a", "parallelism": 1, "description": "a"}, {"id": "b", "parallelism": 1, "description": "b"},
          {"id": "c", "parallelism": 1, "description": "c", "inputs": [
            {"id": "a", "num": 1, "ship_strategy": "HASH", "exchange": "blocking"},
            {"id": "b", "num": 0, "ship_strategy": "BROADCAST", "exchange": "blocking"}]}]}"#,
    );
    use Partitioner::{Broadcast, Hash};
    assert_eq!(edges(&plan), [("b", Broadcast, "c"), ("a", Hash, "c")]);
}

#[test]
fn a_job_without_exchanges_reads_and_commits_in_one_vertex() {
    let plan = imported(r#"{"nodes": [{"id": 1, "parallelism": 2, "contents": "all"}]}"#);
    assert_eq!(vertices(&plan), [("all", 2)]);
    assert_eq!(plan.job.vertices[0].rows_per_subtask, 1);
    assert!(plan.job.vertices[0].sink.is_some());
    for topic in [Topic::Exchange, Topic::DistributionPattern, Topic::Storage] {
        assert_eq!(sentences(&plan, topic), "", "{topic:?}");
    }
}

#[test]
fn what_was_asked_for_is_a_limit_and_what_it_costs_is_told() {
    let text = TREE.replace("\"parallelism\": 2", "\"parallelism\": 6");
    let plan = imported_with(&text, &Options { parallelism: NonZeroUsize::new(1), ..options() });
    assert!(plan.job.vertices.iter().all(|vertex| vertex.parallelism == 1));
    let told = sentences(&plan, Topic::Parallelism);
    assert!(told.contains("`e` has 1 subtask instead of 6"), "{told}");
    assert!(
        told.contains("nothing to choose") && told.contains("`e` -REBALANCE-> `f -> g`"),
        "{told}"
    );
}
