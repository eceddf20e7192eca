//! What programs read and what people may write is documented: every key of the JSON, every flag.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use crate::sandbox::{MINE, Sandbox};

/// Where flags are documented.
const PAGES: [&str; 5] = [
    include_str!("../../../README.md"),
    include_str!("../../docs/policies.md"),
    include_str!("../../docs/boundary.md"),
    include_str!("../../docs/kills.md"),
    include_str!("../../docs/weakest.md"),
];
const JSON: &str = include_str!("../../docs/json.md");

/// An object with keys of its own: kinds of faults.
const BY_KIND: &str = "scenarios[].bounds.fault_limits";

/// The places of all keys in a value that is at `place`.
fn keys(value: &Value, place: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(entries) if place != BY_KIND => {
            for (key, value) in entries {
                let place = if place.is_empty() { key.clone() } else { format!("{place}.{key}") };
                keys(value, &place, found);
                found.insert(place);
            }
        }
        Value::Array(elements) => {
            for value in elements {
                keys(value, &format!("{place}[]"), found);
            }
        }
        _ => {}
    }
}

#[test]
fn every_key_of_the_json_is_documented_and_none_else() {
    let sandbox = Sandbox::new("documented");
    sandbox.write("mine.toml", MINE);
    let plan = "tests/data/flink-plans/exchanges-batch.2.3.0.rest-jobplan.json";
    let plan = Path::new(env!("CARGO_MANIFEST_DIR")).join(plan).display().to_string();
    let runs: [&[&str]; 5] = [
        &["check", "mine.toml"],
        &["simulate", "mine.toml", "--walks", "10"],
        &["check", "--plan", &plan, "--states", "10"],
        &["check", "hybrid-selective-tracked-only", "--reduce"],
        &["check", "slots-too-few", "--reduce"],
    ];
    let mut found = BTreeSet::new();
    for args in runs {
        let ran = sandbox.run(&[args, &["--format", "json"]].concat());
        keys(&ran.json(), "", &mut found);
    }
    let row = |line: &str| Some(line.strip_prefix("| `")?.split('`').next()?.to_owned());
    let documented: BTreeSet<String> = JSON.lines().filter_map(row).collect();
    let missing: Vec<_> = found.difference(&documented).collect();
    let unknown: Vec<_> = documented.difference(&found).collect();
    assert!(missing.is_empty() && unknown.is_empty(), "missing: {missing:?}, no such: {unknown:?}");
    assert!(found.len() > 60, "{found:?}");
}

/// The long flags that a help text offers.
fn flags(help: &str) -> BTreeSet<String> {
    let flag = |line: &str| {
        let words = line.split([' ', ',']).filter(|word| !word.is_empty()).take(2);
        words.filter(|word| word.starts_with("--")).map(str::to_owned).next()
    };
    let offered = help.lines().filter(|line| line.trim_start().starts_with('-'));
    offered.filter_map(flag).collect()
}

#[test]
fn every_flag_is_documented() {
    let sandbox = Sandbox::new("documented-flags");
    let commands = [
        "check", "simulate", "gate", "replay", "explore", "diff", "shrink", "export", "list",
        "explain", "import", "table", "sweep", "mutate", "weakest",
    ];
    let mut offered = BTreeSet::new();
    for command in commands {
        offered.extend(flags(&sandbox.run(&[command, "--help"]).out));
    }
    assert!(offered.len() > 25, "{offered:?}");
    offered.remove("--help");
    let ends = |c: char| !(c.is_ascii_lowercase() || c == '-');
    let documented: BTreeSet<&str> = PAGES.iter().flat_map(|page| page.split(ends)).collect();
    let missing: Vec<_> =
        offered.iter().filter(|flag| !documented.contains(flag.as_str())).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
