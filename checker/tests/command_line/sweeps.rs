//! `sweep`: a file of results that was cut off in the middle of a line goes on behind the last whole one.

use std::fs::{read_to_string, write};

use crate::sandbox::Sandbox;

const ARGS: [&str; 7] =
    ["sweep", "--vertices", "1,2", "--policies", "always,never", "--results", "found.csv"];

#[test]
fn what_was_torn_is_done_again_and_the_rest_is_kept() {
    let sandbox = Sandbox::new("sweep-torn");
    let found = sandbox.directory.join("found.csv");
    let whole = sandbox.run(&ARGS);
    assert_eq!(whole.code, 0, "{whole:?}");
    let text = read_to_string(&found).unwrap();
    let lines = text.lines().count();
    write(&found, &text[..text.len() - 5]).unwrap();
    for left in ["1 of them left", "0 of them left"] {
        let again = sandbox.run(&ARGS);
        assert_eq!((again.code, &again.out), (0, &whole.out), "{}", again.err);
        assert!(again.err.contains(left), "{}", again.err);
    }
    let mut kept: Vec<String> = read_to_string(&found).unwrap().lines().map(Into::into).collect();
    assert_eq!(kept.len(), lines);
    kept.sort_unstable();
    let mut before: Vec<&str> = text.lines().collect();
    before.sort_unstable();
    assert_eq!(kept, before);
}

#[test]
fn a_file_of_something_else_is_refused_and_stays_as_it_is() {
    let sandbox = Sandbox::new("sweep-other-file");
    let found = sandbox.directory.join("found.csv");
    write(&found, "a line\nand half of one").unwrap();
    let refused = sandbox.run(&ARGS);
    assert_ne!(refused.code, 0, "{refused:?}");
    assert!(refused.err.contains("found.csv"), "{}", refused.err);
    assert_eq!(read_to_string(&found).unwrap(), "a line\nand half of one");
}
