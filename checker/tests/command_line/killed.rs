//! A run that is killed at any moment goes on from its checkpoint, and ends as if nothing had happened.

use std::collections::BTreeMap;
use std::fs;
use std::hash::{BuildHasher, DefaultHasher, Hash, Hasher, RandomState};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::sandbox::{Ran, Sandbox};

/// Large enough to be killed on their way, and violated, so that there are traces.
const LARGER: &str = "article-dynamic-splits";
const SMALLER: &str = "dynamic-splits-read-early";

/// How often it is killed before it may end.
const KILLS_IN_A_ROW: usize = 8;

/// Starts of which most are killed; the others were through before.
const STARTS_MAX: usize = 200;

/// The variable with the seed of a run that is to be repeated, as far as the machine lets it be.
const SEED: &str = "FAILPROOF_TEST_SEED";

/// The random numbers of a seed, which is told when a test fails.
struct Random {
    seed: u64,
    drawn: u64,
}

impl Random {
    fn new() -> Random {
        let given = std::env::var(SEED).ok().map(|seed| seed.parse().unwrap());
        let seed = given.unwrap_or_else(|| RandomState::new().hash_one(()));
        println!("{SEED}={seed}");
        Random { seed, drawn: 0 }
    }

    fn below(&mut self, end: u64) -> u64 {
        let mut hasher = DefaultHasher::new();
        (self.seed, self.drawn).hash(&mut hasher);
        self.drawn += 1;
        hasher.finish() % end
    }
}

/// When a run is killed.
enum Moment {
    After(Duration),
    /// Once the checkpoint has so many bytes.
    Grown(u64),
}

/// All that a run has found: its report without what depends on the machine, and the traces by name.
type Found = (serde_json::Value, BTreeMap<String, String>);

/// Runs of one scenario in one sandbox.
struct Runs {
    sandbox: Sandbox,
    scenario: &'static str,
    flags: &'static [&'static str],
}

impl Runs {
    fn new(name: &str, scenario: &'static str, flags: &'static [&'static str]) -> Runs {
        Runs { sandbox: Sandbox::new(name), scenario, flags }
    }

    fn command(&self, more: &[&str]) -> Command {
        let args = ["check", self.scenario, "--format", "json", "-o", "report.json"];
        let mut command = self.sandbox.command(&[&args, self.flags, more].concat());
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    fn log(&self, directory: &str) -> PathBuf {
        self.sandbox.directory.join(directory).join(format!("{}.checkpoint", self.scenario))
    }

    fn report(&self) -> serde_json::Value {
        serde_json::from_str(&self.sandbox.read("report.json")).unwrap()
    }

    fn found(&self) -> Found {
        let mut report = self.report();
        let scenario = report["scenarios"][0].as_object_mut().unwrap();
        for key in ["elapsed_ms", "memory_bytes"] {
            assert!(scenario.remove(key).is_some(), "{scenario:?}");
        }
        let traces = fs::read_dir(self.sandbox.directory.join("failproof-traces")).unwrap();
        let traces = traces.map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, fs::read_to_string(path).unwrap())
        });
        (report, traces.collect())
    }

    /// What a run finds that nobody disturbs.
    fn undisturbed(&self) -> Found {
        assert_eq!(self.command(&["--threads", "1"]).status().unwrap().code(), Some(0));
        let found = self.found();
        assert!(found.1.len() > 2, "{:?}", found.1.keys());
        fs::remove_dir_all(self.sandbox.directory.join("failproof-traces")).unwrap();
        found
    }

    /// The checkpoint of a run that was cut off when it had seen nearly as many states as there are.
    fn almost_all(&self, directory: &str, states: u64) -> Vec<u8> {
        let states = (states * 19 / 20).to_string();
        let status = self.command(&["--checkpoint", directory, "--states", &states]).status();
        assert_eq!(status.unwrap().code(), Some(3));
        fs::read(self.log(directory)).unwrap()
    }
}

/// Waits until it is time; whether the run is still under way.
fn wait(child: &mut Child, moment: &Moment, log: &PathBuf) -> bool {
    let begun = Instant::now();
    let is_time = || match moment {
        Moment::After(time) => begun.elapsed() >= *time,
        Moment::Grown(bytes) => fs::metadata(log).is_ok_and(|log| log.len() >= *bytes),
    };
    while child.try_wait().unwrap().is_none() {
        if is_time() {
            return true;
        }
        sleep(Duration::from_micros(500));
    }
    false
}

/// More than the end of a level, of which time is a part: where it was cut off, it is written again.
const END_OF_LEVEL: usize = 4096;

/// One of two logs goes on where the other ends: no finished level was written again.
#[track_caller]
fn assert_goes_on(before: &[u8], after: &[u8]) {
    let common = before.len().min(after.len()).saturating_sub(END_OF_LEVEL);
    assert!(before[..common] == after[..common], "the checkpoint was begun anew");
}

/// Kills runs with one checkpoint until `KILLS_IN_A_ROW` of them were killed before one was through, and lets the next
/// one end. Whichever ends has found what it would have found undisturbed.
fn is_killed_and_goes_on(runs: &Runs) {
    let mut random = Random::new();
    let expected = runs.undisturbed();
    let states = expected.0["scenarios"][0]["states"].as_u64().unwrap();
    let bytes = runs.almost_all("almost-all", states).len() as u64;
    let log = runs.log("checkpoint");
    let (mut killed, mut before) = (0, Vec::new());
    for _ in 0..STARTS_MAX {
        let threads = (1 + random.below(3)).to_string();
        let mut command = runs.command(&["--checkpoint", "checkpoint", "--threads", &threads]);
        let mut child = command.spawn().unwrap();
        let moment = match random.below(3) {
            0 => Moment::After(Duration::from_millis(random.below(50))),
            _ => Moment::Grown(before.len() as u64 + random.below(bytes / 6)),
        };
        let told_to_end = random.below(4) == 0;
        if killed < KILLS_IN_A_ROW && wait(&mut child, &moment, &log) {
            if told_to_end {
                interrupt(&child);
            } else {
                child.kill().unwrap();
            }
        }
        let code = child.wait().unwrap().code();
        if code == Some(0) {
            assert!(runs.found() == expected, "after {killed} kills in a row: {:#}", runs.report());
            assert!(!log.exists(), "what is complete needs no checkpoint");
            if killed >= KILLS_IN_A_ROW {
                return;
            }
            (killed, before) = (0, Vec::new());
            continue;
        }
        if code.is_some() {
            assert_eq!((code, told_to_end), (Some(130), true));
            assert_interrupted(&runs.report());
        }
        let after = fs::read(&log).unwrap_or_default();
        assert_goes_on(&before, &after);
        (killed, before) = (killed + 1, after);
    }
    panic!("{STARTS_MAX} runs, and never {KILLS_IN_A_ROW} of them killed in a row");
}

/// The partial report of a run that was told to end: before it began, on its way, or when it was through.
#[track_caller]
fn assert_interrupted(report: &serde_json::Value) {
    assert_eq!(report["exit"], 130);
    for scenario in report["scenarios"].as_array().unwrap() {
        let stopped_by = scenario["stopped_by"].as_str();
        let interrupted = stopped_by.is_some_and(|it| it.starts_with("interrupted"));
        assert!(interrupted || scenario["complete"] == true, "{scenario:#}");
    }
}

fn interrupt(child: &Child) {
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(sent.unwrap().success());
}

#[test]
fn a_run_that_is_killed_goes_on_and_ends_as_if_nothing_had_happened() {
    is_killed_and_goes_on(&Runs::new("killed", LARGER, &[]));
}

#[test]
fn so_does_one_that_compares_whole_states() {
    is_killed_and_goes_on(&Runs::new("killed-exact", SMALLER, &["--exact"]));
}

/// What is said of a checkpoint with these bytes.
#[track_caller]
fn refusal(runs: &Runs, bytes: &[u8]) -> String {
    fs::write(runs.log("checkpoint"), bytes).unwrap();
    let ran = Ran::of(
        runs.command(&["--checkpoint", "checkpoint"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .output()
            .unwrap(),
    );
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.out.starts_with("nothing was explored\n"), "{}", ran.out);
    assert_eq!(fs::read(runs.log("checkpoint")).unwrap(), bytes, "it is left as it was");
    ran.err
}

#[test]
fn a_checkpoint_that_is_damaged_or_of_another_run_is_refused() {
    let runs = Runs::new("refused", SMALLER, &[]);
    let bytes = runs.almost_all("checkpoint", 18_765);
    let mut torn = bytes.clone();
    torn.drain(bytes.len() / 3..bytes.len() / 2);
    let said = refusal(&runs, &torn);
    assert!(said.contains(&format!("{SMALLER}.checkpoint` is damaged: record ")), "{said}");
    assert!(said.contains("remove it to begin anew"), "{said}");
    let mut flipped = bytes.clone();
    flipped[bytes.len() / 2] ^= 4;
    assert!(refusal(&runs, &flipped).contains("does not have its checksum"));
    assert!(refusal(&runs, b"name = 'mine'").contains("is no checkpoint, or one of another"));

    let exact = Runs { flags: &["--exact"], ..runs };
    let said = refusal(&exact, &bytes);
    assert!(said.contains(&format!("is of another run: it says `scenario {SMALLER} (")), "{said}");
    assert!(said.contains(&format!("this run is `scenario {SMALLER} (")), "{said}");
    assert!(said.contains("fingerprints") && said.contains("whole states"), "{said}");
}

#[test]
fn a_checkpoint_that_another_process_is_writing_is_refused() {
    let runs = Runs::new("in-use", SMALLER, &[]);
    fs::create_dir(runs.sandbox.directory.join("checkpoint")).unwrap();
    let locked = fs::File::create(runs.log("checkpoint")).unwrap();
    locked.lock().unwrap();
    assert!(refusal(&runs, b"").contains("another process is writing the checkpoint"));
    locked.unlock().unwrap();
    assert_eq!(runs.command(&["--checkpoint", "checkpoint"]).status().unwrap().code(), Some(0));
}
