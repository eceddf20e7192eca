//! What can be wrong with a file as a whole.

use std::path::Path;

use insta::assert_snapshot;

use super::{KNOWN, said_about, said_with, with};
use crate::scenario_file::{ScenarioFileError, load, parse};

#[test]
fn not_toml() {
    assert_snapshot!(said_with(r#"name = "base""#, "name: base"), @r"
    error: this is not TOML: key with no value, expected `=`
     --> base.toml:1:7
      |
    1 | name: base
      |       ^
    ");
}

#[test]
fn string_without_an_end() {
    assert_snapshot!(said_with(r#""What the tests break.""#, r#""What the tests break."#), @r#"
    error: this is not TOML: invalid basic string, expected `"`
     --> base.toml:2:31
      |
    2 | story = "What the tests break.
      |                               ^
    "#);
}

#[test]
fn key_given_twice() {
    let said = said_with(r#"preset = "flink-2""#, "preset = \"flink-2\"\npreset = \"flink-1.9\"");
    assert_snapshot!(said, @r#"
    error: this is not TOML: duplicate key
     --> base.toml:4:1
      |
    4 | preset = "flink-1.9"
      | ^^^^^^
    "#);
}

#[test]
fn empty() {
    assert_snapshot!(said_about(""), @r#"
    error: the scenario does not say `name`
     --> base.toml:1:1
      |
    1 |
      | ^
      |
      = help: add `name = "two-stages"`

    error: the scenario does not say `preset`
     --> base.toml:1:1
      |
    1 |
      | ^
      |
      = help: add `preset = "flink-2"`

    error: the scenario does not say `vertex`
     --> base.toml:1:1
      |
    1 |
      | ^
      |
      = help: add `vertex = [{ name = "A", parallelism = 2, rows = 1 }]`
    "#);
}

#[test]
fn mistakes_in_several_parts_are_shown_together() {
    let said = said_about(
        &with(r#""flink-2""#, "2")
            .replace("total = 1", "totl = 1")
            .replace("parallelism = 3", "parallelism = 0"),
    );
    assert_snapshot!(said, @r"
    error: `preset` is an integer; it has to be a string
     --> base.toml:3:10
      |
    3 | preset = 2
      |          ^

    error: `parallelism` is 0; it has to be 1 to 12
      --> base.toml:21:15
       |
    21 | parallelism = 0
       |               ^
       |
       = help: the model can hold 12 execution vertices

    error: [faults] has no key `totl`
      --> base.toml:42:1
       |
    42 | totl = 1
       | ^^^^
       |
       = help: valid keys are `total`, `task-throws`, `task-manager-dies`, `partition-lost`, `disk-full`, `read-fails`, `slot-times-out`, `job-canceled`, `job-fails`, `master-throws`, `call-lost`, `link-drops`, `ask-times-out`, `master-dies`, `remote-storage-fails` and `leader-pauses`
    help: this one has a similar name
       |
    42 | total = 1
       |    +
    ");
}

/// What is said about a file that cannot even be read; the system's own words are left out.
fn said_about_path(path: &Path) -> String {
    let error = load(path, &KNOWN).unwrap_err();
    let ScenarioFileError::Unreadable { source, .. } = &error else { panic!("{error}") };
    error.render(false).replace(&source.to_string(), "<why>")
}

#[test]
fn missing_file() {
    assert_snapshot!(said_about_path(Path::new("no/such/file.toml")), @r"
    error: cannot read the scenario file `no/such/file.toml`: <why>
     |
     = help: valid is the path of a TOML file in UTF-8
    ");
}

#[test]
fn missing_file_that_is_called_like_a_built_in_scenario() {
    assert_snapshot!(said_about_path(Path::new("two-stage.toml")), @r"
    error: cannot read the scenario file `two-stage.toml`: <why>
     |
     = help: a built-in scenario has a similar name: `two-stages`
    ");
}

#[test]
fn directory() {
    assert_snapshot!(said_about_path(Path::new("src")), @r"
    error: cannot read the scenario file `src`: <why>
     |
     = help: valid is the path of a TOML file in UTF-8
    ");
}

#[test]
fn not_utf_8() {
    let directory = std::env::temp_dir().join(format!("failproof-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let path = directory.join("latin-1.toml");
    std::fs::write(&path, b"name = \"caf\xe9\"").unwrap();
    let said = said_about_path(&path).replace(&directory.display().to_string(), "<directory>");
    std::fs::remove_dir_all(&directory).unwrap();
    assert_snapshot!(said, @r"
    error: cannot read the scenario file `<directory>/latin-1.toml`: <why>
     |
     = help: valid is the path of a TOML file in UTF-8
    ");
}

#[test]
fn in_one_line() {
    let error =
        parse("base.toml", &with("fine = [\"deployment\"]", "fine = 1"), &KNOWN).unwrap_err();
    assert_snapshot!(error, @r"base.toml:46:8: `fine` is an integer; it has to be a list");
}

#[test]
fn many_mistakes_are_counted() {
    let vertices: String =
        (0..12).map(|v| format!("\n[[vertex]]\nname = {v}\nparallelism = 1\n")).collect();
    let said = said_about(&with("[cluster]", &format!("{vertices}\n[cluster]")));
    assert_eq!(said.matches("error:").count(), 8);
    assert!(said.ends_with("\n\nand 4 more mistakes"), "{said}");
}

#[test]
fn colours_are_for_terminals_only() {
    let error = parse("base.toml", "", &KNOWN).unwrap_err();
    let error = ScenarioFileError::from(error);
    assert!(error.render(true).contains("\u{1b}["));
    assert!(!error.render(false).contains('\u{1b}'));
}

#[test]
fn mistakes_are_shown_in_the_order_of_the_file() {
    // The preset is looked at after the tier.
    let text = with("preset = \"flink-2\"", "preset = 2\ntier = 1");
    let mistakes = parse("base.toml", &text, &KNOWN).unwrap_err().mistakes;
    let lines = mistakes.iter().map(|mistake| &text[mistake.span.clone()]);
    assert_eq!(lines.collect::<Vec<_>>(), ["2", "1"]);
}

#[test]
fn a_place_outside_the_text_or_within_a_character_is_shown_as_well_as_it_can_be() {
    let mut mistaken = parse("base.toml", "", &KNOWN).unwrap_err();
    mistaken.text = "é".to_owned();
    mistaken.mistakes.truncate(1);
    for span in [1..1, 0..1, 1..2, 5..9, 2..2] {
        mistaken.mistakes[0].span = span;
        assert!(mistaken.to_string().starts_with("base.toml:1:"));
        assert!(ScenarioFileError::from(mistaken.clone()).render(false).contains("1 | é"));
    }
}
