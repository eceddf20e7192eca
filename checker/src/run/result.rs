//! What a run found, as plain data: the interface of reports, the gate and the JSON output.

use std::collections::BTreeMap;

use serde::Serialize;

use failproof_traces::Trace;

pub use crate::explore::Verdict;

/// Everything that is said of one scenario.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ScenarioResult {
    /// Name of the scenario.
    pub name: String,
    /// Name of its preset.
    pub preset: String,
    /// The rule that is broken on purpose; `None`: none is.
    pub defect: Option<String>,
    /// Whether this is a scenario in which something is broken on purpose, explored without that.
    pub without_defect: bool,
    /// The job that the scenario is only a piece of: no verdict here is one on that job. `None`: it stands for itself.
    pub piece_of: Option<PieceOf>,
    /// Whether every reachable state was visited.
    pub complete: bool,
    /// The limit that stopped the exploration.
    pub stopped_by: Option<String>,
    /// The bounds within which the verdicts are said.
    pub bounds: Bounds,
    /// Distinct states.
    pub states: usize,
    /// States with duplicates and the initial one.
    pub generated: usize,
    /// States on the longest shortest path.
    pub depth: usize,
    /// What the scenario expects these three to be.
    pub expected: ExpectedCounts,
    /// Wall time.
    pub elapsed_ms: u64,
    /// Memory of the exploration at its peak, steps included.
    pub memory_bytes: usize,
    /// Memory of the steps between states.
    pub steps_bytes: usize,
    /// What waited on a disk for want of memory.
    pub spilled_bytes: u64,
    /// The chance that a state was overlooked because its fingerprint is that of another; 0 where whole states were
    /// compared.
    pub collision_chance: f64,
    /// How states were spared.
    pub reductions: Vec<&'static str>,
    /// States of each level, the initial one first.
    pub levels: Vec<usize>,
    /// States that have no successor, one, two and so on, duplicates counted.
    pub branching: Vec<u64>,
    /// Whether it is known what runs cost: neither where not everything was seen, nor with local steps.
    pub costs_known: bool,
    /// Most restarts in one run, as the budget counts them; `None`: unknown, or where costs are known, any number.
    pub restarts_max: Option<u64>,
    /// Most task runs beyond the first of each task in one run; `None`: as of restarts.
    pub task_reruns_max: Option<u64>,
    /// Most partitions stored at once.
    pub stored_partitions_max: u64,
    /// One entry a property.
    pub properties: Vec<PropertyResult>,
    /// One entry a rule.
    pub rules: Vec<RuleResult>,
    /// States that were explored besides, without symmetry and local steps, to decide what is claimed of fair runs;
    /// `None`: there was no need.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fair_states: Option<usize>,
    /// Whether reductions were asked for that were not worked out for this scenario, so that it was explored without.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub irreducible: bool,
    /// The random walks that this was seen on; `None`: it was explored. On walks, `states` are the distinct ones
    /// as far as they were told apart, `generated` are all visits, and a counterexample is the shortest that was
    /// seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub walks: Option<WalksResult>,
}

/// Exact counts that a scenario expects; `None`: it expects nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ExpectedCounts {
    /// Distinct states.
    pub states: Option<usize>,
    /// States with duplicates and the initial one.
    pub generated: Option<usize>,
    /// States on the longest shortest path.
    pub depth: Option<usize>,
}

/// Which random walks were taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WalksResult {
    /// What decided about every choice.
    pub seed: u64,
    /// How many were to be taken.
    pub walks_max: u64,
    /// The most steps of one.
    pub steps_max: usize,
    /// How many were taken to their end.
    pub walks: u64,
    /// Of these, the ones that ended in a state without successors. The others met their limit of steps.
    pub ended: u64,
    /// Steps in all.
    pub steps: u64,
    /// Steps of the longest.
    pub longest: usize,
    /// Whether there were more distinct states than were told apart.
    pub more_states: bool,
    /// The command that takes them again; left to whoever knows where the scenario came from.
    pub repeat: Option<String>,
}

/// How much of which job a piece is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PieceOf {
    /// Name of the job, as its plan says it.
    pub job: String,
    /// Which piece it is, from 1. The same piece is tried with less parallelism if it is too large.
    pub piece: usize,
    /// Pieces of the job.
    pub pieces: usize,
    /// Vertices of the piece.
    pub vertices: usize,
    /// Vertices of the job.
    pub job_vertices: usize,
    /// Subtasks of the piece.
    pub subtasks: usize,
    /// Subtasks of the job.
    pub job_subtasks: usize,
}

/// The bounds of a scenario, as text that a person reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Bounds {
    /// Execution vertices.
    pub execution_vertices: usize,
    /// TaskManagers.
    pub task_managers: usize,
    /// Rows that the sources read in all.
    pub rows: usize,
    /// Faults in all.
    pub faults: u8,
    /// The limits of each kind that may happen.
    pub fault_limits: BTreeMap<String, u8>,
    /// Mechanisms that take steps of their own.
    pub fine: Vec<String>,
    /// Failures that the job survives; `None`: any number.
    pub restart_attempts: Option<u8>,
    /// Steps of the scripted prefix.
    pub prefix_steps: usize,
    /// The slots of each TaskManager, where they are counted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub slots: Vec<u8>,
}

/// What is said of one property.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PropertyResult {
    /// Its id.
    pub id: String,
    /// `safety`, `reachability`, `eventually` or `leads-to`.
    pub kind: String,
    /// Whether the scenario is about it.
    pub named: bool,
    /// What was found.
    pub verdict: Verdict,
    /// What the scenario expects; `None`: nothing, which means that a violation counts and vacuity does not.
    pub expected: Option<Verdict>,
    /// Actions of the shortest counterexample, counted without the prefix.
    pub steps: Option<usize>,
    /// Whether no counterexample is shorter; `None`: there is none at all.
    pub shortest: Option<bool>,
    /// After so many of them the counterexample is where it ends: it goes on like this for ever. `None`: it need not.
    pub lasso: Option<usize>,
    /// Path of the written trace.
    pub trace: Option<String>,
    /// The shortest counterexample; its scenario is left to whoever has its text.
    #[serde(skip)]
    pub counterexample: Option<Trace>,
    /// A shortest run in which the trigger of the property happens.
    #[serde(skip)]
    pub witness: Option<Trace>,
}

/// How often a rule was at work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleResult {
    /// Its id.
    pub id: String,
    /// Steps of it that were possible.
    pub enabled: u64,
    /// Steps of it, with duplicates.
    pub fired: u64,
    /// Steps of it that led to a state for the first time.
    pub discovered: u64,
}
