//! What an exploration has found out, as data.

use std::time::Duration;

use super::backward::Most;
use super::judge::Kind;
use super::limits::Stopped;
use super::path::Path;
use super::search::RuleCount;
use super::verdict::Verdict;

/// What an exploration has found out.
#[derive(Clone, Debug)]
pub struct Exploration<A> {
    /// Distinct states within the boundary.
    pub distinct: usize,
    /// Initial states and steps, with duplicates.
    pub generated: usize,
    /// States on a path to the deepest state, 1 for an initial state.
    pub depth: usize,
    /// Why not everything was seen; none if everything was.
    pub stopped: Option<Stopped>,
    /// Time taken, analysis included.
    pub elapsed: Duration,
    /// The most that its buffers occupied at any time, steps included.
    pub memory_bytes: usize,
    /// What the steps between states occupy, where they are kept.
    pub steps_bytes: usize,
    /// What was written to a disk for want of memory.
    pub spilled_bytes: u64,
    /// The chance that two of the states had equal keys, so that one of them was overlooked; 0 if keys are exact.
    pub collision_chance: f64,
    /// What is known of each property of the judge.
    pub findings: Vec<Finding<A>>,
    /// How often each rule of the judge was at work.
    pub rules: Vec<RuleCount>,
    /// How many states have no successor, one, two and so on, duplicates counted.
    pub branching: Vec<u64>,
    /// Number of states of each level, initial states first.
    pub levels: Vec<usize>,
    /// What runs cost, for each cost of the judge.
    pub costs: Vec<Cost>,
    /// The maximum that each gauge of the judge showed.
    pub gauges: Vec<u32>,
}

/// What is known of a property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding<A> {
    /// What it claims.
    pub kind: Kind,
    /// Whether it does so rightly.
    pub verdict: Verdict,
    /// A shortest run that triggers it. If a step does, that is the last one.
    pub witness: Option<Path<A>>,
    /// A shortest run that violates it. If a step does, that is the last one; of a [`Kind::Reachability`] property, it
    /// ends in a state from which no goal can be reached; of one about fair runs, it is one with a shortest way to
    /// where it begins to repeat itself, or where it stops.
    pub violation: Option<Path<A>>,
    /// The violation goes on for ever: its last state is this one of its states, from which on it repeats itself. None
    /// if it need not go on.
    pub lasso: Option<usize>,
}

/// The least and the greatest total of a cost over all runs that end in a state without successors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cost {
    /// The exploration was not complete; or steps were taken at once, and not each of them was added up.
    Unknown,
    /// No run ends.
    Endless,
    /// What runs that end cost.
    Total {
        /// The cheapest of them.
        least: u64,
        /// The dearest.
        most: Most,
    },
}
