//! Random walks through models that are too large to be exhausted.
//!
//! What a walk has seen is true: a violation is one, and its path replays. Of what no walk has seen nothing is said:
//! an exploration that is not complete is never a pass, so there is no way from here to [`Verdict::Holds`].

use std::collections::HashSet;
use std::hash::Hash;
use std::ops::Range;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use foldhash::fast::FixedState;
use rayon::ThreadPool;
use rayon::prelude::*;
use stateright::Model;

use super::explorable::Explorable;
use super::explorer::pool;
use super::judge::Judge;
use super::limits::{Limits, Stopped};
use super::outcome::Finding;
use super::path::Path;
use super::progress::{Control, Counts, Watch};
use super::verdict::Verdict;
use super::walk::{Ground, Shortest, Sighting, Walk, WalkEnd, Walker};

/// What a batch of walks may take: between batches, progress is told.
const BATCH_TIME: Duration = Duration::from_millis(50);

/// The most walks of a batch: what they have seen is kept until all of them are through.
const BATCH_MAX: u64 = 1 << 12;

/// Time between two reports.
const REPORT_EVERY: Duration = Duration::from_millis(100);

/// Which walks are taken, and how long they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Walks {
    /// How many.
    pub walks: u64,
    /// The most steps of one; one that reaches a state without successors ends there.
    pub steps: usize,
    /// What decides about every choice. Walk i depends on this and on i, and on nothing else.
    pub seed: u64,
    /// The most distinct states that are told apart, by a fingerprint of 64 bits each.
    pub states: usize,
    /// Time from the start.
    pub time: Option<Duration>,
}

impl Default for Walks {
    /// 10,000 walks of at most 1,000 steps, and about a million distinct states.
    fn default() -> Self {
        Walks { walks: 10_000, steps: 1_000, seed: 0, states: 1 << 20, time: None }
    }
}

/// How often a rule was met on walks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RuleUse {
    /// States on walks in which it was possible, counted once for each way to take it and again for each visit.
    pub enabled: u64,
    /// Steps of walks by it.
    pub fired: u64,
}

/// What random walks have found out.
#[derive(Clone, Debug)]
pub struct Simulation<A> {
    /// Walks that were taken to their end.
    pub walks: u64,
    /// Of these, the ones that ended in a state without successors. The others met their limit of steps.
    pub ended: u64,
    /// Steps in all.
    pub steps: u64,
    /// Steps of the longest walk.
    pub longest: usize,
    /// States seen, again for each visit.
    pub visited: u64,
    /// Distinct states seen, initial ones included, as far as they were told apart.
    pub distinct: usize,
    /// Whether there were more distinct states than were told apart.
    pub more_distinct: bool,
    /// Why not all walks were taken; none if all were.
    pub stopped: Option<Stopped>,
    /// Time taken.
    pub elapsed: Duration,
    /// What is known of each property of the judge: paths are the shortest seen, which need not be the shortest.
    pub findings: Vec<Finding<A>>,
    /// How often each rule of the judge was met.
    pub rules: Vec<RuleUse>,
    /// The maximum that each gauge of the judge showed.
    pub gauges: Vec<u32>,
}

/// How far a simulation is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WalkProgress {
    /// Walks that were taken.
    pub walks: u64,
    /// Walks that are to be taken.
    pub walks_max: u64,
    /// Steps so far.
    pub steps: u64,
    /// Distinct states so far, as far as they are told apart.
    pub distinct: usize,
    /// Time since the start.
    pub elapsed: Duration,
}

/// How the caller takes part in a simulation.
#[derive(Default)]
pub struct WalkControl<'a> {
    /// Set from outside, for example by a signal: the simulation stops soon.
    pub interrupted: Option<&'a AtomicBool>,
    /// Called about ten times a second or less often.
    pub progress: Option<&'a mut dyn FnMut(&WalkProgress)>,
}

/// Takes random walks through `model` and has `judge` judge what they see. The result is the same for any number of
/// threads and on every machine, save for times, and unless it was stopped.
///
/// Every walk begins in an initial state, each as likely as the others, and goes on by steps, each of those that are
/// possible as likely as the others, until there are none or there were `walks.steps` of them.
pub fn simulate<M, J>(
    model: &M,
    judge: &J,
    walks: &Walks,
    threads: usize,
    control: WalkControl<'_>,
) -> Simulation<M::Action>
where
    M: Explorable,
    M::State: Hash,
    J: Judge<M>,
{
    let mut clock = Clock::new(walks, control);
    let ground = Ground::new(model, judge, walks, clock.watch.deadline());
    let mut tally = Tally::new(&ground);
    tally.stopped = clock.look(&tally).err();
    let (pool, mut batch) = (pool(threads), 1);
    while tally.stopped.is_none() && tally.begun < walks.walks && !ground.is_empty() {
        let begun = clock.watch.elapsed();
        let end = walks.walks.min(tally.begun.saturating_add(batch));
        for walk in take(pool.as_ref(), &ground, tally.begun..end, &tally.shortest) {
            tally.add(walk);
        }
        tally.begun = end;
        tally.stopped = clock.look(&tally).err();
        let slow = clock.watch.elapsed() - begun > BATCH_TIME;
        batch = if slow { batch / 2 } else { batch * 2 }.clamp(1, BATCH_MAX);
    }
    tally.finish(&ground, clock.watch.elapsed())
}

/// Takes the walks of these numbers, and returns them in their order.
fn take<M, J>(
    pool: Option<&ThreadPool>,
    ground: &Ground<'_, M, J>,
    numbers: Range<u64>,
    shortest: &Shortest,
) -> Vec<Walk<M::Action>>
where
    M: Explorable,
    M::State: Hash,
    J: Judge<M>,
{
    let Some(pool) = pool else {
        let mut walker = Walker::new();
        return numbers.map(|number| walker.walk(ground, number, shortest)).collect();
    };
    let walk = |walker: &mut Walker<M>, number| walker.walk(ground, number, shortest);
    pool.install(|| numbers.into_par_iter().map_init(Walker::new, walk).collect())
}

/// Watches the time, and tells how far the walks are.
struct Clock<'a> {
    watch: Watch<'a>,
    progress: Option<&'a mut dyn FnMut(&WalkProgress)>,
    reported: Duration,
    walks_max: u64,
}

impl<'a> Clock<'a> {
    fn new(walks: &Walks, control: WalkControl<'a>) -> Self {
        let WalkControl { interrupted, progress } = control;
        let limits = Limits { time: walks.time, ..Limits::default() };
        let watch = Watch::new(limits, Control { interrupted, progress: None });
        Clock { watch, progress, reported: Duration::ZERO, walks_max: walks.walks }
    }

    /// An error means that no more walks may be taken.
    fn look<A>(&mut self, tally: &Tally<A>) -> Result<(), Stopped> {
        self.watch.look(&tally.counts())?;
        let elapsed = self.watch.elapsed();
        if elapsed - self.reported >= REPORT_EVERY {
            self.reported = elapsed;
            let now = WalkProgress {
                walks: tally.walks,
                walks_max: self.walks_max,
                steps: tally.steps,
                distinct: tally.seen.len(),
                elapsed,
            };
            self.progress.iter_mut().for_each(|progress| progress(&now));
        }
        Ok(())
    }
}

/// What all walks so far have seen.
struct Tally<A> {
    /// Walks that were begun, also those that were stopped.
    begun: u64,
    walks: u64,
    ended: u64,
    steps: u64,
    longest: usize,
    visited: u64,
    seen: HashSet<u64, FixedState>,
    seen_max: usize,
    more_seen: bool,
    shortest: Shortest,
    triggered: Vec<Option<Path<A>>>,
    violated: Vec<Option<Path<A>>>,
    rules: Vec<RuleUse>,
    gauges: Vec<u32>,
    stopped: Option<Stopped>,
}

impl<A: Clone> Tally<A> {
    fn new<M: Model<Action = A>, J: Judge<M>>(ground: &Ground<'_, M, J>) -> Self {
        let shortest = Shortest::new(ground);
        let known = shortest.properties();
        Tally {
            begun: 0,
            walks: 0,
            ended: 0,
            steps: 0,
            longest: 0,
            visited: 0,
            seen: HashSet::with_hasher(FixedState::default()),
            seen_max: ground.walks.states,
            more_seen: false,
            shortest,
            triggered: vec![None; known],
            violated: vec![None; known],
            rules: vec![RuleUse::default(); ground.judge.rules()],
            gauges: vec![0; ground.judge.gauges()],
            stopped: None,
        }
    }

    /// Adds what the next walk has seen. Of two equally short paths the one of the earlier walk stays.
    fn add(&mut self, walk: Walk<A>) {
        self.walks += u64::from(walk.end != WalkEnd::GaveUp);
        self.ended += u64::from(walk.end == WalkEnd::Stuck);
        self.steps += walk.steps as u64;
        self.longest = self.longest.max(walk.steps);
        self.visited += walk.seen.len() as u64;
        for fingerprint in walk.seen {
            self.see(fingerprint);
        }
        for Sighting { marks, path } in walk.sightings {
            let new = self.shortest.note(marks, path.actions.len());
            put(&mut self.triggered, new.triggered, &path);
            put(&mut self.violated, new.violated, &path);
        }
        for (total, found) in self.rules.iter_mut().zip(walk.rules) {
            total.enabled += found.enabled;
            total.fired += found.fired;
        }
        for (most, gauge) in self.gauges.iter_mut().zip(walk.gauges) {
            *most = gauge.max(*most);
        }
    }

    fn see(&mut self, fingerprint: u64) {
        if self.seen.len() < self.seen_max {
            self.seen.insert(fingerprint);
        } else if !self.more_seen {
            self.more_seen = !self.seen.contains(&fingerprint);
        }
    }

    fn finish<M: Model<Action = A>, J: Judge<M>>(
        self,
        ground: &Ground<'_, M, J>,
        elapsed: Duration,
    ) -> Simulation<A> {
        let (mut triggered, mut violated) = (self.triggered.into_iter(), self.violated.into_iter());
        let finding = |property| {
            let witness = triggered.next().flatten();
            let violation = violated.next().flatten();
            let kind = ground.judge.kind(property);
            let verdict = Verdict::of(kind, false, witness.is_some(), violation.is_some());
            Finding { kind, verdict, witness, violation, lasso: None }
        };
        Simulation {
            walks: self.walks,
            ended: self.ended,
            steps: self.steps,
            longest: self.longest,
            visited: self.visited,
            distinct: self.seen.len(),
            more_distinct: self.more_seen,
            stopped: self.stopped,
            elapsed,
            findings: (0..ground.judge.properties()).map(finding).collect(),
            rules: self.rules,
            gauges: self.gauges,
        }
    }
}

impl<A> Tally<A> {
    fn counts(&self) -> Counts {
        Counts {
            level_left: 0,
            distinct: self.seen.len(),
            generated: self.steps as usize,
            expanded: 0,
            depth: self.longest,
            memory_bytes: 0,
        }
    }
}

fn put<A: Clone>(paths: &mut [Option<Path<A>>], bits: u64, path: &Path<A>) {
    let wanted = paths.iter_mut().enumerate().filter(|(property, _)| bits >> property & 1 == 1);
    wanted.for_each(|(_, known)| *known = Some(path.clone()));
}
