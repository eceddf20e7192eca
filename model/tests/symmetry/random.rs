//! Random scenarios: their images take the same steps along random runs.

use failproof_model::design::PRESETS;
use failproof_model::job_graph::{
    JobEdge, JobVertex, Operator, Partitioner as P, ResultPartitionType, SinkCommit,
};
use failproof_model::scenario::{Defect, FaultKind, Mechanism as M};
use proptest::prelude::*;

use crate::check::{images_take_the_same_steps, orbit_has_one_representative};
use crate::setup::{Setup, TROUBLES, edge, job, sink, source, stored_in, task};

const OPERATORS: [Operator; 7] = [
    Operator::PerRow,
    Operator::PerKey,
    Operator::Limit,
    Operator::RowNumber,
    Operator::FirstSeen,
    Operator::Sample,
    Operator::Nondeterministic,
];

const PARTITIONERS: [P; 11] = [
    P::Hash,
    P::Rebalance,
    P::Forward,
    P::Broadcast,
    P::Shuffle,
    P::Rescale,
    P::Global,
    P::Custom,
    P::CustomRandom,
    P::CustomMisdeclared,
    P::Range,
];

const COMMITS: [SinkCommit; 3] = [SinkCommit::AtJobEnd, SinkCommit::PerTask, SinkCommit::AtOnce];

/// Choices that bytes stand for. When they run out it is always the first choice.
struct Choices<'a>(std::slice::Iter<'a, u8>);

impl Choices<'_> {
    fn below(&mut self, limit: usize) -> usize {
        self.0.next().map_or(0, |&byte| byte as usize % limit)
    }

    fn one_of<T: Copy>(&mut self, options: &[T]) -> T {
        options[self.below(options.len())]
    }

    /// Two times out of three rows by themselves.
    fn operator(&mut self) -> Operator {
        match self.below(3) {
            0 => self.one_of(&OPERATORS),
            _ => Operator::PerRow,
        }
    }

    /// Two or three vertices of up to three subtasks, mostly two, and what surrounds them.
    fn scenario(&mut self) -> Setup {
        let vertices = self.vertices();
        let mut edges: Vec<(usize, usize)> = (1..vertices.len()).map(|to| (to - 1, to)).collect();
        if vertices.len() == 3 && self.below(3) == 0 {
            edges.push((0, 2));
        }
        let edges = edges.into_iter().map(|(from, to)| self.edge(&vertices, from, to)).collect();
        let setup = self.design(job(vertices, edges));
        let setup = self.faults(setup);
        self.cluster(setup)
    }

    fn vertices(&mut self) -> Vec<JobVertex> {
        let last = 1 + self.below(2);
        let vertex = |v: usize, choices: &mut Self| {
            let parallelism = choices.one_of(&[2, 2, 3, 1]);
            let mut vertex = match v {
                0 => source("A", parallelism, 1 + choices.below(2)),
                _ if v == last => sink("C", parallelism, choices.one_of(&COMMITS)),
                _ => task("B", parallelism, Operator::PerRow),
            };
            if vertex.sink != Some(SinkCommit::AtOnce) {
                vertex.operator = choices.operator();
            }
            vertex
        };
        (0..=last).map(|v| vertex(v, self)).collect()
    }

    fn edge(&mut self, vertices: &[JobVertex], from: usize, to: usize) -> JobEdge {
        let unequal = vertices[from].parallelism != vertices[to].parallelism;
        let partitioner = match self.one_of(&PARTITIONERS) {
            P::Forward if unequal => P::Rescale,
            other => other,
        };
        let result_type = match self.below(2) {
            0 => ResultPartitionType::Blocking,
            _ => self.one_of(&ResultPartitionType::ALL),
        };
        let edge = edge(from, to, partitioner, result_type);
        stored_in(self.one_of(result_type.storages()), &edge)
    }

    fn design(&mut self, setup: Setup) -> Setup {
        let setup = match self.one_of(PRESETS).name {
            "restart-individual" => setup,
            name => setup.preset(name),
        };
        let setup = setup.keys(1 + self.below(4) as u8);
        let restarts = (self.below(3) == 0).then(|| self.below(3) as u8);
        let setup = setup.design(|design| design.restart_attempts = restarts);
        let (reads, fine) = (self.below(3) > 0, self.below(16));
        let others = [M::Deployment, M::Reports, M::Cancellation, M::Detection];
        let others = others.into_iter().enumerate().filter(|(bit, _)| fine >> bit & 1 == 1);
        let mechanisms = others.map(|(_, it)| it).chain(reads.then_some(M::Reads));
        let setup = setup.fine(&mechanisms.collect::<Vec<_>>());
        match self.below(4) {
            0 => setup.defect(self.one_of(&Defect::ALL)),
            _ => setup,
        }
    }

    fn faults(&mut self, setup: Setup) -> Setup {
        let total = 1 + self.below(3);
        let mut setup = setup.faults(total as u8, &TROUBLES);
        let deaths = self.below(total + 1) as u8;
        setup.0.faults.limits[FaultKind::TaskManagerDies as usize] = deaths;
        setup
    }

    /// One time out of three another cluster than a TaskManager a subtask.
    fn cluster(&mut self, setup: Setup) -> Setup {
        if self.below(3) > 0 {
            return setup;
        }
        let (vertices, count) = (setup.0.job.execution_vertices(), 1 + self.below(4));
        let placement: Vec<usize> = (0..vertices).map(|_| self.below(count)).collect();
        setup.placement(count, &placement)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn images_take_the_same_steps_along_random_runs(
        bytes in proptest::collection::vec(any::<u8>(), 60),
        choices in proptest::collection::vec(any::<u16>(), 0..80),
    ) {
        let setup = Choices(bytes.iter()).scenario();
        if let Ok(model) = setup.try_model::<8>() {
            // A group of one has nothing to check, and a large one takes long: all images of all images are made.
            if !(2..=40).contains(&model.symmetry().order()) {
                return Ok(());
            }
            let mut state = model.init();
            for choice in choices {
                images_take_the_same_steps(&model, &state);
                orbit_has_one_representative(&model, &state);
                let enabled = model.enabled(&state);
                if enabled.is_empty() {
                    break;
                }
                state = model.apply(&state, enabled[usize::from(choice) % enabled.len()]);
            }
        }
    }
}
