//! What can be wrong with `[[vertex]]`, `[[edge]]` and `co-location`.

use insta::assert_snapshot;

use super::{said_about, said_with, with};

#[test]
fn no_vertices() {
    let text = "name = 'a'\nstory = 'b'\npreset = 'flink-2'\nvertex = []\n\
        cluster = { task-managers = 1 }";
    assert_snapshot!(said_about(text), @r"
    error: the job has no vertices
     --> base.toml:4:10
      |
    4 | vertex = []
      |          ^^
      |
      = help: add a `[[vertex]]` with `name`, `parallelism` and `rows`
    ");
}

#[test]
fn unknown_key_of_a_vertex() {
    assert_snapshot!(said_with("parallelism = 3", "paralelism = 3"), @r"
    error: the vertex has no key `paralelism`
      --> base.toml:21:1
       |
    21 | paralelism = 3
       | ^^^^^^^^^^
       |
       = help: valid keys are `name`, `parallelism`, `adaptive`, `operator`, `declared`, `rows`, `splits` and `commit`
    help: this one has a similar name
       |
    21 | parallelism = 3
       |      +
    ");
}

#[test]
fn vertex_without_a_name() {
    assert_snapshot!(said_with("name = \"C\"\n", ""), @r#"
    error: the vertex does not say `name`
      --> base.toml:19:1
       |
    19 | [[vertex]]
       | ^^^^^^^^^^
       |
       = help: add `name = "A"`
    "#);
}

#[test]
fn vertex_with_an_empty_name() {
    assert_snapshot!(said_with(r#"name = "C""#, r#"name = """#), @r#"
    error: `` cannot be the name of a vertex
      --> base.toml:20:8
       |
    20 | name = ""
       |        ^^
       |
       = help: valid is one line that is not empty, without control characters
    "#);
}

#[test]
fn duplicate_vertex() {
    assert_snapshot!(said_with(r#"name = "C""#, r#"name = "A""#), @r#"
    error: the vertex `A` is named twice
      --> base.toml:20:8
       |
    10 | name = "A"
       |        --- first here
    ...
    20 | name = "A"
       |        ^^^
       |
       = help: the name of a vertex is unique in its job
    "#);
}

#[test]
fn parallelism_zero() {
    assert_snapshot!(said_with("parallelism = 3", "parallelism = 0"), @r"
    error: `parallelism` is 0; it has to be 1 to 12
      --> base.toml:21:15
       |
    21 | parallelism = 0
       |               ^
       |
       = help: the model can hold 12 execution vertices
    ");
}

#[test]
fn parallelism_negative() {
    assert_snapshot!(said_with("parallelism = 3", "parallelism = -3"), @r"
    error: `parallelism` is -3; it has to be 1 to 12
      --> base.toml:21:15
       |
    21 | parallelism = -3
       |               ^^
       |
       = help: the model can hold 12 execution vertices
    ");
}

#[test]
fn parallelism_absurdly_large() {
    assert_snapshot!(said_with("parallelism = 3", "parallelism = 9_223_372_036_854_775_807"), @r"
    error: `parallelism` is 9223372036854775807; it has to be 1 to 12
      --> base.toml:21:15
       |
    21 | parallelism = 9_223_372_036_854_775_807
       |               ^^^^^^^^^^^^^^^^^^^^^^^^^
       |
       = help: the model can hold 12 execution vertices
    ");
}

#[test]
fn parallelism_beyond_any_integer() {
    assert_snapshot!(said_with("parallelism = 3", "parallelism = 92_233_720_368_547_758_070"), @r"
    error: this is not TOML: integer number overflowed
      --> base.toml:21:15
       |
    21 | parallelism = 92_233_720_368_547_758_070
       |               ^^^^^^^^^^^^^^^^^^^^^^^^^^
    ");
}

#[test]
fn parallelism_of_the_wrong_type() {
    assert_snapshot!(said_with("parallelism = 3", r#"parallelism = "3""#), @r#"
    error: `parallelism` is a string; it has to be an integer
      --> base.toml:21:15
       |
    21 | parallelism = "3"
       |               ^^^
    "#);
}

#[test]
fn parallelism_with_a_fraction() {
    assert_snapshot!(said_with("parallelism = 3", "parallelism = 3.0"), @r"
    error: `parallelism` is a number with a fraction; it has to be an integer
      --> base.toml:21:15
       |
    21 | parallelism = 3.0
       |               ^^^
    ");
}

#[test]
fn more_execution_vertices_than_the_model_holds() {
    assert_snapshot!(said_with("parallelism = 3", "parallelism = 9"), @r"
    error: 13 execution vertices are more than the 12 that the model can hold
      --> base.toml:21:15
       |
    21 | parallelism = 9
       |               ^ exceeded here
    ");
}

#[test]
fn more_rows_than_the_model_holds() {
    assert_snapshot!(said_with("rows = 1", "rows = 9"), @r"
    error: 18 rows are more than the 16 that the model can hold
      --> base.toml:12:8
       |
    12 | rows = 9
       |        ^ exceeded here
    ");
}

#[test]
fn more_partitions_than_the_model_holds() {
    let edge = "[[edge]]\nfrom = \"B\"\nto = \"C\"\npartitioner = \"HASH\"\n";
    let text = with("[cluster]", &format!("{}[cluster]", edge.repeat(5)));
    assert_snapshot!(said_about(&text), @r"
    error: 14 result partitions are more than the 12 that the model can hold
      --> base.toml:52:1
       |
    52 | [[edge]]
       | ^^^^^^^^ exceeded here
    ");
}

#[test]
fn unknown_operator() {
    assert_snapshot!(said_with(r#""per-key""#, r#""perkey""#), @r#"
    error: there is no operator called `perkey`
      --> base.toml:17:12
       |
    17 | operator = "perkey"
       |            ^^^^^^^^
       |
       = help: valid are `per-row`, `per-key`, `limit`, `row-number`, `first-seen`, `sample` and `nondeterministic`
    help: this one has a similar name
       |
    17 | operator = "per-key"
       |                +
    "#);
}

#[test]
fn unknown_split_assignment() {
    assert_snapshot!(said_with("rows = 1\n", "rows = 1\nsplits = \"pulled\"\n"), @r#"
    error: there is no split assignment called `pulled`
      --> base.toml:13:10
       |
    13 | splits = "pulled"
       |          ^^^^^^^^
       |
       = help: valid are `fixed` and `dynamic`
    "#);
}

#[test]
fn dynamic_splits_of_a_vertex_with_inputs() {
    let splits = "operator = \"per-key\"\nsplits = \"dynamic\"";
    assert_snapshot!(said_with(r#"operator = "per-key""#, splits), @r#"
    error: vertex `B` has inputs and dynamic splits; only a source reads splits
      --> base.toml:18:10
       |
    18 | splits = "dynamic"
       |          ^^^^^^^^^
    ...
    27 | to = "B"
       |      --- an input
       |
       = help: remove `splits`
    "#);
}

#[test]
fn unknown_determinism() {
    assert_snapshot!(said_with(r#"operator = "per-key""#, r#"declared = "deterministic""#), @r#"
    error: there is no determinism called `deterministic`
      --> base.toml:17:12
       |
    17 | declared = "deterministic"
       |            ^^^^^^^^^^^^^^^
       |
       = help: valid are `determinate`, `order-sensitive` and `indeterminate`
    "#);
}

#[test]
fn unknown_way_to_commit() {
    assert_snapshot!(said_with(r#""per-task""#, r#""per-job""#), @r#"
    error: there is no way to commit called `per-job`
      --> base.toml:22:10
       |
    22 | commit = "per-job"
       |          ^^^^^^^^^
       |
       = help: valid are `at-job-end`, `per-task` and `at-once`
    "#);
}

#[test]
fn source_without_rows() {
    assert_snapshot!(said_with("rows = 1\n", ""), @r#"
    error: vertex `A` has no inputs and no rows; a source reads at least 1 row a subtask
      --> base.toml:10:8
       |
    10 | name = "A"
       |        ^^^
       |
       = help: add `rows = 1`, or an `[[edge]]` that ends in this vertex
    "#);
}

#[test]
fn source_with_no_rows() {
    assert_snapshot!(said_with("rows = 1", "rows = 0"), @r"
    error: vertex `A` has no inputs and no rows; a source reads at least 1 row a subtask
      --> base.toml:12:8
       |
    12 | rows = 0
       |        ^
       |
       = help: add `rows = 1`, or an `[[edge]]` that ends in this vertex
    ");
}

#[test]
fn rows_of_a_vertex_with_inputs() {
    assert_snapshot!(said_with(r#"operator = "per-key""#, "rows = 1"), @r#"
    error: vertex `B` has inputs and rows of its own; only a source reads rows
      --> base.toml:17:8
       |
    17 | rows = 1
       |        ^
    ...
    26 | to = "B"
       |      --- an input
       |
       = help: remove `rows`
    "#);
}

#[test]
fn commit_of_a_vertex_that_is_read() {
    assert_snapshot!(said_with(r#"operator = "per-key""#, r#"commit = "at-once""#), @r#"
    error: vertex `B` is a sink and has outputs; only a vertex that nothing reads is a sink
      --> base.toml:17:10
       |
    17 | commit = "at-once"
       |          ^^^^^^^^^
    ...
    32 | from = "B"
       |        --- an output
       |
       = help: remove `commit`
    "#);
}

#[test]
fn unknown_key_of_an_edge() {
    assert_snapshot!(said_with(r#"storage = "reliable""#, r#"stored = "reliable""#), @r#"
    error: the edge has no key `stored`
      --> base.toml:29:1
       |
    29 | stored = "reliable"
       | ^^^^^^
       |
       = help: valid keys are `from`, `to`, `partitioner`, `type` and `storage`
    "#);
}

#[test]
fn edge_without_a_partitioner() {
    assert_snapshot!(said_with("partitioner = \"REBALANCE\"\n", ""), @r#"
    error: the edge does not say `partitioner`
      --> base.toml:31:1
       |
    31 | [[edge]]
       | ^^^^^^^^
       |
       = help: add `partitioner = "HASH"`
    "#);
}

#[test]
fn edge_from_an_unknown_vertex() {
    assert_snapshot!(said_with("from = \"B\"\nto = \"C\"", "from = \"X\"\nto = \"C\""), @r#"
    error: there is no vertex called `X`
      --> base.toml:32:8
       |
    32 | from = "X"
       |        ^^^
       |
       = help: valid are `A`, `B` and `C`
    "#);
}

#[test]
fn edge_to_a_misspelt_vertex() {
    let text = with("name = \"C\"", "name = \"Sink\"").replace("to = \"C\"", "to = \"sink\"");
    assert_snapshot!(said_about(&text), @r#"
    error: there is no vertex called `sink`
      --> base.toml:33:6
       |
    33 | to = "sink"
       |      ^^^^^^
       |
       = help: valid are `A`, `B` and `Sink`
    help: this one has a similar name
       |
    33 - to = "sink"
    33 + to = "Sink"
       |
    "#);
}

#[test]
fn unknown_partitioner() {
    assert_snapshot!(said_with(r#""REBALANCE""#, r#""REBLANCE""#), @r#"
    error: there is no partitioner called `REBLANCE`
      --> base.toml:34:15
       |
    34 | partitioner = "REBLANCE"
       |               ^^^^^^^^^^
       |
       = help: valid are `FORWARD`, `HASH`, `BROADCAST`, `GLOBAL`, `RESCALE`, `REBALANCE`, `SHUFFLE`, `CUSTOM`, `CUSTOM_RANDOM`, `CUSTOM_MISDECLARED` and `RANGE`
    help: this one has a similar name
       |
    34 | partitioner = "REBALANCE"
       |                   +
    "#);
}

#[test]
fn unknown_type() {
    assert_snapshot!(said_with(r#""hybrid_full""#, r#""hybrid""#), @r#"
    error: there is no result partition type called `hybrid`
      --> base.toml:28:8
       |
    28 | type = "hybrid"
       |        ^^^^^^^^
       |
       = help: valid are `blocking`, `blocking_persistent`, `pipelined`, `pipelined_bounded`, `pipelined_approximate`, `hybrid_full` and `hybrid_selective`
    "#);
}

#[test]
fn unknown_storage() {
    assert_snapshot!(said_with(r#""reliable""#, r#""relyable""#), @r#"
    error: there is no storage called `relyable`
      --> base.toml:29:11
       |
    29 | storage = "relyable"
       |           ^^^^^^^^^^
       |
       = help: valid are `task-manager`, `memory` and `reliable`
    help: this one has a similar name
       |
    29 - storage = "relyable"
    29 + storage = "reliable"
       |
    "#);
}

#[test]
fn type_and_storage_that_do_not_combine() {
    assert_snapshot!(said_with(r#""reliable""#, r#""memory""#), @r#"
    error: `hybrid_full` does not combine with storage `memory`
      --> base.toml:29:11
       |
    28 | type = "hybrid_full"
       |        ------------- the type
    29 | storage = "memory"
       |           ^^^^^^^^
       |
       = help: with this type, valid are `task-manager` and `reliable`
    "#);
}

#[test]
fn forward_between_unequal_parallelism() {
    assert_snapshot!(said_with(r#""REBALANCE""#, r#""FORWARD""#), @r#"
    error: FORWARD joins equal parallelism only: `B` has 2, `C` has 3; RESCALE is point-wise for unequal ones
      --> base.toml:34:15
       |
    16 | parallelism = 2
       |               - 2 producers
    ...
    21 | parallelism = 3
       |               - 3 consumers
    ...
    34 | partitioner = "FORWARD"
       |               ^^^^^^^^^
    "#);
}

#[test]
fn cycle() {
    let said = said_with(
        r#"partitioner = "REBALANCE""#,
        "partitioner = \"REBALANCE\"\n\n[[edge]]\nfrom = \"C\"\nto = \"A\"\npartitioner = \"HASH\"",
    );
    assert_snapshot!(said, @r"
    error: a job graph has no cycle, and this one has B -> C -> A -> B
      --> base.toml:36:1
       |
    24 | [[edge]]
       | -------- on the cycle
    ...
    31 | [[edge]]
       | -------- on the cycle
    ...
    36 | [[edge]]
       | ^^^^^^^^ this edge closes it
    ");
}

#[test]
fn edge_from_a_vertex_to_itself() {
    let said = said_with(
        r#"partitioner = "REBALANCE""#,
        "partitioner = \"REBALANCE\"\n\n[[edge]]\nfrom = \"C\"\nto = \"C\"\npartitioner = \"HASH\"",
    );
    assert_snapshot!(said, @r"
    error: a job graph has no cycle, and this one has C -> C
      --> base.toml:36:1
       |
    36 | [[edge]]
       | ^^^^^^^^ this edge closes it
    ");
}

#[test]
fn edges_that_are_no_list() {
    let text = "name = 'a'\nstory = 'b'\npreset = 'flink-2'\nedge = 'A -> B'\n\
        vertex = [{ name = 'A', parallelism = 1, rows = 1 }]\ncluster = { task-managers = 1 }";
    assert_snapshot!(said_about(text), @r"
    error: `edge` is a string; it has to be a list
     --> base.toml:4:8
      |
    4 | edge = 'A -> B'
      |        ^^^^^^^^
    ");
}

#[test]
fn co_location_of_unequal_parallelism() {
    assert_snapshot!(said_with(r#"[["A", "B"]]"#, r#"[["A", "C"]]"#), @r#"
    error: `A` and `C` are co-located and have unequal parallelism
     --> base.toml:4:22
      |
    4 | co-location = [["A", "C"]]
      |                 ---  ^^^ parallelism 3
      |                 |
      |                 parallelism 2
    "#);
}

#[test]
fn co_location_of_an_unknown_vertex() {
    assert_snapshot!(said_with(r#"[["A", "B"]]"#, r#"[["A", "D"]]"#), @r#"
    error: there is no vertex called `D`
     --> base.toml:4:22
      |
    4 | co-location = [["A", "D"]]
      |                      ^^^
      |
      = help: valid are `A`, `B` and `C`
    "#);
}

#[test]
fn co_location_of_a_vertex_with_itself() {
    assert_snapshot!(said_with(r#"[["A", "B"]]"#, r#"[["A", "A"]]"#), @r#"
    error: the co-located vertex `A` is named twice
     --> base.toml:4:22
      |
    4 | co-location = [["A", "A"]]
      |                 ---  ^^^
      |                 |
      |                 first here
      |
      = help: a vertex is in one co-location group at most, once
    "#);
}

#[test]
fn co_location_of_one_vertex() {
    assert_snapshot!(said_with(r#"[["A", "B"]]"#, r#"[["A"]]"#), @r#"
    error: a co-location group of 1 shares nothing; it has at least 2 vertices
     --> base.toml:4:16
      |
    4 | co-location = [["A"]]
      |                ^^^^^
    "#);
}

#[test]
fn co_location_without_groups() {
    assert_snapshot!(said_with(r#"[["A", "B"]]"#, r#"["A", "B"]"#), @r#"
    error: `co-location` is a string; it has to be a list
     --> base.toml:4:16
      |
    4 | co-location = ["A", "B"]
      |                ^^^
    "#);
}
