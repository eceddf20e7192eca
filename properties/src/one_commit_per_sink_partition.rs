//! A sink partition is committed by one attempt.

use failproof_model::action::Action;
use failproof_model::design::Publication;
use failproof_model::job_graph::SinkCommit;

use crate::{About, Facts, Judgement, Kind, Property, Step, Steps};

/// See [`ABOUT`].
pub(crate) struct OneCommitPerSinkPartition;

const ABOUT: About = About {
    id: "one-commit-per-sink-partition",
    statement: "At most one attempt of a sink subtask ever commits its partition, even if the rows are equal.",
    source: "SPARK-24552: one commit a sink partition; stronger than transparency",
    trigger: "a sink subtask commits",
    breaks: "a sink that commits when its task finishes is restarted after that",
    kind: Kind::Safety,
};

impl<const V: usize> Property<V> for OneCommitPerSinkPartition {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn steps(&self) -> Steps {
        Steps::By(&["FinishTask", "FinishAsZombie", "FinishJob", "PublishSink", "PublishAsFormer"])
    }

    fn on_step(&self, facts: &Facts<V>, step: &Step<'_, V>) -> Judgement {
        let commits = |v: usize| match facts.model.sink(v) {
            Some(SinkCommit::AtJobEnd) => publishes(facts, step, v) || commits_now(step, v),
            Some(SinkCommit::PerTask) => commits_now(step, v),
            Some(SinkCommit::AtOnce) | None => false,
        };
        let mut committing = (0..facts.model.size()).filter(|&v| commits(v)).peekable();
        if committing.peek().is_none() {
            return Judgement::Idle;
        }
        Judgement::of(committing.all(|v| step.state.committed & 1 << v == 0))
    }
}

/// Whether the master publishes `v` in this step, at the end of the job, and is not stopped by what is there already.
fn publishes<const V: usize>(facts: &Facts<V>, step: &Step<'_, V>, v: usize) -> bool {
    let exists = step.state.committed & 1 << v != 0;
    let stopped = exists && facts.model.scenario.design.publication == Publication::CreateIfAbsent;
    let now = match step.action {
        Action::PublishSink { vertex } => usize::from(vertex) == v,
        Action::PublishAsFormer { vertex } => {
            usize::from(vertex) == v && !facts.model.scenario.design.fence_publication
        }
        Action::FinishJob => step.state.fine.masters.published & 1 << v == 0,
        _ => false,
    };
    now && !stopped
}

/// Whether the task of `v` commits by itself in this step: it finishes, and is known to have committed afterwards.
fn commits_now<const V: usize>(step: &Step<'_, V>, v: usize) -> bool {
    let finishes = match step.action {
        Action::FinishTask { vertex, .. } | Action::FinishAsZombie { vertex, .. } => {
            usize::from(vertex) == v
        }
        _ => false,
    };
    finishes && step.next.committed & 1 << v != 0
}
