//! What holds for every text that might be a plan.

use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::LazyLock;

use failproof_checker::plan::{Options, PlanError, import, pieces, scale, to_scenario};
use failproof_model::design::preset;
use failproof_model::job_graph::JobGraph;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

/// Every recorded plan, and some with joins and what else the recorded ones lack.
static PLANS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/flink-plans");
    let mut files: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let recorded = files.iter().map(|file| fs::read_to_string(file).unwrap());
    recorded.chain([JOIN.to_owned(), DETAILS.to_owned(), DATA_SET.to_owned()]).collect()
});

const JOIN: &str = r#"{"jid": "1", "name": "join", "type": "BATCH", "nodes": [
  {"id": "d", "parallelism": 3, "description": "sink", "inputs": [
    {"id": "c", "num": 0, "exchange": "pipelined", "ship_strategy": "FORWARD"},
    {"id": "a", "num": 1, "exchange": "hybrid_selective", "ship_strategy": "RESCALE"}]},
  {"id": "c", "parallelism": 3, "description": "Join<br/>+- [1]:Limit(fetch=[1])", "inputs": [
    {"id": "a", "num": 0, "exchange": "blocking", "ship_strategy": "HASH[k]"},
    {"id": "b", "num": 1, "exchange": "hybrid_full", "ship_strategy": "HASH[k]"},
    {"id": "a", "num": 2, "exchange": "blocking_persistent", "ship_strategy": "BROADCAST"}]},
  {"id": "b", "parallelism": 2, "description": "Source: b"},
  {"id": "a", "parallelism": 2, "description": "Source: a"}]}"#;

const DETAILS: &str = r#"{"jid": "1", "state": "RUNNING", "job-type": "BATCH", "pending-operators": 2, "vertices": [],
  "plan": {"nodes": [{"id": "a", "parallelism": -1, "description": "a &lt;&#92;", "inputs": []}]}}"#;

const DATA_SET: &str = r#"{"plan": {"nodes": [{"id": "a", "parallelism": 4, "description": "a"},
  {"id": "b", "parallelism": 4, "description": "b", "inputs": [
    {"id": "a", "exchange": "pipelined", "ship_strategy": "Redistribute", "local_strategy": "Sort"}]},
  {"id": "c", "parallelism": 4, "description": "c", "inputs": [
    {"id": "b", "exchange": "blocking", "ship_strategy": "Range Partition on [0:ASC]"}]}]}}"#;

fn options(parallelism: Option<usize>) -> Options {
    let parallelism = parallelism.and_then(NonZeroUsize::new);
    Options { parallelism, ..Options::new(preset("flink-2").unwrap()) }
}

/// Imports a text, and does with the job whatever can be done.
fn import_and_use(text: &str, parallelism: Option<usize>) -> Result<JobGraph, PlanError> {
    let options = options(parallelism);
    let plan = import("plan.json", text, &options)?;
    plan.job.validate().unwrap();
    let scenario = to_scenario(&plan, &options);
    assert_eq!(scenario.cluster.placement.len(), plan.job.execution_vertices());
    for piece in pieces(&plan.job) {
        piece.job.validate().unwrap_or_else(|error| panic!("{}: {error}", piece.name));
        assert!(piece.job.vertices.iter().all(|vertex| vertex.parallelism <= piece.parallelism));
        piece.to_scenario(&plan.name, &options);
    }
    Ok(plan.job)
}

/// What JSON holds where something else is expected, and values that plans have elsewhere.
fn any_value() -> impl Strategy<Value = Value> {
    let special = prop::sample::select(vec![
        json!(null),
        json!(true),
        json!([]),
        json!({}),
        json!(""),
        json!(0),
        json!(-1),
        json!(1),
        json!(5),
        json!(i64::MAX),
        json!(u64::MAX),
        json!(0.5),
        json!("FORWARD"),
        json!("RESCALE"),
        json!("HASH["),
        json!("UNDEFINED"),
        json!("blocking"),
        json!("STREAMING"),
        json!("a"),
        json!("[1]:\u{0}(<br/>&amp;&#xffffffff;->  -> "),
    ]);
    prop_oneof![
        special,
        any::<String>().prop_map(Value::String),
        any::<i64>().prop_map(Value::from)
    ]
}

/// All values in a JSON value, by their JSON pointers.
fn pointers(value: &Value, at: &str, all: &mut Vec<String>) {
    all.push(at.to_owned());
    match value {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(k, it)| pointers(it, &format!("{at}/{k}"), all));
        }
        Value::Object(fields) => {
            fields.iter().for_each(|(k, it)| pointers(it, &format!("{at}/{k}"), all));
        }
        _ => {}
    }
}

/// Replaces some values of a plan, or takes one from elsewhere in it.
fn mutate(plan: &mut Value, changes: &[(Index, Index, Option<Value>)]) {
    for (target, origin, value) in changes {
        let mut all = Vec::new();
        pointers(plan, "", &mut all);
        let value = value.clone().or_else(|| plan.pointer(&all[origin.index(all.len())]).cloned());
        if let (Some(place), Some(value)) = (plan.pointer_mut(&all[target.index(all.len())]), value)
        {
            *place = value;
        }
    }
}

fn any_plan() -> impl Strategy<Value = &'static str> {
    prop::sample::select(PLANS.iter().map(String::as_str).collect::<Vec<_>>())
}

fn some_parallelism() -> impl Strategy<Value = Option<usize>> {
    prop::option::of(1..6_usize)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_text_is_a_plan_or_an_error(text in any::<String>()) {
        let _ = import_and_use(&text, None);
    }

    #[test]
    fn a_truncated_plan_is_an_error(plan in any_plan(), end in any::<Index>()) {
        let text = plan.trim_end();
        let text = String::from_utf8_lossy(&text.as_bytes()[..end.index(text.len())]);
        prop_assert!(import_and_use(&text, None).is_err());
    }

    #[test]
    fn a_plan_with_other_characters_is_a_plan_or_an_error(
        plan in any_plan(),
        changes in prop::collection::vec((any::<Index>(), any::<u8>()), 1..4),
        parallelism in some_parallelism(),
    ) {
        let mut bytes = plan.to_owned().into_bytes();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = import_and_use(&String::from_utf8_lossy(&bytes), parallelism);
    }

    #[test]
    fn a_plan_with_other_values_is_a_plan_or_an_error(
        plan in any_plan(),
        changes in prop::collection::vec(
            (any::<Index>(), any::<Index>(), prop::option::of(any_value())),
            1..5,
        ),
        parallelism in some_parallelism(),
    ) {
        let mut value: Value = serde_json::from_str(plan).unwrap();
        mutate(&mut value, &changes);
        let _ = import_and_use(&serde_json::to_string_pretty(&value).unwrap(), parallelism);
    }

    #[test]
    fn the_order_of_nodes_makes_no_difference(
        (plan, order) in (any_plan(), any::<u64>()),
        parallelism in 1..6_usize,
    ) {
        let mut value: Value = serde_json::from_str(plan).unwrap();
        let nodes = if value.get("plan").is_some() { "/plan/nodes" } else { "/nodes" };
        let nodes = value.pointer_mut(nodes).and_then(Value::as_array_mut).unwrap();
        nodes.sort_by_cached_key(|node| {
            let key = node.to_string().bytes().fold(order, |key, byte| {
                (key ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            });
            key.rotate_left(32)
        });
        let shuffled = import_and_use(&value.to_string(), Some(parallelism)).unwrap();
        prop_assert_eq!(shuffled, import_and_use(plan, Some(parallelism)).unwrap());
    }

    #[test]
    fn a_scaled_job_is_valid_and_has_no_more_subtasks_than_asked_for(
        plan in any_plan(),
        parallelism in prop::collection::vec(1..9_usize, 8),
        most in 1..9_usize,
    ) {
        let mut job = import_and_use(plan, Some(8)).unwrap();
        for (vertex, parallelism) in job.vertices.iter_mut().zip(parallelism) {
            vertex.parallelism = parallelism;
        }
        prop_assume!(job.validate().is_ok());
        let scaled = scale(&job, NonZeroUsize::new(most).unwrap());
        prop_assert!(scaled.validate().is_ok());
        for (before, after) in job.vertices.iter().zip(&scaled.vertices) {
            prop_assert!((1..=most.min(before.parallelism)).contains(&after.parallelism));
        }
    }
}
