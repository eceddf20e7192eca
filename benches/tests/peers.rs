//! The command that runs other checkers, from outside.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;
use std::process::{Command, Output};

fn peers(args: &[&str], path: Option<&Path>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_peers"));
    if let Some(path) = path {
        command.env("PATH", path);
    }
    command.args(args).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// What a table says of states, and who is in it with how many threads.
fn rows(table: &str) -> Vec<(String, String, String)> {
    let cells = |line: &str| line.split('|').map(|cell| cell.trim().to_owned()).collect();
    let rows = table.lines().filter(|line| line.starts_with('|')).skip(2).map(cells);
    rows.map(|cells: Vec<String>| (cells[1].clone(), cells[2].clone(), cells[3].clone())).collect()
}

fn row(checker: &str, threads: usize) -> (String, String, String) {
    (checker.to_owned(), threads.to_string(), "40,835".to_owned())
}

const BUILT: [&str; 3] = ["failproof", "Stateright BFS", "Stateright DFS"];

#[test]
fn everyone_who_is_there_searches_tiny() {
    let output = peers(&["--size", "tiny", "--runs", "2"], None);
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(0), "{err}");
    let mut expected: Vec<_> = BUILT.iter().flat_map(|name| [row(name, 1), row(name, 2)]).collect();
    if !out.contains("Left out: Spin") {
        expected.push(row("Spin", 1));
    }
    assert_eq!(rows(&out), expected);
    assert!(out.starts_with("Size tiny: 40,835 distinct states, 95,813 generated."), "{out}");
    assert_eq!(err.matches("  failproof with 2 threads: ").count(), 2, "{err}");
}

#[test]
fn who_is_not_installed_is_named() {
    let nothing = tempfile::tempdir().unwrap();
    let args = ["--size", "tiny", "--runs", "1", "--threads", "1,1"];
    let output = peers(&args, Some(nothing.path()));
    let out = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(out.contains("\nLeft out: Spin, as there is no `spin` that could be run.\n"), "{out}");
    assert_eq!(rows(&out), BUILT.map(|name| row(name, 1)));
}

/// A compiler that makes a verifier which prints `report`, and a Spin that does nothing.
#[cfg(unix)]
fn pretended_spin(report: &str) -> tempfile::TempDir {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let pan = folder.path().join("pan");
    let copy = format!("/bin/cp {} pan", pan.display());
    let programs = [
        ("spin", "exit 0".to_owned()),
        ("gcc", format!("if [ \"$1\" != --version ]; then {copy}; fi")),
        ("pan", format!("echo '{report}'")),
    ];
    for (name, script) in programs {
        let program = folder.path().join(name);
        std::fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    folder
}

#[cfg(unix)]
fn with_pretended_spin(states: usize) -> Output {
    let report = format!(
        "State-vector 36 byte, depth reached 24, errors: 0\n{states} states, stored\n\
         95814 transitions (= stored+matched)\npan: elapsed time 0.5 seconds"
    );
    let folder = pretended_spin(&report);
    peers(&["--size", "tiny", "--runs", "1", "--threads", "1"], Some(folder.path()))
}

#[cfg(unix)]
#[test]
fn who_counts_otherwise_is_not_compared() {
    let same = with_pretended_spin(40_836);
    assert_eq!(same.status.code(), Some(0), "{}", text(&same.stderr));
    assert_eq!(rows(&text(&same.stdout)).last(), Some(&row("Spin", 1)));
    let other = with_pretended_spin(40_835);
    assert_eq!((other.status.code(), text(&other.stdout).as_str()), (Some(1), ""));
    insta::assert_snapshot!(text(&other.stderr).lines().last().unwrap(), @r"error: counts differ, so nothing is compared: failproof with 1 thread found 40,835 distinct states of 95,813, Spin with 1 thread 40,834 distinct states of 95,813");
}

#[cfg(unix)]
#[test]
fn a_peer_that_fails_is_not_left_out() {
    let folder = pretended_spin("");
    std::fs::write(folder.path().join("gcc"), "#!/bin/sh\necho 'no headers' >&2\nexit 3\n")
        .unwrap();
    let args = ["--size", "tiny", "--runs", "1", "--threads", "1"];
    let output = peers(&args, Some(folder.path()));
    assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(1), ""));
    insta::assert_snapshot!(text(&output.stderr), @"error: `gcc` failed (exit status: 3): no headers");
}

#[track_caller]
fn mistake(args: &[&str]) -> String {
    let output = peers(args, None);
    assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(2), ""));
    text(&output.stderr)
}

#[test]
fn mistakes_in_the_command_line() {
    insta::assert_snapshot!(mistake(&["--size", "M"]), @r"
    error: invalid value 'M' for '--size <SIZE>'
      [possible values: tiny, A, B, L]

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(mistake(&["--runs", "0"]), @r"
    error: invalid value '0' for '--runs <N>': it has to be a number from 1 to 1000

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(mistake(&["--runs", "many"]), @r"
    error: invalid value 'many' for '--runs <N>': it has to be a number from 1 to 1000

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(mistake(&["--threads", "1,many"]), @r"
    error: invalid value 'many' for '--threads <N>': it has to be a number from 1 to 256

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(mistake(&["spin"]), @r"
    error: unrecognized subcommand 'spin'

    Usage: peers [OPTIONS]

    For more information, try '--help'.
    ");
}

#[test]
fn help_says_what_it_does() {
    let output = peers(&["-h"], None);
    assert_eq!(output.status.code(), Some(0));
    insta::assert_snapshot!(text(&output.stdout), @r"
    Runs Stateright and Spin beside failproof on one model, and prints how they compare, in Markdown

    Usage: peers [OPTIONS]

    Options:
          --size <SIZE>  Which size of the model [default: L] [possible values: tiny, A, B, L]
          --threads <N>  With how many threads: everyone who can use several takes part once with each of these numbers [default: 1,2]
          --runs <N>     How often everyone searches; the table shows medians [default: 3]
      -h, --help         Print help (see more with '--help')
      -V, --version      Print version

    Example: peers --size A --runs 5

    Ends with 0 if the table was printed, with 1 if counts differ or a checker failed, and with 2 for a mistake in the command line.
    ");
}
