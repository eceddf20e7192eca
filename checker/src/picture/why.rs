//! Why the property of a run is false, in rows and names that a person can follow.

use std::collections::BTreeSet;

use failproof_model::action::Action;
use failproof_model::failover::Failover;
use failproof_model::state::State;
use failproof_properties::{About, Committed, Facts, Kind};
use failproof_traces::{self as traces, Replayed, Trace};
use serde::Serialize;

use super::about;
use super::history::History;
use super::rows::misplaced;
use super::waiting::waiting;
use crate::run::Properties;
use crate::spelling::spelt;

/// The properties that are about what a job has shown.
const ABOUT_ROWS: &[&str] = &[
    "outcome-is-transparent",
    "each-sink-is-explainable",
    "every-row-exactly-once",
    "committed-output-never-changes",
    "one-commit-per-sink-partition",
];

/// One sentence, and what bears it out.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Why {
    pub(super) sentence: String,
    more: Vec<String>,
}

impl Why {
    /// Why the property of `trace` is false of `run`, which `trace` tells of.
    pub(crate) fn of<const V: usize>(
        judge: &Properties<V>,
        trace: &Trace,
        run: &Replayed<State<V>, Action>,
    ) -> Why {
        let Facts { model, free } = judge.facts();
        let history = History::of(model, run);
        why(model, about(trace), trace, (run, &history), free)
    }
}

/// Says why a violation is one; of a witness, what it shows.
pub(super) fn why<const V: usize>(
    model: &Failover<V>,
    about: Option<&About>,
    trace: &Trace,
    (run, history): (&Replayed<State<V>, Action>, &History),
    free: &BTreeSet<Committed>,
) -> Why {
    let Some(about) = about else {
        return Why {
            sentence: "A run that somebody wanted to keep.".to_owned(),
            more: Vec::new(),
        };
    };
    let (Some(end), traces::Kind::Violation) = (run.states.last(), trace.kind) else {
        let sentence = format!("The run ends in what the property is about: {}.", about.trigger);
        return Why { sentence, more: Vec::new() };
    };
    if let Some(from) = trace.lasso {
        let repeats = match (from + 1, run.actions.len()) {
            (first, last) if first == last => format!("Step {last} repeats"),
            (first, last) => format!("Steps {first} to {last} repeat"),
        };
        let sentence = format!("{repeats} for ever, and what should come never does.");
        let loop_of = run.actions.iter().skip(from).map(|&action| model.notation(action));
        return Why { sentence, more: loop_of.collect() };
    }
    match about.kind {
        Kind::Safety if ABOUT_ROWS.contains(&about.id) => of_rows(model, history, about, end, free),
        Kind::Safety if model.enabled(end).is_empty() && !end.job.is_terminal() => {
            let status = spelt(&end.job);
            let sentence = format!("Nothing can happen any more, and the job is {status}.");
            told(sentence, waiting(model, end))
        }
        Kind::Safety => of_step(model, about, run),
        Kind::Reachability | Kind::Eventually | Kind::LeadsTo => {
            let sentence = "Whatever happens from here on, what should come never does.";
            told(sentence.to_owned(), waiting(model, end))
        }
    }
}

/// A sentence that says little by itself, told with the first of what bears it out.
fn told(sentence: String, mut more: Vec<String>) -> Why {
    if more.is_empty() {
        return Why { sentence, more };
    }
    let first = more.remove(0);
    Why { sentence: format!("{sentence} {first}"), more }
}

fn of_rows<const V: usize>(
    model: &Failover<V>,
    history: &History,
    about: &About,
    end: &State<V>,
    free: &BTreeSet<Committed>,
) -> Why {
    let mut rows = misplaced(model, history, end);
    let outcomes = match free.len() {
        1 => "the only outcome of runs without faults is another".to_owned(),
        many => format!("none of the {many} outcomes of runs without faults is that"),
    };
    let shown = (0..model.size()).filter(|&v| model.sink(v).is_some());
    let shown = shown
        .map(|v| format!("{} {}", model.vertex_name(v), model.rows_text(v, end.shown[v], true)));
    let shown: Vec<String> = shown.collect();
    let committed = format!("Committed are {}; {outcomes}.", shown.join(", "));
    if rows.is_empty() {
        return Why { sentence: committed, more: vec![sentence_of(about.breaks)] };
    }
    let sentence = rows.remove(0);
    rows.push(committed);
    Why { sentence, more: rows }
}

fn of_step<const V: usize>(
    model: &Failover<V>,
    about: &About,
    run: &Replayed<State<V>, Action>,
) -> Why {
    let last = run.actions.last().map(|&action| model.notation(action));
    let sentence = match last {
        Some(action) => format!("False with the last step, {action}: {}.", about.breaks),
        None => format!("False from the beginning: {}.", about.breaks),
    };
    Why { sentence, more: Vec::new() }
}

/// A clause as a sentence of its own.
fn sentence_of(clause: &str) -> String {
    let mut letters = clause.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}
