//! What goes where.

use crate::sandbox::{MINE, Sandbox};

fn sandbox(name: &str) -> Sandbox {
    let sandbox = Sandbox::new(name);
    sandbox.write("mine.toml", MINE);
    sandbox
}

/// Takes out what differs from run to run.
fn settled(text: &str) -> String {
    let keep = |line: &str| !line.contains("_ms\"") && !line.contains("memory_bytes");
    text.lines().filter(|line| keep(line)).map(|line| format!("{line}\n")).collect()
}

#[test]
fn people_read_stdout() {
    let ran = sandbox("human").run(&["check", "mine.toml"]);
    assert_eq!(ran.err, "");
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"in \d+\.\d+ s(?: \([\d,]+ states/s\))?(?:, [\d.]+ MiB)?", "in [time]");
    settings.bind(|| insta::assert_snapshot!(ran.out));
}

#[test]
fn json_goes_to_stdout_and_the_report_to_stderr() {
    let ran = sandbox("json").run(&["check", "mine.toml", "--format", "json"]);
    assert_eq!(ran.json()["exit"], 1);
    assert!(ran.err.contains("violated  outcome-is-transparent"), "{}", ran.err);
    insta::assert_snapshot!(settled(&ran.out));
}

#[test]
fn with_a_file_json_goes_there_and_the_report_to_stdout() {
    let sandbox = sandbox("json-file");
    let ran = sandbox.run(&["check", "mine.toml", "--format", "json", "-o", "result.json"]);
    assert_eq!(ran.err, "");
    assert!(ran.out.contains("violated  outcome-is-transparent"), "{}", ran.out);
    let json: serde_json::Value = serde_json::from_str(&sandbox.read("result.json")).unwrap();
    assert_eq!((&json["version"], &json["exit"]), (&1.into(), &1.into()));
    let trace = &json["scenarios"][0]["properties"][0]["trace"];
    assert!(sandbox.read(trace.as_str().unwrap()).contains("failproof-trace"));
}

#[test]
fn the_report_for_people_can_go_to_a_file_as_well() {
    let sandbox = sandbox("human-file");
    let ran = sandbox.run(&["check", "mine.toml", "-o", "report.txt"]);
    assert_eq!(sandbox.read("report.txt"), ran.out);
}

#[test]
fn colours_are_for_terminals_and_for_whoever_insists() {
    let sandbox = sandbox("colours");
    let check = |variables: &[(&str, &str)]| {
        let mut command = sandbox.command(&["check", "mine.toml"]);
        command.env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE").envs(variables.iter().copied());
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    assert!(!check(&[]).contains('\u{1b}'));
    assert!(check(&[("CLICOLOR_FORCE", "1")]).contains('\u{1b}'));
    assert!(!check(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]).contains('\u{1b}'));
}

#[test]
fn traces_go_where_they_are_asked_to() {
    let sandbox = sandbox("traces");
    let ran = sandbox.run(&["check", "mine.toml", "--traces", "my traces/here"]);
    let command = "failproof replay 'my traces/here/mine.outcome-is-transparent.json'";
    assert!(ran.out.contains(command), "{}", ran.out);
    assert!(!sandbox.directory.join("failproof-traces").exists());
}
