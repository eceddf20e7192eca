//! Why each committed violation is one, in the words of its page.

use std::fmt::Write;
use std::fs;

use serde_json::Value;

use crate::{corpus, page_of, picture_of};

#[test]
fn every_committed_run_is_told_in_a_sentence() {
    let mut names: Vec<_> = fs::read_dir(corpus()).unwrap().map(|it| it.unwrap().path()).collect();
    names.sort();
    let mut told = String::new();
    for path in names.iter().filter(|path| path.extension().is_some_and(|it| it == "json")) {
        let data = serde_json::to_value(picture_of(path)).unwrap();
        let name = path.file_stem().unwrap().display();
        writeln!(told, "{name}\n  {}", data["why"]["sentence"].as_str().unwrap()).unwrap();
        for more in data["why"]["more"].as_array().unwrap() {
            writeln!(told, "  - {}", more.as_str().unwrap()).unwrap();
        }
    }
    insta::assert_snapshot!(told);
}

#[test]
fn attempts_are_numbered_and_readers_say_whom_they_have_read() {
    let name = "never-behind-rebalance.every-row-exactly-once.json";
    let data = serde_json::to_value(picture_of(&corpus().join(name))).unwrap();
    let frames = data["frames"].as_array().unwrap();
    let attempts = |frame: &Value| -> Vec<u64> {
        let tasks = frame["tasks"].as_array().unwrap();
        tasks.iter().map(|task| task["attempt"].as_u64().unwrap()).collect()
    };
    assert_eq!(attempts(&frames[0]), [0, 0, 0, 0]);
    let last = frames.last().unwrap();
    assert_eq!(attempts(last), [1, 0, 0, 1], "A[0] and B[1] ran again, B[0] did not");
    let read = |task: usize| last["tasks"][task]["reads"][0]["attempt"].as_u64().unwrap();
    assert_eq!((read(2), read(3)), (0, 1), "the two of B have read different attempts of A[0]");
}

#[test]
fn no_text_of_a_scenario_ends_the_data_of_its_page() {
    let page = page_of("never-behind-rebalance.every-row-exactly-once.json");
    let data = page.split_once("id=\"data\">").unwrap().1.split_once("</script>").unwrap().0;
    assert!(!data.contains('<'));
    let data: Value = serde_json::from_str(data).unwrap();
    assert_eq!(data["scenario"], "never-behind-rebalance");
}
