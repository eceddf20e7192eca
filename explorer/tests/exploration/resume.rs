//! A run that was killed goes on from its last finished level, and ends as if nothing had happened.

use std::fs;
use std::path::{Path, PathBuf};

use failproof_explorer::reference_models::region_failover::{
    A_WITH_THE_BUG, Action, Consistency, RegionFailover, State, TINY,
};
use failproof_explorer::{
    Checkpoint, CheckpointError, Control, Encoded, EncodedWhole, Exploration, Explorer, Judge,
    Kind, Limits, Marks, Packed, Stopped, Store,
};

use crate::codecs::{Wide, WordCodec};

/// As [`Consistency`], and the end of the job has to stay reachable: so steps are kept.
struct AndEnd;

impl Judge<RegionFailover> for AndEnd {
    fn properties(&self) -> usize {
        2
    }

    fn kind(&self, property: usize) -> Kind {
        if property == 0 { Kind::Safety } else { Kind::Reachability }
    }

    fn on_state(&self, model: &RegionFailover, state: &State) -> Marks {
        Consistency.on_state(model, state).with(1, true, false)
    }

    fn is_goal(&self, _: usize, model: &RegionFailover, state: &State) -> bool {
        let mut actions = Vec::new();
        stateright::Model::actions(model, state, &mut actions);
        actions.is_empty()
    }

    fn rules(&self) -> usize {
        10
    }

    fn rule(&self, action: &Action) -> usize {
        Consistency.rule(action)
    }

    fn costs(&self) -> usize {
        1
    }

    fn cost(&self, _: usize, _: &State, action: &Action, _: &State) -> u32 {
        u32::from(matches!(action, Action::Restart(_)))
    }

    fn gauges(&self) -> usize {
        1
    }

    fn gauge(&self, _: usize, state: &State) -> u32 {
        format!("{state:?}").len() as u32
    }
}

/// A path of its own for each test, removed at the end.
struct Log(PathBuf);

impl Log {
    fn new(name: &str) -> Log {
        let log = std::env::temp_dir().join(format!("explorer-{}-{name}", std::process::id()));
        let _ = fs::remove_file(&log);
        Log(log)
    }

    fn open(&self) -> Checkpoint {
        Checkpoint::open(&self.0, "the test").unwrap()
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

pub(crate) type Found = Exploration<Action>;

fn explore<S: Store<RegionFailover>>(
    model: &RegionFailover,
    store: &S,
    limits: Limits,
    log: Option<Checkpoint>,
) -> Found {
    let explorer = Explorer::new(model, &AndEnd).store(store).limits(limits);
    match log {
        Some(log) => explorer.checkpoint(log).explore(Control::default()).0,
        None => explorer.explore(Control::default()).0,
    }
}

/// Everything but times and bytes.
#[track_caller]
pub(crate) fn assert_same(found: &Found, expected: &Found) {
    assert_eq!(found.stopped, expected.stopped);
    assert_eq!(
        (found.distinct, found.generated, found.depth),
        (expected.distinct, expected.generated, expected.depth)
    );
    assert_eq!(found.levels, expected.levels);
    assert_eq!(found.findings, expected.findings);
    assert_eq!(found.rules, expected.rules);
    assert_eq!(found.branching, expected.branching);
    assert_eq!((&found.costs, &found.gauges), (&expected.costs, &expected.gauges));
}

fn resumes<S: Store<RegionFailover>>(name: &str, store: &S) {
    let model = RegionFailover::new(TINY);
    let whole = explore(&model, store, Limits::default(), None);
    assert_eq!((whole.distinct, whole.stopped), (40_835, None));
    let log = Log::new(name);
    // Cut off four times on its way, within levels and between them.
    for states in [1, 900, 20_000, 40_000] {
        let limits = Limits { states: Some(states), ..Limits::default() };
        let cut = explore(&model, store, limits, Some(log.open()));
        assert_eq!(cut.stopped, Some(Stopped::States(states)));
        assert_eq!(cut.distinct, states);
    }
    assert!(log.open().levels() > 10);
    let resumed = explore(&model, store, Limits::default(), Some(log.open()));
    assert_same(&resumed, &whole);
    // What is complete is only read again.
    assert_same(&explore(&model, store, Limits::default(), Some(log.open())), &whole);
}

#[test]
fn a_run_goes_on_whatever_is_kept_of_its_states() {
    resumes("packed", &Packed);
    resumes("encoded", &Encoded(WordCodec));
    resumes("whole", &EncodedWhole(WordCodec));
    // Of these, a level takes several records.
    resumes("wide", &Encoded(Wide));
}

#[test]
fn a_violation_found_before_is_not_forgotten() {
    let model = RegionFailover::new(A_WITH_THE_BUG);
    let log = Log::new("bug");
    let whole = explore(&model, &Packed, Limits::default(), None);
    let limits = Limits { depth: Some(21), ..Limits::default() };
    let cut = explore(&model, &Packed, limits, Some(log.open()));
    assert_eq!(cut.findings[0].violation, whole.findings[0].violation);
    assert!(whole.findings[0].violation.is_some());
    assert_same(&explore(&model, &Packed, Limits::default(), Some(log.open())), &whole);
}

/// A log of some levels.
fn some_levels(name: &str) -> (Log, Vec<u8>) {
    let log = Log::new(name);
    let limits = Limits { states: Some(500), ..Limits::default() };
    let _ = explore(&RegionFailover::new(TINY), &Packed, limits, Some(log.open()));
    let bytes = fs::read(&log.0).unwrap();
    (log, bytes)
}

#[test]
fn a_log_that_was_cut_off_anywhere_goes_on_from_the_level_before() {
    let model = RegionFailover::new(TINY);
    let (log, bytes) = some_levels("torn");
    let limits = Limits { states: Some(3_000), ..Limits::default() };
    let expected = explore(&model, &Packed, limits, None);
    let mut levels = 0;
    for cut in (0..bytes.len()).step_by(bytes.len() / 60).chain([bytes.len()]) {
        fs::write(&log.0, &bytes[..cut]).unwrap();
        let opened = log.open();
        assert!(opened.levels() >= levels, "the longer, the more levels");
        levels = opened.levels();
        assert_same(&explore(&model, &Packed, limits, Some(opened)), &expected);
    }
    assert!(levels > 3);
}

#[test]
fn a_level_that_was_cut_off_between_its_records_is_dropped() {
    let model = RegionFailover::new(TINY);
    let log = Log::new("torn-level");
    let limits = Limits { depth: Some(13), ..Limits::default() };
    let expected = explore(&model, &Encoded(Wide), limits, Some(log.open()));
    assert_eq!(expected.stopped, Some(Stopped::Depth(13)));
    let bytes = fs::read(&log.0).unwrap();
    let largest = *expected.levels.iter().max().unwrap();
    assert!(largest * 480 > 3 << 19, "{largest} states are more than one record");
    let cuts = (0..40).map(|part| bytes.len() * part / 40);
    let levels = cuts.map(|cut| {
        fs::write(&log.0, &bytes[..cut]).unwrap();
        let opened = log.open();
        let levels = opened.levels();
        assert_same(&explore(&model, &Encoded(Wide), limits, Some(opened)), &expected);
        levels
    });
    let levels: Vec<_> = levels.collect();
    assert!(levels.is_sorted() && levels.ends_with(&[12, 12]), "{levels:?}");
}

#[test]
fn a_damaged_log_is_refused() {
    let (log, bytes) = some_levels("damaged");
    for at in (0..bytes.len()).step_by(37) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 1 << (at % 8);
        fs::write(&log.0, &damaged).unwrap();
        let opened = Checkpoint::open(&log.0, "the test");
        assert!(opened.is_err(), "byte {at} of {} was changed", bytes.len());
    }
}

#[track_caller]
fn refusal(path: &Path, identity: &str) -> String {
    Checkpoint::open(path, identity)
        .unwrap_err()
        .to_string()
        .replace(&path.display().to_string(), "LOG")
}

#[test]
fn refusals_say_what_is_wrong() {
    let (log, mut bytes) = some_levels("refused");
    assert_eq!(
        refusal(&log.0, "another test"),
        "the checkpoint `LOG` is of another run: it says `the test`, this run is `another test`; \
         remove it to begin anew"
    );
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    fs::write(&log.0, &bytes).unwrap();
    let text = refusal(&log.0, "the test");
    assert!(text.starts_with("the checkpoint `LOG` is damaged: record "), "{text}");
    fs::write(&log.0, "name = \"mine\"\n").unwrap();
    let text = refusal(&log.0, "the test");
    assert!(text.starts_with("`LOG` is no checkpoint, or one of another version"), "{text}");
    fs::remove_file(&log.0).unwrap();
    let _open = log.open();
    assert_eq!(
        refusal(&log.0, "the test"),
        "another process is writing the checkpoint `LOG`; wait for it, or take another one"
    );
    let nowhere = Path::new("/nowhere/at/all");
    let opened = Checkpoint::open(nowhere, "the test");
    assert!(matches!(opened, Err(CheckpointError::Io { .. })));
}

#[test]
fn a_store_that_cannot_save_states_says_so() {
    let log = Log::new("whole-states");
    let model = RegionFailover::new(TINY);
    let explorer = Explorer::new(&model, &AndEnd).checkpoint(log.open());
    let (found, _) = explorer.explore(Control::default());
    assert_eq!(found.stopped, Some(Stopped::Disk(std::io::ErrorKind::Unsupported)));
}
