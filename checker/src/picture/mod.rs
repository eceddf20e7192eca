//! A run as something to look at: the job, one frame a state, and why the property is false.
//!
//! A picture is data. [`page`] makes a page of it that needs nothing else.

mod frame;
mod history;
mod itf;
mod job;
mod mermaid;
mod page;
mod rows;
mod svg;
mod waiting;
mod why;

use std::sync::Arc;

use failproof_model::action::Action;
use failproof_model::failover::Failover;
use failproof_model::scenario::Scenario;
use failproof_model::state::State;
use failproof_properties::{About, Facts};
use failproof_traces::{self as traces, Divergence, Replayed, Trace};
use serde::Serialize;
use thiserror::Error;

use crate::explore::{Control, Limits, Stopped};
use crate::run::{Properties, RunError, WithModel, encode, free_outcomes, with_model};
use frame::Frame;
use history::History;
use job::Job;

pub use itf::itf;
pub use mermaid::mermaid;
pub(crate) use page::fill;
pub use page::page;
pub use svg::svg;
pub(crate) use waiting::waiting;
pub(crate) use why::Why;

/// Everything that a page shows of a run.
#[derive(Clone, Debug, Serialize)]
pub struct Picture {
    scenario: String,
    story: String,
    preset: String,
    tool: String,
    /// Whether the run violates its property, or shows what it is about.
    violation: bool,
    /// Index of the property among all, if the run is about one.
    property: Option<usize>,
    properties: Vec<Shown>,
    /// The run goes on from this frame again and again.
    lasso: Option<usize>,
    why: Why,
    job: Job,
    frames: Vec<Frame>,
}

/// A property, as far as a page shows it.
#[derive(Clone, Copy, Debug, Serialize)]
struct Shown {
    id: &'static str,
    statement: &'static str,
    kind: &'static str,
}

/// Why there is no picture of a run.
#[derive(Debug, Error)]
pub enum PictureError {
    /// The model cannot hold the scenario.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The run is not one of the model any more.
    #[error("diverged: {0}")]
    Diverged(Box<Divergence>),
    /// Without the runs that have no fault, nothing can be said of outcomes.
    #[error("the runs without faults: {0}")]
    Free(Stopped),
}

/// Takes the steps of `trace`, whose scenario is `scenario`, and keeps what can be seen of them.
///
/// # Errors
/// The steps cannot be taken as recorded, or the scenario is more than the model holds.
pub fn picture(scenario: &Scenario, preset: &str, trace: &Trace) -> Result<Picture, PictureError> {
    let drawn = with_model(scenario, Drawing { preset, trace });
    drawn.map_err(RunError::from)?
}

struct Drawing<'a> {
    preset: &'a str,
    trace: &'a Trace,
}

/// Memory for the runs without faults.
const LIMITS: Limits =
    Limits { states: None, depth: None, time: None, memory_bytes: Some(4 << 30) };

impl WithModel for Drawing<'_> {
    type Output = Result<Picture, PictureError>;

    fn with<const V: usize>(self, model: Failover<V>) -> Self::Output {
        let Drawing { preset, trace } = self;
        let model = Arc::new(model);
        let run = traces::replay(&*model, trace, encode)
            .map_err(|divergence| PictureError::Diverged(Box::new(divergence)))?;
        let free = free_outcomes(&model, &LIMITS.into(), Control::default());
        let free = free.map_err(RunError::from)?.map_err(PictureError::Free)?;
        let judge = Properties::new(Facts { model: Arc::clone(&model), free });
        Ok(Picture::of(&judge, preset, trace, &run))
    }
}

impl Picture {
    /// What can be seen of `run`, which `trace` tells of.
    pub(crate) fn of<const V: usize>(
        judge: &Properties<V>,
        preset: &str,
        trace: &Trace,
        run: &Replayed<State<V>, Action>,
    ) -> Picture {
        let Facts { model, free } = judge.facts();
        let history = History::of(model, run);
        let about = about(trace);
        let catalogue = failproof_properties::catalogue();
        Picture {
            scenario: model.scenario.name.clone(),
            story: model.scenario.story.clone(),
            preset: preset.to_owned(),
            tool: trace.tool.clone(),
            violation: trace.kind == traces::Kind::Violation,
            property: catalogue.iter().position(|it| Some(it.id) == about.map(|about| about.id)),
            properties: catalogue.iter().map(|about| Shown::of(about)).collect(),
            lasso: trace.lasso,
            why: why::why(model, about, trace, (run, &history), free),
            job: Job::of(model),
            frames: frame::frames(model, judge, trace, (run, &history)),
        }
    }

    /// The properties that are false in the last state, or by the last step.
    pub(crate) fn violated_at_end(&self) -> impl Iterator<Item = &'static str> {
        let last = self.frames.last().into_iter();
        last.flat_map(|frame| frame.violated()).map(|property| self.properties[property].id)
    }

    /// The scenario and what the run is about, in a line.
    fn title(&self) -> String {
        let about = self.property.map(|index| self.properties[index].id);
        match (about, self.violation) {
            (Some(id), true) => format!("{} ({}) violates {id}", self.scenario, self.preset),
            (Some(id), false) => {
                format!("{} ({}) to what {id} is about", self.scenario, self.preset)
            }
            (None, _) => format!("{} ({})", self.scenario, self.preset),
        }
    }
}

impl Shown {
    fn of(about: &'static About) -> Shown {
        Shown { id: about.id, statement: about.statement, kind: about.kind.name() }
    }
}

/// The property that a trace is about.
fn about(trace: &Trace) -> Option<&'static About> {
    let catalogue = failproof_properties::catalogue();
    catalogue.into_iter().find(|about| Some(about.id) == trace.property.as_deref())
}
