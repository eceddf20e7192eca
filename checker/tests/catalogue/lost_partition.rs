//! What a lost partition is, and who needs it: `lost-partition-is-recomputed`, told step by step.

use std::collections::BTreeSet;
use std::sync::Arc;

use failproof_checker::scenario_file::{Surroundings, builtin, parse};
use failproof_model::failover::Failover;
use failproof_model::state::State;
use failproof_properties::{Facts, all};

/// Two producers and two consumers; a partition can be lost, and a task can throw.
struct Story {
    facts: Facts<4>,
    state: State<4>,
}

impl Story {
    fn begin() -> Story {
        let (name, text) = builtin().find(|(name, _)| *name == "storage-task-manager").unwrap();
        let mut scenario = parse(name, text, &Surroundings::real()).unwrap().scenario;
        scenario.faults.total = 2;
        let model = Arc::new(Failover::new(scenario).unwrap());
        let state = model.init();
        Story { facts: Facts { model, free: BTreeSet::new() }, state }
    }

    fn take(&mut self, steps: &[&str]) {
        let model = &self.facts.model;
        for step in steps {
            let enabled = model.enabled(&self.state);
            let is_it = |action: &&_| model.notation(**action).starts_with(step);
            let action = *enabled.iter().find(is_it).unwrap_or_else(|| panic!("no `{step}`"));
            self.state = model.apply(&self.state, action);
        }
    }

    /// Whether something is lost and needed; a goal is where nothing is.
    fn is_lost(&self) -> bool {
        let properties = all::<4>();
        let mut each = properties.iter().map(Box::as_ref);
        let property = each.find(|it| it.about().id == "lost-partition-is-recomputed").unwrap();
        let lost = property.is_premise(&self.facts, &self.state);
        assert_ne!(lost, property.is_goal(&self.facts, &self.state));
        lost
    }
}

#[test]
fn what_is_gone_before_it_was_read_is_lost_until_its_producer_begins_again() {
    let mut story = Story::begin();
    story.take(&["FinishTask A[0]"]);
    assert!(!story.is_lost(), "A[1] has produced nothing yet, and that is no loss");
    story.take(&["LosePartition A[0]>B"]);
    assert!(story.is_lost(), "its consumers are not even scheduled, and need it");
    story.take(&["FinishTask A[1]", "MissPartition B[0] A[0]>B"]);
    assert!(story.is_lost(), "it waits for its restart");
    story.take(&["RestartTasks A[0]"]);
    assert!(!story.is_lost(), "A[0] runs again");
}

#[test]
fn what_everybody_has_read_is_not_lost_until_somebody_needs_it_again() {
    let mut story = Story::begin();
    story.take(&["FinishTask A[0]", "FinishTask A[1]", "ReadPartition B[0] A[0]>B"]);
    story.take(&["ReadPartition B[1] A[0]>B", "LosePartition A[0]>B"]);
    assert!(!story.is_lost(), "both have read it");
    story.take(&["ReadPartition B[0] A[1]>B", "FinishTask B[0]"]);
    assert!(!story.is_lost(), "who is FINISHED has read everything");
    story.take(&["ThrowInTask B[1]"]);
    assert!(story.is_lost(), "B[1] has to read it again");
}

#[test]
fn what_one_of_two_has_read_is_needed_by_the_other() {
    let mut story = Story::begin();
    story.take(&["FinishTask A[0]", "FinishTask A[1]", "ReadPartition B[0] A[0]>B"]);
    story.take(&["LosePartition A[0]>B"]);
    assert!(story.is_lost());
}
