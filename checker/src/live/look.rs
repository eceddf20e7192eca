//! Everything that a page shows of where a run has led.

use failproof_properties::catalogue;
use failproof_traces::{Code, Kind, Trace};
use serde::Serialize;

use super::answer::Refusal;
use super::choices::{Choices, choices};
use super::ground::{Judged, Told, Walked};
use super::library::Library;
use super::path::{Run, take};
use crate::picture::{Picture, Why, waiting};
use crate::run::encode;

/// Everything that a page shows of where a run has led.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Look {
    /// The name of the scenario, if it is not the one that was given.
    scenario: Option<String>,
    /// The places of its steps.
    path: String,
    /// The same in one line that `replay` takes.
    code: String,
    picture: Picture,
    choices: Choices,
    /// The property to look for first: one that is expected to be violated.
    suggested: usize,
    /// Who waits for what.
    waiting: Vec<String>,
    /// Whether the job has ended.
    ended: bool,
    /// Why the run does not show what its code says.
    pub(super) refuted: Option<String>,
    /// Of each property that is false here, why.
    violated: Vec<Violated>,
    /// Why nothing is said of these properties.
    unjudged: Option<Unjudged>,
}

#[derive(Clone, Debug, Serialize)]
struct Violated {
    property: &'static str,
    why: Why,
}

#[derive(Clone, Debug, Serialize)]
struct Unjudged {
    why: String,
    properties: Vec<&'static str>,
}

/// Takes the steps and looks at what is there.
pub(super) fn look<const V: usize>(
    walked: &Walked<V>,
    library: &Library<'_>,
    told: &Told,
) -> Result<Look, Refusal> {
    let model = &*walked.model;
    let run = take(model, &told.steps)?;
    let judged = walked.judged(library);
    let (trace, refuted) = walked.confirmed(library, told, &run)?;
    let code = Code::of(model, &model.scenario.name, &trace, encode).map_err(Refusal::internal)?;
    let picture = Picture::of(&judged.properties, &walked.preset, &trace, &run);
    let state = &run.states[run.states.len() - 1];
    Ok(Look {
        scenario: told.scenario.clone(),
        path: told.steps.to_string(),
        code: code.to_string(),
        violated: violated(judged, &picture, &trace, &run),
        picture,
        choices: choices(model, state),
        suggested: walked.suggested,
        waiting: if state.job.is_terminal() { Vec::new() } else { waiting(model, state) },
        ended: state.job.is_terminal(),
        refuted,
        unjudged: unjudged(judged),
    })
}

fn violated<const V: usize>(
    judged: &Judged<V>,
    picture: &Picture,
    trace: &Trace,
    run: &Run<V>,
) -> Vec<Violated> {
    let ids = picture.violated_at_end();
    let why = |property: &'static str| {
        let property_of = Some(property.to_owned());
        let trace =
            Trace { kind: Kind::Violation, property: property_of, lasso: None, ..trace.clone() };
        Violated { property, why: Why::of(&judged.properties, &trace, run) }
    };
    ids.map(why).collect()
}

fn unjudged<const V: usize>(judged: &Judged<V>) -> Option<Unjudged> {
    let why = judged.unknown.clone()?;
    let needing = failproof_properties::all::<V>();
    let needing = needing.iter().zip(catalogue()).filter(|(property, _)| property.needs_free());
    Some(Unjudged { why, properties: needing.map(|(_, about)| about.id).collect() })
}
