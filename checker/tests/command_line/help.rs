//! Help, listings and explanations.

use crate::sandbox::Sandbox;

const COMMANDS: [&str; 13] = [
    "check",
    "simulate",
    "gate",
    "replay",
    "explore",
    "diff",
    "shrink",
    "export",
    "list",
    "explain",
    "import",
    "completions",
    "man",
];

#[test]
fn help_is_what_it_was() {
    let sandbox = Sandbox::new("help");
    let mut text = sandbox.run(&["--help"]).out;
    for command in COMMANDS {
        let ran = sandbox.run(&[command, "--help"]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        text += &format!("\n==== {command}\n{}", ran.out);
    }
    insta::assert_snapshot!(text);
}

/// The last line of every help is a command; those that need no file of the reader's own are run.
#[test]
fn every_help_ends_with_an_example_that_works() {
    let sandbox = Sandbox::new("examples");
    let plan = include_str!("../data/flink-plans/wordcount-batch.2.3.0.rest-jarplan.json");
    sandbox.write("plan.json", plan);
    sandbox.run(&["check", "never-behind-rebalance"]);
    for command in COMMANDS {
        let help = sandbox.run(&[command, "--help"]).out;
        let example = help.trim_end().lines().last().unwrap();
        let example =
            example.strip_prefix("Example: failproof ").unwrap_or_else(|| panic!("{help}"));
        let args = example.split(" > ").next().unwrap();
        assert!(args.starts_with(command), "{example}");
        // It serves until it is told to end, which is tested elsewhere.
        if command == "explore" {
            continue;
        }
        let ran = sandbox.run(&args.split(' ').collect::<Vec<_>>());
        let valid: &[i32] = match command {
            // What the gate says depends on what is blessed.
            "gate" => &[0, 1],
            // Whether the two are equal is what it says.
            "diff" => &[0, 1],
            // Of walks nothing is ever complete.
            "simulate" => &[3],
            _ => &[0],
        };
        assert!(valid.contains(&ran.code), "{example}: {ran:?}");
    }
}

#[test]
fn everything_that_is_listed_can_be_explained() {
    let sandbox = Sandbox::new("listed");
    for what in ["properties", "rules", "strategies", "presets", "scenarios", "defects"] {
        let list = sandbox.run(&["list", what]);
        assert_eq!(list.code, 0, "{list:?}");
        let ids: Vec<_> =
            list.out.lines().skip(1).filter_map(|line| line.split(' ').next()).collect();
        assert!(!ids.is_empty());
        for id in ids {
            let ran = sandbox.run(&["explain", id]);
            assert_eq!(ran.code, 0, "{ran:?}");
            assert!(ran.out.starts_with(&format!("{id}\n")), "{}", ran.out);
        }
    }
}

#[test]
fn a_property_is_explained_with_its_shortest_trace() {
    let ran = Sandbox::new("explain").run(&["explain", "outcome-is-transparent"]);
    insta::assert_snapshot!(ran.out);
}

#[test]
fn a_violation_without_a_step_says_so() {
    let ran = Sandbox::new("explain-zero").run(&["explain", "no-state-is-stuck"]);
    assert!(ran.out.contains("in `region-cycle`:"), "{}", ran.out);
    assert!(
        ran.out.contains("  It is broken where the run begins: no step is needed.\n"),
        "{}",
        ran.out
    );
}

#[test]
fn only_what_is_known_to_be_shortest_is_called_so() {
    let of = |id| Sandbox::new("explain-shortest").run(&["explain", id]).out;
    assert!(of("outcome-is-transparent").contains("A shortest way to break it"));
    let endless = of("lost-partition-is-recomputed");
    assert!(
        endless.contains("\nA way to break it") && endless.contains("again and again"),
        "{endless}"
    );
}

#[test]
fn a_strategy_is_explained_with_its_knobs() {
    let ran = Sandbox::new("explain-strategy").run(&["explain", "restart-pipelined-region"]);
    insta::assert_snapshot!(ran.out);
}

#[test]
fn rules_are_listed_and_explained_by_what_they_do() {
    let sandbox = Sandbox::new("rules");
    let list = sandbox.run(&["list", "rules"]).out;
    let explained = sandbox.run(&["explain", "DeliverReport"]).out;
    insta::assert_snapshot!(format!("{list}\n{explained}"));
}

#[test]
fn defects_are_listed_with_what_shows_them_and_why_not() {
    let sandbox = Sandbox::new("defects");
    let list = sandbox.run(&["list", "defects"]).out;
    let explain = |id: &str| sandbox.run(&["explain", id]).out;
    let explained =
        ["tracked-is-available", "forget-reset", "suspended-as-canceled", "slot-hijack"];
    insta::assert_snapshot!(format!("{list}\n{}", explained.map(explain).join("\n")));
}

#[test]
fn a_misspelt_id_finds_what_was_meant() {
    let ran = Sandbox::new("misspelt").run(&["explain", "outcome-is-transparnt"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("did you mean `outcome-is-transparent`?"), "{}", ran.err);
    let ran = Sandbox::new("misspelt").run(&["check", "two-stage"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("did you mean `two-stages`?"), "{}", ran.err);
}
