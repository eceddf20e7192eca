//! The gate, and blessing.

use std::fs;
use std::path::Path;

use crate::sandbox::{MINE, Sandbox};

/// The scenario files of this source tree, in the sandbox.
fn sources(sandbox: &Sandbox) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/scenarios");
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        sandbox.write(&format!("scenarios/{name}"), &fs::read_to_string(&path).unwrap());
    }
}

#[test]
fn what_is_blessed_is_what_the_gate_found() {
    let sandbox = Sandbox::new("bless");
    sources(&sandbox);
    let ran = sandbox.run(&["gate", "--bless", "--scenarios", "scenarios", "--format", "json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    for scenario in ran.json()["scenarios"].as_array().unwrap() {
        let text = sandbox.read(&format!("scenarios/{}.toml", scenario["name"].as_str().unwrap()));
        for key in ["states", "generated", "depth"] {
            let line = format!("\n{key} = {}\n", scenario[key]);
            assert!(text.contains(&line), "{line} is not in {text}");
        }
    }
}

#[test]
fn every_difference_is_named_and_none_is_accepted_unasked() {
    let sandbox = Sandbox::new("differences");
    sources(&sandbox);
    let before = sandbox.read("scenarios/two-stages.toml");
    // Not complete: nothing about it can be as expected.
    let ran = sandbox.run(&["gate", "--depth", "9", "--scenarios", "scenarios"]);
    assert!([1, 3].contains(&ran.code), "{ran:?}");
    assert_eq!(sandbox.read("scenarios/two-stages.toml"), before);
}

#[test]
fn committed_traces_have_to_replay() {
    let sandbox = Sandbox::new("corpus");
    sandbox.write("mine.toml", MINE);
    sandbox.run(&["check", "mine.toml", "--traces", "traces/corpus"]);
    sandbox.write("traces/corpus/notes.txt", "not a trace");
    let ran = sandbox.run(&["gate"]);
    assert!(ran.out.contains("replays traces/corpus/mine.outcome-is-transparent.json"), "{ran:?}");
    assert!(!ran.out.contains("diverges"), "{ran:?}");
    let path = "traces/corpus/mine.outcome-is-transparent.json";
    sandbox.write(path, &sandbox.read(path).replace("FinishTask A[1]\"", "FinishTask C[1]\""));
    let ran = sandbox.run(&["gate"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.out.contains(&format!("diverges {path}: step 2 of ")), "{ran:?}");
    sandbox.write(path, "{");
    let ran = sandbox.run(&["gate"]);
    assert_eq!(ran.code, 2, "{ran:?}");
}
