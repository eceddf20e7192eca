//! One state of a run, and the step that led to it.

use failproof_model::action::{Action, RULES};
use failproof_model::execution_state::ExecutionState as E;
use failproof_model::failover::Failover;
use failproof_model::state::{NOWHERE, State, TaskManager, Truth};
use failproof_traces::{Kind, Replayed, Trace};
use serde::Serialize;

use super::history::{History, Moment, content, has_output};
use crate::explore::{Judge, Kind as JudgedAs, Marks};
use crate::replay::describe_changes;
use crate::run::Properties;
use crate::spelling::spelt;

/// Everything that can be seen in a state.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Frame {
    /// The step before it; none of the first.
    pub(super) step: Option<Step>,
    changes: Vec<String>,
    pub(super) job: String,
    pub(super) faults_left: u8,
    pub(super) tasks: Vec<Task>,
    pub(super) partitions: Vec<Partition>,
    pub(super) task_managers: Vec<TaskManager>,
    /// Restarts in preparation.
    restarts: Vec<Restart>,
    messages: Vec<String>,
    /// What each property says of the step and of the state, in the order of all properties.
    badges: Vec<Badge>,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Step {
    pub(super) action: String,
    rule: &'static str,
    statement: &'static str,
    sections: &'static [&'static str],
    pub(super) fault: bool,
    /// TaskManagers on which something happened.
    pub(super) acted: Vec<usize>,
    /// Whether the books of the master changed.
    pub(super) master: bool,
    /// TaskManagers that were told to do something.
    pub(super) told: Vec<usize>,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Task {
    pub(super) attempt: usize,
    pub(super) book: E,
    pub(super) truth: Truth,
    pub(super) on: Option<u8>,
    /// What the attempt holds: what it has read, or once that is complete, its output.
    pub(super) rows: Option<String>,
    output: bool,
    /// What the sink subtask has shown for good.
    pub(super) shown: Option<String>,
    /// Of each input, what was read of it.
    reads: Vec<Option<Read>>,
    /// Inputs that it would look for at a former attempt.
    outdated: Vec<usize>,
    restarting: bool,
}

#[derive(Clone, Debug, Serialize)]
struct Read {
    attempt: usize,
    rows: String,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Partition {
    pub(super) stored: bool,
    pub(super) tracked: bool,
    /// The TaskManager of the attempt that wrote it.
    pub(super) on: Option<u8>,
    /// What it holds for each of its readers.
    content: Vec<(usize, String)>,
}

#[derive(Clone, Debug, Serialize)]
struct Restart {
    vertices: Vec<usize>,
    waits_for: Vec<usize>,
}

/// What a property says of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Badge {
    /// It is not about this.
    Idle,
    /// It is put to the test, and true.
    Holds,
    /// It is false.
    Violated,
    /// What it wants to stay reachable, or to be reached.
    Goal,
}

impl Frame {
    /// The properties that are false, by their places among all.
    pub(super) fn violated(&self) -> impl Iterator<Item = usize> {
        let badges = self.badges.iter().enumerate();
        badges.filter(|(_, badge)| **badge == Badge::Violated).map(|(property, _)| property)
    }
}

/// One frame a state of the run.
pub(super) fn frames<const V: usize>(
    model: &Failover<V>,
    judge: &Properties<V>,
    trace: &Trace,
    (run, history): (&Replayed<State<V>, Action>, &History),
) -> Vec<Frame> {
    let nothing = State::default();
    let last = run.states.len() - 1;
    let frame = |(index, state): (usize, &State<V>)| {
        let taken = index.checked_sub(1).map(|step| (&run.states[step], run.actions[step]));
        let before = taken.map_or(&nothing, |(before, _)| before);
        let moment = &history.until[index];
        let seen = &seen(before, state);
        let ended = index == last && trace.kind == Kind::Violation;
        let violated = trace.property.as_deref().filter(|_| ended);
        Frame {
            step: taken.map(|(before, action)| step(model, (before, state), action)),
            changes: describe_changes(model, before, state),
            job: spelt(&state.job),
            faults_left: state.faults,
            tasks: (0..model.size()).map(|v| task(model, moment, seen, v)).collect(),
            partitions: partitions(model, seen),
            task_managers: state.task_managers[..model.scenario.cluster.task_managers].to_vec(),
            restarts: restarts(seen),
            messages: messages(model, seen),
            badges: badges(model, judge, taken, state, violated),
        }
    };
    run.states.iter().enumerate().map(frame).collect()
}

/// The state as people look at it: one in which the job has ended keeps nothing of its tasks, which are of interest
/// still. Its partitions are released (section 4.8).
fn seen<const V: usize>(before: &State<V>, state: &State<V>) -> State<V> {
    if !state.job.is_terminal() {
        return *state;
    }
    State { shown: state.shown, job: state.job, stored: 0, tracked: 0, ..*before }
}

fn step<const V: usize>(
    model: &Failover<V>,
    (before, after): (&State<V>, &State<V>),
    action: Action,
) -> Step {
    let rule = &RULES[action.rule()];
    let managers = 0..model.scenario.cluster.task_managers;
    let on = |state: &State<V>, v: usize, t: usize| usize::from(state.tasks[v].at) == t;
    let started = |v: usize| {
        let (old, new) = (before.tasks[v].truth, after.tasks[v].truth);
        new.is_live() && (!old.is_live() || old != new && new == Truth::Submitted)
    };
    let cancelled = |v: usize| {
        let (old, new) = (before.tasks[v].book, after.tasks[v].book);
        old != new
            && matches!(new, E::Canceling | E::Canceled)
            && !before.tasks[v].truth.is_reporting()
    };
    let told = |t: usize| {
        (0..model.size()).any(|v| started(v) && on(after, v, t) || cancelled(v) && on(before, v, t))
    };
    let acted = |t: usize| {
        before.task_managers[t] != after.task_managers[t]
            || (0..model.size()).any(|v| {
                let (old, new) = (before.tasks[v], after.tasks[v]);
                let moved = (old.truth, old.read) != (new.truth, new.read);
                moved && on(before, v, t) && old.truth.is_live() && !cancelled(v)
            })
    };
    let books = |state: &State<V>| {
        (state.tasks.map(|task| task.book), state.restarts, state.tracked, state.job)
    };
    Step {
        action: model.notation(action),
        rule: rule.id,
        statement: rule.statement,
        sections: rule.sections,
        fault: action.fault().is_some(),
        // At the end of a job its tasks are forgotten, which happens nowhere.
        acted: managers.clone().filter(|&t| !after.job.is_terminal() && acted(t)).collect(),
        master: books(before) != books(after),
        told: managers.filter(|&t| told(t)).collect(),
    }
}

fn task<const V: usize>(model: &Failover<V>, moment: &Moment, state: &State<V>, v: usize) -> Task {
    let task = state.tasks[v];
    let output = has_output(state, v);
    let rows = |rows, produced| model.rows_text(v, rows, produced);
    let job_vertex = model.job_vertex(v);
    let input_text = |rows| model.rows_text(v, rows, false);
    // Rows that nothing refers to any more are cleared, which is no empty output.
    let is_stored = model.topology.produced[v].iter().any(|p| state.stored >> p & 1 == 1);
    let is_kept = output && (is_stored || model.topology.produced[v].is_empty());
    let shown = state.shown[v];
    let is_sink = model.scenario.job.vertices[job_vertex].sink.is_some();
    Task {
        attempt: moment.attempts[v],
        book: task.book,
        truth: task.truth,
        on: Some(task.at).filter(|&at| at != NOWHERE),
        rows: (is_kept || !state.rows[v].is_empty()).then(|| rows(state.rows[v], output)),
        output,
        shown: (is_sink && !shown.is_empty()).then(|| rows(shown, true)),
        reads: moment.reads[v]
            .iter()
            .map(|read| {
                read.map(|read| Read { attempt: read.attempt, rows: input_text(read.rows) })
            })
            .collect(),
        outdated: bits(task.outdated),
        restarting: state.restarts.iter().any(|restart| restart.vertices >> v & 1 == 1),
    }
}

fn partitions<const V: usize>(model: &Failover<V>, state: &State<V>) -> Vec<Partition> {
    let all = model.topology.partitions.iter().enumerate();
    all.map(|(p, facts)| {
        let stored = state.stored >> p & 1 == 1;
        let at = state.tasks[facts.producer].at;
        let written = stored && has_output(state, facts.producer);
        let readers = model.topology.consumers(p).filter(|_| written);
        let text = |w| (w, model.rows_text(w, content(model, state, w, p), false));
        Partition {
            stored,
            tracked: state.tracked >> p & 1 == 1,
            on: Some(at).filter(|&at| stored && at != NOWHERE),
            content: readers.map(text).collect(),
        }
    })
    .collect()
}

fn restarts<const V: usize>(state: &State<V>) -> Vec<Restart> {
    let under_way = state.restarts.iter().filter(|restart| restart.vertices != 0);
    under_way
        .map(|it| Restart { vertices: bits(it.vertices), waits_for: bits(it.cancelling) })
        .collect()
}

fn messages<const V: usize>(model: &Failover<V>, state: &State<V>) -> Vec<String> {
    let reports = (0..model.size()).filter(|&v| state.tasks[v].truth.is_reporting());
    let current = reports
        .map(|v| format!("report: {} has {}", model.vertex_name(v), spelt(&state.tasks[v].truth)));
    let stale = bits(state.stale_reports).into_iter();
    let stale =
        stale.map(|v| format!("late report of an older attempt of {}", model.vertex_name(v)));
    current.chain(stale).collect()
}

fn badges<const V: usize>(
    model: &Failover<V>,
    judge: &Properties<V>,
    taken: Option<(&State<V>, Action)>,
    state: &State<V>,
    violated: Option<&str>,
) -> Vec<Badge> {
    let by_step =
        taken.map_or(Marks::NONE, |(before, action)| judge.on_step(model, before, &action, state));
    let successors = model.relied_on(state);
    let marks =
        by_step | judge.on_state(model, state) | judge.on_expanded(model, state, successors);
    let catalogue = failproof_properties::catalogue();
    let badge = |(index, about): (usize, &&failproof_properties::About)| {
        let of_run = judge.kind(index) != JudgedAs::Safety;
        if marks.violated >> index & 1 == 1 || of_run && violated == Some(about.id) {
            Badge::Violated
        } else if of_run && judge.is_goal(index, model, state) {
            Badge::Goal
        } else if marks.triggered >> index & 1 == 1 {
            Badge::Holds
        } else {
            Badge::Idle
        }
    };
    catalogue.iter().enumerate().map(badge).collect()
}

fn bits(mask: u16) -> Vec<usize> {
    (0..u16::BITS as usize).filter(|bit| mask >> bit & 1 == 1).collect()
}
