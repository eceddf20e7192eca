//! Every limit ends a run as inconclusive, and no run needs more than it has to.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::Duration;

use failproof_explorer::reference_models::region_failover::{
    A_WITH_THE_BUG, Consistency, RegionFailover,
};
use failproof_explorer::{
    Control, Cost, Exploration, Explorer, Judge, Kind, Limits, Marks, Progress, Stopped, Verdict,
    explore,
};
use stateright::Model;

/// Counts for ever, slowly if told to.
struct Counter {
    end: u32,
    pause: Duration,
}

impl Model for Counter {
    type State = u32;
    type Action = ();

    fn init_states(&self) -> Vec<u32> {
        vec![0]
    }

    fn actions(&self, state: &u32, actions: &mut Vec<()>) {
        actions.extend((*state < self.end).then_some(()));
    }

    fn next_state(&self, state: &u32, (): ()) -> Option<u32> {
        if !self.pause.is_zero() {
            sleep(self.pause);
        }
        Some(state + 1)
    }
}

/// A safety and a reachability property that both hold and are triggered at once, and one safety property that is
/// never triggered and violated by a number.
struct Holding {
    bad: u32,
}

impl Judge<Counter> for Holding {
    fn properties(&self) -> usize {
        3
    }

    fn kind(&self, property: usize) -> Kind {
        if property == 1 { Kind::Reachability } else { Kind::Safety }
    }

    fn on_state(&self, _: &Counter, state: &u32) -> Marks {
        Marks { triggered: 0b011, violated: 0 }.with(2, false, *state == self.bad)
    }

    fn is_goal(&self, _: usize, model: &Counter, state: &u32) -> bool {
        *state == model.end
    }

    fn costs(&self) -> usize {
        1
    }
}

const FAST: Counter = Counter { end: 1_000, pause: Duration::ZERO };

fn run(model: &Counter, bad: u32, limits: Limits, control: Control<'_>) -> Exploration<()> {
    explore(model, &Holding { bad }, limits, control).0
}

fn verdicts(result: &Exploration<()>) -> [Verdict; 3] {
    [0, 1, 2].map(|property| result.findings[property].verdict)
}

#[track_caller]
fn assert_stopped(result: &Exploration<()>, stopped: Stopped) {
    assert_eq!(result.stopped, Some(stopped));
    assert_eq!(verdicts(result), [Verdict::Inconclusive; 3]);
    assert_eq!(result.costs, [Cost::Unknown]);
    assert_eq!(result.levels.iter().sum::<usize>(), result.distinct);
    assert_eq!(result.levels.len(), result.depth);
}

#[test]
fn without_limits_the_same_run_holds() {
    let result = run(&FAST, u32::MAX, Limits::default(), Control::default());
    assert_eq!(result.stopped, None);
    assert_eq!(verdicts(&result), [Verdict::Holds, Verdict::Holds, Verdict::Vacuous]);
}

#[test]
fn too_many_states() {
    for states in [0, 1, 7, 1_000] {
        let limits = Limits { states: Some(states), ..Limits::default() };
        let result = run(&FAST, u32::MAX, limits, Control::default());
        assert_stopped(&result, Stopped::States(states));
        assert_eq!(result.distinct, states);
    }
    let limits = Limits { states: Some(1_001), ..Limits::default() };
    assert_eq!(run(&FAST, u32::MAX, limits, Control::default()).stopped, None);
}

#[test]
fn too_deep() {
    for depth in [0, 1, 7, 1_000] {
        let limits = Limits { depth: Some(depth), ..Limits::default() };
        let result = run(&FAST, u32::MAX, limits, Control::default());
        assert_stopped(&result, Stopped::Depth(depth));
        assert_eq!(result.depth, depth);
    }
    let limits = Limits { depth: Some(1_001), ..Limits::default() };
    assert_eq!(run(&FAST, u32::MAX, limits, Control::default()).stopped, None);
}

#[test]
fn too_long() {
    for (pause, time) in [(0, 0), (1_000, 30)] {
        let model = Counter { pause: Duration::from_micros(pause), ..FAST };
        let time = Duration::from_millis(time);
        let limits = Limits { time: Some(time), ..Limits::default() };
        let result = run(&model, u32::MAX, limits, Control::default());
        assert_stopped(&result, Stopped::Time(time));
        assert!(result.elapsed >= time && result.distinct < 1_000, "{result:?}");
    }
}

#[test]
fn interrupted_before_it_begins() {
    let flag = AtomicBool::new(true);
    let control = Control { interrupted: Some(&flag), progress: None };
    let result = run(&FAST, u32::MAX, Limits::default(), control);
    assert_stopped(&result, Stopped::Interrupted);
    assert_eq!(result.distinct, 0);
}

#[test]
fn interrupted_under_way_by_who_watches_its_progress() {
    let model = Counter { end: u32::MAX, pause: Duration::from_micros(20) };
    let flag = AtomicBool::new(false);
    let mut reports: Vec<Progress> = Vec::new();
    let mut progress = |report: &Progress| {
        reports.push(*report);
        flag.store(reports.len() == 3, Ordering::Relaxed);
    };
    let control = Control { interrupted: Some(&flag), progress: Some(&mut progress) };
    let limits = Limits { states: Some(1 << 30), memory_bytes: Some(1 << 30), ..Limits::default() };
    let result = run(&model, u32::MAX, limits, control);
    assert_stopped(&result, Stopped::Interrupted);
    assert_eq!(reports.len(), 3);
    assert!(reports.windows(2).all(|pair| pair[0].distinct < pair[1].distinct));
    assert!(
        reports
            .windows(2)
            .all(|pair| { pair[1].elapsed - pair[0].elapsed >= Duration::from_millis(100) })
    );
    for report in reports {
        assert_eq!((report.frontier, report.depth), (1, report.distinct));
        assert_eq!(report.generated, report.distinct);
        let bound = report.bound.unwrap();
        assert_eq!(bound.stopped, Stopped::Memory(1 << 30), "it is nearer than the states");
        assert!(bound.used > 0.0 && bound.used < 0.1);
    }
}

/// A fan of `FAN` states and what follows each; someone interrupts it while the second round is expanded, and thinks
/// better of it if told to.
struct Fan<'a> {
    interrupted: &'a AtomicBool,
    thinks_better: bool,
}

const FAN: u32 = 4_000;

/// The first chunks of the second round, by the numbers of their states: each is what one thread expands in a row.
const SECOND_ROUND: [std::ops::Range<u32>; 2] = [513..769, 769..1_025];

impl Model for Fan<'_> {
    type State = u32;
    type Action = u32;

    fn init_states(&self) -> Vec<u32> {
        vec![0]
    }

    fn actions(&self, state: &u32, actions: &mut Vec<u32>) {
        match state {
            0 => actions.extend(1..=FAN),
            1..=FAN => actions.push(state + FAN),
            _ => {}
        }
    }

    fn next_state(&self, state: &u32, next: u32) -> Option<u32> {
        let [first, second] = SECOND_ROUND;
        if *state == first.start {
            self.interrupted.store(true, Ordering::Relaxed);
            sleep(Duration::from_millis(100));
            self.interrupted.store(!self.thinks_better, Ordering::Relaxed);
        } else if second.contains(state) && !self.interrupted.load(Ordering::Relaxed) {
            sleep(Duration::from_millis(1));
        }
        Some(next)
    }
}

#[test]
fn what_a_thread_gave_up_is_missing_whatever_the_others_did() {
    for (threads, thinks_better) in [(1, false), (2, false), (3, false), (2, true), (3, true)] {
        let interrupted = AtomicBool::new(false);
        let fan = Fan { interrupted: &interrupted, thinks_better };
        let control = Control { interrupted: Some(&interrupted), progress: None };
        let (found, space) = Explorer::new(&fan, &()).threads(threads).explore(control);
        if thinks_better && found.stopped.is_none() {
            // Nobody looked meanwhile.
            assert_eq!(found.distinct, 1 + 2 * FAN as usize);
            continue;
        }
        assert_eq!(found.stopped, Some(Stopped::Interrupted));
        // The first round was taken in, and nothing of the second.
        assert_eq!(space.expanded(), 1 + 512);
        assert!(space.keys().copied().eq(0..=FAN + 512));
        assert_eq!((found.distinct, found.generated), (FAN as usize + 513, FAN as usize + 513));
    }
}

#[test]
fn a_violation_seen_before_the_limit_counts() {
    let limits = Limits { states: Some(7), ..Limits::default() };
    let result = run(&FAST, 6, limits, Control::default());
    assert_eq!(result.stopped, Some(Stopped::States(7)));
    assert_eq!(
        verdicts(&result),
        [Verdict::Inconclusive, Verdict::Inconclusive, Verdict::Violated]
    );
    assert_eq!(result.findings[2].violation.as_ref().unwrap().actions.len(), 6);
    let result = run(&FAST, 7, limits, Control::default());
    assert_eq!(verdicts(&result), [Verdict::Inconclusive; 3]);
}

#[test]
fn the_same_run_gives_the_same_result() {
    let model = RegionFailover::new(A_WITH_THE_BUG);
    let limits = Limits { states: Some(50_000), ..Limits::default() };
    let run = || explore(&model, &Consistency, limits, Control::default());
    let ((first, first_space), (second, second_space)) = (run(), run());
    assert!(first_space.keys().eq(second_space.keys()));
    assert_eq!(first_space.expanded(), second_space.expanded());
    assert!(
        (0..first_space.expanded() as u32)
            .all(|state| { first_space.edges(state).eq(second_space.edges(state)) })
    );
    assert_eq!((&first.findings, &first.rules), (&second.findings, &second.rules));
    assert_eq!((first.memory_bytes, first.generated), (second.memory_bytes, second.generated));
}

#[test]
fn reasons_to_stop_read_well() {
    let texts = [
        Stopped::States(5),
        Stopped::Depth(3),
        Stopped::Time(Duration::from_millis(1_500)),
        Stopped::Memory(3 << 20),
        Stopped::Interrupted,
    ]
    .map(|stopped| stopped.to_string());
    assert_eq!(
        texts,
        [
            "limit of 5 states reached",
            "limit of depth 3 reached",
            "limit of 1.5 s reached",
            "limit of 3 MiB of memory reached",
            "interrupted"
        ]
    );
}
