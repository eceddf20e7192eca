//! What can be wrong with `preset` and `[design]`.

use insta::assert_snapshot;

use super::said_with;

#[test]
fn unknown_preset() {
    assert_snapshot!(said_with(r#""flink-2""#, r#""flink2""#), @r#"
    error: there is no preset called `flink2`
     --> base.toml:3:10
      |
    3 | preset = "flink2"
      |          ^^^^^^^^
      |
      = help: valid are `restart-all`, `restart-individual`, `flink-1.3`, `article-1.9`, `flink-1.9`, `flink-1.12`, `flink-2` and `affected`
    help: this one has a similar name
      |
    3 | preset = "flink-2"
      |                +
    "#);
}

#[test]
fn unknown_preset_that_resembles_nothing() {
    assert_snapshot!(said_with(r#""flink-2""#, r#""spark""#), @r#"
    error: there is no preset called `spark`
     --> base.toml:3:10
      |
    3 | preset = "spark"
      |          ^^^^^^^
      |
      = help: valid are `restart-all`, `restart-individual`, `flink-1.3`, `article-1.9`, `flink-1.9`, `flink-1.12`, `flink-2` and `affected`
    "#);
}

#[test]
fn preset_of_the_wrong_type() {
    assert_snapshot!(said_with(r#""flink-2""#, "2"), @r"
    error: `preset` is an integer; it has to be a string
     --> base.toml:3:10
      |
    3 | preset = 2
      |          ^
    ");
}

#[test]
fn unknown_knob() {
    assert_snapshot!(said_with("restart-attempts = 3", "restart_attempts = 3"), @r"
    error: [design] has no key `restart_attempts`
     --> base.toml:7:1
      |
    7 | restart_attempts = 3
      | ^^^^^^^^^^^^^^^^
      |
      = help: valid keys are `strategy`, `consumers`, `backtrack`, `skip-created`, `merge-cycles`, `availability`, `restart-attempts`, `task-manager-loss`, `release-during-job`, `restart-backoff`, `slot-allocation`, `slot-sharing`, `consumable-inputs`, `registration`, `master-failover`, `snapshots`, `resets-in-recovery`, `recovered-tasks`, `publication`, `commit-marker`, `job-result`, `remote-losses`, `fence-publication` and `fence-result`
    help: this one has a similar name
      |
    7 - restart_attempts = 3
    7 + restart-attempts = 3
      |
    ");
}

#[test]
fn unknown_strategy() {
    let said = said_with("restart-attempts = 3", r#"strategy = "restart-pipelined-regions""#);
    assert_snapshot!(said, @r#"
    error: there is no strategy called `restart-pipelined-regions`
     --> base.toml:7:12
      |
    7 | strategy = "restart-pipelined-regions"
      |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: valid are `restart-all`, `restart-individual`, `restart-pipelined-region` and `restart-affected`
    help: this one has a similar name
      |
    7 - strategy = "restart-pipelined-regions"
    7 + strategy = "restart-pipelined-region"
      |
    "#);
}

#[test]
fn unknown_consumer_policy() {
    assert_snapshot!(said_with("restart-attempts = 3", r#"consumers = "sometimes""#), @r#"
    error: there is no consumer policy called `sometimes`
     --> base.toml:7:13
      |
    7 | consumers = "sometimes"
      |             ^^^^^^^^^^^
      |
      = help: valid are `always`, `only-if-nondeterministic` and `never`
    "#);
}

#[test]
fn unknown_availability_rule() {
    assert_snapshot!(said_with("restart-attempts = 3", r#"availability = "traked""#), @r#"
    error: there is no availability rule called `traked`
     --> base.toml:7:16
      |
    7 | availability = "traked"
      |                ^^^^^^^^
      |
      = help: valid are `tracked-and-reconsumable`, `tracked` and `unnamed`
    help: this one has a similar name
      |
    7 | availability = "tracked"
      |                    +
    "#);
}

#[test]
fn unknown_order_of_loss() {
    let said = said_with("restart-attempts = 3", r#"task-manager-loss = "untrack-than-fail""#);
    assert_snapshot!(said, @r#"
    error: there is no order of TaskManager loss called `untrack-than-fail`
     --> base.toml:7:21
      |
    7 | task-manager-loss = "untrack-than-fail"
      |                     ^^^^^^^^^^^^^^^^^^^
      |
      = help: valid are `fail-then-untrack` and `untrack-then-fail`
    help: this one has a similar name
      |
    7 - task-manager-loss = "untrack-than-fail"
    7 + task-manager-loss = "untrack-then-fail"
      |
    "#);
}

#[test]
fn knob_that_is_no_boolean() {
    assert_snapshot!(said_with("restart-attempts = 3", r#"backtrack = "yes""#), @r#"
    error: `backtrack` is a string; it has to be `true` or `false`
     --> base.toml:7:13
      |
    7 | backtrack = "yes"
      |             ^^^^^
    "#);
}

#[test]
fn negative_restart_attempts() {
    assert_snapshot!(said_with("restart-attempts = 3", "restart-attempts = -1"), @r"
    error: `restart-attempts` is -1; it has to be 0 to 255
     --> base.toml:7:20
      |
    7 | restart-attempts = -1
      |                    ^^
    ");
}

#[test]
fn region_knob_with_another_strategy() {
    let said = said_with("restart-attempts = 3", "strategy = \"restart-all\"\nbacktrack = false");
    assert_snapshot!(said, @r#"
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
fn region_knob_with_a_preset_of_another_strategy() {
    let said = said_with(
        "preset = \"flink-2\"\nco-location = [[\"A\", \"B\"]]\n\n[design]\n",
        "preset = \"affected\"\n\n[design]\nmerge-cycles = false\n",
    );
    assert_snapshot!(said, @r#"
    error: `merge-cycles` is a knob of restart-pipelined-region, and the strategy is restart-affected
     --> base.toml:6:1
      |
    3 | preset = "affected"
      |          ---------- this decides on the strategy
    ...
    6 | merge-cycles = false
      | ^^^^^^^^^^^^
      |
      = help: remove it, or say `strategy = "restart-pipelined-region"`
    "#);
}

#[test]
fn region_strategy_over_a_preset_without_its_knobs() {
    let said = said_with(
        "preset = \"flink-2\"\nco-location = [[\"A\", \"B\"]]\n\n[design]\n",
        "preset = \"restart-all\"\n\n[design]\nconsumers = \"never\"\n\
         strategy = \"restart-pipelined-region\"\n",
    );
    assert_snapshot!(said, @r#"
    error: [design] does not say `backtrack`
     --> base.toml:5:2
      |
    5 | [design]
      |  ^^^^^^
      |
      = help: the preset has no such knob: add it, or begin with a preset such as "flink-2"
    "#);
}

#[test]
fn restart_individual_on_a_connected_job() {
    assert_snapshot!(said_with(r#""flink-2""#, r#""restart-individual""#), @r#"
    error: restart-individual refuses a job with edges, and this one has 2
      --> base.toml:3:10
       |
     3 | preset = "restart-individual"
       |          ^^^^^^^^^^^^^^^^^^^^
    ...
    24 | [[edge]]
       | -------- the first edge
       |
       = help: remove the edges, or choose a region preset such as "flink-2"
    "#);
}

#[test]
fn restart_individual_as_a_change_on_a_connected_job() {
    assert_snapshot!(said_with("restart-attempts = 3", r#"strategy = "restart-individual""#), @r#"
    error: restart-individual refuses a job with edges, and this one has 2
      --> base.toml:7:12
       |
     7 | strategy = "restart-individual"
       |            ^^^^^^^^^^^^^^^^^^^^
    ...
    24 | [[edge]]
       | -------- the first edge
       |
       = help: remove the edges, or choose a region preset such as "flink-2"
    "#);
}
