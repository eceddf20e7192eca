//! Whatever a command is given: an answer that says what would be valid, exit code 2, and no panic.

use crate::sandbox::{MINE, Sandbox};

#[track_caller]
fn refused(sandbox: &Sandbox, args: &[&str], says: &[&str]) {
    let ran = sandbox.run(args);
    assert_eq!(ran.code, 2, "{ran:?}");
    for text in says {
        assert!(ran.err.contains(text), "{text} is not in {}", ran.err);
    }
}

#[track_caller]
fn refused_scenario(name: &str, from: &str, to: &str, says: &[&str]) {
    let sandbox = Sandbox::new(name);
    assert!(MINE.contains(from), "{from}");
    sandbox.write("mine.toml", &MINE.replace(from, to));
    refused(&sandbox, &["check", "mine.toml"], says);
}

#[test]
fn a_missing_file() {
    refused(&Sandbox::new("missing"), &["check", "missing.toml"], &["missing.toml", "valid is"]);
    refused(&Sandbox::new("missing"), &["check", "--plan", "missing.json"], &["missing.json"]);
    refused(&Sandbox::new("missing"), &["replay", "missing.json"], &["missing.json"]);
    refused(&Sandbox::new("missing"), &["gate", "--corpus", "missing"], &["missing"]);
}

#[test]
fn a_scenario_that_is_not_toml() {
    refused_scenario("not-toml", "[design]", "[design", &["mine.toml:5", "this is not TOML"]);
}

#[test]
fn an_unknown_key() {
    refused_scenario("key", "rows = 1", "row = 1", &["mine.toml:10", "valid keys are", "rows"]);
}

#[test]
fn parallelism_0() {
    refused_scenario(
        "zero-parallel",
        "parallelism = 2\nrows",
        "parallelism = 0\nrows",
        &["mine.toml:9", "it has to be 1 "],
    );
}

#[test]
fn a_cyclic_job_graph() {
    let back = "[[edge]]\nfrom = \"C\"\nto = \"A\"\npartitioner = \"HASH\"\n[cluster]";
    refused_scenario("cyclic", "[cluster]", back, &["mine.toml", "a job graph has no cycle"]);
}

#[test]
fn forward_between_unequal_parallelism() {
    let sandbox = Sandbox::new("forward");
    let text =
        MINE.replace("REBALANCE", "FORWARD").replacen("parallelism = 2", "parallelism = 1", 1);
    sandbox.write("mine.toml", &text);
    refused(&sandbox, &["check", "mine.toml"], &["mine.toml", "FORWARD"]);
}

#[test]
fn restart_individual_on_a_connected_job() {
    let to = "strategy = \"restart-individual\"";
    refused_scenario(
        "individual",
        "consumers = \"never\"",
        to,
        &["mine.toml:6", "remove the edges"],
    );
}

#[test]
fn a_type_and_a_storage_that_do_not_combine() {
    let to = "\"REBALANCE\"\ntype = \"pipelined\"\nstorage = \"reliable\"";
    refused_scenario("storage", "\"REBALANCE\"", to, &["does not combine"]);
}

#[test]
fn more_than_the_model_can_hold() {
    refused_scenario(
        "many",
        "parallelism = 2\nrows",
        "parallelism = 40\nrows",
        &["mine.toml", "the model can hold"],
    );
}

/// The scenario with a prefix, an action a line; the first stands in line 5.
fn with_prefix(actions: &[&str]) -> String {
    let lines: String = actions.iter().map(|action| format!("    \"{action}\",\n")).collect();
    let to = format!("prefix = [\n{lines}]\npreset");
    MINE.trim_start().replacen("preset", &to, 1)
}

#[test]
fn a_prefix_that_is_not_enabled() {
    let sandbox = Sandbox::new("prefix");
    sandbox.write("mine.toml", &with_prefix(&["FinishTask A[0]", "FinshTask A[1]"]));
    let ran = sandbox.run(&["check", "mine.toml"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    insta::assert_snapshot!(anstream::adapter::strip_str(&ran.err).to_string());
}

#[test]
fn a_prefix_that_goes_on_when_the_job_has_ended() {
    let sandbox = Sandbox::new("prefix-end");
    let prefix = ["LoseTaskManager TM0", "FinishTask B[0]"];
    sandbox.write("mine.toml", &with_prefix(&prefix));
    let says = ["mine.toml:5", "step 2 of the prefix, `FinishTask B[0]`, is not enabled"];
    refused(&sandbox, &["check", "mine.toml"], &says);
    refused(&sandbox, &["export", "mine.toml", "--prefix"], &says);
    let ended = MINE.trim_start().replace("consumers = \"never\"", "restart-attempts = 0");
    let to = "prefix = ['LoseTaskManager TM0', 'FinishJob']\npreset";
    sandbox.write("mine.toml", &ended.replacen("preset", to, 1));
    let says = ["mine.toml:3:34", "nothing is enabled there: the prefix has to end before"];
    refused(&sandbox, &["check", "mine.toml"], &says);
}

#[test]
fn all_scenarios_with_mistakes_are_told_before_anything_is_explored() {
    let sandbox = Sandbox::new("all-mistakes");
    sandbox.write("mine.toml", MINE);
    sandbox.write("bad.toml", "name = 1");
    let ran = sandbox.run(&["check", "mine.toml", "bad.toml", "missing.toml"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("bad.toml:1") && ran.err.contains("missing.toml"), "{}", ran.err);
}

#[test]
fn a_scenario_without_the_defect_that_it_does_not_have() {
    let sandbox = Sandbox::new("no-defect");
    sandbox.write("mine.toml", MINE);
    let says = "mine.toml: nothing is broken in it on purpose";
    refused(&sandbox, &["check", "mine.toml", "--without-defect"], &[says, "`[without]`"]);
    refused(&sandbox, &["check", "--without-defect"], &["<NAME|FILE>"]);
}

#[test]
fn a_page_that_is_not_for_what_is_listed() {
    let sandbox = Sandbox::new("page");
    let args = ["list", "rules", "--page", "page.md"];
    refused(&sandbox, &args, &["only defects, citations and masters have a page"]);
    let args = ["list", "citations", "--page", "page.md"];
    refused(&sandbox, &args, &["cannot read `page.md`"]);
    let args = ["list", "defects", "--page", "page.md"];
    refused(&sandbox, &args, &["cannot read `page.md`"]);
    sandbox.write("page.md", "# Defects\n");
    refused(&sandbox, &args, &["page.md: the page needs a line `<!-- generated by"]);
    assert_eq!(sandbox.read("page.md"), "# Defects\n");
}

#[test]
fn two_scenarios_of_one_name() {
    let sandbox = Sandbox::new("one-name");
    sandbox.write("mine.toml", MINE);
    sandbox.write("other.toml", &MINE.replace("never", "always"));
    let says = "two scenarios have the name `mine`, in mine.toml and in other.toml";
    refused(&sandbox, &["check", "mine.toml", "other.toml"], &[says, "a `name` of its own"]);
    refused(&sandbox, &["simulate", "mine.toml", "other.toml"], &[says]);
    let twice = ["check", "two-stages", "mine.toml", "two-stages"];
    refused(&sandbox, &twice, &["`two-stages` is asked for twice"]);
}

#[test]
fn a_plan_with_a_field_of_the_wrong_type() {
    let sandbox = Sandbox::new("plan-type");
    let plan = include_str!("../data/flink-plans/wordcount-batch.2.3.0.rest-jarplan.json");
    let wrong = plan.replacen("\"parallelism\":2", "\"parallelism\":\"two\"", 1);
    let wrong = wrong.replacen("\"parallelism\": 2", "\"parallelism\": \"two\"", 1);
    assert_ne!(plan, wrong);
    sandbox.write("plan.json", &wrong);
    refused(&sandbox, &["check", "--plan", "plan.json"], &["plan.json", "valid is"]);
    refused(&sandbox, &["import", "plan.json"], &["plan.json", "valid is"]);
}

#[test]
fn a_trace_of_another_version_or_cut_short() {
    let sandbox = Sandbox::new("trace-text");
    sandbox.write("mine.toml", MINE);
    sandbox.run(&["check", "mine.toml"]);
    let trace = sandbox.read("failproof-traces/mine.outcome-is-transparent.json");
    sandbox.write("trace.json", &trace.replace("\"version\": 1", "\"version\": 2"));
    refused(&sandbox, &["replay", "trace.json"], &["trace.json", "this program reads version 1"]);
    sandbox.write("trace.json", &trace[..trace.len() / 2]);
    refused(&sandbox, &["replay", "trace.json"], &["trace.json", "the trace is cut short"]);
    sandbox.write("trace.json", &trace.replace("parallelism = 2", "parallelism = 0"));
    refused(&sandbox, &["replay", "trace.json"], &["the scenario in trace.json:9"]);
}

#[test]
fn threads_that_no_system_has() {
    for threads in ["0", "257", "100000"] {
        let args = ["check", "two-stages", "--threads", threads];
        refused(&Sandbox::new("threads"), &args, &["is not in 1..=256"]);
    }
}

#[test]
fn an_output_that_cannot_be_written() {
    let sandbox = Sandbox::new("no-output");
    sandbox.write("mine.toml", MINE);
    let args = ["check", "mine.toml", "-o", "no/such/file"];
    refused(&sandbox, &args, &["cannot write `no/such/file`"]);
    let args = ["check", "mine.toml", "--traces", "mine.toml"];
    refused(&sandbox, &args, &["cannot write `mine.toml`"]);
}
