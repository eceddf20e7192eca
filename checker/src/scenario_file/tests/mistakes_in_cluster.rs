//! What can be wrong with `[cluster]`, `[faults]` and `[grain]`.

use insta::assert_snapshot;

use super::{read, said_about, said_with, with};

#[test]
fn no_cluster() {
    let said = said_with("[cluster]\ntask-managers = 2\n[cluster.placement]\nC = [0, 1, 1]\n", "");
    assert_snapshot!(said, @r#"
    error: the scenario does not say `cluster`
     --> base.toml:1:1
      |
    1 | name = "base"
      | ^
      |
      = help: add `cluster = { task-managers = 2 }`
    "#);
}

#[test]
fn unknown_key_of_the_cluster() {
    assert_snapshot!(said_with("task-managers = 2", "taskmanagers = 2"), @r"
    error: [cluster] has no key `taskmanagers`
      --> base.toml:37:1
       |
    37 | taskmanagers = 2
       | ^^^^^^^^^^^^
       |
       = help: valid keys are `task-managers`, `returns`, `placement` and `slots`
    help: this one has a similar name
       |
    37 | task-managers = 2
       |     +
    ");
}

#[test]
fn no_task_managers() {
    assert_snapshot!(said_with("task-managers = 2", "task-managers = 0"), @r"
    error: `task-managers` is 0; it has to be 1 to 4
      --> base.toml:37:17
       |
    37 | task-managers = 0
       |                 ^
       |
       = help: the model can hold 4 TaskManagers
    ");
}

#[test]
fn more_task_managers_than_the_model_holds() {
    assert_snapshot!(said_with("task-managers = 2", "task-managers = 5"), @r"
    error: `task-managers` is 5; it has to be 1 to 4
      --> base.toml:37:17
       |
    37 | task-managers = 5
       |                 ^
       |
       = help: the model can hold 4 TaskManagers
    ");
}

#[test]
fn returns_of_the_wrong_type() {
    assert_snapshot!(said_with("task-managers = 2", "task-managers = 2\nreturns = 1"), @r"
    error: `returns` is an integer; it has to be `true` or `false`
      --> base.toml:38:11
       |
    38 | returns = 1
       |           ^
    ");
}

#[test]
fn placement_of_an_unknown_vertex() {
    assert_snapshot!(said_with("C = [0, 1, 1]", "D = [0, 1, 1]"), @r"
    error: there is no vertex called `D`
      --> base.toml:39:1
       |
    39 | D = [0, 1, 1]
       | ^
       |
       = help: valid are `A`, `B` and `C`
    ");
}

#[test]
fn placement_of_the_wrong_length() {
    assert_snapshot!(said_with("C = [0, 1, 1]", "C = [0, 1]"), @r"
    error: `C` has 3 subtasks and is placed on 2 TaskManagers
      --> base.toml:39:5
       |
    39 | C = [0, 1]
       |     ^^^^^^
       |
       = help: list one TaskManager a subtask
    ");
}

#[test]
fn placement_on_a_task_manager_that_does_not_exist() {
    assert_snapshot!(said_with("C = [0, 1, 1]", "C = [0, 1, 2]"), @r"
    error: there is no TaskManager 2
      --> base.toml:39:12
       |
    37 | task-managers = 2
       |                 - there are so many
    38 | [cluster.placement]
    39 | C = [0, 1, 2]
       |            ^
       |
       = help: valid are 0 to 1
    ");
}

#[test]
fn placement_on_a_negative_task_manager() {
    assert_snapshot!(said_with("C = [0, 1, 1]", "C = [0, 1, -1]"), @r"
    error: there is no TaskManager -1
      --> base.toml:39:12
       |
    37 | task-managers = 2
       |                 - there are so many
    38 | [cluster.placement]
    39 | C = [0, 1, -1]
       |            ^^
       |
       = help: valid are 0 to 1
    ");
}

#[test]
fn placement_of_the_wrong_type() {
    assert_snapshot!(said_with("C = [0, 1, 1]", "C = 0"), @r"
    error: `C` is an integer; it has to be a list
      --> base.toml:39:5
       |
    39 | C = 0
       |     ^
    ");
}

#[test]
fn unknown_fault() {
    assert_snapshot!(said_with("task-manager-dies = 1", "taskmanager-dies = 1"), @r"
    error: [faults] has no key `taskmanager-dies`
      --> base.toml:43:1
       |
    43 | taskmanager-dies = 1
       | ^^^^^^^^^^^^^^^^
       |
       = help: valid keys are `total`, `task-throws`, `task-manager-dies`, `partition-lost`, `disk-full`, `read-fails`, `slot-times-out`, `job-canceled`, `job-fails`, `master-throws`, `call-lost`, `link-drops`, `ask-times-out`, `master-dies`, `remote-storage-fails` and `leader-pauses`
    help: this one has a similar name
       |
    43 | task-manager-dies = 1
       |     +
    ");
}

#[test]
fn faults_without_a_total() {
    assert_snapshot!(said_with("total = 1\n", ""), @r"
    error: [faults] does not say `total`
      --> base.toml:41:2
       |
    41 | [faults]
       |  ^^^^^^
       |
       = help: add `total = 1`
    ");
}

#[test]
fn limit_above_the_total() {
    assert_snapshot!(said_with("task-manager-dies = 1", "task-manager-dies = 2"), @r"
    error: a limit of 2 for `task-manager-dies` can never be reached: `total` allows 1 in all
      --> base.toml:43:21
       |
    42 | total = 1
       |         - in all
    43 | task-manager-dies = 2
       |                     ^
       |
       = help: valid are 0 to 1, or a larger `total`
    ");
}

#[test]
fn slots_that_nobody_waits_for() {
    let text = with("task-manager-dies = 1", "slot-times-out = 1")
        .replace("fine = [\"deployment\"]", "fine = [\"reports\"]");
    assert_snapshot!(said_about(&text), @r#"
    error: `slot-times-out` can never happen: where deployment is coarse no vertex waits for a slot
      --> base.toml:43:18
       |
    43 | slot-times-out = 1
       |                  ^
       |
       = help: add `fine = ["deployment"]` to `[grain]`, or remove the limit
    "#);
    read(&with("task-manager-dies = 1", "slot-times-out = 1"));
    read(&text.replace("slot-times-out = 1", "slot-times-out = 0\ntask-throws = 1"));
}

#[test]
fn a_remote_storage_where_there_is_none() {
    let remote = with("task-manager-dies = 1", "remote-storage-fails = 1");
    read(&remote);
    assert_snapshot!(said_about(&remote.replace("storage = \"reliable\"\n", "")), @r#"
    error: `remote-storage-fails` can never happen: no edge has its partitions in a remote storage
      --> base.toml:42:24
       |
    42 | remote-storage-fails = 1
       |                        ^
       |
       = help: add `storage = "reliable"` to an edge, or remove the limit
    "#);
}

#[test]
fn calls_that_nobody_makes() {
    assert_snapshot!(said_with("task-manager-dies = 1", "ask-times-out = 1"), @r#"
    error: `ask-times-out` can never happen: where slot messages are coarse nothing is asked
      --> base.toml:43:17
       |
    43 | ask-times-out = 1
       |                 ^
       |
       = help: add `fine = ["slots", "slot-messages"]` to `[grain]`, or remove the limit
    "#);
}

#[test]
fn total_without_a_kind() {
    assert_snapshot!(said_with("task-manager-dies = 1", ""), @r"
    error: `total` allows faults, but no kind of fault has a limit above 0: none can happen
      --> base.toml:42:9
       |
    42 | total = 1
       |         ^
       |
       = help: add a limit such as `task-manager-dies = 1`
    ");
}

#[test]
fn negative_limit() {
    assert_snapshot!(said_with("task-manager-dies = 1", "task-manager-dies = -1"), @r"
    error: `task-manager-dies` is -1; it has to be 0 to 255
      --> base.toml:43:21
       |
    43 | task-manager-dies = -1
       |                     ^^
    ");
}

#[test]
fn total_beyond_a_byte() {
    assert_snapshot!(said_with("total = 1", "total = 256"), @r"
    error: `total` is 256; it has to be 0 to 255
      --> base.toml:42:9
       |
    42 | total = 256
       |         ^^^
    ");
}

#[test]
fn unknown_mechanism() {
    assert_snapshot!(said_with(r#"["deployment"]"#, r#"["deployments"]"#), @r#"
    error: there is no mechanism called `deployments`
      --> base.toml:46:9
       |
    46 | fine = ["deployments"]
       |         ^^^^^^^^^^^^^
       |
       = help: valid are `deployment`, `reports`, `cancellation`, `detection`, `reads`, `back-off`, `slots`, `splits`, `partition-requests`, `partitions`, `links`, `registration`, `slot-messages`, `job-end`, `journal` and `release`
    help: this one has a similar name
       |
    46 - fine = ["deployments"]
    46 + fine = ["deployment"]
       |
    "#);
}

#[test]
fn mechanism_named_twice() {
    assert_snapshot!(said_with(r#"["deployment"]"#, r#"["deployment", "deployment"]"#), @r#"
    error: the mechanism `deployment` is named twice
      --> base.toml:46:23
       |
    46 | fine = ["deployment", "deployment"]
       |                       ^^^^^^^^^^^^
    "#);
}

#[test]
fn unknown_key_of_the_grain() {
    assert_snapshot!(said_with(r#"fine = ["deployment"]"#, r#"coarse = ["deployment"]"#), @r#"
    error: [grain] has no key `coarse`
      --> base.toml:46:1
       |
    46 | coarse = ["deployment"]
       | ^^^^^^
       |
       = help: valid keys are `fine`
    "#);
}

#[test]
fn grain_that_is_no_table() {
    let said = said_with("[grain]\nfine = [\"deployment\"]", "[[grain]]\nfine = [\"deployment\"]");
    assert_snapshot!(said, @r"
    error: `grain` is a list; it has to be a table
      --> base.toml:45:1
       |
    45 | [[grain]]
       | ^^^^^^^^^
    ");
}

#[test]
fn placement_of_more_subtasks_than_there_are() {
    let said = said_with("C = [0, 1, 1]", "C = [0, 1, 1, 0]");
    assert!(said.contains("`C` has 3 subtasks and is placed on 4 TaskManagers"), "{said}");
}

#[test]
fn slots_of_too_few_task_managers() {
    assert_snapshot!(said_with("task-managers = 2", "task-managers = 2\nslots = [1]"), @r"
    error: `slots` is about 1 TaskManagers, and there are 2
      --> base.toml:38:9
       |
    37 | task-managers = 2
       |                 - there are so many
    38 | slots = [1]
       |         ^^^
       |
       = help: list the number of slots of each TaskManager
    ");
}

#[test]
fn no_slot_at_all() {
    assert_snapshot!(said_with("task-managers = 2", "task-managers = 2\nslots = [1, 0]"), @r"
    error: `slots` is 0; it has to be 1 to 16
      --> base.toml:38:13
       |
    38 | slots = [1, 0]
       |             ^
    ");
}

#[test]
fn slots_that_are_not_counted() {
    assert_snapshot!(said_with("task-managers = 2", "task-managers = 2\nslots = [1, 1]"), @r"
    error: slots are only counted where the mechanism `slots` is fine
      --> base.toml:36:2
       |
    36 | [cluster]
       |  ^^^^^^^
       |
       = help: add `slots` to the list `fine` of [grain], or remove it here
    ");
}

#[test]
fn slots_that_nobody_gave() {
    assert_snapshot!(said_with("fine = [\"deployment\"]", "fine = [\"slots\"]"), @r"
    error: the mechanism `slots` is fine, but nothing says how many slots there are
      --> base.toml:45:2
       |
    45 | [grain]
       |  ^^^^^
       |
       = help: add `slots` to [cluster], such as `slots = [2, 1]` for two TaskManagers
    ");
}

#[test]
fn slots_that_time_out_twice() {
    let both = with("task-managers = 2", "task-managers = 2\nslots = [1, 1]")
        .replace("[\"deployment\"]", "[\"deployment\", \"slots\"]")
        .replace("task-manager-dies = 1", "slot-times-out = 1");
    assert_snapshot!(said_about(&both), @r"
    error: where slots are counted a request times out by itself, so `slot-times-out` is no fault
      --> base.toml:42:2
       |
    42 | [faults]
       |  ^^^^^^
       |
       = help: remove `slot-times-out`
    ");
}
