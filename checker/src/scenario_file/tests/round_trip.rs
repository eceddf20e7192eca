//! Every valid scenario can be written, and read again.

use std::fmt::Debug;

use failproof_model::design::{
    PRESETS, Preset, RecoveryDesign, RegionKnobs, Strategy as Recovery, preset,
};
use failproof_model::job_graph::{JobEdge, JobGraph, JobVertex, Partitioner, SinkCommit, Storage};
use failproof_model::job_graph::{Operator, ResultPartitionType, SplitAssignment};
use failproof_model::scenario::{Cluster, FaultBudget, FaultKind, Grain, Mechanism, Scenario};
use insta::assert_snapshot;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde::de::DeserializeOwned;

use super::{BASE, KNOWN, read};
use crate::scenario_file::names::{named, names_of};
use crate::scenario_file::{
    Capacity, Expectation, ExpectedVerdict, ScenarioFileError, Surroundings, Tier, parse, to_toml,
};

/// Nothing that is generated here is too large.
const ROOMY: Surroundings<'static> = Surroundings {
    capacity: Capacity { execution_vertices: 100, partitions: 1000, rows: 250, task_managers: 4 },
    ..KNOWN
};

/// Any setting of an enum that files name.
fn setting<T: DeserializeOwned + Clone + Debug + 'static>() -> impl Strategy<Value = T> {
    select(names_of::<T>().iter().filter_map(|name| named(name)).collect::<Vec<T>>())
}

/// A setting that a file may leave out.
fn optional<T: DeserializeOwned + Clone + Debug + 'static>() -> impl Strategy<Value = Option<T>> {
    prop::option::of(setting())
}

prop_compose! {
    /// Source and sink in one, until it is known what surrounds it.
    fn vertices()(vertices in prop::collection::vec(
        ("\\PC{0,6}", (1..4_usize, any::<bool>()), setting(), optional(), (1..4_usize, setting()), setting()), 1..5,
    )) -> Vec<JobVertex> {
        vertices.into_iter().enumerate().map(
            |(index, (name, (parallelism, adaptive), operator, declared, (rows_per_subtask, splits), commit))| JobVertex {
                name: format!("{name}{index}"),
                parallelism,
                adaptive,
                operator,
                declared,
                rows_per_subtask,
                splits,
                sink: Some(commit),
            }
        ).collect()
    }
}

/// What is drawn of an edge: its ends, its partitioner, its type and its storage.
type DrawnEdge = (Index, Index, Partitioner, ResultPartitionType, Index);

fn drawn_edges() -> impl Strategy<Value = DrawnEdge> {
    (any::<Index>(), any::<Index>(), setting(), setting(), any::<Index>())
}

fn edge((from, to, partitioner, result_type, storage): DrawnEdge, job: &JobGraph) -> JobEdge {
    let to = 1 + to.index(job.vertices.len() - 1);
    let from = from.index(to);
    let equal = job.vertices[from].parallelism == job.vertices[to].parallelism;
    let fits = equal || partitioner != Partitioner::Forward;
    let partitioner = if fits { partitioner } else { Partitioner::Rescale };
    let storage: Storage = *storage.get(result_type.storages());
    JobEdge { from, to, partitioner, result_type, storage }
}

/// The first two vertices of equal parallelism, co-located.
fn co_location(vertices: &[JobVertex]) -> Vec<Vec<usize>> {
    let equal = |one: usize, other: usize| vertices[one].parallelism == vertices[other].parallelism;
    let pairs = (0..vertices.len()).flat_map(|one| (0..one).map(move |other| vec![one, other]));
    pairs.filter(|pair| equal(pair[0], pair[1])).take(1).collect()
}

prop_compose! {
    fn jobs()(
        vertices in vertices(),
        edges in prop::collection::vec(drawn_edges(), 0..6),
        co_located in any::<bool>(),
    ) -> JobGraph {
        let mut job = JobGraph { vertices, edges: Vec::new(), co_location: Vec::new() };
        if job.vertices.len() > 1 {
            job.edges = edges.into_iter().map(|drawn| edge(drawn, &job)).collect();
        }
        for index in 0..job.vertices.len() {
            if job.inputs(index).next().is_some() {
                job.vertices[index].rows_per_subtask = 0;
                job.vertices[index].splits = SplitAssignment::Fixed;
            }
            if job.outputs(index).next().is_some() {
                job.vertices[index].sink = None;
            }
        }
        // Not every job can be adaptive; one that cannot is not.
        if job.validate().is_err() {
            job.vertices.iter_mut().for_each(|vertex| vertex.adaptive = false);
        }
        if co_located {
            job.co_location = co_location(&job.vertices);
        }
        job
    }
}

fn strategies() -> impl Strategy<Value = Recovery> {
    let switches = (any::<bool>(), any::<bool>(), any::<bool>());
    prop_oneof![
        Just(Recovery::RestartAll),
        Just(Recovery::RestartIndividual),
        Just(Recovery::RestartAffected),
        (setting(), switches, setting()).prop_map(
            |(consumers, (backtrack, skip_created, merge_cycles), availability)| {
                Recovery::RestartPipelinedRegion(RegionKnobs {
                    consumers,
                    backtrack,
                    skip_created,
                    merge_cycles,
                    availability,
                })
            }
        ),
    ]
}

prop_compose! {
    fn designs()(
        strategy in strategies(),
        restart_attempts in prop::option::of(any::<u8>()),
        task_manager_loss in setting(),
        release_during_job in any::<bool>(),
        restart_backoff in setting(),
        (slot_allocation, slot_sharing) in (setting(), setting()),
        consumable_inputs in setting(),
        registration in setting(),
        (master_failover, snapshots) in (setting(), setting()),
        (resets_in_recovery, recovered_tasks) in (setting(), setting()),
        (publication, commit_marker, job_result) in (setting(), setting(), setting()),
        remote_losses in setting(),
        (fence_publication, fence_result) in (any::<bool>(), any::<bool>()),
    ) -> RecoveryDesign {
        RecoveryDesign {
            strategy,
            restart_attempts,
            task_manager_loss,
            release_during_job,
            restart_backoff,
            slot_allocation,
            slot_sharing,
            consumable_inputs,
            registration,
            master_failover,
            snapshots,
            resets_in_recovery,
            recovered_tasks,
            publication,
            commit_marker,
            job_result,
            remote_losses,
            fence_publication,
            fence_result,
        }
    }
}

prop_compose! {
    fn budgets(grain: Grain)(
        total in any::<u8>(),
        shares in any::<[u8; FaultKind::ALL.len()]>(),
    ) -> FaultBudget {
        let mut limits = shares.map(|share| share.min(total));
        if !grain.is_fine(Mechanism::Deployment) || grain.is_fine(Mechanism::Slots) {
            limits[FaultKind::SlotTimesOut as usize] = 0;
        }
        if !grain.is_fine(Mechanism::SlotMessages) {
            limits[FaultKind::AskTimesOut as usize] = 0;
        }
        let none = limits.iter().all(|&limit| limit == 0);
        FaultBudget { total: if none { 0 } else { total }, limits }
    }
}

prop_compose! {
    fn grains()(fine in any::<[bool; Mechanism::ALL.len()]>()) -> Grain {
        let of = |(mechanism, fine): (Mechanism, bool)| fine.then_some(mechanism);
        Mechanism::ALL.into_iter().zip(fine).filter_map(of).collect()
    }
}

prop_compose! {
    fn scenarios()(
        (name, story) in ("[a-z0-9][a-z0-9.-]{0,20}", "\\PC{0,20}[a-z]\\PC{0,20}"),
        job in jobs(),
        mut design in designs(),
        (mut faults, grain) in grains().prop_flat_map(|grain| (budgets(grain), Just(grain))),
        (task_managers, returns, places) in
            (1..5_usize, any::<bool>(), prop::collection::vec(any::<Index>(), 12)),
        slots in prop::collection::vec(1..=16_u8, 4),
        (outcome_by_subtask, lineage) in any::<(bool, bool)>(),
        (keys, defect) in (1..=u8::MAX, optional()),
        prefix in prop::collection::vec(any::<String>(), 0..3),
    ) -> Scenario {
        if design.strategy == Recovery::RestartIndividual && !job.edges.is_empty() {
            design.strategy = Recovery::RestartAll;
        }
        let places = places[..job.execution_vertices()].iter();
        let placement = places.map(|place| place.index(task_managers)).collect();
        let counted = grain.is_fine(Mechanism::Slots);
        let slots = if counted { slots[..task_managers].to_vec() } else { Vec::new() };
        let cluster = Cluster { task_managers, returns, placement, slots };
        let remote = |edge: &JobEdge| {
            edge.storage == Storage::Reliable && edge.compiled_type().is_released_by_scheduler()
        };
        let fails = &mut faults.limits[FaultKind::RemoteStorageFails as usize];
        *fails *= u8::from(job.edges.iter().any(remote));
        if faults.limits.iter().all(|&limit| limit == 0) {
            faults.total = 0;
        }
        Scenario {
            name, story, job, cluster, design, faults, grain, outcome_by_subtask, lineage, keys, defect,
            prefix,
        }
    }
}

prop_compose! {
    fn expectations()(
        counts in prop::array::uniform3(prop::option::of(0..=i64::MAX as usize)),
        verdicts in prop::array::uniform2(optional::<ExpectedVerdict>()),
    ) -> Expectation {
        let [states, generated, depth] = counts;
        let ids = KNOWN.property_ids.iter().map(|&id| id.to_owned()).zip(verdicts);
        let verdicts = ids.filter_map(|(id, verdict)| Some((id, verdict?))).collect();
        Expectation { states, generated, depth, verdicts }
    }
}

fn presets() -> impl Strategy<Value = &'static Preset> {
    select(PRESETS.iter().collect::<Vec<_>>())
}

proptest! {
    #[test]
    fn what_was_written_is_read(
        scenario in scenarios(),
        preset in presets(),
        tier in setting::<Tier>(),
        expectation in expectations(),
    ) {
        prop_assert_eq!(scenario.job.validate(), Ok(()));
        let text = to_toml(&scenario, preset, tier, &expectation);
        let file = parse("round-trip.toml", &text, &ROOMY).map_err(|mistaken| {
            TestCaseError::fail(ScenarioFileError::from(mistaken).render(false))
        })?;
        prop_assert_eq!(&file.scenario, &scenario, "{}", text);
        prop_assert_eq!(file.preset, preset.name);
        prop_assert_eq!(file.tier, tier);
        prop_assert_eq!(file.expectation, expectation);
    }
}

#[test]
fn no_preset_limits_the_restarts() {
    // A file has no way to lift such a limit: leaving out `restart-attempts` means the preset's.
    assert!(PRESETS.iter().all(|preset| preset.design.restart_attempts.is_none()));
}

#[test]
fn a_scenario_as_it_is_written() {
    let file = read(BASE);
    let mut scenario = file.scenario;
    scenario.cluster.returns = false;
    scenario.keys = 2;
    scenario.job.vertices[0].splits = SplitAssignment::Dynamic;
    scenario.job.vertices[1].operator = Operator::FirstSeen;
    scenario.job.vertices[2].sink = Some(SinkCommit::AtOnce);
    let written = to_toml(&scenario, preset("flink-1.9").unwrap(), Tier::Full, &file.expectation);
    assert_snapshot!(written, @r#"
    name = "base"
    story = "What the tests break."
    tier = "full"
    # Flink 1.9 to 1.11 (FLINK-12369, FLINK-14439)
    preset = "flink-1.9"
    co-location = [["A", "B"]]

    # What differs from the preset.
    [design]
    skip-created = true
    merge-cycles = true
    availability = "tracked-and-reconsumable"
    restart-attempts = 3
    slot-allocation = "region-bulk"
    registration = "by-session"

    # The job, producers before consumers.
    [[vertex]]
    name = "A"
    parallelism = 2
    rows = 1
    splits = "dynamic"
    operator = "per-row"

    [[vertex]]
    name = "B"
    parallelism = 2
    operator = "first-seen"

    [[vertex]]
    name = "C"
    parallelism = 3
    operator = "per-row"
    commit = "at-once"

    [[edge]]
    from = "A"
    to = "B"
    partitioner = "FORWARD"
    type = "hybrid_full"
    storage = "reliable"

    [[edge]]
    from = "B"
    to = "C"
    partitioner = "REBALANCE"
    type = "blocking"

    [cluster]
    task-managers = 2
    # A TaskManager that is lost stays lost.
    returns = false

    # The TaskManager of every subtask.
    [cluster.placement]
    C = [0, 1, 1]

    # At most so many in one run: in all, and of each kind.
    [faults]
    total = 1
    task-manager-dies = 1

    # These take steps of their own; everything else happens at once.
    [grain]
    fine = ["deployment"]

    [expect]
    states = 1234

    # The properties that this scenario is about.
    [expect.verdicts]
    outcome-is-transparent = "violated"
    "#);
}

#[test]
fn what_is_as_usual_is_not_written() {
    let text = r#"
name = "short"
story = "As little as a file can say."
preset = "flink-1.3"
vertex = [{ name = "A", parallelism = 3, rows = 2 }]
cluster = { task-managers = 2 }
"#;
    let file = read(text);
    let preset = preset(&file.preset).unwrap();
    assert_snapshot!(to_toml(&file.scenario, preset, file.tier, &file.expectation), @r#"
    name = "short"
    story = "As little as a file can say."
    # Flink 1.3 to 1.8 (FLINK-5867): the failed region alone
    preset = "flink-1.3"

    # The job, producers before consumers.
    [[vertex]]
    name = "A"
    parallelism = 3
    rows = 2
    operator = "per-row"

    [cluster]
    task-managers = 2
    "#);
}
