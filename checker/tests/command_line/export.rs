//! Runs, written as traces and as pages.

use crate::sandbox::{MINE, Ran, Sandbox};

fn replayed(sandbox: &Sandbox, trace: &str) -> String {
    let ran = sandbox.run(&["replay", trace]);
    assert_eq!(ran.code, 0, "{ran:?}");
    ran.out.trim_end().lines().last().unwrap().to_owned()
}

#[test]
fn a_prefix_becomes_the_steps_and_is_in_the_scenario_no_more() {
    let sandbox = Sandbox::new("export-prefix");
    let args = ["export", "lineage-after-release", "--prefix"];
    let ran = sandbox.run(&args);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    sandbox.run(&[&args[..], &["-o", "trace.json"]].concat());
    assert_eq!(sandbox.read("trace.json"), ran.out);
    let trace = ran.json();
    assert_eq!((&trace["kind"], &trace["property"]), (&"witness".into(), &().into()));
    assert_eq!(trace["steps"].as_array().unwrap().len(), 6);
    let scenario = trace["scenario"].as_str().unwrap();
    assert!(scenario.starts_with("# Section 4.4."), "comments stay: {scenario}");
    assert!(!scenario.contains("prefix") && !scenario.contains("[expect"), "{scenario}");
    let last = replayed(&sandbox, "trace.json");
    assert_eq!(last, "reproduced: 6 steps; a run, not a violation");
}

#[test]
fn a_scenario_without_a_prefix_has_none_to_write() {
    let ran = Sandbox::new("export-none").run(&["export", "two-stages", "--prefix"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("`two-stages` has no prefix to write; valid is"), "{}", ran.err);
}

#[test]
fn one_of_the_two_runs_has_to_be_chosen() {
    let sandbox = Sandbox::new("export-which");
    let none = sandbox.run(&["export", "two-stages"]);
    assert_eq!(none.code, 2);
    assert!(none.err.contains("Valid are `--prefix` and `--witness PROPERTY`"), "{}", none.err);
    let both = ["export", "stale-report", "--prefix", "--witness", "no-state-is-stuck"];
    assert_eq!(sandbox.run(&both).code, 2);
}

#[track_caller]
fn witness(sandbox: &Sandbox, scenario: &str, property: &str, args: &[&str]) -> Ran {
    let export = ["export", scenario, "--witness", property, "-o", "trace.json"];
    sandbox.run(&[&export[..], args].concat())
}

#[test]
fn a_shortest_run_to_what_a_property_is_about_replays() {
    let sandbox = Sandbox::new("export-witness");
    for (scenario, property) in [
        ("two-stages", "outcome-is-transparent"),
        ("two-stages", "each-sink-is-explainable"),
        ("two-stages", "every-row-exactly-once"),
        ("sink-per-task", "committed-output-never-changes"),
        ("sink-per-task", "one-commit-per-sink-partition"),
        ("lineage-kept", "one-content-per-producer"),
        ("two-stages", "deploys-only-on-consumable-inputs"),
        ("stale-report", "one-live-attempt-per-vertex"),
        ("stale-report", "stale-report-changes-nothing"),
        ("two-stages", "released-only-when-consumed"),
        ("two-stages", "no-state-is-stuck"),
        // Its prefix stays in the scenario: the run begins at the end of it.
        ("finish-crosses-cancel", "job-can-always-end"),
    ] {
        let ran = witness(&sandbox, scenario, property, &[]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{scenario} {property}");
        let last = replayed(&sandbox, "trace.json");
        let says = format!(" to what `{property}` is about; a run, not a violation");
        assert!(last.starts_with("reproduced: ") && last.ends_with(&says), "{last}");
    }
}

/// What is written as a witness never is a violation, and nothing is written where there is none.
#[test]
fn a_property_without_a_witness_is_told_and_why() {
    let sandbox = Sandbox::new("export-no-witness");
    sandbox.write("mine.toml", MINE);
    let none = |property, args: &[&str], code, why| {
        let ran = witness(&sandbox, "mine.toml", property, args);
        assert_eq!(ran.code, code, "{ran:?}");
        assert!(ran.err.contains(why), "{why} is not in {}", ran.err);
        assert!(!sandbox.directory.join("trace.json").exists());
    };
    none("stale-report-changes-nothing", &[], 4, "no run reaches what it is about");
    none("outcome-is-transparent", &["--depth", "3"], 3, "limit of ");
    none("outcome-is-transparnt", &[], 2, "did you mean `outcome-is-transparent`?");
    let released = ["defect-release-after-first-consumer", "released-only-when-consumed"];
    let ran = witness(&sandbox, released[0], released[1], &[]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.err.contains("it is a violation, not a witness"), "{}", ran.err);
    assert!(!sandbox.directory.join("trace.json").exists());
}

#[test]
fn a_violation_that_calls_itself_a_witness_is_found_out() {
    let sandbox = Sandbox::new("export-lie");
    sandbox.write("mine.toml", MINE);
    sandbox.run(&["check", "mine.toml"]);
    let trace = sandbox.read("failproof-traces/mine.outcome-is-transparent.json");
    sandbox.write("trace.json", &trace.replace("\"violation\"", "\"witness\""));
    let ran = sandbox.run(&["replay", "trace.json"]);
    assert_eq!(ran.code, 5, "{ran:?}");
    assert!(ran.out.contains("it is a violation, not a witness"), "{}", ran.out);
}

/// From `check` to a page: what the README says.
#[test]
fn a_violation_becomes_a_page_that_says_why() {
    let sandbox = Sandbox::new("export-page");
    sandbox.write("mine.toml", MINE);
    sandbox.run(&["check", "mine.toml"]);
    let trace = "failproof-traces/mine.outcome-is-transparent.json";
    let ran = sandbox.run(&["export", trace, "--format", "html", "-o", "page.html"]);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "", ""));
    let page = sandbox.read("page.html");
    assert!(page.starts_with("<!doctype html>"), "{page}");
    assert!(page.contains("Row r0 is "), "{page}");
    for elsewhere in ["http://", "https://www", "src=", "@import", "url("] {
        let own = "http://www.w3.org/2000/svg";
        assert!(
            !page.replace(own, "").contains(elsewhere),
            "the page asks for something: {elsewhere}"
        );
    }
    let printed = sandbox.run(&["export", trace, "--format", "html"]);
    assert_eq!(printed.out, page);
}

#[test]
fn a_run_of_a_scenario_becomes_a_page() {
    let sandbox = Sandbox::new("export-page-of-scenario");
    let args = ["export", "lineage-after-release", "--prefix", "--format", "html"];
    let ran = sandbox.run(&args);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(ran.out.contains("\"violation\":false"), "{}", ran.out);
}

#[test]
fn a_trace_is_one_run_and_no_other_is_chosen() {
    let sandbox = Sandbox::new("export-trace-and-run");
    let args = ["export", "lineage-after-release", "--prefix", "-o", "trace.json"];
    sandbox.run(&args);
    let same = sandbox.run(&["export", "trace.json"]);
    assert_eq!(
        (same.code, &same.out),
        (0, &sandbox.read("trace.json")),
        "a trace stays what it is"
    );
    let ran = sandbox.run(&["export", "trace.json", "--prefix"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("trace.json is a trace, which is one run"), "{}", ran.err);
    let text = sandbox.read("trace.json");
    let digest = text.rsplit("\"digest\": \"").next().unwrap()[..16].to_owned();
    sandbox.write("other.json", &text.replace(&digest, "0000000000000000"));
    let ran = sandbox.run(&["export", "other.json", "--format", "html", "-o", "page.html"]);
    assert_eq!(ran.code, 5, "{ran:?}");
    assert!(ran.err.contains("diverged"), "{}", ran.err);
    assert!(!sandbox.directory.join("page.html").exists());
    let nowhere = sandbox.run(&["export", "nowhere.json", "--format", "html"]);
    assert_eq!(nowhere.code, 2);
}
