//! Texts that are no plan, or a wrong one: each says where, what and what would be valid.

use std::num::NonZeroUsize;

use failproof_checker::plan::{Options, import};
use failproof_model::design::preset;

/// A job plan that is right: a source and what reads it.
const PLAN: &str = r#"{
 "jid": "1f",
 "name": "job",
 "type": "BATCH",
 "nodes": [
  {
   "id": "a",
   "parallelism": 2,
   "description": "Source: a<br/>"
  },
  {
   "id": "b",
   "parallelism": 2,
   "description": "b<br/>",
   "inputs": [
    {
     "id": "a",
     "num": 0,
     "exchange": "blocking",
     "ship_strategy": "HASH"
    }
   ]
  }
 ]
}
"#;

fn options() -> Options {
    Options::new(preset("flink-2").unwrap())
}

fn error_of(text: &str) -> String {
    import("plan.json", text, &options()).unwrap_err().to_string()
}

/// The error of the plan with `from` replaced by `to`.
fn error_with(from: &str, to: &str) -> String {
    assert!(PLAN.contains(from), "{from}");
    error_of(&PLAN.replacen(from, to, 1))
}

fn wrapped(plan: &str) -> String {
    format!("{{\"plan\": {plan}}}")
}

#[test]
fn the_plan_itself_is_right() {
    assert!(import("plan.json", PLAN, &options()).is_ok());
    assert!(import("plan.json", &wrapped(PLAN), &options()).is_ok());
}

/// What is wrong, and the error.
fn errors() -> Vec<(&'static str, String)> {
    vec![
        ("nothing", error_of("")),
        ("no json", error_of("Job plan:\n a -> b\n")),
        ("a truncated plan", error_of(&PLAN[..PLAN.len() / 2])),
        ("text after the plan", error_of(&format!("{PLAN}x"))),
        ("nested without end", error_of(&"[".repeat(100_000))),
        ("a list", error_of("[]")),
        ("a number", error_of("7")),
        ("an empty object", error_of("{}")),
        ("another object", error_of(r#"{"errors": ["Job not found."]}"#)),
        ("an empty plan", error_of(r#"{"jid": "1f", "nodes": []}"#)),
        ("a plan that is null", error_of(&wrapped("null"))),
        ("a plan that is text", error_of(&wrapped("\"{}\""))),
        ("nodes that are no list", error_of(r#"{"nodes": {"id": 1}}"#)),
        ("a node that is no object", error_of(r#"{"nodes": [1]}"#)),
        ("no nodes in the plan", error_of(&wrapped(r#"{"jid": "1f"}"#))),
        ("an id of the wrong type", error_with(r#""id": "b""#, r#""id": ["b"]"#)),
        ("an id that is missing", error_with(r#""id": "b","#, "")),
        (
            "a parallelism of the wrong type",
            error_with(r#""parallelism": 2"#, r#""parallelism": "2""#),
        ),
        ("a parallelism that is missing", error_with(r#""parallelism": 2,"#, "")),
        ("a parallelism of zero", error_with(r#""parallelism": 2"#, r#""parallelism": 0"#)),
        (
            "a parallelism below undecided",
            error_with(r#""parallelism": 2"#, r#""parallelism": -2"#),
        ),
        (
            "a parallelism beyond flink",
            error_with(r#""parallelism": 2"#, r#""parallelism": 32769"#),
        ),
        (
            "a parallelism beyond numbers",
            error_with(r#""parallelism": 2"#, r#""parallelism": 1e99"#),
        ),
        ("an undecided parallelism", error_with(r#""parallelism": 2"#, r#""parallelism": -1"#)),
        ("a description of the wrong type", error_with(r#""b<br/>""#, "{}")),
        ("an unknown job type", error_with("BATCH", "MIXED")),
        (
            "inputs of the wrong type",
            error_of(r#"{"nodes": [{"id": 1, "parallelism": 1, "predecessors": {"id": 1}}]}"#),
        ),
        (
            "an input of the wrong type",
            error_of(r#"{"nodes": [{"id": 1, "parallelism": 1, "inputs": [1]}]}"#),
        ),
        (
            "an input that is dangling",
            error_with(
                r#""id": "a",
     "num""#,
                r#""id": "c",
     "num""#,
            ),
        ),
        ("an id that stands twice", error_with(r#""id": "b""#, r#""id": "a""#)),
        ("a field that stands twice", error_with(r#""num": 0"#, r#""id": "a""#)),
        ("an exchange of the wrong type", error_with(r#""blocking""#, "1")),
        ("an exchange that is missing", error_with(r#""exchange": "blocking","#, "")),
        ("an unknown exchange", error_with(r#""blocking""#, r#""BLOCKING""#)),
        ("a ship strategy of the wrong type", error_with(r#""HASH""#, "true")),
        (
            "a ship strategy that is missing",
            error_with(
                r#""blocking",
     "ship_strategy": "HASH""#,
                r#""blocking""#,
            ),
        ),
        ("an unknown ship strategy", error_with(r#""HASH""#, r#""Hash""#)),
        ("a value that is long", error_with("HASH", &"\\u0007x".repeat(500))),
        ("a number of an input of the wrong type", error_with(r#""num": 0"#, r#""num": -1"#)),
        (
            "a node that reads itself",
            error_with(
                r#""id": "a",
     "num""#,
                r#""id": "b",
     "num""#,
            ),
        ),
        (
            "forward between unequal parallelism",
            error_of(
                &PLAN
                    .replacen("\"parallelism\": 2", "\"parallelism\": 3", 1)
                    .replace("HASH", "FORWARD"),
            ),
        ),
        (
            "forward between operators of unequal parallelism",
            error_of(
                r#"{"nodes": [
        {"id": 1, "contents": "a", "parallelism": 1},
        {"id": 2, "contents": "b", "parallelism": 2, "predecessors": [{"id": 1, "ship_strategy": "FORWARD"}]}
    ]}"#,
            ),
        ),
        (
            "a cycle",
            error_of(
                r#"{"nodes": [
        {"id": 1, "contents": "source", "parallelism": 1},
        {"id": 2, "contents": "head", "parallelism": 1, "predecessors": [
            {"id": 1, "ship_strategy": "HASH"}, {"id": 3, "ship_strategy": "HASH"}]},
        {"id": 3, "contents": "tail", "parallelism": 1, "predecessors": [{"id": 2, "ship_strategy": "FORWARD"}]}
    ]}"#,
            ),
        ),
        (
            "job vertices of a stream graph in a cycle",
            error_of(
                r#"{"nodes": [
        {"id": "1", "description": "a", "parallelism": 1, "job_vertex_id": "f", "inputs": []},
        {"id": "2", "description": "b", "parallelism": 1, "job_vertex_id": "e", "inputs": [
            {"id": "1", "ship_strategy": "HASH", "exchange": "UNDEFINED"}]},
        {"id": "3", "description": "c", "parallelism": 1, "job_vertex_id": "f", "inputs": [
            {"id": "2", "ship_strategy": "HASH", "exchange": "UNDEFINED"}]}
    ]}"#,
            ),
        ),
        (
            "a job vertex of unequal parallelism",
            error_of(
                r#"{"nodes": [
        {"id": "1", "parallelism": 1, "job_vertex_id": "f"},
        {"id": "2", "parallelism": -1, "job_vertex_id": "f", "inputs": [
            {"id": "1", "ship_strategy": "FORWARD", "exchange": "UNDEFINED"}]}
    ]}"#,
            ),
        ),
        (
            "a lower case exchange in a stream graph",
            error_of(
                r#"{"nodes": [
        {"id": "1", "operator": "a", "parallelism": 1},
        {"id": "2", "operator": "b", "parallelism": 1, "inputs": [
            {"id": "1", "ship_strategy": "HASH", "exchange": "blocking"}]}
    ]}"#,
            ),
        ),
        (
            "an unknown job type in job details",
            error_of(
                r#"{"jid": "1f", "state": "RUNNING", "job-type": "ETERNAL",
                "plan": {"nodes": [{"id": "a", "parallelism": 1}]}}"#,
            ),
        ),
    ]
}

#[test]
fn every_error_says_where_what_and_what_would_be_valid() {
    let told = errors().into_iter().map(|(what, error)| format!("{what}\n    {error}\n"));
    insta::assert_snapshot!(told.collect::<String>());
}

#[test]
fn an_undecided_parallelism_is_what_was_asked_for() {
    let text = PLAN.replacen("\"parallelism\": 2", "\"parallelism\": -1", 1);
    let asked = Options { parallelism: NonZeroUsize::new(3), ..options() };
    let job = import("plan.json", &text, &asked).unwrap().job;
    assert_eq!(job.vertices.iter().map(|it| it.parallelism).collect::<Vec<_>>(), [3, 2]);
}

#[test]
fn the_place_of_an_error_is_told_apart_from_its_text() {
    let error = import("plan.json", &PLAN.replace("HASH", "HASCH"), &options()).unwrap_err();
    assert_eq!(error.place.file, "plan.json");
    assert_eq!(error.place.line_column, Some((20, 29)));
    assert_eq!(error.place.path, "nodes[1].inputs[0].ship_strategy");
}
