//! Every recorded plan of Flink 1.20.5 and 2.3.0, imported.

use std::fmt::Write;
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use failproof_checker::plan::{
    ImportedPlan, JobType, Options, PlanKind, import, pieces, to_scenario,
};
use failproof_model::design::preset;
use failproof_model::job_graph::{JobGraph, Partitioner, ResultPartitionType};

const VERSIONS: [&str; 2] = ["1.20.5", "2.3.0"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/flink-plans")
}

fn options() -> Options {
    Options::new(preset("flink-2").unwrap())
}

fn imported(file: &str) -> ImportedPlan {
    imported_with(file, &options())
}

fn imported_with(file: &str, options: &Options) -> ImportedPlan {
    let text = fs::read_to_string(folder().join(file)).unwrap();
    import(file, &text, options).unwrap_or_else(|error| panic!("{error}"))
}

fn at_most(parallelism: usize) -> Options {
    Options { parallelism: NonZeroUsize::new(parallelism), ..options() }
}

/// A job, for people.
fn drawn(job: &JobGraph) -> String {
    let mut text = String::new();
    for vertex in &job.vertices {
        write!(text, "{} x{} {:?}", vertex.name, vertex.parallelism, vertex.operator).unwrap();
        if vertex.rows_per_subtask > 0 {
            write!(text, ", {} rows a subtask", vertex.rows_per_subtask).unwrap();
        }
        if let Some(commit) = vertex.sink {
            write!(text, ", commits {commit:?}").unwrap();
        }
        text.push('\n');
    }
    for edge in &job.edges {
        let name = |vertex: usize| &job.vertices[vertex].name;
        let (from, to) = (name(edge.from), name(edge.to));
        let (partitioner, result_type) = (edge.partitioner, edge.result_type);
        writeln!(text, "{from} -> {to}: {partitioner:?} {result_type:?} {:?}", edge.storage)
            .unwrap();
    }
    text
}

fn told(plan: &ImportedPlan) -> String {
    let mut text = format!("{} ({:?}, {:?})\n\n", plan.name, plan.kind, plan.job_type);
    text.push_str(&drawn(&plan.job));
    text.push('\n');
    for assumption in &plan.assumptions {
        writeln!(text, "{:?}: {}", assumption.topic, assumption.sentence).unwrap();
    }
    text
}

#[test]
fn every_recorded_plan_is_imported_as_what_its_file_is_called() {
    let mut files: Vec<_> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    assert_eq!(files.len(), 23);
    for file in files {
        let plan = imported(&file);
        plan.job.validate().unwrap();
        let kind = match file.trim_end_matches(".json").rsplit('.').next().unwrap() {
            "rest-jarplan" => PlanKind::JarPlan,
            "rest-jobplan" => PlanKind::JobPlan,
            "rest-streamgraph" => PlanKind::StreamGraph,
            "getExecutionPlan" => PlanKind::ExecutionPlan,
            other => panic!("{other}"),
        };
        assert_eq!(plan.kind, kind, "{file}");
        let job_type = match kind {
            PlanKind::StreamGraph | PlanKind::ExecutionPlan => JobType::Unknown,
            _ if file.contains("-stream.") => JobType::Streaming,
            _ => JobType::Batch,
        };
        assert_eq!(plan.job_type, job_type, "{file}");
        let vertices = if file.starts_with("exchanges") { 8 } else { 2 };
        assert_eq!(plan.job.vertices.len(), vertices, "{file}");
        assert_eq!(plan.job.edges.len(), vertices - 1, "{file}");
        let scenario = to_scenario(&plan, &options());
        let cluster = &scenario.cluster;
        assert_eq!(cluster.placement.len(), plan.job.execution_vertices(), "{file}");
        assert!(cluster.placement.iter().all(|&it| it < cluster.task_managers), "{file}");
    }
}

#[test]
fn all_formats_and_versions_tell_the_same_batch_job() {
    for (name, kinds) in [
        ("exchanges-batch", &["rest-jarplan", "rest-jobplan", "getExecutionPlan"][..]),
        ("wordcount-batch", &["rest-jarplan", "getExecutionPlan"]),
    ] {
        let job = imported(&format!("{name}.2.3.0.rest-jarplan.json")).job;
        for version in VERSIONS {
            for kind in kinds {
                let file = format!("{name}.{version}.{kind}.json");
                assert_eq!(drawn(&imported(&file).job), drawn(&job), "{file}");
                assert_eq!(imported(&file).job, job, "{file}");
            }
        }
    }
    let job = imported("exchanges-batch.2.3.0.rest-jarplan.json").job;
    assert_eq!(imported("exchanges-batch.2.3.0.rest-streamgraph.json").job, job);
}

#[test]
fn a_streaming_job_is_the_same_in_both_formats_and_versions() {
    let job = imported("wordcount-stream.2.3.0.rest-jarplan.json").job;
    for version in VERSIONS {
        for kind in ["rest-jarplan", "rest-jobplan"] {
            assert_eq!(imported(&format!("wordcount-stream.{version}.{kind}.json")).job, job);
        }
    }
    assert!(job.edges.iter().all(|it| it.result_type == ResultPartitionType::PipelinedBounded));
}

#[test]
fn the_shuffle_mode_makes_the_type_of_every_exchange() {
    use ResultPartitionType as T;
    for (mode, expected) in [
        ("batch", T::Blocking),
        ("batch-hybridfull", T::HybridFull),
        ("batch-pipelined", T::PipelinedBounded),
        ("stream", T::PipelinedBounded),
    ] {
        for version in VERSIONS {
            let job = imported(&format!("exchanges-{mode}.{version}.rest-jarplan.json")).job;
            assert!(job.edges.iter().all(|edge| edge.result_type == expected), "{mode}");
            let partitioners: Vec<_> = job.edges.iter().map(|edge| edge.partitioner).collect();
            use Partitioner as P;
            let all =
                [P::Rebalance, P::Shuffle, P::Rescale, P::Broadcast, P::Global, P::Custom, P::Hash];
            assert_eq!(partitioners, all);
        }
    }
}

#[test]
fn word_count_of_a_job_plan() {
    insta::assert_snapshot!(told(&imported("wordcount-batch.2.3.0.rest-jarplan.json")));
}

#[test]
fn word_count_of_an_execution_plan() {
    insta::assert_snapshot!(told(&imported("wordcount-batch.2.3.0.getExecutionPlan.json")));
}

#[test]
fn sql_with_two_rows_a_subtask() {
    let options = Options { rows: NonZeroUsize::new(2).unwrap(), ..options() };
    insta::assert_snapshot!(told(&imported_with("sql-q1-batch.2.3.0.rest-jarplan.json", &options)));
}

#[test]
fn all_exchanges_of_a_stream_graph() {
    insta::assert_snapshot!(told(&imported("exchanges-batch.2.3.0.rest-streamgraph.json")));
}

#[test]
fn all_exchanges_with_two_subtasks() {
    let plan = imported_with("exchanges-batch.2.3.0.rest-jarplan.json", &at_most(2));
    insta::assert_snapshot!(told(&plan));
}

#[test]
fn the_scenario_of_word_count() {
    let plan = imported("wordcount-batch.1.20.5.rest-jarplan.json");
    insta::assert_debug_snapshot!(to_scenario(&plan, &options()));
}

#[test]
fn pieces_of_all_exchanges() {
    let job = imported("exchanges-batch.2.3.0.rest-jarplan.json").job;
    let mut text = String::new();
    for piece in pieces(&job) {
        piece.job.validate().unwrap();
        writeln!(text, "{}\n{}", piece.name, drawn(&piece.job)).unwrap();
        writeln!(text, "{}\n{}\n{}\n", piece.cut, piece.says, piece.does_not_say).unwrap();
    }
    insta::assert_snapshot!(text);
}

#[test]
fn pieces_of_pipelined_exchanges_say_that_regions_are_larger() {
    let job = imported("exchanges-batch-pipelined.2.3.0.rest-jarplan.json").job;
    let piece = &pieces(&job)[0];
    assert!(piece.does_not_say.contains("regions: `shuffle` -RESCALE-> `rescale`."));
}
