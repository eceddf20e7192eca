//! Runs that are committed as traces and are no violation: each shows what it is named for.

use std::fs;
use std::path::PathBuf;

use failproof_checker::run::encode;
use failproof_checker::scenario_file::{Surroundings, parse};
use failproof_model::action::Action;
use failproof_model::execution_state::ExecutionState::{
    Canceled, Canceling, Created, Failed, Finished, Running,
};
use failproof_model::failover::Failover;
use failproof_model::scenario::Scenario;
use failproof_model::state::{State, Truth};
use failproof_traces::{Kind, Replayed, Trace, replay};

/// A committed trace, taken again.
struct Pinned {
    model: Failover<4>,
    run: Replayed<State<4>, Action>,
    steps: Vec<String>,
}

impl Pinned {
    fn read(name: &str) -> Pinned {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../traces/corpus");
        let trace = Trace::read(&fs::read_to_string(folder.join(name)).unwrap()).unwrap();
        assert_eq!((trace.kind, &trace.property), (Kind::Witness, &None));
        let file = parse(name, &trace.scenario, &Surroundings::real()).unwrap();
        assert!(file.scenario.prefix.is_empty(), "the prefix is in the steps");
        let model = Failover::new(file.scenario).unwrap();
        let run = replay(&model, &trace, encode).unwrap();
        let steps = trace.steps.into_iter().map(|step| step.action).collect();
        Pinned { model, run, steps }
    }

    /// The states before and after a step, which is taken once.
    fn around(&self, step: &str) -> [&State<4>; 2] {
        assert_eq!(self.steps.iter().filter(|it| *it == step).count(), 1, "{step}");
        let at = self.steps.iter().position(|it| it == step).unwrap();
        [&self.run.states[at], &self.run.states[at + 1]]
    }

    /// The vertex of that name, such as `A[0]`.
    fn vertex(&self, name: &str) -> usize {
        (0..self.model.size()).find(|&v| self.model.vertex_name(v) == name).unwrap()
    }

    /// The mask of the partition of that name, such as `A[0]>B`.
    fn partition(&self, name: &str) -> u32 {
        let mut partitions = 0..self.model.topology.partitions.len();
        1 << partitions.find(|&p| self.model.partition_name(p) == name).unwrap()
    }

    fn mask(&self, names: &[&str]) -> u16 {
        names.iter().fold(0, |mask, name| mask | 1 << self.vertex(name))
    }
}

/// The vertices that are to be restarted.
fn waiting(state: &State<4>) -> u16 {
    state.restarts.iter().fold(0, |mask, restart| mask | restart.vertices)
}

/// Section 4.5: one loss, and not another fault, spends two restarts of the budget.
#[test]
fn the_loss_of_one_task_manager_spends_two_restarts() {
    let pinned = Pinned::read("two-round-loss-costs-two-restarts.prefix.json");
    let faults = pinned.run.actions.iter().filter(|action| action.fault().is_some());
    assert_eq!(faults.count(), 1);
    let input = pinned.partition("A[0]>B");

    let [before, after] = pinned.around("LoseTaskManager TM0");
    assert_eq!((before.failures, after.failures), (0, 1));
    assert_eq!(before.tasks[pinned.vertex("A[0]")].book, Finished);
    assert_eq!(before.tasks[pinned.vertex("B[0]")].book, Running);
    assert_eq!(waiting(after), pinned.mask(&["B[0]"]), "A's partition was still tracked");
    assert_eq!((before.tracked & input, after.tracked & input), (input, 0));

    let [before, after] = pinned.around("MissPartition B[0] A[0]>B");
    assert_eq!((before.failures, after.failures), (1, 2));
    assert_eq!(waiting(after), pinned.mask(&["A[0]", "B[0]"]));

    let last = pinned.run.states.last().unwrap();
    assert_eq!(pinned.model.scenario.design.restart_attempts, Some(last.failures));
    assert_eq!(last.tasks[pinned.vertex("A[0]")].book, Running, "the job has survived");
}

/// Section 3.2, FLINK-13371: FINISHED that meets CANCELING counts as cancelled, and drops the partitions.
#[test]
fn a_finish_report_that_crosses_a_cancellation_counts_as_cancelled() {
    let pinned = Pinned::read("finish-crosses-cancel.prefix.json");
    let (a, output) = (pinned.vertex("A[0]"), pinned.partition("A[0]>B"));
    let [before, after] = pinned.around("DeliverReport A[0]");
    assert_eq!((before.tasks[a].truth, before.tasks[a].book), (Truth::Finished, Canceling));
    assert_eq!((before.tracked & output, before.stored & output), (output, output));
    assert_eq!((after.tasks[a].truth, after.tasks[a].book), (Truth::None, Canceled));
    assert_eq!((after.tracked & output, after.stored & output), (0, 0));
}

/// Section 4.4: a consumed input was released, so the loss of what was made of it restarts the chain above.
#[test]
fn a_restarted_consumer_finds_its_released_input_untracked() {
    let pinned = Pinned::read("lineage-after-release.prefix.json");
    let (a, b, c) = (pinned.vertex("A[0]"), pinned.vertex("B[0]"), pinned.vertex("C[0]"));
    let input = pinned.partition("A[0]>B");
    let [before, after] = pinned.around("FinishTask B[0]");
    assert_eq!((before.tracked & input, after.tracked & input), (input, 0), "released");

    let [before, after] = pinned.around("MissPartition C[0] B[0]>C");
    assert_eq!((before.tasks[a].book, before.tasks[b].book), (Finished, Finished));
    assert_eq!((before.tracked & input, after.tasks[c].book), (0, Failed));
    assert_eq!(waiting(after), pinned.mask(&["A[0]", "B[0]", "C[0]"]));
    let last = pinned.run.states.last().unwrap();
    assert_eq!([a, b, c].map(|v| last.tasks[v].book), [Running, Created, Created]);

    // It is the release: where nothing is released, the same steps leave A alone.
    let mut kept: Scenario = pinned.model.scenario.clone();
    kept.design.release_during_job = false;
    let kept = Failover::<4>::new(kept).unwrap();
    let (_, state) = kept.follow(kept.init(), &pinned.steps[..5]).unwrap();
    assert_eq!(waiting(&state), pinned.mask(&["B[0]", "C[0]"]));
}
