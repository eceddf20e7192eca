//! A directory of its own for every test, and the binary in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The job of two stages in which no consumer restarts with its producer; nothing is expected of it.
pub(crate) const MINE: &str = r#"
name = "mine"
story = "A TaskManager dies; consumers of the lost producer do not restart."
preset = "flink-2"
[design]
consumers = "never"
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
partitioner = "REBALANCE"
[cluster]
task-managers = 2
[faults]
total = 1
task-manager-dies = 1
"#;

/// The trace of a violation in [`MINE`], once that is checked.
pub(crate) const TRACE: &str = "failproof-traces/mine.outcome-is-transparent.json";

/// What a command did.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// A directory in which nothing is but what the test puts there.
pub(crate) struct Sandbox {
    pub(crate) directory: PathBuf,
}

impl Sandbox {
    pub(crate) fn new(name: &str) -> Sandbox {
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        // It is there from an earlier run, or it is not.
        let _ = fs::remove_dir_all(&directory);
        fs::create_dir_all(&directory).unwrap();
        Sandbox { directory }
    }

    /// One in which [`MINE`] is written and checked, so that [`TRACE`] is there.
    pub(crate) fn with_trace(name: &str) -> Sandbox {
        let sandbox = Sandbox::new(name);
        sandbox.write("mine.toml", MINE);
        sandbox.run(&["check", "mine.toml"]);
        sandbox
    }

    pub(crate) fn write(&self, file: &str, text: &str) {
        let path = self.directory.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Puts the scenario files of this source tree into `scenarios`.
    pub(crate) fn copy_scenarios(&self) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/scenarios");
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            self.write(&format!("scenarios/{name}"), &fs::read_to_string(&path).unwrap());
        }
    }

    pub(crate) fn read(&self, file: &str) -> String {
        fs::read_to_string(self.directory.join(file)).unwrap()
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_failproof"));
        command.args(args).current_dir(&self.directory);
        command
    }

    #[track_caller]
    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        Ran::of(self.command(args).output().unwrap())
    }
}

impl Ran {
    pub(crate) fn of(output: Output) -> Ran {
        Ran {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}
