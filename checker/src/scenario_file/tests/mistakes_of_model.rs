//! What the model has against a file that says nothing wrong by itself.

use insta::assert_snapshot;

use super::super::{ScenarioFileError, Surroundings, parse};

const BASE: &str = r#"name = "base"
story = "What the model has something against."
preset = "flink-2"

[[vertex]]
name = "A"
parallelism = 2
rows = 1

[[vertex]]
name = "C"
parallelism = 2

[[edge]]
from = "A"
to = "C"
partitioner = "SHUFFLE"

[cluster]
task-managers = 2

[faults]
total = 2
task-manager-dies = 2
"#;

/// What is said about the base, with one part replaced.
fn said_with(part: &str, replacement: &str) -> String {
    assert_eq!(BASE.matches(part).count(), 1, "{part:?} has to occur once in the base");
    let text = BASE.replace(part, replacement);
    let file = parse("base.toml", &text, &Surroundings::real()).unwrap();
    let mistaken = file.check_model("base.toml").unwrap_err();
    ScenarioFileError::from(mistaken).render(false)
}

#[test]
fn nothing_if_the_model_takes_it() {
    let file = parse("base.toml", BASE, &Surroundings::real()).unwrap();
    assert_eq!(file.check_model("base.toml"), Ok(()));
}

#[test]
fn co_located_vertices_in_two_regions() {
    let said =
        said_with("preset = \"flink-2\"", "preset = \"flink-2\"\nco-location = [[\"A\", \"C\"]]");
    assert_snapshot!(said, @r#"
    error: `A[0]` and `C[0]` are co-located and in different pipelined regions
     --> base.toml:4:15
      |
    4 | co-location = [["A", "C"]]
      |               ^^^^^^^^^^^^
      |
      = help: since Flink 1.12 co-located vertices are in one region: join them by pipelined edges
    "#);
}

#[test]
fn nowhere_to_run() {
    let said = said_with("task-managers = 2", "task-managers = 2\nreturns = false");
    assert_snapshot!(said, @r"
    error: as many TaskManagers may die as there are (2), and none returns: nothing could run; allow fewer losses, or `returns = true`
      --> base.toml:20:17
       |
    20 | task-managers = 2
       |                 ^
    ");
}

#[test]
fn a_sink_that_shows_early_what_it_does_not_know() {
    let said =
        said_with("name = \"C\"", "name = \"C\"\noperator = \"limit\"\ncommit = \"at-once\"");
    assert_snapshot!(said, @r#"
    error: sink `C` shows rows as it reads them: only a vertex with inputs that treats every row by itself knows its output that early
      --> base.toml:13:10
       |
    13 | commit = "at-once"
       |          ^^^^^^^^^
       |
       = help: give it inputs and `operator = "per-row"`, or another `commit`
    "#);
}

#[test]
fn more_rows_than_can_be_scattered() {
    let said = said_with("rows = 1", "rows = 8\nsplits = \"dynamic\"");
    assert_snapshot!(said, @r#"
    error: one subtask of vertex `A` can get 16 rows; with its partitioners the model holds 8: use fewer rows, or fewer edges that multiply them or draw a channel for each
     --> base.toml:6:8
      |
    6 | name = "A"
      |        ^^^
    "#);
}

#[test]
fn more_channels_than_can_be_held() {
    let more = "[[edge]]\nfrom = \"A\"\nto = \"C\"\npartitioner = \"HASH\"\n\n[cluster]";
    let text = BASE.replace("parallelism = 2", "parallelism = 6").replace("[cluster]", more);
    let file = parse("base.toml", &text, &Surroundings::real()).unwrap();
    let mistaken = file.check_model("base.toml").unwrap_err();
    assert_snapshot!(ScenarioFileError::from(mistaken).render(false), @r"
    error: 72 pairs of a partition and a reader are more than the 64 that the model can hold
      --> base.toml:19:1
       |
    19 | [[edge]]
       | ^^^^^^^^
       |
       = help: use fewer edges, or less parallelism
    ");
}

/// A list in brackets says the same as tables under headers.
#[test]
fn a_vertex_in_braces_has_a_place_as_well() {
    let text = r#"name = "base"
story = "What the model has something against."
preset = "flink-2"
vertex = [{ name = "A", parallelism = 1, rows = 9 }, { name = "C", parallelism = 2 }]
edge = [{ from = "A", to = "C", partitioner = "SHUFFLE" }]
cluster = { task-managers = 1 }
"#;
    let file = parse("base.toml", text, &Surroundings::real()).unwrap();
    let said = file.check_model("base.toml").unwrap_err().to_string();
    assert_snapshot!(said, @r"
    base.toml:4:20: one subtask of vertex `A` can get 9 rows; with its partitioners the model holds 8: use fewer rows, or fewer edges that multiply them or draw a channel for each
    ");
}
