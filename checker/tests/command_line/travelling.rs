//! Formats for other tools: each is read again by a reader of it, and all say the same.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::Value;

use crate::sandbox::{Sandbox, TRACE};

#[track_caller]
fn exported(sandbox: &Sandbox, trace: &str, format: &str) -> String {
    let ran = sandbox.run(&["export", trace, "--format", format]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    ran.out
}

/// The actions of a trace.
fn actions(sandbox: &Sandbox, trace: &str) -> Vec<String> {
    let trace: Value = serde_json::from_str(&sandbox.read(trace)).unwrap();
    let steps = trace["steps"].as_array().unwrap().iter();
    steps.map(|step| step["action"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_run_is_a_sequence_diagram_for_mermaid() {
    insta::assert_snapshot!(exported(&Sandbox::with_trace("mermaid"), TRACE, "mermaid"));
}

#[test]
fn a_loop_is_a_loop_in_every_format() {
    let sandbox = Sandbox::new("export-loop");
    sandbox.run(&["check", "flink-1.3-lost-partition"]);
    let trace = "failproof-traces/flink-1.3-lost-partition.lost-partition-is-recomputed.json";
    let mermaid = exported(&sandbox, trace, "mermaid");
    let inside = mermaid.split_once("  loop again and again\n").unwrap().1;
    let inside = inside.split_once("  end\n").unwrap().0;
    assert_eq!(inside.matches(": told").count() + 4, inside.lines().count(), "{mermaid}");
    assert!(exported(&sandbox, trace, "svg").contains("again and again"));
    let itf: itf::Trace<Value> = itf::trace_from_str(&exported(&sandbox, trace, "itf")).unwrap();
    assert_eq!(itf.loop_index, Some(3));
}

#[derive(Deserialize)]
struct ItfState {
    #[serde(rename = "mbt::actionTaken")]
    action: String,
    job: String,
    tasks: itf::value::Map<String, ItfTask>,
}

#[derive(Deserialize)]
struct ItfTask {
    attempt: i64,
    book: String,
}

#[test]
fn the_itf_crate_reads_every_state_and_the_action_before_it() {
    let sandbox = Sandbox::with_trace("itf");
    let text = exported(&sandbox, TRACE, "itf");
    let trace: itf::Trace<ItfState> = itf::trace_from_str(&text).unwrap();
    let taken: Vec<_> = trace.states.iter().map(|state| state.value.action.clone()).collect();
    assert_eq!(taken[0], "init");
    assert_eq!(taken[1..], actions(&sandbox, TRACE));
    let last = &trace.states.last().unwrap().value;
    assert_eq!(last.job, "Finished");
    let task = last.tasks.get(&"A[0]".to_owned()).unwrap();
    assert_eq!((task.attempt, task.book.to_lowercase().as_str()), (1, "finished"));
    insta::assert_snapshot!(text.lines().take(80).collect::<Vec<_>>().join("\n"));
}

#[test]
fn a_drawing_is_well_formed_and_has_a_text_for_every_step() {
    let sandbox = Sandbox::with_trace("svg");
    let text = exported(&sandbox, TRACE, "svg");
    let document = roxmltree::Document::parse(&text).unwrap();
    let texts: Vec<_> = document.descendants().filter(|it| it.has_tag_name("text")).collect();
    for action in actions(&sandbox, TRACE) {
        assert!(texts.iter().any(|it| it.text() == Some(&action)), "{action}: {text}");
    }
    assert!(!text.replace("http://www.w3.org/2000/svg", "").contains("http"), "{text}");
    insta::assert_snapshot!(text);
}

#[test]
fn a_run_that_diverges_is_drawn_in_no_format() {
    let sandbox = Sandbox::with_trace("export-diverged");
    let text = sandbox.read(TRACE);
    let digest = text.rsplit("\"digest\": \"").next().unwrap()[..16].to_owned();
    sandbox.write("other.json", &text.replace(&digest, "0000000000000000"));
    for format in ["html", "mermaid", "svg", "itf", "code"] {
        let ran = sandbox.run(&["export", "other.json", "--format", format]);
        assert_eq!((ran.code, ran.out.as_str()), (5, ""), "{format}");
        assert!(ran.err.contains("diverged"), "{}", ran.err);
    }
}

const CHECKED: [&str; 5] =
    ["check", "mine.toml", "two-stages", "never-behind-rebalance", "flink-1.3-lost-partition"];

#[track_caller]
fn checked(sandbox: &Sandbox, format: &str) -> String {
    let ran = sandbox.run(&[&CHECKED[..], &["--format", format]].concat());
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.err.contains("something is not as expected (exit code 1)"), "{}", ran.err);
    ran.out
}

type Verdicts = BTreeSet<(String, String, String)>;

/// Every named or violated property of every scenario, with its verdict.
fn of_json(text: &str) -> Verdicts {
    let json: Value = serde_json::from_str(text).unwrap();
    let mut verdicts = Verdicts::new();
    for scenario in json["scenarios"].as_array().unwrap() {
        for property in scenario["properties"].as_array().unwrap() {
            if property["named"] == true || property["verdict"] == "violated" {
                let texts = [&scenario["name"], &property["id"], &property["verdict"]];
                let [a, b, c] = texts.map(|text| text.as_str().unwrap().to_owned());
                verdicts.insert((a, b, c));
            }
        }
    }
    assert!(verdicts.len() > 5, "{verdicts:?}");
    verdicts
}

#[test]
fn every_format_says_the_same_verdicts() {
    let sandbox = Sandbox::with_trace("same-verdicts");
    let json = of_json(&checked(&sandbox, "json"));

    let junit = checked(&sandbox, "junit");
    let report = quick_junit::Report::deserialize_from_str(&junit).unwrap();
    let document = roxmltree::Document::parse(&junit).unwrap();
    let cases = document.descendants().filter(|it| it.has_tag_name("testcase"));
    let cases = cases.filter(|it| it.attribute("name") != Some("exploration"));
    let of_junit: Verdicts = cases
        .map(|case| {
            let [scenario, id] = ["classname", "name"].map(|key| case.attribute(key).unwrap());
            let out = case.descendants().find(|it| it.has_tag_name("system-out"));
            let failure = case.children().find_map(|it| it.attribute("message"));
            let text = failure.or(out.and_then(|it| it.text())).unwrap();
            let verdict = text.split(':').next().unwrap();
            (scenario.to_owned(), id.to_owned(), verdict.to_owned())
        })
        .collect();
    assert_eq!(of_junit, json);
    assert!(report.failures > 0 && report.errors == 0, "{junit}");

    let sarif: Value = serde_json::from_str(&checked(&sandbox, "sarif")).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap().iter();
    let results = results.filter(|result| result["ruleId"] != "exploration");
    let of_sarif: Verdicts = results
        .map(|result| {
            let texts = [
                &result["properties"]["scenario"],
                &result["ruleId"],
                &result["properties"]["verdict"],
            ];
            let [a, b, c] = texts.map(|text| text.as_str().unwrap().to_owned());
            (a, b, c)
        })
        .collect();
    assert_eq!(of_sarif, json);

    let markdown = checked(&sandbox, "markdown");
    let rows = markdown.lines().filter(|line| line.starts_with("| ✓") || line.starts_with("| ✗"));
    let of_markdown: Verdicts = rows
        .map(|row| {
            let cells: Vec<_> = row.split('|').map(|cell| cell.trim().to_owned()).collect();
            (cells[2].clone(), cells[3].clone(), cells[4].clone())
        })
        .collect();
    assert_eq!(of_markdown, json);
    assert!(markdown.contains("```mermaid\n%% mine (flink-2) violates "), "{markdown}");
}

#[test]
fn a_workflow_gets_an_annotation_a_property_and_a_summary() {
    let sandbox = Sandbox::with_trace("github");
    sandbox.write("summary.md", "before\n");
    let args = [&CHECKED[..], &["--format", "github"]].concat();
    let mut command = sandbox.command(&args);
    let output = command.env("GITHUB_STEP_SUMMARY", "summary.md").output().unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    let titles: Vec<_> = out.lines().map(|line| line.split("::").nth(1).unwrap()).collect();
    let unique: BTreeSet<_> = titles.iter().collect();
    assert!(!titles.is_empty() && unique.len() == titles.len(), "{out}");
    assert!(titles.contains(&"error title=failproof%3A outcome-is-transparent"), "{out}");
    let summary = sandbox.read("summary.md");
    assert!(
        summary.starts_with("before\n# failproof: something is not as expected\n"),
        "{summary}"
    );
    assert!(summary.contains("```mermaid\n"), "{summary}");
    let without = sandbox.run(&args);
    assert_eq!(without.out, out, "without a file for the summary the annotations are the same");
}

/// Every row of the page of formats is a command that works, and every format has a row.
#[test]
fn every_format_has_a_command_that_works() {
    let sandbox = Sandbox::with_trace("formats");
    let page = include_str!("../../docs/formats.md");
    let mut seen = BTreeSet::new();
    for row in page.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<_> = row.split('|').map(|cell| cell.trim().trim_matches('`')).collect();
        let args = cells[3].strip_prefix("failproof ").unwrap();
        let args: Vec<_> = args.split(' ').collect();
        assert_eq!(args.last(), Some(&cells[1]), "{row}");
        let args = args.iter().map(|&arg| match arg {
            "TRACE" => TRACE,
            "SCENARIO" => "two-stages",
            other => other,
        });
        let args: Vec<_> = args.collect();
        let ran = sandbox.run(&args);
        // Where all is well GitHub is told nothing.
        let says = ran.out.is_empty() == (cells[1] == "github");
        assert!(ran.code == 0 && says, "{row}: {ran:?}");
        seen.insert(format!("{} {}", args[0], cells[1]));
    }
    for command in ["export", "check"] {
        let help = sandbox.run(&[command, "--help"]).out;
        let list = help.split_once("--format <FORMAT>").unwrap().1;
        let offered = list.lines().map(str::trim).filter_map(|line| line.strip_prefix("- "));
        let before_next_flag = list.split("\n  -").next().unwrap();
        for format in offered.filter(|line| before_next_flag.contains(line)) {
            let name = format.split(':').next().unwrap();
            assert!(seen.contains(&format!("{command} {name}")), "{command} {name}: {seen:?}");
        }
    }
    assert_eq!(seen.len(), 12);
}
