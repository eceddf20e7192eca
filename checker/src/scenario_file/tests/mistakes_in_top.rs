//! What can be wrong at the top of a file.

use insta::assert_snapshot;

use super::{read, said_with, with};

#[test]
fn unknown_key() {
    assert_snapshot!(said_with("co-location", "colocation"), @r#"
    error: the scenario has no key `colocation`
     --> base.toml:4:1
      |
    4 | colocation = [["A", "B"]]
      | ^^^^^^^^^^
      |
      = help: valid keys are `name`, `story`, `tier`, `preset`, `keys`, `outcome`, `lineage`, `co-location`, `defect`, `prefix`, `design`, `without`, `vertex`, `edge`, `cluster`, `faults`, `grain` and `expect`
    help: this one has a similar name
      |
    4 | co-location = [["A", "B"]]
      |   +
    "#);
}

#[test]
fn unknown_key_that_resembles_nothing() {
    assert_snapshot!(said_with("[grain]\nfine", "[granularity]\nfine"), @r"
    error: the scenario has no key `granularity`
      --> base.toml:45:2
       |
    45 | [granularity]
       |  ^^^^^^^^^^^
       |
       = help: valid keys are `name`, `story`, `tier`, `preset`, `keys`, `outcome`, `lineage`, `co-location`, `defect`, `prefix`, `design`, `without`, `vertex`, `edge`, `cluster`, `faults`, `grain` and `expect`
    ");
}

#[test]
fn a_key_without_which_there_is_no_scenario() {
    assert_snapshot!(said_with("story = \"What the tests break.\"\n", ""), @r#"
    error: the scenario does not say `story`
     --> base.toml:1:1
      |
    1 | name = "base"
      | ^
      |
      = help: add `story = "One line that a person understands."`
    "#);
}

#[test]
fn wrong_type() {
    let said = said_with(r#"story = "What the tests break.""#, r#"story = ["one", "two"]"#);
    assert_snapshot!(said, @r#"
    error: `story` is a list; it has to be a string
     --> base.toml:2:9
      |
    2 | story = ["one", "two"]
      |         ^^^^^^^^^^^^^^
    "#);
}

#[test]
fn name_that_no_file_can_have() {
    assert_snapshot!(said_with(r#"name = "base""#, r#"name = "../Base""#), @r#"
    error: `../Base` cannot be the name of a scenario
     --> base.toml:1:8
      |
    1 | name = "../Base"
      |        ^^^^^^^^^
      |
      = help: valid are up to 80 of `a` to `z`, `0` to `9`, `-` and `.`, beginning with a letter or a digit
    "#);
}

#[test]
fn story_of_two_lines() {
    assert_snapshot!(said_with(r#""What the tests break.""#, r#""What\nbreaks.""#), @r#"
    error: `What\nbreaks.` cannot be the story
     --> base.toml:2:9
      |
    2 | story = "What\nbreaks."
      |         ^^^^^^^^^^^^^^^
      |
      = help: valid is one line that is not empty, without control characters
    "#);
}

#[test]
fn unknown_tier() {
    let said = said_with(r#"preset = "flink-2""#, "preset = \"flink-2\"\ntier = \"quik\"");
    assert_snapshot!(said, @r#"
    error: there is no tier called `quik`
     --> base.toml:4:8
      |
    4 | tier = "quik"
      |        ^^^^^^
      |
      = help: valid are `quick` and `full`
    help: this one has a similar name
      |
    4 | tier = "quick"
      |            +
    "#);
}

#[test]
fn unknown_outcome() {
    let said = said_with(r#"preset = "flink-2""#, "preset = \"flink-2\"\noutcome = \"by-task\"");
    assert_snapshot!(said, @r#"
    error: there is no outcome called `by-task`
     --> base.toml:4:11
      |
    4 | outcome = "by-task"
      |           ^^^^^^^^^
      |
      = help: valid are `by-vertex` and `by-subtask`
    "#);
}

#[test]
fn unknown_defect() {
    let said = said_with(
        r#"preset = "flink-2""#,
        "preset = \"flink-2\"\ndefect = \"accept-stale-reports\"",
    );
    assert_snapshot!(said, @r#"
    error: there is no defect called `accept-stale-reports`
     --> base.toml:4:10
      |
    4 | defect = "accept-stale-reports"
      |          ^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: valid are `accept-stale-report`, `schedule-unready`, `release-after-first-consumer`, `restart-before-cancelled`, `forget-reset`, `commit-twice`, `hide-missing-partition`, `global-restart-does-not-wait`, `swallow-restart-exception`, `ignore-newer-versions`, `end-expects-failing`, `archive-current-attempt`, `forbid-second-attempts`, `schedule-on-any-input`, `schedule-siblings`, `hybrid-reread-skips`, `broadcast-switched-late`, `keep-forward-partitioner`, `stale-broadcast-flag`, `slots-in-any-order`, `count-rematched-slot-twice`, `leak-slot-of-outdated-deployment`, `return-splits-twice`, `cancellation-untold`, `ignore-lost-event`, `coordinator-not-reset`, `answer-blocks-task-manager`, `keep-late-registration`, `keep-partitions-of-cancelled`, `promote-in-any-case`, `count-from-initialization`, `initialize-after-reset`, `accept-late-slot-answer`, `stale-slot-report`, `two-slots-one-allocation`, `accept-older-registration`, `release-without-attempt` and `keep-books-while-suspended`
    help: this one has a similar name
      |
    4 - defect = "accept-stale-reports"
    4 + defect = "accept-stale-report"
      |
    "#);
}

#[test]
fn no_keys() {
    assert_snapshot!(said_with(r#"preset = "flink-2""#, "preset = \"flink-2\"\nkeys = 0"), @r"
    error: `keys` is 0; it has to be 1 to 255
     --> base.toml:4:8
      |
    4 | keys = 0
      |        ^
    ");
}

#[test]
fn more_keys_than_a_byte_counts() {
    assert_snapshot!(said_with(r#"preset = "flink-2""#, "preset = \"flink-2\"\nkeys = 256"), @r"
    error: `keys` is 256; it has to be 1 to 255
     --> base.toml:4:8
      |
    4 | keys = 256
      |        ^^^
    ");
}

#[test]
fn prefix_of_something_else_than_actions() {
    let said = said_with(
        r#"preset = "flink-2""#,
        "preset = \"flink-2\"\nprefix = [\"LoseTaskManager 1\", 2]",
    );
    assert_snapshot!(said, @r#"
    error: `prefix` is an integer; it has to be a string
     --> base.toml:4:32
      |
    4 | prefix = ["LoseTaskManager 1", 2]
      |                                ^
    "#);
}

#[test]
fn name_that_is_an_option_of_the_command_line() {
    let said = said_with(r#"name = "base""#, r#"name = "--all""#);
    assert!(said.contains("`--all` cannot be the name of a scenario"), "{said}");
}

#[test]
fn name_that_is_too_long() {
    let name = |length: usize| format!("name = \"{}\"", "a".repeat(length));
    read(&with(r#"name = "base""#, &name(80)));
    let said = said_with(r#"name = "base""#, &name(81));
    assert!(said.contains("a` cannot be the name of a scenario"), "{said}");
}
