//! Blessing changes what is expected, and nothing else.

use insta::assert_snapshot;

use super::{BASE, read, with};
use crate::scenario_file::{Expectation, ExpectedVerdict, bless, builtin};

fn expectation(states: usize, verdicts: &[(&str, ExpectedVerdict)]) -> Expectation {
    let verdicts = verdicts.iter().map(|&(id, verdict)| (id.to_owned(), verdict)).collect();
    Expectation { states: Some(states), generated: Some(5678), depth: None, verdicts }
}

/// The part of a blessed file from `[expect` on; all before it has to be as it was.
fn blessed(text: &str, expectation: &Expectation) -> String {
    let blessed = bless("base.toml", text, expectation).unwrap();
    let kept = text.find("[expect").unwrap_or(text.len());
    assert_eq!(&blessed[..kept], &text[..kept]);
    let after = read(&blessed);
    let mut sorted = expectation.clone();
    sorted.verdicts.sort_by(|one, other| one.0.cmp(&other.0));
    let mut found = after.expectation;
    found.verdicts.sort_by(|one, other| one.0.cmp(&other.0));
    assert_eq!(found, sorted);
    blessed[kept..].to_owned()
}

#[test]
fn comments_and_layout_stay() {
    let text = with(
        "[expect]\nstates = 1234\n",
        "[expect]   # blessed\n# so many\nstates   =   1_234    # exactly\ndepth = 7\n",
    );
    let after = expectation(1240, &[("outcome-is-transparent", ExpectedVerdict::Holds)]);
    assert_snapshot!(blessed(&text, &after), @r#"
    [expect]   # blessed
    # so many
    states   =   1240    # exactly
    generated = 5678

    [expect.verdicts]
    outcome-is-transparent = "holds"
    "#);
}

#[test]
fn what_did_not_change_is_not_touched() {
    let text = with("states = 1234", "states = 1_234\ngenerated = 5_678");
    let after = expectation(1234, &[("outcome-is-transparent", ExpectedVerdict::Violated)]);
    assert_eq!(bless("base.toml", &text, &after).unwrap(), text);
}

#[test]
fn properties_come_and_go() {
    let after = expectation(1234, &[("no-state-is-stuck", ExpectedVerdict::Holds)]);
    assert_snapshot!(blessed(BASE, &after), @r#"
    [expect]
    states = 1234
    generated = 5678

    [expect.verdicts]
    no-state-is-stuck = "holds"
    "#);
}

#[test]
fn a_file_that_expects_nothing_gets_a_table_at_its_end() {
    let start = BASE.find("[expect]").unwrap();
    let text = format!("{}# The end.\n", &BASE[..start]);
    let after = expectation(99, &[("outcome-is-transparent", ExpectedVerdict::Holds)]);
    let blessed = bless("base.toml", &text, &after).unwrap();
    assert!(blessed.starts_with(&BASE[..start]));
    assert_eq!(read(&blessed).expectation, after);
    assert_snapshot!(&blessed[start..], @r#"
    [expect]
    states = 99
    generated = 5678

    [expect.verdicts]
    outcome-is-transparent = "holds"

    # The end.
    "#);
}

#[test]
fn counts_stand_before_verdicts_that_had_no_counts() {
    let text = with("[expect]\nstates = 1234\n\n", "");
    let after = expectation(99, &[("outcome-is-transparent", ExpectedVerdict::Holds)]);
    assert_snapshot!(blessed(&text, &after), @r#"
    [expect]
    states = 99
    generated = 5678

    [expect.verdicts]
    outcome-is-transparent = "holds"
    "#);
}

#[test]
fn tables_in_braces_stay_in_braces() {
    let start = BASE.find("[expect]").unwrap();
    let text = format!("expect = {{ states = 1 }}\n{}", &BASE[..start]);
    let after = expectation(99, &[("outcome-is-transparent", ExpectedVerdict::Holds)]);
    let blessed = bless("base.toml", &text, &after).unwrap();
    assert_eq!(read(&blessed).expectation, after);
    let said = blessed.lines().next().unwrap();
    assert_snapshot!(said, @r#"expect = { states = 99, generated = 5678, verdicts.outcome-is-transparent = "holds" }"#);
}

#[test]
fn nothing_to_expect_adds_nothing() {
    let (start, nothing) = (BASE.find("[expect]").unwrap(), Expectation::default());
    let blessed = bless("base.toml", &BASE[..start], &nothing).unwrap();
    assert_eq!(blessed, BASE[..start]);
}

#[test]
fn line_ends_of_windows_stay() {
    let text = BASE.replace('\n', "\r\n");
    let after = expectation(1240, &[("outcome-is-transparent", ExpectedVerdict::Violated)]);
    let blessed = bless("base.toml", &text, &after).unwrap();
    assert_eq!(blessed.matches('\n').count(), blessed.matches("\r\n").count());
}

#[test]
fn every_built_in_file_can_be_blessed_twice() {
    for (name, text) in builtin() {
        let mut after = read(text).expectation;
        (after.states, after.generated, after.depth) = (Some(1), Some(2), Some(3));
        let once = bless(name, text, &after).unwrap();
        assert_eq!(bless(name, &once, &after).unwrap(), once);
        assert_eq!(read(&once).expectation, after);
    }
}

#[test]
fn what_is_no_table_is_not_blessed() {
    let start = BASE.find("[expect]").unwrap();
    let text = format!("expect = 1\n{}", &BASE[..start]);
    let error = bless("base.toml", &text, &expectation(1, &[])).unwrap_err();
    assert_snapshot!(error, @r"base.toml:1:1: `expect` is something else; it has to be a table");
}

#[test]
fn the_difference_is_shown() {
    let before = read(BASE).expectation;
    let after = expectation(
        1240,
        &[
            ("outcome-is-transparent", ExpectedVerdict::Holds),
            ("no-state-is-stuck", ExpectedVerdict::Holds),
        ],
    );
    let lines: Vec<_> = before.changes(&after).iter().map(ToString::to_string).collect();
    assert_snapshot!(lines.join("\n"), @r"
    states: 1234 -> 1240
    generated: none -> 5678
    outcome-is-transparent: violated -> holds
    no-state-is-stuck: none -> holds
    ");
    assert_eq!(before.changes(&before), []);
}

#[test]
fn what_is_new_stands_behind_vertices_and_edges_in_any_order() {
    let start = BASE.find("[expect]").unwrap();
    let source = "\n[[vertex]]\nname = \"D\"\nparallelism = 1\nrows = 1\n";
    let text = format!("{}{source}", &BASE[..start]);
    let after = expectation(99, &[("outcome-is-transparent", ExpectedVerdict::Holds)]);
    let blessed = bless("base.toml", &text, &after).unwrap();
    assert!(blessed.starts_with(&text), "{blessed}");
}
