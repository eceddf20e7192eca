//! What every source file keeps to and no lint of the compiler sees.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use failproof_model::action::RULES;

const LINES_MAX: usize = 500;
const COLUMNS_MAX: usize = 120;

/// Put together here, so that this file keeps to its own rule.
const UNFINISHED: [&str; 4] = [
    concat!("to", "do!("),
    concat!("unimple", "mented!("),
    concat!("#[ig", "nore"),
    concat!("db", "g!("),
];

/// What only the checker may touch: files, clocks, threads, the environment, terminals.
const OUTSIDE: [&str; 9] = [
    "std::env",
    "std::fs",
    "std::io",
    "std::net",
    "std::process",
    "std::thread",
    "std::time",
    "println!(",
    "eprint",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

/// Every file below `folder` with that extension, by its path from the root, with its text.
fn files(folder: &str, extension: &str) -> Vec<(String, String)> {
    let (mut found, mut folders) = (Vec::new(), vec![root().join(folder)]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() && name != "target" && !name.starts_with('.') {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                let text = fs::read_to_string(&path).expect("a text");
                let shown =
                    path.strip_prefix(root()).expect("below the root").display().to_string();
                found.push((shown, text));
            }
        }
    }
    assert!(!found.is_empty(), "no .{extension} file below `{folder}`");
    found.sort();
    found
}

/// What is wrong with any line of `files`, as `path:line: what`.
fn faults(files: &[(String, String)], wrong: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let mut faults = Vec::new();
    for (path, text) in files {
        for (index, line) in text.lines().enumerate() {
            faults.extend(wrong(line).map(|what| format!("{path}:{}: {what}", index + 1)));
        }
    }
    faults
}

/// What a program printed stands in a test as it was printed, however long and wide.
fn holds_snapshots(text: &str) -> bool {
    text.contains(", @r")
}

#[track_caller]
fn assert_none(faults: &[String]) {
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_file_begins_by_saying_what_it_is_about() {
    let mut sources = files("", "rs");
    sources.retain(|(_, text)| !text.starts_with("//! "));
    assert_none(&sources.into_iter().map(|(path, _)| path).collect::<Vec<_>>());
}

#[test]
fn a_file_has_one_subject() {
    let mut sources = files("", "rs");
    sources.retain(|(_, text)| !holds_snapshots(text));
    sources.retain(|(_, text)| text.lines().count() > LINES_MAX);
    let fault = |(path, text): (String, String)| {
        format!("{path}: {} lines; at most {LINES_MAX}", text.lines().count())
    };
    assert_none(&sources.into_iter().map(fault).collect::<Vec<_>>());
}

#[test]
fn lines_can_be_read_without_scrolling() {
    let mut sources = files("", "rs");
    sources.retain(|(_, text)| !holds_snapshots(text));
    assert_none(&faults(&sources, |line| {
        let columns = line.chars().count();
        (columns > COLUMNS_MAX).then(|| format!("{columns} columns; at most {COLUMNS_MAX}"))
    }));
}

#[test]
fn nothing_is_left_unfinished() {
    assert_none(&faults(&files("", "rs"), |line| {
        UNFINISHED.iter().find(|mark| line.contains(**mark)).map(|mark| format!("`{mark}`"))
    }));
}

#[test]
fn only_the_checker_looks_outside() {
    for package in ["model/src", "properties/src", "traces/src"] {
        assert_none(&faults(&files(package, "rs"), |line| {
            OUTSIDE.iter().find(|name| line.contains(**name)).map(|name| format!("`{name}`"))
        }));
    }
}

/// The numbers after "section" or "sections", such as `4.5`, with commas or "and" between them.
fn cited(line: &str) -> impl Iterator<Item = &str> {
    let numbers = line.split("section").skip(1).flat_map(|rest| {
        let list = rest.strip_prefix('s').unwrap_or(rest).split(['"', ')', ':', ';']).next();
        list.unwrap_or_default().split([' ', ',']).take_while(|word| {
            word.is_empty() || *word == "and" || word.starts_with(|c: char| c.is_ascii_digit())
        })
    });
    numbers.map(|word| word.trim_end_matches('.')).filter(|word| !word.is_empty() && *word != "and")
}

#[test]
fn a_cited_section_is_on_the_page_of_facts() {
    let page = fs::read_to_string(root().join("checker/docs/flink-failover.md")).expect("the page");
    let heading = |line: &str| {
        let number = line.trim_start_matches('#').split_whitespace().next()?;
        line.starts_with('#').then(|| number.trim_end_matches('.').to_owned())
    };
    let sections: BTreeSet<String> = page.lines().filter_map(heading).collect();
    let missing = |line: &str| {
        let number = cited(line).find(|number| !sections.contains(*number))?;
        Some(format!("section {number} is not in checker/docs/flink-failover.md"))
    };
    assert_none(&faults(&files("", "rs"), missing));
    assert_none(&faults(&files("", "toml"), missing));
    for rule in RULES {
        let missing = rule.sections.iter().find(|section| !sections.contains(**section));
        assert_eq!(missing, None, "{} cites a section that is not on the page", rule.id);
    }
}

/// The targets of the links of a line, except those that lead out of the repository or stay on the page.
fn linked(line: &str) -> impl Iterator<Item = &str> {
    line.match_indices("](").filter_map(|(at, bracket)| {
        let target = line[at + bracket.len()..].split([')', '#']).next()?;
        (!target.is_empty() && !target.contains("://")).then_some(target)
    })
}

#[test]
fn links_of_the_documentation_lead_somewhere() {
    for (path, text) in files("", "md") {
        let folder = root().join(&path).parent().expect("a folder").to_owned();
        assert_none(&faults(&[(path, text)], |line| {
            let target = linked(line).find(|target| !folder.join(target).exists())?;
            Some(format!("nothing is at `{target}`"))
        }));
    }
}

#[test]
fn citations_are_recognized() {
    let cited = |line| cited(line).collect::<Vec<_>>();
    assert_eq!(cited("// (section 3.4): as section 4. Then"), ["3.4", "4"]);
    assert_eq!(cited("(sections 3.2, 3.4 and 4.3), 5"), ["3.2", "3.4", "4.3"]);
    assert!(cited("a section of its own; sections").is_empty());
}
