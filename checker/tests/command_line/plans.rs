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
