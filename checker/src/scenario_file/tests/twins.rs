//! The twin of a scenario in which something is broken on purpose.

use failproof_model::design::{AvailabilityRule, Strategy, preset};
use failproof_model::scenario::{Defect, Scenario};
use insta::assert_snapshot;

use super::{BASE, read, said_about, with};
use crate::scenario_file::{Expectation, ExpectedVerdict, ScenarioFile, bless_without, builtin};

const DEFECT: &str = "preset = \"flink-2\"\ndefect = \"forget-reset\"";

fn broken() -> String {
    with("preset = \"flink-2\"", DEFECT)
}

fn twin(text: &str) -> ScenarioFile {
    *read(text).twin.unwrap()
}

/// The base with a preset, and with `[without]`.
fn repaired(preset: &str, without: &str) -> String {
    with("\"flink-2\"", &format!("{preset:?}"))
        .replace("[design]", &format!("[without]\n{without}\n\n[design]"))
}

#[test]
fn nothing_broken_has_no_twin() {
    assert_eq!(read(BASE).twin, None);
}

#[test]
fn a_twin_differs_in_its_defect_alone() {
    let file = read(&broken());
    let twin = twin(&broken());
    assert_eq!((file.scenario.defect, twin.scenario.defect), (Some(Defect::ForgetReset), None));
    let Scenario { name, story, defect, .. } = file.scenario.clone();
    assert_eq!(twin.scenario.name, format!("{name}-without-defect"));
    assert_eq!(Scenario { name, story, defect, ..twin.scenario }, file.scenario);
    assert_eq!((twin.preset, twin.tier), (file.preset, file.tier));
}

#[test]
fn settings_are_laid_over_those_of_the_file() {
    let text = repaired("flink-1.12", "availability = \"tracked-and-reconsumable\"");
    let (file, twin) = (read(&text), twin(&text));
    assert_eq!(twin.preset, "flink-1.12");
    let mut expected = file.scenario.design;
    assert_eq!(expected.restart_attempts, Some(3));
    if let Strategy::RestartPipelinedRegion(knobs) = &mut expected.strategy {
        assert_eq!(knobs.availability, AvailabilityRule::Tracked);
        knobs.availability = AvailabilityRule::TrackedAndReconsumable;
    }
    assert_eq!(twin.scenario.design, expected);
}

#[test]
fn another_preset_keeps_the_changes_of_the_file() {
    let twin = twin(&repaired("flink-1.12", "preset = \"restart-all\""));
    let mut expected = preset("restart-all").unwrap().design;
    expected.restart_attempts = Some(3);
    assert_eq!((twin.preset.as_str(), twin.scenario.design), ("restart-all", expected));
}

#[test]
fn what_is_violated_holds_in_the_twin_unless_it_says_otherwise() {
    let expected = |said: &str| twin(&format!("{}{said}", broken())).expectation;
    let [holds, violated] = [ExpectedVerdict::Holds, ExpectedVerdict::Violated];
    let nothing = expected("");
    assert_eq!(nothing.states, None);
    assert_eq!(nothing.verdicts, [("outcome-is-transparent".to_owned(), holds)]);
    let said = expected(
        "[expect.without]\nstates = 7\n[expect.without.verdicts]\noutcome-is-transparent = \"violated\"\n",
    );
    assert_eq!(said.states, Some(7));
    assert_eq!(said.verdicts, [("outcome-is-transparent".to_owned(), violated)]);
}

#[test]
fn every_twin_that_is_built_in_can_be_written_and_read_again() {
    let mut twins = 0;
    for (_, text) in builtin() {
        if let Some(twin) = read(text).twin {
            assert_eq!(read(&twin.text), *twin);
            twins += 1;
        }
    }
    assert!(twins >= 9, "{twins}");
}

#[test]
fn blessing_a_twin_writes_what_does_not_go_without_saying() {
    let text = broken();
    let verdicts = [
        ("outcome-is-transparent", ExpectedVerdict::Holds),
        ("no-state-is-stuck", ExpectedVerdict::Violated),
        ("job-can-always-end", ExpectedVerdict::Holds),
    ];
    let verdicts = verdicts.map(|(id, verdict)| (id.to_owned(), verdict)).to_vec();
    let mut after = Expectation { states: Some(7), generated: Some(8), depth: Some(9), verdicts };
    let of_file = read(&text).expectation;
    let blessed = bless_without("base.toml", &text, &of_file, &after).unwrap();
    assert!(blessed.starts_with(&text), "{blessed}");
    assert_snapshot!(&blessed[text.len()..], @r#"

    [expect.without]
    states = 7
    generated = 8
    depth = 9

    [expect.without.verdicts]
    no-state-is-stuck = "violated"
    job-can-always-end = "holds"
    "#);
    after.verdicts.sort_by(|one, other| one.0.cmp(&other.0));
    let mut found = twin(&blessed).expectation;
    found.verdicts.sort_by(|one, other| one.0.cmp(&other.0));
    assert_eq!(found, after);
    assert_eq!(read(&blessed).expectation, of_file);
    assert_eq!(bless_without("base.toml", &blessed, &of_file, &after).unwrap(), blessed);
}

#[test]
fn every_built_in_twin_can_be_blessed_twice() {
    for (name, text) in builtin() {
        let file = read(text);
        let Some(twin) = file.twin else { continue };
        let once = bless_without(name, text, &file.expectation, &twin.expectation).unwrap();
        assert_eq!(once, text, "{name}");
    }
}

#[test]
fn nothing_to_be_without() {
    assert_snapshot!(said_about(&format!("{BASE}\n[expect.without]\nstates = 7\n")), @r"
    error: `[expect.without]` is there, and nothing is broken on purpose
      --> base.toml:54:9
       |
    54 | [expect.without]
       |         ^^^^^^^
       |
       = help: remove it, or say with `defect` or `[without]` what the run is to be without
    ");
}

#[test]
fn a_repair_that_changes_nothing() {
    assert_snapshot!(said_about(&repaired("flink-1.12", "availability = \"tracked\"")), @r#"
    error: `[without]` changes nothing of the design
     --> base.toml:6:2
      |
    6 | [without]
      |  ^^^^^^^
      |
      = help: say what repairs it, such as `availability = "tracked-and-reconsumable"`
    "#);
}

#[test]
fn a_repair_that_is_no_setting_of_a_design() {
    assert_snapshot!(said_about(&repaired("flink-1.12", "defect = \"none\"")), @r#"
    error: [without] has no key `defect`
     --> base.toml:7:1
      |
    7 | defect = "none"
      | ^^^^^^
      |
      = help: valid keys are `preset`, `strategy`, `consumers`, `backtrack`, `skip-created`, `merge-cycles`, `availability`, `restart-attempts`, `task-manager-loss`, `release-during-job`, `restart-backoff`, `slot-allocation`, `slot-sharing`, `consumable-inputs`, `registration`, `master-failover`, `snapshots`, `resets-in-recovery`, `recovered-tasks`, `publication`, `commit-marker`, `job-result`, `remote-losses`, `fence-publication` and `fence-result`
    "#);
}

#[test]
fn a_repair_with_a_knob_of_another_strategy() {
    let text = repaired("flink-1.12", "strategy = \"restart-all\"\nbacktrack = false");
    assert_snapshot!(said_about(&text), @r#"
    error: `backtrack` is a knob of restart-pipelined-region, and the strategy is restart-all
     --> base.toml:8:1
      |
    7 | strategy = "restart-all"
      |            ------------- this decides on the strategy
    8 | backtrack = false
      | ^^^^^^^^^
      |
      = help: remove it, or say `strategy = "restart-pipelined-region"`
    "#);
}

#[test]
fn a_repair_that_does_not_take_the_job() {
    assert_snapshot!(said_about(&repaired("flink-1.12", "preset = \"restart-individual\"")), @r#"
    error: restart-individual refuses a job with edges, and this one has 2
      --> base.toml:7:10
       |
     7 | preset = "restart-individual"
       |          ^^^^^^^^^^^^^^^^^^^^
    ...
    27 | [[edge]]
       | -------- the first edge
       |
       = help: remove the edges, or choose a region preset such as "flink-2"
    "#);
}

#[test]
fn an_unknown_count_of_a_twin() {
    let text = format!("{}\n[expect.without]\nsates = 7\n", broken());
    assert_snapshot!(said_about(&text), @r"
    error: [expect.without] has no key `sates`
      --> base.toml:56:1
       |
    56 | sates = 7
       | ^^^^^
       |
       = help: valid keys are `states`, `generated`, `depth` and `verdicts`
    help: this one has a similar name
       |
    56 | states = 7
       |  +
    ");
}

#[test]
fn a_name_that_leaves_no_room_for_the_twin() {
    let named = |length: usize| broken().replace("\"base\"", &format!("{:?}", "a".repeat(length)));
    assert_eq!(twin(&named(65)).scenario.name.len(), 80);
    let said = said_about(&named(66));
    assert!(said.contains("a` cannot be the name of a scenario"), "{said}");
    assert!(said.contains("valid are up to 65 of"), "{said}");
}
