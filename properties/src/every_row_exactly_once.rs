//! No row is lost and none is repeated, where operators keep their rows.

use failproof_model::data::Rows;
use failproof_model::failover::Failover;
use failproof_model::state::{JobStatus, State};

use crate::{About, Facts, Judgement, Kind, Property, Step, Steps};

/// See [`ABOUT`].
pub(crate) struct EveryRowExactlyOnce;

const ABOUT: About = About {
    id: "every-row-exactly-once",
    statement: "A finished job has committed every source row exactly once along each path to a sink.",
    source: "SPARK-23207, SPARK-23243: rows lost and repeated behind a round robin",
    trigger: "a job finishes, all of whose operators keep their rows",
    breaks: "two consumers of one producer keep rows of different attempts of it",
    kind: Kind::Safety,
};

impl<const V: usize> Property<V> for EveryRowExactlyOnce {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn steps(&self) -> Steps {
        Steps::Visible
    }

    fn on_step(&self, facts: &Facts<V>, step: &Step<'_, V>) -> Judgement {
        if step.state.job == step.next.job || step.next.job != JobStatus::Finished {
            return Judgement::Idle;
        }
        let sinks = (0..facts.model.scenario.job.vertices.len())
            .filter(|&vertex| facts.model.scenario.job.vertices[vertex].sink.is_some());
        let mut judgement = Judgement::Idle;
        for sink in sinks {
            let Some(expected) = facts.model.data.row_counts(sink) else { continue };
            if counts(&facts.model, step.next, sink).as_ref() != Some(&expected) {
                return Judgement::Violated;
            }
            judgement = Judgement::Holds;
        }
        judgement
    }
}

/// How often each source row is visible at a sink; `None`: more often than can be counted.
fn counts<const V: usize>(
    model: &Failover<V>,
    state: &State<V>,
    sink: usize,
) -> Option<Vec<usize>> {
    let mut counts = vec![0; Rows::VALUES];
    for v in (0..model.size()).filter(|&v| model.job_vertex(v) == sink) {
        if state.shown[v] == Rows::OVERFLOW {
            return None;
        }
        for value in state.shown[v].iter() {
            counts[usize::from(model.data.output_value(sink, value)?.row?)] += 1;
        }
    }
    Some(counts)
}
