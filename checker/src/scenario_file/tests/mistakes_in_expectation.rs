//! What can be wrong with `[expect]`.

use insta::assert_snapshot;

use super::said_with;

#[test]
fn unknown_count() {
    assert_snapshot!(said_with("states = 1234", "sates = 1234"), @r"
    error: [expect] has no key `sates`
      --> base.toml:49:1
       |
    49 | sates = 1234
       | ^^^^^
       |
       = help: valid keys are `states`, `generated`, `depth`, `verdicts` and `without`
    help: this one has a similar name
       |
    49 | states = 1234
       |  +
    ");
}

#[test]
fn negative_count() {
    assert_snapshot!(said_with("states = 1234", "states = -1"), @r"
    error: `states` is -1; it has to be 0 or more
      --> base.toml:49:10
       |
    49 | states = -1
       |          ^^
    ");
}

#[test]
fn count_of_the_wrong_type() {
    assert_snapshot!(said_with("states = 1234", r#"states = "many""#), @r#"
    error: `states` is a string; it has to be an integer
      --> base.toml:49:10
       |
    49 | states = "many"
       |          ^^^^^^
    "#);
}

#[test]
fn unknown_property() {
    assert_snapshot!(said_with("outcome-is-transparent =", "outcome-is-transparant ="), @r#"
    error: there is no property called `outcome-is-transparant`
      --> base.toml:52:1
       |
    52 | outcome-is-transparant = "violated"
       | ^^^^^^^^^^^^^^^^^^^^^^
       |
       = help: valid are `outcome-is-transparent` and `no-state-is-stuck`
    help: this one has a similar name
       |
    52 - outcome-is-transparant = "violated"
    52 + outcome-is-transparent = "violated"
       |
    "#);
}

#[test]
fn unknown_verdict() {
    assert_snapshot!(said_with(r#""violated""#, r#""violates""#), @r#"
    error: there is no verdict to expect called `violates`
      --> base.toml:52:26
       |
    52 | outcome-is-transparent = "violates"
       |                          ^^^^^^^^^^
       |
       = help: valid are `holds` and `violated`
    help: this one has a similar name
       |
    52 - outcome-is-transparent = "violates"
    52 + outcome-is-transparent = "violated"
       |
    "#);
}

#[test]
fn verdict_that_nobody_can_expect() {
    assert_snapshot!(said_with(r#""violated""#, r#""inconclusive""#), @r#"
    error: there is no verdict to expect called `inconclusive`
      --> base.toml:52:26
       |
    52 | outcome-is-transparent = "inconclusive"
       |                          ^^^^^^^^^^^^^^
       |
       = help: valid are `holds` and `violated`
    "#);
}

#[test]
fn vacuous_expected() {
    assert_snapshot!(said_with(r#""violated""#, r#""vacuous""#), @r#"
    error: `vacuous` cannot be expected of a property that the scenario is about
      --> base.toml:52:26
       |
    52 | outcome-is-transparent = "vacuous"
       |                          ^^^^^^^^^
       |
       = help: make its trigger reachable, or do not name it: valid are `holds` and `violated`
    "#);
}

#[test]
fn verdict_of_the_wrong_type() {
    assert_snapshot!(said_with(r#""violated""#, "true"), @r"
    error: `outcome-is-transparent` is a boolean; it has to be a string
      --> base.toml:52:26
       |
    52 | outcome-is-transparent = true
       |                          ^^^^
    ");
}
