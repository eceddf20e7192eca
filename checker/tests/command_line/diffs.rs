//! Two runs or two states, compared.

use crate::sandbox::{Ran, Sandbox, TRACE};

fn diff(sandbox: &Sandbox, left: &str, right: &str) -> Ran {
    sandbox.run(&["diff", left, right])
}

#[test]
fn a_run_is_equal_to_itself() {
    let ran = diff(&Sandbox::with_trace("diff-equal"), TRACE, TRACE);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(ran.out.ends_with("the states are equal\n"), "{}", ran.out);
    assert!(ran.out.lines().all(|line| !line.starts_with(['-', '+'])), "{}", ran.out);
}

#[test]
fn runs_that_part_show_where_and_in_what_they_end_differently() {
    let sandbox = Sandbox::with_trace("diff-runs");
    let witness = ["export", "mine.toml", "--witness", "outcome-is-transparent", "-o", "w.json"];
    assert_eq!(sandbox.run(&witness).code, 0);
    let ran = diff(&sandbox, "w.json", TRACE);
    assert_eq!((ran.code, ran.err.as_str()), (1, ""));
    insta::assert_snapshot!(ran.out);
}

#[test]
fn states_of_a_run_differ_in_what_its_steps_changed() {
    let sandbox = Sandbox::with_trace("diff-states");
    let ran = diff(&sandbox, &format!("{TRACE}@5"), &format!("{TRACE}@6"));
    assert_eq!(ran.code, 1, "{ran:?}");
    for change in ["A[0]>C gone", "A[0]>C no longer tracked", "TM0 Gone"] {
        assert!(ran.out.contains(change), "{change}: {}", ran.out);
    }
    assert_eq!(diff(&sandbox, &format!("{TRACE}@0"), &format!("{TRACE}@0")).code, 0);
}

#[test]
fn what_cannot_be_compared_is_told() {
    let sandbox = Sandbox::with_trace("diff-refused");
    sandbox.run(&["check", "never-behind-rebalance"]);
    let other = "failproof-traces/never-behind-rebalance.outcome-is-transparent.json";
    let ran = diff(&sandbox, TRACE, other);
    assert_eq!(ran.code, 1);
    assert!(ran.out.ends_with("the scenarios differ\n"), "{}", ran.out);
    for (left, right, why) in [
        (format!("{TRACE}@99"), TRACE.to_owned(), "has no step 99"),
        (format!("{TRACE}@x"), TRACE.to_owned(), "is no number of a step"),
        (format!("{TRACE}@1"), format!("{other}@1"), "are not of the same scenario"),
        ("nowhere.json".to_owned(), TRACE.to_owned(), "cannot read"),
    ] {
        let ran = diff(&sandbox, &left, &right);
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.err.contains(why), "{why} is not in {}", ran.err);
    }
    let text = sandbox.read(TRACE);
    let digest = text.rsplit("\"digest\": \"").next().unwrap()[..16].to_owned();
    sandbox.write("other.json", &text.replace(&digest, "0000000000000000"));
    let ran = diff(&sandbox, TRACE, "other.json");
    assert_eq!(ran.code, 5, "{ran:?}");
    assert!(ran.err.contains("diverged: step "), "{}", ran.err);
}
