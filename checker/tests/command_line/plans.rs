//! Plans of Flink, checked.

use serde_json::json;

use crate::sandbox::{Ran, Sandbox};

fn check(plan: &str, args: &[&str]) -> Ran {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/flink-plans");
    let path = format!("{folder}/{plan}");
    Sandbox::new(plan).run(&[&["check", "--plan", &path], args].concat())
}

#[test]
fn a_small_job_is_checked_to_the_end() {
    let ran = check("wordcount-batch.2.3.0.rest-jarplan.json", &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"in \d+\.\d+ s(?: \([\d,]+ states/s\))?(?:, [\d.]+ MiB)?", "in [time]");
    settings.bind(|| insta::assert_snapshot!(ran.out));
}

#[test]
fn a_large_job_is_checked_in_pieces_and_never_holds() {
    let ran = check("exchanges-batch.2.3.0.rest-jarplan.json", &["--format", "json"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    let json = ran.json();
    let names: Vec<_> =
        json["scenarios"].as_array().unwrap().iter().map(|it| &it["name"]).collect();
    assert_eq!(names.len(), 6);
    assert!(names.iter().all(|name| name.as_str().unwrap().contains("-piece-")), "{names:?}");
    for (index, scenario) in json["scenarios"].as_array().unwrap().iter().enumerate() {
        let piece = &scenario["piece_of"];
        assert_eq!(piece["job"], "exchanges");
        assert_eq!((&piece["piece"], &piece["pieces"]), (&json!(index + 1), &json!(6)));
        assert_eq!((&piece["job_vertices"], &piece["job_subtasks"]), (&json!(8), &json!(18)));
        let (vertices, subtasks) = (piece["vertices"].as_u64(), piece["subtasks"].as_u64());
        assert!((2..=4).contains(&vertices.unwrap()), "{piece}");
        assert_eq!(subtasks, scenario["bounds"]["execution_vertices"].as_u64());
    }
    assert!(ran.err.contains("The whole job is too large to exhaust"), "{}", ran.err);
    assert!(ran.err.contains("does not say"), "{}", ran.err);
    assert!(ran.err.contains("for 6 pieces of this job, not the whole of it"), "{}", ran.err);
}

#[test]
fn a_job_that_is_checked_as_a_whole_is_a_piece_of_nothing() {
    let ran = check("wordcount-batch.2.3.0.rest-jarplan.json", &["--format", "json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(ran.json()["scenarios"][0]["piece_of"], json!(null));
}

#[test]
fn a_whole_job_that_meets_a_limit_is_cut_as_well() {
    let ran = check("wordcount-batch.2.3.0.rest-jarplan.json", &["--states", "200"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(ran.out.contains("more states than the limits allow"), "{}", ran.out);
    assert!(ran.out.contains("piece-1-of-1-parallelism-1"), "{}", ran.out);
}

/// Each vertex reads the other twice by BROADCAST, so that a row becomes eight.
const MULTIPLYING: &str = r#"{"plan": {"jid": "0", "name": "wide", "type": "BATCH", "nodes": [
    {"id": "s", "parallelism": 2, "description": "s"},
    {"id": "a", "parallelism": 2, "description": "a", "inputs": [
        {"num": 0, "id": "s", "ship_strategy": "BROADCAST", "exchange": "blocking"},
        {"num": 1, "id": "s", "ship_strategy": "BROADCAST", "exchange": "blocking"}]},
    {"id": "b", "parallelism": 2, "description": "b", "inputs": [
        {"num": 0, "id": "a", "ship_strategy": "BROADCAST", "exchange": "blocking"},
        {"num": 1, "id": "a", "ship_strategy": "BROADCAST", "exchange": "blocking"}]},
    {"id": "c", "parallelism": 2, "description": "c", "inputs": [
        {"num": 0, "id": "b", "ship_strategy": "SHUFFLE", "exchange": "blocking"}]}]}}"#;

#[test]
fn a_job_with_more_rows_than_the_model_holds_is_cut_as_well() {
    let sandbox = Sandbox::new("plan-rows");
    sandbox.write("plan.json", MULTIPLYING);
    let ran = sandbox.run(&["check", "--plan", "plan.json"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    let why = "one subtask of vertex `b` can get 16 rows; with its partitioners the model holds 8";
    assert!(ran.out.contains("The whole job is too large to exhaust"), "{}", ran.out);
    assert!(ran.out.contains(why), "{}", ran.out);
    assert!(ran.out.contains("of this job, not the whole of it"), "{}", ran.out);
    assert_eq!(ran.err, "");

    let args = ["check", "--plan", "plan.json", "--rows", "2", "--states", "50"];
    let ran = sandbox.run(&args);
    assert_eq!(ran.code, 3, "{ran:?}");
    let too_large = "wide-piece-1-of-2-parallelism-2\n  too large: 3 vertices of 6 subtasks";
    assert!(ran.out.contains(too_large), "{}", ran.out);
    assert!(ran.out.contains("wide-piece-1-of-2-parallelism-1 (flink-2)"), "{}", ran.out);
    assert!(ran.out.contains("No piece could be exhausted"), "{}", ran.out);
    // With parallelism 1 the pieces have 86 states and 74.
    let ran = sandbox.run(&["check", "--plan", "plan.json", "--rows", "2", "--states", "80"]);
    let some = "for 1 of 2 pieces of this job, not the others and not the whole of it";
    assert!(ran.out.contains(some), "{}", ran.out);
}

#[test]
fn rows_that_no_source_can_have_are_refused() {
    let ran = check("wordcount-batch.2.3.0.rest-jarplan.json", &["--rows", "17"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
    assert!(ran.err.contains("17 is not in 1..=16"), "{}", ran.err);
}

#[test]
fn restart_individual_takes_no_plan_with_exchanges() {
    let plan = "wordcount-batch.2.3.0.rest-jarplan.json";
    let ran = check(plan, &["--preset", "restart-individual"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    let says = "it takes only jobs without data exchange, and `wordcount` has 1 exchange; valid is";
    assert!(ran.err.contains(says), "{}", ran.err);
}

#[test]
fn an_imported_plan_that_is_too_large_says_so() {
    let sandbox = Sandbox::new("import-large");
    let plan = include_str!("../data/flink-plans/exchanges-batch.2.3.0.rest-jarplan.json");
    sandbox.write("plan.json", plan);
    let ran = sandbox.run(&["import", "plan.json", "-o", "scenario.toml"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""));
    let says = "warning: `failproof check` will not take it as it is: 18 execution vertices are more than the 16";
    assert!(ran.err.contains(says), "{}", ran.err);
    assert_eq!(sandbox.run(&["check", "scenario.toml"]).code, 2);
}

#[test]
fn of_a_streaming_job_the_restarts_are_shown_and_the_rest_is_refused() {
    let ran = check("wordcount-stream.2.3.0.rest-jarplan.json", &[]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.out.contains("What would restart"), "{}", ran.out);
    assert!(
        ran.err.contains("recovers from checkpoints, which are not modelled yet"),
        "{}",
        ran.err
    );
}

#[test]
fn an_imported_plan_is_a_scenario_that_checks() {
    let sandbox = Sandbox::new("import");
    let plan = include_str!("../data/flink-plans/wordcount-batch.2.3.0.rest-jarplan.json");
    sandbox.write("plan.json", plan);
    let ran = sandbox.run(&["import", "plan.json", "-o", "scenario.toml"]);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "", ""));
    assert_eq!(sandbox.run(&["import", "plan.json"]).out, sandbox.read("scenario.toml"));
    assert_eq!(sandbox.run(&["check", "scenario.toml"]).code, 0);
}
