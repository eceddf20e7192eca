//! The gate, and blessing.

use crate::sandbox::{MINE, Sandbox};

#[test]
fn what_is_blessed_is_what_the_gate_found() {
    let sandbox = Sandbox::new("bless");
    sandbox.copy_scenarios();
    let ran = sandbox.run(&["gate", "--bless", "--scenarios", "scenarios", "--format", "json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    for scenario in ran.json()["scenarios"].as_array().unwrap() {
        let name = scenario["name"].as_str().unwrap();
        let text = sandbox.read(&format!("scenarios/{}.toml", without_suffix(scenario, name)));
        // Of a twin it stands in its own table, which is the last.
        let start = match scenario["without_defect"].as_bool().unwrap() {
            true => text.find("\n[expect.without]").unwrap(),
            false => 0,
        };
        let text = &text[start..];
        for key in ["states", "generated", "depth"] {
            let line = format!("\n{key} = {}\n", scenario[key]);
            assert!(text.contains(&line), "{line} is not in {text}");
        }
    }
}

/// The scenario that is explored, also where that is done without its defect.
fn without_suffix<'a>(scenario: &serde_json::Value, name: &'a str) -> &'a str {
    match scenario["without_defect"].as_bool().unwrap() {
        true => name.strip_suffix("-without-defect").unwrap(),
        false => name,
    }
}

#[test]
fn what_is_broken_on_purpose_is_explored_both_ways() {
    let sandbox = Sandbox::new("both-ways");
    let json = sandbox.run(&["gate", "--format", "json"]).json();
    let found = json["scenarios"].as_array().unwrap();
    let of = |name: &str| found.iter().find(|scenario| scenario["name"] == name).unwrap();
    let broken = of("defect-forget-reset");
    assert_eq!(
        (&broken["defect"], &broken["without_defect"]),
        (&"forget-reset".into(), &false.into())
    );
    let mended = of("defect-forget-reset-without-defect");
    assert_eq!(
        (&mended["defect"], &mended["without_defect"]),
        (&serde_json::Value::Null, &true.into())
    );
    let twins = found.iter().filter(|scenario| scenario["without_defect"] == true).count();
    let broken = found.iter().filter(|scenario| !scenario["defect"].is_null()).count();
    assert!(twins > broken, "{twins} twins of {broken} defects and of settings of the design");
}

#[test]
fn nothing_is_blessed_of_a_run_that_is_not_complete() {
    let sandbox = Sandbox::new("bless-incomplete");
    sandbox.copy_scenarios();
    let before = sandbox.read("scenarios/two-stages.toml");
    let ran = sandbox.run(&["gate", "--bless", "--depth", "9", "--scenarios", "scenarios"]);
    assert_eq!(ran.code, 3, "{ran:?}");
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
